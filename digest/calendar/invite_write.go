package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
)

// writeInvitations writes the mails of a wave. The text is the same for all who read the same language on the same clock and said the same.
func (k *Keeper) writeInvitations(o *occasion, wave []told, before Register, now time.Time) (all []owed, err error) {
	type key struct {
		eventReader
		state  string
		missed bool
	}
	written := map[key]letter.Mail{}
	for _, m := range wave {
		last, missed := before.lastOf(m.Number)
		who := key{o.readerOf(&m.Member, m.Address), m.state, missed}
		mail, ok := written[who]
		if !ok {
			data := letter.Invitation{Event: k.invited(o, who.eventReader), Place: k.House.Place(o.list)}
			data.Event.State = m.state
			if m.state == "changed" {
				data.Changes, data.Was = o.changes(last)
				if slices.Contains(data.Changes, "end") {
					data.Ends, data.Ended = o.endOf(data.Event, last)
				}
				if dates, ok := o.changedDates(last, who.eventReader); ok && slices.Contains(data.Changes, "dates") {
					data.Changes, data.Dates = slices.DeleteFunc(data.Changes, func(c string) bool { return c == "dates" }), dates
				}
				if data.Was = inZone(data.Was, who.zone); !data.Was.IsZero() {
					data.Was = o.clockOf(data.Was, who.zone)
				}
			}
			if mail, err = k.House.Book().Write("invitation", o.languagesOf(who.language), data); err != nil {
				return nil, fmt.Errorf("calendar: event %s: %w", o.ID, err)
			}
			written[who] = mail
		}
		w := owed{mail: mail, kind: kindInvitation, method: "REQUEST"}
		guest := event.Person{Name: m.Name, Address: m.Address}
		switch off, alone := o.takenOff(last); {
		case m.state == "cancelled":
			w.purpose, w.about = list.ForRSVP, about{What: aboutComing} // some answer it all the same
			w.method, w.object = "CANCEL", o.Cancellation(now, o.organiser(), guest, time.Time{}, o.languagesOf(who.language)...)
		case m.state == "changed" && alone:
			w.purpose, w.about, w.method = list.ForRSVP, about{What: aboutComing}, "CANCEL"
			w.object = o.Cancellation(now, o.organiser(), guest, off, o.languagesOf(who.language)...)
		default:
			w.purpose, w.about = list.ForRSVP, about{What: aboutComing}
			w.object = o.Invitation(now, o.organiser(), guest, partStat(who.answer), o.languagesOf(who.language)...)
		}
		all = append(all, w)
	}
	return all, nil
}

// partStat is an answer as a calendar program writes it.
func partStat(answer string) event.PartStat {
	return cmp.Or(map[string]event.PartStat{Yes: event.Accepted, No: event.Declined, Maybe: event.Tentative}[answer], event.NeedsAction)
}

func inZone(t time.Time, zone *time.Location) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(zone)
}
