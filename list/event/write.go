package event

import (
	"fmt"
	"strings"
	"time"
)

// Invitation invites a guest (METHOD:REQUEST, RFC 5546 §3.2.2), anew or to what has changed, in the first of these languages that the event's texts are in. It
// names this guest and nobody else. rsvp is who answers go to; status is what the guest answered so far. A series is whole in it, with the dates that
// are otherwise; its times are on its own clock, whose zone is in the object. The times of an event that takes place once are in UTC.
func (e *Event) Invitation(now time.Time, rsvp, guest Person, status PartStat, languages ...string) []byte {
	return e.Inviter(now, rsvp, languages...)(guest, status)
}

// Inviter writes what Invitation does, for many guests: what is the same for all of them is made once. It may be called by several at a time.
func (e *Event) Inviter(now time.Time, rsvp Person, languages ...string) func(guest Person, status PartStat) []byte {
	zones := &eventWriter{now: now}
	zones.zones([]*Event{e})
	return func(guest Person, status PartStat) []byte {
		w := &eventWriter{now: now, method: Request, organiser: func(*Event) Person { return rsvp }, guest: guest, status: status, languages: languages}
		w.open(Request)
		w.Write(zones.Bytes())
		w.event(e)
		return w.close()
	}
}

// Cancellation takes an event back from a guest (METHOD:CANCEL, RFC 5546 §3.2.5), or the date of it that is known by of; of zero: the whole. The event's
// Sequence has to be higher than that of the invitation.
func (e *Event) Cancellation(now time.Time, rsvp, guest Person, of time.Time, languages ...string) []byte {
	w := &eventWriter{now: now, method: Cancel, organiser: func(*Event) Person { return rsvp }, guest: guest, languages: languages}
	w.open(Cancel)
	w.zones([]*Event{e})
	if of.IsZero() {
		w.event(e)
	} else {
		w.date(e, &Instance{Of: of, Cancelled: true})
	}
	return w.close()
}

// Calendar is the event as a calendar file, for people to keep: WriteEvents of it alone.
func (e *Event) Calendar(now time.Time, languages ...string) []byte {
	return WriteEvents(now, []*Event{e}, languages...)
}

// WriteEvents writes a calendar file that publishes events (METHOD:PUBLISH, RFC 5546 §3.2.1), in the first of these languages that their texts are in. Nobody is asked
// for an answer, and nobody is named but the lists that offer them. now is when it is written.
func WriteEvents(now time.Time, events []*Event, languages ...string) []byte {
	w := &eventWriter{now: now, method: Publish, organiser: offering, languages: languages}
	w.open(Publish)
	w.zones(events)
	for _, e := range events {
		w.event(e)
	}
	return w.close()
}

// offering is who publishes an event: its list, by the address that its invitations have, so that a program takes both for the same.
func offering(e *Event) Person {
	local, domain, _ := strings.Cut(e.List, "@")
	return Person{Address: local + "+events@" + domain}
}

// WriteFeed writes events for programs that fetch them again and again, as often as refresh says. name is what they call the calendar. It has a method as
// Google's feeds have: old Outlooks import no file without one. Cancelled events stay in it as such.
func WriteFeed(now time.Time, name string, refresh time.Duration, events []*Event, languages ...string) []byte {
	w := &eventWriter{now: now, method: Publish, organiser: offering, languages: languages}
	w.open(Publish)
	w.text("NAME", name) // RFC 7986 §5.1; the other name is older, and the one that programs know
	w.text("X-WR-CALNAME", name)
	if minutes := int(refresh / time.Minute); minutes > 0 {
		w.line("REFRESH-INTERVAL", ";VALUE=DURATION", fmt.Sprintf("PT%dM", minutes))
		w.line("X-PUBLISHED-TTL", "", fmt.Sprintf("PT%dM", minutes))
	}
	w.zones(events)
	for _, e := range events {
		w.event(e)
	}
	return w.close()
}
