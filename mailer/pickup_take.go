package mailer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"convene/list"
	"convene/list/message"
)

const (
	// laterAfter is when a message is tried again that could not be taken, and laterTries how often. That is two days; then it is left.
	laterAfter = 15 * time.Minute
	laterTries = 200
	// laterMost is how many messages wait at most. Were there more, something else would be wrong than the messages.
	laterMost = 1000
)

// one deals with one message, and with that has read the mailbox as far as it. An error ends the session: the message is met again in the next one.
func (s *pickupSession) one(ctx context.Context, row pickupRow, tries int) error {
	attrs := []any{"uid", row.uid, "size", row.size}
	// What somebody had read before this mailbox was ours to read is not for the list; not now, and not when it is numbered anew.
	if row.seen && row.uid <= s.state.Until && (!row.date.After(s.state.Since)) {
		s.passed(row.uid)
		return nil
	}
	limit := s.Settings().MaxMessage
	if limit <= 0 {
		limit = defaultMaxMessage
	}
	if row.size > limit {
		s.leave("too large", append(attrs, "limit", limit))
		s.passed(row.uid)
		return nil
	}
	raw, err := s.body(ctx, row, limit)
	if errors.Is(err, errTooMuch) && row.size > 0 && !errors.Is(err, errSilent) {
		s.leave("larger than the server said", append(attrs, "limit", limit))
		s.passed(row.uid)
		return nil
	}
	if _, refused := errors.AsType[*imap.Error](err); refused || errors.Is(err, errNotYet) {
		return s.later(row.uid, tries, laterAfter/15, append(attrs, "error", oneLine(err.Error())))
	} else if err != nil {
		return fmt.Errorf("message %d: %w", row.uid, err)
	}
	return s.take(ctx, row.uid, raw, tries, attrs)
}

// leave tells of a message that is not for us to take. It stays as it is.
func (s *pickupSession) leave(why string, attrs []any) {
	s.note(func(st *PickupStatus) { st.Left++ })
	s.log.Warn("message left in the mailbox", append(attrs, "reason", why)...)
}

// later has a message tried again.
func (s *pickupSession) later(uid uint32, tries int, after time.Duration, attrs []any) error {
	if len(s.state.Later) >= laterMost {
		return fmt.Errorf("mailer: %d messages could not be taken", laterMost)
	}
	s.state.Last = max(s.state.Last, uid)
	if tries >= laterTries {
		s.leave("it could not be taken for too long", attrs)
		return s.save()
	}
	s.state.Later = append(s.state.Later, laterUID{uid, tries + 1, s.Now().Add(after)})
	s.log.Warn("message put off", append(attrs, "tries", tries+1)...)
	return s.save()
}

// save stores how far the mailbox was read, where no message was taken.
func (s *pickupSession) save() error {
	state := s.state
	s.dirty = false
	return s.Store.Update(func(tx list.Tx) error { return s.put(tx, &state, "") })
}

// passed is how far the mailbox was read with a message that is not taken. It is stored with the next that is, or at the end of the pass.
func (s *pickupSession) passed(uid uint32) { s.state.Last, s.dirty = max(s.state.Last, uid), true }

// take hands a message to the engine.
func (s *pickupSession) take(ctx context.Context, uid uint32, raw []byte, tries int, attrs []any) error {
	e := readPickupEnvelope(raw)
	in, target, err := s.incoming(&e)
	refusal, refused := errors.AsType[*list.Refusal](err)
	switch {
	case refused && s.puttingOff(refusal):
		return s.later(uid, tries, laterAfter, append(attrs, "error", err))
	case refused || err == nil && in == nil:
		why := "its host does not say whom it is for: no Delivered-To or X-Original-To"
		if refused {
			why = refusal.Text
			attrs = append(attrs, "to", list.WithoutToken(e.first()))
		}
		s.leave(why, attrs)
		s.passed(uid)
		return nil
	case err != nil:
		return err
	}
	attrs = append(attrs, "id", in.ID, "to", target.String())
	m := message.Parse(e.content)
	name := takenName(target.Address, m.MessageID(), m.ContentKey())
	before, err := s.taken(name)
	if err != nil {
		return err
	}
	if before {
		s.note(func(st *PickupStatus) { st.Duplicates++ })
		s.log.Info("message taken before", attrs...)
		s.state, s.dirty = s.state.after(uid, true), true
		return nil
	}
	taken := s.state.after(uid, true)
	in.Also = func(tx list.Tx) error { return s.put(tx, &taken, name) }
	receipt, err := s.Receiver.Receive(context.WithoutCancel(ctx), in)
	refusal, refused = errors.AsType[*list.Refusal](err)
	switch {
	case err == nil:
		s.note(func(st *PickupStatus) { st.Taken++ })
		s.log.Info("message taken", append(attrs, "action", receipt.Action)...)
		s.state = taken
		return s.settle(name)
	case refused && !s.puttingOff(refusal):
		// It stays unread, for whoever looks into the mailbox.
		s.note(func(st *PickupStatus) { st.Refused++ })
		s.log.Info("message refused", append(attrs, "reason", refusal.Text)...)
		s.state = s.state.after(uid, false)
		return s.settle(name)
	case errors.Is(err, list.ErrFull) || errors.Is(err, list.ErrBroken) || refused && refusal.Reason == list.StorageFull:
		return err
	}
	return s.later(uid, tries, laterAfter, append(attrs, "error", err))
}

// puttingOff reports whether a refusal is for now only.
func (s *pickupSession) puttingOff(r *list.Refusal) bool {
	return slices.Contains([]list.Reason{list.TooManyCommands, list.TooManyGuesses, list.TooManyLists, list.StorageFull, list.TemporarilyDown}, r.Reason)
}

// after is how far the mailbox was read with a message of it.
func (s pickupState) after(uid uint32, mark bool) pickupState {
	s.Last = max(s.Last, uid)
	s.Later = slices.Clone(s.Later)
	s.Unmarked = slices.Clone(s.Unmarked)
	if mark {
		s.Unmarked = append(s.Unmarked, uid)
	}
	return s
}

// settle writes down that a message was dealt with, where no transaction of the engine has done so: nothing was to be kept of it, or what it asked
// for is as well done twice.
func (s *pickupSession) settle(name string) error {
	s.dirty = false
	if done, err := s.taken(name); done || err != nil {
		return err
	}
	state := s.state
	return s.Store.Update(func(tx list.Tx) error { return s.put(tx, &state, name) })
}

// incoming makes what the engine gets; nil: the host does not say whom it is for. The error is that of the route.
func (s *pickupSession) incoming(e *pickupEnvelope) (*list.Incoming, list.Target, error) {
	id, err := s.ids.Next()
	if err != nil {
		return nil, list.Target{}, err
	}
	in := &list.Incoming{Raw: e.content, Envelope: list.Envelope{ID: id, From: e.from, Helo: s.host(), Protocol: list.ByIMAP, Relay: true, Received: s.Now()}}
	var target list.Target
	err = nil
	for _, to := range e.to {
		if target, err = s.Receiver.RouteFrom(&in.Envelope, to); err == nil {
			break
		}
	}
	if err != nil || len(e.to) == 0 {
		return nil, list.Target{}, err
	}
	in.Targets = []list.Target{target}
	if auth := s.Settings().Auth; auth != nil {
		in.Auth = func(ctx context.Context, m *message.Message) list.Authentication {
			return auth.Check(ctx, &in.Envelope, m, noSPF(domainOf(in.From)))
		}
		in.Policy = auth.Policy
	}
	return in, target, nil
}
