package list

import (
	"errors"
	"slices"
)

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
	case o.Only != nil:
		_, named := slices.BinarySearch(o.Only, m.Number)
		return named && m.State == Active && m.Mode != ModeNoMail, false
	case !m.Receives(o.Special), o.Except != "" && SameAddress(m.Address, o.Except), i == Muted:
		return false, false
	case m.Follow && m.Mode == ModeEach && i != Followed && !o.First:
		return false, false
	case m.NoDuplicates && slices.Contains(o.Direct, m.Number):
		return false, false
	}
	return true, !o.Bare && (m.NoAttachments || m.MaxSize > 0 && o.Size > m.MaxSize)
}

// inheritInterests has what was said of one topic count for another, too, where nothing was said of that: nobody has asked for a topic to be merged or
// split, so nobody is to get what they muted, or to miss what they follow.
func inheritInterests(tx Tx, list, topic, heir uint32) error {
	if heir == 0 || heir == topic {
		return nil
	}
	said := map[uint32]Interest{}
	if err := tx.TopicInterests(list, topic, func(member uint32, i Interest) error { said[member] = i; return nil }); err != nil {
		return err
	}
	for member, i := range said {
		own, err := tx.Interest(list, heir, member)
		if err == nil && own == Unsaid {
			err = tx.PutInterest(list, heir, member, i)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// interestsBack is how many topics a goodbye remembers, the latest ones, for who comes back.
const interestsBack = 1000

// interestsOf is what a member said of topics: of the latest, if there are more than most.
func interestsOf(r Reader, list, member uint32, most int) (topics []uint32, said map[uint32]Interest, err error) {
	said = map[uint32]Interest{}
	err = r.Interests(list, member, func(topic uint32, i Interest) error {
		topics, said[topic] = append(topics, topic), i
		return nil
	})
	for len(topics) > most {
		delete(said, topics[0])
		topics = topics[1:]
	}
	return topics, said, err
}

// restoreInterests has somebody who is back say again what they said of the topics that there still are.
func restoreInterests(tx Tx, m *Member, said map[uint32]Interest) error {
	for topic, i := range said {
		if err := tx.PutInterest(m.List, topic, m.Number, i); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return nil
}
