package digest

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// about says what the answer to a letter is about: the Data of its secret.
type about struct {
	Discussion string `json:"discussion"`
	What       string `json:"what,omitempty"`    // "row", "answer first", "quiet", "morning", "anonymous": who reads the answer
	Row        string `json:"row,omitempty"`     // key of the planned mail
	Address    string `json:"address,omitempty"` // whom it is about, where that is not who answers
	Text       string `json:"text,omitempty"`
}

// tokensLive is how long the tokens of a discussion are good behind its end.
const tokensLive = 30 * 24 * time.Hour

// owed is a letter to one person.
type owed struct {
	to      string
	mail    letter.Mail
	kind    string       // of rehearse's index: "draft", "thanks"
	purpose list.Purpose // of the address that takes the answer; empty: it goes to the facilitator
	about   about
	// answers is the Message-ID of the mail that it answers, thread of what it stands under, id its own: all may be empty.
	answers, thread, id string
	from                string      // in whose name; empty: the list's
	answer              plan.Person // whom a plain answer goes to, where that is a person's own address and there is no token; zero: nobody
	word                string      // the list's address that it comes from where there is no token; empty: facilitator
	attached            []list.Attached
}

// owe has a letter go out once the transaction is on disk.
func (a *affair) owe(tx list.Tx, o owed, now time.Time) error {
	n := list.Note{List: a.rec.ID, Text: "letter", To: o.to, Language: o.mail.Language, InReplyTo: o.answers, Thread: o.thread, MessageID: o.id, Answers: o.answers != "", Created: now,
		Letter: &list.Letter{Subject: o.mail.Subject, Text: o.mail.Text, HTML: o.mail.HTML, Language: o.mail.Language, Kind: o.kind, FromName: o.from,
			Word: cmp.Or(o.word, "facilitator"), Answer: o.answer.Address, AnswerName: o.answer.Name, Attached: o.attached}}
	m, err := tx.Member(a.rec.ID, o.to)
	if err == nil {
		n.ToName = m.Name
	} else if !errors.Is(err, list.ErrNotFound) {
		return err
	}
	if o.purpose != "" {
		o.about.Discussion = a.ID
		data, err := json.Marshal(o.about)
		if err != nil {
			return fmt.Errorf("digest: %s: %w", o.kind, err)
		}
		n.Secret = &list.Secret{Purpose: o.purpose, List: a.rec.ID, Address: o.to, Subject: subjectOf(a.ID, o.about.Row), Data: data, Expires: a.tokensEnd(now)}
	}
	_, err = tx.PutNote(n)
	return err
}

// tokensEnd is when the tokens of a discussion end: 30 days behind its end, or behind its event.
func (a *affair) tokensEnd(now time.Time) time.Time {
	end := a.Ends(a.rows)
	if a.Event != nil && a.Event.End().After(end) {
		end = a.Event.End()
	}
	if now.After(end) {
		end = now
	}
	return end.Add(tokensLive)
}

// subjectOf is under what number the secrets for a row of a plan are found together.
func subjectOf(id, row string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id + "\x00" + row)) // a hash writes always
	return h.Sum64()
}

// voice is in whose name a planned mail goes out.
func (a *affair) voice(row plan.Row) plan.Person {
	if row.SentBy.Address != "" {
		return row.SentBy
	}
	if v := a.course.Changes.Voice; v.Address != "" {
		return v
	}
	if len(a.Facilitators) > 0 {
		return a.Facilitators[0]
	}
	return plan.Person{Name: a.list.Title(), Address: a.list.Word("facilitator")}
}

// place is where the list is.
func (a *affair) place(base string) letter.Place { return placeOf(a.list, base) }

func placeOf(l *list.List, base string) letter.Place {
	p := letter.Place{Title: l.Title(), Address: l.Address, Facilitator: l.Word("facilitator"), Settings: l.Word("settings"), Summary: l.Word("summary"),
		CatchUp: l.Word("catchup"), Record: l.Word("record"), Events: l.Word("events"), Archive: string(l.Archive), Moderated: l.NewMembersModeratedFor > 0}
	if base != "" && l.Archive != "" && l.Archive != list.ArchiveNone {
		p.Page = base + "/" + l.Address + "/"
	}
	return p
}

// languagesOf are the languages to write to somebody in, the best first.
func (a *affair) languagesOf(language string) []string {
	return slices.Compact([]string{cmp.Or(language, a.Language), a.Language, "en"})
}

// editions are the languages that a planned mail goes out in: the list's first.
func (a *affair) editions() []string {
	all := []string{a.Language}
	for _, tag := range a.Languages {
		if !slices.Contains(all, tag) {
			all = append(all, tag)
		}
	}
	return all
}

// audience are the members who get a mail of the schedule, by edition. In modes each, digest and summary they get all of them, in mode special those that
// are special.
func (a *affair) audience(r list.Reader, special bool) (map[string][]uint32, error) {
	editions := a.editions()
	readers := map[string][]uint32{}
	err := r.Members(a.rec.ID, func(m list.Member) error {
		switch {
		case m.State != list.Active || m.Mode == list.ModeNoMail, m.Mode == list.ModeSpecial && !special:
			return nil
		}
		tag := editionFor(m.Language, editions)
		readers[tag] = append(readers[tag], m.Number)
		return nil
	})
	for tag := range readers {
		slices.Sort(readers[tag])
	}
	return readers, err
}

// editionFor is which of the editions somebody reads.
func editionFor(language string, editions []string) string {
	base, _, _ := strings.Cut(language, "-")
	for _, want := range []string{language, base} {
		if want != "" && slices.Contains(editions, want) {
			return want
		}
	}
	return editions[0]
}
