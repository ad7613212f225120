package facts

import (
	"time"

	"convene/digest/plan"
)

// Quoting is what somebody said of being quoted.
type Quoting string

// What they say. Empty is MayQuote.
const (
	MayQuote Quoting = "yes"
	AskFirst Quoting = "ask" // in the draft the facilitator sees that they want to be asked; in nothing that goes to all
	NoQuote  Quoting = "no"
)

// Post is one post of the discussion as it is counted and quoted.
type Post struct {
	Number    uint32
	Topic     uint32
	MessageID string // without brackets
	Link      string // where it is read; empty: nowhere
	Answers   uint32 // the post that it answers; zero: none that is known
	Name      string // as written, whole; empty: none
	Address   string
	At        time.Time // when it was accepted
	Subject   string
	Text      string   // their own words, LF line ends: no quotation, signature, disclaimer or footer
	Language  string   // of Text, as BCP 47: what its topic is mostly in, where the text alone does not say
	Links     []string // in Text, in order
	Files     []File

	// PassedOn says that Text is a message that they forwarded without a word: it counts, and is never quoted as theirs.
	PassedOn bool
	// Organisation is what attribution by organisation names, as they gave it for that; empty: they are named by nothing.
	Organisation string

	Quote         Quoting
	PrivateThanks bool // they want to be thanked in nothing that others read
	Facilitator   bool // its author facilitates, or owns the list
	First         bool // the first post that its author ever wrote to the list
	Newcomer      bool // its author joined while the discussion ran
	// Planned is the key of the row that this is the email of; empty: a member wrote it. A planned email counts as nothing, but people answer it.
	Planned string
}

// File is an attachment that somebody shared.
type File struct {
	Name string `json:"name"`
	Size int64  `json:"size"` // octets
	Link string `json:"link,omitempty"`
	Post uint32 `json:"post"`
}

// Input is what facts are made from.
type Input struct {
	// Posts are those of the discussion's topics since it began, by number, whoever wrote them; posts before From give what was asked and who wrote before.
	Posts []Post
	// From and Until bound what is reported: what was accepted at From or later, and before Until.
	From, Until time.Time
	// ThankFrom is from when somebody is thanked for what they wrote, where that is later than From: they were thanked for what came before.
	ThankFrom  time.Time
	Discussion *plan.Discussion
	// Asked are the questions that the facilitators had asked by then; what repeats one is no question of a member's.
	Asked []string
	// LastSpotlights are the addresses that stood in the spotlights of the last summary.
	LastSpotlights []string
	// Following is how many get the list's mail.
	Following int
}

// Facts are what a summary is written from. Their JSON is what digest preview shows and what [summary] command gets.
type Facts struct {
	Themes       []Theme       `json:"themes"`
	Questions    []Question    `json:"questions"` // open ones first
	Contributors []Contributor `json:"contributors"`
	Spotlights   []Spotlight   `json:"spotlights"`
	Thanks       []Thank       `json:"thanks"`
	Counts       Counts        `json:"counts"`
	Links        []Link        `json:"links"`
	Files        []File        `json:"files"`
	Languages    []Tongue      `json:"languages"` // those of the posts, most posts first
	Threads      []Thread      `json:"threads"`   // liveliest first: what a midweek tells of
	Opening      []Line        `json:"opening"`   // each post's first sentence, in order: the plain form
	Doubts       []Doubt       `json:"doubts"`    // what the draft asks its reader to look at
	From         time.Time     `json:"from"`
	Until        time.Time     `json:"until"`
}

// Quote is a whole sentence of somebody's, or two that follow each other, unchanged.
type Quote struct {
	Text      string `json:"quote"`
	By        string `json:"by"` // as attribution allows; empty: nobody is named
	Address   string `json:"address"`
	MessageID string `json:"message_id"`
	Link      string `json:"link,omitempty"`
	Post      uint32 `json:"post"`
	Topic     uint32 `json:"topic"`
	Language  string `json:"language"`
	Ask       bool   `json:"ask,omitempty"` // its author wants to be asked first: for the draft alone
}

// Theme is what several people wrote of.
type Theme struct {
	Phrase string  `json:"phrase"` // theirs
	Posts  int     `json:"posts"`
	People int     `json:"people"`
	Quote          // the sentence that says it best; without Text and By, a link to its first post, where none can be read alone
	Quotes []Quote `json:"quotes"`   // up to three, that one first
	Other  int     `json:"other"`    // which of Quotes may tell of another experience, from 1; zero: none
	Words  string  `json:"language"` // the language of the phrase
}

// Question is one that somebody asked.
type Question struct {
	Text      string   `json:"text"`
	By        string   `json:"by"`
	Address   string   `json:"address"`
	MessageID string   `json:"message_id"`
	Link      string   `json:"link,omitempty"`
	Post      uint32   `json:"post"`
	Topic     uint32   `json:"topic"`
	Language  string   `json:"language"`
	Answered  bool     `json:"answered"`
	AnswersBy []string `json:"answers_by,omitempty"` // names of who answered, in order
	Ask       bool     `json:"ask,omitempty"`        // its author wants to be asked before they are quoted: for the draft alone
}

// Contributor is somebody who wrote, in order of their first post.
type Contributor struct {
	Name         string `json:"name"`
	Address      string `json:"address"`
	Posts        int    `json:"posts"`
	Days         int    `json:"days"`          // distinct, of the list's zone
	RepliesDrawn int    `json:"replies_drawn"` // distinct people who answered, at most 3 a post
	Private      bool   `json:"private,omitempty"`
	First        bool   `json:"first,omitempty"` // they had never written before
}

// Reason says for what somebody is in the spotlights; the letter has the words for it.
type Reason string

// The reasons.
const (
	ForAnswering  Reason = "answered"  // questions that nobody had answered: N of them
	ForBeginning  Reason = "began"     // what N people answered
	ForWelcoming  Reason = "welcomed"  // N who wrote for the first time
	ForComingBack Reason = "came back" // on N days
	ForFirstTime  Reason = "first"     // a first post that others took up
	ForSharing    Reason = "shared"    // N links and files
	ForTakingItOn Reason = "took up"   // what N others had said
)

// Spotlight is one of those who did much for the others.
type Spotlight struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	Reason  string `json:"reason"` // in English words, whole
	For     Reason `json:"for"`
	N       int    `json:"n"`
	Quote   Quote  `json:"quote,omitzero"`
}

// Thank is what somebody can be thanked for: their sentence, and what became of it.
type Thank struct {
	Name      string   `json:"name"`
	Address   string   `json:"address"`
	Quote     Quote    `json:"quote"`
	TakenUpBy []string `json:"taken_up_by,omitempty"` // names, in order
	Asked     bool     `json:"asked,omitempty"`       // it asked something
	Open      bool     `json:"open,omitempty"`        // and nobody has answered
}

// Counts are the numbers of a window. Facilitators' posts do not count.
type Counts struct {
	Posts     int `json:"posts"`
	People    int `json:"people"`
	Topics    int `json:"topics"`
	First     int `json:"first"` // people who had never written before
	Days      int `json:"days"`
	Following int `json:"following"`
}

// Link is an address that somebody shared.
type Link struct {
	URL       string `json:"url"`
	By        string `json:"by"`
	MessageID string `json:"message_id"`
	Post      uint32 `json:"post"`
}

// Tongue is one language of the posts.
type Tongue struct {
	Language string `json:"language"`
	Posts    int    `json:"posts"`
	Themed   int    `json:"themed"` // of them in a theme
	Quote    Quote  `json:"quote"`  // one in the original that stands nowhere else; without text where all that can be read alone does
}

// Thread is one exchange.
type Thread struct {
	Topic   uint32 `json:"topic"`
	Post    uint32 `json:"post"` // what it began with
	Subject string `json:"subject"`
	By      string `json:"by,omitempty"` // who began it, as attribution allows, where its topic is a planned email's, whose subject says nothing of it
	Posts   int    `json:"posts"`
	People  int    `json:"people"`
	Quote   Quote  `json:"quote"`
}

// Line is the first sentence of a post. It has no text where there is none, and where its author does not want to be quoted, or to be asked before.
type Line struct {
	Quote Quote     `json:"quote"`
	At    time.Time `json:"at"`
}

// Doubt is something that the draft's reader should look at.
type Doubt struct {
	What  string `json:"what"`  // "one post", "no theme", "ask first"
	Theme int    `json:"theme"` // from 1; zero: it is about none
	Posts int    `json:"posts,omitempty"`
	Name  string `json:"name,omitempty"`
	Tag   string `json:"language,omitempty"`
}
