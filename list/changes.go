package list

import (
	"slices"
	"time"
)

// changesReported is how many changes of addresses one notice has room for. Beyond that it counts.
const changesReported = 200

// readChanges gathers what happened to addresses before the morning.
func (r *failureReport) readChanges(tx Reader, id uint32) error {
	return tx.Changes(id, func(c AddressChange) error {
		if !c.At.Before(r.morning) {
			return ErrStop
		}
		r.changes = append(r.changes, c)
		return nil
	})
}

// reachable are those of the owners to whom a notice did not fail: who cannot be reached would fail again each day. Where nobody is left it is for
// who runs the server.
func (r *failureReport) reachable(owners []string, admin string) []string {
	to := slices.DeleteFunc(slices.Clone(owners), func(a string) bool {
		return slices.ContainsFunc(r.changes, func(c AddressChange) bool { return c.What == ChangeUnreachable && SameAddress(c.Address, a) })
	})
	if len(to) == 0 && admin != "" && len(owners) > 0 {
		return []string{admin}
	}
	return to
}

// sayChanges is what the notice tells of addresses.
func (r *failureReport) sayChanges() (all []textChange) {
	for _, c := range r.changes[:min(len(r.changes), changesReported)] {
		all = append(all, textChange{quotedLine(c.Address, addressQuoted), string(c.What), quotedLine(c.Why, statusQuoted),
			c.At.In(r.list.zone()).Format(time.RFC3339)})
	}
	return all
}

// changed is how many addresses the changes are about.
func (r *failureReport) changed() int {
	seen := map[string]bool{}
	for _, c := range r.changes {
		seen[FoldAddress(c.Address)] = true
	}
	return len(seen)
}
