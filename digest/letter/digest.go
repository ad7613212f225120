package letter

import "time"

// Digest is what the head and the foot of a daily digest are written from: what stands before the first rule is its head.
type Digest struct {
	Place         Place
	Volume, Issue int
	At            time.Time // until when it tells
	Posts, Topics int
	Last          bool // it is the last one that they get
}
