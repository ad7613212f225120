package main

import (
	"errors"
	"net/url"
	"regexp"
	"strings"

	"convene/list"
)

// somebody is who tries the doors.
type somebody struct {
	who     string
	address string
	member  bool // has a record on the list
	runs    bool // has a role in the config, and need not be a member
	session string
	secret  string // for mail programs
	inside  *reader
}

// belongs reports whether what is for members is for them.
func (s *somebody) belongs() bool { return s.member || s.runs }

// name is theirs in a mail program; empty: anybody's.
func (s *somebody) name() string {
	if s.secret == "" {
		return ""
	}
	return s.address
}

// people are those who try, first as they all still may, so that each has a session, a password, and a mail program that has the list open.
func (h *openHouse) people() []*somebody {
	h.t.Helper()
	all := []*somebody{
		{who: "a member", address: "member@people.test", member: true},
		{who: "a member by another address of theirs", address: "alias@elsewhere.test", member: true},
		{who: "a member without mail", address: "nomail@people.test", member: true},
		{who: "a member on a break", address: "paused@people.test", member: true},
		{who: "a member whose mail fails", address: "bouncing@people.test", member: true},
		{who: "a member whose mail fails for good", address: "disabled@people.test", member: true},
		{who: "an owner of the config", address: "owner@people.test", runs: true},
		{who: "a moderator of the config", address: "moderator@people.test", runs: true},
		{who: "a facilitator of the config", address: "facilitator@people.test", runs: true},
		{who: "an owner of the roster", address: "rosterowner@people.test", member: true},
		{who: "somebody who has left", address: "left@people.test"},
		{who: "somebody who was removed", address: "removed@people.test"},
		{who: "somebody who was banned", address: "banned@people.test"},
		{who: "an address that is a member's no more", address: "was@elsewhere.test"},
		{who: "somebody who waits to be let in", address: "pending@people.test"},
		{who: "a member of another list", address: "other@people.test"},
		{who: "a stranger", address: "stranger@strangers.test"},
	}
	var first, second []list.Member
	for _, s := range all {
		local, domain, _ := strings.Cut(s.address, "@")
		if domain != "people.test" {
			continue
		}
		if second = append(second, list.Member{Address: s.address}); !s.runs && local != "pending" && local != "other" {
			m := list.Member{Address: s.address, State: list.Active, Mode: list.ModeEach}
			switch local {
			case "member":
				m.Others = []string{"alias@elsewhere.test", "was@elsewhere.test"}
			case "nomail":
				m.Mode = list.ModeNoMail
			case "rosterowner":
				m.Role = list.RoleOwner
			}
			first = append(first, m)
		}
	}
	h.check(errors.Join(h.d.engine.AddMembers(triedList, first), h.d.engine.AddMembers(otherList, second)))
	h.check(h.d.db.Update(func(tx list.Tx) error { // the other list knows their further addresses too, as it would from them
		return others(tx, otherList, "member@people.test", "alias@elsewhere.test", "was@elsewhere.test")
	}))
	_, err := h.d.engine.SetMember(triedList, "member@people.test", []string{"trusted=yes"})
	h.check(err)
	h.posts()
	for _, s := range all {
		if s.address == "stranger@strangers.test" {
			s.inside = h.open("", "")
			continue
		}
		of := triedList
		if s.address == "pending@people.test" || s.address == "other@people.test" {
			of = otherList
		}
		s.session, s.secret = h.session(s.address), h.password(s.address, of)
		s.inside = h.open(s.address, s.secret)
	}
	return all
}

// others writes down further addresses of a member.
func others(tx list.Tx, of, address string, others ...string) error {
	rec, err := tx.List(of)
	if err != nil {
		return err
	}
	m, err := tx.Member(rec.ID, address)
	if err == nil {
		m.Others = others
		_, err = tx.PutMember(m)
	}
	return err
}

// posts has three posts on the list: a text, one with a file, and one that is for no archive.
func (h *openHouse) posts() {
	h.t.Helper()
	h.mail("member@people.test", triedList, "Depth of wells", "Message-ID: <1@people.test>\n", "Forty metres, says member@people.test.")
	h.mail("member@people.test", triedList, "Re: Depth of wells", "Message-ID: <2@people.test>\nIn-Reply-To: <1@people.test>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n",
		"--b\n\nSee there.\n--b\nContent-Type: text/plain; name=plan.pdf\nContent-Disposition: attachment; filename=plan.pdf\n\na plan of the well\n--b--")
	h.mail("member@people.test", triedList, "Kept out", "Message-ID: <3@people.test>\nX-No-Archive: yes\n", "This is for no archive.")
	h.settle("nobody")
}

// part has those go who are to have gone.
func (h *openHouse) part() {
	h.t.Helper()
	leave := regexp.MustCompile(`(?s)\nList-Unsubscribe:[^<]*<https://lists\.example\.org(/u/[a-z2-7-]+)>`)
	h.mail("member@people.test", triedList, "Re: Depth of wells", "Message-ID: <4@people.test>\nX-No-Archive: yes\n", "This is for no archive.")
	link := ""
	for _, m := range h.settle("left@people.test") {
		if g := leave.FindStringSubmatch(m); g != nil {
			link = g[1]
		}
	}
	if status, seen, _ := h.page("", link, url.Values{"List-Unsubscribe": {"One-Click"}}); link == "" || status != 200 {
		h.t.Fatalf("%q: %s", link, seen)
	}
	e := h.d.engine
	h.check(errors.Join(e.RemoveMembers(triedList, []string{"removed@people.test", "banned@people.test"}), e.Ban(triedList, "banned@people.test", "owner@people.test")))
	for _, state := range []string{"paused", "bouncing", "disabled"} {
		_, err := e.SetMember(triedList, state+"@people.test", []string{"state=" + state})
		h.check(err)
	}
	h.check(h.d.db.Update(func(tx list.Tx) error { return others(tx, triedList, "member@people.test", "alias@elsewhere.test") }))
	h.mail("pending@people.test", strings.Replace(triedList, "@", "+subscribe@", 1), "subscribe", "", "")
	h.settle("nobody")
	if _, err := e.Member(triedList, "pending@people.test"); !errors.Is(err, list.ErrNotFound) {
		h.t.Fatalf("who waits is let in: %v", err)
	}
}
