package letter

import (
	"time"

	"convene/digest/plan"
)

// Responder is what the texts "responder-ask", "responder-question", "responder-nudge" and "responder-heard" are written from: what goes to somebody who is
// asked to answer a planned email first.
type Responder struct {
	Name      string     // theirs, whole
	Why       plan.Texts // why they are asked
	Questions []plan.Texts
	Hashtag   string
	At        time.Time // when the mail goes out that they are to answer
	Until     time.Time // from when on somebody else is asked; zero: nobody is
	Mail      string    // the subject of that mail; empty: it is not out yet
	Answer    string    // a link that begins an answer to it; empty: as Mail
	// Said is what they said last, for "responder-heard": yes, no, other day, pass, tomorrow. Subject is that of their mail, without marks of replies.
	Said, Subject string
	Passed        bool      // what more they said was passed on to the facilitator
	Ahead         time.Time // when they get the question before the others; zero: they have it
	Moved         bool      // they have the question already, and its mail goes out at another time than it said
	Place         Place
	Voice         plan.Person
}
