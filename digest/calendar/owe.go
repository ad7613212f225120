package calendar

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
)

// about says what the answer to a letter is about: the Data of its secret.
type about struct {
	What  string `json:"what"` // who reads the answer: the words below
	Event string `json:"event"`
	Text  string `json:"text,omitempty"`
	// Of is the date of a series that the letter is about; zero: all of it.
	Of time.Time `json:"of,omitzero"`
}

// What an answer may be about. Package digest hands over what begins with these.
const (
	aboutComing     = "event"         // an answer to an invitation, a reminder or tables: +rsvp-TOKEN@
	aboutSubmission = "event draft"   // a moderator's word on an event that was mailed: +draft-TOKEN@
	aboutNotes      = "event notes"   // a note taker's notes: +rsvp-TOKEN@
	aboutMissing    = "event missing" // a moderator's word on an event that the config has no longer: +draft-TOKEN@
	aboutOrganiser  = "event owner"   // the organiser's answer to who is coming: +rsvp-TOKEN@
)

// tokensLive is how long the tokens of an event are good behind its end.
const tokensLive = 30 * 24 * time.Hour

// owed is a letter to one person.
type owed struct {
	to      string
	mail    letter.Mail
	kind    string       // of rehearse's index: "invitation", "event_reminder", "tables", "notice"
	purpose list.Purpose // of the address that takes the answer; empty: +events@ does
	about   about
	answers string // the Message-ID of the mail that it answers; empty: none
	from    string // in whose name; empty: the list's
	// object is a calendar object, and method what it says (RFC 5546); nil: there is none.
	object   []byte
	method   string
	attached []list.Attached
}

// owe has a letter go out once the transaction is on disk.
func (o *occasion) owe(tx list.Tx, w owed, now time.Time) error {
	n := list.Note{List: o.rec.ID, Text: "letter", To: w.to, Language: w.mail.Language, InReplyTo: w.answers, Answers: w.answers != "", Created: now,
		Letter: &list.Letter{Subject: w.mail.Subject, Text: w.mail.Text, HTML: w.mail.HTML, Language: w.mail.Language, Kind: w.kind, FromName: w.from, Word: "events",
			Calendar: w.object, Method: w.method, Attached: w.attached}}
	m, err := tx.Member(o.rec.ID, w.to)
	if err == nil {
		n.ToName = m.Name
	} else if !errors.Is(err, list.ErrNotFound) {
		return err
	}
	if w.purpose != "" {
		w.about.Event = o.ID
		data, err := json.Marshal(w.about)
		if err != nil {
			return fmt.Errorf("calendar: %s: %w", w.kind, err)
		}
		n.Secret = &list.Secret{Purpose: w.purpose, List: o.rec.ID, Address: w.to, Subject: subjectOf(o.ID), Data: data, Expires: o.tokensEnd(now)}
	}
	_, err = tx.PutNote(n)
	return err
}

// tokensEnd is when the tokens of an event end: 30 days behind its last date. One that never ends has them for a year.
func (o *occasion) tokensEnd(now time.Time) time.Time {
	end := o.End()
	if o.Rule != "" {
		end = now.Add(365 * 24 * time.Hour)
	}
	if now.After(end) {
		end = now
	}
	return end.Add(tokensLive)
}

// subjectOf is under what number the secrets of an event are found together.
func subjectOf(id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte("event\x00" + id)) // a hash writes always
	return h.Sum64()
}

// organiser is who the calendar object says invites: the list, by the address that takes the answers of calendar programs.
func (o *occasion) organiser() event.Person {
	return event.Person{Name: o.list.Title(), Address: o.list.Word("events")}
}

// languagesOf are the languages to write to somebody in, the best first.
func (o *occasion) languagesOf(language string) []string { return languagesOf(o.list, language) }

func languagesOf(l *list.List, language string) []string {
	return slices.Compact([]string{cmp.Or(language, l.Language), cmp.Or(l.Language, "en"), "en"})
}

// zoneOf is the time zone of a list, and zoneFor that of a member.
func zoneOf(l *list.List) *time.Location {
	if l.Location == nil {
		return time.UTC
	}
	return l.Location
}

func zoneFor(l *list.List, m *list.Member) *time.Location {
	if m != nil && m.Timezone != "" {
		if own, err := time.LoadLocation(m.Timezone); err == nil {
			return own
		}
	}
	return zoneOf(l)
}
