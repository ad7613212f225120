package list

import "time"

// Finder finds posts by their words. What it knows of them may be some moments behind the store: whoever shows what it found asks whether each may be shown.
type Finder interface {
	// Find finds the posts of a list. Whatever is asked for is a query: there is no error in it.
	Find(list uint32, q Quest) (Found, error)
}

// Quest is what is looked for.
type Quest struct {
	Text   string         // as somebody wrote it
	Member bool           // addresses are found, too: for who may see them
	Zone   *time.Location // on whose clock days are
	Now    time.Time
	// Skip is how many posts are left out, of those that fit best, and Most how many come behind them.
	Skip, Most int
}

// Found is what was found.
type Found struct {
	Posts []uint32 // numbers, what fits best first
	Total int      // how many there are
	// Marks are the places in a text, in order and apart, that have what was looked for.
	Marks func(text string) []Span
}

// Span is a piece of a text, in octets.
type Span struct{ From, To int }
