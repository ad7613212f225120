package list

import (
	"errors"
	"fmt"
	"time"
)

// Ruled is what became of a held post. The words are on disk.
type Ruled string

// What may become of a held post.
const (
	RuledApproved  Ruled = "approved"
	RuledTrusted   Ruled = "trusted"   // approved, and the author's further posts are not held for being a new or a moderated member's
	RuledSpecial   Ruled = "special"   // approved, and sent to members in ModeSpecial too
	RuledEdited    Ruled = "edited"    // approved with another text
	RuledRejected  Ruled = "rejected"  // not sent; the author is told why
	RuledDiscarded Ruled = "discarded" // not sent, without a word
	RuledBanned    Ruled = "banned"    // not sent, and the author may not post here any more
	RuledExpired   Ruled = "expired"   // nobody decided in time
)

// sent reports whether the post went out.
func (r Ruled) sent() bool {
	return r == RuledApproved || r == RuledTrusted || r == RuledSpecial || r == RuledEdited
}

// Ruling is how the wait of a held post ended: once, whoever says what afterwards. It outlives the post's Held so that a late answer can be told.
type Ruling struct {
	Held    uint64 // the id of the held post
	List    uint32
	What    Ruled
	By      string // who decided: an address, or "admin" by command; empty: nobody
	ByName  string
	At      time.Time
	From    string // of the post
	Subject string // of the post
	// MessageID is the post's, without brackets.
	MessageID string
	Expires   time.Time
}

// rulingKept is how long a ruling is known after the post would have expired: as long as the tokens that ask for it.
const rulingKept = 30 * 24 * time.Hour

// who is the decider by name, or by address.
func (r *Ruling) who() string {
	if r.ByName != "" {
		return r.ByName
	}
	return r.By
}

// RuledError says that a post does not wait: it was decided before, or (What empty) nothing is known of it any more. It is an ErrNotFound.
type RuledError struct{ Ruling }

func (e *RuledError) Error() string {
	switch e.What {
	case "":
		return fmt.Sprintf("held post %d: %v", e.Held, ErrNotFound)
	case RuledExpired:
		return fmt.Sprintf("held post %d expired at %s", e.Held, e.At.Format(time.RFC3339))
	}
	return fmt.Sprintf("held post %d was %s by %s at %s", e.Held, e.What.inWords(), e.By, e.At.Format(time.RFC3339))
}

// inWords is what was done with the post.
func (r Ruled) inWords() string {
	switch r {
	case RuledSpecial:
		return "approved as special"
	case RuledEdited:
		return "edited and approved"
	}
	return string(r)
}

// Unwrap makes it an ErrNotFound.
func (e *RuledError) Unwrap() error { return ErrNotFound }

// waiting finds a held post; a *RuledError when its wait is over.
func waiting(r Reader, id uint64) (Held, error) {
	h, err := r.Held(id)
	if !errors.Is(err, ErrNotFound) {
		return h, err
	}
	ruling, err := r.Ruling(id)
	if errors.Is(err, ErrNotFound) {
		ruling, err = Ruling{Held: id}, nil
	}
	if err != nil {
		return h, err
	}
	return h, &RuledError{ruling}
}

// undecidedError says that a post still waits, since what was to be done with it cannot be, or not without asking once more.
type undecidedError struct {
	held uint64
	// why is "no-post" (what was asked for is for posts alone), "no-text" (there is no new text below the word), "torn" (that may not be all of it),
	// "sealed" (no other text can be put into the post), "closed" (nobody can join now), "barred" (who asks to join is banned), "unreadable" (its header is no post's), or "unproven" (a ban of a member whose address anybody may have written).
	why string
}

func undecided(h *Held, why string) error {
	if why == "" {
		return nil
	}
	return &undecidedError{h.ID, why}
}

func (e *undecidedError) Error() string {
	reason := map[string]string{"no-post": "it is no post", "no-text": "there is no new text", "torn": "the new text may not be whole",
		"sealed": "its text cannot be replaced", "closed": "the list is closed", "barred": "who asks to join is banned", "unreadable": "its header does not name one author, or is damaged", "unproven": "nothing proves that its author wrote it"}[e.why]
	return fmt.Sprintf("held post %d still waits: %s", e.held, reason)
}
