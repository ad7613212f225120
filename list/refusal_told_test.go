package list_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// What was fetched is answered only where an answer cannot hit somebody who wrote nothing.
func TestWhoIsToldThatAFetchedPostIsRefused(t *testing.T) {
	const post = "From: Zoe <zoe@example.net>\nTo: peers@lists.example.org\nSubject: hello\nMessage-ID: <1@z>\n"
	for name, c := range map[string]struct {
		raw, from, protocol string
		auth                auth
		told                bool
	}{
		"who is proven to have written it":          {post, "zoe@example.net", list.ByIMAP, sure, true},
		"nobody whose domain says it is forged":     {post, "zoe@example.net", list.ByIMAP, forged, false},
		"nobody of whom nothing is known":           {post, "zoe@example.net", list.ByIMAP, nil, false},
		"no machine":                                {post + "Auto-Submitted: auto-replied\n", "zoe@example.net", list.ByIMAP, sure, false},
		"no null return path":                       {post, "", list.ByIMAP, sure, false},
		"no bulk mail":                              {post + "Precedence: bulk\n", "zoe@example.net", list.ByIMAP, sure, false},
		"no other list":                             {post + "List-Id: <other.example.net>\n", "zoe@example.net", list.ByIMAP, sure, false},
		"no address of ours":                        {strings.Replace(post, "zoe@example.net", "peers+owner@lists.example.org", 1), "zoe@example.net", list.ByIMAP, sure, false},
		"nobody over SMTP: their server tells them": {post, "zoe@example.net", "ESMTP", sure, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, nil)
			s.members(t, dede)
			take := func() {
				t.Helper()
				target, err := s.Route("peers@lists.example.org")
				if err != nil {
					t.Fatal(err)
				}
				in := &list.Incoming{Targets: []list.Target{target}, Raw: []byte(strings.ReplaceAll(c.raw+"\nHello.\n", "\n", "\r\n")), Auth: c.auth,
					Envelope: list.Envelope{ID: s.id(), From: c.from, Protocol: c.protocol, Relay: true, Received: s.now}}
				if r, err := s.Receive(context.Background(), in); err == nil && r.Action != "discard" || err != nil && reason(err) != list.NotMember {
					t.Fatalf("%+v, %v", r, err)
				}
			}
			take()
			all := s.notices(t)
			if c.told != (len(all) == 1) {
				t.Fatalf("told: %s", told(all))
			}
			if c.told && (all[0].to != "zoe@example.net" || !strings.Contains(unfolded(all[0]), "Only members may write to it")) {
				t.Errorf("%s was told\n%s", all[0].to, all[0].raw)
			}
			take()
			if all := s.notices(t); len(all) != 0 {
				t.Errorf("told again: %s", told(all))
			}
			s.now = s.now.Add(8 * 24 * time.Hour)
			take()
			if all := s.notices(t); c.told != (len(all) == 1) {
				t.Errorf("after a week: %s", told(all))
			}
		})
	}
}
