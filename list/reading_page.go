package list

import "time"

// Shelf is one list on a page: what all pages about it say.
type Shelf struct {
	Address, Title, Description string
	Language                    string // BCP 47; empty: not said
	Public                      bool   // anybody may read it
	Mine                        bool   // the reader is a member, and has settings there
}

// Sheaf is which page of several this is, from 1.
type Sheaf struct {
	Page  int
	Older bool // there is one behind it
}

// TopicsPage is what the page of a list shows: its topics, latest activity first.
type TopicsPage struct {
	Shelf
	UpTo   uint32 // number of its last post
	Topics []TopicLine
	// Newer and Older are the places that the page before begins after, and the page behind before; empty: there is none.
	Newer, Older string
}

// TopicLine is one of them.
type TopicLine struct {
	ID      uint32
	Subject string
	Posts   uint32
	Last    time.Time // in the list's time zone
	New     int       // posts that the reader has not read; NewMost: or more
}

// TopicPage is what the page of a topic shows: its posts in the order they came.
type TopicPage struct {
	Shelf
	Sheaf
	ID      uint32
	Subject string
	Posts   []PostText
	New     int    // posts that the reader has not read, on all of its pages; NewMost: or more
	First   string // path of the first of them
	UpTo    uint32 // number of the list's last post
}

// PostPage is what the page of a post shows.
type PostPage struct {
	Shelf
	Topic uint32
	Post  PostText
}

// PostText is a post as its author wrote it, for people: without attachments, and without what would show a reader another text than the one that is there.
type PostText struct {
	MessageID string
	Subject   string
	Name      string // of the author, as in the From that came; never an address, but for its local part where there is no name
	Address   string // theirs; empty for who is no member
	Date      time.Time
	Text      string
	Language  string // BCP 47, as the author's program says; empty: it does not
	Cut       bool   // it is longer than what is here
	Reply     string // link that begins an answer in their mail program; empty: they may not post, or there is none
	Removed   bool   // an owner removed it: but for its Date nothing is here
	Beside
}

// Beside is what stands beside the text of a post.
type Beside struct {
	Number  uint32
	New     bool     // the reader has not read it
	Answers Answered // what it answers
	// MayAnswer says that the reader may answer it.
	MayAnswer bool
	Files     []FileLine // that came with it, and the library has
}

// Answered is a post that another answers; zero: none that is shown.
type Answered struct {
	Number          uint32
	MessageID, Name string
}
