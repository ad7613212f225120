package event

import (
	"cmp"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-ical"
)

// people reads the organiser and the guests.
func people(i *Item, props ical.Props) {
	if p := props.Get("ORGANIZER"); p != nil {
		i.Event.Organiser = person(p)
		i.SentBy = address(p.Params.Get("SENT-BY"))
	}
	for _, p := range props.Values("ATTENDEE") {
		if i.GuestCount++; len(i.Guests) == maxGuests {
			continue
		}
		g := Guest{Person: person(&p), Status: PartStat(strings.ToUpper(p.Params.Get("PARTSTAT"))), SentBy: address(p.Params.Get("SENT-BY")),
			Role: strings.ToUpper(p.Params.Get("ROLE")), RSVP: strings.EqualFold(p.Params.Get("RSVP"), "TRUE")}
		g.Status = cmp.Or(g.Status, NeedsAction)
		i.Guests = append(i.Guests, g)
	}
}

// person reads a calendar user (RFC 5545 §3.3.3): mostly mailto:, at times with the name in quotes of its own, or with the address in EMAIL (RFC 7986 §6.2).
func person(p *ical.Prop) Person {
	x := Person{Name: cutRunes(oneLine(strings.Trim(paramText(p.Params.Get("CN")), `"' `)), maxName), Address: address(p.Value)}
	if x.Address == "" {
		x.Address = address(p.Params.Get("EMAIL"))
	}
	if strings.EqualFold(x.Name, x.Address) {
		x.Name = ""
	}
	return x
}

// address is the address in a mailto: URI, or one that stands without it; empty: there is none.
func address(uri string) string {
	uri = strings.TrimSpace(uri)
	if i := strings.LastIndex(strings.ToLower(uri), "mailto:"); i >= 0 {
		uri = uri[i+len("mailto:"):]
	}
	uri, _, _ = strings.Cut(uri, "?")
	if plain, err := url.PathUnescape(uri); err == nil {
		uri = plain
	}
	uri = strings.Trim(uri, " <>'")
	if at := strings.LastIndex(uri, "@"); at <= 0 || at == len(uri)-1 || len(uri) > 320 || !utf8.ValidString(uri) || strings.ContainsFunc(uri, func(c rune) bool { return c <= ' ' || c == 0x7f || c == ',' || c == ';' }) {
		return ""
	}
	return uri
}
