package list

import (
	"errors"
	"fmt"
	"time"
)

const (
	// bounceFor is how long after a post was accepted a report about one of its copies counts.
	bounceFor = 30 * 24 * time.Hour
	// reportsKept is how many reports on one copy are kept. One tells all; a peer that sends a thousand fills no disk.
	reportsKept = 5
	// reportBytes is how much of a report is kept, in octets. What happened, and to whose copy, stands before the message that it gives back.
	reportBytes = 64 << 10
)

// takeBounce takes what came to the return path of one member's copy. A report is kept for whoever judges it; what a person wrote there is
// left for the caller to pass on. Nothing is answered, ever (RFC 5321 §4.5.5).
func (e *Engine) takeBounce(in *Incoming, t Target) (taken bool, err error) {
	if in.From != "" {
		if a := readArrival(e.Site(), t.List, &in.Envelope, in.Raw); a.GuardErr != nil || !isReport(a) {
			return false, nil
		}
	}
	var found openMark
	var late, full bool
	look := func(r Reader) (err error) {
		if found, err = e.readMark(r, t); err != nil {
			return err
		}
		late, full, err = reportsTaken(r, found.mark, in.Received)
		return err
	}
	if err := e.Store.View(look); errors.Is(err, errNoMark) { // revoked since RCPT
		return false, noSuchWord(t.List)
	} else if err != nil {
		return false, err
	}
	attrs := []any{"id", in.ID, "list", t.List.Address, "member", found.mark.member, "post", found.mark.post, "ip", in.IP}
	switch {
	case late:
		e.Log.Info("late bounce", attrs...)
		return true, nil
	case full:
		err = e.Store.Update(func(tx Tx) error { return countReport(tx, found.mark) })
	default:
		report := newReport(e.Site(), found.mark, in)
		err = e.Store.Keep(in.Raw[:min(len(in.Raw), reportBytes)], func(tx Tx, ref Ref) error {
			if _, full, err = reportsTaken(tx, found.mark, in.Received); err != nil {
				return err
			}
			if full {
				return countReport(tx, found.mark)
			}
			r := report
			r.Ref = ref
			_, err := tx.PutReport(r)
			return err
		})
	}
	if err != nil {
		return false, fmt.Errorf("list: report on post %d of %s: %w", found.mark.post, t.List.Address, err)
	}
	event := "bounce kept"
	if full {
		event = "bounce dropped"
	}
	e.Log.Info(event, attrs...)
	return true, nil
}

// isReport tells what programs send to a return path, which is where they answer to (RFC 3834 §4), from what people write.
func isReport(a *Arrival) bool {
	_, ok := Automatic(a.Envelope, a.Message)
	return ok
}

// newReport describes a report. Its Message-ID is for people; one that breaks a limit is kept all the same, unread.
func newReport(site *Site, m mark, in *Incoming) Report {
	a := readArrival(site, &List{}, &in.Envelope, in.Raw)
	return Report{List: m.list, Post: m.post, Member: m.member, From: in.From, MessageID: a.Message.MessageID(), Arrived: in.Received}
}

// reportsTaken says whether it is too late for a report on a copy, and whether there are enough.
func reportsTaken(r Reader, m mark, now time.Time) (late, full bool, err error) {
	p, err := r.Post(m.list, m.post)
	if errors.Is(err, ErrNotFound) {
		return true, false, nil
	} else if err != nil {
		return false, false, err
	}
	n := 0
	err = r.MemberReports(m.list, m.post, m.member, func(Report) error { n++; return nil })
	return now.After(p.Accepted.Add(bounceFor)), n >= reportsKept, err
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
