package calendar

import (
	"context"
	"fmt"
	"slices"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event/cafe"
)

// Limits of what is kept of notes.
const (
	notesMost = 8 << 10 // octets of one reply
	notesEach = 20      // replies of one person
)

// doneNotes is the key of the duty to ask note takers for their notes.
const doneNotes = "tables/notes"

// askNotesFor is how long after the end note takers are still asked: by then nobody remembers.
const askNotesFor = 7 * 24 * time.Hour

// notes asks who took notes for them when it ends.
func (k *Keeper) notes(r list.Reader, o *occasion, now time.Time) (all []Duty, err error) {
	if !o.seats() {
		return nil, nil
	}
	if s := o.reg.Seating; s != nil && len(s.Rounds) > 0 && !o.reg.did(doneNotes) && now.Before(o.End().Add(askNotesFor)) {
		all = append(all, Duty{At: o.End(), Kind: kindNotice, Name: "asking for the notes of " + o.ID,
			Do: func(_ context.Context, now time.Time) error { return k.askNotes(o.list, o.ID, now) }})
	}
	return all, nil
}

// askNotes asks each note taker for their notes, once for all their tables.
func (k *Keeper) askNotes(l *list.List, id string, now time.Time) error {
	p, err := k.party(l, id)
	if err != nil {
		return err
	}
	var mails []owed
	for _, key := range noteTakers(p.told()) {
		if g := p.reg.Guests[key]; p.members[key] == nil || g == nil || g.Answer != Yes || g.Mail {
			continue // they left the list, or were not there after all
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
