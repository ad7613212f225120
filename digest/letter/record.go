package letter

import "time"

// Record is what the text "record" is written from: what a member has done on a list, for them alone.
type Record struct {
	Name        string
	Joined      time.Time
	Posts       int
	Last        time.Time // of their last post; zero: none
	Latest      []RecordPost
	Discussions []RecordDiscussion
	Events      []RecordEvent
	Roles       []string // "owner", "moderator", "facilitator"
	Place       Place
}

// RecordPost is one of their posts.
type RecordPost struct {
	Subject, Link string
	At            time.Time
}

// RecordDiscussion is a discussion that they wrote in, or had a part in.
type RecordDiscussion struct {
	Title       string
	From, Until time.Time
	Posts       int
	Facilitated bool
	First       bool // they said that they would answer first
	Tries       []string
}

// RecordEvent is an event that they had a part in, or are to have.
type RecordEvent struct {
	Title string
	At    time.Time
	// Did is what they said and did: "yes" (they have a place), "table" (a seat at one), "host", "notes", "mail" (they take part by mail), "present", "offer" (they mailed it).
	Did []string
}

func recordSamples() []any {
	return []any{Record{Roles: []string{"owner", "moderator", "facilitator"}}, Record{Posts: 3},
		Record{Events: []RecordEvent{{Did: []string{"yes", "table", "host", "notes", "mail", "present", "offer"}}}}}
}
