package list

// proof is how far it is known that a request comes from the address that it names.
type proof int

// The proofs.
const (
	claimed       proof = iota // From says so, and anybody can write a From
	authenticated              // DMARC, or what stands for it, says so
	confirmed                  // whoever reads mail to the address has said yes
)

// admission is what becomes of a request to join.
type admission string

// The admissions.
const (
	admitted       admission = "admitted"  // a member from now on
	admitNot       admission = "closed"    // nobody joins
	admitBanned    admission = "banned"    // they are kept out
	admitUninvited admission = "uninvited" // only who was invited, and this address was not
	admitAlready   admission = "already"   // they are one
	admitAsked     admission = "asked"     // they are asked to confirm first
	admitRequested admission = "requested" // the moderators decide
)

// admit decides on a request to join: by the list's policy, by what is known of who asks, and by whether the address was invited. Nothing is said to
// a mere claim that would tell a member from a stranger.
func admit(policy Join, closed bool, by proof, member, invited bool) admission {
	if closed || policy == JoinClosed || policy == "" {
		if member && by != claimed {
			return admitAlready
		}
		return admitNot
	}
	switch {
	case by == claimed:
		return admitAsked
	case member:
		return admitAlready
	case invited: // whoever runs the list has decided, and they say yes
		return admitted
	case policy == JoinInvite:
		return admitUninvited
	case by == authenticated && policy != JoinOpen:
		return admitAsked
	case policy == JoinApprove:
		return admitRequested
	}
	return admitted
}
