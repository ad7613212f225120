package mailer

import "testing"

// TestClientAndServer has the two halves of this package talk to each other: what one announces the other must not lose.
func TestClientAndServer(t *testing.T) {
	for hostname, lmtp := range map[string]bool{"mx.lists.example.org": false, "lmtp.lists.example.org": true} {
		t.Run(hostname, func(t *testing.T) {
			site := newSite(t, &inbox{}, func(c *ServerConfig) { c.Hostname = hostname })
			conn, err := site.l.DialFrom("192.0.2.7")
			if err != nil {
				t.Fatal(err)
			}
			c := newClient(conn, Timeouts{}.withDefaults())
			c.lmtp = lmtp
			defer c.Abort()
			if err := c.greet(); err != nil {
				t.Fatal(err)
			}
			if err := c.hello("front.example"); err != nil {
				t.Fatal(err)
			}
			talk := conversation{conn: c, lookAhead: true}
			talk.add(5000, 1, 2, 1, 1)
			for i, to := range [][]string{{"dev@lists.example.org"}, {"nolist@lists.example.org", "dev+owner@lists.example.org"}, {"nolist@lists.example.org"}, {"small@lists.example.org"}} {
				talk.transactions[i].To = to
			}
			talk.run()
			if got := talk.fates(); got != "A NA N A" {
				t.Errorf("fates %s: %v, %v", got, talk.verdicts, talk.errs)
			}
			got := site.messages()
			if len(got) != 3 {
				t.Fatalf("%d messages arrived", len(got))
			}
			for i, tr := range []*Transaction{talk.transactions[0], talk.transactions[1], talk.transactions[3]} {
				if want := string(tr.Head) + string(tr.Content.Message().Bytes()); string(got[i].Raw) != want || got[i].From != tr.From {
					t.Errorf("message %d came with %d octets from %s, want %d from %s", i, len(got[i].Raw), got[i].From, len(want), tr.From)
				}
			}
		})
	}
}
