package letter

import (
	"time"

	"convene/digest/plan"
)

// Commitment is what the text "commitment" is written from: what somebody said they would try, a month ago.
type Commitment struct {
	Name  string
	Text  string // their own words
	Title string // of the discussion
	At    time.Time
	Place Place
	Voice plan.Person
}
