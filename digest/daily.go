package digest

import (
	"cmp"
	"context"
	"errors"
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
	return []listSource{e.readerSource, e.catchUpSource, e.calendarSource}
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

// dailyDuties has a digest for every hour at which there is something to tell: due in the first slot behind the first post that was not told. That is how the
// windows of slots tile, how a slot with nothing to tell goes by without a trace, and how many that were slept through make one digest. At the next slot of each
// hour there is another look: a post that comes before it is told in it.
func (e *Editor) dailyDuties(r list.Reader, l *list.List, rec list.Record, groups []*readership, now time.Time) (all []duty, err error) {
	for _, g := range groups {
		due, ok, err := g.due(r, rec)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, duty{at: due, list: l.Address, kind: list.KindDigest, name: fmt.Sprintf("the digest of %s, %s", l.Address, g.key),
				do: func(ctx context.Context, now time.Time) error { return e.sendDaily(ctx, l, rec, g, now, false) }})
		}
		if at := g.schedule.Next(now); !at.IsZero() {
			all = append(all, duty{at: at, list: l.Address, kind: "look", name: fmt.Sprintf("a look at %s, %s", l.Address, g.key),
				do: func(context.Context, time.Time) error { return errDone }})
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
	all         []reader // with those who have it
	rec         list.Record
	slot        time.Time
	from, until uint32 // from is the first that anybody is told of
}

// openRound finds what is due at an hour, or early what there is before; errDone: nothing is any more. The readers are as they were read.
func (g *readership) openRound(r list.Reader, rec list.Record, now time.Time, early bool) (*round, error) {
	o := &round{readership: g, all: g.readers, rec: rec}
	if g.state.Open != nil { // what was begun goes on as it was begun
		left := *g
		served := g.state.served()
		left.readers = slices.DeleteFunc(slices.Clone(g.readers), func(m reader) bool { return served(m.number) })
		o.readership, o.slot, o.until = &left, g.state.Last, g.state.Told
		if o.from = o.until + 1; len(left.readers) > 0 {
			o.from = left.behind() + 1
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

// sendDaily sends the digest that is due at an hour to those who were read, or early what there is before. Where one transaction does not do, they are read again
// for the next.
func (e *Editor) sendDaily(ctx context.Context, l *list.List, rec list.Record, g *readership, now time.Time, early bool) error {
	for ctx.Err() == nil {
		more, err := e.sendSome(l, rec, g, now, early)
		if err != nil || !more {
			return err
		}
		if g, err = e.readershipAt(l, rec, g.key); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// writtenAtOnce is how many octets of digests are written in one transaction, where Editor.writtenAtOnce says nothing.
const writtenAtOnce = 32 << 20

// sendSome sends as many editions of a digest as go into one transaction; more says that there are more, for the readers as they are then.
func (e *Editor) sendSome(l *list.List, rec list.Record, g *readership, now time.Time, early bool) (more bool, err error) {
	var o *round
	if err = e.Engine.Store.View(func(r list.Reader) (err error) { o, err = g.openRound(r, rec, now, early); return err }); err != nil {
		return false, err
	}
	var s *shelf
	var editions []*edition
	if s, err = e.readShelf(l, o.rec, o.from, o.until); err != nil {
		return false, err
	}
	err = e.Engine.Store.View(func(r list.Reader) (err error) {
		editions, err = e.editions(r, o.rec, s, o.readers, o.state.told())
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
	err = e.Engine.Dispatch(l, letters, o.until, now, func(tx list.Tx, send func(n int, readers []uint32) (list.Outgoing, error)) error {
		known, err := readDailies(tx, o.rec, o.key)
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
			readers := slices.DeleteFunc(slices.Clone(editions[n].readers), func(number uint32) bool { return !still(number) })
			if len(readers) > 0 {
				if _, err := send(n, readers); err != nil {
					return err
				}
			}
			if more {
				state.Open.Served = slices.Concat(state.Open.Served, editions[n].readers)
			}
		}
		return state.write(tx, o.rec, o.key)
	})
	if errors.Is(err, errJoined) {
		return true, nil
	}
	return more, err
}

// errJoined says that somebody reads digests at an hour who did not when its readers were read.
var errJoined = errors.New("somebody else reads digests by now")

// stillRead says who still reads digests at this hour and has not chosen otherwise meanwhile: what is left for the others is told in another way. errJoined: there
// is somebody whom this digest is for, too, and who is not among its readers.
func (e *Editor) stillRead(tx list.Tx, l *list.List, o *round) (func(number uint32) bool, error) {
	still, hourOf := make([]uint32, 0, len(o.all)), e.hours(l) // by number, as they come
	err := tx.DigestReaders(o.rec.ID, func(m list.Member) error {
		h, err := hourOf(&m)
		if err != nil || m.Mode != list.ModeDigest || h.key != o.key {
			return err
		}
		if _, known := slices.BinarySearchFunc(o.all, m.Number, byNumber); !known && m.State == list.Active && m.DigestFrom < o.until {
			return errJoined
		}
		still = append(still, m.Number)
		return nil
	})
	return func(number uint32) bool { _, ok := slices.BinarySearch(still, number); return ok }, err
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
