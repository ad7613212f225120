package calendar

import (
	"fmt"
	"slices"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
)

// roundWriter writes the forms of one round-up.
type roundWriter struct {
	k     *Keeper
	o     *round
	files map[string][]byte         // the calendar file, by language
	mails map[roundForm]letter.Mail // by what it says, whether or not its HTML is wanted
}

func newRoundWriter(k *Keeper, o *round) *roundWriter {
	return &roundWriter{k, o, map[string][]byte{}, map[roundForm]letter.Mail{}}
}

// What a round-up names at most: events, and octets of what people wrote about them. What is left is in the file.
const (
	roundEvents = 100
	roundOctets = 64 << 10
)

// write writes one form.
func (w *roundWriter) write(f roundForm) (*list.Letter, error) {
	mail, err := w.mail(roundForm{language: f.language, zone: f.zone})
	if err != nil {
		return nil, err
	}
	l := &list.Letter{Subject: mail.Subject, Text: mail.Text, Language: mail.Language, Kind: kindRoundup, Word: "events",
		Attached: []list.Attached{{Name: "events.ics", Media: "text/calendar; method=PUBLISH", Content: w.file(f.language)}}}
	if f.html {
		l.HTML = mail.HTML
	}
	return l, nil
}

// mail writes what is the same for all who read a language on a clock.
func (w *roundWriter) mail(f roundForm) (letter.Mail, error) {
	if known, ok := w.mails[f]; ok {
		return known, nil
	}
	o := w.o
	zone := zoneFor(o.list, &list.Member{Timezone: f.zone})
	languages := languagesOf(o.list, f.language)
	data := letter.Roundup{Until: o.until.In(zone), Calendar: w.k.House.Page(o.list), Sample: sampleDay(o.now.In(zoneOf(o.list))), Place: w.k.House.Place(o.list)}
	data.Count, data.New = upcoming(o.news)
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
	w.mails[f] = mail
	return mail, nil
}

// file is the calendar file with all of it: a series is one in it, and what does not take place stands in it as such.
func (w *roundWriter) file(language string) []byte {
	if w.files[language] == nil {
		var all []*event.Event
		for _, n := range w.o.news {
			all = append(all, n.Event)
		}
		w.files[language] = event.WriteEvents(w.o.now, all, languagesOf(w.o.list, language)...)
	}
	return w.files[language]
}

// sampleDay is when the event of the sample takes place: a week from now, at three in the afternoon.
func sampleDay(now time.Time) time.Time {
	return time.Date(now.Year(), now.Month(), now.Day()+7, 15, 0, 0, 0, now.Location())
}
