// Package cafe seats the people of a World Café: for each round tables of four or five (three or six where the number asks for it), at which everybody
// meets as many others as can be, and all of a table have a language in common; it names who hosts each table and who takes its notes.
//
// It is pure and deterministic: the same guests in any order and the same options give the same seating. It sends nothing, and knows no address: people are their keys.
package cafe

// Guest is somebody who comes.
type Guest struct {
	Key       string   // known by it in a Seating; unique
	Languages []string // that they speak, the best first (BCP 47, the language alone counts); empty: any
	Group     string   // an organisation or country, of which a table should have few; empty: none
	// Host and Notes say that they offered to host or to take notes; NotHost and NotNotes that they asked not to.
	Host, Notes, NotHost, NotNotes bool
}

// Options are how to seat.
type Options struct {
	Rounds int // 1 to 10
	Size   int // people at a table; zero: 5
	// Show is the share of guests that is expected to come, over 0 up to 1: tables are so many seats larger that Size of them come. Zero: 1.
	Show float64
}

// Table is one table of a round.
type Table struct {
	Number   int      // from 1 in each round
	Guests   []string // keys, sorted
	Host     string   // empty: nobody would
	Notes    string   // another than Host, unless there is nobody else; empty: nobody would
	Language string   // that all of them have in common; empty: there is none
}

// Seating is who sits where.
type Seating struct {
	Rounds [][]Table
}
