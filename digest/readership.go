package digest

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"convene/list"
)

// reader is what there is to know of a member who reads digests. There may be as many of them as there are members, and they are read at every look.
type reader struct {
	number   uint32
	from     uint32 // the last post that no digest is to tell them of
	until    uint32 // not zero: they came from another hour, and this one has told them of nothing
	language string
	form     form
	wishes   *list.Member // with what they want and do not want of a digest; nil: they want all
}

func readerOf(m *list.Member) reader {
	one := reader{number: m.Number, from: m.DigestFrom, until: m.DigestUntil, language: m.Language, form: formOf(m)}
	if m.Follow || m.NoDuplicates || m.Own == list.ChooseNo {
		wishes := *m
		one.wishes = &wishes
	}
	return one
}

func byNumber(one reader, number uint32) int { return cmp.Compare(one.number, number) }

// readership are the members of a list who read digests at the same hour, by number: one at least.
type readership struct {
	hour
	readers []reader
	state   *dailies
}

// readerships are those of a list, by the keys of their hours, and those who are owed their last digest. Who gets no mail at present is in none.
func (e *Editor) readerships(r list.Reader, l *list.List, rec list.Record) (all []*readership, owed []list.Member, err error) {
	byKey, hourOf := map[string]*readership{}, e.hours(l)
	err = r.DigestReaders(rec.ID, func(m list.Member) error {
		switch {
		case m.State != list.Active:
			return nil
		case m.Mode != list.ModeDigest:
			if m.DigestUntil != 0 {
				owed = append(owed, m)
			}
			return nil
		}
		h, err := hourOf(&m)
		if err != nil {
			return err
		}
		g := byKey[h.key]
		if g == nil {
			g = &readership{hour: h}
			byKey[h.key] = g
		}
		g.readers = append(g.readers, readerOf(&m))
		return nil
	})
	for _, one := range byKey {
		if err == nil {
			one.state, err = readDailies(r, rec, one.key)
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b *readership) int { return cmp.Compare(a.key, b.key) })
	return all, owed, err
}

// readershipAt are those of an hour as they are now; errDone: there are none.
func (e *Editor) readershipAt(l *list.List, rec list.Record, key string) (g *readership, err error) {
	err = e.Engine.Store.View(func(r list.Reader) error {
		groups, _, err := e.readerships(r, l, rec)
		if at := slices.IndexFunc(groups, func(g *readership) bool { return g.key == key }); at >= 0 {
			g = groups[at]
		} else if err == nil {
			err = errDone
		}
		return err
	})
	return g, err
}

// readerSource has what readers of digests are owed: the digests of their hours, and their last. All of them are read once.
func (e *Editor) readerSource(r list.Reader, l *list.List, rec list.Record, now time.Time) ([]duty, error) {
	groups, owed, err := e.readerships(r, l, rec)
	if err != nil {
		return nil, err
	}
	daily, err := e.dailyDuties(r, l, rec, groups, now)
	last, failed := e.lastDuties(r, l, rec, owed)
	return append(daily, last...), errors.Join(err, failed)
}

// behind is the last post that all of them were told of.
func (g *readership) behind() uint32 {
	told := g.state.told()
	least := told(&g.readers[0])
	for i := range g.readers {
		least = min(least, told(&g.readers[i]))
	}
	return least
}
