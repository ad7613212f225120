package list

import (
	"errors"
	"time"
)

// The errors of a Store that callers tell apart. All others mean that something broke.
var (
	// ErrNotFound: there is no such record.
	ErrNotFound = errors.New("not found")
	// ErrFull: there is no room to keep anything more now.
	ErrFull = errors.New("no room left")
	// ErrBroken: a write or a sync failed; the store takes nothing more until it is opened again.
	ErrBroken = errors.New("storage failed")
)

// Store keeps all state of a site. What Update and Keep say was done is on disk.
type Store interface {
	// View runs f on a consistent snapshot. f must be short and must not wait for anything: no network, no Raw.
	View(f func(Reader) error) error
	// Update runs f in a durable transaction, together with what others submit meanwhile. f touches nothing but its Tx, since it may run
	// more than once. An error of f undoes what f did and is returned as it is.
	Update(f func(Tx) error) error
	// Keep puts raw into the segments, synced, and then does as Update; f gets where raw is.
	Keep(raw []byte, f func(Tx, Ref) error) error
	// KeepAll is Keep for several messages that stand and fall together; f gets where each is, in their order.
	KeepAll(raws [][]byte, f func(Tx, []Ref) error) error
	// Raw reads back what Keep kept; its checksum is verified. The result is the caller's own. ErrNotFound: the Ref is zero, or its bytes were erased.
	Raw(Ref) ([]byte, error)
	// Snapshot is the store as it is now, for who reads for long: it costs a copy of the index, and holds nobody up. ErrFull: there is no room for that.
	Snapshot() (Snapshot, error)
	// Fold makes View see all that was settled before.
	Fold() error
	// Noted receives after a transaction is on disk in which a note was put, or a copy failed that is to be judged: once, for however many.
	Noted() <-chan struct{}
	// Watch returns a channel that receives after a transaction is on disk in which a post or a removal was put, once for however many, and what ends that.
	Watch() (filed <-chan struct{}, stop func())
	// Erase overwrites what Forget was called for, as far as nothing else names it; the rest is left to a later call.
	Erase() error
	// Room reports ErrFull when a message of size octets should not be taken now, so that it can be refused before it is sent.
	Room(size int64) error
}

// Snapshot is a store as it was at one moment.
type Snapshot interface {
	// View runs f on it, for as long as f likes.
	View(f func(Reader) error) error
	// Raw reads back a message. What was taken out of the store since is not there any more.
	Raw(Ref) ([]byte, error)
	// Close gives back the room that it takes.
	Close() error
}

// Reader reads one snapshot. The functions handed to it are called in key order and may return ErrStop to end early without an error.
type Reader interface {
	List(address string) (Record, error)
	ListByID(id uint32) (Record, error)
	Lists(f func(Record) error) error // by id; ids begin with 1 and have no gaps

	// Member finds a member by the address that mail goes to, or by one of the others.
	Member(list uint32, address string) (Member, error)
	MemberByNumber(list, number uint32) (Member, error)
	Members(list uint32, f func(Member) error) error // by domain, then number
	// RoleHolders are the members with a role beyond that of a member, by number: however many others there are, it costs what these do.
	RoleHolders(list uint32, f func(Member) error) error
	// DigestReaders are the members who read digests, or are owed their last, by number: however many others there are, it costs what these do.
	DigestReaders(list uint32, f func(Member) error) error
	// PausesEnding are the members whose PauseEnds is not after before, earliest first.
	PausesEnding(before time.Time, f func(Member) error) error
	NextPauseEnd() (time.Time, bool)
	// Interest is what a member said of a topic; Interests is all that they said, by topic, and TopicInterests what was said of a topic, by member.
	Interest(list, topic, member uint32) (Interest, error)
	Interests(list, member uint32, f func(topic uint32, i Interest) error) error
	TopicInterests(list, topic uint32, f func(member uint32, i Interest) error) error

	Post(list, number uint32) (Post, error)
	Posts(list uint32, from uint32, f func(Post) error) error
	// Filed is what the library has of a post; ErrNotFound: nothing.
	Filed(list, post uint32) (Filed, error)
	// FiledPosts are the posts of which it has something, latest first, from those before a number on; zero: from the latest.
	FiledPosts(list, before uint32, f func(Filed) error) error
	// Removals are what was taken out of the archives of all lists, from the one after a Seq on.
	Removals(after uint64, f func(Removal) error) error
	// Seen finds whether this content key, and whether any content under this Message-ID, was recorded by See.
	Seen(list uint32, messageID string, content [16]byte) (same, sameID bool, err error)

	Topic(list, id uint32) (Topic, error)
	Topics(list uint32, f func(Topic) error) error // latest activity first
	// TopicsBeside calls f for the topics on one side of a place in the order of Topics, whether or not there is one at it: those with less recent activity, as Topics does, or,
	// newer, the others, from the place on. f must not write.
	TopicsBeside(list uint32, last time.Time, topic uint32, newer bool, f func(Topic) error) error
	TopicPosts(list, topic uint32, f func(Post) error) error
	// TopicNumbers are the numbers of those posts from one on: the posts themselves are not read.
	TopicNumbers(list, topic, from uint32, f func(post uint32) error) error
	// TopicBySubject finds the topic with that base subject that was active last.
	TopicBySubject(list uint32, base string) (Topic, error)
	Node(list uint32, id NodeID) (Node, error)
	TopicNodes(list, topic uint32, f func(Node) error) error

	Held(id uint64) (Held, error)
	HeldPosts(list uint32, f func(Held) error) error         // list zero: of all lists; by id
	HeldExpiring(before time.Time, f func(Held) error) error // those whose Expires is not after before, earliest first
	// Ruling is how the wait of a held post ended; ErrNotFound: it has not, or that is forgotten.
	Ruling(held uint64) (Ruling, error)
	Rulings(f func(Ruling) error) error // of all lists, by the ids of the held posts

	Bans(list uint32, f func(Ban) error) error // those of the list and those of all lists

	Outgoing(id uint64) (Outgoing, error)

	MarkKeys() (MarkKeys, error)
	Reports(list, post uint32, f func(Report) error) error               // on all copies of a post: by member, then number
	MemberReports(list, post, member uint32, f func(Report) error) error // on one copy: by number

	// Notes are the notices that are still to be sent, by id.
	Notes(f func(Note) error) error
	// Secret finds a secret by its hash, also one that is spent; ErrNotFound when there is none, or it has expired and was removed.
	Secret(hash [32]byte) (Secret, error)
	// SecretsOf are those for one subject of one list and purpose: of every moderator for one held post.
	SecretsOf(list uint32, purpose Purpose, subject uint64, f func(Secret) error) error
	// SecretsFor are all of one list and purpose, by subject.
	SecretsFor(list uint32, purpose Purpose, f func(Secret) error) error
	// Asked tells which confirmations an address was asked for, the oldest first; the address is compared without case.
	Asked(address string) ([]Asking, error)

	// FirstFailures calls f for every list with copies that failed for good and that its owners were not told of, with the time of the first of
	// them; by list.
	FirstFailures(f func(list uint32, at time.Time) error) error
	// Failures are those copies of one list, in order of time; of them those behind after, zero: all.
	Failures(list uint32, after Failure, f func(Failure) error) error
	// Unjudged are copies that failed for good of which nobody has said yet what that means for their addresses: of posts to members, and of
	// notices. By outgoing, then number.
	Unjudged(f func(Failure) error) error
	// AddressState is what is known of an address that mail failed for, compared without case; ErrNotFound: nothing.
	AddressState(address string) (AddressState, error)
	// AddressesDue are those whose Due is not after before, earliest first.
	AddressesDue(before time.Time, f func(AddressState) error) error
	NextAddressDue() (time.Time, bool)
	// FirstChanges calls f for every list with changes of addresses that its owners were not told of, with the time of the first; by list.
	FirstChanges(f func(list uint32, at time.Time) error) error
	// Changes are those of one list, in order of time.
	Changes(list uint32, f func(AddressChange) error) error

	// Paper is one paper of a list's schedule: whatever package digest wrote down under that name. ErrNotFound: there is none. Papers are all whose name
	// begins with prefix, in the order of their names. List zero is the site.
	Paper(list uint32, name string) ([]byte, error)
	Papers(list uint32, prefix string, f func(name string, content []byte) error) error

	// Undelivered reports whether one copy of an Outgoing failed, was dropped, is to be tried again, or was not for its member when its turn came.
	Undelivered(outgoing uint64, number uint32) (bool, error)
	// Tally counts what became of the copies of an Outgoing so far. It reads the record of every copy that was not delivered.
	Tally(outgoing uint64) (Tally, error)
	// Told is when something was told last; ErrNotFound: it never was, or 30 days ago.
	Told(Telling) (time.Time, error)
}

// Tx reads and writes in one transaction. Put replaces what has the same key and keeps the indexes right.
type Tx interface {
	Reader

	// EnsureList makes the record of a list that is new, or gives a former address's record its new address.
	EnsureList(address string, was []string) (Record, error)
	PutList(Record) error

	// PutMember adds (Number zero: the next number is given) or replaces a member and returns it. No address of theirs may be another member's.
	PutMember(Member) (Member, error)
	DeleteMember(list uint32, address string) error
	// PutInterest replaces what a member said of a topic; Unsaid takes it back. It goes when the member or the topic does.
	PutInterest(list, topic, member uint32, i Interest) error

	// PutPost adds (Number zero: the next number is given) or replaces a post and returns it.
	PutPost(Post) (Post, error)
	// PutRemoval adds a removal and returns it with its Seq.
	PutRemoval(Removal) (Removal, error)
	// PutFiled is for a post of which the library has something; DeleteFiled for one of which it has nothing, any more or ever.
	PutFiled(Filed) error
	DeleteFiled(list, post uint32) error
	// Forget has the bytes that a Ref names overwritten by Erase, once nothing names them any more; of the zero Ref there are none.
	Forget(Ref) error
	// See records a Message-ID and content so that Seen finds them.
	See(list uint32, messageID string, content [16]byte) error

	// PutTopic adds (ID zero: the next id is given) or replaces a topic and returns it.
	PutTopic(Topic) (Topic, error)
	DeleteTopic(list, id uint32) error
	PutNode(list uint32, n Node) error

	// PutHeld adds (ID zero: the next id is given) or replaces a held post and returns it.
	PutHeld(Held) (Held, error)
	DeleteHeld(id uint64) error
	// PutRuling is for a post that waits no more. Prune forgets it when it Expires.
	PutRuling(Ruling) error

	PutBan(Ban) error
	DeleteBan(list uint32, pattern string) error

	// DeleteFailure takes a copy out of Failures, since its owners are told. What became of it is known as before.
	DeleteFailure(Failure) error
	PutTold(what Telling, at time.Time) error

	DeleteUnjudged(Failure) error
	// PutAddressState replaces what is known of an address.
	PutAddressState(AddressState) error
	DeleteAddressState(address string) error
	// PutChange has owners told of a change. Whoever waits on Noted hears of it.
	PutChange(AddressChange) error
	DeleteChange(AddressChange) error

	// PutPaper adds or replaces a paper. A name has at most 200 octets.
	PutPaper(list uint32, name string, content []byte) error
	DeletePaper(list uint32, name string) error

	// PutMarkKey adds a key, or replaces the one with its ID.
	PutMarkKey(MarkKey) error
	DeleteMarkKey(id uint8) error

	// PutReport adds (Number zero: the next number of that copy is given) or replaces a report and returns it.
	PutReport(Report) (Report, error)

	// PutNote adds (ID zero: the next id is given) or replaces a note and returns it.
	PutNote(Note) (Note, error)
	DeleteNote(id uint64) error
	PutSecret(Secret) error
	DeleteSecret(hash [32]byte) error
	// PutAsked replaces what Asked tells. Prune forgets it a day after the last of them.
	PutAsked(address string, all []Asking) error

	// Enqueue puts a message into the outbox: one record, however many will get it. It is claimable once the transaction is on disk.
	Enqueue(Outgoing) (Outgoing, error)
	// PutOutgoing replaces the content and the settings of one that is there; its copies are made from these from now on.
	PutOutgoing(Outgoing) error
	// DropOutgoing gives up all copies of one that nobody has yet, and takes its content away. What a worker has at this moment may still go out. It is no error that
	// there is none any more.
	DropOutgoing(id uint64, now time.Time) error
}

// ErrStop ends an iteration of a Reader without an error.
var ErrStop = errors.New("stop")
