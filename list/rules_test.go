package list

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var testNow = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// testMail is a plain post of a member; extra fields go before the body, or replace a field of the same name.
func testMail(extra ...string) []byte {
	fields := []string{"From: Dede Owusu <dede@example.org>", "To: peers@lists.example.org", "Subject: A quiet group",
		"Message-ID: <m1@example.org>", "Date: Mon, 02 Mar 2026 09:59:00 +0000"}
	body := "What helped you?\r\n"
	for _, x := range extra {
		if text, ok := strings.CutPrefix(x, "\n"); ok {
			body = text
			continue
		}
		name, _, _ := strings.Cut(x, ":")
		i := slices.IndexFunc(fields, func(f string) bool { n, _, _ := strings.Cut(f, ":"); return strings.EqualFold(n, name) })
		switch {
		case i >= 0 && strings.HasSuffix(x, ":"):
			fields = slices.Delete(fields, i, i+1)
		case i >= 0 && !strings.HasPrefix(x, "+"):
			fields[i] = x
		default:
			fields = append(fields, strings.TrimPrefix(x, "+"))
		}
	}
	return []byte(strings.Join(fields, "\r\n") + "\r\n\r\n" + body)
}

// testArrival is a post of a known, trusted, authenticated member; change makes it something else.
func testArrival(raw []byte, change func(*Arrival)) *Arrival {
	site := testSite()
	a := readArrival(site, site.Lists[0], &Envelope{ID: "id1", From: "dede@example.org", Protocol: "ESMTP", Received: testNow}, raw)
	a.Member = &Member{Address: "dede@example.org", Mode: ModeEach, State: Active, Role: RoleMember, Posts: 5}
	a.Auth = Authentication{DMARC: Pass}
	if change != nil {
		change(a)
	}
	return a
}

func TestDecide(t *testing.T) {
	listed := func(f func(*List)) func(*Arrival) {
		return func(a *Arrival) { l := *a.List; f(&l); a.List = &l }
	}
	for name, c := range map[string]struct {
		mail   []string
		change func(*Arrival)
		want   Action
		rule   string
	}{
		"a member's post is accepted":         {want: ActAccept, rule: "default"},
		"what this list sent is refused":      {mail: []string{"List-Id: Peers <peers.lists.example.org>"}, want: ActRefuse, rule: "loop"},
		"the list's id counts in any case":    {mail: []string{"List-Id: <PEERS.Lists.example.ORG>"}, want: ActRefuse, rule: "loop"},
		"another list's id is no loop":        {mail: []string{"List-Id: <other.example.org>"}, want: ActHold, rule: "bulk"},
		"an enclosed copy of ours is no loop": {mail: []string{"Content-Type: message/rfc822", "\nList-Id: <peers.lists.example.org>\r\n\r\nx\r\n"}, want: ActAccept, rule: "default"},
		"a hundred hops are too many":         {mail: []string{strings.Repeat("Received: from x by y; z\r\n", 99) + "Received: q"}, want: ActRefuse, rule: "loop"},
		"ninety-nine are not":                 {mail: []string{strings.Repeat("Received: from x by y; z\r\n", 98) + "Received: q"}, want: ActAccept, rule: "default"},
		"no From":                             {mail: []string{"From:"}, want: ActRefuse, rule: "unreadable"},
		"two From fields":                     {mail: []string{"+From: evil@example.com"}, want: ActRefuse, rule: "unreadable"},
		"two mailboxes in From":               {mail: []string{"From: evil@example.com, dede@example.org"}, want: ActRefuse, rule: "unreadable"},
		"a NUL":                               {mail: []string{"\na\x00b\r\n"}, want: ActRefuse, rule: "unreadable"},
		"too large for the list":              {change: listed(func(l *List) { l.MaxMessage = 50 }), want: ActRefuse, rule: "size"},
		"too many fields":                     {mail: []string{strings.Repeat("X-A: b\r\n", 1001) + "X-Z: y"}, want: ActRefuse, rule: "size"},
		"the same message again":              {change: func(a *Arrival) { a.Duplicate, a.SameID = true, true }, want: ActDiscard, rule: "duplicate"},
		"a post that comes back from another list": {mail: []string{"List-Id: <friends.example.net>", "Subject: [friends] A quiet group"}, change: func(a *Arrival) { a.SameID = true },
			want: ActDiscard, rule: "duplicate"},
		"the same Message-ID with other content":               {change: func(a *Arrival) { a.SameID = true }, want: ActHold, rule: "duplicate"},
		"a vacation notice":                                    {mail: []string{"Auto-Submitted: auto-replied (vacation)"}, want: ActDiscard, rule: "auto-reply"},
		"Auto-Submitted: no is a person":                       {mail: []string{"Auto-Submitted: no"}, want: ActAccept, rule: "default"},
		"a machine's own mail is held":                         {mail: []string{"Auto-Submitted: auto-generated"}, want: ActHold, rule: "bulk"},
		"the null sender":                                      {change: func(a *Arrival) { a.Envelope.From = "" }, want: ActDiscard, rule: "auto-reply"},
		"a DSN with a sender":                                  {mail: []string{"Content-Type: multipart/report; report-type=delivery-status; boundary=b", "\n--b\r\n\r\nx\r\n--b--\r\n"}, want: ActDiscard, rule: "auto-reply"},
		"a closed list":                                        {change: listed(func(l *List) { l.Closed = true }), want: ActRefuse, rule: "closed"},
		"a list closed by command":                             {change: func(a *Arrival) { a.Closed = true }, want: ActRefuse, rule: "closed"},
		"a banned sender is refused though a member":           {change: func(a *Arrival) { a.Banned = "dede@example.org" }, want: ActRefuse, rule: "banned"},
		"a banned sender is refused though everything is held": {change: func(a *Arrival) { a.Banned = "*"; l := *a.List; l.HoldAll = true; a.List = &l }, want: ActRefuse, rule: "banned"},
		"a locked topic":                                       {change: func(a *Arrival) { a.TopicLocked = true }, want: ActRefuse, rule: "locked-topic"},
		"a stranger on a members' list":                        {change: func(a *Arrival) { a.Member = nil }, want: ActRefuse, rule: "member"},
		"a stranger where others are held":                     {change: func(a *Arrival) { a.Member = nil; listed(func(l *List) { l.Posting = PostHoldOthers })(a) }, want: ActHold, rule: "member"},
		"a stranger where anyone may":                          {change: func(a *Arrival) { a.Member = nil; listed(func(l *List) { l.Posting = PostAnyone })(a) }, want: ActAccept, rule: "default"},
		"an owner who is no member":                            {change: func(a *Arrival) { a.Member = nil; a.Roles = []Role{RoleOwner} }, want: ActAccept, rule: "default"},
		"a member on an announcement list":                     {change: listed(func(l *List) { l.Type = Announce }), want: ActRefuse, rule: "roles"},
		"an authenticated owner on an announcement list":       {change: func(a *Arrival) { a.Roles = []Role{RoleOwner}; listed(func(l *List) { l.Posting = PostRoles })(a) }, want: ActAccept, rule: "default"},
		"an owner's rights without proof, even if none is asked": {change: func(a *Arrival) {
			a.Auth = Authentication{}
			a.Roles = []Role{RoleOwner}
			listed(func(l *List) { l.Posting = PostRoles; l.RequireAuth = AuthNever })(a)
		}, want: ActHold, rule: "roles"},
		"DMARC fails under p=reject": {change: func(a *Arrival) { a.Auth = Authentication{DMARC: Fail, Policy: "reject"} }, want: ActHold, rule: "forged"},
		"DMARC fails under p=none":   {change: func(a *Arrival) { a.Auth = Authentication{DMARC: Fail, Policy: "none"} }, want: ActAccept, rule: "default"},
		"DNS did not answer":         {change: func(a *Arrival) { a.Auth = Authentication{DMARC: TempError} }, want: ActAccept, rule: "default"},
		"DNS did not answer where proof is asked": {change: func(a *Arrival) {
			a.Auth = Authentication{DMARC: TempError}
			listed(func(l *List) { l.RequireAuth = AuthAlways })(a)
		}, want: ActHold, rule: "forged"},
		"aligned DKIM without a policy is proof": {change: func(a *Arrival) {
			a.Auth = Authentication{DMARC: None, DKIM: Pass, DKIMAligned: true}
			listed(func(l *List) { l.RequireAuth = AuthAlways })(a)
		}, want: ActAccept, rule: "default"},
		"someone else's DKIM is none": {change: func(a *Arrival) {
			a.Auth = Authentication{DMARC: None, DKIM: Pass}
			listed(func(l *List) { l.RequireAuth = AuthAlways })(a)
		}, want: ActHold, rule: "forged"},
		"a forged post where nothing is asked": {change: func(a *Arrival) {
			a.Auth = Authentication{DMARC: Fail, Policy: "reject"}
			listed(func(l *List) { l.RequireAuth = AuthNever })(a)
		}, want: ActAccept, rule: "default"},
		"marked as spam by a trusted relay":        {mail: []string{"X-Spam-Flag: yes, score 9"}, change: func(a *Arrival) { a.Envelope.Relay = true }, want: ActHold, rule: "spam"},
		"marked as spam by anybody":                {mail: []string{"X-Spam-Flag: YES"}, want: ActAccept, rule: "default"},
		"a blind copy":                             {mail: []string{"To: someone@example.com"}, want: ActHold, rule: "destination"},
		"the list in Cc, by an alias":              {mail: []string{"To: someone@example.com", "Cc: Learners@lists.example.org"}, want: ActAccept, rule: "default"},
		"eleven addressees":                        {mail: []string{"Cc: " + strings.Repeat("a@example.com, ", 10) + "b@example.com"}, want: ActHold, rule: "recipients"},
		"eleven addressees of a reply":             {mail: []string{"Reply-To: " + strings.Repeat("a@example.com, ", 10) + "b@example.com"}, want: ActHold, rule: "recipients"},
		"a lone unsubscribe":                       {mail: []string{"Subject: help", "\nUnsubscribe.\r\n-- \r\nDede\r\n"}, want: ActHold, rule: "administrivia"},
		"a lone unsubscribe from a telephone":      {mail: []string{"Subject: help", "\nUnsubscribe\r\n\r\nSent from my iPhone\r\n"}, want: ActHold, rule: "administrivia"},
		"an empty mail with a command as subject":  {mail: []string{"Subject: unsubscribe", "\n"}, want: ActHold, rule: "administrivia"},
		"a text about unsubscribing":               {mail: []string{"Subject: unsubscribe", "\nHow do people unsubscribe\r\nfrom newsletters in your country?\r\n"}, want: ActAccept, rule: "default"},
		"a reply to a digest":                      {mail: []string{"Subject: Re: Peers Digest, Vol 12, Issue 3"}, want: ActHold, rule: "digest-reply"},
		"a reply to a digest, in German":           {mail: []string{"Subject: AW: Peers Digest, Vol 12, Issue 3"}, want: ActHold, rule: "digest-reply"},
		"a reply to a digest, by its Message-ID":   {mail: []string{"Subject: Quiet groups", "In-Reply-To: <digest.a1@lists.example.org>"}, want: ActHold, rule: "digest-reply"},
		"a reply to a post that a digest encloses": {mail: []string{"Subject: Re: Quiet groups", "References: <digest.a1@lists.example.org> <a1@example.net>"}, want: ActAccept, rule: "default"},
		"a reply that quotes a digest":             {mail: []string{"\n> Today's Topics:\r\n>\r\n>   1. A\r\nYes.\r\n"}, want: ActHold, rule: "digest-reply"},
		"a reply that quotes a digest's messages":  {mail: []string{"\nYes.\r\n> Message: 1\r\n> x\r\n> ------------------------------\r\n>\r\n> Message: 2\r\n> ------------------------------\r\n"}, want: ActHold, rule: "digest-reply"},
		"a reply that quotes rows of hyphens":      {mail: []string{"\nYes.\r\n> ------------------------------\r\n> code\r\n> ------------------------------\r\n> -------------------------------------\r\n"}, want: ActAccept, rule: "default"},
		"bulk mail":                                {mail: []string{"Precedence: bulk"}, want: ActHold, rule: "bulk"},
		"a new member's first post":                {change: func(a *Arrival) { a.Member.Posts = 0 }, want: ActHold, rule: "moderation"},
		"a trusted new member's first post":        {change: func(a *Arrival) { a.Member.Posts = 0; a.Member.Trusted = true }, want: ActAccept, rule: "default"},
		"an owner's first post":                    {change: func(a *Arrival) { a.Member.Posts = 0; a.Roles = []Role{RoleOwner} }, want: ActAccept, rule: "default"},
		"a moderated member":                       {change: func(a *Arrival) { a.Member.Moderated = true; a.Member.Trusted = true }, want: ActHold, rule: "moderation"},
		"a moderated topic":                        {change: func(a *Arrival) { a.TopicHeld = true }, want: ActHold, rule: "moderation"},
		"a moderated list":                         {change: listed(func(l *List) { l.Posting = PostModerated }), want: ActHold, rule: "moderation"},
		"hold everything":                          {change: listed(func(l *List) { l.HoldAll = true }), want: ActHold, rule: "moderation"},
		"handed in by command, nothing is forged or blind": {mail: []string{"To: someone@example.com"}, change: func(a *Arrival) {
			a.Envelope.Authenticated = true
			a.Auth = Authentication{}
			listed(func(l *List) { l.RequireAuth = AuthAlways })(a)
		}, want: ActAccept, rule: "default"},
	} {
		t.Run(name, func(t *testing.T) {
			d := Decide(Rules(), testArrival(testMail(c.mail...), c.change))
			if d.Action != c.want || d.Rule != c.rule {
				t.Fatalf("%s by %s, want %s by %s; trace %+v", d.Action, d.Rule, c.want, c.rule, d.Trace)
			}
			if (d.Refusal != nil) != (c.want == ActRefuse) {
				t.Errorf("refusal is %v for %s", d.Refusal, d.Action)
			}
			if last := d.Trace[len(d.Trace)-1]; c.want != ActHold && c.want != ActAccept && last.Rule != c.rule {
				t.Errorf("the trace goes on behind %s: %+v", c.rule, d.Trace)
			}
		})
	}
}

func TestHoldsAreCollected(t *testing.T) {
	a := testArrival(testMail("To: someone@example.com", "Precedence: bulk"), func(a *Arrival) { a.Member.Posts = 0 })
	d := Decide(Rules(), a)
	var held []string
	for _, o := range d.Trace {
		if o.Action == "hold" {
			held = append(held, o.Rule)
		}
	}
	if want := []string{"destination", "bulk", "moderation"}; !slices.Equal(held, want) || len(d.Reasons) != 3 || d.Rule != "destination" {
		t.Errorf("held by %v (%q), want %v", held, d.Reasons, want)
	}
	if len(d.Trace) != len(Rules()) {
		t.Errorf("%d opinions of %d rules", len(d.Trace), len(Rules()))
	}
}

func TestSpamAloneIsQuiet(t *testing.T) {
	relayed := func(a *Arrival) { a.Envelope.Relay = true; a.List.HeldFor = 14 * 24 * time.Hour }
	quiet := Decide(Rules(), testArrival(testMail("X-Spam-Flag: YES"), relayed))
	if !quiet.Quiet || quiet.HeldUntil(&List{HeldFor: 14 * 24 * time.Hour}, testNow) != testNow.Add(7*24*time.Hour) {
		t.Errorf("spam is held until %v, quiet %v", quiet.HeldUntil(&List{}, testNow), quiet.Quiet)
	}
	loud := Decide(Rules(), testArrival(testMail("X-Spam-Flag: YES", "Precedence: bulk"), relayed))
	if loud.Quiet || loud.HeldUntil(&List{HeldFor: 14 * 24 * time.Hour}, testNow) != testNow.Add(14*24*time.Hour) {
		t.Errorf("spam that another rule holds too is quiet")
	}
}

func TestBanMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, address string
		want             bool
	}{
		{"evil@example.com", "Evil@Example.com", true}, {"*@example.com", "a.b+c@example.com", true}, {"*@example.com", "a@sub.example.com", false},
		{"*.example.com", "a@sub.example.com", true}, {"*", "x@y", true}, {"a*b@x.y", "a/b@x.y", true}, {"[ab]@x.y", "a@x.y", false}, {"[ab]@x.y", "[ab]@x.y", true},
		{"a?@x.y", "ab@x.y", false}, {`a\*@x.y`, "a*@x.y", false},
	} {
		if got := (Ban{Pattern: c.pattern}).Matches(c.address); got != c.want {
			t.Errorf("%q matches %q: %v", c.pattern, c.address, got)
		}
	}
}
