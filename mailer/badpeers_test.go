package mailer

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"convene/list"
	"convene/mailer/mailtest"
)

func TestBadPeers(t *testing.T) {
	type counts = map[list.Outcome]int
	say := func(verb, text string) []mailtest.Rule { return []mailtest.Rule{{Verb: verb, Say: text}} }
	for name, c := range map[string]struct {
		rules   []mailtest.Rule
		offers  []string
		oneByte bool
		pause   time.Duration // between those octets
		rcpts   int
		after   time.Duration
		want    counts
		sizes   []int // of the mails that the peer took
		dials   int
		status  string // of m1
		waiting bool   // the copies were released and not tried
	}{
		"a peer without faults":                 {rcpts: 3, want: counts{list.Delivered: 3}, sizes: []int{3}, dials: 1, status: "250 2.0.0 taken"},
		"421 as greeting":                       {rules: say("CONNECT", "421 4.3.2 busy"), rcpts: 3, want: counts{}, dials: 1, waiting: true},
		"450 as greeting":                       {rules: say("CONNECT", "450 4.3.2 busy"), rcpts: 3, want: counts{}, dials: 1, waiting: true},
		"554 as greeting":                       {rules: say("CONNECT", "554 5.3.2 never"), rcpts: 3, want: counts{}, dials: 1, waiting: true},
		"nonsense as greeting":                  {rules: say("CONNECT", "HTTP/1.1 400 Bad Request"), rcpts: 3, want: counts{}, dials: 1, waiting: true},
		"closes at once":                        {rules: []mailtest.Rule{{Verb: "CONNECT", Then: mailtest.Close}}, rcpts: 3, want: counts{}, dials: 1, waiting: true},
		"never greets":                          {rules: []mailtest.Rule{{Verb: "CONNECT", Then: mailtest.Hang}}, rcpts: 3, after: 6 * time.Minute, want: counts{}, dials: 1, waiting: true},
		"floods its EHLO":                       {rules: []mailtest.Rule{{Verb: "EHLO", Say: "250-hello", Then: mailtest.Flood}}, rcpts: 3, want: counts{}, dials: 1, waiting: true},
		"refuses EHLO and takes HELO":           {rules: say("EHLO", "502 5.5.1 what?"), rcpts: 3, want: counts{list.Delivered: 3}, sizes: []int{3}, dials: 1},
		"450 to MAIL":                           {rules: say("MAIL", "450 4.2.0 later"), rcpts: 3, want: counts{list.Deferred: 3}, dials: 1, status: "450 4.2.0 later"},
		"550 to MAIL":                           {rules: say("MAIL", "550 5.7.1 not you"), rcpts: 3, want: counts{list.Failed: 3}, dials: 1, status: "550 5.7.1 not you"},
		"530 to MAIL fails nobody":              {rules: say("MAIL", "530 5.7.0 authenticate"), rcpts: 3, want: counts{}, dials: 1, waiting: true},
		"421 to the third RCPT":                 {rules: []mailtest.Rule{{Verb: "RCPT", Nth: 3, Say: "421 4.3.2 off", Then: mailtest.Close}}, rcpts: 5, want: counts{list.Deferred: 5}, dials: 1},
		"550 to one RCPT":                       {rules: []mailtest.Rule{{Verb: "RCPT", Match: "m1@", Say: "550-5.1.1 no\n550 5.1.1 such user"}}, rcpts: 3, want: counts{list.Delivered: 2, list.Failed: 1}, sizes: []int{2}, dials: 1, status: "550 5.1.1 no 5.1.1 such user"},
		"450 to one and 550 to another RCPT":    {rules: []mailtest.Rule{{Verb: "RCPT", Match: "m1@", Say: "550 5.1.1 no"}, {Verb: "RCPT", Match: "m3@", Say: "450 4.2.2 full"}}, rcpts: 3, want: counts{list.Delivered: 1, list.Failed: 1, list.Deferred: 1}, sizes: []int{1}, dials: 1},
		"452 to the first RCPT":                 {rules: say("RCPT", "452 4.2.2 full"), rcpts: 1, want: counts{list.Deferred: 1}, dials: 1},
		"550 to every RCPT":                     {rules: say("RCPT", "550 5.1.1 no"), rcpts: 3, want: counts{list.Failed: 3}, dials: 1},
		"550 to every RCPT and 354 to DATA":     {rules: append(say("RCPT", "550 5.1.1 no"), say("DATA", "354 go on")...), rcpts: 3, want: counts{list.Failed: 3}, dials: 1},
		"451 to DATA":                           {rules: say("DATA", "451 4.3.0 disk"), rcpts: 3, want: counts{list.Deferred: 3}, dials: 1, status: "451 4.3.0 disk"},
		"250 to DATA":                           {rules: say("DATA", "250 fine"), rcpts: 3, want: counts{list.Deferred: 3}, dials: 1},
		"closes in the middle of the content":   {rules: []mailtest.Rule{{Verb: "CONTENT", After: 10, Then: mailtest.Close}}, rcpts: 3, want: counts{list.Deferred: 3}, dials: 1},
		"552 after the dot":                     {rules: say("DOT", "552 5.3.4 too big"), rcpts: 3, want: counts{list.Failed: 3}, dials: 1, status: "552 5.3.4 too big"},
		"451 after the dot":                     {rules: say("DOT", "451 4.7.1 greylisted"), rcpts: 3, want: counts{list.Deferred: 3}, dials: 1},
		"421 after the dot":                     {rules: []mailtest.Rule{{Verb: "DOT", Say: "421 4.7.28 rate", Then: mailtest.Close}}, rcpts: 3, want: counts{list.Deferred: 3}, dials: 1, status: "421 4.7.28 rate"},
		"354 after the dot":                     {rules: say("DOT", "354 more"), rcpts: 3, want: counts{list.Deferred: 3}, dials: 1},
		"closes after the dot":                  {rules: []mailtest.Rule{{Verb: "DOT", Then: mailtest.Close}}, rcpts: 3, want: counts{list.Deferred: 3}, dials: 1},
		"hangs after the dot":                   {rules: []mailtest.Rule{{Verb: "DOT", Then: mailtest.Hang}}, rcpts: 3, after: 11 * time.Minute, want: counts{list.Deferred: 3}, dials: 1},
		"floods after the dot":                  {rules: []mailtest.Rule{{Verb: "DOT", Say: "250-yes", Then: mailtest.Flood}}, rcpts: 3, want: counts{list.Deferred: 3}, dials: 1},
		"250 and then closes":                   {rules: []mailtest.Rule{{Verb: "DOT", Say: "250 2.0.0 taken", Then: mailtest.Close}}, rcpts: 3, want: counts{list.Delivered: 3}, sizes: []int{3}, dials: 1},
		"an octet at a time":                    {oneByte: true, rcpts: 3, want: counts{list.Delivered: 3}, sizes: []int{3}, dials: 1},
		"an octet a second":                     {oneByte: true, pause: time.Second, rcpts: 3, after: 10 * time.Minute, want: counts{list.Delivered: 3}, sizes: []int{3}, dials: 1},
		"an octet in half a minute":             {oneByte: true, pause: 30 * time.Second, rcpts: 3, after: 10 * time.Minute, want: counts{}, dials: 1, waiting: true},
		"450 to every RCPT":                     {rules: say("RCPT", "450 4.2.0 later"), rcpts: 3, want: counts{list.Deferred: 3}, dials: 1, status: "450 4.2.0 later"},
		"550 to a tenth":                        {rules: []mailtest.Rule{{Verb: "RCPT", Match: "0@", Say: "550 5.1.1 no"}}, rcpts: 20, want: counts{list.Delivered: 18, list.Failed: 2}, sizes: []int{18}, dials: 1},
		"greylisting":                           {rules: []mailtest.Rule{{Verb: "RCPT", Session: 1, Say: "451 4.7.1 greylisted"}}, rcpts: 3, after: time.Hour, want: counts{list.Deferred: 3, list.Delivered: 3}, sizes: []int{3}, dials: 2, status: "250 2.0.0 taken"},
		"LIMITS MAILMAX":                        {offers: []string{"LIMITS MAILMAX=2 RCPTMAX=1"}, rcpts: 5, want: counts{list.Delivered: 5}, sizes: []int{1, 1, 1, 1, 1}, dials: 3},
		"503 to MAIL fails nobody":              {rules: say("MAIL", "503 5.5.1 what now?"), rcpts: 3, want: counts{list.Deferred: 3}, dials: 1},
		"says 552 while the content is sent":    {rules: []mailtest.Rule{{Verb: "CONTENT", After: 10, Say: "552 5.3.4 too big", Then: mailtest.Close}}, rcpts: 2, want: counts{list.Failed: 2}, dials: 1, status: "552 5.3.4 too big"},
		"counts recipients beyond ten with 452": {rules: beyond(10, "452 4.5.3 too many"), rcpts: 25, want: counts{list.Delivered: 25}, sizes: []int{10, 10, 5}, dials: 1},
		"counts recipients beyond ten with 552": {rules: beyond(10, "552 5.5.3 too many"), rcpts: 25, want: counts{list.Delivered: 25}, sizes: []int{10, 10, 5}, dials: 1},
		"SIZE smaller than the message":         {offers: []string{"size 20"}, rcpts: 2, want: counts{list.Failed: 2}, dials: 1, status: fmt.Sprintf("5.3.4 message of %d octets; the next hop takes 20", len(greetingMail))},
		"LIMITS RCPTMAX":                        {offers: []string{"limits rcptmax=4"}, rcpts: 10, want: counts{list.Delivered: 10}, sizes: []int{4, 4, 2}, dials: 1},
		"status with control and 8-bit octets":  {rules: say("MAIL", "550 5.7.1 caf\xc3\xa9\x1b[31m\x00"), rcpts: 1, want: counts{list.Failed: 1}, dials: 1, status: "550 5.7.1 caf?[31m"},
		"broken STARTTLS":                       {offers: []string{"starttls"}, rcpts: 2, want: counts{list.Delivered: 2}, sizes: []int{2}, dials: 2},
		"STARTTLS offered and refused":          {offers: []string{"STARTTLS"}, rules: say("STARTTLS", "454 4.7.0 no"), rcpts: 2, want: counts{list.Delivered: 2}, sizes: []int{2}, dials: 1},
		"responses with different codes":        {rules: say("MAIL", "250-ok\n550 no"), rcpts: 2, want: counts{list.Deferred: 2}, dials: 1},
	} {
		for _, keywords := range [][]string{piped[:1], nil} {
			t.Run(fmt.Sprintf("%s, offering %d keywords", name, len(keywords)), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					bad := &mailtest.Peer{Rules: c.rules, Keywords: append(slices.Clone(keywords), c.offers...), OneByte: c.oneByte, Pause: c.pause}
					good := &mailtest.Peer{Keywords: piped}
					o := open(t, mailtest.Net{"bad.example:25": bad, "good.example:25": good}, fixedSource(greetingMail), Delivery{})
					defer o.close()
					o.send(append(people(c.rcpts, "bad.example"), "bob@good.example")...)
					o.settle()
					if len(good.Mails()) != 1 {
						t.Error("the other hop waited")
					}
					if c.after > 0 {
						time.Sleep(c.after)
						o.settle()
					}
					want := counts{}
					for k, v := range c.want {
						want[k] = v
					}
					want[list.Delivered]++
					o.want(want)
					if got := sizes(bad); !reflect.DeepEqual(got, c.sizes) {
						t.Errorf("mails with %v recipients, want %v", got, c.sizes)
					}
					if bad.Dials() != c.dials {
						t.Errorf("%d connections, want %d", bad.Dials(), c.dials)
					}
					h := o.box.history("m1@bad.example")
					if c.waiting != (len(h) == 0) {
						t.Errorf("m1 was settled as %v", h)
					}
					if c.status != "" && h[len(h)-1].Status != c.status {
						t.Errorf("status %q, want %q", h[len(h)-1].Status, c.status)
					}
				})
			})
		}
	}
}

// beyond refuses what comes after the first n recipients of a session's transactions of at most 25 recipients.
func beyond(n int, text string) (rules []mailtest.Rule) {
	// Commands are counted over the session: 25 in the first transaction, 15 in the second, 5 in the third.
	for _, span := range [][2]int{{n + 1, 25}, {25 + n + 1, 40}} {
		for i := span[0]; i <= span[1]; i++ {
			rules = append(rules, mailtest.Rule{Verb: "RCPT", Nth: i, Say: text})
		}
	}
	return rules
}
