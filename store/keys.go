package store

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"strings"
	"time"

	"convene/list"
)

// bucket names one bucket of the index. Keys are big-endian, so that their order is that of the numbers in them.
type bucket int

const (
	inMeta            bucket = iota // name -> schema, site, tail, journal, restored
	inLists                         // list -> listRow
	inListNames                     // lower-case address -> list
	inMembers                       // list, domain, 0, number -> list.Member
	inMemberAddresses               // list, lower-case address -> number
	inMemberNumbers                 // list, number -> lower-case address
	inMemberRoles                   // list, number of a member with a role
	inPauseEnds                     // when, list, number
	inInterests                     // list, topic, number -> list.Interest; its sequence counts what may change who gets a post
	inMemberInterests               // list, number, topic
	inPosts                         // list, number -> list.Post
	inSeen                          // list, hash of Message-ID, content key
	inFiled                         // list, ^post -> list.Filed
	inRemovals                      // seq -> list.Removal
	inForgotten                     // segment, offset, length of a record that is to be erased
	inTopics                        // list, topic -> list.Topic
	inTopicActivity                 // list, ^last, ^topic
	inTopicSubjects                 // list, hash of base subject, ^last, ^topic
	inTopicPosts                    // list, topic, post
	inNodes                         // list, node -> list.Node
	inTopicNodes                    // list, topic, node
	inHeld                          // held -> list.Held
	inHeldLists                     // list, held
	inHeldExpiry                    // expires, held
	inRulings                       // held -> list.Ruling
	inBans                          // list, pattern -> list.Ban
	inOutgoing                      // outgoing -> outgoingRow
	inWaiting                       // outgoing that is not done -> progress
	inSettled                       // outgoing, domain -> ranges of numbers that are done or passed
	inDeferred                      // outgoing, number -> copyRow
	inDue                           // due, outgoing, number -> domain
	inFailed                        // outgoing, number -> copyRow (failed and dropped)
	inDone                          // when, outgoing
	inPauses                        // list address, domain, or "*" for everything
	inKeys                          // id -> list.MarkKey
	inReports                       // list, post, member, number -> list.Report
	inReportAges                    // arrived, list, post, member, number
	inUntold                        // list, at, outgoing, number: of inFailed, what the owners were not told of
	inUnjudged                      // outgoing, number: of inFailed, what was not judged
	inAddresses                     // lower-case address -> list.AddressState
	inAddressDue                    // due, lower-case address
	inChanges                       // list, at, lower-case address -> list.AddressChange
	inTold                          // kind, 0, list, post, next hop -> when it was told
	inNotes                         // note -> list.Note
	inSecrets                       // hash -> list.Secret
	inSecretSubjects                // list, purpose, 0, subject, hash
	inSecretExpiry                  // expires, hash
	inAsked                         // hash of lower-case address -> askedRow
	inPapers                        // list, name of a paper of its schedule -> what package digest wrote
	inDigestReaders                 // list, member -> domain: those to whom digests go
	buckets
)

// growing are the buckets whose keys come in their own order. A page that was filled is never written to again, so that none is split in the
// middle: half as many pages, and half as many to read and write.
var growing = [buckets]bool{inPosts: true, inTopics: true, inTopicPosts: true, inTopicNodes: true, inHeld: true, inHeldLists: true, inOutgoing: true,
	inSettled: true, inFailed: true, inDone: true, inMemberNumbers: true, inNotes: true, inRemovals: true}

// bucketNames are the names on disk.
var bucketNames = [buckets]string{
	inMeta: "meta", inLists: "lists", inListNames: "list_names", inMembers: "members", inMemberAddresses: "member_addresses",
	inMemberNumbers: "member_numbers", inMemberRoles: "member_roles", inPauseEnds: "pause_ends", inInterests: "interests",
	inMemberInterests: "member_interests", inPosts: "posts", inSeen: "seen", inFiled: "filed", inRemovals: "removals", inForgotten: "forgotten", inTopics: "topics",
	inTopicActivity: "topic_activity", inTopicSubjects: "topic_subjects", inTopicPosts: "topic_posts", inNodes: "nodes",
	inTopicNodes: "topic_nodes", inHeld: "held", inHeldLists: "held_lists", inHeldExpiry: "held_expiry", inRulings: "rulings", inBans: "bans",
	inOutgoing: "outgoing", inWaiting: "waiting", inSettled: "settled", inDeferred: "deferred", inDue: "due", inFailed: "failed",
	inDone: "done", inPauses: "pauses", inKeys: "keys", inReports: "reports", inReportAges: "report_ages",
	inUntold: "untold", inUnjudged: "unjudged", inAddresses: "addresses", inAddressDue: "address_due", inChanges: "changes",
	inTold: "told", inNotes: "notes", inSecrets: "secrets", inSecretSubjects: "secret_subjects",
	inSecretExpiry: "secret_expiry", inAsked: "asked", inPapers: "papers", inDigestReaders: "digest_readers",
}

func (b bucket) String() string { return bucketNames[b] }

// key is a key being built.
type key []byte

// keyRoom is the room to start a key with, so that most are one allocation.
const keyRoom = 48

func newKey() key { return make(key, 0, keyRoom) }

func (k key) u32(v uint32) key     { return binary.BigEndian.AppendUint32(k, v) }
func (k key) u64(v uint64) key     { return binary.BigEndian.AppendUint64(k, v) }
func (k key) str(s string) key     { return append(k, s...) }
func (k key) id(h [16]byte) key    { return append(k, h[:]...) }
func (k key) time(t time.Time) key { return k.u64(orderedTime(t)) }

func listKey(id uint32) key          { return newKey().u32(id) }
func pairKey(a, b uint32) key        { return newKey().u32(a).u32(b) }
func copyKey(o uint64, n uint32) key { return newKey().u64(o).u32(n) }
func outKey(o uint64) key            { return newKey().u64(o) }

// domainKey is the prefix of all members of one domain. The zero octet keeps example.org apart from example.org.uk.
func domainKey(list uint32, domain string) key { return newKey().u32(list).str(domain).str("\x00") }

func memberKey(list uint32, domain string, number uint32) key {
	return domainKey(list, domain).u32(number)
}

func pauseEndKey(ends time.Time, list, number uint32) key {
	return newKey().time(ends).u32(list).u32(number)
}

// splitPauseEndKey takes a key of inPauseEnds apart.
func splitPauseEndKey(k []byte) (ends time.Time, list, number uint32, ok bool) {
	if len(k) != 16 {
		return time.Time{}, 0, 0, false
	}
	return timeOf(binary.BigEndian.Uint64(k)), binary.BigEndian.Uint32(k[8:]), binary.BigEndian.Uint32(k[12:]), true
}

// splitMemberKey takes a key of inMembers apart.
func splitMemberKey(k []byte) (domain []byte, number uint32, ok bool) {
	if len(k) < 4+1+4 || k[len(k)-5] != 0 {
		return nil, 0, false
	}
	return k[4 : len(k)-5], binary.BigEndian.Uint32(k[len(k)-4:]), true
}

func addressKey(id uint32, address string) key {
	return newKey().u32(id).str(list.FoldAddress(address))
}

func settledKey(outgoing uint64, domain string) key { return outKey(outgoing).str(domain) }

func dueKey(due time.Time, outgoing uint64, number uint32) key {
	return newKey().time(due).u64(outgoing).u32(number)
}

// splitDueKey takes a key of inDue apart.
func splitDueKey(k []byte) (due time.Time, outgoing uint64, number uint32, ok bool) {
	if len(k) != 20 {
		return time.Time{}, 0, 0, false
	}
	return timeOf(binary.BigEndian.Uint64(k)), binary.BigEndian.Uint64(k[8:]), binary.BigEndian.Uint32(k[16:]), true
}

func activityKey(list uint32, last time.Time, topic uint32) key {
	return newKey().u32(list).u64(^orderedTime(last)).u32(^topic)
}

func subjectPrefix(list uint32, base string) key { return newKey().u32(list).id(shorten(base)) }

func subjectKey(list uint32, base string, last time.Time, topic uint32) key {
	return subjectPrefix(list, base).u64(^orderedTime(last)).u32(^topic)
}

func filedKey(list, post uint32) key { return pairKey(list, ^post) }

func reportKey(list, post, member, number uint32) key {
	return newKey().u32(list).u32(post).u32(member).u32(number)
}

func reportAgeKey(arrived time.Time, list, post, member, number uint32) key {
	return append(newKey().time(arrived), reportKey(list, post, member, number)...)
}

func purposeKey(id uint32, purpose list.Purpose) key {
	return newKey().u32(id).str(string(purpose)).str("\x00")
}

func subjectOfKey(id uint32, purpose list.Purpose, subject uint64) key {
	return purposeKey(id, purpose).u64(subject)
}

func secretSubjectKey(s *list.Secret) key {
	return append(subjectOfKey(s.List, s.Purpose, s.Subject), s.Hash[:]...)
}

func secretExpiryKey(s *list.Secret) key { return append(newKey().time(s.Expires), s.Hash[:]...) }

func messageKey(list uint32, id string) key { return newKey().u32(list).id(shorten(id)) }

// shorten makes of a Message-ID or a subject what fits a key.
func shorten(s string) (h [16]byte) {
	sum := sha256.Sum256([]byte(s))
	copy(h[:], sum[:])
	return h
}

// domainOf is the domain of an address, in lower case and as in DNS; empty when there is none.
func domainOf(address string) string {
	address = list.FoldAddress(address)
	return address[strings.LastIndexByte(address, '@')+1:]
}

// orderedTime maps a time to a number with the same order; times outside 1678 to 2262 count as the nearest one inside.
func orderedTime(t time.Time) uint64 {
	const first, last = math.MinInt64 / int64(time.Second), math.MaxInt64 / int64(time.Second)
	var n int64
	switch s := t.Unix(); {
	case s <= first:
		n = math.MinInt64
	case s >= last:
		n = math.MaxInt64
	default:
		n = t.UnixNano()
	}
	return uint64(n) ^ 1<<63
}

// timeOf is the inverse of orderedTime.
func timeOf(v uint64) time.Time { return time.Unix(0, int64(v^1<<63)).UTC() }

// nodeAt reads a node id at the end of a key.
func nodeAt(k []byte) (id list.NodeID) {
	copy(id[:], k[max(0, len(k)-len(id)):])
	return id
}

// lastU32 reads the number at the end of a key; one that is too short has zero.
func lastU32(k []byte) uint32 { return u32At(k[max(0, len(k)-4):]) }

// u32At and u64At read the number at the start of a key; one that is too short has zero.
func u32At(k []byte) uint32 {
	if len(k) < 4 {
		return 0
	}
	return binary.BigEndian.Uint32(k)
}

func u64At(k []byte) uint64 {
	if len(k) < 8 {
		return 0
	}
	return binary.BigEndian.Uint64(k)
}
