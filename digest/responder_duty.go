package digest

import (
	"context"
	"errors"
	"slices"
	"time"

	"convene/digest/letter"
	"convene/list"
)

// responders are the duties towards first responders: to ask them, to send them the question ahead of the others, and to ask once whether they still can.
func (e *Editor) responders(r list.Reader, a *affair, now time.Time) ([]duty, error) {
	if len(a.Discussion.Responders) == 0 {
		return nil, nil
	}
	all, err := a.lineup(r)
	if err != nil {
		return nil, err
	}
	room, err := e.room(r, a)
	if err != nil {
		return nil, err
	}
	var duties []duty
	for i := range all {
		if d, ok := e.responderDuty(a, &all[i], room, now); ok {
			d.list, d.n = a.list.Address, i
			duties = append(duties, d)
		}
	}
	return duties, nil
}

// responderDuty is what is next for one of them; false: nothing.
func (e *Editor) responderDuty(a *affair, s *stand, room room, now time.Time) (duty, bool) {
	do := func(kind string, at time.Time, f func(tx list.Tx, a *affair, s *stand, now time.Time) error) (duty, bool) {
		key, address := s.row.Key, s.address
		return duty{at: at, kind: kind, name: kind + " " + key + " " + address, do: func(_ context.Context, now time.Time) error {
			return e.change(a.ID, func(tx list.Tx, a *affair) error {
				all, err := a.lineup(tx)
				if err != nil {
					return err
				}
				room, err := e.room(tx, a)
				if err != nil {
					return err
				}
				for i := range all {
					if s := &all[i]; s.row.Key == key && s.address == address {
						if d, ok := e.responderDuty(a, s, room, now); !ok || d.kind != kind || d.at.After(now) {
							return errDone
						}
						return f(tx, a, s, now)
					}
				}
				return errDone
			})
		}}, true
	}
	gone := a.out(s.row)
	switch {
	case !s.ask.IsZero() && !gone:
		if at, ok := room.freeFrom(s.address, s.ask, s.at); ok && now.Before(s.at) {
			return do("responder_ask", at, e.askResponder)
		}
	case s.state == nil || s.state.Said != saidYes || s.state.Way != "":
	case !gone:
		if at, ok := e.questionAt(a, s, now); ok {
			return do("responder_question", at, e.sendQuestion)
		}
	case a.course.stage(s.row.Key) == Sent && s.state.Nudge == "" && s.state.Asked.Before(s.at):
		at := a.Calendar.NudgeAt(s.at, e.zone(a, &s.member))
		if now.After(at) { // what is late waits for working hours
			at = a.Calendar.In(e.zone(a, &s.member)).NextOpen(now)
		}
		return do("responder_nudge", at, e.nudge)
	}
	return duty{}, false
}

// questionKnown is how long before its mail the question is fresh enough with somebody who was told of another date for it.
const questionKnown = 3 * 24 * time.Hour

// questionAt is when somebody who said yes is sent the question, or told that its mail was put off; false: they have it.
func (e *Editor) questionAt(a *affair, s *stand, now time.Time) (time.Time, bool) {
	ahead := a.Calendar.AheadAt(s.at, e.zone(a, &s.member))
	if !now.Before(s.at) || !s.state.Question.Before(ahead) {
		return ahead, false
	}
	if s.putOff() { // they are told at once: on the day that they know they would look for it in vain
		return earlier(a.Calendar.In(e.zone(a, &s.member)).NextOpen(now), ahead), true
	}
	return ahead, ahead.Sub(s.state.Question) >= questionKnown
}

// putOff reports whether the mail of a question that somebody has goes out later than they were told.
func (s *stand) putOff() bool {
	return s.state != nil && !s.state.Question.IsZero() && !s.state.For.IsZero() && s.at.After(s.state.For)
}

// askResponder asks somebody whether they would answer first.
func (e *Editor) askResponder(tx list.Tx, a *affair, s *stand, now time.Time) error {
	data := e.responderLetter(a, s)
	if data.Until = a.silentAt(now, s.at); !data.Until.Before(s.at) {
		data.Until = time.Time{}
	}
	state := a.course.responder(s.row.Key, s.address)
	state.Asked, state.Backup = now, s.instead
	if left, err := a.backups(tx, s.row); err != nil {
		return err
	} else if len(left) == 0 {
		data.Until = time.Time{} // nobody is left who would be asked
	}
	return e.oweResponder(tx, a, s, "responder-ask", "responder_ask", data, now)
}

// sendQuestion sends somebody who said yes the question before the others have it; where its mail was put off since, with a word that it was.
func (e *Editor) sendQuestion(tx list.Tx, a *affair, s *stand, now time.Time) error {
	state, data := a.course.responder(s.row.Key, s.address), e.responderLetter(a, s)
	data.Moved = s.putOff()
	state.Question, state.For = now, s.at
	return e.oweResponder(tx, a, s, "responder-question", "responder_question", data, now)
}

// nudge asks somebody once whether they still can, unless they wrote, a post of theirs is held, or the mail has not reached them: of that the morning note
// tells.
func (e *Editor) nudge(tx list.Tx, a *affair, s *stand, now time.Time) error {
	state := a.course.responder(s.row.Key, s.address)
	state.Nudged = now
	why, err := a.unnudged(tx, s)
	if err != nil {
		return err
	}
	if why == "" && now.After(s.at.Add(nudgeLate)) {
		why = nudgeTooLate
	}
	if state.Nudge = why; why != "" {
		return nil
	}
	state.Nudge = nudgeSent
	data := e.responderLetter(a, s)
	if data.Mail, data.Answer, err = a.answering(tx, s.row.Key); err != nil {
		return err
	}
	return e.oweResponder(tx, a, s, "responder-nudge", "responder_nudge", data, now)
}

// What came of a nudge.
const (
	nudgeSent    = "sent"
	nudgeWrote   = "wrote"    // there was none: they wrote
	nudgeHeld    = "held"     // a post of theirs waits for a moderator
	nudgeMissing = "bounced"  // the mail has not reached them
	nudgeTooLate = "too late" // it is of no use any more
)

// nudgeLate is how long after the mail somebody is nudged at most: a nudge on Tuesday morning about Friday's question is one, a later one is a reproach.
const nudgeLate = 4 * 24 * time.Hour

// unnudged says why somebody is not to be nudged; empty: they are.
func (a *affair) unnudged(r list.Reader, s *stand) (why string, err error) {
	since := s.at
	if !s.state.Question.IsZero() && s.state.Question.Before(since) {
		since = s.state.Question
	}
	wrote, err := a.wroteSince(r, s, since)
	if err != nil || wrote {
		return nudgeWrote, err
	}
	held := false
	err = r.HeldPosts(a.rec.ID, func(h list.Held) error {
		held = held || !h.Join && a.isBy(s, h.Post.From)
		return nil
	})
	if err != nil || held {
		return nudgeHeld, err
	}
	if !reachable(&s.member) {
		return nudgeMissing, nil
	}
	missing, err := a.missed(r, s)
	if err != nil || missing {
		return nudgeMissing, err
	}
	return "", nil
}

// isBy reports whether an address is one of somebody's.
func (a *affair) isBy(s *stand, address string) bool {
	if list.SameAddress(s.address, address) || list.SameAddress(s.member.Address, address) {
		return true
	}
	for _, o := range s.member.Others {
		if list.SameAddress(o, address) {
			return true
		}
	}
	return false
}

// wroteSince reports whether somebody wrote in the discussion since a time.
func (a *affair) wroteSince(r list.Reader, s *stand, since time.Time) (wrote bool, err error) {
	all, err := a.find(r)
	for i := range all {
		if p := &all[i].post; p.Planned == "" && !p.Accepted.Before(since) && a.isBy(s, p.From) {
			return true, err
		}
	}
	return false, err
}

// missed reports whether the mail of a row failed for somebody, or is still on its way to them.
func (a *affair) missed(r list.Reader, s *stand) (bool, error) {
	p, err := r.Post(a.rec.ID, a.course.Rows[s.row.Key].Post)
	if errors.Is(err, list.ErrNotFound) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	for _, id := range append([]uint64{p.Outgoing}, p.Further...) {
		o, err := r.Outgoing(id)
		if errors.Is(err, list.ErrNotFound) || err == nil && o.Only != nil && !slices.Contains(o.Only, s.member.Number) {
			continue // it is long done with, or in a language that is not theirs
		} else if err != nil {
			return false, err
		}
		if missing, err := r.Undelivered(id, s.member.Number); err != nil || missing {
			return missing, err
		}
	}
	return false, nil
}

// answering is the subject of a planned mail that is out, and a link that begins an answer to it; both are empty where it is not.
func (a *affair) answering(r list.Reader, row string) (subject, link string, err error) {
	s := a.course.Rows[row]
	if s == nil || s.Post == 0 {
		return "", "", nil
	}
	p, err := r.Post(a.rec.ID, s.Post)
	if errors.Is(err, list.ErrNotFound) {
		return "", "", nil
	} else if err != nil {
		return "", "", err
	}
	return p.Subject, letter.Answer(a.list.Address, p.Subject, p.MessageID), nil
}

// responderLetter is what a letter to one of them says.
func (e *Editor) responderLetter(a *affair, s *stand) letter.Responder {
	return letter.Responder{Name: s.member.Name, Why: s.why, Questions: a.asks(s.row), Hashtag: a.Hashtag, At: s.at.In(e.zone(a, &s.member)),
		Place: a.place(e.Engine.Site().BaseURL), Voice: a.voice(s.row)}
}

// oweResponder has a letter to one of them go out, in the name of who speaks.
func (e *Editor) oweResponder(tx list.Tx, a *affair, s *stand, text, kind string, data letter.Responder, now time.Time) error {
	mail, err := e.write(tx, a, s.address, text, data)
	if err != nil {
		return err
	}
	a.mailed(s.address, now)
	return a.owe(tx, owed{to: s.address, mail: mail, kind: kind, purpose: list.ForRSVP, about: about{What: answerFirst, Row: s.row.Key, Address: s.address}, from: data.Voice.Name}, now)
}

// answerFirst is what the answers of first responders are about.
const answerFirst = "answer first"
