package mailer

import (
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convene/mailer/mailtest"
)

// TestLMTPPeers is RFC 2033 §4.2 as its client.
func TestLMTPPeers(t *testing.T) {
	dot := func(nth int, say string, then mailtest.Act) mailtest.Rule {
		return mailtest.Rule{Verb: "DOT", Nth: nth, Say: say, Then: then}
	}
	for name, c := range map[string]struct {
		rules []mailtest.Rule
		want  string
		sizes []int
		waits bool // for a response that does not come
	}{
		"each recipient is answered": {
			[]mailtest.Rule{dot(2, "550 5.2.2 full", mailtest.GoOn), dot(3, "450 4.2.0 locked", mailtest.GoOn)}, "ANL A A", []int{1, 1, 1}, false},
		"a refused RCPT has no response to the dot": {
			[]mailtest.Rule{{Verb: "RCPT", Match: "m2@", Say: "550 5.1.1 no"}, dot(2, "450 4.2.0 locked", mailtest.GoOn)}, "ANL A A", []int{1, 1, 1}, false},
		"everybody is refused at the dot": {
			[]mailtest.Rule{{Verb: "DOT", Say: "552 5.2.2 full"}}, "NNN N N", nil, false},
		"everybody is refused at RCPT": {
			[]mailtest.Rule{{Verb: "RCPT", Say: "550 5.1.1 no"}}, "NNN N N", nil, false},
		"nobody is accepted and content is asked for": {
			[]mailtest.Rule{{Verb: "RCPT", Say: "550 5.1.1 no"}, {Verb: "DATA", Say: "354 go on"}}, "NNN! U! U!", nil, false},
		"closes between two responses":   {[]mailtest.Rule{dot(1, "250 taken", mailtest.Close)}, "A??! U! U!", []int{1}, false},
		"closes before the first":        {[]mailtest.Rule{dot(1, "", mailtest.Close)}, "???! U! U!", nil, false},
		"hangs between two responses":    {[]mailtest.Rule{dot(2, "250 taken", mailtest.Hang)}, "AA?! U! U!", []int{2}, true},
		"421 between two responses":      {[]mailtest.Rule{dot(2, "421 4.3.2 off", mailtest.Close)}, "AL?! U! U!", []int{1}, false},
		"closes after the last response": {[]mailtest.Rule{dot(3, "250 taken", mailtest.Close)}, "AAA U! U!", []int{3}, false},
		"one response for all":           {[]mailtest.Rule{dot(2, "", mailtest.GoOn), dot(3, "", mailtest.GoOn)}, "A??! U! U!", []int{1}, true},
	} {
		for _, lookAhead := range []bool{true, false} {
			t.Run(name+map[bool]string{true: ", announced", false: ", alone"}[lookAhead], func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					talk := conversation{peer: &mailtest.Peer{Rules: c.rules, Keywords: piped}, lookAhead: lookAhead, lmtp: true}
					talk.add(1000, 3, 1, 1)
					talk.connect(t)
					start := time.Now()
					talk.run()
					if took := time.Since(start); (took > time.Minute) != c.waits {
						t.Errorf("it took %v", took)
					}
					if got := talk.fates(); got != c.want {
						t.Errorf("fates %s, want %s: %v", got, c.want, talk.verdicts)
					}
					time.Sleep(time.Minute)
					if got := sizes(talk.peer); !reflect.DeepEqual(got, c.sizes) {
						t.Errorf("mails with %v recipients, want %v", got, c.sizes)
					}
				})
			})
		}
	}
}

func TestLHLO(t *testing.T) {
	for name, c := range map[string]struct {
		rules []mailtest.Rule
		want  []string // commands
		err   string
	}{
		"LHLO in place of EHLO":    {nil, []string{"LHLO lists.example.org"}, ""},
		"HELO is nothing for LMTP": {[]mailtest.Rule{{Verb: "LHLO", Say: "500 5.5.1 what?"}}, []string{"LHLO lists.example.org"}, "500 5.5.1 what? at LHLO"},
		"LHLO is put off":          {[]mailtest.Rule{{Verb: "LHLO", Say: "421 4.3.2 off"}}, []string{"LHLO lists.example.org"}, "421 4.3.2 off at LHLO (the peer closes the connection)"},
	} {
		t.Run(name, func(t *testing.T) {
			peer := &mailtest.Peer{Rules: c.rules, Keywords: piped}
			conn, err := peer.Connect(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			client := newClient(conn, Timeouts{}.withDefaults())
			client.lmtp = true
			if err := client.greet(); err != nil {
				t.Fatal(err)
			}
			err = client.hello("lists.example.org")
			if err == nil && c.err != "" || err != nil && err.Error() != c.err {
				t.Errorf("error %v, want %q", err, c.err)
			}
			if got := peer.Commands(); !reflect.DeepEqual(got, c.want) {
				t.Errorf("said %s", strings.Join(got, ", "))
			}
			if client.ext.pipelining != (c.err == "") {
				t.Error("the keywords were not read")
			}
		})
	}
}
