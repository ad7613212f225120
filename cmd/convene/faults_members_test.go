package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestKilledWhileMembersComeAndGo kills the daemon at random moments while people join, take a break and leave, and moderators decide on held posts, all
// by mail. What was answered 250 is done, once; a token is spent exactly if what it asks is decided; no notice is lost, and only what was on the
// wire at a kill comes twice. CONVENE_KILLS says how often.
func TestKilledWhileMembersComeAndGo(t *testing.T) {
	report(t, killedAmongPeople(t, newDeskSite(t, ""), faultCount("CONVENE_KILLS", 5)))
}

// killedAmongPeople kills a site so often and returns all that was wrong then.
func killedAmongPeople(t *testing.T, s *deskSite, kills int) []string {
	for n := range kills {
		s.arrive(8, 6)
		if n%5 == 4 { // at its start, too
			if err := s.launch(); err != nil {
				t.Fatal(err)
			}
			pauseFor(0, 60*time.Millisecond)
			s.died()
		}
		if err := s.begin(); err != nil {
			t.Fatal(err)
		}
		stop := s.setToWork()
		pauseFor(5*time.Millisecond, 700*time.Millisecond)
		s.died()
		stop()
		if n%2 == 0 { // otherwise the next life is the first to see what this one has left
			s.audit(t)
		}
	}
	s.arrive(4, 3)
	s.settle(t)
	done := s.check(t)
	t.Logf("%d crashes; %d people, %d posts; %d mails sent; %d notices and copies, %d came again; %s", s.crashes, len(s.people), len(s.held), s.written,
		len(s.arrived), s.repeated, done)
	return s.wrong.list()
}

// deskSite is a program and the people around its list.
type deskSite struct {
	*program
	*desk
}

func newDeskSite(t *testing.T, bin string) *deskSite {
	s := &deskSite{program: &program{dir: t.TempDir(), addr: reservedAddr(t), bin: bin}, desk: newDesk()}
	t.Cleanup(func() { s.end(t) })
	hop := listenAs(t, s.desk)
	var text strings.Builder
	text.WriteString("[server]\nhostname = \"lists.test.example\"\nadmin = \"admin@d0.test\"\n[http]\nlisten = \"\"\n")
	fmt.Fprintf(&text, "[smtp]\nlisten = %q\nauthserv_id = \"mx.test\"\n", s.addr)
	text.WriteString(noNames(t) + "[limits]\nheld_notices_per_hour = 100000\n[delivery]\nconnections_per_domain = 4\nretry = [\"1s\"]\n[delivery.routes]\n")
	for i := range domains {
		fmt.Fprintf(&text, "\"d%d.test\" = %q\n", i, hop)
	}
	fmt.Fprintf(&text, "[[list]]\naddress = %q\nowners = [%q]\nmoderators = [%[2]q, %[3]q]\nposting = \"hold_others\"\njoin = \"confirm\"\nrequire_auth = \"never\"\n",
		deskList, moderator(0), moderator(1))
	if err := os.WriteFile(s.dir+"/convene.toml", []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range observers {
		s.run(t, "member", "add", deskList, observer(i))
	}
	return s
}

// died kills the program: what is in flight now may come again.
func (s *deskSite) died() {
	at := time.Now()
	s.kill()
	s.crash(at, 0)
}

// setToWork has the mails sent over a few connections, each made again when it breaks, until stop, or until the program is gone.
func (s *deskSite) setToWork() (stop func()) {
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for s.work() {
			}
		})
	}
	return func() {
		s.close(true)
		wg.Wait()
		s.close(false)
	}
}

// close says whether to stop working.
func (d *desk) close(closing bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closing = closing
	d.more.Broadcast()
}

// work sends mails over one connection, and reports whether there may be another one.
func (s *deskSite) work() bool {
	conn, err := greeted(s.addr)
	if err != nil {
		return false
	}
	defer conn.Close()
	for {
		m := s.next()
		if m == nil {
			return false
		}
		code, reply, err := s.send(conn, m)
		s.heard(m, code, reply)
		if err != nil {
			return true
		}
	}
}

// settle lets everything end that has begun: every mail is sent, every notice is delivered, and nothing follows from it.
func (s *deskSite) settle(t *testing.T) {
	t.Helper()
	for {
		if err := s.begin(); err != nil {
			t.Fatal(err)
		}
		stop := s.setToWork()
		before := -1
		for before != s.quiet() {
			before = s.quiet()
			s.drain(t)
		}
		stop()
		s.stop(t)
		if owed := s.audit(t); owed == 0 && len(s.waiting) == 0 {
			return
		}
	}
}

// quiet waits until every mail is answered, and says how many there were.
func (d *desk) quiet() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	for len(d.waiting) > 0 || d.out > 0 {
		d.more.Wait()
	}
	return d.written
}

// stop has the program verify its store, and stops it.
func (s *deskSite) stop(t *testing.T) {
	t.Helper()
	if out, err := s.command(nil, "verify").CombinedOutput(); err != nil || !strings.Contains(string(out), "the store is good") {
		t.Errorf("verify: %v: %s", err, out)
	}
	s.cmd.Process.Signal(os.Interrupt)
	if err := s.wait(); err != nil {
		t.Error(err)
	}
	// A stop that was asked for has nothing in flight, and the next life is another one all the same.
	s.mu.Lock()
	s.life++
	s.mu.Unlock()
}
