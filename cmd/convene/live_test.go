package main

import (
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	smtpserver "github.com/emersion/go-smtp"

	"convene/list/message"
)

// postOffice is where the mail of a live discussion goes: it keeps what everybody got, in order, and can be told to pull the plug when a mail comes.
type postOffice struct {
	mu    sync.Mutex
	boxes []posted
	plug  func() // called once, when the next mail comes; nil: nothing is pulled
}

// posted is one copy that somebody got.
type posted struct {
	from, to string
	msg      *message.Message
}

func (p *postOffice) NewSession(*smtpserver.Conn) (smtpserver.Session, error) {
	return &counter{postOffice: p}, nil
}

// counter is one session with the post office.
type counter struct {
	*postOffice
	from string
	to   []string
}

func (c *counter) Reset()        { c.to = nil }
func (c *counter) Logout() error { return nil }
func (c *counter) Mail(from string, _ *smtpserver.MailOptions) error {
	c.from = from
	return nil
}
func (c *counter) Rcpt(to string, _ *smtpserver.RcptOptions) error {
	c.to = append(c.to, to)
	return nil
}

func (c *counter) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	c.mu.Lock()
	plug := c.plug
	c.plug = nil
	for _, to := range c.to {
		c.boxes = append(c.boxes, posted{c.from, to, message.Parse(raw)})
	}
	c.mu.Unlock()
	if plug != nil {
		plug()
	}
	return nil
}

// got is what somebody got (empty: anybody) whose subject contains words, in order, each Message-ID once.
func (p *postOffice) got(to, words string) (all []posted) {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := map[string]bool{}
	for _, b := range p.boxes {
		key := b.to + b.msg.MessageID()
		if (to == "" || b.to == to) && strings.Contains(b.msg.Subject(), words) && !seen[key] {
			seen[key] = true
			all = append(all, b)
		}
	}
	return all
}

// latest is when the last mail was written that came, between two moments.
func (p *postOffice) latest(from, to time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range p.boxes {
		if at, ok := b.msg.Date(); ok && at.After(from) && !at.After(to) {
			from = at
		}
	}
	return from
}

// liveConfig is the config of the discussion that is played live: as SPEC has it, with a plan that two people facilitate.
const liveConfig = `
[server]
hostname = "lists.example.org"
admin = "admin@example.org"
[smtp]
listen = %q
[http]
listen = ""
[delivery]
transport = "smarthost"
smarthost = %q
tls = "none"
[[list]]
address = "peers@lists.example.org"
name = "Peer Learning"
timezone = "Africa/Nairobi"
languages = ["en", "fr", "es"]
owners = ["amina@example.org"]
facilitators = ["luis@example.org", "noor@example.org"]
require_auth = "never"
new_members_moderated_for = 0
[[discussion]]
id = "remote"
list = "peers@lists.example.org"
title = "Facilitating at a distance"
start = 2026-03-02
weeks = 2
facilitators = ["Luis Prieto <luis@example.org>", "Noor Rahman <noor@example.org>"]
facilitator_intro = "I ran radio groups in Bolivia and made every mistake once."
hashtag = "#remote"
purpose = "How do we keep people talking when half of them have one bar?"
call_to_action = "What will you try?"
effort = "10 minutes, twice a week"
questions = ["Think of a time when a quiet group began to talk. What had somebody just done?", "What worked?", "What will you try next?"]
midweek = { cron = "0 12 * * WED", only_if_posts = 4, only_if_people = 3 }
first_responders = [{ question = 1, members = [{ address = "dede@example.org", why = "the phone call in Tamale" }], backup = ["awa@example.org"] }]
`

const liveMembers = `address,name,language,timezone
luis@example.org,Luis Prieto,en,Africa/Nairobi
noor@example.org,Noor Rahman,en,Asia/Dhaka
dede@example.org,Dede Mensah,en,Africa/Accra
awa@example.org,Awa Diallo,fr,Africa/Dakar
tomas@example.org,Tomás Quispe,es,America/La_Paz
wanjiru@example.org,Wanjiru Kamau,en,Africa/Nairobi
kofi@example.org,Kofi Asante,en,Africa/Accra
grace@example.org,Grace Phiri,en,Africa/Blantyre
`

// live is the discussion on the real program, which is killed again and again.
type live struct {
	*program
	t     *testing.T
	post  *postOffice
	now   time.Time
	kills int
	ids   int
}

func newLive(t *testing.T) *live {
	office := &postOffice{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtpserver.NewServer(office)
	server.Domain = "office.test"
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	v := &live{program: &program{dir: t.TempDir(), addr: reservedAddr(t)}, t: t, post: office}
	t.Cleanup(func() { v.end(t) })
	v.write(t, "members.csv", liveMembers)
	v.write(t, "convene.toml", noNames(t)+fmt.Sprintf(liveConfig, v.addr, l.Addr().String()))
	v.run(t, "member", "import", "peers@lists.example.org", "members.csv")
	v.now = v.at("2026-02-16 08:00")
	v.boot()
	return v
}

// at is a moment of the list's.
func (v *live) at(s string) time.Time {
	v.t.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", s, time.FixedZone("EAT", 3*60*60))
	if err != nil {
		v.t.Fatal(err)
	}
	return t
}

// boot starts the program at the time that it is.
func (v *live) boot() {
	v.t.Helper()
	v.serve = []string{"--virtual-clock", v.now.UTC().Format(time.RFC3339)}
	v.start(v.t)
}

// until moves the clock to a moment in steps of six hours; at the first mail of every step the process is killed, and started again.
func (v *live) until(s string) {
	v.t.Helper()
	for end := v.at(s); v.now.Before(end); {
		step := min(6*time.Hour, end.Sub(v.now))
		v.step(step, true)
	}
}

func (v *live) step(by time.Duration, kill bool) {
	v.t.Helper()
	if by < time.Minute {
		v.now = v.now.Add(by)
		return
	}
	killed := make(chan struct{})
	if kill {
		v.post.mu.Lock()
		v.post.plug = func() { v.program.kill(); close(killed) }
		v.post.mu.Unlock()
	}
	out, err := v.command(nil, "clock", "advance", fmt.Sprintf("%dm", int(by/time.Minute))).CombinedOutput()
	v.post.mu.Lock()
	pulled := kill && v.post.plug == nil
	v.post.plug = nil
	v.post.mu.Unlock()
	if !pulled {
		if err != nil {
			v.t.Fatalf("clock advance: %v\n%s", err, out)
		}
		v.now = v.now.Add(by)
		return
	}
	<-killed
	v.kills++
	// Where it had come to nobody knows but who got the mail. The rest of the step is gone through without a kill.
	end := v.now.Add(by)
	v.now = v.post.latest(v.now, end)
	v.boot()
	v.step(end.Sub(v.now), false)
}

// mail sends a mail and gives its Message-ID.
func (v *live) mail(from, to, subject, text, answers string) string {
	v.t.Helper()
	v.ids++
	id := fmt.Sprintf("live%d@example.org", v.ids)
	raw := "From: " + from + "\r\nTo: " + to + "\r\nSubject: " + subject + "\r\nMessage-ID: <" + id + ">\r\nDate: " + v.now.Format(time.RFC1123Z) + "\r\n"
	if answers != "" {
		raw += "In-Reply-To: <" + answers + ">\r\nReferences: <" + answers + ">\r\n"
	}
	postTo(v.t, v.addr, from, to, raw+"\r\n"+strings.ReplaceAll(text, "\n", "\r\n")+"\r\n")
	v.step(time.Minute, false)
	return id
}

// answer answers the last mail that somebody got with these words in its subject.
func (v *live) answer(who, words, text string) {
	v.t.Helper()
	all := v.post.got(who, words)
	if len(all) == 0 {
		v.t.Fatalf("%s: %s got no mail %q; they got\n%s", v.now.Format("Mon 2 Jan 15:04"), who, words, v.outline(who))
	}
	m := all[len(all)-1].msg
	v.mail(who, m.Mailboxes("Reply-To", "From")[0].Addr, "Re: "+m.Subject(), text, m.MessageID())
}

// reply posts to the topic of the last planned mail with these words in its subject.
func (v *live) reply(who, words, text string) {
	v.t.Helper()
	all := v.post.got("wanjiru@example.org", words)
	if len(all) == 0 {
		v.t.Fatalf("%s: there is no planned mail %q; there are\n%s", v.now.Format("Mon 2 Jan 15:04"), words, v.outline("wanjiru@example.org"))
	}
	m := all[0].msg
	v.mail(who, "peers@lists.example.org", "Re: "+m.Subject(), text, m.MessageID())
}

// outline is what somebody got, a line each.
func (v *live) outline(who string) string {
	var b strings.Builder
	for _, m := range v.post.got(who, "") {
		at, _ := m.msg.Date()
		fmt.Fprintf(&b, "%s  %s\n", at.In(v.now.Location()).Format("Mon 2 Jan 15:04"), m.msg.Subject())
	}
	return b.String()
}

// when checks that somebody got exactly one mail with these words, and at that moment.
func (v *live) when(who, words, at string) {
	v.t.Helper()
	all := v.post.got(who, words)
	if len(all) != 1 {
		v.t.Errorf("%s got %d mails %q:\n%s", who, len(all), words, v.outline(who))
		return
	}
	if got, _ := all[0].msg.Date(); !got.Equal(v.at(at)) {
		v.t.Errorf("%s got %q at %s, not at %s", who, words, got.In(v.now.Location()).Format("Mon 2 Jan 15:04"), at)
	}
}

// hopConnections is how many connections to one hop there are at most, by default.
const hopConnections = 4

// once checks that no mail reached anybody twice more often than the process was killed, and that none of the schedule's was made twice.
func (v *live) once() {
	v.t.Helper()
	copies, ids := map[string]int{}, map[string][]string{}
	v.post.mu.Lock()
	defer v.post.mu.Unlock()
	twice := 0
	for _, b := range v.post.boxes {
		key := b.to + " " + b.msg.MessageID()
		if copies[key]++; copies[key] > 1 {
			twice++
		}
		at, _ := b.msg.Date()
		what := b.to + " " + at.Format(time.DateOnly) + " " + b.msg.Subject()
		if !slices.Contains(ids[what], b.msg.MessageID()) {
			ids[what] = append(ids[what], b.msg.MessageID())
		}
	}
	if most := v.kills * hopConnections; twice > most {
		v.t.Errorf("%d copies came twice, after %d kills: each may repeat one transaction of each connection", twice, v.kills)
	}
	for what, all := range ids {
		if len(all) > 1 && !strings.Contains(what, "Re: ") && !strings.Contains(what, " Draft: ") { // a draft is answered by itself, as it is now

			v.t.Errorf("made %d times: %s", len(all), what)
		}
	}
}

// TestADiscussionLives: two weeks of a discussion on the real program, with real SMTP on both sides, which is killed at the first mail of every step, and is
// down for 30 hours over a weekly. The facilitator edits a draft, postpones one, answers one late and one not at all; a first responder declines.
func TestADiscussionLives(t *testing.T) {
	t.Parallel() // one process waits for the other all the time
	const voice, reader = "luis@example.org", "wanjiru@example.org"
	v := newLive(t)
	v.until("2026-02-17 09:00")
	v.answer("dede@example.org", "among the first", "no, I am travelling that week")
	v.until("2026-02-18 12:00")
	v.answer("awa@example.org", "parmi les premiers", "oui, volontiers")

	v.until("2026-02-20 15:30")
	v.answer(voice, "Draft: Starts Monday 2 March", "say We begin with a question that I have carried for years.\nsend")
	v.until("2026-02-23 10:00")
	v.when(reader, "Starts Monday 2 March", "2026-02-23 09:00")

	v.until("2026-02-27 15:30") // the draft of the kick-off is edited as a whole, and goes a day later
	v.answer(voice, "Draft: Question 1", "later +1d")
	v.until("2026-03-02 10:00")
	if got := v.post.got(reader, "Question 1"); len(got) != 0 {
		t.Errorf("the kick-off went out although it was put off")
	}
	v.until("2026-03-03 10:00")
	v.when(reader, "Question 1", "2026-03-03 09:00")
	v.when("awa@example.org", "La question du", "2026-03-02 17:00") // 14:00 where she is

	people := []string{"awa@example.org", "dede@example.org", "tomas@example.org", "kofi@example.org", "grace@example.org"}
	for i, who := range people {
		v.reply(who, "Question 1", fmt.Sprintf("In village number %d somebody telephoned one person the evening before. The next morning three others had answered her.", i+1))
	}
	v.until("2026-03-04 13:00") // nobody answers the draft of the midweek: the plain form
	v.when(reader, "Week 1 so far: what you wrote", "2026-03-04 12:00")

	v.until("2026-03-05 20:00") // the draft of the weekly is out; then nothing runs for 30 hours
	if len(v.post.got(voice, "Draft: Week 1: what we heard")) == 0 {
		t.Errorf("no draft of the weekly:\n%s", v.outline(voice))
	}
	v.program.kill()
	v.now = v.at("2026-03-07 02:00")
	v.boot()
	v.until("2026-03-09 08:30")
	weekly := v.post.got(reader, "Week 1: ")
	if len(weekly) != 1 {
		t.Fatalf("%d summaries of week 1:\n%s", len(weekly), v.outline(reader))
	}
	if at, _ := weekly[0].msg.Date(); !at.Equal(v.at("2026-03-09 08:00")) {
		t.Errorf("the weekly went out at %s; it was late by 15 hours, so that it goes at the next working hour", at)
	}
	v.answer(voice, "Draft: Week 1: what we heard", "send") // late: it is told that the mail is out
	if last := v.post.got(voice, "Re: "); len(last) == 0 {
		t.Errorf("a late answer is not answered:\n%s", v.outline(voice))
	}

	v.until("2026-03-13 12:00")
	v.when(reader, "What you wrote", "2026-03-13 11:00") // nobody answered the draft of the closing
	v.reply("kofi@example.org", "What you wrote", "I will telephone two people before each question in April.")
	v.until("2026-03-20 12:00")
	v.until("2026-04-14 12:00")
	v.once()
	kinds := []string{"Starts Monday 2 March", "Question 1", "Week 1 so far: ", "Week 1: ", "Questions 2 and 3", "What you wrote"}
	last := time.Time{}
	for _, words := range kinds {
		all := v.post.got(reader, words)
		if len(all) == 0 {
			t.Errorf("no %q:\n%s", words, v.outline(reader))
			continue
		}
		at, _ := all[len(all)-1].msg.Date()
		if at.Before(last) {
			t.Errorf("%q went out before what comes before it", words)
		}
		last = at
	}
	t.Logf("%d kills\n%s", v.kills, v.outline(voice))
}
