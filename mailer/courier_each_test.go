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

func TestAHopThatRefusesAPostForPolicyGetsNoMoreOfIt(t *testing.T) {
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
				o.ids++
				o.box.enqueue(list.Outgoing{ID: 1, List: 1, Recipients: people(200, "a.example"), Accepted: time.Now(), Style: list.Style{Personal: personal}})
				o.settle()
				o.want(map[list.Outcome]int{list.Failed: 20, list.Deferred: 180})
				if want := "a.example:25 550 5.7.26 This mail is unauthenticated"; len(told) != 1 || told[0] != want {
					t.Errorf("told %q, want %q", told, want)
				}
				if o.HopsDown() != 0 {
					t.Error("all mail for the hop waits for one post")
				}
				// One more transaction after the pause, and the next pause is longer.
				time.Sleep(15 * time.Minute)
				o.settle()
				probe := 1
				if !personal {
					probe = 10
				}
				o.want(map[list.Outcome]int{list.Failed: 20 + probe, list.Deferred: 180 + 180 - probe})
				time.Sleep(20 * time.Minute)
				o.settle()
				o.want(map[list.Outcome]int{list.Failed: 20 + probe, list.Deferred: 180 + 180 - probe})
				// What was the matter has been mended.
				p.Set(func(p *mailtest.Peer) { p.Rules = nil })
				time.Sleep(10 * time.Minute)
				o.settle()
				o.want(map[list.Outcome]int{list.Failed: 20 + probe, list.Deferred: 180 + 180 - probe, list.Delivered: 180 - probe})
				if len(told) != 1 {
					t.Errorf("told %d times", len(told))
				}
			})
		})
	}
}

func TestOnePostThatIsRefusedKeepsNoOtherBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Keywords: piped, Rules: []mailtest.Rule{{Verb: "MAIL", Match: "bounce-1-", Say: "550 sender rejected"}}}
		o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(tracedMail), Delivery{PerHop: 4, RetryFor: 2 * time.Hour})
		defer o.close()
		o.sendEach(people(400, "a.example")...)
		o.sendEach(people(400, "a.example")...)
		o.settle()
		got := o.box.outcomes()
		if got[list.Delivered] != 400 || got[list.Failed] < 20 || got[list.Failed] > 24 {
			t.Errorf("outcomes %v, want 400 delivered and little more than 20 failed", got)
		}
		// Nothing of it is kept for ever.
		time.Sleep(3 * time.Hour)
		o.settle()
		if got := o.box.outcomes(); got[list.Failed] != 400 {
			t.Errorf("%d of 400 were given up in the end", got[list.Failed])
		}
	})
}

func TestAHopThatRefusesTwoPostsIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Keywords: piped, Rules: []mailtest.Rule{{Verb: "DOT", Say: "554 5.7.1 Blocked"}}}
		o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(tracedMail), Delivery{PerHop: 4})
		defer o.close()
		for range 10 {
			o.sendEach(people(100, "a.example")...)
		}
		o.settle()
		if o.HopsDown() != 1 {
			t.Error("the hop does not count as down")
		}
		if n := o.box.outcomes()[list.Failed]; n < 40 || n > 100 { // four connections, each with a post of its own, and what is in flight
			t.Errorf("%d copies were lost before the hop was left alone", n)
		}
		lost := o.box.outcomes()[list.Failed]
		time.Sleep(14 * time.Minute)
		o.settle()
		if n := o.box.outcomes()[list.Failed]; n != lost {
			t.Errorf("%d more in the pause", n-lost)
		}
	})
}

func TestRefusalsOfLateCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Keywords: piped, Rules: []mailtest.Rule{{Verb: "RCPT", Match: "late", Say: "550 5.7.1 daily quota"}}}
		o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(tracedMail), Delivery{PerHop: 1})
		defer o.close()
		to := people(1000, "a.example")
		for i := range 500 {
			to = append(to, fmt.Sprintf("late%d@a.example", i))
		}
		o.sendEach(to...)
		o.settle()
		if got := o.box.outcomes(); got[list.Delivered] != 1000 || got[list.Failed] > 20 {
			t.Errorf("outcomes %v, want 20 failed at most", got)
		}
	})
}

func TestAnInterruptedDeliveryEndsItsClaim(t *testing.T) {
	for _, verb := range []string{"MAIL", "RCPT", "DOT"} {
		t.Run(verb, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &mailtest.Peer{Keywords: piped, Rules: []mailtest.Rule{{Verb: verb, Nth: 3, Then: mailtest.Hang}}}
				o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(tracedMail), Delivery{PerHop: 1})
				defer o.close()
				o.sendEach(people(50, "a.example")...)
				o.settle()
				o.Interrupt()
				o.settle()
				if got := o.box.outcomes(); got[list.Delivered] != 2 || got[list.Deferred] != 1 || o.InFlight() != 0 {
					t.Errorf("outcomes %v with %d claims in flight, want 2 delivered, 1 deferred and nothing in flight", got, o.InFlight())
				}
			})
		})
	}
}

// keyless is a source without a key for marks until later.
type keyless struct {
	fixedSource
	from time.Time
}

func (k keyless) Personal(out *list.Outgoing, c *list.Copy) (list.Personal, error) {
	if time.Now().Before(k.from) {
		return list.Personal{}, fmt.Errorf("copy %d: %w", c.Number, list.ErrNoMarkKey)
	}
	return k.fixedSource.Personal(out, c)
}

func TestCopiesWaitForAKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Keywords: piped}
		o := open(t, mailtest.Net{"a.example:25": p}, keyless{tracedMail, time.Now().Add(10 * time.Minute)}, Delivery{PerHop: 1})
		defer o.close()
		o.sendEach(people(5, "a.example")...)
		time.Sleep(5 * time.Minute)
		o.settle()
		o.want(map[list.Outcome]int{})
		time.Sleep(7 * time.Minute)
		o.settle()
		o.want(map[list.Outcome]int{list.Delivered: 5})
		if len(o.box.poison) > 0 {
			t.Errorf("set aside: %v", o.box.poison)
		}
	})
}

func TestASlowHopGivesBackWhatItHasNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Keywords: piped, Watch: time.Second}
		o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(tracedMail), Delivery{PerHop: 1})
		defer o.close()
		o.sendEach(people(60, "a.example")...)
		time.Sleep(30 * time.Second)
		o.box.mu.Lock()
		released := o.box.release
		o.box.mu.Unlock()
		if released < 2 {
			t.Errorf("%d claims were given back in 30 s at a hop that takes seconds for a copy", released)
		}
		time.Sleep(10 * time.Minute)
		o.settle()
		o.want(map[list.Outcome]int{list.Delivered: 60})
	})
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
		"550 5.7.1 blocked": true, "550 5.7.26 unauthenticated": true, "554 5.6.0 malformed": true, "554 spam": true, "554 no": true,
		"550 5.1.8 Sender address rejected: Domain not found": true, "550 5.1.7 bad return path": true,
		"550 rejected by SPF policy": true, "550 5.0.0 Message blocked": true, "550 5.4.1 blocked by DMARC": true,
		"550 5.1.1 unknown": false, "550 5.1.10 null MX": false, "550 5.2.1 disabled": false, "552 5.2.2 full": false, "552 5.3.4 too big": false,
		"550 5.4.1 Recipient address rejected: Access denied": false, "550 no such user": false, "553 sorry": false,
		"5.1.3 not an address that SMTP can carry": false, "": false, "550": false,
	} {
		if got := policyRefusal(Verdict{Fate: Never, Status: status}); got != want {
			t.Errorf("%q: %v, want %v", status, got, want)
		}
	}
	if !policyRefusal(Verdict{Fate: Never, Status: "550 no", Sender: true}) {
		t.Error("a refusal at MAIL is about its recipient")
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
		if claims := 4; way.dials > claims { // 100, 100 and 50 copies, and bob's
			t.Errorf("%d look-ups for %d claims", way.dials, claims)
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
		if got := plain.Mails()[0].Content; !isASCII(string(got)) || !bytes.Contains(got, []byte("J=C3=B6rg")) {
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
