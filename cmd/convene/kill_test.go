package main

import (
	"fmt"
	"math/rand/v2"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// newProgram writes a config for a list of so many members over five domains, all of which go to a sink.
func newProgram(t *testing.T, s *sink, members int) *program {
	p := &program{dir: t.TempDir(), addr: reservedAddr(t)}
	t.Cleanup(func() { p.end(t) })
	var text, csv strings.Builder
	text.WriteString(noNames(t) + "[server]\nhostname = \"lists.test.example\"\nadmin = \"admin@test.example\"\n[http]\nlisten = \"\"\n")
	fmt.Fprintf(&text, "[smtp]\nlisten = %q\n[delivery]\nconnections = 10\n[delivery.routes]\n", p.addr)
	csv.WriteString("address\n")
	for i := range 5 {
		fmt.Fprintf(&text, "\"d%d.test\" = %q\n", i, s.Addr())
	}
	for i := range members {
		fmt.Fprintf(&csv, "m%d@d%d.test\n", i, i%5)
	}
	text.WriteString("[[list]]\naddress = \"l@lists.test.example\"\nposting = \"anyone\"\nrequire_auth = \"never\"\nnew_members_moderated_for = 0\n")
	for name, content := range map[string]string{"convene.toml": text.String(), "members.csv": csv.String()} {
		if err := os.WriteFile(filepath.Join(p.dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p.run(t, "member", "import", "l@lists.test.example", "members.csv")
	return p
}

// answered are the Message-IDs that were answered 250.
type answered struct {
	mu  sync.Mutex
	ids []string
}

// greeted is a connection on which MAIL can be said.
func greeted(addr string) (*textproto.Conn, error) {
	conn, err := textproto.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	conn.ReadResponse(220)
	conn.PrintfLine("EHLO client.test")
	conn.ReadResponse(250)
	return conn, nil
}

// post posts over one connection until it breaks, or limit posts were taken.
func (a *answered) post(addr, prefix string, limit int) {
	conn, err := greeted(addr)
	if err != nil {
		return
	}
	defer conn.Close()
	for i := range limit {
		id := fmt.Sprintf("%s.%d@test.example", prefix, i)
		conn.PrintfLine("MAIL FROM:<a@d0.test>\r\nRCPT TO:<l@lists.test.example>\r\nDATA")
		for _, code := range []int{250, 250, 354} {
			if _, _, err := conn.ReadResponse(code); err != nil {
				return
			}
		}
		conn.PrintfLine("From: a@d0.test\r\nTo: l@lists.test.example\r\nSubject: %s\r\nMessage-ID: <%s>\r\n\r\nHello.\r\n.", id, id)
		if _, _, err := conn.ReadResponse(250); err != nil {
			return
		}
		a.mu.Lock()
		a.ids = append(a.ids, id)
		a.mu.Unlock()
	}
}

// archive posts the mails of a real archive over one connection until it breaks. A mail that was not answered goes back and is posted again, as
// the mail server in front would.
func (a *answered) archive(t *testing.T, addr string, mails chan *archiveMail) {
	conn, err := greeted(addr)
	if err != nil {
		return
	}
	defer conn.Close()
	for {
		var m *archiveMail
		select {
		case m = <-mails:
		default:
			return
		}
		err := m.post(conn)
		if m.reply == "" {
			mails <- m
			return
		}
		if strings.HasPrefix(m.reply, "250 2.0.0 Queued") {
			a.mu.Lock()
			a.ids = append(a.ids, m.id)
			a.mu.Unlock()
		}
		if err != nil || !strings.HasPrefix(m.reply, "2") {
			return // it may have been closed
		}
	}
}

// TestKilledInAnArchive is TestKilled (faults_kill_test.go) with the mails of a real archive, each posted until it is answered: what is posted
// twice is taken once.
func TestKilledInAnArchive(t *testing.T) {
	kills, members := 10, 50
	if n, err := strconv.Atoi(os.Getenv("CONVENE_KILLS")); err == nil {
		kills = n
	}
	all := readArchive(t, "twisted-web/200[5-8]-*.txt")
	mails := make(chan *archiveMail, len(all))
	for _, m := range all {
		m.raw = []byte(strings.Replace(string(m.raw), "To: peers@lists.example.org", "To: l@lists.test.example", 1))
		if m.id != "" {
			mails <- m
		}
	}
	s := newSink(t, "127.0.0.1:0", true)
	p := newProgram(t, s, members)
	var a answered
	for range kills {
		p.start(t)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { a.archive(t, p.addr, mails) })
		}
		<-time.After(time.Duration(5+rand.IntN(300)) * time.Millisecond) // the moment of the kill is what is random here
		p.kill()
		wg.Wait()
	}
	p.start(t)
	p.drain(t)
	p.cmd.Process.Signal(os.Interrupt)
	if err := p.wait(); err != nil {
		t.Error(err)
	}
	checkLedger(t, s.copies(), a.ids, members, kills)
}

func checkLedger(t *testing.T, got map[delivery]int, ids []string, members, kills int) {
	t.Helper()
	if len(ids) < kills {
		t.Errorf("only %d posts were answered in %d cycles", len(ids), kills)
	}
	lost := 0
	for _, id := range ids {
		for i := range members {
			if got[delivery{fmt.Sprintf("m%d@d%d.test", i, i%5), id}] == 0 {
				lost++
			}
		}
	}
	// A transaction is one post for one domain. Ten connections can have one each in flight when the kill comes.
	repeated := map[delivery]bool{}
	for d, n := range got {
		if n > 1 {
			_, domain, _ := strings.Cut(d.to, "@")
			repeated[delivery{domain, d.id}] = true
		}
	}
	if lost > 0 {
		t.Errorf("%d copies of %d posts that were answered 250 are lost", lost, len(ids))
	}
	if len(repeated) > 10*kills {
		t.Errorf("%d transactions were repeated over %d kills", len(repeated), kills)
	}
	t.Logf("%d kills, %d posts answered 250, %d copies, 0 lost: %v, %d transactions repeated", kills, len(ids), len(got), lost == 0, len(repeated))
}

// TestSyncedBefore250 watches the system calls: between one answer and the next, the segment and both syncs of the index have returned.
func TestSyncedBefore250(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("no strace here")
	}
	s := newSink(t, "127.0.0.1:0", false)
	p := newProgram(t, s, 1)
	trace := filepath.Join(p.dir, "trace")
	if err := exec.Command(strace, "-o", trace, "true").Run(); err != nil {
		t.Skip("strace may not trace here: ", err)
	}
	p.start(t, strace, "-f", "-yy", "-s", "64", "-e", "trace=fdatasync,write", "-o", trace)
	var a answered
	a.post(p.addr, "traced", 100)
	p.run(t, "status") // the daemon answers, so what it wrote before is in the trace
	pid, err := os.ReadFile(filepath.Join(p.dir, "data", "pid"))
	if err != nil {
		t.Fatal(err)
	}
	n, _ := strconv.Atoi(strings.TrimSpace(string(pid)))
	daemon, err := os.FindProcess(n)
	if err != nil {
		t.Fatal(err)
	}
	daemon.Signal(os.Interrupt)
	if err := p.wait(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	checkOrder(t, string(b), len(a.ids))
}

var (
	syncStart = regexp.MustCompile(`^(\d+) +fdatasync\(\d+<([^>]*)>`)
	syncEnd   = regexp.MustCompile(`^(\d+) +<\.\.\. fdatasync resumed>\) += 0`)
)

func checkOrder(t *testing.T, trace string, posts int) {
	t.Helper()
	open := map[string]string{} // file that a thread is syncing
	segment, index, answers := 0, 0, 0
	done := func(file string) {
		switch {
		case strings.HasSuffix(file, ".seg"):
			segment++
		case strings.HasSuffix(file, "index.db"):
			index++
		}
	}
	for _, line := range strings.Split(trace, "\n") {
		if m := syncStart.FindStringSubmatch(line); m != nil {
			if strings.Contains(line, ") ") && strings.HasSuffix(line, "= 0") {
				done(m[2])
			} else {
				open[m[1]] = m[2]
			}
		} else if m := syncEnd.FindStringSubmatch(line); m != nil {
			done(open[m[1]])
		} else if strings.Contains(line, `"250 2.0.0 Queued`) {
			answers++
			if segment < 1 || index < 2 {
				t.Fatalf("answer %d came after %d syncs of the segment and %d of the index", answers, segment, index)
			}
			segment, index = 0, 0
		}
	}
	if posts != 100 || answers != posts {
		t.Errorf("%d posts were answered, the trace has %d answers", posts, answers)
	}
	t.Logf("%d answers, each after a sync of the segment and two of the index", answers)
}
