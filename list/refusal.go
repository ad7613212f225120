package list

import "fmt"

// A Reason says why mail was refused. Each has one row in the table of mailer/reply.go, which turns it into an SMTP code.
type Reason string

// The reasons for which mail is refused. The first word of a log line about a refusal is one of these.
const (
	NoSuchAddress   Reason = "no-such-address"   // no list, no such +word, or a list that is gone from the config
	NotBuilt        Reason = "not-in-version"    // an address whose feature this version does not have
	ListClosed      Reason = "closed"            // the list takes no posts any more
	NotMember       Reason = "not-a-member"      // posting is for members
	NotAllowed      Reason = "not-allowed"       // posting is for owners, moderators and facilitators
	ForgedSender    Reason = "forged"            // fails DMARC where the sender has to be known
	BannedSender    Reason = "banned"            // the sender may not post here
	TopicLocked     Reason = "locked-topic"      // the topic takes no more posts
	TooBig          Reason = "too-big"           // over the list's or the site's max_message
	Unreadable      Reason = "unreadable"        // no single From, broken header, bare CR or LF, NUL, MIME limits
	TooManyHops     Reason = "loop"              // been here before, or too many Received
	NullSenderPost  Reason = "automatic"         // a bounce or report sent to a posting address
	TooManyCommands Reason = "too-many-commands" // more mails with commands than an address may send in an hour: try again later
	TooManyGuesses  Reason = "too-many-guesses"  // the client named too many tokens that are none within an hour: try again later
	TooManyLists    Reason = "one-list-at-once"  // a second list in one transaction: try that one again alone
	StorageFull     Reason = "storage-full"      // no room now
	TemporarilyDown Reason = "temporary"         // something failed on our side; the sender should try again
)

// Refusal is an answer to the sender that is not yes. Text is what a member may read: one plain sentence of ASCII without secrets.
// Whatever else is known belongs in the log.
type Refusal struct {
	Reason Reason
	Text   string
}

func (r *Refusal) Error() string { return fmt.Sprintf("list: refused (%s): %s", r.Reason, r.Text) }

// Refuse makes a Refusal; the arguments are as for fmt.Sprintf.
func Refuse(why Reason, format string, args ...any) *Refusal {
	return &Refusal{Reason: why, Text: fmt.Sprintf(format, args...)}
}
