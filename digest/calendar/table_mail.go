package calendar

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
	"convene/list/event"
	"convene/list/event/cafe"
)

// party is an event with tables and all that its mails are written from.
type party struct {
	*occasion
	k          *Keeper
	members    map[string]*list.Member // who answered, by the key of a guest
	discussion *plan.Discussion        // nil: it belongs to none
}

// party reads it.
func (k *Keeper) party(l *list.List, id string) (p *party, err error) {
	err = k.Engine.Store.View(func(r list.Reader) error {
		o, err := k.find(r, l, id)
		if err != nil {
			return err
		}
		p, err = k.partyOf(r, o)
		return err
	})
	return p, err
}

func (k *Keeper) partyOf(r list.Reader, o *occasion) (p *party, err error) {
	p = &party{occasion: o, k: k, members: map[string]*list.Member{}}
	for key := range o.reg.Guests {
		if p.members[key], err = member(r, o.rec, key); err != nil {
			return nil, err
		}
	}
	if o.Discussion != "" {
		p.discussion, err = k.House.Discussion(r, o.Discussion)
	}
	return p, err
}

// question is what a round is about: the event's own, else the discussion's, of which the last is asked again where there are more rounds.
func (p *party) question(round int) plan.Texts {
	all := p.RoundQuestions
	if len(all) == 0 && p.discussion != nil {
		all = p.discussion.Questions
	}
	if len(all) == 0 {
		return nil
	}
	return all[min(round, len(all)-1)]
}

// name is what a guest is called; empty: nobody knows, for an address is not for others to see.
func (p *party) name(key string) string {
	if m := p.members[key]; m != nil && shownName(m.Name) != "" {
		return m.Name
	}
	if g := p.reg.Guests[key]; g != nil {
		return shownName(g.Name)
	}
	return ""
}

// to is the address of a guest.
func (p *party) to(key string) string {
	if m := p.members[key]; m != nil {
		return m.Address
	}
	return key
}

// addresses are those of guests.
func (p *party) addresses(keys []string) (all []string) {
	for _, key := range keys {
		all = append(all, p.to(key))
	}
	return all
}

// event is it as a guest is told of it.
func (p *party) event(key string) (letter.Coming, eventReader) {
	who := p.readerOf(p.members[key], key)
	return p.coming(who), who
}

// tablesMail tells somebody their tables in a seating.
func (p *party) tablesMail(key string, s cafe.Seating, late bool, now time.Time) (owed, error) {
	coming, who := p.event(key)
	data := letter.Tables{Event: coming, Late: late, Open: p.Start.Add(mailOpen).In(coming.At.Location()), Place: p.k.House.Place(p.list)}
	data.Far = dayOf(coming.At).After(dayOf(now.In(coming.At.Location())).AddDate(0, 0, 6))
	tongues := severalLanguages(s)
	for r, t := range s.Of(key) {
		if t.Number == 0 {
			continue
		}
		round := p.round(r, coming)
		round.Table, round.Host, round.Notes = t.Number, t.Host == key, t.Notes == key
		if tongues {
			round.Language = t.Language
		}
		for _, other := range t.Guests {
			if name := p.name(other); name != "" && other != key {
				round.With = append(round.With, letter.TablePerson{Name: name, Host: other == t.Host, Notes: other == t.Notes})
			} else if other != key {
				round.More++
			}
		}
		data.Rounds = append(data.Rounds, round)
		if round.Host {
			data.HostIn = append(data.HostIn, strconv.Itoa(round.N))
		}
		if round.Notes {
			data.NotesIn = append(data.NotesIn, strconv.Itoa(round.N))
		}
	}
	if was := p.told().Of(key); was != nil {
		data.Changes = changesOf(key, was, s.Of(key))
	}
	mail, err := p.k.House.Book().Write("tables", p.languagesOf(who.language), data)
	if err != nil {
		return owed{}, fmt.Errorf("calendar: event %s: %w", p.ID, err)
	}
	return owed{to: p.to(key), mail: mail, kind: kindTables, purpose: list.ForRSVP, about: about{What: aboutComing}}, nil
}

// round is a round as far as it is the same for all tables, on the clock on which somebody is told of the event.
func (p *party) round(r int, c letter.Coming) letter.TableRound {
	one := letter.TableRound{N: r + 1, Question: p.question(r)}
	if times := roundTimes(p.Event, p.rounds()); r < len(times) {
		one.From, one.Until = times[r].from.In(c.At.Location()), times[r].until.In(c.At.Location())
	}
	return one
}

// severalLanguages reports whether tables speak different languages: else none needs to be named.
func severalLanguages(s cafe.Seating) bool {
	first := ""
	return slices.ContainsFunc(s.Rounds, func(round []cafe.Table) bool {
		return slices.ContainsFunc(round, func(t cafe.Table) bool {
			if first == "" {
				first = t.Language
			}
			return t.Language != first
		})
	})
}

// changesOf is what is otherwise for somebody.
func changesOf(key string, was, now []cafe.Table) (all []letter.TableChange) {
	for r, t := range now {
		before := cafe.Table{}
		if r < len(was) {
			before = was[r]
		}
		add := func(what string) {
			all = append(all, letter.TableChange{Round: r + 1, Table: t.Number, Was: before.Number, What: what})
		}
		if before.Number != t.Number {
			add("table")
		} else if len(before.Guests) > 1 && !slices.ContainsFunc(t.Guests, func(k string) bool { return k != key && slices.Contains(before.Guests, k) }) {
			add("with")
		}
		for _, duty := range []struct {
			had, has bool
			what     string
		}{{before.Host == key, t.Host == key, "host"}, {before.Notes == key, t.Notes == key, "notes"}} {
			if duty.has && !duty.had {
				add(duty.what)
			} else if duty.had && !duty.has && before.Number == t.Number {
				add("no " + duty.what)
			}
		}
	}
	return all
}

// span is from when to when something takes.
type span struct{ from, until time.Time }

// roundTimes are those of the rounds, as the agenda of an event has them where its lines begin with minutes ("10 min: welcome", "3 × 20 min: tables"); else they share what is left
// of its time between ten minutes of welcome and a fifth of it at the end. None: it is too short for that.
func roundTimes(e *event.Event, rounds int) (all []span) {
	before, each := agendaRounds(e.Agenda, rounds, int(e.Length/time.Minute))
	if each == 0 {
		return nil
	}
	at := e.Start.Add(time.Duration(before) * time.Minute)
	for range rounds {
		end := at.Add(time.Duration(each) * time.Minute)
		all = append(all, span{at, end})
		at = end
	}
	return all
}
