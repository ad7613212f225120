package list

import "time"

// Removal tells that a post, or what came with it, was taken out of the archive: the trail that stays. Whoever keeps something derived from posts reads
// removals in the order of their Seq, from the last that they know on.
type Removal struct {
	Seq  uint64 // from 1, over all lists
	List uint32
	Post uint32
	// UID is under which mail clients knew what was removed; they are told that it is expunged.
	UID uint32
	At  time.Time
	By  string // address of who removed it, or "command"
	// Reason is what they said; empty: nothing.
	Reason string
	// Attachments says that the post itself stays, without its attachments.
	Attachments bool
}

// Shown reports whether a post may be shown to those who may read the archive of its list.
func (p *Post) Shown() bool { return !p.NoArchive && p.Removed.IsZero() }

// MailboxUID is the UID of a post in the mailbox of its list (RFC 9051, 2.3.1.1): its number, unless what is served under that has changed since.
func (p *Post) MailboxUID() uint32 {
	if p.UID != 0 {
		return p.UID
	}
	return p.Number
}
