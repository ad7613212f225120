package calendar

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"convene/list"
	"convene/list/event"
	"convene/list/event/cafe"
)

// Register is what has happened with an event so far: one paper, replaced in every transaction that does something for it.
type Register struct {
	ID         string      `json:"id"`
	Submission *Submission `json:"submission,omitempty"` // nil: it is of the config or of a plan
	// UID is what calendar programs know the event by, and Organiser from whom, since it was first seen here: both stay when the list gets another address. Empty: it was not
	// seen yet.
	UID       string `json:"uid,omitempty"`
	Organiser string `json:"organiser,omitempty"`
	// Was are the ids that the event had before this one.
	Was []string `json:"was,omitempty"`
	// Missing is since when the config and the plans have it no longer; zero: they have it, or it came by mail.
	Missing time.Time `json:"missing,omitzero"`
	// Told is what the event was known by when members were told of it last, and Sequence how often that changed since the first time; empty: nobody was told.
	Told     string `json:"told,omitempty"`
	Sequence int    `json:"sequence,omitempty"`
	// Wording is by what words members know it, and Reworded since when these are others: members are told once that has settled. Empty: nobody was told, or by a version
	// that did not note it.
	Wording  string    `json:"wording,omitempty"`
	Reworded time.Time `json:"reworded,omitzero"`
	// First is when members were first told of it; zero: nobody was, or it was by a version that did not note it.
	First time.Time `json:"first,omitzero"`
	// CaughtUp is when some were last told of it who had joined, or came back, behind that.
	CaughtUp time.Time `json:"caught_up,omitzero"`
	// Invited is the number of the last member who was told of Told: who joins later has a higher one. Known is that of the last who was told of an earlier one, and Last
	// what the event was then.
	Invited uint32       `json:"invited,omitempty"`
	Known   uint32       `json:"known,omitempty"`
	Last    *event.Event `json:"last,omitempty"`
	// LastOfMissed is the event as those of Missed know it; nil: as Last, or there are none.
	LastOfMissed *event.Event `json:"last_of_missed,omitempty"`
	// Moved is when and by which rule it was to take place before its start was moved, the last keptMoved of them: answers to what was told of a date by its earlier
	// time are about it.
	Moved     []Course    `json:"moved,omitempty"`
	Starts    []time.Time `json:"starts,omitempty"`
	Cancelled time.Time   `json:"cancelled,omitzero"`
	// CancelledOf is when an event of the config was to start when it was cancelled by mail: where the config has it start at another time since, it takes place again.
	CancelledOf time.Time `json:"cancelled_of,omitzero"`
	// Passed are the numbers of members who got no mail when others were told, the last awayKept of them: they are invited when they get mail again. Missed are those of members
	// who had been told of it before, and were away when it was changed or cancelled: they hear of that then.
	Passed []uint32 `json:"passed,omitempty"`
	Missed []uint32 `json:"missed,omitempty"`
	// Guests are who answered, by their address in lower case.
	Guests map[string]*Guest `json:"guests,omitempty"`
	// Presenters are who offered to present on a date of a series, by the date ("2026-03-17").
	Presenters map[string]event.Person `json:"presenters,omitempty"`
	// Seating is that of a World Café as people were told of it, by the addresses of guests; nil: it has none yet.
	Seating *cafe.Seating `json:"seating,omitempty"`
	Seated  time.Time     `json:"seated,omitzero"`
	// SeatedOf is the start that the event had then.
	SeatedOf time.Time `json:"seated_of,omitzero"`
	// SeatedFor is the print of who was seated: a later answer that makes it another one has people seated anew.
	SeatedFor string `json:"seated_for,omitempty"`
	// Notes are what note takers wrote.
	Notes []TableNotes `json:"notes,omitempty"`
	// Done is when other duties were done, by key: "remind/1h0m0s/dede@example.org".
	Done map[string]time.Time `json:"done,omitempty"`
}

// isCancelled reports whether an event was cancelled by mail, and still is.
func (g *Register) isCancelled(e *event.Event) bool {
	return !g.Cancelled.IsZero() && (g.CancelledOf.IsZero() || g.CancelledOf.Equal(e.Start))
}

// Standing is where an event stands that came by mail.
type Standing string

// The standings.
const (
	Proposed Standing = "proposed" // it waits for a moderator
	Approved Standing = "approved"
	Declined Standing = "declined"
)

// Submission is an event that a member mailed.
type Submission struct {
	Event     event.Event  `json:"event"` // as it is now; its instants are in Zone
	Zone      string       `json:"zone"`  // IANA name
	By        event.Person `json:"by"`
	At        time.Time    `json:"at"`
	MessageID string       `json:"message_id"` // of the mail that brought it
	Stamp     time.Time    `json:"stamp,omitzero"`
	Standing  Standing     `json:"standing"`
	Decided   string       `json:"decided,omitempty"` // who decided
	DecidedAt time.Time    `json:"decided_at,omitzero"`
	Last      Standing     `json:"last,omitempty"`   // what was decided last, of it or of a change
	Reason    string       `json:"reason,omitempty"` // why it was declined
	// Doubts are what had to be guessed when it was read.
	Doubts []event.Doubt `json:"doubts,omitempty"`
	// Next is a change of it that waits for a moderator while the event stands as it is; its instants are in NextZone.
	Next     *event.Event `json:"next,omitempty"`
	NextZone string       `json:"next_zone,omitempty"`
	// Asked is when who decides was asked last about what waits.
	Asked time.Time `json:"asked,omitzero"`
	// Updated is when they were last asked since its submitter had changed it, and Unasked says that it changed since then: they are asked about it as it is once
	// askNextAfter is over.
	Updated time.Time `json:"updated,omitzero"`
	Unasked bool      `json:"unasked,omitempty"`
}

// event is it as an event of a list, in its own zone again.
func (s *Submission) event(l *list.List) *event.Event {
	e := inOwnZone(s.Event, s.Zone, l)
	e.Cancelled = e.Cancelled || s.Standing == Declined
	return e
}

// inOwnZone is a mailed event of a list as it was read. How often its submitter changed it is no matter of who is invited: they count the list's own changes.
func inOwnZone(e event.Event, name string, l *list.List) *event.Event {
	e.List, e.Sequence = l.Address, 0
	zone, err := time.LoadLocation(name)
	if err != nil { // one that this machine does not know: the instants are right all the same
		zone = zoneOf(l)
	}
	e.Start = e.Start.In(zone)
	return &e
}

// The answers.
const (
	Yes   = "yes"
	No    = "no"
	Maybe = "maybe"
)

// Guest is somebody who answered.
type Guest struct {
	Name   string            `json:"name,omitempty"`
	Answer string            `json:"answer,omitempty"` // Yes, No or Maybe; empty: none but in Dates
	At     time.Time         `json:"at,omitzero"`
	Dates  map[string]string `json:"dates,omitempty"` // the answer to one date of a series, by its instant ("20260317T120000Z")
	// Sequence and Stamp are those of the calendar object that they answered with last: an older one is not heard (RFC 5546 §2.1.5).
	Sequence int       `json:"sequence,omitempty"`
	Stamp    time.Time `json:"stamp,omitzero"`
	// Words are when they answered last in other ways, by the date ("all": to all): an object from before that is not heard either.
	Words map[string]time.Time `json:"words,omitempty"`
	// Heard is what it said, of all dates ("yes") or of one ("no 20260317T120000Z"): one that comes twice counts once.
	Heard   []string `json:"heard,omitempty"`
	Comment string   `json:"comment,omitempty"`
	// MessageID is that of the last mail that answered: one that comes again, since its sender did not hear that it was taken, is not answered again.
	MessageID string `json:"message_id,omitempty"`
	// Waiting is since when they wait for a place; zero: they have one, if they come. Waits is that for one date of a series, by its instant.
	Waiting time.Time            `json:"waiting,omitzero"`
	Waits   map[string]time.Time `json:"waits,omitempty"`
	// Reminded are the reminders that they had in one of another event.
	Reminded []string `json:"reminded,omitempty"`
	// RemindedAt is when a mail reminded them of this event last.
	RemindedAt time.Time `json:"reminded_at,omitzero"`
	// Host and Notes say that they offered to; Pass that they would not host, and PassNotes that they would not take notes; Mail that they take part by mail.
	Host      bool `json:"host,omitempty"`
	Notes     bool `json:"notes,omitempty"`
	Pass      bool `json:"pass,omitempty"`
	PassNotes bool `json:"pass_notes,omitempty"`
	Mail      bool `json:"mail,omitempty"`
	// Read is how many of the register's Notes there were when they were last told what others wrote at the table by mail.
	Read int `json:"read,omitempty"`
}

// TableNotes are what a note taker wrote of a table.
type TableNotes struct {
	By    string    `json:"by"` // address
	Name  string    `json:"name"`
	Round int       `json:"round,omitempty"` // zero: of all of theirs
	Table int       `json:"table,omitempty"`
	Text  string    `json:"text"`
	At    time.Time `json:"at"`
	Mail  bool      `json:"mail,omitempty"` // it is from the table by mail
}

// papers is where registers stand.
const papers = "event/"

// readRegisters reads those of a list, by id.
func readRegisters(r list.Reader, rec list.Record) (map[string]*Register, error) {
	all := map[string]*Register{}
	err := r.Papers(rec.ID, papers, func(name string, content []byte) error {
		reg, err := readRegister(name, content, rec)
		if err == nil {
			all[reg.ID] = reg
		}
		return err
	})
	return all, err
}

func readRegister(name string, content []byte, rec list.Record) (*Register, error) {
	reg := &Register{}
	if err := json.Unmarshal(content, reg); err != nil {
		return nil, fmt.Errorf("calendar: %s of %s: %w", name, rec.Address, err)
	}
	return reg, nil
}

func (g *Register) write(tx list.Tx, rec list.Record) error {
	content, err := json.Marshal(g)
	if err != nil {
		return fmt.Errorf("calendar: event %s: %w", g.ID, err)
	}
	return tx.PutPaper(rec.ID, papers+g.ID, content)
}

// guest is somebody's answer, which is made when there is none.
func (g *Register) guest(address string) *Guest {
	address = strings.ToLower(address)
	if g.Guests == nil {
		g.Guests = map[string]*Guest{}
	}
	if g.Guests[address] == nil {
		g.Guests[address] = &Guest{}
	}
	return g.Guests[address]
}

// did reports whether a duty was done, and do notes it.
func (g *Register) did(key string) bool { _, ok := g.Done[key]; return ok }

func (g *Register) do(key string, now time.Time) {
	if g.Done == nil {
		g.Done = map[string]time.Time{}
	}
	g.Done[key] = now
}

// coming counts who said yes to all of it and has a place.
func (g *Register) coming() int { return g.comingOn(time.Time{}) }
