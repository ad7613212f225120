package calendar

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
)

// writtenAtOnce is how many octets of round-ups are written in one transaction, where Keeper.WrittenAtOnce says nothing: couriers begin with the first of them while the others are
// written.
const writtenAtOnce = 1 << 20

// roundForm is what one form of a round-up is for: everybody who reads the same language on the same clock, with HTML or without.
type roundForm struct {
	roundPage
	html bool
}

// roundPage is what is the same in several forms: what readers of one language on one clock are told.
type roundPage struct{ language, zone string }

// roundWriter writes the forms of one round-up. The calendar file is the same on each clock, and made once for a language.
type roundWriter struct {
	k     *Keeper
	o     *round
	files map[string]func() []byte
}

// newRoundWriter is a writer of these forms.
func newRoundWriter(k *Keeper, o *round, forms []roundForm) *roundWriter {
	w := &roundWriter{k, o, map[string]func() []byte{}}
	for _, f := range forms {
		if w.files[f.language] == nil {
			w.files[f.language] = sync.OnceValue(func() []byte { return w.file(f.language) })
		}
	}
	return w
}

// writeForms writes the first of some forms, at least one: as many as go into one transaction, if all are as long as the first. Those of one page stand together. It takes as
// many cores as there are: nobody else is held up, since no transaction waits for it.
func (w *roundWriter) writeForms(forms []roundForm) (letters []*list.Letter, err error) {
	var pages [][]roundForm
	for i, f := range forms {
		if i == 0 || f.roundPage != forms[i-1].roundPage {
			pages = append(pages, nil)
		}
		last := len(pages) - 1
		pages[last] = append(pages[last], f)
	}
	if len(pages) == 0 {
		return nil, nil
	}
	written := make([][]*list.Letter, len(pages))
	if written[0], err = w.write(pages[0]); err != nil {
		return nil, err
	}
	size := 0
	for _, l := range written[0] {
		size += len(l.Text) + len(l.HTML) + len(l.Attached[0].Content)*3/2
	}
	most := min(len(pages), 1+cmp.Or(w.k.WrittenAtOnce, writtenAtOnce)/size)
	errs := make([]error, most)
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), most) {
		all.Go(func() {
			for i := int(next.Add(1)); i < most; i = int(next.Add(1)) {
				written[i], errs[i] = w.write(pages[i])
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return slices.Concat(written...), nil
}

// What a round-up names at most: events, and octets of what people wrote about them. What is left is in the file.
const (
	roundEvents = 100
	roundOctets = 64 << 10
)

// write writes the forms of one page. Several may be written at once.
func (w *roundWriter) write(forms []roundForm) (all []*list.Letter, err error) {
	mail, err := w.mail(forms[0].roundPage)
	if err != nil {
		return nil, err
	}
	for _, f := range forms {
		l := &list.Letter{Subject: mail.Subject, Text: mail.Text, Language: mail.Language, Kind: kindRoundup, Word: "events",
			Attached: []list.Attached{{Name: "events.ics", Media: "text/calendar; method=PUBLISH", Content: w.files[f.language]()}}}
		if f.html {
			l.HTML = mail.HTML
		}
		all = append(all, l)
	}
	return all, nil
}

// mail writes a page.
func (w *roundWriter) mail(f roundPage) (letter.Mail, error) {
	o := w.o
	zone := zoneFor(o.list, &list.Member{Timezone: f.zone})
	languages := languagesOf(o.list, f.language)
	data := letter.Roundup{Until: o.lastDay(zone), Calendar: w.k.House.Page(o.list), Sample: sampleDay(o.now.In(zoneOf(o.list))), Place: w.k.House.Place(o.list)}
	data.Count, data.New = upcoming(o.news)
	data.Events = make([]letter.Rounded, 0, min(len(o.news), roundEvents))
	octets := 0
	for i := range o.news {
		x := o.news[i].rounded(zone, languages, o.now)
		if octets += len(x.Where); i >= roundEvents || octets > roundOctets {
			data.More = len(o.news) - i
			break
		}
		data.Events = append(data.Events, x)
	}
	first := slices.IndexFunc(o.news, func(n news) bool { return n.state != stateCancelled })
	data.First = o.news[first].rounded(zone, languages, o.now).Coming
	mail, err := w.k.House.Book().Write("roundup", languages, data)
	if err != nil {
		return mail, fmt.Errorf("calendar: the round-up of %s: %w", o.list.Address, err)
	}
	return mail, nil
}

// file is the calendar file with all of it: a series is one in it, and what does not take place stands in it as such.
func (w *roundWriter) file(language string) []byte {
	var all []*event.Event
	for _, n := range w.o.news {
		all = append(all, n.Event)
	}
	return event.WriteEvents(w.o.now, all, languagesOf(w.o.list, language)...)
}

// sampleDay is when the event of the sample takes place: a week from now, at three in the afternoon.
func sampleDay(now time.Time) time.Time {
	return time.Date(now.Year(), now.Month(), now.Day()+7, 15, 0, 0, 0, now.Location())
}
