package list

import "slices"

// Interest is what a member said of one topic. A later word of theirs replaces it.
type Interest string

// The interests.
const (
	Unsaid   Interest = ""
	Muted    Interest = "mute"   // no post of it goes to them
	Followed Interest = "follow" // its posts go to them in follow mode too
)

// Gets reports whether a copy of a post goes to a member as both are now, and whether that is the light form; i is what they said of its topic. What other
// ways the post took to them is not looked at (Elsewhere).
func (o *Outgoing) Gets(m *Member, i Interest) (gets, light bool) {
	switch {
	case !m.Receives(), o.Except != "" && SameAddress(m.Address, o.Except), i == Muted:
		return false, false
	case m.Follow && i != Followed && !o.First:
		return false, false
	case m.NoDuplicates && slices.Contains(o.Direct, m.Number):
		return false, false
	}
	return true, !o.Bare && (m.NoAttachments || m.MaxSize > 0 && o.Size > m.MaxSize)
}
