package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"convene/digest"
	"convene/digest/plan"
	"convene/list"
	"convene/list/message"
	"convene/store"
)

// rehearsal is a discussion that is played in virtual time.
type rehearsal struct {
	discussion *plan.Discussion
	list       *list.List
	begins     time.Time // of the discussion
	ends       time.Time
	out        string // folder of the mails
	dir        string // of the store
	clock      *clock
	db         *store.DB
	engine     *list.Engine
	editor     *digest.Editor

	index   []rehearsed
	files   map[uint64]int // outgoing -> place in index
	refused []string       // posts that the list did not take, and why
	held    []string       // those that wait for a moderator, and why
	dates   [2]time.Time   // of the first and the last post; zero: there is none
	within  int            // posts that came while the discussion ran
}

// rehearsed is one mail that would have gone out: a line of index.json.
type rehearsed struct {
	File       string    `json:"file"`
	At         time.Time `json:"at"`
	Kind       string    `json:"kind"`
	From       string    `json:"from"`
	Recipients []string  `json:"recipients"`

	message *message.Message
}

func (r *rehearsal) close() error {
	var err error
	if r.db != nil {
		err = r.db.Close()
	}
	return errors.Join(err, os.RemoveAll(r.dir))
}

// prelude is how long before a discussion begins its rehearsal does: first responders are asked two weeks ahead. epilogue is how long it goes on behind
// its end: commitments come back after 30 days.
const prelude, epilogue = 21 * 24 * time.Hour, 40 * 24 * time.Hour

// enrol makes members: those of the file, and of the others who wrote each.
func (r *rehearsal) enrol(file string, posts []*message.Message) error {
	rows, err := r.discussion.Rows(plan.Changes{})
	if err != nil {
		return err
	}
	r.begins, r.ends = r.discussion.Begins(rows), r.discussion.Ends(rows)
	begin := r.begins.Add(-prelude).Add(time.Duration(r.discussion.Calendar.From) * time.Minute)
	if len(posts) > 0 {
		if first, _ := posts[0].Date(); first.Before(begin) {
			begin = first.Add(-time.Minute)
		}
	}
	r.clock.set(begin)
	mode := list.ModeEach
	if file != "" {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer f.Close()
		done, err := r.engine.ImportMembers(r.list.Address, f, list.ImportOptions{})
		if err != nil || len(done.Faults) > 0 {
			return fmt.Errorf("%s: %w", file, cmp.Or(err, errors.Join(asErrors(done.Faults)...)))
		}
		mode = list.ModeNoMail
	}
	all, err := r.engine.Members(r.list.Address)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, m := range all {
		known[list.FoldAddress(m.Address)] = true
		if _, err := r.engine.SetMember(r.list.Address, m.Address, []string{"trusted=true"}); err != nil {
			return err
		}
	}
	var more []list.Member
	for _, m := range posts {
		from, err := m.From()
		if err != nil || known[list.FoldAddress(from.Addr)] {
			continue
		}
		known[list.FoldAddress(from.Addr)] = true
		more = append(more, list.Member{Address: from.Addr, Name: from.Name, Mode: mode, Trusted: true, Joined: begin})
	}
	return r.engine.AddMembers(r.list.Address, more)
}

func asErrors[E error](all []E) (out []error) {
	for _, e := range all {
		out = append(out, e)
	}
	return out
}

// play hands in posts and answers at their dates, and does in between what falls due.
func (r *rehearsal) play(ctx context.Context, posts, replies []*message.Message) error {
	type hand struct {
		at time.Time
		do func(context.Context) error
	}
	var hands []hand
	for _, m := range posts {
		at, _ := m.Date()
		r.count(at)
		hands = append(hands, hand{at, func(ctx context.Context) error { return r.post(ctx, m, at) }})
	}
	for _, m := range replies {
		at, _ := m.Date()
		hands = append(hands, hand{at, func(ctx context.Context) error { return r.reply(ctx, m, at) }})
	}
	slices.SortStableFunc(hands, func(a, b hand) int { return a.at.Compare(b.at) })
	for _, h := range hands {
		if err := r.advance(ctx, h.at); err != nil {
			return err
		}
		if err := h.do(ctx); err != nil {
			return err
		}
	}
	end := r.ends
	if e := r.discussion.Event; e != nil && e.End().After(end) {
		end = e.End()
	}
	if err := r.advance(ctx, end.Add(epilogue)); err != nil {
		return err
	}
	return r.writeIndex()
}

// advance moves the clock and does on the way what falls due.
func (r *rehearsal) advance(ctx context.Context, to time.Time) error {
	for ctx.Err() == nil {
		now := r.clock.Now()
		if err := errors.Join(r.engine.Tick(ctx, now), r.editor.Tick(ctx, now), r.settle(ctx)); err != nil {
			return err
		}
		var next time.Time
		for _, due := range []func() (time.Time, bool){r.engine.NextDue, r.editor.NextDue} {
			if at, ok := due(); ok && at.After(now) && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
		if next.IsZero() || next.After(to) {
			break
		}
		r.clock.set(next)
	}
	r.clock.set(to)
	return ctx.Err()
}

// settle writes the notes that are owed, and delivers what is in the outbox.
func (r *rehearsal) settle(ctx context.Context) error {
	if _, err := r.engine.SendNotes(ctx); err != nil {
		return err
	}
	for {
		claim, ok, err := r.db.Claim(r.clock.Now(), func(string) string { return "rehearsal" }, func(string) bool { return true }, 1000)
		if err != nil || !ok {
			return err
		}
		entry, err := r.entry(&claim.Out)
		if err != nil {
			return err
		}
		var results []list.Settled
		for _, copy := range claim.Copies {
			entry.Recipients = append(entry.Recipients, copy.Address)
			results = append(results, list.Settled{Copy: copy, Outcome: list.Delivered})
		}
		if err := r.db.Settle(r.clock.Now(), claim.ID, results); err != nil {
			return err
		}
	}
}

// entry is the line of an outgoing in the index, which is written when the first copy of it goes out.
func (r *rehearsal) entry(out *list.Outgoing) (*rehearsed, error) {
	if i, ok := r.files[out.ID]; ok {
		return &r.index[i], nil
	}
	pieces, err := r.engine.Copy(*out, list.Form{})
	if err != nil {
		return nil, err
	}
	kind := out.Kind
	switch {
	case kind != "":
	case out.Post != 0:
		kind = "post"
	default:
		kind = "notice"
	}
	raw := pieces.Bytes()
	m := message.Parse(raw)
	e := rehearsed{File: fmt.Sprintf("%04d-%s.eml", len(r.index)+1, kind), At: r.clock.Now().In(r.discussion.Calendar.Location), Kind: kind, message: m}
	if from, err := m.From(); err == nil {
		e.From = from.Addr
	}
	r.files[out.ID] = len(r.index)
	r.index = append(r.index, e)
	return &r.index[len(r.index)-1], os.WriteFile(filepath.Join(r.out, e.File), raw, 0o644)
}

func (r *rehearsal) writeIndex() error {
	if r.index == nil {
		r.index = []rehearsed{}
	}
	for i := range r.index {
		slices.Sort(r.index[i].Recipients)
	}
	content, err := json.MarshalIndent(r.index, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.out, "index.json"), append(content, '\n'), 0o644)
}

// subjectOf is what a reply and what it answers have in common.
func subjectOf(m *message.Message) string { return strings.ToLower(message.BaseSubject(m.Subject())) }
