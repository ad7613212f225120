package digest

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"convene/digest/facts"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// Course is what has happened in a discussion so far: one paper, replaced in every transaction that does something for it, and one for the facts of each row. All
// of it is JSON, so that a later
// version reads what an earlier one wrote.
type Course struct {
	ID      string       `json:"id"`
	Changes plan.Changes `json:"changes,omitzero"`
	// Rows are what became of planned mails, by key. One without an entry waits for its time.
	Rows map[string]*RowState `json:"rows,omitempty"`
	// Responders are first responders, by key of the row and address, divided by a space.
	Responders map[string]*ResponderState `json:"responders,omitempty"`
	// Done is when other duties were done, by key: "morning/2026-03-06", "thanks/1/dede@example.org".
	Done map[string]time.Time `json:"done,omitempty"`
	// Plan is what the plan is known by that its facilitators were told of last; empty: they know none yet.
	Plan string `json:"plan,omitempty"`
	// Previews are those that were asked for and are still to be written.
	Previews []PreviewOrder `json:"previews,omitempty"`
	// Meaning is what the discussion means, in a facilitator's words: the half page of its synthesis that nobody else writes.
	Meaning string `json:"meaning,omitempty"`
	// Before is the number of the list's last post before the discussion: nothing up to it is looked at.
	Before  uint32 `json:"before"`
	Started bool   `json:"started"` // Before is known
	// Quiet says until when the alarm is off, because somebody said that all is fine.
	Quiet time.Time `json:"quiet,omitzero"`
	// Commitments are what people said they will try.
	Commitments []Commitment `json:"commitments,omitempty"`
	// Gathered is the number of the last post that was looked at for them.
	Gathered uint32 `json:"gathered,omitempty"`
	// Revivals are the mails by which facilitators have a quiet discussion revived.
	Revivals []Revival `json:"revivals,omitempty"`
	// Spotlights are the addresses of the last summary's.
	Spotlights []string `json:"spotlights,omitempty"`
	// Newcomers are the addresses of who joined while it runs, with the time.
	Newcomers map[string]time.Time `json:"newcomers,omitempty"`
	// Mailed are how many mails of ours each member got on a day, by day of the list's zone and address: for engine_mails_per_day.
	Mailed map[string]map[string]int `json:"mailed,omitempty"`
}

// Revival is a mail to all that a facilitator asked for in answer to the alarm: the question once more, or one that nobody has answered.
type Revival struct {
	Key      string         `json:"key"` // of its RowState
	At       time.Time      `json:"at"`
	By       string         `json:"by"` // who asked for it
	Question facts.Question `json:"question"`
	Again    bool           `json:"again,omitempty"` // it is the facilitators' own question, once more
	Done     time.Time      `json:"done,omitzero"`
}

// Stage is where a planned mail stands.
type Stage string

// The stages.
const (
	Waiting  Stage = ""         // its time has not come
	Drafted  Stage = "drafted"  // its draft is out and nobody has decided
	Approved Stage = "approved" // it goes out as its draft shows it
	OnHold   Stage = "held"     // it waits for a person
	Skipped  Stage = "skipped"
	Quiet    Stage = "quiet" // there was not enough to report
	Sent     Stage = "sent"
)

// RowState is what became of a planned mail.
type RowState struct {
	Stage    Stage     `json:"stage,omitempty"`
	Drafted  time.Time `json:"drafted,omitzero"`
	Reminded time.Time `json:"reminded,omitzero"`
	Passed   time.Time `json:"passed,omitzero"` // when the draft went on to the next facilitator
	Told     time.Time `json:"told,omitzero"`   // when the facilitators were told that it is late
	Sent     time.Time `json:"sent,omitzero"`
	// Due is when it goes out instead of at its row's time: the next working hour after downtime, or at once where somebody said so; zero: then.
	Due time.Time `json:"due,omitzero"`
	// By is who decided last, To who has the draft, Voice in whose name it was when they got it.
	By    string `json:"by,omitempty"`
	To    string `json:"to,omitempty"`
	Voice string `json:"voice,omitempty"`
	// Asked is how often the text of a mail was asked for that never goes without.
	Asked int `json:"asked,omitempty"`
	// NotesUntil is until when notes of an event's tables came that its draft showed.
	NotesUntil time.Time `json:"notes_until,omitzero"`
	// Facts are those that the draft was written from: an approved summary goes out as its draft showed it. Nobody changes them; they are replaced. They have
	// a paper of their own, and Frozen is the digest of it; empty: there is none.
	Facts   *facts.Facts      `json:"-"`
	Frozen  string            `json:"frozen,omitempty"`
	Open    []facts.Question  `json:"open,omitempty"`
	Edits   letter.Edits      `json:"edits,omitzero"`
	Content string            `json:"content,omitempty"` // what a facilitator answered to the draft of event_content and event_summary
	Files   []string          `json:"files,omitempty"`   // names of the files that came with Content
	Plain   bool              `json:"plain,omitempty"`   // it went out in the plain form
	Post    uint32            `json:"post,omitempty"`
	Topic   uint32            `json:"topic,omitempty"`
	ID      string            `json:"message_id,omitempty"`
	Drafts  map[string]string `json:"drafts,omitempty"` // Message-ID of the draft by address, so that answers stand below it

	thawed *facts.Facts // what is in that paper
}

// ResponderState is what became of a first responder.
type ResponderState struct {
	Asked    time.Time `json:"asked,omitzero"`
	Said     string    `json:"said,omitempty"` // yes, no, other day
	SaidAt   time.Time `json:"said_at,omitzero"`
	Question time.Time `json:"question,omitzero"` // when they got the question
	For      time.Time `json:"for,omitzero"`      // when its mail goes out, as they were told
	Nudged   time.Time `json:"nudged,omitzero"`
	Way      string    `json:"way,omitempty"`    // tomorrow, pass: what they said to the nudge, or to the question
	Nudge    string    `json:"nudge,omitempty"`  // sent, or why there was none
	Backup   string    `json:"backup,omitempty"` // whom they stand in for
}

// Commitment is what somebody said they will try.
type Commitment struct {
	Address string    `json:"address"`
	Name    string    `json:"name"`
	Text    string    `json:"text"`
	Post    uint32    `json:"post"`
	At      time.Time `json:"at"`
	Back    time.Time `json:"back,omitzero"` // when it was sent back to them
}

// courses is where the papers of discussions stand.
const courses = "course/"

// readCourse reads the course of a discussion; one that has none yet is new.
func readCourse(r list.Reader, rec list.Record, id string, known *frozen) (*Course, error) {
	c := &Course{ID: id}
	content, err := r.Paper(rec.ID, courses+id)
	if errors.Is(err, list.ErrNotFound) {
		return c, nil
	} else if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(content, c); err != nil {
		return nil, fmt.Errorf("digest: the course of %s: %w", id, err)
	}
	return c, c.thaw(r, rec, known)
}

// write keeps a course.
func (c *Course) write(tx list.Tx, rec list.Record) error {
	if err := c.freeze(tx, rec); err != nil {
		return err
	}
	content, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("digest: the course of %s: %w", c.ID, err)
	}
	return tx.PutPaper(rec.ID, courses+c.ID, content)
}

// remove forgets a course.
func (c *Course) remove(tx list.Tx, rec list.Record) error {
	for _, s := range c.Rows {
		s.Facts = nil
	}
	return errors.Join(c.freeze(tx, rec), forget(tx, rec, courses+c.ID))
}

// row is the state of a planned mail, which is made when there is none.
func (c *Course) row(key string) *RowState {
	if c.Rows == nil {
		c.Rows = map[string]*RowState{}
	}
	if c.Rows[key] == nil {
		c.Rows[key] = &RowState{}
	}
	return c.Rows[key]
}

// stage is where a planned mail stands.
func (c *Course) stage(key string) Stage {
	if s := c.Rows[key]; s != nil {
		return s.Stage
	}
	return Waiting
}

// did reports whether a duty was done, and do notes it.
func (c *Course) did(key string) bool { _, ok := c.Done[key]; return ok }

func (c *Course) do(key string, now time.Time) {
	if c.Done == nil {
		c.Done = map[string]time.Time{}
	}
	c.Done[key] = now
}
