package digest

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
	"convene/list/event"
	"convene/list/message"
	"convene/store"
)

// The people of the stage who are no ordinary members. Luis is the voice, Noor the next.
const (
	stageList = "peers@lists.example.org"
	luis      = "luis@example.org"
	noor      = "noor@example.org"
	amina     = "amina@example.org"  // owns the list
	korede    = "korede@example.org" // of the core group
)

// stage is a list with its editor on a real store, at a time that the test moves: what a site does between its sockets.
type stage struct {
	*list.Engine
	t          testing.TB
	db         *store.DB
	dir        string
	editor     *Editor
	list       *list.List
	discussion *plan.Discussion
	zone       *time.Location

	mu   sync.Mutex
	now  time.Time
	ids  int
	sent []sentMail
}

// sentMail is one copy of a mail that went out.
type sentMail struct {
	At      time.Time
	To      string // whose copy it is
	Kind    string // as rehearse calls it; empty: a post of a member's, or a notice
	Subject string
	Raw     []byte
	Out     list.Outgoing
}

// message is it, parsed.
func (m sentMail) message() *message.Message { return message.Parse(m.Raw) }

// text is its text as a mail program shows it.
func (m sentMail) text() string { return m.message().Text(1 << 20) }

// replyTo is where an answer goes.
func (m sentMail) replyTo() string { return m.message().Mailboxes("Reply-To", "From")[0].Addr }

// setUp is what a test may change before the stage is there.
type setUp struct {
	Members    int // beside Luis and Noor
	Now        string
	List       *list.List
	Discussion *plan.Discussion
	Programme  *Programme
	Store      func(*store.DB) list.Store
	From       *scene // what was played before; nil: nothing
}

// scene is what a stage has come to, for others to go on from: the files of its store, as a process that is killed leaves them, and what went out.
type scene struct {
	files map[string][]byte
	now   time.Time
	ids   int
	sent  []sentMail
}

// scene is how it stands. Nothing may be going on.
func (s *stage) scene() *scene {
	s.t.Helper()
	c := &scene{files: map[string][]byte{}, now: s.now, ids: s.ids, sent: slices.Clone(s.sent)}
	err := fs.WalkDir(os.DirFS(s.dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		c.files[path], err = os.ReadFile(filepath.Join(s.dir, path))
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// lay puts its files where a store will be opened.
func (c *scene) lay(t testing.TB, dir string) {
	t.Helper()
	for path, content := range c.files {
		full := filepath.Join(dir, path)
		if err := cmp.Or(os.MkdirAll(filepath.Dir(full), 0o700), os.WriteFile(full, content, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

// stageZone is where the list is.
const stageZone = "Africa/Nairobi"

// newStage has a list with 12 members who read English, French and Spanish in turn, and the discussion of the sample, on 10 February 2026, before anything
// of it is due. Members are member1@example.org and so on, with names; Luis and Noor are members, too. change may be nil.
func newStage(t testing.TB, change func(*setUp)) *stage {
	t.Helper()
	zone, err := time.LoadLocation(stageZone)
	if err != nil {
		t.Fatal(err)
	}
	up := &setUp{Members: 12, Now: "2026-02-10 07:00", List: stageListOf(zone), Discussion: stageDiscussion(zone), Programme: &Programme{Book: stageBook()},
		Store: func(db *store.DB) list.Store { return db }}
	if change != nil {
		change(up)
	}
	up.Programme.Discussions = append(up.Programme.Discussions, up.Discussion)
	for address, r := range up.Programme.Roundups {
		if r.Working.Location == nil {
			r.Working = up.Discussion.Calendar
			up.Programme.Roundups[address] = r
		}
	}
	dir := t.TempDir()
	if up.From != nil {
		up.From.lay(t, dir)
	}
	db, err := store.Open(dir, store.Options{Fleeting: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		problems, err := db.Verify(func(string) {})
		if err != nil || len(problems) > 0 {
			t.Errorf("verify: %v %q", err, problems)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	s := &stage{t: t, db: db, dir: dir, list: up.List, discussion: up.Discussion, zone: up.Discussion.Calendar.Location}
	s.now = s.clock(up.Now)
	site := list.NewSite(list.Site{Hostname: "mx.example.org", Admin: "admin@example.org", BaseURL: "https://lists.example.org", Lists: []*list.List{up.List}})
	s.Engine, err = list.NewEngine(up.Store(db), site, s.time, s.id, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s.editor = NewEditor(s.Engine, up.Programme, slog.New(slog.DiscardHandler))
	if c := up.From; c != nil {
		s.now, s.ids, s.sent = c.now, c.ids, slices.Clone(c.sent)
	} else {
		s.join(up.Members)
	}
	return s
}

// builtBook is read once: it is the same for all stages, and takes a tenth of a second.
var builtBook = sync.OnceValue(letter.Built)

func stageBook() *letter.Book {
	b := *builtBook()
	return &b
}

func stageListOf(zone *time.Location) *list.List {
	return &list.List{Address: stageList, Name: "Peer Learning", Owners: []string{amina}, Facilitators: []string{luis, noor}, Core: []string{korede}, Type: list.Discussion,
		Posting: list.PostMembers, RequireAuth: list.AuthNever, ReplyTo: list.ReplyList, MaxMessage: 5_000_000, HeldFor: 14 * 24 * time.Hour, CopyToAuthor: true,
		Language: "en", Languages: []string{"en", "fr", "es"}, Location: zone, Archive: list.ArchiveMembers, SubjectPrefix: "[peers]"}
}

// stageDiscussion is that of SPEC 5: two weeks from Monday 2 March 2026, three questions, a World Café on 17 March.
func stageDiscussion(zone *time.Location) *plan.Discussion {
	office := plan.Calendar{Location: zone, From: 8 * 60, To: 18 * 60}
	for day := time.Monday; day <= time.Friday; day++ {
		office.Days[day] = true
	}
	return &plan.Discussion{ID: "remote", List: stageList, ListTitle: "Peer Learning", Title: plan.Texts{"": "Facilitating at a distance"},
		Start: plan.Date{Year: 2026, Month: time.March, Day: 2}, Weeks: 2,
		Facilitators: []plan.Person{{Name: "Luis Prieto", Address: luis}, {Name: "Noor Rahman", Address: noor}},
		Intro:        plan.Texts{"": "I am Luis Prieto. I ran farmer radio groups in Bolivia and made every mistake once."}, IntroductionDefault: true, Hashtag: "#remote",
		Purpose:  plan.Texts{"": "How do we keep people talking when half of them are on a phone with one bar?"},
		Evidence: plan.Texts{"": "Three ways that worked, which the ministries of four countries receive."}, CallToAction: plan.Texts{"": "What will you try?"},
		Effort: plan.Texts{"": "10 minutes, twice a week"},
		Questions: []plan.Texts{{"": "Think of a time when a quiet group began to talk. What had somebody just done?"},
			{"en": "What worked?", "fr": "Qu'est-ce qui a marché ?", "es": "¿Qué funcionó?"}, {"": "What will you try next?"}},
		Ask: "day -14 10:00", Midweek: plan.Lively{Cron: "0 12 * * WED", OnlyIfPosts: 10, OnlyIfPeople: 5}, Weekly: "0 11 * * FRI", QuietAfter: 12 * time.Hour,
		Review: 6 * time.Hour, OnSilence: plan.SilencePlain, Thanks: plan.ThanksBoth, Spotlights: 3, Attribution: plan.ByName,
		Language: "en", Languages: []string{"en", "fr", "es"}, Calendar: office, EngineMailsPerDay: 1,
		Event: &event.Event{ID: "cafe-1", List: stageList, Discussion: "remote", Title: event.Texts{"": "World Café: what we learned"}, Format: event.WorldCafe,
			Start: time.Date(2026, 3, 17, 15, 0, 0, 0, zone), Length: 90 * time.Minute, Where: "https://meet.example.org/cafe",
			RegisterBy: time.Date(2026, 3, 16, 18, 0, 0, 0, zone), Reminders: []time.Duration{24 * time.Hour, time.Hour}}}
}

// memberNames are who is on the list; after them it begins again, with a number behind.
var memberNames = []string{"Dede Mensah", "Awa Diallo", "Tomás Quispe", "Grace Wanjiru", "Fatou Ndiaye", "Rosa Mamani", "Nguyen Thi Lan", "Ibrahim Koné", "Lucía Torres",
	"Samuel Otieno", "Marie Bako", "Diego Rojas"}

// member is the address of the nth member, from 1. The first reads English, the second French, the third Spanish, and so on.
func member(n int) string { return fmt.Sprintf("member%d@example.org", n) }

func memberName(n int) string {
	name := memberNames[(n-1)%len(memberNames)]
	if n > len(memberNames) {
		name += fmt.Sprintf(" %d", (n-1)/len(memberNames)+1)
	}
	return name
}

func (s *stage) join(n int) {
	s.t.Helper()
	all := []list.Member{{Address: luis, Name: "Luis Prieto", Trusted: true}, {Address: noor, Name: "Noor Rahman", Trusted: true}}
	for i := 1; i <= n; i++ {
		all = append(all, list.Member{Address: member(i), Name: memberName(i), Language: []string{"en", "fr", "es"}[(i-1)%3], Trusted: true})
	}
	if err := s.AddMembers(stageList, all); err != nil {
		s.t.Fatal(err)
	}
}

// clock is a moment as "2026-03-02 09:00" in the list's zone.
func (s *stage) clock(at string) time.Time {
	s.t.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", at, s.zone)
	if err != nil {
		s.t.Fatal(err)
	}
	return t
}

func (s *stage) time() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *stage) set(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

func (s *stage) id() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids++
	return fmt.Sprintf("id%d", s.ids)
}

// advance moves the clock to a time ("2026-03-02 09:00") and does on the way what falls due, in order of time.
func (s *stage) advance(to string) {
	s.t.Helper()
	end := s.clock(to)
	for i := 0; ; i++ {
		if i > 100_000 {
			s.t.Fatal("the clock stands still")
		}
		s.tick()
		next, ok := s.nextDue()
		if !ok || next.After(end) {
			break
		}
		if next.After(s.time()) {
			s.set(next)
		}
	}
	s.set(end)
	s.tick()
}

// nextDue is the first that anybody has to do in time to come.
func (s *stage) nextDue() (time.Time, bool) {
	var all []time.Time
	for _, due := range []func() (time.Time, bool){s.NextDue, s.editor.NextDue} {
		if at, ok := due(); ok {
			all = append(all, at)
		}
	}
	if len(all) == 0 {
		return time.Time{}, false
	}
	return slices.MinFunc(all, time.Time.Compare), true
}

// tick does what is due now, and delivers it.
func (s *stage) tick() {
	s.t.Helper()
	if err := s.tryTick(); err != nil {
		s.t.Fatal(err)
	}
}

// tryTick does what is due now, and delivers it; what was done before an error is delivered all the same.
func (s *stage) tryTick() error {
	s.t.Helper()
	now := s.time()
	err := cmp.Or(s.Tick(context.Background(), now), s.editor.Tick(context.Background(), now)) // in this order, as the daemon
	if err == nil {
		_, err = s.SendNotes(context.Background())
	}
	s.deliver()
	if at, ok := s.editor.NextDue(); err == nil && ok && !at.After(now) {
		s.t.Fatalf("at %s something of %s is due, and was not done", now, at)
	}
	return err
}

// deliver takes from the outbox whatever is in it.
func (s *stage) deliver() {
	s.t.Helper()
	for {
		c, ok, err := s.db.Claim(s.time(), func(string) string { return "hop" }, func(string) bool { return true }, 100)
		if err != nil {
			s.t.Fatal(err)
		}
		if !ok {
			return
		}
		var results []list.Settled
		for _, one := range c.Copies {
			p, err := s.Copy(c.Out, list.Form{Light: one.Light})
			if err != nil {
				s.t.Fatal(err)
			}
			raw := p.Bytes()
			s.mu.Lock()
			s.sent = append(s.sent, sentMail{At: s.now, To: one.Address, Kind: c.Out.Kind, Subject: message.Parse(raw).Subject(), Raw: raw, Out: c.Out})
			s.mu.Unlock()
			results = append(results, list.Settled{Copy: one, Outcome: list.Delivered})
		}
		if err := s.db.Settle(s.time(), c.ID, results); err != nil {
			s.t.Fatal(err)
		}
	}
}

// mails is everything that went out so far to somebody (empty: to anybody) of a kind (empty: of any), in order.
func (s *stage) mails(to, kind string) (found []sentMail) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.sent {
		if (to == "" || m.To == to) && (kind == "" || m.Kind == kind) {
			found = append(found, m)
		}
	}
	return found
}

// last is the last of them, which must be there.
func (s *stage) last(to, kind string) sentMail {
	s.t.Helper()
	all := s.mails(to, kind)
	if len(all) == 0 {
		s.t.Fatalf("nothing of the kind %q went to %q: %s", kind, to, s.outline())
	}
	return all[len(all)-1]
}

// outline tells of each mail that was sent, copies of one together: when, what, to how many or whom.
func (s *stage) outline() string {
	var b strings.Builder
	all := s.mails("", "")
	for i := 0; i < len(all); {
		n := i + 1
		for n < len(all) && all[n].Out.ID == all[i].Out.ID {
			n++
		}
		to := all[i].To
		if all[i].Out.Post > 0 || all[i].Out.Digest {
			to = fmt.Sprintf("%d members", n-i)
		}
		fmt.Fprintf(&b, "%s %s to %s: %s\n", all[i].At.In(s.zone).Format("Mon 02 Jan 15:04"), cmp.Or(all[i].Kind, "-"), to, all[i].Subject)
		i = n
	}
	return b.String()
}

// post hands in a post, which must be accepted, and gives it as it is stored. inReplyTo is a Message-ID without brackets, or empty.
func (s *stage) post(from, subject, text, inReplyTo string) list.Post {
	s.t.Helper()
	id := "post." + s.id() + "@example.org"
	fields := []string{"To: " + stageList, "Subject: " + subject, "Message-ID: <" + id + ">"}
	if inReplyTo != "" {
		fields = append(fields, "In-Reply-To: <"+inReplyTo+">", "References: <"+inReplyTo+">")
	}
	receipt, err := s.hand(from, stageList, rawMail(s.nameOf(from), from, text, fields...))
	if err != nil || receipt.Action != "accept" {
		s.t.Fatalf("%s wrote %q: %+v, %v", from, subject, receipt, err)
	}
	var found list.Post
	err = s.Store.View(func(r list.Reader) error {
		rec, err := r.List(stageList)
		if err == nil {
			found, err = r.Post(rec.ID, rec.Posts)
		}
		return err
	})
	if err != nil || found.MessageID != id {
		s.t.Fatalf("the post %s: %+v, %v", id, found, err)
	}
	return found
}

// reply is a post that answers another mail that somebody got.
func (s *stage) reply(to sentMail, from, text string) list.Post {
	s.t.Helper()
	return s.post(from, "Re: "+to.Subject, text, to.message().MessageID())
}

func (s *stage) nameOf(address string) (name string) {
	err := s.Store.View(func(r list.Reader) error {
		rec, err := r.List(s.list.Address)
		if err == nil {
			if m, err := r.Member(rec.ID, address); err == nil {
				name = m.Name
			}
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return name
}

// answer has somebody answer a mail: text above its quotation, to its Reply-To. What became of it is returned.
func (s *stage) answer(m sentMail, from, text string) (list.Receipt, error) {
	s.t.Helper()
	return s.answerRaw(m, from, text+"\n\nOn "+m.At.In(s.zone).Format("Mon, 2 Jan 2006 at 15:04")+", Peer Learning wrote:\n> "+strings.ReplaceAll(m.text(), "\n", "\n> "))
}

// answerRaw is answer with a body of the test's own.
func (s *stage) answerRaw(m sentMail, from, body string) (list.Receipt, error) {
	s.t.Helper()
	to := m.replyTo()
	return s.hand(from, to, rawMail(s.nameOf(from), from, body, "To: "+to, "Subject: Re: "+m.Subject, "Message-ID: <answer."+s.id()+"@example.org>",
		"In-Reply-To: <"+m.message().MessageID()+">", "References: <"+m.message().MessageID()+">"))
}

// say is answer for one that must be taken; what follows from it is sent.
func (s *stage) say(m sentMail, from, text string) {
	s.t.Helper()
	if receipt, err := s.answer(m, from, text); err != nil || receipt.Action == "discard" {
		s.t.Fatalf("%s answered %q to %q: %+v, %v", from, text, m.Subject, receipt, err)
	}
	s.tick()
}

// hand hands a mail in as SMTP does, authenticated by DMARC.
func (s *stage) hand(from, to string, raw []byte) (list.Receipt, error) {
	target, err := s.Route(to)
	if err != nil {
		return list.Receipt{}, err
	}
	return s.Receive(context.Background(), &list.Incoming{Raw: raw, Targets: []list.Target{target},
		Envelope: list.Envelope{ID: s.id(), From: from, Helo: "c.example", IP: "192.0.2.1", Protocol: "ESMTP", Received: s.time()},
		Auth: func(context.Context, *message.Message) list.Authentication {
			return list.Authentication{DMARC: list.Pass}
		}})
}

// rawMail is a mail of plain text.
func rawMail(name, from, text string, fields ...string) []byte {
	author := mail.Address{Name: name, Address: from}
	return []byte("From: " + author.String() + "\r\n" + strings.Join(fields, "\r\n") + "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" +
		strings.ReplaceAll(strings.TrimRight(text, "\n")+"\n", "\n", "\r\n"))
}

// course is what is remembered of the discussion.
func (s *stage) course() *Course {
	s.t.Helper()
	var c *Course
	err := s.Store.View(func(r list.Reader) error {
		a, err := s.editor.find(r, s.discussion.ID)
		if err == nil {
			c = a.course
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func TestStage(t *testing.T) {
	s := newStage(t, nil)
	s.advance("2026-02-16 09:00")
	p := s.post(member(1), "Bread", "How do you bake it?", "")
	s.tick()
	all := s.mails("", "")
	if got := len(slices.DeleteFunc(all, func(m sentMail) bool { return m.Out.Post != p.Number })); got != 14 {
		t.Errorf("a post went to %d of 14 members", got)
	}
	answer := s.reply(s.last(member(2), ""), member(2), "With milk.")
	if answer.Topic != p.Topic {
		t.Errorf("the answer is in topic %d, what it answers in %d", answer.Topic, p.Topic)
	}
	if text := s.last(member(2), "").text(); !strings.Contains(text, "How do you bake it?") {
		t.Errorf("the post reads %q", text)
	}
}
