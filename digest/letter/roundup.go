package letter

import "time"

// Roundup is what the text "roundup" is written from: the events to come, on one clock and in one language for many readers.
type Roundup struct {
	// Events are those that are new to them first, and each of both by its date.
	Events []Rounded
	First  Coming // the one that the subject names
	// Count is how many there are, without those that are cancelled; New how many of them nobody was told of; More how many are not named here, and in the file alone.
	Count, New, More int
	Until            time.Time // how far it looks
	Calendar         string    // the page of the events; empty: there is none
	Sample           time.Time // when the event of the sample takes place that shows how to add one's own
	Place            Place
}

// Rounded is one event of a round-up. Its State says what is new about it since the last.
type Rounded struct {
	Coming
	Date   string     // of a series: the date that it is about, as an answer to it has it, "2026-03-17"; empty: it takes place once
	Also   []Further  // further dates
	Free   []FreeDate // dates that nobody presents on yet
	Closed bool       // nobody can register any more
}

// Further is one more date of an event. Other says that it begins at another time of day than the first.
type Further struct {
	At    time.Time
	Other bool
}

// roundupSamples try every state that the text has words for.
func roundupSamples() []any {
	all := []any{Roundup{Events: []Rounded{{}}, Count: 1}}
	for _, state := range []string{"new", "changed", "cancelled"} {
		all = append(all, Roundup{Events: []Rounded{{Coming: Coming{State: state}}}})
	}
	return all
}
