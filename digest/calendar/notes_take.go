package calendar

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/list"
)

// takeNotes keeps what a note taker wrote, or somebody at the table by mail: without what they quote, and without their signature. Of what cannot be read, and of
// what comes when the table by mail is closed, the facilitator knows what to do.
func (k *Keeper) takeNotes(_ context.Context, h *list.Handed, what about) (done string, err error) {
	var m *list.Member
	err = k.Engine.Store.View(func(r list.Reader) (err error) { m, err = member(r, h.Record, h.Secret.Address); return err })
	if err != nil {
		return "", err
	}
	if !list.SameAddress(h.From.Addr, h.Secret.Address) && (m == nil || !m.Has(h.From.Addr)) {
		return "", list.Refuse(list.NotAllowed, "Somebody else was asked for those notes; write to %s", h.List.Word("facilitator"))
	}
	now := k.Engine.Now()
	own, _ := h.Message.Reply()
	notes := TableNotes{By: guestKey(h.Secret.Address), Name: cmp.Or(nameOf(m), h.From.Name), Text: noteText(own), At: now, Mail: what.Text == mailTable}
	return "notes", k.change(h.List, what.Event, func(tx list.Tx, o *occasion) error {
		said := letter.NotesHeard{Mail: notes.Mail, None: isDeclined(list.ReadAnswer(h.Message)), Shared: notes.Mail && m != nil && shares(h.List, m)}
		g := o.reg.Guests[notes.By]
		switch {
		case said.None && notes.Mail && g != nil:
			g.Mail = false
		case said.None:
		case notes.Text == "", notes.Mail && (!o.mailTaken(now) || m == nil || g == nil), !o.keep(notes):
			return k.House.PassOn(tx, h, now)
		case notes.Mail:
			g.Mail = true // who had left that table, or said that they would come, sits there again
		}
		who := o.readerOf(m, h.Secret.Address)
		said.Event, said.Place = o.coming(who), k.House.Place(o.list)
		mail, err := k.House.Book().Write("table-heard", o.languagesOf(who.language), said)
		if err != nil {
			return fmt.Errorf("calendar: event %s: %w", o.ID, err)
		}
		return o.owe(tx, owed{to: h.Secret.Address, mail: mail, kind: kindNotice, purpose: list.ForRSVP, about: what, answers: h.Message.MessageID()}, now)
	})
}

func nameOf(m *list.Member) string {
	if m == nil {
		return ""
	}
	return m.Name
}

// isDeclined reports whether somebody has no notes to give and says no more than that.
func isDeclined(a list.Answer) bool {
	return (list.No(a.Verb) || slices.Contains(passWords, a.Verb)) && len(strings.Fields(a.Whole)) <= 2
}

// answerToken finds the token of an address that takes an answer, in whatever is quoted by hand.
var answerToken = regexp.MustCompile(`(?i)((?:\+|%2b)[a-z]+-)[a-z2-7]{26}\b`)

// noteText is as much of what somebody wrote as is kept: others read it, so that no way to answer as somebody else stands in it.
func noteText(s string) string {
	s = answerToken.ReplaceAllString(list.HideTokens(s), "${1}xxx")
	if s = strings.TrimSpace(s); len(s) > notesMost {
		s = strings.ToValidUTF8(s[:notesMost], "")
	}
	return s
}

// keep keeps notes, and the table that they are of where it was the writer's only one. What they sent before, word for word, is there already. False: they wrote too often.
func (o *occasion) keep(n TableNotes) bool {
	if n.Mail {
		n.Round, n.Table = 0, 0
	} else if o.reg.Seating != nil {
		for r, t := range o.reg.Seating.Of(n.By) {
			if t.Notes != n.By {
				continue
			}
			if n.Round != 0 {
				n.Round, n.Table = 0, 0
				break
			}
			n.Round, n.Table = r+1, t.Number
		}
	}
	written := 0
	for _, one := range o.reg.Notes {
		if one.By == n.By && one.Mail == n.Mail {
			if one.Text == n.Text {
				return true
			}
			written++
		}
	}
	if written >= notesEach {
		return false
	}
	o.reg.Notes = append(o.reg.Notes, n)
	return true
}

// Notes are what was written of an event so far: table by table, in the order of the rounds, then that of all of a writer's tables, then the table by mail.
// list.ErrNotFound: there is no such event.
func (k *Keeper) Notes(r list.Reader, l *list.List, id string) ([]TableNotes, error) {
	o, err := k.find(r, l, id)
	if err != nil {
		return nil, err
	}
	all, begun := slices.Clone(o.reg.Notes), map[string]time.Time{}
	for _, n := range slices.Backward(all) { // in the order in which they came
		begun[n.By] = n.At
	}
	turn := func(n TableNotes) time.Time { // what one person wrote of several tables stands together; at the table by mail people answer each other
		if n.Mail {
			return n.At
		}
		return begun[n.By]
	}
	slices.SortStableFunc(all, func(a, b TableNotes) int {
		return cmp.Or(compareTruth(a.Mail, b.Mail), compareTruth(a.Round == 0, b.Round == 0), cmp.Compare(a.Round, b.Round), cmp.Compare(a.Table, b.Table), turn(a).Compare(turn(b)), a.At.Compare(b.At))
	})
	return all, nil
}

// compareTruth has what is not so first.
func compareTruth(a, b bool) int {
	if a == b {
		return 0
	}
	if a {
		return 1
	}
	return -1
}
