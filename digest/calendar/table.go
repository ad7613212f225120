package calendar

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"convene/list"
	"convene/list/event"
	"convene/list/event/cafe"
)

// When people are seated anew who were told their tables.
const (
	// settleAfter is how long after an answer, so that who changes their mind twice makes one change of it.
	settleAfter = 10 * time.Minute
	// tablesLast is how long before the start the last time is: by then people have left for it.
	tablesLast = 30 * time.Minute
)

// kindTables is the kind of the mails with somebody's tables, as the index of a rehearsal has it.
const kindTables = "tables"

// seats reports whether people sit at tables at an event.
func (o *occasion) seats() bool {
	return o.Format == event.WorldCafe && o.Rule == "" && !o.AllDay && !o.waits() && !o.Cancelled
}

// seatAt is when people are seated: when registration ends, or a day before; not so late that they would not read it.
func (o *occasion) seatAt() time.Time {
	if o.RegisterBy.IsZero() {
		return o.Start.Add(-24 * time.Hour)
	}
	if o.RegisterBy.After(o.tablesEnd()) {
		return o.tablesEnd()
	}
	return o.RegisterBy
}

// tablesRemind reports whether people get their tables at about the time at which a reminder the day before would come: that is one. Where they were seated by command they
// had them then.
func (o *occasion) tablesRemind() bool {
	at := o.seatAt()
	if told, ok := o.reg.Done[doneSheet]; ok && told.Before(at) {
		at = told
	}
	before := o.Start.Sub(at)
	return o.seats() && before >= tablesAfter && before <= tablesBefore
}

// tablesEnd is from when on nobody is told of another table.
func (o *occasion) tablesEnd() time.Time { return o.Start.Add(-tablesLast) }

// unseat forgets tables that people were told for another start, where it is before people are seated for this one: then they are told anew, and all that is done
// around it. A café that begins an hour later keeps its tables.
func (o *occasion) unseat() {
	g := o.reg
	if g.Seating == nil || g.SeatedOf.IsZero() || g.SeatedOf.Equal(o.Start) || !g.Seated.Before(o.seatAt()) {
		return
	}
	g.Seating, g.Seated, g.SeatedOf, g.SeatedFor = nil, time.Time{}, time.Time{}, ""
	maps.DeleteFunc(g.Done, func(key string, _ time.Time) bool { return strings.HasPrefix(key, doneTables) })
}

// doneTables is what the keys of all duties begin with that are done for one seating.
const doneTables = "tables/"

// tables has people seated and told; has them seated anew, once, when answers have come since; and gives who facilitates the sheet of all tables.
func (k *Keeper) tables(r list.Reader, o *occasion, now time.Time) (all []Duty, err error) {
	if !o.seats() || !now.Before(o.Start) {
		return nil, nil
	}
	add := func(at time.Time, n int, name string, do func(ctx context.Context, now time.Time) error) {
		all = append(all, Duty{At: at, Kind: kindTables, N: n, Name: name + " of " + o.ID, Do: do})
	}
	seat := func(_ context.Context, now time.Time) error {
		if _, err := k.seat(o.list, o.ID, false, now); !errors.Is(err, errAgain) {
			return err
		}
		return nil // the next look has the answer that came meanwhile
	}
	switch {
	case o.reg.Seating == nil:
		add(o.seatAt(), 0, "the tables", seat)
	case o.reg.SeatedFor != o.seatable().print && !now.After(o.tablesEnd()):
		at := o.lastAnswer().Add(settleAfter)
		if at.After(o.tablesEnd()) {
			at = o.tablesEnd()
		}
		add(at, 0, "the changed tables", seat)
	}
	if o.late(now) && o.reg.SeatedFor != o.seatable().print {
		p, err := k.partyOf(r, o)
		if err != nil {
			return nil, err
		}
		if len(o.latecomers(p.members)) > 0 {
			add(now, 2, "the tables of who comes late", func(_ context.Context, now time.Time) error { return k.seatLate(o.list, o.ID, now) })
		}
	}
	if told, ok := o.reg.Done[doneSheet]; ok && o.reg.Seated.After(told) {
		add(later(o.tablesEnd(), told), 1, "the last sheet", func(_ context.Context, now time.Time) error { return k.lastSheet(o.list, o.ID, now) })
	}
	return all, nil
}

// seatable is who is to have a table, by their answers alone.
type seatable struct {
	keys  []string // sorted
	print string   // is another one when they are others, would do something else, or are seated otherwise
}

func (o *occasion) seatable() seatable {
	s := seatable{}
	what := []any{o.rounds(), o.TableSize, o.ExpectShow}
	for _, key := range slices.Sorted(maps.Keys(o.reg.Guests)) {
		if g := o.reg.Guests[key]; g.Answer == Yes && g.Waiting.IsZero() && !g.Mail {
			s.keys = append(s.keys, key)
			what = append(what, key, g.Host, g.Notes, g.Pass)
			if g.PassNotes {
				what = append(what, "no notes") // tables of before it was known keep their print
			}
		}
	}
	text, err := json.Marshal(what)
	if err != nil {
		panic(err) // texts, numbers and truths
	}
	sum := sha256.Sum256(text)
	s.print = hex.EncodeToString(sum[:8])
	return s
}

// lastAnswer is when the last answer came.
func (o *occasion) lastAnswer() (at time.Time) {
	for _, g := range o.reg.Guests {
		at = later(at, g.At)
	}
	return at
}

// rounds is how many rounds there are.
func (o *occasion) rounds() int { return min(cmp.Or(max(o.Rounds, 0), 3), 10) }

// guestsOf are who is to have a table, as the seating knows them: who gets no mail, or has left, cannot be told one.
func (o *occasion) guestsOf(keys []string, members map[string]*list.Member) (all []cafe.Guest) {
	for _, key := range keys {
		g, m := o.reg.Guests[key], members[key]
		if m == nil || m.State != list.Active {
			continue
		}
		all = append(all, cafe.Guest{Key: key, Languages: o.spoken(m), Host: g.Host, Notes: g.Notes, NotHost: g.Pass, NotNotes: g.PassNotes})
	}
	group(all)
	return all
}

// spoken are the languages that somebody is taken to speak: their own, and, where the event is held in others, those.
func (o *occasion) spoken(m *list.Member) []string {
	if m == nil {
		return nil
	}
	own := cmp.Or(m.Language, o.list.Language)
	if len(o.Languages) == 0 || own == "" || slices.Contains(o.Languages, own) {
		return compactTexts(own)
	}
	return compactTexts(append([]string{own}, o.Languages...)...)
}

// compactTexts leaves out what is empty.
func compactTexts(all ...string) []string {
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}
