package digest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"convene/digest/facts"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
	"convene/list/message"
)

// The errors of what an admin asks for by command.
var (
	// ErrOut says that a planned mail is out already, or was left out.
	ErrOut = errors.New("it is out already, or left out")
	// ErrUnwritten says that a planned mail waits for a facilitator's own text.
	ErrUnwritten = letter.ErrUnwritten
)

// RowView is one planned mail with what became of it.
type RowView struct {
	plan.Row
	// At is when it went out, or will: of a late or moved mail another time than its row's.
	At    time.Time
	State RowState
}

// RowsOf are the planned mails of a discussion in order of their numbers, with what became of each. list.ErrNotFound: there is no such discussion.
func (e *Editor) RowsOf(discussion string) (rows []RowView, err error) {
	err = e.Engine.Store.View(func(r list.Reader) error {
		a, err := e.find(r, discussion)
		if err != nil {
			return err
		}
		for _, row := range a.rows {
			rows = append(rows, RowView{Row: row, At: a.goesOut(row).In(a.Calendar.Location), State: a.state(row.Key)})
		}
		return nil
	})
	return rows, err
}

// numbered finds a planned mail by its number. list.ErrNotFound: there is none.
func (e *Editor) numbered(discussion string, n int) (a *affair, row plan.Row, err error) {
	err = e.Engine.Store.View(func(r list.Reader) (err error) { a, err = e.find(r, discussion); return err })
	if err != nil {
		return nil, row, err
	}
	for _, row := range a.rows {
		if row.N == n {
			return a, row, nil
		}
	}
	return nil, row, fmt.Errorf("digest: mail %d of %s: %w", n, discussion, list.ErrNotFound)
}

// Preview is a planned mail as it would go out now, in a language of the list's (empty: its first). One whose draft is out is as the draft shows it.
// ErrUnwritten: it waits for a text.
func (e *Editor) Preview(discussion string, n int, language string, now time.Time) (letter.Mail, error) {
	a, row, err := e.numbered(discussion, n)
	if err != nil {
		return letter.Mail{}, err
	}
	p, err := e.planned(a, row, now, false)
	if err != nil {
		return letter.Mail{}, err
	}
	return e.programme.Load().Book.Planned(p, a.languagesOf(language))
}

// SendNow sends a planned mail at once, as its draft shows it, or else as it is composed now. ErrOut: it is out; ErrUnwritten: it waits for a text.
func (e *Editor) SendNow(ctx context.Context, discussion string, n int, now time.Time) error {
	a, row, err := e.numbered(discussion, n)
	if err != nil {
		return err
	}
	if s := a.state(row.Key); needsText(row.Kind) && isUnwrittenYet(&s) {
		return fmt.Errorf("digest: %s: %w", row.Key, ErrUnwritten)
	}
	err = e.changeRow(discussion, row.Key, func(_ list.Tx, _ *affair, _ plan.Row, s *RowState) error {
		s.Stage, s.Due = Approved, now
		return nil
	})
	if err == nil {
		err = e.send(ctx, discussion, row.Key, now)
	}
	if errors.Is(err, errDone) {
		return fmt.Errorf("digest: %s: %w", row.Key, ErrOut)
	}
	return err
}

// Skip leaves a planned mail out. ErrOut: it is out.
func (e *Editor) Skip(discussion string, n int) error {
	_, row, err := e.numbered(discussion, n)
	if err != nil {
		return err
	}
	err = e.changeRow(discussion, row.Key, func(_ list.Tx, a *affair, row plan.Row, _ *RowState) error {
		a.leaveOut(row.Key)
		return nil
	})
	if errors.Is(err, errDone) {
		return fmt.Errorf("digest: %s: %w", row.Key, ErrOut)
	}
	return err
}

// Digest is a summary of the discussion that runs on a list, as it would be at a moment, and the facts that it is made from. Of one kind the next is meant
// that is not out; where all are, the last, as it went out if that was before the moment. list.ErrNotFound: no discussion on that list has such a mail.
func (e *Editor) Digest(l *list.List, kind plan.Kind, language string, at time.Time) (mail letter.Mail, f *facts.Facts, err error) {
	a, row, err := e.summary(l, kind, at)
	if err != nil {
		return mail, nil, err
	}
	posts, err := e.posts(a)
	if err != nil {
		return mail, nil, err
	}
	p, err := e.planned(a, row, at, false)
	if err != nil {
		return mail, nil, err
	}
	p.Facts, p.Open = e.said(a, row, posts, at)
	if s := a.course.Rows[row.Key]; s != nil && s.Stage == Sent && s.Facts != nil && s.Facts.Until.Before(at) {
		p.Facts = s.Facts // what went out
	}
	mail, err = e.programme.Load().Book.Planned(p, a.languagesOf(language))
	return mail, p.Facts, err
}

// NextSummary is the discussion and the number of the mail that Digest tells of, for who sends it ahead of its time.
func (e *Editor) NextSummary(l *list.List, kind plan.Kind, at time.Time) (discussion string, n int, err error) {
	a, row, err := e.summary(l, kind, at)
	if err != nil {
		return "", 0, err
	}
	return a.ID, row.N, nil
}

// summary finds the mail of a kind that is next, of a discussion that runs on a list or, failing that, of the last that did.
func (e *Editor) summary(l *list.List, kind plan.Kind, at time.Time) (found *affair, row plan.Row, err error) {
	err = e.Engine.Store.View(func(r list.Reader) error {
		all, err := e.affairs(r, at)
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.list.Address != l.Address || at.Before(a.Begins(a.rows).Add(-around)) || found != nil && !a.runs(at) && found.runs(at) {
				continue
			}
			if next, ok := a.nextOf(kind); ok {
				found, row = a, next
			}
		}
		if found == nil {
			return fmt.Errorf("digest: a %s of %s: %w", kind, l.Address, list.ErrNotFound)
		}
		return nil
	})
	return found, row, err
}

// nextOf is the first mail of a kind that is not out, or else the last.
func (a *affair) nextOf(kind plan.Kind) (row plan.Row, ok bool) {
	for _, r := range a.rows {
		if r.Kind != kind {
			continue
		}
		row, ok = r, true
		if !a.out(r) {
			break
		}
	}
	return row, ok
}

// PreviewMail is Preview as a message (RFC 5322) with the fields that it would be stored with.
func (e *Editor) PreviewMail(discussion string, n int, language string, now time.Time) ([]byte, error) {
	mail, err := e.Preview(discussion, n, language, now)
	if err != nil {
		return nil, err
	}
	a, row, err := e.numbered(discussion, n)
	if err != nil {
		return nil, err
	}
	voice := a.voice(row)
	pub := list.Publication{List: a.list, By: message.Mailbox{Name: voice.Name, Addr: voice.Address}, Key: row.Key, Kind: string(row.Kind),
		Editions: []list.Edition{{Letter: list.Letter{Subject: mail.Subject, Text: mail.Text, HTML: mail.HTML, Language: mail.Language}}}}
	return pub.Preview(0, now), nil
}
