package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"convene/list"
	"convene/list/message"
)

// archiveMail is one mail of a real archive, made ready to be posted.
type archiveMail struct {
	id, from string
	refs     []string
	leaves   bool // its subject says that it begins a topic
	raw      []byte
	reply    string
}

var mboxLine = regexp.MustCompile(`(?m)^From \S+ at \S+ .*\d{4}$\n`)

// readArchive reads the archives of a mailing list as pipermail keeps them: addresses have " at " for the @, and To is missing. What a relay
// in front would have said of the sender stands on top.
func readArchive(t testing.TB, pattern string) []*archiveMail {
	files, err := filepath.Glob(shared(t, "corpora/threads/twisted+pipermail/") + "/" + pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives at %s: %v", pattern, err)
	}
	at := regexp.MustCompile(`(?m)^(From: \S+) at (\S+)`)
	var all []*archiveMail
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, mail := range mboxLine.Split(string(b), -1)[1:] {
			head, body, ok := strings.Cut(mail, "\n\n")
			if !ok {
				continue
			}
			head = "Authentication-Results: mx.example.org; dmarc=pass\nTo: peers@lists.example.org\n" + at.ReplaceAllString(head, "$1@$2")
			raw := []byte(strings.ReplaceAll(strings.ReplaceAll(head+"\n\n"+body, "\r", ""), "\n", "\r\n"))
			m := message.Parse(raw)
			from, _ := m.From()
			_, _, was := message.TopicSubject(m.Subject(), "")
			all = append(all, &archiveMail{id: m.MessageID(), from: from.Addr, refs: m.References(), leaves: was != "", raw: raw})
		}
	}
	return all
}

// TestARealArchive posts a real archive to a list of 50 readers and its authors: each reader has each accepted post once, in the topic that its
// References say. CONVENE_ARCHIVE chooses the months; CONVENE_SMARTHOST and CONVENE_SINK put a real mail server between, which takes mail at
// the one address and delivers it to the other.
func TestARealArchive(t *testing.T) {
	pattern := os.Getenv("CONVENE_ARCHIVE")
	if pattern == "" {
		pattern = "twisted-web/2005-[A-J]*.txt"
	}
	mails := readArchive(t, pattern)
	sinkAddr := os.Getenv("CONVENE_SINK")
	if sinkAddr == "" {
		sinkAddr = "127.0.0.1:0"
	}
	s := newSink(t, sinkAddr, true)
	smarthost := os.Getenv("CONVENE_SMARTHOST")
	if smarthost == "" {
		smarthost = s.Addr().String()
	}
	d, addr, events := archiveDaemon(t, smarthost)
	var csv strings.Builder
	csv.WriteString("address,mode\n")
	seen := map[string]bool{}
	for _, m := range mails {
		if a, err := message.ParseAddr(m.from); err == nil && !seen[strings.ToLower(a)] {
			seen[strings.ToLower(a)] = true
			fmt.Fprintf(&csv, "%q,nomail\n", a)
		}
	}
	for i := range 50 {
		fmt.Fprintf(&csv, "reader%02d@d%d.test,each\n", i, i%7)
	}
	done, err := d.engine.ImportMembers("peers@lists.example.org", strings.NewReader(csv.String()), list.ImportOptions{})
	if err != nil || len(done.Faults) > 0 {
		t.Fatal(err, done.Faults)
	}
	postArchive(t, addr, mails)
	if err := d.courier.Quiesce(context.Background(), d.clock.Now()); err != nil {
		t.Fatal(err)
	}
	accepted := events.accepted()
	t.Logf("%d mails: %s", len(mails), events.summary())
	for _, e := range events.troubles() {
		t.Errorf("trouble: %v", e)
	}
	for _, m := range mails {
		if !strings.HasPrefix(m.reply, "250") {
			t.Logf("refused: <%s> from %q: %s", m.id, m.from, m.reply)
		}
	}
	if len(accepted) < len(mails)/2 {
		t.Errorf("only %d of %d mails were accepted", len(accepted), len(mails))
	}
	if smarthost != s.Addr().String() { // the mail server in between delivers on its own time
		for s.size() < 50*len(accepted) {
			<-s.arrivals()
		}
	}
	checkReaders(t, s.copies(), accepted)
	checkTopics(t, d, mails, accepted)
}

func archiveDaemon(t *testing.T, smarthost string) (d *daemon, addr string, events *eventLog) {
	dir := t.TempDir()
	path := filepath.Join(dir, "convene.toml")
	text := noNames(t) + fmt.Sprintf(`[server]
hostname = "lists.example.org"
admin = "admin@example.org"
[http]
listen = ""
[smtp]
listen = "127.0.0.1:0"
authserv_id = "mx.example.org"
[delivery]
transport = "smarthost"
smarthost = %q
[[list]]
address = "peers@lists.example.org"
owners = ["owner@example.org"]
new_members_moderated_for = 0
subject_prefix = "[Twisted-web]"
`, smarthost)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, faults := loadConfig(path)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	events = &eventLog{}
	d, err := assemble(cfg, &clock{}, false, slog.New(slog.NewJSONHandler(events, nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready, stopped := make(chan string), make(chan error)
	go func() { stopped <- d.run(ctx, func(l listeners) { ready <- l.smtp.Addr().String() }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	})
	return d, <-ready, events
}

// eventLog reads the log as an admin's script would.
type eventLog struct {
	mu     sync.Mutex
	events []map[string]any
}

func (l *eventLog) Write(p []byte) (int, error) {
	var e map[string]any
	if err := json.Unmarshal(p, &e); err != nil {
		return 0, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, e)
	return len(p), nil
}

// troubles are the events that an admin is to look at. The daemon may still be writing others.
func (l *eventLog) troubles() (all []map[string]any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.events {
		if e["level"] != "INFO" {
			all = append(all, e)
		}
	}
	return all
}

// accepted is the posts that were, by Message-ID.
func (l *eventLog) accepted() map[string]bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	ids := map[string]bool{}
	for _, e := range l.events {
		if e["msg"] == "post accepted" {
			ids[e["message_id"].(string)] = true
		}
	}
	return ids
}

// summary counts what became of the posts, by rule.
func (l *eventLog) summary() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	counts := map[string]int{}
	for _, e := range l.events {
		if what, ok := strings.CutPrefix(e["msg"].(string), "post "); ok {
			counts[fmt.Sprintf("%s by %v", what, e["rule"])]++
		}
	}
	var all []string
	for what, n := range counts {
		all = append(all, fmt.Sprintf("%d %s", n, what))
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// postArchive sends the mails over four connections. One that the server closed, as it does behind a message with broken line ends, is made anew.
func postArchive(t *testing.T, addr string, mails []*archiveMail) {
	next := make(chan *archiveMail)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			var conn *textproto.Conn
			for m := range next {
				for try := 0; m.reply == "" && try < 3; try++ {
					if conn == nil {
						var err error
						if conn, err = greeted(addr); err != nil {
							t.Error(err)
							return
						}
					}
					if err := m.post(conn); err != nil {
						conn.Close()
						conn = nil
					}
				}
				if m.reply == "" {
					t.Errorf("no answer to %s", m.id)
				}
			}
			if conn != nil {
				conn.Close()
			}
		})
	}
	for _, m := range mails {
		next <- m
	}
	close(next)
	wg.Wait()
}

func (m *archiveMail) post(conn *textproto.Conn) error {
	conn.PrintfLine("MAIL FROM:<bounces@example.org>\r\nRCPT TO:<%s>\r\nDATA", message.Parse(m.raw).Get("To"))
	for _, code := range []int{250, 250, 354} {
		if _, _, err := conn.ReadResponse(code); err != nil {
			return err
		}
	}
	conn.W.Write(bytes.ReplaceAll(append([]byte("\r\n"), m.raw...), []byte("\r\n."), []byte("\r\n.."))[2:])
	conn.W.WriteString("\r\n.\r\n")
	conn.W.Flush()
	code, text, err := conn.ReadResponse(0)
	if code != 0 {
		m.reply, err = fmt.Sprintf("%d %s", code, text), nil
	}
	return err
}

func checkReaders(t *testing.T, got map[delivery]int, accepted map[string]bool) {
	t.Helper()
	for i := range 50 {
		reader := fmt.Sprintf("reader%02d@d%d.test", i, i%7)
		for id := range accepted {
			if n := got[delivery{reader, id}]; n != 1 {
				t.Errorf("%s has %d copies of %s", reader, n, id)
			}
		}
	}
	copies := 0
	for d := range got {
		if strings.HasPrefix(d.to, "reader") { // else it is a notice: to a moderator, or to who wrote what is held
			copies++
		}
	}
	if copies != 50*len(accepted) {
		t.Errorf("%d copies of %d posts for 50 readers", copies, len(accepted))
	}
}

// checkTopics holds the topics against what the mails say of each other: whoever answers an accepted post is in its topic.
func checkTopics(t *testing.T, d *daemon, mails []*archiveMail, accepted map[string]bool) {
	topicOf := map[string]uint32{}
	topics, err := d.engine.Topics("peers@lists.example.org")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range topics {
		full, err := d.engine.Topic("peers@lists.example.org", row.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range full.Tree {
			if l.Post != 0 {
				topicOf[l.ID] = row.ID
			}
		}
	}
	links := 0
	leaves := map[string]bool{}
	for _, m := range mails {
		leaves[m.id] = leaves[m.id] || m.leaves
	}
	for _, m := range mails {
		if !accepted[m.id] || m.leaves || len(m.refs) == 0 {
			continue
		}
		parent := m.refs[len(m.refs)-1]
		if !accepted[parent] {
			continue
		}
		links++
		if topicOf[m.id] != topicOf[parent] {
			t.Errorf("%s answers %s, and they are in topics %d and %d", m.id, parent, topicOf[m.id], topicOf[parent])
		}
	}
	if len(topicOf) != len(accepted) || links == 0 {
		t.Errorf("%d posts in topics, %d accepted, %d links", len(topicOf), len(accepted), links)
	}
	t.Logf("%d posts in %d topics, %d links between them", len(topicOf), len(topics), links)
}
