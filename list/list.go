package list

import (
	"strings"
	"time"
)

// Site is one running convene as its config describes it: immutable once made, and swapped whole on a reload.
type Site struct {
	Hostname string // EHLO name, authserv-id of our own results, domain of generated Message-IDs
	Admin    string // who postmaster@, abuse@ and mailer-daemon@ reach
	Limits   Limits
	// MaxMessage is the largest message taken at all, in octets; a list's own may be lower.
	MaxMessage int64
	// SpamHeader is a field and its value ("X-Spam-Flag: YES") that holds a post when a trusted relay handed it in; empty: none.
	SpamHeader string
	// AuthservID is whose Authentication-Results of trusted relays are believed; empty: none.
	AuthservID string
	// AlwaysMunge are domains, in ASCII and lower case, whose authors' rewritten copies go out From the list whatever DNS says.
	AlwaysMunge []string
	// Personalise gives every member a copy of their own.
	Personalise bool
	// BaseURL is where pages are reached that mail may link to, without a slash at the end; empty: there are none.
	BaseURL string
	// Texts are what notices say; nil: what is built in.
	Texts *Texts
	// Signing names the DKIM keys of the site, as their records are named in DNS: "c1._domainkey.lists.example.org", in lower case.
	Signing []string
	// Sealing names those of them that also make ARC sets.
	Sealing []string
	// Mailboxes is where mail programs read the archives; nil: nowhere.
	Mailboxes *MailboxPlace
	Lists     []*List

	byAddress map[string]*List // of addresses, aliases and former addresses, in lower case
	domains   map[string]bool
}

// Limits bound what one message or session may cost. Zero means the default of config.example.toml, never "no limit".
type Limits struct {
	RcptPerMessage           int           // recipients in one SMTP transaction
	HeaderBytes              int64         // octets of a message's header
	HeaderFields             int           // fields of a message's header
	MIMEDepth                int           // nesting of multiparts and enclosed messages
	MIMEParts                int           // MIME parts in all
	Received                 int           // Received fields: more means a loop
	ErrorsPerSession         int           // refused commands before the session is closed with 421
	ConnectionsPerIP         int           // not for trusted relays
	IdleTimeout              time.Duration // silence before a session is closed
	DNSBudget                time.Duration // all look-ups of one message together
	ConfirmsPerAddressPerDay int
	CommandsPerMail          int
	CommandsPerAddressPerHr  int
	HeldNoticesPerHour       int
}

// Type is what kind of list it is.
type Type string

// The list types of this version.
const (
	Discussion Type = "discussion" // members post
	Announce   Type = "announce"   // owners, moderators and facilitators post
)

// Posting says who may post.
type Posting string

// The posting policies.
const (
	PostMembers    Posting = "members"     // members; others are refused
	PostHoldOthers Posting = "hold_others" // members; others are held
	PostModerated  Posting = "moderated"   // every post is held
	PostAnyone     Posting = "anyone"      // everybody
	PostRoles      Posting = "roles"       // owners, moderators, facilitators
)

// Join says how people become members by mail.
type Join string

// The joining policies.
const (
	JoinOpen    Join = "open"    // an authenticated request joins at once; any other is asked to confirm
	JoinConfirm Join = "confirm" // every request is asked to confirm
	JoinApprove Join = "approve" // the moderators decide, once it is confirmed
	JoinInvite  Join = "invite"  // who was invited
	JoinClosed  Join = "closed"  // nobody
)

// Roster says who may be told who is on the list.
type Roster string

// The roster policies.
const (
	RosterOwners  Roster = "owners"
	RosterMembers Roster = "members"
)

// Charter is what the list is, in its people's own words: it stands in the welcome and in the help.
type Charter struct {
	Domain    string   // what do we care about?
	Community string   // who is here, and what may we expect of one another?
	Practice  string   // how and how often do we meet?
	Values    []string // a few words each
}

// RequireAuth says what is asked of a post's sender authentication.
type RequireAuth string

// The authentication policies.
const (
	AuthNever  RequireAuth = "never"  // nothing
	AuthPolicy RequireAuth = "policy" // held when DMARC fails and the sender's domain asks for quarantine or reject
	AuthAlways RequireAuth = "always" // held unless authenticated
)

// ReplyTo says where the Reply-To of a post points.
type ReplyTo string

// The reply policies.
const (
	ReplyList   ReplyTo = "list"   // to the list (and to the author's own Reply-To, if there is one); where members may not post, to the author
	ReplySender ReplyTo = "sender" // to the author: the field is left as it came, unless From is rewritten
)

// Attachments says what becomes of the attachments of a post.
type Attachments string

// The attachment policies.
const (
	KeepAttachments    Attachments = "keep"    // they go out with the post
	LibraryAttachments Attachments = "library" // the post says what they are and how to get them
	StripAttachments   Attachments = "strip"   // the post says what they were
)

// Archive says who may read what was posted.
type Archive string

// The archive policies.
const (
	ArchiveMembers Archive = "members"
	ArchivePublic  Archive = "public"
	ArchiveNone    Archive = "none" // nobody: no page has it, and no mail links to one
)

// List is one mailing list as the config describes it. Who is a member, and whether it was closed by command, is in the store.
type List struct {
	Address      string // posting address, lower case
	Name         string // display name, for List-Id; empty: the local part
	Description  string
	Language     string   // BCP 47 tag of notices
	Languages    []string // further ones that members may choose
	Location     *time.Location
	Owners       []string
	Moderators   []string
	Facilitators []string
	Core         []string // the core group: gets plans, and may answer a draft in the facilitator's place
	Type         Type
	Posting      Posting
	Join         Join   // empty: closed
	Roster       Roster // empty: owners
	Charter      Charter
	RequireAuth  RequireAuth
	ReplyTo      ReplyTo

	// Attachments says what becomes of them; those of more than AttachmentsOver octets go to the library whatever it says (zero: none does).
	Attachments     Attachments // empty: keep
	AttachmentsOver int64

	NoDigest      bool          // members cannot choose the digest
	SubjectPrefix string        // "[peers]"; empty: the subject is left as it came
	MaxMessage    int64         // octets
	MaxRecipients int           // addresses in To and Cc beyond which a post is held; zero: no limit
	HeldFor       time.Duration // how long a held post waits

	NewMembersModeratedFor int // the first so many posts of a new member are held

	Archive Archive // empty: none
	Footer  *Footer // below each post; nil: none

	HoldAll      bool // hold every post, whatever else is said
	Closed       bool // phase = "closed"
	CopyToAuthor bool // the author gets a copy too

	Aliases []string // further addresses that take posts
	Was     []string // former addresses: the store comes along, mail to them is taken
}

// Local returns the part of the list's address before the @.
func (l *List) Local() string { local, _, _ := strings.Cut(l.Address, "@"); return local }

// Domain returns the part of the list's address behind the @.
func (l *List) Domain() string { _, domain, _ := strings.Cut(l.Address, "@"); return domain }

// Title is the list's display name.
func (l *List) Title() string {
	if l.Name != "" {
		return l.Name
	}
	return l.Local()
}

// ID is the List-Id value between the angle brackets (RFC 2919 §2): the address with its @ made a dot.
func (l *List) ID() string { return l.Local() + "." + l.Domain() }
