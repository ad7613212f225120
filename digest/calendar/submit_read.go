package calendar

import (
	"errors"
	"slices"
	"strings"
	"time"

	"convene/list/event"
	"convene/list/message"
)

// mostEvents is how many events one mail may bring.
const mostEvents = 10

// arrived is one event of a mail, with what its object asks for.
type arrived struct {
	method event.Method
	item   event.Item
	zone   *time.Location // of the calendar that it is from; nil: not said
}

// hasObject reports whether a mail has a calendar object, by its Content-Type alone (RFC 6047 §2.6).
func hasObject(m *message.Message) bool {
	return slices.ContainsFunc(m.Parts(), isObject)
}

func isObject(p message.Part) bool {
	return p.Leaf && !p.Enclosed && (p.Media == "text/calendar" || p.Media == "application/ics")
}

// readObjects reads all calendar objects of a mail. Programs put the same one into it twice, as a text and as a file: each event is there once.
func readObjects(m *message.Message, zone *time.Location) (all []arrived, faults event.Faults) {
	fault := func(f *event.Fault) {
		if !slices.ContainsFunc(faults, func(o *event.Fault) bool { return *o == *f }) {
			faults = append(faults, f)
		}
	}
	for _, p := range m.Parts() {
		if !isObject(p) {
			continue
		}
		o, err := event.Read([]byte(p.Markup(objectSize+1)), zone)
		if f, ok := errors.AsType[*event.Fault](err); ok {
			fault(f)
			continue
		}
		if stated := event.Method(strings.ToUpper(p.Params["method"])); !sameMethod(stated, o.Method) {
			// Nobody knows what it is for, nor what the same object is for in another part.
			return nil, event.Faults{{Kind: event.TwoMethods, Text: string(stated) + ", " + string(o.Method)}}
		}
		for _, f := range o.Faults {
			fault(f)
		}
		for _, i := range o.Items {
			if i.Event.UID != "" && slices.ContainsFunc(all, func(a arrived) bool { return a.item.Event.UID == i.Event.UID && a.item.Partial == i.Partial }) {
				continue
			}
			if len(all) == mostEvents {
				fault(&event.Fault{Kind: event.TooMuch, Text: "VEVENT"})
				return all, faults
			}
			all = append(all, arrived{o.Method, i, o.Zone})
		}
	}
	return all, faults
}

// sameMethod reports whether a part asks what its object asks (RFC 6047 §2.4). An object that asks nothing is a file, which takes nothing back whatever the part says.
func sameMethod(stated, object event.Method) bool {
	if object == "" {
		return stated == "" || stated == event.Request || stated == event.Publish
	}
	return stated == "" || stated == object
}

// mostAhead is how far ahead an event may be that is mailed.
const mostAhead = 5 * 366 * 24 * time.Hour

// faultOf is why an event that could be read is none to announce; nil: it is one.
func faultOf(e *event.Event, now time.Time) *event.Fault {
	kind := event.FaultKind("")
	next, ahead := e.Next(now)
	switch {
	case strings.TrimSpace(e.Title.In()) == "":
		kind = event.NoTitle
	case e.Start.IsZero():
		kind = event.NoStart
	case e.Format == event.WorldCafe && (e.Rule != "" || len(e.Extra) > 0):
		kind = event.CafeAgain
	case !ahead:
		kind = event.Over
	case next.Start.Sub(now) > mostAhead || beyondWriting(e):
		kind = event.FarAhead
	default:
		return nil
	}
	return &event.Fault{Kind: kind}
}

// beyondWriting reports whether an instant of an event cannot be written down, since its year would have five digits (RFC 3339 §5.6).
func beyondWriting(e *event.Event) bool {
	all := slices.Concat([]time.Time{e.Start, e.End(), e.RegisterBy}, e.Except, e.Extra)
	for _, c := range e.Changed {
		all = append(all, c.Of, c.Start)
	}
	return slices.ContainsFunc(all, func(t time.Time) bool { return t.UTC().Year() >= 9999 || !t.IsZero() && t.UTC().Year() < 1 })
}
