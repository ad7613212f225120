package list

import "time"

// Mode is how a member receives posts.
type Mode string

// The delivery modes.
const (
	ModeEach    Mode = "each"
	ModeDigest  Mode = "digest"  // the posts of a day in one mail, and at once what the schedule sends
	ModeSummary Mode = "summary" // what the schedule sends, and no posts
	ModeSpecial Mode = "special" // posts that a moderator marks special, and no others
	ModeNoMail  Mode = "nomail"
)

// State says whether mail goes to a member at all.
type State string

// The member states.
const (
	Active   State = "active"
	Paused   State = "paused"   // by their own wish
	Bouncing State = "bouncing" // mail to them fails; they are being probed
	Disabled State = "disabled" // mail to them failed for good
)

// Role is what a member may do beyond posting. Roles of the config add to those of the store.
type Role string

// The roles.
const (
	RoleMember      Role = "member"
	RoleOwner       Role = "owner"
	RoleModerator   Role = "moderator"
	RoleFacilitator Role = "facilitator"
)

// Quoting says whether somebody may be quoted in what goes to all.
type Quoting string

// What they may say.
const (
	QuoteYes Quoting = "" // with their name, as the list's attribution has it
	QuoteAsk Quoting = "ask"
	QuoteNo  Quoting = "no"
)

// Choice is a setting that a member may leave to the list.
type Choice string

// The choices.
const (
	ChooseList Choice = "" // as the list says
	ChooseYes  Choice = "yes"
	ChooseNo   Choice = "no"
)

// Member is one address on one list.
type Member struct {
	List     uint32
	Number   uint32 // position on the list; numbers only grow and are never used again
	Address  string // as given, domain in lower case; compared without case
	Name     string
	Mode     Mode
	State    State
	Role     Role
	Language string // BCP 47; empty: the list's
	Timezone string // IANA name; empty: the list's
	Joined   time.Time
	LastPost time.Time // zero: never
	Posts    uint32    // posts accepted, for new_members_moderated_for
	// Moderated holds every post of theirs; Trusted lets a new member's posts through at once.
	Moderated bool
	Trusted   bool
	// PausedUntil is when a pause ends by itself; zero: when they say so. It counts while State is Paused.
	PausedUntil time.Time
	// PausedSince is when they took the break that they are on; zero: they are on none, or that is not known.
	PausedSince time.Time
	// Others are further addresses that they post and decide from. Each finds the member as Address does; nothing is sent there.
	Others []string
	// Own says whether they get their own posts.
	Own Choice
	// Generation goes into every mark of theirs: raising it revokes those that are out.
	Generation uint32
	// Follow leaves them only the topics that they follow, and the first post of every other.
	Follow bool
	// NoDuplicates takes away the copy of a post that they get, or were sent, by another way too.
	NoDuplicates bool
	// NoAttachments gives them the light form of every post, and MaxSize of each that has more octets; zero: of none for its size.
	NoAttachments bool
	MaxSize       int64
	// HTML gives them digests with an HTML part, and Whole such in which every post is enclosed whole; otherwise they are plain text. Not both are set.
	HTML, Whole bool
	// DigestAt is when their daily digest goes out, in their own zone: the minute of the day, from 1 for 00:00; zero: when the list's does.
	DigestAt int
	// DigestFrom is the last post that no digest is to tell them of any more: what they had before they chose ModeDigest, or another time. It counts
	// where it is later than what the digests of their hour have told, or DigestUntil is set.
	DigestFrom uint32
	// DigestUntil is the last post that there was when they chose another mode or time, or took a break, with some that no digest had told them of. Who is in
	// ModeDigest no more is owed a last digest up to it; who is has it until the first digest of the new time, which begins behind DigestFrom even where those
	// of that time have told others of more. Zero: nothing was left.
	DigestUntil uint32
	// PrivateThanks keeps their name out of what thanks people before all, Quote says whether they may be quoted.
	PrivateThanks bool
	Quote         Quoting
}

// Receives reports whether a post goes to this member as it is sent; special says that a moderator has marked it so.
func (m *Member) Receives(special bool) bool {
	return m.State == Active && (m.Mode == ModeEach || special && m.Mode == ModeSpecial)
}

// Has reports whether an address is one of theirs.
func (m *Member) Has(address string) bool {
	return SameAddress(m.Address, address) || containsAddress(m.Others, address)
}

// HasRole reports whether they may do more than post.
func (m *Member) HasRole() bool { return m.Role != "" && m.Role != RoleMember }

// ReadsDigests reports whether they get digests, or are owed their last.
func (m *Member) ReadsDigests() bool { return m.Mode == ModeDigest || m.DigestUntil != 0 }

// PauseEnds is when a pause ends by itself; false: there is none that does.
func (m *Member) PauseEnds() (time.Time, bool) {
	return m.PausedUntil, m.State == Paused && !m.PausedUntil.IsZero()
}

// GetsOwn reports whether a copy of their own posts goes to them, where the list says so unless they said otherwise.
func (m *Member) GetsOwn(list bool) bool { return m.Own == ChooseYes || m.Own == ChooseList && list }
