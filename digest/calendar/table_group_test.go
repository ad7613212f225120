package calendar

import (
	"fmt"
	"testing"

	"convene/list"
	"convene/list/event"
	"convene/list/event/cafe"
)

// TestGroupOf: an address tells an organisation, and a provider's tells none.
func TestGroupOf(t *testing.T) {
	for address, want := range map[string]string{
		"dede@health.gov.gh": "health.gov.gh", "dede@north.who.int": "who.int", "Dede@WHO.int": "who.int", "dede@yahoo.co.uk": "", "dede@gmail.com": "", "dede@laposte.net": "",
		"dede@localhost": "", "dede": "", "dede@mail.unicef.org": "unicef.org",
	} {
		if got := groupOf(address); got != want {
			t.Errorf("%s is of %q, not %q", address, got, want)
		}
	}
}

// TestColleaguesApart seats people of four organisations and of a provider that most have: at no table are there three colleagues, and nobody meets twice for it.
func TestColleaguesApart(t *testing.T) {
	o := &occasion{Event: &event.Event{Rounds: 3, TableSize: 5}, list: &list.List{Language: "en"}, reg: &Register{}}
	members := map[string]*list.Member{}
	add := func(address string) {
		o.reg.guest(address).Answer = Yes
		members[address] = &list.Member{Address: address, State: list.Active}
	}
	for i := range 5 {
		for _, domain := range []string{"who.int", "unicef.org", "health.gov.gh", "msf.org", "gmail.com"} {
			add(fmt.Sprintf("p%d@%s", i, domain))
		}
	}
	s := o.arrange(members, true).now
	if s.Repeats() > 0 {
		t.Errorf("%d meet twice", s.Repeats())
	}
	for r, round := range s.Rounds {
		for _, table := range round {
			count := map[string]int{}
			for _, key := range table.Guests {
				if g := groupOf(key); g != "" {
					count[g]++
				}
			}
			for g, n := range count {
				if n > 2 {
					t.Errorf("round %d, table %d has %d of %s: %v", r+1, table.Number, n, g, table.Guests)
				}
			}
		}
	}
	var all []cafe.Guest
	for i := range 10 {
		all = append(all, cafe.Guest{Key: fmt.Sprintf("p%d@%s", i, []string{"who.int", "who.int", "msf.org"}[i%3])})
	}
	if group(all); all[0].Group != "" || all[2].Group != "msf.org" {
		t.Errorf("what most have in common counts: %+v", all)
	}
}
