package list_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
	"convene/mailer"
)

const oneDay = 24 * time.Hour

// postalWorld is a list with personal copies, and what becomes of mail outside.
type postalWorld struct {
	*site
	t *testing.T
	// answers are what the server of an address says; missing: 250. "dsn ...": it takes the mail and sends a report later.
	answers map[string]string
	seen    map[string][]string // subjects that were taken, by address
	retry   time.Duration       // how long deferred copies are tried
	raw     map[string][]byte   // the last mail to an address that is no post
	// bounced are the subjects that were refused, by address; onProbe hears of each probe that was taken: its return path and Message-ID.
	bounced map[string][]string
	onProbe func(path, id string)
}

func newPostalWorld(t *testing.T, change func(*list.List), members ...string) *postalWorld {
	t.Helper()
	w := &postalWorld{site: newSite(t, change), t: t, answers: map[string]string{}, seen: map[string][]string{}, retry: 5 * oneDay, raw: map[string][]byte{}, bounced: map[string][]string{},
		onProbe: func(string, string) {}}
	w.Bounces = list.BounceReading{Read: mailer.ReadBounce, Classify: mailer.ClassifyBounce}
	config := *w.Site()
	config.Personalise, config.BaseURL = true, "https://lists.example.org"
	if err := w.Configure(list.NewSite(config)); err != nil {
		t.Fatal(err)
	}
	w.members(t, append([]string{"dede@example.org"}, members...)...)
	return w
}

// returned is a report that a server of the outside sends.
type returned struct {
	to  string
	raw []byte
}

// carry delivers all that is due, once, and brings the reports that follow.
func (w *postalWorld) carry() {
	w.t.Helper()
	for again := true; again; {
		again = false
		var back []returned
		for {
			c, ok, err := w.db.Claim(w.now, func(d string) string { return d }, func(string) bool { return true }, 100)
			if err != nil {
				w.t.Fatal(err)
			}
			if !ok {
				break
			}
			again = true
			mail, err := w.CopyBytes(c.Out)
			if err != nil {
				w.t.Fatal(err)
			}
			var results []list.Settled
			for _, cp := range c.Copies {
				r, report := w.fate(&c.Out, cp, mail)
				results = append(results, r)
				if report != nil {
					back = append(back, *report)
				}
			}
			if err := w.db.Settle(w.now, c.ID, results); err != nil {
				w.t.Fatal(err)
			}
		}
		for _, b := range back {
			if _, err := w.receiveFrom("", b.raw, b.to); err != nil {
				w.t.Fatalf("report to %s: %v", b.to, err)
			}
		}
		if err := w.db.Fold(); err != nil {
			w.t.Fatal(err)
		}
		if n, err := w.SendNotes(context.Background()); err != nil {
			w.t.Fatal(err)
		} else if n > 0 {
			again = true
		}
	}
}

// fate is what the outside does with one copy.
func (w *postalWorld) fate(out *list.Outgoing, cp list.Copy, mail []byte) (list.Settled, *returned) {
	r := list.Settled{Copy: cp, Outcome: list.Delivered, Status: "250 2.0.0 taken"}
	path := out.ReturnPath
	if out.Personal() {
		p, err := w.Personal(out, &cp)
		if err != nil {
			w.t.Fatal(err)
		}
		path = p.ReturnPath
	}
	m := message.Parse(mail)
	answer := w.answers[cp.Address]
	switch {
	case strings.HasPrefix(answer, "5"):
		if out.Post == 0 {
			w.bounced[cp.Address] = append(w.bounced[cp.Address], m.Subject())
		}
		r.Outcome, r.Status = list.Failed, answer
		return r, nil
	case strings.HasPrefix(answer, "4"):
		r.Outcome, r.Status, r.Due = list.Deferred, answer, w.now.Add(12*time.Hour)
		if w.now.Sub(out.Accepted) >= w.retry {
			r.Outcome, r.Status = list.Failed, "4.4.7 given up after 5 days: "+answer
		}
		return r, nil
	}
	w.seen[cp.Address] = append(w.seen[cp.Address], m.Subject())
	if out.Post == 0 {
		w.raw[cp.Address] = mail
		if path != "" {
			w.onProbe(path, m.MessageID())
		}
	}
	if text, ok := strings.CutPrefix(answer, "dsn "); ok && path != "" {
		return r, &returned{path, report(m.MessageID(), cp.Address, text)}
	}
	if answer == "vacation" && path != "" {
		return r, &returned{path, []byte("From: " + cp.Address + "\r\nTo: " + path + "\r\nSubject: Out of office\r\nMessage-ID: <" + w.id() + "@v>\r\n" +
			"Auto-Submitted: auto-replied\r\n\r\nI am away. 550 5.1.1 is not my number.\r\n")}
	}
	return r, nil
}

// report is a DSN (RFC 3464) about a message of ours.
func report(messageID, address, diagnostic string) []byte {
	status, _, _ := strings.Cut(strings.TrimLeft(diagnostic, "0123456789 "), " ")
	return []byte("From: MAILER-DAEMON@mx.x.example\r\nTo: x\r\nSubject: Undelivered Mail\r\nMessage-ID: <d." + messageID + ">\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" +
		"Reporting-MTA: dns; mx.x.example\r\n\r\nFinal-Recipient: rfc822; forwarded@elsewhere.example\r\nAction: failed\r\nStatus: " + status +
		"\r\nDiagnostic-Code: smtp; " + diagnostic + "\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <" + messageID + ">\r\nTo: " + address + "\r\n\r\n--b--\r\n")
}

// pass lets time pass, some hours at a time.
func (w *postalWorld) pass(d time.Duration) {
	w.t.Helper()
	for end := w.now.Add(d); w.now.Before(end); {
		next := w.now.Add(6 * time.Hour)
		if due, ok := w.NextDue(); ok && due.Before(next) && due.After(w.now) {
			next = due
		}
		if next.After(end) {
			next = end
		}
		w.now = next
		if err := w.Tick(context.Background(), w.now); err != nil {
			w.t.Fatal(err)
		}
		w.carry()
		if err := w.db.Prune(w.now); err != nil {
			w.t.Fatal(err)
		}
	}
}

// say posts to the list and delivers it.
func (w *postalWorld) say(id string) {
	w.t.Helper()
	w.post(w.t, id)
	w.carry()
}

func (w *postalWorld) states(address string) string {
	w.t.Helper()
	m, err := w.Member(peers, address)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(m.State)
}

func (w *postalWorld) want(address string, state list.State) {
	w.t.Helper()
	if got := w.states(address); got != string(state) {
		w.t.Errorf("%s on %s: %s, want %s", address, w.now.Format(time.DateOnly), got, state)
	}
}

func (w *postalWorld) probes(address string) int {
	n := 0
	for _, s := range w.seen[address] {
		if strings.Contains(s, "does this address still work") {
			n++
		}
	}
	return n
}

// TestHardOnThreeDays: three days on which an address was mailed in vain stop its mail and send a probe.
func TestHardOnThreeDays(t *testing.T) {
	for name, answer := range map[string]string{"refused at once": "550 5.1.1 no such user", "reported later": "dsn 550 5.1.1 no such user"} {
		t.Run(name, func(t *testing.T) {
			w := newPostalWorld(t, nil, "ann@x.example", "bob@y.example")
			w.answers["ann@x.example"] = answer
			for i := range 3 {
				w.want("ann@x.example", list.Active)
				w.say(fmt.Sprintf("%d@x", i))
				w.say(fmt.Sprintf("%d.again@x", i))
				w.pass(oneDay)
			}
			w.want("ann@x.example", list.Bouncing)
			w.want("bob@y.example", list.Active)
			before := len(w.seen["ann@x.example"])
			w.say("more@x")
			if len(w.seen["ann@x.example"]) != before {
				t.Error("mail to an address that bounces")
			}
			w.pass(7 * oneDay)
			w.want("ann@x.example", list.Bouncing)
			w.pass(4 * oneDay)
			w.want("ann@x.example", list.Disabled)
			if strings.HasPrefix(answer, "dsn") && w.probes("ann@x.example") != 4 {
				t.Errorf("%d probes: %q", w.probes("ann@x.example"), w.seen["ann@x.example"])
			}
		})
	}
}

// TestProbesBringBack: what ends the silence.
func TestProbesBringBack(t *testing.T) {
	bouncing := func(t *testing.T) *postalWorld {
		w := newPostalWorld(t, nil, "ann@x.example")
		w.answers["ann@x.example"] = "550 5.1.1 no such user"
		for i := range 3 {
			w.say(fmt.Sprintf("%d@x", i))
			if i == 2 {
				break
			}
			w.pass(oneDay)
		}
		w.want("ann@x.example", list.Bouncing)
		delete(w.answers, "ann@x.example")
		w.pass(3*oneDay + time.Hour) // the second probe
		if w.probes("ann@x.example") != 1 {
			t.Fatalf("probes %q", w.seen["ann@x.example"])
		}
		return w
	}
	token := func(w *postalWorld) string {
		_, rest, _ := strings.Cut(message.Parse(w.raw["ann@x.example"]).Get("Reply-To"), "+confirm-")
		token, _, _ := strings.Cut(rest, "@")
		if len(token) != 26 {
			w.t.Fatalf("no token in\n%s", w.raw["ann@x.example"])
		}
		return token
	}
	reply := func(text string, fields ...string) []byte {
		return []byte("From: ann@x.example\r\nTo: x@y.example\r\nSubject: Re: x\r\nMessage-ID: <r@x>\r\n" + strings.Join(append(fields, ""), "\r\n") + "\r\n" + text)
	}
	for name, c := range map[string]struct {
		act   func(w *postalWorld) error
		state list.State
	}{
		"a reply": {func(w *postalWorld) error {
			_, err := w.receiveFrom("ann@x.example", reply("I am here\r\n"), "peers+confirm-"+token(w)+"@lists.example.org")
			return err
		}, list.Active},
		"an empty reply": {func(w *postalWorld) error {
			_, err := w.receiveFrom("ann@x.example", reply("\r\n"), "peers+confirm-"+token(w)+"@lists.example.org")
			return err
		}, list.Active},
		"even a no": {func(w *postalWorld) error {
			_, err := w.receiveFrom("ann@x.example", reply("no\r\n"), "peers+confirm-"+token(w)+"@lists.example.org")
			return err
		}, list.Active},
		"a machine's reply does not": {func(w *postalWorld) error {
			_, err := w.receiveFrom("ann@x.example", reply("Away\r\n", "Auto-Submitted: auto-replied"), "peers+confirm-"+token(w)+"@lists.example.org")
			return err
		}, list.Bouncing},
		"to look at the page does not": {func(w *postalWorld) error { _, err := w.Confirming(token(w)); return err }, list.Bouncing},
		"the button does":              {func(w *postalWorld) error { _, err := w.Confirm(token(w), "page"); return err }, list.Active},
		"five days of silence":         {func(w *postalWorld) error { w.pass(5 * oneDay); return nil }, list.Active},
		"less than five days":          {func(w *postalWorld) error { w.pass(5*oneDay - 2*time.Hour); return nil }, list.Bouncing},
		"the admin": {func(w *postalWorld) error {
			_, err := w.SetMember(peers, "ann@x.example", []string{"state=active"})
			return err
		}, list.Active},
	} {
		t.Run(name, func(t *testing.T) {
			w := bouncing(t)
			if err := c.act(w); err != nil {
				t.Fatal(err)
			}
			w.want("ann@x.example", c.state)
			var state list.AddressState
			err := w.db.View(func(r list.Reader) (err error) { state, err = r.AddressState("ann@x.example"); return err })
			if err != nil || state.State != c.state || c.state == list.Active && len(state.Days) > 0 {
				t.Errorf("state of the address: %+v, %v", state, err)
			}
			if c.state != list.Active {
				return
			}
			// It begins anew: one more failure is one.
			w.say("after@x")
			if !slices.Contains(w.seen["ann@x.example"], "About after@x") {
				t.Errorf("got %q", w.seen["ann@x.example"])
			}
			w.pass(oneDay)
			w.answers["ann@x.example"] = "550 5.1.1 no such user"
			w.say("again@x")
			w.want("ann@x.example", list.Active)
		})
	}
}

// TestAYearOfWeeklyPosts: with dead addresses of every kind, vacations, full mailboxes that are emptied, and spikes of refusals for policy, all who
// are dead are off in the end, all who live are on, and the owners know.
func TestAYearOfWeeklyPosts(t *testing.T) {
	var people []string
	for i := range 100 {
		people = append(people, fmt.Sprintf("m%03d@d%d.example", i, i%10))
	}
	w := newPostalWorld(t, nil, people...)
	dead := map[string]string{}
	for i, answer := range []string{"550 5.1.1 no such user", "dsn 550 5.1.1 user unknown", "550 5.2.1 mailbox disabled", "451 4.4.1 no answer from host", "554 5.7.1 mailbox unavailable",
		"550 Requested action not taken: mailbox unavailable", "dsn 552 5.2.2 mailbox full", "421 4.3.2 not taking mail", "550 5.1.10 RecipientNotFound", "550 5.1.2 bad destination"} {
		if strings.Contains(answer, "5.7.1") {
			answer = "550 5.4.1 Recipient address rejected: Access denied" // Exchange Online has no such user
		}
		dead[people[10*i]] = answer
	}
	for a, answer := range dead {
		w.answers[a] = answer
	}
	for week := range 52 {
		for i, a := range people {
			if dead[a] != "" {
				continue
			}
			delete(w.answers, a)
			switch {
			case week%10 == 3: // a spike: half the world refuses for policy
				if i%2 == 0 {
					w.answers[a] = "550 5.7.26 this mail is not authenticated"
				} else {
					w.answers[a] = "dsn 554 5.7.1 blocked, listed by a blacklist"
				}
			case i%7 == week%7:
				w.answers[a] = "vacation"
			case i%11 == 5 && week%20 < 2:
				w.answers[a] = "dsn 552 5.2.2 mailbox full"
			case i%13 == 4 && week%9 == 0:
				w.answers[a] = "550 5.1.1 no such user" // once in a while, in error
			}
		}
		w.say(fmt.Sprintf("week%d@x", week))
		w.pass(7 * oneDay)
	}
	for _, a := range people {
		switch state := w.states(a); {
		case dead[a] != "" && state != string(list.Disabled):
			t.Errorf("%s (%s) is %s", a, dead[a], state)
		case dead[a] == "" && state != string(list.Active):
			t.Errorf("%s lives and is %s", a, state)
		}
	}
	if n := len(w.seen["m001@d1.example"]); n < 52-6 {
		t.Errorf("who was never away got %d of 52 posts, less 6 that were refused", n)
	}
}

// TestSoftOnSevenDays: a full mailbox is asked only after seven days of it, and a day on which all went well begins the count anew.
func TestSoftOnSevenDays(t *testing.T) {
	w := newPostalWorld(t, nil, "ann@x.example", "bob@y.example")
	for i := range 16 {
		w.answers["ann@x.example"], w.answers["bob@y.example"] = "dsn 552 5.2.2 mailbox full", "dsn 552 5.2.2 mailbox full"
		if i == 4 {
			delete(w.answers, "bob@y.example")
		}
		w.want("ann@x.example", map[bool]list.State{true: list.Active, false: list.Bouncing}[i < 7])
		w.want("bob@y.example", map[bool]list.State{true: list.Active, false: list.Bouncing}[i < 8]) // the clean day is known to be clean five days later
		if i == 7 {
			break
		}
		w.say(fmt.Sprintf("%d@x", i))
		w.pass(oneDay)
	}
	w.want("bob@y.example", list.Active)
}

// TestNobodyReached: when our own way out is closed for weeks, no address is to blame.
func TestNobodyReached(t *testing.T) {
	w := newPostalWorld(t, nil, "ann@x.example", "bob@y.example")
	for _, a := range []string{"dede@example.org", "ann@x.example", "bob@y.example"} {
		w.answers[a] = "4.4.1 smarthost.example: connection refused"
	}
	for i := range 20 {
		w.say(fmt.Sprintf("%d@x", i))
		w.pass(oneDay)
	}
	for a := range w.answers {
		w.want(a, list.Active)
	}
}

// TestOneAddressOnTwoLists: what is found out on one list holds on all, and days of both count together.
func TestOneAddressOnTwoLists(t *testing.T) {
	w := newPostalWorld(t, nil, "ann@x.example")
	config := *w.Site()
	second := *config.Lists[0]
	second.Address, second.Name = "news@lists.example.org", "News"
	config.Lists = append([]*list.List{}, config.Lists[0], &second)
	if err := w.Configure(list.NewSite(config)); err != nil {
		t.Fatal(err)
	}
	if err := w.AddMembers("news@lists.example.org", []list.Member{{Address: "Ann@x.example"}, {Address: "dede@example.org", Trusted: true}}); err != nil {
		t.Fatal(err)
	}
	w.answers["ann@x.example"], w.answers["Ann@x.example"] = "550 5.1.1 no such user", "550 5.1.1 no such user"
	w.say("1@x")
	w.pass(oneDay)
	if r, err := w.receive(bytes.Replace(mail("dede@example.org", "2@x", "Two"), []byte("To: peers"), []byte("To: news"), 1), "news@lists.example.org"); err != nil || r.Action != "accept" {
		t.Fatal(r, err)
	}
	w.carry()
	w.pass(oneDay)
	w.want("ann@x.example", list.Active)
	w.say("3@x")
	for _, l := range []string{peers, "news@lists.example.org"} {
		if m, err := w.Member(l, "ann@x.example"); err != nil || m.State != list.Bouncing {
			t.Errorf("on %s: %+v, %v", l, m, err)
		}
	}
	if _, err := w.SetMember("news@lists.example.org", "ann@x.example", []string{"state=active"}); err != nil {
		t.Fatal(err)
	}
	w.want("ann@x.example", list.Active)
}

// complaintAbout is a feedback report (RFC 5965) with these fields of the message that it is about.
func complaintAbout(kind, fields string) []byte {
	return []byte("From: fbl@provider.example\r\nTo: x\r\nSubject: complaint\r\nMessage-ID: <f@x>\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nAbuse.\r\n--b\r\n" +
		"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: " + kind + "\r\nUser-Agent: P/1\r\nVersion: 1\r\nOriginal-Rcpt-To: redacted\r\n\r\n--b\r\n" +
		"Content-Type: message/rfc822\r\n\r\n" + fields + "Message-ID: <1@x>\r\nFrom: dede@example.org\r\nSubject: x\r\n\r\nx\r\n--b--\r\n")
}

// TestComplaints: who calls a post spam gets no more from that list, is sent nothing about it, and comes back with one mail. It counts for whose
// marks the complaint gives back, wherever it is sent to.
func TestComplaints(t *testing.T) {
	for name, c := range map[string]struct {
		kind, to string
		fields   func(bounce, leave string) string
		off      bool
	}{
		"to the return path": {"abuse", "", func(string, string) string { return "" }, true},
		"to abuse, with the return path": {"abuse", "abuse@lists.example.org",
			func(b, _ string) string { return "Return-Path: <" + b + ">\r\n" }, true},
		"to the owners, with the way out": {"abuse", "peers+owner@lists.example.org",
			func(_, l string) string {
				return "List-Unsubscribe: <https://lists.example.org/u/" + l + ">,\r\n <mailto:peers+leave-" + l + "@lists.example.org>\r\n"
			}, true},
		"to the shared return path": {"abuse", "peers+bounce@lists.example.org",
			func(_, l string) string { return "List-Unsubscribe: <https://lists.example.org/u/" + l + ">\r\n" }, true},
		"not spam":              {"not-spam", "", func(string, string) string { return "" }, false},
		"with an address alone": {"abuse", "abuse@lists.example.org", func(string, string) string { return "To: bob@y.example\r\n" }, false},
		"with a mark that is forged": {"abuse", "abuse@lists.example.org",
			func(b, _ string) string {
				return "Return-Path: <" + strings.Replace(b, "bounce-", "bounce-zzzz", 1)[:len(b)] + ">\r\n"
			}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newPostalWorld(t, nil, "ann@x.example", "bob@y.example")
			w.say("1@x")
			bounce, leave := w.personal(t, 1, "bob@y.example")
			to := c.to
			if to == "" {
				to = bounce
			}
			if _, err := w.receiveFrom("", complaintAbout(c.kind, c.fields(bounce, leave)), to); err != nil {
				t.Fatal(err)
			}
			before := len(w.seen["bob@y.example"])
			w.carry()
			if !c.off {
				w.want("bob@y.example", list.Active)
				return
			}
			w.want("bob@y.example", list.Disabled)
			w.say("2@x")
			w.pass(30 * oneDay)
			w.want("bob@y.example", list.Disabled)
			w.want("ann@x.example", list.Active)
			if got := w.seen["bob@y.example"][before:]; len(got) > 0 {
				t.Errorf("sent %q", got)
			}
			w.now = w.now.Add(time.Hour)
			in := &list.Incoming{Raw: []byte("From: bob@y.example\r\nTo: x@y.example\r\nSubject: \r\nMessage-ID: <r@x>\r\n\r\n\r\n"),
				Envelope: list.Envelope{ID: w.id(), From: "bob@y.example", Protocol: "ESMTP", Received: w.now, Authenticated: true}}
			target, err := w.Route("peers+resume@lists.example.org")
			if err != nil {
				t.Fatal(err)
			}
			in.Targets = []list.Target{target}
			if _, err := w.Receive(context.Background(), in); err != nil {
				t.Fatal(err)
			}
			w.want("bob@y.example", list.Active)
		})
	}
}

// TestSharedReturnPath: a report that comes to the address which all copies share counts for a member whom it names, about a post of the last days.
func TestSharedReturnPath(t *testing.T) {
	named := func(id, address, status string) []byte {
		return []byte(strings.Replace(string(report(id, address, status)), "forwarded@elsewhere.example", address, 1))
	}
	for name, c := range map[string]struct {
		raw      func(i int) []byte
		personal bool
		late     time.Duration
		state    list.State
		owners   int
	}{
		"a member and posts of ours":   {func(i int) []byte { return named(fmt.Sprintf("%d@x", i), "ann@x.example", "550 5.1.1 no") }, false, 0, list.Bouncing, 0},
		"somebody else":                {func(i int) []byte { return named(fmt.Sprintf("%d@x", i), "eve@x.example", "550 5.1.1 no") }, false, 0, list.Active, 3},
		"a message that is not ours":   {func(i int) []byte { return named(fmt.Sprintf("%d@y", i), "ann@x.example", "550 5.1.1 no") }, false, 0, list.Active, 3},
		"too late":                     {func(i int) []byte { return named(fmt.Sprintf("%d@x", i), "ann@x.example", "550 5.1.1 no") }, false, 5*oneDay + time.Hour, list.Active, 3},
		"policy":                       {func(i int) []byte { return named(fmt.Sprintf("%d@x", i), "ann@x.example", "550 5.7.1 blocked") }, false, 0, list.Active, 3},
		"everybody had their own path": {func(i int) []byte { return named(fmt.Sprintf("%d@x", i), "ann@x.example", "550 5.1.1 no") }, true, 0, list.Active, 3},
	} {
		t.Run(name, func(t *testing.T) {
			w := newPostalWorld(t, nil, "ann@x.example")
			config := *w.Site()
			config.Personalise = c.personal
			if err := w.Configure(list.NewSite(config)); err != nil {
				t.Fatal(err)
			}
			for i := range 3 {
				w.say(fmt.Sprintf("%d@x", i))
				if c.late > 0 {
					w.pass(c.late)
				}
				if _, err := w.receiveFrom("", c.raw(i), "peers+bounce@lists.example.org"); err != nil {
					t.Fatal(err)
				}
				w.carry()
				if i < 2 && c.late == 0 {
					w.pass(oneDay)
				}
			}
			w.want("ann@x.example", c.state)
			if got := w.seen["amina@example.org"]; len(got) != c.owners {
				t.Errorf("the owner got %q, want %d reports", got, c.owners)
			}
		})
	}
}

// TestAnOwnerWhoCannotBeReached: the other owners are told, once a day, and nothing is sent about it to where it fails.
func TestAnOwnerWhoCannotBeReached(t *testing.T) {
	w := newPostalWorld(t, func(l *list.List) { l.Owners = []string{"amina@example.org", "luis@dead.example"} }, "ann@x.example")
	w.answers["luis@dead.example"] = "550 5.1.1 no such user"
	w.answers["ann@x.example"] = "550 5.1.1 no such user"
	w.say("1@x")
	w.pass(oneDay) // both are told of ann's copy, and luis is not reached
	if got := w.seen["amina@example.org"]; len(got) != 1 {
		t.Fatalf("told %q", got)
	}
	w.pass(oneDay)
	got := w.seen["amina@example.org"]
	if len(got) != 2 || !strings.Contains(string(w.raw["amina@example.org"]), "luis@dead.example runs or moderates the list") {
		t.Errorf("told %q\n%s", got, w.raw["amina@example.org"])
	}
	w.pass(5 * oneDay)
	if got := w.seen["amina@example.org"]; len(got) != 2 {
		t.Errorf("it goes round: %q", got)
	}
}
