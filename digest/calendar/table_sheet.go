package calendar

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event/cafe"
)

// doneSheet is the key of the duty to give who facilitates the sheet with all tables.
const doneSheet = "tables/sheet"

// facilitators are the addresses of who gets the sheet: who facilitates the discussion, else who offers the event, else who facilitates the list, else its owners.
func (p *party) facilitators() (all []string) {
	switch {
	case p.discussion != nil && len(p.discussion.Facilitators) > 0:
		for _, f := range p.discussion.Facilitators {
			all = append(all, f.Address)
		}
		return all
	case p.Organiser.Address != "":
		return []string{p.Organiser.Address}
	case len(p.list.Facilitators) > 0:
		return p.list.Facilitators
	}
	return p.list.Owners
}

// sheets are the mails with all tables. again says that they were sent before.
func (p *party) sheets(s cafe.Seating, again bool) (all []owed, err error) {
	for _, address := range p.facilitators() {
		var m *list.Member
		err := p.k.Engine.Store.View(func(r list.Reader) (err error) { m, err = member(r, p.rec, address); return err })
		if err != nil {
			return nil, err
		}
		who := p.readerOf(m, address)
		data := p.sheet(s, p.coming(who))
		data.Again = again
		mail, err := p.k.House.Book().Write("table-sheet", p.languagesOf(who.language), data)
		if err != nil {
			return nil, fmt.Errorf("calendar: event %s: %w", p.ID, err)
		}
		all = append(all, owed{to: address, mail: mail, kind: kindNotice})
	}
	return all, nil
}

// sheet is what it says.
func (p *party) sheet(s cafe.Seating, c letter.Coming) letter.TableSheet {
	sheet := letter.TableSheet{Event: c, Place: p.k.House.Place(p.list)}
	tongues := severalLanguages(s)
	for r, tables := range s.Rounds {
		one := p.round(r, c)
		round := letter.SheetRound{N: one.N, From: one.From, Until: one.Until, Question: one.Question}
		for _, t := range tables {
			table := letter.SheetTable{N: t.Number, Host: p.called(t.Host), Notes: p.called(t.Notes)}
			if tongues {
				table.Language = t.Language
			}
			for _, key := range t.Guests {
				table.Guests = append(table.Guests, p.called(key))
			}
			if round.Tables = append(round.Tables, table); r == 0 {
				sheet.People += len(t.Guests)
			}
		}
		sheet.Rounds = append(sheet.Rounds, round)
	}
	for _, key := range slices.Sorted(maps.Keys(p.reg.Guests)) {
		switch g := p.reg.Guests[key]; {
		case g.Mail && g.Answer != No:
			sheet.Mail = append(sheet.Mail, p.called(key))
		case g.Answer == Maybe:
			sheet.Maybe = append(sheet.Maybe, p.called(key))
		}
	}
	return sheet
}

// called is what who facilitates knows a guest by: their name, else what stands before the @ of their address.
func (p *party) called(key string) string {
	local, _, _ := strings.Cut(key, "@")
	return cmp.Or(p.name(key), local)
}

// lastSheet gives the sheet once more, when tables were changed since, and can change no more.
func (k *Keeper) lastSheet(l *list.List, id string, now time.Time) error {
	p, err := k.party(l, id)
	if err != nil {
		return err
	}
	sheets, err := p.sheets(p.told(), true)
	if err != nil {
		return err
	}
	return k.change(l, id, func(tx list.Tx, o *occasion) error {
		if !o.seats() || !o.reg.Seated.Equal(p.reg.Seated) || !o.reg.Seated.After(o.reg.Done[doneSheet]) {
			return ErrDone
		}
		for _, w := range sheets {
			if err := o.owe(tx, w, now); err != nil {
				return err
			}
		}
		o.reg.do(doneSheet, now)
		return nil
	})
}
