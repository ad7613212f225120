package main

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// TestWhoMayReadWhat tries every door of the house: whoever has or had something to do with a list, whatever its archive is, also where that changes under those who
// have it open, and while history comes in. What is not for somebody looks to them as what is not there.
func TestWhoMayReadWhat(t *testing.T) {
	h := newOpenHouse(t)
	people := h.people()
	for _, s := range people {
		if said := s.inside.do("SELECT Lists/" + triedList); !strings.Contains(said, "* 2 EXISTS") {
			t.Errorf("%s selects: %s", s.who, said)
		}
	}
	h.part()
	for _, archive := range []list.Archive{list.ArchivePublic, list.ArchiveMembers, list.ArchiveNone, list.ArchivePublic} {
		h.become(archive)
		t.Run(string(archive), func(t *testing.T) { h.tried(t, people, archive, false) })
		begun, end, ended := make(chan struct{}), make(chan struct{}), make(chan error)
		go func() {
			_, err := h.d.engine.ImportHistory(context.Background(), triedList, func() (list.HistoryFile, error) { close(begun); <-end; return list.HistoryFile{}, io.EOF })
			ended <- err
		}()
		<-begun
		t.Run(string(archive)+" while history is imported", func(t *testing.T) { h.tried(t, people, archive, true) })
		close(end)
		h.check(<-ended)
	}
}

// tried tries all doors.
func (h *openHouse) tried(t *testing.T, people []*somebody, archive list.Archive, importing bool) {
	h.t = t
	for _, s := range people {
		may := map[kind]bool{forAll: true, forThemselves: s.member, forWorld: !importing && archive == list.ArchivePublic, forPosts: !importing && (archive == list.ArchivePublic || archive == list.ArchiveMembers && s.belongs()),
			forEvents: !importing && (archive == list.ArchivePublic || s.belongs())}
		h.triesPages(s, may)
		h.triesReader(s, may)
		s.inside.t = t
		h.triesInside(s, may)
	}
	for _, s := range people {
		h.triesMail(s, archive, importing)
	}
}

// noPage are things that no page, and no mail program, ever shows of this list.
var noPage = regexp.MustCompile(`Kept out|This is for no archive`)

// encoded finds octets as paths and queries have them.
var encoded = regexp.MustCompile(`%[0-9a-fA-F]{2}`)

// echoless is an answer without the path that was asked for, which stands in it to be come back to.
func echoless(seen, path string) string {
	decode := func(s string) string {
		for range 2 {
			s = encoded.ReplaceAllStringFunc(s, func(octet string) string { plain, _ := url.PathUnescape(octet); return plain })
		}
		return html.UnescapeString(s)
	}
	return strings.ReplaceAll(decode(seen), decode(path), "PATH")
}

// triesPages opens all pages.
func (h *openHouse) triesPages(s *somebody, may map[kind]bool) {
	index := regexp.MustCompile(`/files/2/([0-9]+)`)
	at := "2"
	if may[forPosts] {
		_, seen, _ := h.page(s.session, "/"+triedList+"/files/", nil)
		if g := index.FindStringSubmatch(seen); g != nil {
			at = g[1]
		}
	}
	sessions := []string{s.session}
	if s.session == "" {
		sessions = append(sessions, "abcdefghijklmnopqrstuvwxyz")
	}
	for _, session := range sessions {
		for _, r := range pageRows {
			if r.kind == forHolders {
				continue
			}
			path := strings.Replace(r.path, "INDEX", at, 1)
			status, seen, _ := h.page(session, path, nil)
			missing, same := status, seen
			if r.missing != "" {
				other := strings.Replace(r.missing, "INDEX", at, 1)
				if missing, same, _ = h.page(session, other, nil); missing != 404 {
					h.t.Errorf("%s: %s: %d", s.who, other, missing)
				}
				seen, same = echoless(seen, path), echoless(same, other)
			}
			switch {
			case r.kind == forAll:
				if strings.Contains(seen, triedList) || strings.Contains(seen, "Peers of wells") {
					h.t.Errorf("%s: %s names the list:\n%s", s.who, path, seen)
				}
			case r.kind == forThemselves && !may[forThemselves] && (strings.Contains(seen, triedList) || strings.Contains(seen, "Peers of wells")):
				h.t.Errorf("%s: %s names the list:\n%s", s.who, path, seen)
			case may[r.kind] && (status != 200 || !strings.Contains(seen, r.shows)):
				h.t.Errorf("%s may see %s, and sees %d\n%s", s.who, path, status, seen)
			case !may[forPosts] && r.kind == forWorld && strings.Contains(seen, r.shows):
				h.t.Errorf("%s sees %s at %s", s.who, r.shows, path)
			case !may[r.kind] && r.missing != "" && (status != missing || seen != same):
				h.t.Errorf("%s sees at %s:\n%d %s\nand at what is not there:\n%d %s", s.who, path, status, seen, missing, same)
			}
			if bad := noPage.FindString(seen); bad != "" {
				h.t.Errorf("%s sees %q at %s", s.who, bad, path)
			}
			if !s.belongs() && (strings.Contains(seen, "member@people.test") || strings.Contains(seen, "owner@people.test")) && !strings.Contains(seen, "mailto:"+s.address) {
				h.t.Errorf("%s sees an address at %s:\n%s", s.who, path, seen)
			}
		}
	}
}

func (h *openHouse) triesReader(s *somebody, may map[kind]bool) {
	r := h.open(s.name(), s.secret)
	defer r.Close()
	h.asks(s.who, r, readerRows, may)
	h.asks(s.who, r, []commandRow{{"Select", "EXAMINE Lists/LIST", "* 2 EXISTS", forPosts}}, may)
	if may[forPosts] {
		h.asks(s.who, r, openRows, may)
	}
}

// asks does commands, and holds what is said to somebody who may not against what is said of a list that is not there.
func (h *openHouse) asks(who string, r *reader, rows []commandRow, may map[kind]bool) {
	for _, row := range rows {
		if row.ask == "" {
			continue
		}
		put := func(s, address string) string { return strings.ReplaceAll(s, "s/LIST", "s/"+address) }
		said, shows := r.do(put(row.ask, triedList)), put(row.shows, triedList)
		if may[row.kind] {
			if !strings.Contains(said, shows) {
				h.t.Errorf("%s may have %s, and hears:\n%s", who, row.ask, said)
			}
		} else if other := r.do(put(row.ask, noSuch)); strings.Contains(said, shows) || strings.ReplaceAll(said, triedList, noSuch) != other {
			h.t.Errorf("%s hears at %s:\n%s\nand of what is not there:\n%s", who, row.ask, said, other)
		}
		if bad := noPage.FindString(said); bad != "" {
			h.t.Errorf("%s hears %q at %s", who, bad, row.ask)
		}
	}
}

// triesInside goes on in the session in which the list was opened when that was allowed.
func (h *openHouse) triesInside(s *somebody, may map[kind]bool) {
	for _, row := range openRows {
		if row.ask == "" {
			continue
		}
		said := s.inside.do(row.ask)
		switch {
		case may[row.kind] && !strings.Contains(said, row.shows):
			h.t.Errorf("%s may have %s, and hears:\n%s", s.who, row.ask, said)
		case !may[row.kind] && said != "a7 NO [NOPERM] This mailbox is not for you any more\r\n":
			h.t.Errorf("%s, in an old session, hears at %s:\n%s", s.who, row.ask, said)
		}
	}
}

// triesMail asks for what can be had by mail.
func (h *openHouse) triesMail(s *somebody, archive list.Archive, importing bool) {
	h.settle(s.address)
	for _, row := range mailRows {
		if row.ask == "" { // asking for a password ends the one that is tried
			continue
		}
		may := s.member && !importing
		switch row.name {
		case "search":
			may = !importing && (archive == list.ArchivePublic || archive == list.ArchiveMembers && s.belongs())
		case "get":
			may = may && archive != list.ArchiveNone
		case "events": // is answered by whom the events are, importing or not
			may = s.member
		case "who": // is for owners, as long as the list does not say otherwise
			may = s.who == "an owner of the config" || s.who == "an owner of the roster"
		}
		h.mail(s.address, strings.Replace(triedList, "@", "-request@", 1), "", fmt.Sprintf("Message-ID: <%d@%s>\n", time.Now().UnixNano(), s.address), row.ask)
		got := strings.Join(h.settle(s.address), "\n")
		if strings.Contains(got, row.shows) != may {
			h.t.Errorf("%s asks for %q by mail (may: %v) and gets\n%s", s.who, row.ask, may, got)
		}
	}
}
