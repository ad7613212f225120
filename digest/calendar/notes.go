package calendar

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
	"convene/list/event/cafe"
)

// Limits of what is kept of notes.
const (
	notesMost = 8 << 10 // octets of one reply
	notesEach = 20      // replies of one person
)

// doneNotes is the key of the duty to ask note takers for their notes, and doneMail the beginning of that to send somebody the questions.
const (
	doneNotes = "tables/notes"
	doneMail  = "tables/mail/"
)

// mailTable is the Text of what an answer is about that is given at the table by mail.
const mailTable = "mail"

// askNotesFor is how long after the end note takers are still asked: by then nobody remembers.
const askNotesFor = 7 * 24 * time.Hour

// notes asks who took notes for them when it ends, and sends who takes part by mail the questions when it begins.
func (k *Keeper) notes(r list.Reader, o *occasion, now time.Time) (all []Duty, err error) {
	if !o.seats() {
		return nil, nil
	}
	if s := o.reg.Seating; s != nil && len(s.Rounds) > 0 && !o.reg.did(doneNotes) && now.Before(o.End().Add(askNotesFor)) {
		all = append(all, Duty{At: o.End(), Kind: kindNotice, Name: "asking for the notes of " + o.ID,
			Do: func(_ context.Context, now time.Time) error { return k.askNotes(o.list, o.ID, now) }})
	}
	waits := func(key string) bool {
		g := o.reg.Guests[key]
		return g.Mail && g.Answer != No && !o.reg.did(doneMail+key)
	}
	if !o.mailTaken(now) || !slices.ContainsFunc(slices.Collect(maps.Keys(o.reg.Guests)), waits) {
		return all, nil // nobody's member has to be read for it
	}
	p, err := k.partyOf(r, o)
	if err == nil && len(p.atMailTable()) > 0 {
		all = append(all, Duty{At: o.Start, Kind: kindNotice, N: 1, Name: "the table by mail of " + o.ID,
			Do: func(_ context.Context, now time.Time) error { return k.mailQuestions(o.list, o.ID, now) }})
	}
	return all, err
}

// atMailTable are the guests who take part by mail and have not been sent the questions.
func (p *party) atMailTable() (all []string) {
	for key, g := range p.reg.Guests {
		if m := p.members[key]; g.Mail && g.Answer != No && m != nil && m.State == list.Active && !p.reg.did(doneMail+key) {
			all = append(all, key)
		}
	}
	slices.Sort(all)
	return all
}

// mailQuestions sends the questions to who takes part by mail.
func (k *Keeper) mailQuestions(l *list.List, id string, now time.Time) error {
	return k.change(l, id, func(tx list.Tx, o *occasion) error {
		p, err := k.partyOf(tx, o)
		if err != nil {
			return err
		}
		if !o.seats() || !o.mailTaken(now) {
			return ErrDone
		}
		for _, key := range p.atMailTable() {
			coming, who := p.event(key)
			data := letter.TableByMail{Event: coming, Open: o.Start.Add(mailOpen).In(coming.At.Location()), Place: k.House.Place(o.list), Questions: p.questions()}
			mail, err := k.House.Book().Write("table-mail", o.languagesOf(who.language), data)
			if err != nil {
				return fmt.Errorf("calendar: event %s: %w", o.ID, err)
			}
			if err := o.owe(tx, owed{to: p.to(key), mail: mail, kind: kindNotice, purpose: list.ForRSVP, about: about{What: aboutNotes, Text: mailTable}}, now); err != nil {
				return err
			}
			o.reg.do(doneMail+key, now)
		}
		return nil
	})
}

// questions are those of all rounds, each once.
func (p *party) questions() (all []plan.Texts) {
	for r := range p.rounds() {
		q := p.question(r)
		if len(q) > 0 && (r == 0 || q.In("") != p.question(r-1).In("")) {
			all = append(all, q)
		}
	}
	return all
}

// askNotes asks each note taker for their notes, once for all their tables.
func (k *Keeper) askNotes(l *list.List, id string, now time.Time) error {
	p, err := k.party(l, id)
	if err != nil {
		return err
	}
	var mails []owed
	for _, key := range noteTakers(p.told()) {
		if p.members[key] == nil {
			continue // they left
		}
		coming, who := p.event(key)
		data := letter.NotesAsked{Event: coming, Place: k.House.Place(p.list)}
		for r, t := range p.told().Of(key) {
			if t.Notes == key {
				round := p.round(r, coming)
				round.Table = t.Number
				data.Tables = append(data.Tables, round)
			}
		}
		mail, err := k.House.Book().Write("table-notes", p.languagesOf(who.language), data)
		if err != nil {
			return fmt.Errorf("calendar: event %s: %w", p.ID, err)
		}
		mails = append(mails, owed{to: p.to(key), mail: mail, kind: kindNotice, purpose: list.ForRSVP, about: about{What: aboutNotes}})
	}
	return k.change(l, id, func(tx list.Tx, o *occasion) error {
		if !o.seats() || o.reg.did(doneNotes) {
			return ErrDone
		}
		for _, w := range mails {
			if err := o.owe(tx, w, now); err != nil {
				return err
			}
		}
		o.reg.do(doneNotes, now)
		return nil
	})
}

// noteTakers are the keys of who takes notes at some table.
func noteTakers(s cafe.Seating) (all []string) {
	for _, round := range s.Rounds {
		for _, t := range round {
			if t.Notes != "" {
				all = append(all, t.Notes)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
