package list

import "time"

// Mode is how a member receives posts.
type Mode string

// The delivery modes. Only ModeEach and ModeNoMail are built in this version; the others are refused where they are asked for.
const (
	ModeEach    Mode = "each"
	ModeDigest  Mode = "digest"
	ModeSummary Mode = "summary"
	ModeSpecial Mode = "special"
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
	// Generation goes into every mark of theirs: raising it revokes those that are out.
	Generation uint32
}

// Receives reports whether a post goes to this member as it is sent.
func (m *Member) Receives() bool { return m.State == Active && m.Mode == ModeEach }
