package mailer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convene/list"
	"convene/mailer/mailtest"
)

const tracedMail = "Received: from a by lists.example.org\r\n\twith ESMTP id 1; Mon, 02 Mar 2026 09:00:00 +0000\r\n" + greetingMail

// sendEach enqueues a post of which every member gets a copy of their own.
func (o *office) sendEach(to ...string) uint64 {
	o.ids++
	o.box.enqueue(list.Outgoing{ID: o.ids, List: 1, Post: uint32(o.ids), Address: "dev@lists.example.org", ReturnPath: "dev+bounce@lists.example.org",
		Recipients: to, Accepted: time.Now(), Style: list.Style{Personal: true}})
	return o.ids
}

func TestEveryMemberGetsACopyOfTheirOwn(t *testing.T) {
	for _, keywords := range [][]string{piped, {"8BITMIME", "SIZE"}} {
		t.Run(keywords[0], func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &mailtest.Peer{Keywords: keywords}
				o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(tracedMail), Delivery{PerHop: 1})
				defer o.close()
				o.sendEach(people(5, "a.example")...)
				o.settle()
				o.want(map[list.Outcome]int{list.Delivered: 5})
				if p.Sessions() != 1 || len(p.Mails()) != 5 {
					t.Fatalf("%d mails in %d sessions, want 5 in one", len(p.Mails()), p.Sessions())
				}
				for i, m := range p.Mails() {
					if from := fmt.Sprintf("<dev+bounce-1-%d@lists.example.org>", i+1); !strings.HasPrefix(m.From, from) {
						t.Errorf("copy %d is from %s, want %s", i+1, m.From, from)
					}
					own := fmt.Sprintf("List-Unsubscribe: <mailto:dev+leave-%d@lists.example.org>\r\n", i+1)
					at := strings.Index(tracedMail, "From:")
					if want := tracedMail[:at] + own + tracedMail[at:]; string(m.Content) != want {
						t.Errorf("copy %d is\n%q\nwant\n%q", i+1, m.Content, want)
					}
				}
			})
		})
	}
}

// slowJournal is an outbox whose journal takes its time: what was sent before a result was in it is what a kill repeats.
type slowJournal struct {
	*memoryOutbox
	mu      sync.Mutex
	settled int
	check   func(settled int)
}

func (s *slowJournal) Settle(now time.Time, claim uint64, results []list.Settled) error {
	time.Sleep(time.Second) // of the bubble: whoever goes on meanwhile does so now
	s.mu.Lock()
	defer s.mu.Unlock()
	s.check(s.settled)
	s.settled += len(results)
	return s.memoryOutbox.Settle(now, claim, results)
}

func TestNoContentLeavesBeforeTheLastResultIsInTheJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Keywords: piped}
		box := &slowJournal{memoryOutbox: newMemoryOutbox()}
		box.check = func(settled int) {
			if n := len(p.Mails()); n != settled+1 {
				t.Errorf("%d copies are out and %d are in the journal", n, settled)
			}
			announced := 0
			for _, c := range p.Commands() {
				if strings.HasPrefix(c, "MAIL") {
					announced++
				}
			}
			if want := min(settled+2, 6); announced != want {
				t.Errorf("%d envelopes are out after %d copies, want %d: the next one follows the end of data", announced, settled+1, want)
			}
		}
		c := NewCourier(CourierOptions{Outbox: box, Source: fixedSource(tracedMail)},
			Delivery{Transport: routed{&SMTP{Hostname: "lists.example.org", Connect: mailtest.Net{"a.example:25": p}.Connect}}, PerHop: 1})
		ran := make(chan error, 1)
		go func() { ran <- c.Run() }()
		box.enqueue(list.Outgoing{ID: 1, List: 1, Post: 1, Recipients: people(6, "a.example"), Accepted: time.Now(), Style: list.Style{Personal: true}})
		time.Sleep(time.Minute)
		if err := errors.Join(c.Stop(t.Context()), <-ran); err != nil {
			t.Fatal(err)
		}
		if n := len(p.Mails()); n != 6 || box.settled != 6 {
			t.Errorf("%d of 6 copies are out, %d settled", n, box.settled)
		}
	})
}

func TestPersonalCopiesWherePeersAreDifficult(t *testing.T) {
	for name, c := range map[string]struct {
		rules    []mailtest.Rule
		want     map[list.Outcome]int
		sessions int
	}{
		"closed without a word after the fifth message": {
			[]mailtest.Rule{{Verb: "DOT", Nth: 5, Say: "250 ok", Then: mailtest.Close}}, map[list.Outcome]int{list.Delivered: 12}, 3},
		"421 to the sixth MAIL": {
			[]mailtest.Rule{{Verb: "MAIL", Nth: 6, Say: "421 4.7.0 enough", Then: mailtest.Close}}, map[list.Outcome]int{list.Delivered: 12}, 3},
		"one address is unknown": {
			[]mailtest.Rule{{Verb: "RCPT", Match: "m4@", Say: "550 5.1.1 who"}}, map[list.Outcome]int{list.Delivered: 11, list.Failed: 1}, 1},
		"one address is greylisted": {
			[]mailtest.Rule{{Verb: "RCPT", Match: "m4@", Say: "451 4.7.1 later"}}, map[list.Outcome]int{list.Delivered: 11, list.Deferred: 1}, 1},
		"one content is refused": {
			[]mailtest.Rule{{Verb: "DOT", Nth: 3, Say: "554 5.6.0 no"}}, map[list.Outcome]int{list.Delivered: 11, list.Failed: 1}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &mailtest.Peer{Keywords: piped, Rules: c.rules}
				o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(tracedMail), Delivery{PerHop: 1})
				defer o.close()
				o.sendEach(people(12, "a.example")...)
				o.settle()
				o.want(c.want)
				if p.Sessions() != c.sessions {
					t.Errorf("%d sessions, want %d", p.Sessions(), c.sessions)
				}
				seen := map[string]bool{}
				for _, m := range p.Mails() {
					if seen[m.To[0]] {
						t.Errorf("%s has it twice", m.To[0])
					}
					seen[m.To[0]] = true
				}
			})
		})
	}
}

func TestAHopThatRefusesAPostForPolicyIsLeftAlone(t *testing.T) {
	for name, personal := range map[string]bool{"personal copies": true, "shared copies": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &mailtest.Peer{Keywords: piped, Rules: []mailtest.Rule{{Verb: "DOT", Say: "550 5.7.26 This mail is unauthenticated"}}}
				var told []string
				o := &office{box: newMemoryOutbox(), net: mailtest.Net{"a.example:25": p}, t: t, ran: make(chan error, 1)}
				o.Courier = NewCourier(CourierOptions{Outbox: o.box, Source: fixedSource(tracedMail), Jitter: func() float64 { return 0.5 },
					Observer: Observer{Tripped: func(out list.Outgoing, hop, status string) { told = append(told, hop+" "+status) }}},
					Delivery{Transport: routed{&SMTP{Hostname: "h.example", Connect: o.net.Connect}}, PerHop: 1, Recipients: 10})
				go func() { o.ran <- o.Run() }()
				defer o.close()
				if to := people(200, "a.example"); personal {
					o.sendEach(to...)
				} else {
					o.ids++
					o.box.enqueue(list.Outgoing{ID: 1, List: 1, Recipients: to, Accepted: time.Now()})
				}
				o.settle()
				o.want(map[list.Outcome]int{list.Failed: 20})
				if want := []string{"a.example:25 550 5.7.26 This mail is unauthenticated"}; len(told) != 1 || told[0] != want[0] {
					t.Errorf("told %q, want %q", told, want)
				}
				if o.HopsDown() != 1 {
					t.Error("the hop does not count as down")
				}
				// One more transaction after the pause, and the next pause is longer.
				time.Sleep(15 * time.Minute)
				o.settle()
				probe := 1
				if !personal {
					probe = 10
				}
				o.want(map[list.Outcome]int{list.Failed: 20 + probe})
				time.Sleep(20 * time.Minute)
				o.settle()
				o.want(map[list.Outcome]int{list.Failed: 20 + probe})
				// What was the matter has been mended.
				p.Set(func(p *mailtest.Peer) { p.Rules = nil })
				time.Sleep(10 * time.Minute)
				o.settle()
				o.want(map[list.Outcome]int{list.Failed: 20 + probe, list.Delivered: 180 - probe})
				if len(told) != 1 {
					t.Errorf("told %d times", len(told))
				}
			})
		})
	}
}

func TestUnknownMembersAreNoReasonToStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Keywords: piped, Rules: []mailtest.Rule{{Verb: "RCPT", Say: "550 5.1.1 no such user"}}}
		o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(tracedMail), Delivery{PerHop: 1})
		defer o.close()
		o.sendEach(people(100, "a.example")...)
		o.settle()
		o.want(map[list.Outcome]int{list.Failed: 100})
	})
}

func TestPolicyRefusals(t *testing.T) {
	for status, want := range map[string]bool{
		"550 5.7.1 blocked": true, "550 5.7.26 unauthenticated": true, "554 5.6.0 malformed": true, "552 5.3.4 too big": true, "554 spam": true,
		"550 5.1.8 Sender address rejected: Domain not found": true, "550 5.1.7 bad return path": true, "550 5.1.10 null MX": false,
		"550 5.1.1 unknown": false, "550 5.2.1 disabled": false, "552 5.2.2 full": false, "550 no such user": false, "553 sorry": false,
		"5.1.3 not an address that SMTP can carry": false, "": false, "550": false,
	} {
		if got := policyRefusal(status); got != want {
			t.Errorf("%q: %v, want %v", status, got, want)
		}
	}
}

// nowhere is a transport to which DNS knows no way.
type nowhere struct{ dials int }

func (*nowhere) Hop(domain string) string { return domain }

func (n *nowhere) Dial(context.Context, string) (Conn, error) {
	n.dials++
	return nil, &NoRouteError{"5.1.10 the domain takes no mail (null MX)"}
}

func TestWhatThereIsNoWayToFailsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		way := &nowhere{}
		o := open(t, nil, fixedSource(tracedMail), Delivery{Transport: way})
		defer o.close()
		o.sendEach(people(250, "null.example")...)
		o.send("bob@null.example")
		o.settle()
		o.want(map[list.Outcome]int{list.Failed: 251})
		for _, s := range o.box.settled {
			if s.Status != "5.1.10 the domain takes no mail (null MX)" {
				t.Errorf("status %q", s.Status)
			}
		}
		if way.dials > 2 {
			t.Errorf("%d look-ups", way.dials)
		}
	})
}

func TestTheFormFollowsTheHop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mail := "Received: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nJörg\r\n"
		plain, eight := &mailtest.Peer{Keywords: []string{"PIPELINING"}}, &mailtest.Peer{Keywords: piped}
		o := open(t, mailtest.Net{"plain.example:25": plain, "eight.example:25": eight}, fixedSource(mail), Delivery{})
		defer o.close()
		o.box.enqueue(list.Outgoing{ID: 1, List: 1, EightBit: true, Recipients: []string{"a@plain.example", "b@eight.example"}, Accepted: time.Now(), Style: list.Style{Personal: true}})
		o.settle()
		o.want(map[list.Outcome]int{list.Delivered: 2})
		if got := plain.Mails()[0].Content; firstHigh(got) >= 0 || !bytes.Contains(got, []byte("J=C3=B6rg")) {
			t.Errorf("the hop without 8BITMIME got %q", got)
		}
		if got := eight.Mails()[0].Content; !bytes.Contains(got, []byte("\r\n\r\nJörg\r\n")) {
			t.Errorf("the hop with 8BITMIME got %q", got)
		}
	})
}

// marked is a source whose copies bear what looks like tokens.
type marked struct{ fixedSource }

func (marked) Personal(*list.Outgoing, *list.Copy) (list.Personal, error) {
	return list.Personal{ReturnPath: "dev+bounce-abcdefghijklmnopqrstuvwxyz@lists.example.org"}, nil
}

func TestNoTokenIsInAStatus(t *testing.T) {
	for name, say := range map[string]string{
		"in a reply":     "550 5.1.8 <Dev+Bounce-abcdefghijklmnopqrstuvwxyz@lists.example.org>: Sender <dev+bounce-abcdefghijklmnopqrstuvwxyz@lists.example.org> rejected, see https://l/u/abcdefghijklmnopqrstuvwxyz",
		"in a last word": "421 4.7.0 dev+bounce-abcdefghijklmnopqrstuvwxyz@lists.example.org goes too far",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &mailtest.Peer{Keywords: piped, Rules: []mailtest.Rule{{Verb: "MAIL", Say: say, Then: mailtest.Close}}}
				var log bytes.Buffer
				o := &office{box: newMemoryOutbox(), net: mailtest.Net{"a.example:25": p}, t: t, ran: make(chan error, 1)}
				o.Courier = NewCourier(CourierOptions{Outbox: o.box, Source: marked{fixedSource(tracedMail)}, Log: slog.New(slog.NewTextHandler(&log, nil))},
					Delivery{Transport: routed{&SMTP{Hostname: "h.example", Connect: o.net.Connect}}, PerHop: 1})
				go func() { o.ran <- o.Run() }()
				o.sendEach(people(3, "a.example")...)
				o.settle()
				o.close()
				if strings.Contains(strings.ToLower(log.String()), "abcdefghijklmnopqrstuvwxyz") || log.Len() == 0 {
					t.Errorf("the log has a token:\n%s", log.String())
				}
				for _, s := range o.box.settled {
					if strings.Contains(strings.ToLower(s.Status), "abcdefghijklmnopqrstuvwxyz") || !strings.Contains(strings.ToLower(s.Status), "bounce-xxxxxxxxxxxxxxxxxxxxxxxxxx@") {
						t.Errorf("status %q", s.Status)
					}
				}
			})
		})
	}
}
