package letter

import (
	"time"

	"convene/digest/plan"
)

// DraftNoteKind says what a DraftNote is about.
type DraftNoteKind string

// What a few lines on a mail of the plan can be about.
const (
	DraftLate DraftNoteKind = "late" // its time passed, and it goes out at another
	DraftOut  DraftNoteKind = "out"  // it went out before the answer came
	DraftLeft DraftNoteKind = "left" // it does not go out
	// DraftDecided is for the others who have a draft that somebody decided on, or changed in their name.
	DraftDecided DraftNoteKind = "decided"
)

// DraftNote is what the text "draft-note" is written from: a few lines to a facilitator on a mail that is not shown.
type DraftNote struct {
	What      DraftNoteKind
	Kind      plan.Kind
	Week      int
	Was, When time.Time // when it went out, or should have; when it does; a zero When: it waits
	By        string    // who decided
	Unseen    bool      // nobody has seen its draft yet
	Plain     bool      // it went out in the plain form
	Done      []string  // words of the answer that were followed
	Unknown   []string  // and that were not
	Hashtag   string
}

// RemarkKind says what a Remark is about.
type RemarkKind string

// What there is to be said of an answer to a draft. What is odd about a time is a plan.ClashKind.
const (
	RemarkUnread    RemarkKind = "unread"    // nobody can say what is in it
	RemarkEmpty     RemarkKind = "empty"     // it says nothing
	RemarkNoText    RemarkKind = "no text"   // the mail goes only with their own words
	RemarkLater     RemarkKind = "later"     // until when
	RemarkPast      RemarkKind = "past"      // that time is over
	RemarkNobody    RemarkKind = "nobody"    // Text is nobody's name
	RemarkLanguage  RemarkKind = "language"  // there is no edition in Text
	RemarkTorn      RemarkKind = "torn"      // a quotation stood within the text
	RemarkUnchanged RemarkKind = "unchanged" // there was no new text
	RemarkItem      RemarkKind = "item"      // Text names what the draft does not show
	RemarkFiles     RemarkKind = "files"     // Text are the names of files that go along
	RemarkUntested  RemarkKind = "untested"  // no test mail went to the core group
	RemarkUnheard   RemarkKind = "unheard"   // one did, and nobody of them has answered it
)

// Remark is one thing to be said of an answer to a draft.
type Remark struct {
	What RemarkKind
	Text string
	At   time.Time
}
