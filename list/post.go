package list

import "time"

// Ref names bytes kept in the segments. The zero Ref names nothing.
type Ref struct {
	Segment uint32 // number of the segment file, from 1
	Offset  uint64 // of the record in it
	Length  uint32 // of the content as it arrived, in octets
}

// Opinion is what one rule said.
type Opinion struct {
	Rule   string `json:"rule"`
	Action string `json:"action"` // pass, accept, hold, refuse, discard
	Reason string `json:"reason,omitempty"`
}

// Style is every setting that shapes the copies of a post, frozen when it was accepted: all copies and retries are made from it alone.
// A field that is gone must keep its meaning for posts already stored.
type Style struct {
	List          string // posting address
	ListName      string
	Hostname      string
	SubjectPrefix string
	ReplyTo       ReplyTo
	Announce      bool   // List-Post: NO
	Joinable      bool   // people may join by mail: there is a List-Subscribe
	MessageID     string // with brackets; set only when the post came without a usable one
	Date          string // set only when the post came without one
	Received      string // our trace field's value, unfolded
	AuthservIDs   []string
	// Personal gives every member a copy of their own: return path and List-Unsubscribe carry marks that name them.
	Personal bool
	// BaseURL is where pages that a mail links to are reached, without a slash at the end; empty: links by mail alone.
	BaseURL string
	// Footer stands below the text of every post, in lines with LF ends; empty: none.
	Footer string
	// Attachments says what becomes of them; those of more than AttachmentsOver octets go to the library whatever it says (zero: none does).
	Attachments     Attachments
	AttachmentsOver int64
	// Files begins the URL of an attachment of this post in the library: its Index follows. It is of a page, or of a mail that asks for the
	// post; empty: the library has none of it.
	Files string
	// Taken and TakenLinked are what the text says of an attachment that is taken out of it, without and with the link to it: {name}, {size} and {link}
	// stand for those. Sizes has a tenth as it is written and the words for octets, a thousand, a million and a billion of them. All are empty for
	// posts that were accepted before there were such.
	Taken, TakenLinked, Sizes string
	// Link is the URL of this very post (Archived-At), Archive that of the list (List-Archive); empty: no page has it.
	Link, Archive string
	// Munge says that the author's domain asks receivers to refuse mail that no longer bears its signature: a copy that breaks it goes out From
	// the list. MungeWhy says what DNS or the settings said, FromName is the name that stands there then.
	Munge    bool
	MungeWhy string
	FromName string
	// Signers are the domains, with spaces between them, whose signatures held when the post came and speak for its From: a copy on which one of them
	// still holds is not munged. Empty: each that differs in something that authors sign is.
	Signers string
	// Edited says that a moderator has replaced the text, so that no copy bears the author's signature.
	Edited bool
	// Sealing names the keys of the ARC set, as Signing does; Results is what its ARC-Authentication-Results says behind the instance.
	Sealing []string
	Results string
	// Signing names the keys that sign it, as their records are named in DNS; empty: none does.
	Signing []string
}

// Post is a message accepted for a list, or (with Number zero) one about to be.
type Post struct {
	List     uint32
	Number   uint32
	Ref      Ref
	Envelope Envelope
	// MessageID is the identity on the list, without brackets: the message's own, or one that we made.
	MessageID  string
	Node       NodeID // its place in the thread forest
	Topic      uint32
	From       string // address of the author
	FromName   string
	Subject    string    // decoded, as it came
	Date       time.Time // of the Date field; the arrival's when that is unusable
	Arrived    time.Time // when it came
	Accepted   time.Time // when it was accepted; later than Arrived for one that was held
	ContentKey [16]byte  // hash of Message-ID and content without trace fields
	Outgoing   uint64    // its record in the outbox
	Trace      []Opinion
	DecidedBy  string // who approved it; empty: the rules
	Special    bool   // a moderator has marked it special
	Original   Ref    // of one whose text a moderator has replaced: the message that came; zero: Ref is that
	// Planned is the key of the row of a plan that it is the email of; empty: somebody wrote it. It counts as nobody's post.
	Planned string
	// Further are its other records in the outbox: editions in other languages.
	Further   []uint64
	NoArchive bool // its author wants it on no page (X-No-Archive)
	Auth      Authentication
	// Head is what stands before the message in the archive: whole header fields with CRLF, frozen when it was accepted (List-Id, Archived-At, and a
	// Message-ID or Date where it came without); empty: nothing does.
	Head string
	// UID is its UID in the mailbox of the list where that is no longer its Number; zero: it is. MailboxUID is either.
	UID uint32
	// Removed is when it was taken out of the archive: nothing of its content is kept; zero: it was not.
	Removed time.Time
	// Imported is when it was taken over from another archive; zero: it came as mail. Such a post went out to nobody from here: Arrived and Accepted are when
	// it did elsewhere, and Outgoing is zero.
	Imported time.Time
}

// History reports whether a post was taken over from another archive: it counts as nothing that happens on the list.
func (p *Post) History() bool { return !p.Imported.IsZero() }

// Came is when a post came to this list, however old it was by then: no post has a higher number and came earlier.
func (p *Post) Came() time.Time {
	if p.History() {
		return p.Imported
	}
	return p.Accepted
}

// Held is a post that waits for a moderator. Its ID is the held id that commands take.
type Held struct {
	ID      uint64
	Post    Post // Number and Topic are not given yet
	Expires time.Time
	Quiet   bool // no notice of its own (spam)
	// Join says that it is no post but a request to join: Post has who asks, and no message (Ref is zero).
	Join bool
	// Bundled says that it is of a discussion that runs: moderators and facilitators are told of such posts once an hour, together.
	Bundled bool
}

// NodeID is a Message-ID in the thread forest of one list: the first 16 octets of its SHA-256.
type NodeID [16]byte

// Node is one message of the thread forest: a post, or a ghost (Post zero) that others name and that has not come (yet).
type Node struct {
	ID     NodeID
	Post   uint32 // zero: a ghost
	Parent NodeID // zero: none
	// Rank says how sure Parent is: RankOwn for what the message itself says, lower for what others' References imply.
	Rank uint32
	// Root makes this node the root of a topic although it has a parent: a "(was: …)" reply, or a split.
	Root bool
	// Topic is the topic it is in.
	Topic uint32
}

// RankOwn is the rank of a parent that a post's own References or In-Reply-To gave, or that a moderator set.
const RankOwn = ^uint32(0)

// Topic is a thread of posts. What can be counted from its posts is not in it.
type Topic struct {
	List    uint32
	ID      uint32
	Root    NodeID
	Subject string // decoded, without prefix and reply markers; or as renamed
	Base    string // base subject for joining replies without headers, case-folded
	Renamed bool
	Locked  bool
	Held    bool   // posts to it are moderated
	From    uint32 // the topic that a "(was: …)" reply left; zero: none
	Posts   uint32
	First   time.Time
	Last    time.Time
}

// Record is what the store keeps about a list as such.
type Record struct {
	ID      uint32
	Address string
	Closed  bool // by command
	Members uint32
	Posts   uint32 // number of the last post
	// LastMember is the highest member number ever given: what a fan-out freezes.
	LastMember uint32
	// LastTopic is the highest id ever given to a topic.
	LastTopic uint32
	// Importing says that history is being imported, or was when that was broken off: nobody may read the archive.
	Importing bool
}

// Ban keeps a sender out. Pattern is an address in which * stands for any run; List zero means all lists.
type Ban struct {
	List    uint32
	Pattern string
	By      string
	At      time.Time
}
