package list

import (
	"regexp"
	"slices"
)

// specialTag is what a moderator or a facilitator writes into the subject of a post that is to reach members in ModeSpecial, too: a hashtag of its own, and
// not the beginning of another.
var specialTag = regexp.MustCompile(`(?i)(?:^|[^\pL\pN\pM_&/#])#special(?:$|[^\pL\pN\pM_-])`)

// saysSpecial reports whether a subject has that hashtag.
func saysSpecial(subject string) bool { return specialTag.MatchString(subject) }

// special reports whether it is to be special: who is named as its author may say so, does, and is who they say.
func (a *Arrival) special() bool { return a.Tagged && (a.Auth.OK() || a.Envelope.Authenticated) }

// mayMarkSpecial reports whether somebody with these roles may say so in a subject. Owners decide on held posts as well, and can reply "special" there.
func mayMarkSpecial(roles []Role) bool {
	return slices.Contains(roles, RoleModerator) || slices.Contains(roles, RoleFacilitator)
}
