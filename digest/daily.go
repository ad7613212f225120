package digest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/list"
)

// listSource says what a list has still to do, whenever that is due.
type listSource func(r list.Reader, l *list.List, rec list.Record, now time.Time) ([]duty, error)

// listSources are all of them.
func (e *Editor) listSources() []listSource {
	return []listSource{e.dailySource, e.lastSource, e.catchUpSource, e.calendarSource}
}

// listDuties are what the lists have to do beside their discussions.
func (e *Editor) listDuties(r list.Reader, now time.Time) (all []duty, err error) {
	for _, l := range e.Engine.Site().Lists {
		rec, err := r.List(l.Address)
		if err != nil {
			return nil, err
		}
		for _, s := range e.listSources() {
			some, err := s(r, l, rec, now)
			if err != nil {
				return nil, fmt.Errorf("digest: list %s: %w", l.Address, err)
			}
			all = append(all, some...)
		}
	}
	return all, nil
}

// readership are the members of a list who read digests at the same hour.
type readership struct {
	hour
	members []list.Member
	state   *dailies
}

// readerships are those of a list, by the keys of their hours. Who gets no mail at present is in none.
func (e *Editor) readerships(r list.Reader, l *list.List, rec list.Record) ([]*readership, error) {
	byKey, hourOf := map[string]*readership{}, e.hours(l)
	err := r.DigestReaders(rec.ID, func(m list.Member) error {
		if m.Mode != list.ModeDigest || m.State != list.Active {
			return nil
		}
		h, err := hourOf(&m)
		if err != nil {
			return err
		}
		if byKey[h.key] == nil {
			byKey[h.key] = &readership{hour: h}
		}
		byKey[h.key].members = append(byKey[h.key].members, m)
		return nil
	})
	var all []*readership
	for _, one := range byKey {
		if err == nil {
			one.state, err = readDailies(r, rec, one.key)
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b *readership) int { return cmp.Compare(a.key, b.key) })
	return all, err
}

// behind is the last post that all of them were told of.
func (g *readership) behind() uint32 {
	least := g.state.told(&g.members[0])
	for i := range g.members {
		least = min(least, g.state.told(&g.members[i]))
	}
	return least
}

// dailySource has a digest for every hour at which there is something to tell: due in the first slot behind the first post that was not told. That is how the
// windows of slots tile, how a slot with nothing to tell goes by without a trace, and how many that were slept through make one digest.
func (e *Editor) dailySource(r list.Reader, l *list.List, rec list.Record, _ time.Time) (all []duty, err error) {
	groups, err := e.readerships(r, l, rec)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		due, ok, err := g.due(r, rec)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, duty{at: due, list: l.Address, kind: list.KindDigest, name: fmt.Sprintf("the digest of %s, %s", l.Address, g.key),
				do: func(ctx context.Context, now time.Time) error { return e.sendDaily(ctx, l, g.key, now, false) }})
		}
	}
	return all, nil
}

// due is when the next digest of an hour is; false: there is nothing to tell.
func (g *readership) due(r list.Reader, rec list.Record) (due time.Time, ok bool, err error) {
	if g.state.Open != nil {
		return g.state.Last, true, nil
	}
	err = r.Posts(rec.ID, g.behind()+1, func(p list.Post) error {
		if !tellable(&p) {
			return nil
		}
		after := p.Accepted
		if g.state.Last.After(after) {
			after = g.state.Last
		}
		due = g.schedule.Next(after)
		ok = !due.IsZero()
		return list.ErrStop
	})
	return due, ok, err
}

// nextLook is the next slot of a digest behind now: a post that comes before it is told in it.
func (e *Editor) nextLook(r list.Reader, now time.Time) (first time.Time, err error) {
	for _, l := range e.Engine.Site().Lists {
		rec, err := r.List(l.Address)
		if err != nil {
			return first, err
		}
		groups, err := e.readerships(r, l, rec)
		if err != nil {
			return first, err
		}
		for _, g := range groups {
			if at := g.schedule.Next(now); !at.IsZero() && (first.IsZero() || at.Before(first)) {
				first = at
			}
		}
	}
	return first, nil
}

// cut is the last post that a digest of a slot tells of: those that were accepted before it. A post that got its number before others and its time behind them is
// in the next, with all behind it, so that what was told is always up to one number.
func cut(r list.Reader, rec list.Record, from uint32, slot time.Time) (until uint32, err error) {
	until = from - 1
	err = r.Posts(rec.ID, from, func(p list.Post) error {
		if !p.Accepted.Before(slot) {
			return list.ErrStop
		}
		until = p.Number
		return nil
	})
	return until, err
}

// round is one digest that is due: who reads it, and of which posts it tells.
type round struct {
	*readership
	rec         list.Record
	slot        time.Time
	from, until uint32 // from is the first that anybody is told of
}

// openRound finds what is due at an hour, or early what there is before; errDone: nothing is any more.
func (e *Editor) openRound(r list.Reader, l *list.List, key string, now time.Time, early bool) (*round, error) {
	rec, err := r.List(l.Address)
	if err != nil {
		return nil, err
	}
	groups, err := e.readerships(r, l, rec)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(groups, func(g *readership) bool { return g.key == key })
	if at < 0 {
		return nil, errDone
	}
	o := &round{readership: groups[at], rec: rec}
	if open := o.state.Open; open != nil { // what was begun goes on as it was begun
		o.slot, o.until = o.state.Last, o.state.Told
		o.members = slices.DeleteFunc(o.members, func(m list.Member) bool { return slices.Contains(open.Served, m.Number) })
		if o.from = o.until + 1; len(o.members) > 0 {
			o.from = o.behind() + 1
		}
		return o, nil
	}
	due, ok, err := o.due(r, rec)
	if err != nil {
		return nil, err
	}
	switch {
	case !ok || due.After(now) && !early:
		return nil, errDone
	case early:
		o.slot, o.from = now, o.behind()+1
		o.until, err = cut(r, rec, o.from, now.Add(time.Nanosecond))
		return o, err
	}
	// Of the slots that are past by now, the last one is this digest's.
	slot, ok := o.schedule.Due(due.Add(-time.Second), now)
	if !ok {
		return nil, errDone
	}
	o.slot, o.from = slot.At, o.behind()+1
	o.until, err = cut(r, rec, o.from, slot.At)
	return o, err
}

// sendDaily sends the digest that is due at an hour, or early what there is before.
func (e *Editor) sendDaily(ctx context.Context, l *list.List, key string, now time.Time, early bool) error {
	for ctx.Err() == nil {
		more, err := e.sendSome(l, key, now, early)
		if err != nil || !more {
			return err
		}
	}
	return ctx.Err()
}

// writtenAtOnce is how many octets of digests are written in one transaction, where Editor.writtenAtOnce says nothing.
const writtenAtOnce = 32 << 20

// sendSome sends as many editions of a digest as go into one transaction; more says that some are left.
func (e *Editor) sendSome(l *list.List, key string, now time.Time, early bool) (more bool, err error) {
	var o *round
	if err = e.Engine.Store.View(func(r list.Reader) (err error) { o, err = e.openRound(r, l, key, now, early); return err }); err != nil {
		return false, err
	}
	var s *shelf
	var editions []*edition
	if s, err = e.readShelf(l, o.rec, o.from, o.until); err != nil {
		return false, err
	}
	err = e.Engine.Store.View(func(r list.Reader) (err error) {
		editions, err = e.editions(r, o.rec, s, o.members, o.state.told)
		return err
	})
	if err != nil {
		return false, err
	}
	state := *o.state
	state.Last, state.Told = o.slot, max(state.Told, o.until)
	if len(editions) > 0 && o.state.Open == nil {
		state.next(o.slot.In(o.schedule.Location))
	}
	letters, err := e.writeEditions(l, s, editions, &state, o.schedule.Location)
	if err != nil {
		return false, err
	}
	more = len(letters) < len(editions)
	return more, e.Engine.Dispatch(l, letters, o.until, now, func(tx list.Tx, send func(n int, readers []uint32) (list.Outgoing, error)) error {
		known, err := readDailies(tx, o.rec, key)
		if err != nil {
			return err
		}
		if !known.same(o.state) {
			return errDone // somebody else has sent it meanwhile
		}
		state.Open = nil
		if more {
			state.Open = &openIssue{Before: o.state.Told}
			if o.state.Open != nil {
				*state.Open = *o.state.Open
			}
		}
		still, err := e.stillRead(tx, l, o)
		if err != nil {
			return err
		}
		for n := range letters {
			readers := slices.DeleteFunc(slices.Clone(editions[n].readers), func(number uint32) bool { return !still[number] })
			if len(readers) > 0 {
				if _, err := send(n, readers); err != nil {
					return err
				}
			}
			if more {
				state.Open.Served = slices.Concat(state.Open.Served, editions[n].readers)
			}
		}
		return state.write(tx, o.rec, key)
	})
}

// stillRead are the numbers of those who read digests at this hour and have not chosen otherwise meanwhile: what is left for the others is told in another way.
func (e *Editor) stillRead(tx list.Tx, l *list.List, o *round) (map[uint32]bool, error) {
	still, hourOf := make(map[uint32]bool, len(o.members)), e.hours(l)
	return still, tx.DigestReaders(o.rec.ID, func(m list.Member) error {
		h, err := hourOf(&m)
		if err == nil && m.Mode == list.ModeDigest && h.key == o.key {
			still[m.Number] = true
		}
		return err
	})
}

// same reports whether nothing was sent between the two.
func (d *dailies) same(o *dailies) bool {
	served := func(d *dailies) int {
		if d.Open == nil {
			return -1
		}
		return len(d.Open.Served)
	}
	return d.Last.Equal(o.Last) && d.Told == o.Told && served(d) == served(o)
}

// writeEditions writes as many editions as go into one transaction, and one at least.
func (e *Editor) writeEditions(l *list.List, s *shelf, editions []*edition, state *dailies, zone *time.Location) (letters []*list.Letter, err error) {
	size := 0
	for _, one := range editions {
		letter, err := e.writeEdition(l, s, one, state, zone)
		if err != nil {
			return nil, err
		}
		letters = append(letters, letter)
		size += len(letter.Text) + len(letter.HTML)
		for _, m := range letter.Enclosed {
			size += len(m)
		}
		if size > cmp.Or(e.writtenAtOnce, writtenAtOnce) {
			break
		}
	}
	return letters, nil
}

// writeEdition writes one edition of an issue; of the last digest of somebody's the state has no number.
func (e *Editor) writeEdition(l *list.List, s *shelf, d *edition, state *dailies, zone *time.Location) (*list.Letter, error) {
	i := &issue{words: wordsOf(d.language), title: strings.Join(strings.Fields(l.Title()), " "), volume: state.Volume, number: state.Issue, at: state.Last.In(zone), topics: s.topics(d.posts)}
	about := letter.Digest{Place: placeOf(l, e.Engine.Site().BaseURL), Volume: i.volume, Issue: i.number, At: i.at, Posts: len(d.posts), Topics: len(i.topics), Last: i.number == 0}
	var err error
	if i.mail, err = e.programme.Load().Book.Write("digest", []string{d.language, l.Language}, about); err != nil {
		return nil, err
	}
	if d.form == formWhole {
		if err := e.enclose(s, i); err != nil {
			return nil, err
		}
	}
	return i.letter(d.form, s.whole), nil
}
