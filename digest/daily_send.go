package digest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/list"
)

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
		if err := o.settle(tx, still, letters, editions); err != nil {
			return err
		}
		return state.write(tx, o.rec, o.key)
	})
	if errors.Is(err, errJoined) {
		return true, nil
	}
	return more, err
}

// settle notes of those who came from another hour that they have been told now what the digests of this one have told.
func (o *round) settle(tx list.Tx, still func(number uint32) bool, letters []*list.Letter, editions []*edition) error {
	waiting := map[uint32]bool{}
	for _, one := range editions[len(letters):] {
		for _, number := range one.readers {
			waiting[number] = true
		}
	}
	for _, m := range o.readers {
		if m.until == 0 || waiting[m.number] || !still(m.number) {
			continue
		}
		known, err := tx.MemberByNumber(o.rec.ID, m.number)
		if err != nil {
			return err
		}
		if known.DigestUntil != m.until || known.DigestFrom != m.from { // they have chosen again
			continue
		}
		known.DigestFrom, known.DigestUntil = max(o.until, m.from), 0
		if _, err := tx.PutMember(known); err != nil {
			return err
		}
	}
	return nil
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
	var whole [][]byte
	if d.form == formWhole {
		if whole, err = e.enclose(s, i); err != nil {
			return nil, err
		}
	}
	return i.letter(d.form, whole), nil
}
