package list

import (
	"errors"
	"strings"
	"testing"
)

func testSite() *Site {
	return NewSite(Site{
		Hostname: "mx.example.org", Admin: "admin@example.org", MaxMessage: 25_000_000, SpamHeader: "X-Spam-Flag: YES",
		Limits: Limits{HeaderBytes: 256_000, HeaderFields: 1000, MIMEDepth: 50, MIMEParts: 1000, Received: 100},
		Lists: []*List{
			{Address: "peers@lists.example.org", Name: "Peer Learning", Owners: []string{"amina@example.org"}, Moderators: []string{"luis@example.org"},
				Type: Discussion, Posting: PostMembers, Join: JoinConfirm, RequireAuth: AuthPolicy, ReplyTo: ReplyList, SubjectPrefix: "[peers]", MaxMessage: 5_000_000,
				MaxRecipients: 10, NewMembersModeratedFor: 1, CopyToAuthor: true, Aliases: []string{"learners@lists.example.org"},
				Was: []string{"old-peers@lists.example.org"}},
			{Address: "news@lists.example.org", Type: Announce, Posting: PostRoles, Owners: []string{"amina@example.org"}, MaxMessage: 5_000_000},
		},
	})
}

func TestRoute(t *testing.T) {
	site := testSite()
	for name, c := range map[string]struct {
		rcpt string
		kind Kind
		why  Reason
		says string
	}{
		"the posting address":                          {rcpt: "peers@lists.example.org", kind: KindPost},
		"case does not matter":                         {rcpt: "PEERS@Lists.Example.ORG", kind: KindPost},
		"a quoted local part is the same":              {rcpt: `"peers"@lists.example.org`, kind: KindPost},
		"an alias":                                     {rcpt: "learners@lists.example.org", kind: KindPost},
		"a former address":                             {rcpt: "old-peers@lists.example.org", kind: KindPost},
		"owner":                                        {rcpt: "peers+owner@lists.example.org", kind: KindOwner},
		"owner of an alias":                            {rcpt: "learners+Owner@lists.example.org", kind: KindOwner},
		"moderators":                                   {rcpt: "peers+moderators@lists.example.org", kind: KindModerators},
		"the plain bounce address":                     {rcpt: "peers+bounce@lists.example.org", kind: KindBounce},
		"postmaster at a list's domain":                {rcpt: "postmaster@lists.example.org", kind: KindAdmin},
		"abuse at the host's own name":                 {rcpt: "Abuse@mx.example.org", kind: KindAdmin},
		"mailer-daemon":                                {rcpt: "mailer-daemon@lists.example.org", kind: KindAdmin},
		"a form of a later version is refused by name": {rcpt: "peers+survey@lists.example.org", why: NotBuilt, says: "peers+owner@"},
		"a form with a token too":                      {rcpt: "peers+survey-abcdefgh@lists.example.org", why: NotBuilt},
		"to join":                                      {rcpt: "peers+Subscribe@lists.example.org", kind: KindCommand},
		"to join where nobody can":                     {rcpt: "news+subscribe@lists.example.org", why: NotAllowed, says: "news+owner@"},
		"to leave":                                     {rcpt: "news+unsubscribe@lists.example.org", kind: KindCommand},
		"to set a mode":                                {rcpt: "peers+nomail@lists.example.org", kind: KindCommand},
		"what was missed":                              {rcpt: "peers+catchup@lists.example.org", kind: KindCommand},
		"digests":                                      {rcpt: "peers+digest@lists.example.org", kind: KindCommand},
		"to take a break":                              {rcpt: "learners+pause@lists.example.org", kind: KindCommand},
		"the return path of one member's copy":         {rcpt: "Peers+Bounce-ABCDEFGHIJKLMNOPQRSTUVWXYZ@lists.example.org", kind: KindBounceMark},
		"one that ends a membership":                   {rcpt: "peers+leave-234567abcdefghijklmnopqrst@lists.example.org", kind: KindLeave},
		"what is too short for a token is an unknown word": {rcpt: "peers+bounce-abcdefgh@lists.example.org", why: NoSuchAddress, says: "peers+help@lists.example.org"},
		"and so is what has another character":             {rcpt: "peers+leave-1bcdefghijklmnopqrstuvwxyz@lists.example.org", why: NoSuchAddress},
		"leaving without a token has another word":         {rcpt: "peers+leave@lists.example.org", why: NoSuchAddress, says: "peers+help@"},
		"commands by mail":                                 {rcpt: "Peers-Request@lists.example.org", kind: KindCommand},
		"commands to no list":                              {rcpt: "nobody-request@lists.example.org", why: NoSuchAddress},
		"an unknown word names the help":                   {rcpt: "peers+nonsense@lists.example.org", why: NoSuchAddress, says: "peers+help@lists.example.org"},
		"the first plus ends the name":                     {rcpt: "peers+owner+x@lists.example.org", why: NoSuchAddress},
		"no such list":                                     {rcpt: "nobody@lists.example.org", why: NoSuchAddress},
		"no such list with a word":                         {rcpt: "nobody+owner@lists.example.org", why: NoSuchAddress},
		"a foreign domain is not relayed for":              {rcpt: "peers@example.com", why: NoSuchAddress, says: "own lists only"},
		"the percent hack is no relay":                     {rcpt: "victim%example.com@lists.example.org", why: NoSuchAddress},
		"a pipe is no address":                             {rcpt: "|/bin/sh@lists.example.org", why: NoSuchAddress},
		"a path is no list":                                {rcpt: "../../x@lists.example.org", why: NoSuchAddress},
		"a NUL is no address":                              {rcpt: "pe\x00ers@lists.example.org", why: NoSuchAddress},
		"an over-long local part is refused, not searched": {rcpt: strings.Repeat("a", 900) + "@lists.example.org", why: NoSuchAddress},
	} {
		t.Run(name, func(t *testing.T) {
			target, err := site.Route(c.rcpt)
			var refusal *Refusal
			if c.why != "" {
				if !errors.As(err, &refusal) || refusal.Reason != c.why || !strings.Contains(refusal.Text, c.says) {
					t.Fatalf("Route(%q) = %+v, %v; want a refusal for %s that says %q", c.rcpt, target, err, c.why, c.says)
				}
				return
			}
			if err != nil || target.Kind != c.kind {
				t.Fatalf("Route(%q) = %+v, %v; want kind %s", c.rcpt, target, err, c.kind)
			}
			if marked := c.kind == KindLeave || c.kind == KindBounceMark; marked != (len(target.Token) == 26) || target.Token != strings.ToLower(target.Token) ||
				marked && strings.Contains(target.String(), target.Token) {
				t.Errorf("token %q of %s, shown as %s", target.Token, c.rcpt, target)
			}
			if (target.List == nil) != (c.kind == KindAdmin) {
				t.Errorf("list is %v for kind %s", target.List, target.Kind)
			}
		})
	}
}

func TestLogsShowNoToken(t *testing.T) {
	token := "abcdefghijklmnopqrstuvwxyz"
	for address, want := range map[string]string{
		"peers@lists.example.org":                       "peers@lists.example.org",
		"peers+bounce@lists.example.org":                "peers+bounce@lists.example.org",
		"peers+mute-17@lists.example.org":               "peers+mute-17@lists.example.org",
		"peers+leave-" + token + "@lists.example.org":   "peers+leave-…@lists.example.org",
		"PEERS+X-" + token + "-more@lists.example.org":  "PEERS+X-…@lists.example.org",
		"my-peers+bounce-" + token + "@a-b.example.org": "my-peers+bounce-…@a-b.example.org",
	} {
		if got := (Target{Address: address}).String(); got != want {
			t.Errorf("%s is shown as %s, want %s", address, got, want)
		}
	}
}

func FuzzRoute(f *testing.F) {
	for _, s := range []string{"peers@lists.example.org", "peers+owner@lists.example.org", `"a\"b"@x.y`, "@", "a@b@c", "peers+@lists.example.org"} {
		f.Add(s)
	}
	site := testSite()
	f.Fuzz(func(t *testing.T, rcpt string) {
		target, err := site.Route(rcpt)
		if err == nil && target.Kind == "" {
			t.Fatalf("Route(%q) took an address without a kind", rcpt)
		}
		var refusal *Refusal
		if err != nil && !errors.As(err, &refusal) {
			t.Fatalf("Route(%q): %v is no refusal", rcpt, err)
		}
		if refusal != nil && strings.ContainsAny(refusal.Text, "\r\n\x00") {
			t.Fatalf("Route(%q): the text %q has control characters", rcpt, refusal.Text)
		}
	})
}
