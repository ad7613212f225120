package mailer

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"convene/list"
	"convene/list/message"
	"convene/mailer/mailtest"
)

const greetingMail = "From: ann@author.example\r\nSubject: hello\r\n\r\n.dots\r\n..\r\nend\r\n"

// office is a courier with its outbox and the network around it.
type office struct {
	*Courier
	box  *memoryOutbox
	net  mailtest.Net
	ids  uint64
	ran  chan error
	t    *testing.T
	done bool
}

// routed sends every domain to the hop of its own name.
type routed struct{ *SMTP }

func (r routed) Hop(domain string) string { return domain + ":25" }

// open starts a courier in a synctest bubble; it is stopped and checked by close. mail is the content of all messages.
func open(t *testing.T, net mailtest.Net, source Source, d Delivery) *office {
	t.Helper()
	o := &office{box: newMemoryOutbox(), net: net, t: t, ran: make(chan error, 1)}
	if d.Transport == nil {
		d.Transport = routed{&SMTP{Hostname: "lists.example.org", Connect: net.Connect}}
	}
	o.Courier = NewCourier(CourierOptions{Outbox: o.box, Source: source, Jitter: func() float64 { return 0.5 }}, d)
	go func() { o.ran <- o.Run() }()
	return o
}

// send enqueues a message and returns its id.
func (o *office) send(to ...string) uint64 {
	o.ids++
	o.box.enqueue(list.Outgoing{ID: o.ids, Post: uint32(o.ids), Address: "dev@lists.example.org", ReturnPath: "dev+bounce@lists.example.org",
		Recipients: to, Accepted: time.Now()})
	return o.ids
}

// settle waits until nothing more happens at this instant.
func (o *office) settle() {
	o.t.Helper()
	synctest.Wait()
}

func (o *office) close() {
	o.t.Helper()
	if o.done {
		return
	}
	o.done = true
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := o.Stop(ctx); err != nil {
		o.t.Error("stop:", err)
	}
	if err := <-o.ran; err != nil {
		o.t.Error("run:", err)
	}
	o.box.check(o.t)
	for hop, p := range o.net {
		if p.Open() != 0 {
			synctest.Wait()
			if p.Open() != 0 {
				o.t.Errorf("%s: %d connections left open", hop, p.Open())
			}
		}
	}
}

func (o *office) want(want map[list.Outcome]int) {
	o.t.Helper()
	if got := o.box.outcomes(); !reflect.DeepEqual(got, want) {
		o.t.Errorf("outcomes %v, want %v", got, want)
	}
}

func people(n int, domain string) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprintf("m%d@%s", i+1, domain))
	}
	return all
}

var piped = []string{"PIPELINING", "8BITMIME", "SIZE 1000000"}

// sizes are how many recipients each mail of a peer had.
func sizes(p *mailtest.Peer) (n []int) {
	for _, m := range p.Mails() {
		n = append(n, len(m.To))
	}
	return n
}

func TestLostConnectionsAreReplaced(t *testing.T) {
	for name, rules := range map[string][]mailtest.Rule{
		"closed without a word after the fifth message": {{Verb: "DOT", Nth: 5, Say: "250 ok", Then: mailtest.Close}},
		"421 to the sixth MAIL":                         {{Verb: "MAIL", Nth: 6, Say: "421 4.7.0 enough", Then: mailtest.Close}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &mailtest.Peer{Keywords: piped, Rules: rules}
				o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(greetingMail), Delivery{PerHop: 1})
				defer o.close()
				for range 12 {
					o.send("bob@a.example")
				}
				o.settle()
				o.want(map[list.Outcome]int{list.Delivered: 12})
				if p.Sessions() != 3 {
					t.Errorf("%d sessions, want 3", p.Sessions())
				}
			})
		})
	}
}

func TestConnectionIsReusedAndClosedWhenIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Keywords: piped}
		o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(greetingMail), Delivery{PerHop: 1})
		defer o.close()
		for range 50 {
			o.send("bob@a.example")
		}
		o.settle()
		time.Sleep(time.Second)
		o.send("bob@a.example")
		o.settle()
		if p.Sessions() != 1 || len(p.Mails()) != 51 || p.Open() != 1 {
			t.Errorf("%d sessions, %d mails, %d open", p.Sessions(), len(p.Mails()), p.Open())
		}
		time.Sleep(4 * time.Second)
		o.settle()
		if p.Open() != 0 {
			t.Error("an idle connection stays open")
		}
		if commands := p.Commands(); commands[len(commands)-1] != "QUIT" {
			t.Errorf("the last command is %q", commands[len(commands)-1])
		}
	})
}

func TestDeadHopIsTriedOnceAnInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Refuse: true, Delay: 2 * time.Second, Keywords: piped}
		o := open(t, mailtest.Net{"dead.example:25": p}, fixedSource(greetingMail), Delivery{})
		defer o.close()
		start := time.Now()
		for range 200 {
			o.send(people(10, "dead.example")...)
		}
		for _, step := range []struct {
			at    time.Duration
			dials int
		}{{time.Minute, 1}, {14 * time.Minute, 1}, {16 * time.Minute, 2}, {44 * time.Minute, 2}, {46 * time.Minute, 3}, {106 * time.Minute, 4}} {
			time.Sleep(time.Until(start.Add(step.at)))
			if p.Dials() != step.dials {
				t.Errorf("after %v: %d connections, want %d", step.at, p.Dials(), step.dials)
			}
		}
		o.want(map[list.Outcome]int{})
		p.Set(func(p *mailtest.Peer) { p.Refuse = false })
		time.Sleep(3 * time.Hour)
		o.want(map[list.Outcome]int{list.Delivered: 2000})
		for _, s := range o.box.settled {
			if s.Attempts != 0 {
				t.Fatalf("%s: waiting for the hop counted as %d attempts", s.Address, s.Attempts)
			}
		}
	})
}

func TestDeadHopGivesUpWhatIsTooOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Refuse: true}
		o := open(t, mailtest.Net{"dead.example:25": p}, fixedSource(greetingMail), Delivery{})
		defer o.close()
		for range 5 {
			o.send(people(150, "dead.example")...)
		}
		time.Sleep(4 * 24 * time.Hour)
		late := o.send("late@dead.example")
		time.Sleep(24*time.Hour + 3*time.Hour + 20*time.Minute)
		o.want(map[list.Outcome]int{list.Failed: 750})
		for _, s := range o.box.settled {
			if s.Out == late || !strings.HasPrefix(s.Status, "4.4.7 ") {
				t.Fatalf("%d: %s", s.Out, s.Status)
			}
		}
		if p.Dials() > 50 {
			t.Errorf("%d connections in five days", p.Dials())
		}
	})
}

func TestScheduleOfOneCopy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Rules: []mailtest.Rule{{Verb: "RCPT", Match: "full@", Say: "452 4.2.2 full"}}}
		o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(greetingMail), Delivery{})
		defer o.close()
		start := time.Now()
		o.send("full@a.example")
		time.Sleep(6 * 24 * time.Hour)
		h := o.box.history("full@a.example")
		want := []time.Duration{0, 15 * time.Minute, 45 * time.Minute, 105 * time.Minute, 225 * time.Minute, 405 * time.Minute}
		for i, at := range want {
			if got := h[i].At.Sub(start); got != at || h[i].Outcome != list.Deferred || h[i].Attempts != i {
				t.Errorf("attempt %d at %v (%s), want %v", i, got, h[i].Outcome, at)
			}
		}
		for i := len(want); i < len(h); i++ {
			if gap := h[i].At.Sub(h[i-1].At); gap < 2*time.Hour || gap > 6*time.Hour {
				t.Errorf("gap of %v before attempt %d", gap, i)
			}
		}
		last := h[len(h)-1]
		if last.Outcome != list.Failed || last.At.Sub(start) != 5*24*time.Hour || last.Status != "4.4.7 given up after 5 days: 452 4.2.2 full" {
			t.Errorf("the end: %s at %v: %s", last.Outcome, last.At.Sub(start), last.Status)
		}
	})
}

func TestRefusalOfOneMessageIsNoVerdictOnTheHop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Keywords: piped, Rules: []mailtest.Rule{{Verb: "MAIL", Nth: 1, Say: "550 5.7.26 unauthenticated"}}}
		o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(greetingMail), Delivery{PerHop: 1})
		defer o.close()
		o.send("bob@a.example")
		o.send("bob@a.example")
		o.settle()
		o.want(map[list.Outcome]int{list.Failed: 1, list.Delivered: 1})
	})
}

func TestHopsTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := mailtest.Net{}
		for _, name := range []string{"a", "b", "c", "d"} {
			net[name+".example:25"] = &mailtest.Peer{Keywords: piped}
		}
		o := open(t, net, fixedSource(greetingMail), Delivery{Connections: 1})
		defer o.close()
		for range 250 {
			o.send("x@a.example", "x@b.example", "x@c.example", "x@d.example")
		}
		o.settle()
		o.want(map[list.Outcome]int{list.Delivered: 1000})
		var order []string
		served := map[string]int{}
		for _, s := range o.box.settled {
			if len(order) == 0 || order[len(order)-1] != s.Address {
				order = append(order, s.Address)
			}
			if served[s.Address]++; served["x@a.example"] == 250 && served["x@d.example"] < 100 {
				t.Fatalf("a had its 250 before d had 100: %v", served)
			}
		}
		if want := []string{"x@a.example", "x@b.example", "x@c.example", "x@d.example"}; !reflect.DeepEqual(order[:4], want) {
			t.Errorf("turns %v", order)
		}
	})
}

func TestConnectionCaps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// A peer that takes no time at all might have been done with one connection before the next one is begun.
		big, small := &mailtest.Peer{Keywords: piped, Watch: time.Millisecond}, &mailtest.Peer{Keywords: piped}
		o := open(t, mailtest.Net{"big.example:25": big, "small.example:25": small}, fixedSource(greetingMail), Delivery{Connections: 6, PerHop: 3, Recipients: 10})
		defer o.close()
		o.send(append(people(5000, "big.example"), "bob@small.example")...)
		time.Sleep(time.Hour) // of the bubble
		o.settle()
		o.want(map[list.Outcome]int{list.Delivered: 5001})
		if p := big.Peak(); p != 3 || len(small.Mails()) != 1 {
			t.Errorf("%d connections at once, want 3", p)
		}
	})
}

func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Keywords: piped}
		o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(greetingMail), Delivery{Rate: Rate{200, time.Hour}})
		defer o.close()
		o.send(people(1000, "a.example")...)
		time.Sleep(6 * time.Hour)
		o.want(map[list.Outcome]int{list.Delivered: 1000})
		mails := p.Mails()
		for i := range mails {
			n := 0
			for _, m := range mails[i:] {
				if m.At.Sub(mails[i].At) < time.Hour {
					n += len(m.To)
				}
			}
			if n > 200 {
				t.Fatalf("%d recipients in the hour after %v", n, mails[i].At)
			}
		}
		if took := mails[len(mails)-1].At.Sub(mails[0].At); took > 5*time.Hour+20*time.Minute {
			t.Errorf("1000 at 200/h took %v", took)
		}
		for _, s := range o.box.settled {
			if s.Attempts != 0 {
				t.Fatal("waiting counted as an attempt")
			}
		}
	})
}

// brittleSource fails in ways of its own for some messages.
type brittleSource struct {
	fixedSource
	calls atomic.Int32
}

func (s *brittleSource) Copy(out list.Outgoing, _ list.Form) (message.Pieces, error) {
	switch out.ID {
	case 1:
		s.calls.Add(1)
		panic("broken invariant")
	case 2:
		return nil, errors.New("unreadable")
	}
	return message.Pieces{[]byte(greetingMail)}, nil
}

func TestMessageThatCannotBeMadeIsSetAside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := mailtest.Net{}
		for i := range 10 {
			net[fmt.Sprintf("d%d.example:25", i)] = &mailtest.Peer{Keywords: piped}
		}
		source := &brittleSource{}
		o := open(t, net, source, Delivery{})
		defer o.close()
		for range 3 {
			var to []string
			for i := range 10 {
				to = append(to, fmt.Sprintf("bob@d%d.example", i))
			}
			o.send(to...)
		}
		o.settle()
		o.want(map[list.Outcome]int{list.Delivered: 10})
		if len(o.box.poison) != 2 || !strings.Contains(o.box.poison[1], "broken invariant") || !strings.Contains(o.box.poison[2], "unreadable") {
			t.Errorf("set aside: %v", o.box.poison)
		}
		// Three times, and once more for each claim that was under way when it was set aside.
		if n := source.calls.Load(); n < 3 || n > 13 {
			t.Errorf("made %d times", n)
		}
	})
}

func TestSettleErrorStopsTheCourier(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Keywords: piped}
		o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(greetingMail), Delivery{PerHop: 1})
		o.box.fail = list.ErrBroken
		o.send("bob@a.example")
		o.send("eve@a.example")
		if err := <-o.ran; !errors.Is(err, list.ErrBroken) {
			t.Errorf("stopped by %v", err)
		}
		if len(p.Mails()) != 1 {
			t.Errorf("%d mails went out although nothing could be recorded", len(p.Mails()))
		}
	})
}

func TestOtherSettleErrorsOnlyPauseIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Keywords: piped}
		o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(greetingMail), Delivery{PerHop: 1})
		o.box.fail = errors.New("busy")
		o.send("bob@a.example")
		o.send("eve@a.example")
		o.settle()
		if len(p.Mails()) != 1 {
			t.Errorf("%d mails went out although nothing could be recorded", len(p.Mails()))
		}
		o.box.mu.Lock()
		o.box.fail = nil
		o.box.mu.Unlock()
		time.Sleep(time.Minute)
		o.settle()
		o.want(map[list.Outcome]int{list.Delivered: 1})
		if got := p.Commands(); strings.Count(strings.Join(got, " "), "bob@") != 1 {
			t.Error("a copy whose fate is not recorded was sent again")
		}
		clear(o.box.claims)
		o.close()
	})
}

func TestStopFinishesWhatIsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Keywords: piped, Watch: time.Second}
		o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(greetingMail), Delivery{PerHop: 1, Recipients: 10})
		o.send(people(100, "a.example")...)
		time.Sleep(5 * time.Second)
		o.close()
		if n := o.box.outcomes()[list.Delivered]; n == 0 || n == 100 || n != p.Recipients() {
			t.Errorf("%d settled, %d taken", n, p.Recipients())
		}
		if commands := p.Commands(); commands[len(commands)-1] != "QUIT" {
			t.Errorf("the last command is %q", commands[len(commands)-1])
		}
	})
}

func TestStopIsBoundedByItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Keywords: piped, Rules: []mailtest.Rule{{Verb: "DOT", Then: mailtest.Hang}}}
		o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(greetingMail), Delivery{})
		o.send("bob@a.example")
		o.settle()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		if err := o.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 3*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		o.box.check(t)
		o.want(map[list.Outcome]int{})
		if o.box.release != 1 {
			t.Error("what was in flight is not claimable again")
		}
	})
}

func TestReconfigureMovesToAnotherHop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dead, alive := &mailtest.Peer{Refuse: true}, &mailtest.Peer{Keywords: piped}
		net := mailtest.Net{"dead:25": dead, "alive:25": alive}
		by := func(hop string) Delivery {
			return Delivery{Transport: &SMTP{Hostname: "lists.example.org", Smarthost: hop, Connect: net.Connect}}
		}
		o := open(t, net, fixedSource(greetingMail), by("dead:25"))
		defer o.close()
		o.send("bob@a.example", "eve@b.example")
		o.settle()
		o.want(map[list.Outcome]int{})
		o.Reconfigure(by("alive:25"))
		o.settle()
		if o.box.rerouted != 1 {
			t.Error("the outbox was not told")
		}
		o.want(map[list.Outcome]int{list.Delivered: 2})
		if !reflect.DeepEqual(sizes(alive), []int{2}) {
			t.Errorf("recipients of two domains went to one hop as %v", sizes(alive))
		}
	})
}

func TestVirtualClock(t *testing.T) {
	p := &mailtest.Peer{Keywords: piped, Rules: []mailtest.Rule{{Verb: "RCPT", Match: "slow@", Say: "450 4.2.0 later"}}}
	var clock atomic.Pointer[time.Time]
	start := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
	clock.Store(&start)
	box := newMemoryOutbox()
	c := NewCourier(CourierOptions{
		Outbox: box, Source: fixedSource(greetingMail), Jitter: func() float64 { return 0.5 },
		Now: func() time.Time { return *clock.Load() }, Timer: func(time.Time) <-chan time.Time { return nil },
	}, Delivery{Transport: &SMTP{Hostname: "h.example", Smarthost: "a:25", Connect: mailtest.Net{"a:25": p}.Connect}, RetryFor: 4 * time.Hour})
	ran := make(chan error, 1)
	go func() { ran <- c.Run() }()
	box.enqueue(list.Outgoing{ID: 1, Accepted: start, Recipients: []string{"bob@a.example", "slow@a.example"}})
	var steps []time.Duration
	for {
		now := *clock.Load()
		if err := c.Quiesce(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		if !c.Idle() {
			t.Error("not idle")
		}
		steps = append(steps, now.Sub(start))
		next, ok := c.NextDue()
		if !ok {
			break
		}
		clock.Store(&next)
	}
	if want := []time.Duration{0, 15 * time.Minute, 45 * time.Minute, 105 * time.Minute, 4 * time.Hour}; !reflect.DeepEqual(steps, want) {
		t.Errorf("steps %v, want %v", steps, want)
	}
	if got := box.outcomes(); got[list.Failed] != 1 || got[list.Delivered] != 1 {
		t.Errorf("outcomes %v", got)
	}
	if err := c.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-ran; err != nil {
		t.Error(err)
	}
	if err := c.Quiesce(t.Context(), start); err == nil {
		t.Error("a stopped courier came to rest")
	}
}

func TestInterruptCountsAsAnAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &mailtest.Peer{Keywords: piped, Rules: []mailtest.Rule{{Verb: "DOT", Session: 1, Then: mailtest.Hang}}}
		o := open(t, mailtest.Net{"a.example:25": p}, fixedSource(greetingMail), Delivery{})
		defer o.close()
		o.send("bob@a.example")
		o.settle()
		if o.InFlight() != 1 {
			t.Errorf("%d in flight", o.InFlight())
		}
		o.Interrupt()
		o.settle()
		o.want(map[list.Outcome]int{list.Deferred: 1})
		time.Sleep(16 * time.Minute)
		o.want(map[list.Outcome]int{list.Deferred: 1, list.Delivered: 1})
	})
}
