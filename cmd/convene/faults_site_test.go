package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// faultSite is a program in a process of its own with two lists: one whose posts take long to fan out, and one of a few members whose posts are
// many. Six domains of members have five next hops, with four connections to each.
type faultSite struct {
	*program
	*ledger
	big, small *roster
	herald     *sender   // posts to the big list
	latest     *sentPost // to it
	crowd      []*sender // post to the small one
}

// faultOptions say what kind of site.
type faultOptions struct {
	bin      string // the program; empty: this one
	members  int    // of the big list
	personal bool
	data     string        // the data_dir; empty: one beside the config
	text     int           // octets of the posts to the small list
	delay    time.Duration // of the next hops; zero: 3 ms
}

const (
	bigList   = "big@lists.test.example"
	smallList = "small@lists.test.example"
	domains   = 6
)

func newFaultSite(t *testing.T, o faultOptions) *faultSite {
	s := &faultSite{
		ledger:  newLedger(o.personal, cmp.Or(o.delay, 3*time.Millisecond)),
		program: &program{dir: t.TempDir(), addr: reservedAddr(t), bin: o.bin},
	}
	t.Cleanup(func() { s.end(t) })
	s.run(t, "dkim", "keygen", "--ed25519", "--out", "key.pem", "lists.test.example", "f1")
	s.write(t, "convene.toml", s.config(t, o))
	s.big, s.small = s.enlist(t, bigList, o.members), s.enlist(t, smallList, domains/2)
	s.herald = newSender(s.ledger, s.addr, s.big, "herald", loadText(500))
	for i := range 3 {
		s.crowd = append(s.crowd, newSender(s.ledger, s.addr, s.small, fmt.Sprintf("crowd%d", i), loadText(o.text)))
	}
	return s
}

// config is the site's convene.toml.
func (s *faultSite) config(t *testing.T, o faultOptions) string {
	data := o.data
	if data == "" {
		data = filepath.Join(s.dir, "data")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "[server]\nhostname = \"lists.test.example\"\nadmin = \"admin@test.example\"\ndata_dir = %q\n", data)
	fmt.Fprintf(&b, "[smtp]\nlisten = %q\n[http]\nlisten = \"\"\n", s.addr)
	b.WriteString(noNames(t) + "[[dkim]]\ndomain = \"lists.test.example\"\nselector = \"f1\"\nkey_file = \"key.pem\"\n")
	fmt.Fprintf(&b, "[delivery]\npersonalise = %v\nconnections = %d\nconnections_per_domain = 4\n", o.personal, outgoing)
	b.WriteString("recipients_per_message = 10\nretry = [\"1s\"]\n[delivery.routes]\n")
	var hops []string
	for range domains - 1 {
		hops = append(hops, s.listen(t))
	}
	for i := range domains {
		fmt.Fprintf(&b, "\"d%d.test\" = %q\n", i, hops[i%len(hops)])
	}
	for _, address := range []string{bigList, smallList} {
		fmt.Fprintf(&b, "[[list]]\naddress = %q\nposting = \"anyone\"\nrequire_auth = \"never\"\nnew_members_moderated_for = 0\nfooter = \"none\"\n", address)
	}
	return b.String()
}

// enlist gives a list its members.
func (s *faultSite) enlist(t *testing.T, list string, members int) *roster {
	r := &roster{list: list, index: map[string]int{}}
	var csv strings.Builder
	csv.WriteString("address\n")
	for i := range members {
		r.join(fmt.Sprintf("m%d@d%d.test", i, i%domains), 0)
		csv.WriteString(r.members[i].address + "\n")
	}
	s.write(t, "members.csv", csv.String())
	s.run(t, "member", "import", list, "members.csv")
	return r
}

// shift lets a member of the big list take a rest and another join, while the program is down.
func (s *faultSite) shift(t *testing.T) {
	leaver := s.life % len(s.big.members)
	newcomer := fmt.Sprintf("new%d@d%d.test", s.life, s.life%domains)
	s.run(t, "member", "set", bigList, s.big.members[leaver].address, "mode=nomail")
	s.run(t, "member", "add", bigList, newcomer)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.big.members[leaver].left = s.life
	s.big.join(newcomer, s.life)
}

// feed sees to it that a good part of a fan-out to the big list is still to be done. It returns false when that would take a post and none was
// answered 250.
func (s *faultSite) feed() bool {
	if s.latest != nil && s.herald.waiting == nil {
		if got, of := s.progress(s.latest); got < of/2 {
			return true
		}
	}
	s.latest = s.herald.next()
	return s.herald.deliver(1) == 250
}

// died notes that the program ended at a moment not before at.
func (s *faultSite) died(at time.Time, window time.Duration) {
	s.kill()
	s.crash(at, window)
}

// settle starts the program if it is down, lets it deliver what is left, has it verify its store, and stops it. It returns all that was wrong.
func (s *faultSite) settle(t *testing.T) []string {
	if !s.running() {
		if err := s.begin(); err != nil {
			s.add("a program that does not start", "%v", err)
			return s.finish()
		}
	}
	if err := s.empty(); err != nil {
		s.add("a queue that does not become empty", "%v", err)
	}
	if out, err := s.command(nil, "verify").CombinedOutput(); err != nil || !strings.Contains(string(out), "the store is good") {
		s.add("a store that is not good", "%v: %s", err, out)
	}
	s.cmd.Process.Signal(os.Interrupt)
	if err := s.wait(); err != nil {
		s.add("a stop with an error", "%v", err)
	}
	t.Log(s.ledger)
	return s.finish()
}

// patience is how long a program may be busy with no visible progress, on however busy a machine: it ends a test that would hang, and no other.
const patience = 3 * time.Minute

// empty waits until nothing is left to deliver.
func (s *faultSite) empty() error {
	var status struct{ Queue int }
	for deadline, before := time.Now().Add(patience), -1; ; {
		out, err := s.command(nil, "status", "--json").Output()
		if err == nil {
			err = json.Unmarshal(out, &status)
		}
		switch {
		case err != nil:
			return fmt.Errorf("status: %w\n%s", err, out)
		case status.Queue == 0:
			return nil
		case status.Queue != before:
			deadline, before = time.Now().Add(patience), status.Queue
		case time.Now().After(deadline):
			return fmt.Errorf("%d copies wait for %s", status.Queue, patience)
		}
		askAgain()
	}
}

// stopsItself reports whether the program ends without being told to, before the sender at work has had so many answers that it never will.
func (s *faultSite) stopsItself(work *sender) bool {
	const enough = 500
	goesOn := make(chan struct{})
	go func() {
		for range enough {
			if !work.await(250) {
				return
			}
		}
		close(goesOn)
	}()
	select {
	case <-s.gone:
		return true
	case <-goesOn:
	case <-time.After(patience):
	}
	return false
}

// pauseFor waits for a random time. The moment of a fault is what is random in these tests, and another process is at work meanwhile.
func pauseFor(least, most time.Duration) {
	<-time.After(least + rand.N(most-least))
}

// faultCount is how often a fault is tried: as an environment variable says, or a few times.
func faultCount(variable string, few int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return n
	}
	return few
}

// report makes errors of what a harness found.
func report(t *testing.T, wrong []string) {
	t.Helper()
	for _, w := range wrong {
		t.Error(w)
	}
}
