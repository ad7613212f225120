package list

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// said are what waits for moderators, and the papers of discussions and events.
func (x *siteExport) said(rec *Record) error {
	type paper struct {
		Name    string
		Content []byte
	}
	var papers []paper
	var held []Held
	err := x.then.View(func(r Reader) error {
		err := r.Papers(rec.ID, "", func(name string, content []byte) error { papers = append(papers, paper{name, content}); return nil })
		return errors.Join(err, r.HeldPosts(rec.ID, func(h Held) error { held = append(held, h); return nil }))
	})
	for i := 0; err == nil && i < len(papers); i++ {
		err = x.line("paper", papers[i], x.on(rec.ID))
	}
	for i := 0; err == nil && i < len(held); i++ {
		fields, e := x.octets(&held[i].Post)
		if err = e; err != nil {
			break
		}
		h := &held[i]
		fields["ID"], fields["Expires"], fields["Quiet"], fields["Join"], fields["Bundled"] = h.ID, h.Expires.UTC().Format(time.RFC3339Nano), h.Quiet, h.Join, h.Bundled
		err = x.line("held", h.Post, fields, notOfPosts...)
	}
	return err
}

// siteWide is what is of no single list.
func (x *siteExport) siteWide() error {
	var bans []Ban
	var removals []Removal
	var rulings []Ruling
	var states []AddressState
	err := x.then.View(func(r Reader) error {
		return errors.Join(
			r.Bans(0, func(b Ban) error { bans = append(bans, b); return nil }),
			r.Removals(0, func(one Removal) error { removals = append(removals, one); return nil }),
			r.Rulings(func(one Ruling) error { rulings = append(rulings, one); return nil }),
			r.AddressesDue(time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC), func(s AddressState) error { states = append(states, s); return nil }))
	})
	for i := 0; err == nil && i < len(bans); i++ {
		if bans[i].List == 0 {
			err = x.line("ban", bans[i], nil, "List")
		}
	}
	for i := 0; err == nil && i < len(removals); i++ {
		err = x.line("removal", removals[i], x.on(removals[i].List), "List")
	}
	for i := 0; err == nil && i < len(rulings); i++ {
		err = x.line("ruling", rulings[i], x.on(rulings[i].List), "List")
	}
	slices.SortFunc(states, func(a, b AddressState) int { return strings.Compare(a.Address, b.Address) })
	for i := 0; err == nil && i < len(states); i++ {
		err = x.line("address", renumbered(states[i], x.place), nil)
	}
	return err
}

// renumbered is what is known of an address with other numbers of lists, and without what is in the queue.
func renumbered(s AddressState, number map[uint32]uint32) AddressState {
	s.List = number[s.List]
	s.Days, s.Probes, s.Complaints = slices.Clone(s.Days), slices.Clone(s.Probes), slices.Clone(s.Complaints)
	for i := range s.Days {
		s.Days[i].List = number[s.Days[i].List]
	}
	for i := range s.Probes {
		s.Probes[i].List, s.Probes[i].Outgoing = number[s.Probes[i].List], 0
	}
	for i := range s.Complaints {
		s.Complaints[i] = number[s.Complaints[i]]
	}
	return s
}
