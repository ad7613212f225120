package list_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list"
)

const gone = "550 5.1.1 no such user"

// bouncingWorld is one in which mail to ann failed on three days, at the moment at which it is found out.
func bouncingWorld(t *testing.T, members ...string) *postalWorld {
	t.Helper()
	w := newPostalWorld(t, nil, append([]string{"ann@x.example"}, members...)...)
	w.answers["ann@x.example"] = gone
	for i := range 3 {
		if i > 0 {
			w.pass(oneDay)
		}
		w.say(fmt.Sprintf("dead%d@x", i))
	}
	w.want("ann@x.example", list.Bouncing)
	return w
}

// without is the site without its lists; the function puts them back.
func (w *postalWorld) without() (back func()) {
	with := *w.Site()
	none := with
	none.Lists = nil
	if err := w.Configure(list.NewSite(none)); err != nil {
		w.t.Fatal(err)
	}
	return func() {
		if err := w.Configure(list.NewSite(with)); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestADomainThatDoesNotExistCountsByItself(t *testing.T) {
	w := newPostalWorld(t, nil, "ann@none.example")
	w.answers["ann@none.example"] = "5.1.2 none.example does not exist, or takes no mail: it has neither MX nor addresses"
	w.answers["dede@example.org"] = w.answers["ann@none.example"] // nobody else got it either
	for i := range 20 {
		w.say(fmt.Sprintf("%d@x", i))
		w.pass(oneDay)
	}
	w.want("ann@none.example", list.Disabled)
}

func TestAListThatIsGoneForAWhile(t *testing.T) {
	w := bouncingWorld(t)
	back := w.without()
	delete(w.answers, "ann@x.example")
	w.pass(10 * oneDay)
	back()
	w.want("ann@x.example", list.Bouncing)
	w.pass(10 * oneDay)
	w.want("ann@x.example", list.Active)
}

func TestAProbeToAMembershipThatIsOver(t *testing.T) {
	w := newPostalWorld(t, nil, "ann@x.example")
	config := *w.Site()
	second := *config.Lists[0]
	second.Address, second.Name = "news@lists.example.org", "News"
	config.Lists = append([]*list.List{}, config.Lists[0], &second)
	if err := w.Configure(list.NewSite(config)); err != nil {
		t.Fatal(err)
	}
	if err := w.AddMembers("news@lists.example.org", []list.Member{{Address: "ann@x.example"}}); err != nil {
		t.Fatal(err)
	}
	w.answers["ann@x.example"] = "dsn " + gone
	for i := range 3 {
		w.say(fmt.Sprintf("%d@x", i))
		w.pass(oneDay)
	}
	if err := w.RemoveMembers(peers, []string{"ann@x.example"}); err != nil {
		t.Fatal(err)
	}
	w.pass(20 * oneDay)
	if m, err := w.Member("news@lists.example.org", "ann@x.example"); err != nil || m.State != list.Disabled {
		t.Errorf("on the other list: %+v, %v", m, err)
	}
}

// TestWhatProbesComeTo: what shows that an address works, and what shows nothing.
func TestWhatProbesComeTo(t *testing.T) {
	for name, c := range map[string]struct {
		answer string
		days   int
		state  list.State
	}{
		"refused for policy says nothing":               {"550 5.7.1 blocked, listed by a blacklist", 20, list.Bouncing},
		"reported for policy says nothing":              {"dsn 550 5.7.1 blocked, listed by a blacklist", 20, list.Bouncing},
		"refused for policy again and again is the end": {"550 5.7.1 blocked, listed by a blacklist", 45, list.Disabled},
		"refused is the end":                            {gone, 12, list.Disabled},
		"a full mailbox is the end":                     {"dsn 552 5.2.2 mailbox full", 12, list.Disabled},
		"a host that never answers is the end":          {"451 4.4.1 no answer", 20, list.Disabled},
		"taken is a way back":                           {"", 8, list.Active},
	} {
		t.Run(name, func(t *testing.T) {
			w := bouncingWorld(t)
			w.answers["ann@x.example"] = c.answer
			w.pass(time.Duration(c.days) * oneDay)
			w.want("ann@x.example", c.state)
		})
	}
}

// TestALateReportOnAProbe: a server that tries for five days says after them that it could not deliver.
func TestALateReportOnAProbe(t *testing.T) {
	w := bouncingWorld(t)
	w.answers["ann@x.example"] = "late"
	var probe returned
	w.onProbe = func(path, id string) {
		if probe.to == "" {
			probe = returned{path, report(id, "ann@x.example", "550 4.4.7 retry timeout exceeded")}
		}
	}
	w.pass(8*oneDay + 2*time.Hour) // the second probe was the first that was taken, on day three
	w.want("ann@x.example", list.Active)
	if _, err := w.receiveFrom("", probe.raw, probe.to); err != nil {
		t.Fatal(err)
	}
	w.carry()
	w.want("ann@x.example", list.Bouncing)
}

func TestProbesComeNotAllAtOnceAfterAnOutage(t *testing.T) {
	w := bouncingWorld(t)
	w.now = w.now.Add(30 * oneDay) // nothing ran
	w.pass(time.Hour)
	if n := len(w.bounced["ann@x.example"]); n != 2 {
		t.Errorf("%d probes, want the one before and one now", n)
	}
	w.want("ann@x.example", list.Bouncing)
}

func TestReportsOnWhatWasMailedBeforeTheReturn(t *testing.T) {
	w := newPostalWorld(t, nil, "ann@x.example")
	w.answers["ann@x.example"] = "dsn " + gone
	var reports []returned
	for i := range 3 {
		w.say(fmt.Sprintf("%d@x", i))
		path, _ := w.personal(t, uint32(i+1), "ann@x.example")
		reports = append(reports, returned{path, report(fmt.Sprintf("%d@x", i), "ann@x.example", gone)})
		if i < 2 {
			w.pass(oneDay)
		}
	}
	w.want("ann@x.example", list.Bouncing)
	delete(w.answers, "ann@x.example")
	if _, err := w.SetMember(peers, "ann@x.example", []string{"state=active"}); err != nil {
		t.Fatal(err)
	}
	for _, r := range reports {
		if _, err := w.receiveFrom("", r.raw, r.to); err != nil {
			t.Fatal(err)
		}
	}
	w.carry()
	w.want("ann@x.example", list.Active)
}

// TestRefusalsForPolicyBetweenFailures are no proof that an address works.
func TestRefusalsForPolicyBetweenFailures(t *testing.T) {
	w := newPostalWorld(t, nil, "ann@x.example")
	for i := range 12 {
		w.answers["ann@x.example"] = gone
		if i%3 == 2 {
			w.answers["ann@x.example"] = "550 5.7.1 blocked"
		}
		w.say(fmt.Sprintf("%d@x", i))
		w.pass(7 * oneDay)
	}
	if got := w.states("ann@x.example"); got == string(list.Active) {
		t.Errorf("%s, though nothing was ever taken", got)
	}
}

// TestBurstsOfPosts: a list whose members answer one another for a day and are silent for a month keeps no dead address.
func TestBurstsOfPosts(t *testing.T) {
	w := newPostalWorld(t, nil, "ann@x.example")
	w.answers["ann@x.example"] = gone
	for month := range 5 {
		for i := range 4 {
			w.say(fmt.Sprintf("%d.%d@x", month, i))
			w.pass(2 * time.Hour)
		}
		w.pass(30 * oneDay)
	}
	w.want("ann@x.example", list.Disabled)
}

// TestACSVEachNightBringsNobodyBack, and who is put on a list long after being taken off begins anew.
func TestACSVEachNightBringsNobodyBack(t *testing.T) {
	w := bouncingWorld(t)
	w.pass(20 * oneDay)
	w.want("ann@x.example", list.Disabled)
	if _, err := w.ImportMembers(peers, strings.NewReader("address,state\nann@x.example,active\n"), list.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	w.want("ann@x.example", list.Disabled)
	if err := w.RemoveMembers(peers, []string{"ann@x.example"}); err != nil {
		t.Fatal(err)
	}
	w.members(t, "ann@x.example")
	w.say("again@x")
	w.want("ann@x.example", list.Active)
}
