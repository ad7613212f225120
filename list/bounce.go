package list

import (
	"errors"
	"fmt"
	"time"
)

const (
	// bounceFor is how long after a post was accepted a report about one of its copies counts.
	bounceFor = 30 * day
	// reportsKept is how many reports on one copy are kept. One tells all; a peer that sends a thousand fills no disk.
	reportsKept = 5
	// reportBytes is how much of a report is kept, in octets. What happened, and to whose copy, stands before the message that it gives back.
	reportBytes = 64 << 10
)

// takeBounce takes what came to the return path of one member's copy, or of a probe. A report is kept for whoever asks what became of the copy, and
// what it says is held against the address; what a person wrote there is left for the caller to pass on. Nothing is answered, ever (RFC 5321 §4.5.5).
func (e *Engine) takeBounce(in *Incoming, t Target) (taken bool, err error) {
	a := readArrival(e.Site(), t.List, &in.Envelope, in.Raw)
	said := e.readReport(a)
	if in.From != "" && (a.GuardErr != nil || !isReport(a) && !said.reports()) {
		return false, nil
	}
	var found openMark
	var late bool
	look := func(r Reader) (err error) {
		if found, err = e.readMark(r, t); err != nil || found.purpose == forProbe {
			return err
		}
		_, late, _, err = reportsTaken(r, found.mark, in.Received)
		return err
	}
	if err := e.Store.View(look); errors.Is(err, errNoMark) { // revoked since RCPT
		return false, noSuchWord(t.List)
	} else if err != nil {
		return false, err
	}
	attrs := []any{"id", in.ID, "list", t.List.Address, "member", found.mark.member, "kind", string(said.Kind), "class", string(said.class()), "ip", in.IP}
	if found.purpose == forProbe {
		return true, e.takeProbeBounce(found, said, in.Received, attrs)
	}
	if late {
		e.Log.Info("late bounce", attrs...)
		return true, nil
	}
	return true, e.keepReport(in, a, found, said, append(attrs, "post", found.mark.post))
}

// keepReport keeps a report, unless there are enough, and does what follows from it.
func (e *Engine) keepReport(in *Incoming, a *Arrival, found openMark, said spoken, attrs []any) error {
	report := Report{List: found.mark.list, Post: found.mark.post, Member: found.mark.member, From: in.From, MessageID: a.Message.MessageID(),
		Arrived: in.Received, Kind: said.Kind, Class: said.class()}
	var events []event
	var full bool
	err := e.Store.Keep(in.Raw[:min(len(in.Raw), reportBytes)], func(tx Tx, ref Ref) error {
		p, late, enough, err := reportsTaken(tx, found.mark, in.Received)
		if err != nil || late {
			return err
		}
		if full = enough; full {
			err = countReport(tx, found.mark)
		} else {
			r := report
			r.Ref = ref
			_, err = tx.PutReport(r)
		}
		if err != nil {
			return err
		}
		m, err := tx.MemberByNumber(found.mark.list, found.mark.member)
		if errors.Is(err, ErrNotFound) {
			return in.also(tx) // left, or was taken off
		} else if err == nil {
			events, err = e.follow(tx, &m, &p, said, in.Received)
		}
		return errors.Join(err, in.also(tx))
	})
	if err != nil {
		return fmt.Errorf("list: report on post %d of member %d of list %d: %w", found.mark.post, found.mark.member, found.mark.list, err)
	}
	text := "bounce kept"
	if full {
		text = "bounce dropped"
	}
	e.Log.Info(text, attrs...)
	e.logEvents(events)
	return nil
}

// follow does what follows from a report about a member's copy of a post.
func (e *Engine) follow(tx Tx, m *Member, p *Post, said spoken, now time.Time) ([]event, error) {
	switch class := said.class(); {
	case said.Kind == BounceComplaint:
		return e.complain(tx, m, said.words(), now)
	case class == ClassHard || class == ClassSoft:
		return e.countFailure(tx, newMailedDays(), mailFailure{m.List, m.Address, p.Accepted, class == ClassHard, said.words()}, now)
	}
	return nil, nil
}

// takeProbeBounce takes what came back of a probe.
func (e *Engine) takeProbeBounce(found openMark, said spoken, now time.Time, attrs []any) error {
	e.Log.Info("report on a probe", attrs...)
	if said.class() == ClassNone && said.Kind != BounceComplaint {
		return nil
	}
	var events []event
	err := e.Store.Update(func(tx Tx) (err error) {
		if said.Kind != BounceComplaint {
			events, err = e.probeFailed(tx, found.mark, said.class(), said.words(), now)
			return err
		}
		m, err := tx.MemberByNumber(found.mark.list, found.mark.member)
		if errors.Is(err, ErrNotFound) {
			return nil
		} else if err == nil {
			events, err = e.complain(tx, &m, said.words(), now)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("list: report on a probe to member %d of list %d: %w", found.mark.member, found.mark.list, err)
	}
	e.logEvents(events)
	return nil
}

// isReport tells what programs send to a return path, which is where they answer to (RFC 3834 §4), from what people write.
func isReport(a *Arrival) bool {
	_, ok := Automatic(a.Envelope, a.Message)
	return ok
}

// reportsTaken gives the post that a report is about, and says whether it is too late for one, and whether there are enough.
func reportsTaken(r Reader, m mark, now time.Time) (p Post, late, full bool, err error) {
	p, err = r.Post(m.list, m.post)
	if errors.Is(err, ErrNotFound) {
		return p, true, false, nil
	} else if err != nil {
		return p, false, false, err
	}
	n := 0
	err = r.MemberReports(m.list, m.post, m.member, func(Report) error { n++; return nil })
	return p, now.After(p.Accepted.Add(bounceFor)), n >= reportsKept, err
}

// countReport counts a report that is not kept.
func countReport(tx Tx, m mark) error {
	var last Report
	if err := tx.MemberReports(m.list, m.post, m.member, func(r Report) error { last = r; return nil }); err != nil {
		return err
	}
	last.More++
	_, err := tx.PutReport(last)
	return err
}
