package mailer

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"convene/list"
	"convene/list/message"
	"convene/mailer/mailtest"
)

// papers is as much of a store as a Pickup needs: it loses what was not committed.
type papers struct {
	list.Store
	mu   sync.Mutex
	all  map[string][]byte
	step func() error // called before and after every commit; its error is that of the transaction
}

type papersTx struct {
	list.Tx
	all map[string][]byte
}

func (t *papersTx) Paper(_ uint32, name string) ([]byte, error) {
	if b, ok := t.all[name]; ok {
		return b, nil
	}
	return nil, list.ErrNotFound
}

func (t *papersTx) PutPaper(_ uint32, name string, content []byte) error {
	t.all[name] = bytes.Clone(content)
	return nil
}

func (p *papers) View(f func(list.Reader) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return f(&papersTx{all: p.all})
}

func (p *papers) Update(f func(list.Tx) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.stepped(); err != nil {
		return err
	}
	tx := &papersTx{all: maps.Clone(p.all)}
	if tx.all == nil {
		tx.all = map[string][]byte{}
	}
	if err := f(tx); err != nil {
		return err
	}
	p.all = tx.all
	return p.stepped()
}

func (p *papers) stepped() error {
	if p.step == nil {
		return nil
	}
	return p.step()
}

// desk is a Receiver that keeps what it takes in the papers, in one transaction with what else is to be done.
type desk struct {
	papers *papers
	mu     sync.Mutex
	got    []*list.Incoming
	errs   map[string]error // by a word in the message
}

func (d *desk) Route(to string) (list.Target, error) {
	if !strings.HasSuffix(to, "@lists.example.org") {
		return list.Target{}, list.Refuse(list.NoSuchAddress, "nobody here")
	}
	return list.Target{Kind: list.KindOwner, Address: to}, nil
}
func (d *desk) RouteFrom(_ *list.Envelope, to string) (list.Target, error) { return d.Route(to) }
func (d *desk) Room(int64) error                                           { return nil }
func (d *desk) Receive(_ context.Context, in *list.Incoming) (list.Receipt, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for word, err := range d.errs {
		if bytes.Contains(in.Raw, []byte(word)) {
			return list.Receipt{}, err
		}
	}
	err := d.papers.Update(func(tx list.Tx) error {
		_, rest, _ := strings.Cut(string(in.Raw), "Subject: ")
		subject, _, _ := strings.Cut(rest, "\r\n")
		papers := tx.(*papersTx)
		papers.all["got"] = append(papers.all["got"], subject+"\n"...)
		return in.Also(tx)
	})
	if err != nil {
		return list.Receipt{}, err
	}
	d.got = append(d.got, in)
	return list.Receipt{ID: in.ID, Action: "forward"}, nil
}

func (d *desk) forgive(word string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.errs, word)
}

// subjects is what was taken, by what was committed.
func (d *desk) subjects() []string {
	d.papers.mu.Lock()
	defer d.papers.mu.Unlock()
	return strings.Fields(string(d.papers.all["got"]))
}

// imapHost is a host with one mailbox.
type imapHost struct {
	t      *testing.T
	user   *imapmemserver.User
	caps   imap.CapSet
	listen *mailtest.Listener
	server *imapserver.Server
	store  *papers
	desk   *desk
	now    func() time.Time
	wrap   func(net.Conn) net.Conn
	max    int64

	mu    sync.Mutex
	dials int
}

func newIMAPHost(t *testing.T, caps ...imap.Cap) *imapHost {
	o := &imapHost{t: t, user: imapmemserver.NewUser("lists", "secret"), caps: imap.CapSet{imap.CapIMAP4rev1: {}}, listen: mailtest.Listen(), now: time.Now}
	for _, c := range caps {
		o.caps[c] = struct{}{}
	}
	o.store = &papers{}
	o.desk = &desk{papers: o.store, errs: map[string]error{}}
	if err := o.user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	return o
}

// serve starts the server; it is done at the first connection.
func (o *imapHost) serve() {
	mem := imapmemserver.New()
	mem.AddUser(o.user)
	o.server = imapserver.New(&imapserver.Options{Caps: o.caps, InsecureAuth: true, Logger: silence{},
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		}})
	go o.server.Serve(o.listen)
}

type silence struct{}

func (silence) Printf(string, ...any) {}

func (o *imapHost) pickup() *Pickup {
	return NewPickup(PickupOptions{Server: "imap://127.0.0.1", Username: "lists", Mailbox: "INBOX", Password: func() (string, error) { return "secret", nil },
		Store: o.store, Receiver: o.desk, Settings: func() PickupSettings { return PickupSettings{MaxMessage: o.max} }, Log: slog.New(slog.DiscardHandler),
		Now: o.now, Rand: rand.Reader, Jitter: func() float64 { return .5 },
		Dial: func(context.Context, string) (net.Conn, error) {
			o.mu.Lock()
			if o.dials++; o.dials == 1 {
				o.serve()
			}
			o.mu.Unlock()
			c, err := o.listen.Dial()
			if err == nil && o.wrap != nil {
				c = o.wrap(c)
			}
			return c, err
		}})
}

// start runs a pickup until what it returns is called.
func (o *imapHost) start() (p *Pickup, stop func()) {
	p = o.pickup()
	return p, o.run(p)
}

func (o *imapHost) run(p *Pickup) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); p.Run(ctx) }()
	return func() { cancel(); <-done }
}

// mail is a message as the host of the mailbox files it.
func mail(n int, extra string) string {
	return fmt.Sprintf("Return-Path: <ann@author.example>\r\nDelivered-To: peers@lists.example.org\r\nReceived: from a by b; Mon, 2 Mar 2026 09:00:00 +0000\r\n%s"+
		"From: ann@author.example\r\nTo: peers@lists.example.org\r\nSubject: m%d\r\nMessage-ID: <%d@author.example>\r\n\r\nhello %d\r\n", extra, n, n, n)
}

func (o *imapHost) put(raw string, flags ...imap.Flag) {
	o.t.Helper()
	if _, err := o.user.Append("INBOX", imapLiteral{strings.NewReader(raw), int64(len(raw))}, &imap.AppendOptions{Flags: flags, Time: o.now()}); err != nil {
		o.t.Fatal(err)
	}
}

type imapLiteral struct {
	io.Reader
	size int64
}

func (l imapLiteral) Size() int64 { return l.size }

// seen is which subjects are marked as read.
func (o *imapHost) unseen() int {
	o.t.Helper()
	st, err := o.user.Status("INBOX", &imap.StatusOptions{NumUnseen: true})
	if err != nil {
		o.t.Fatal(err)
	}
	return int(*st.NumUnseen)
}

func wantSubjects(t *testing.T, o *imapHost, want ...string) {
	t.Helper()
	if got := o.desk.subjects(); !slices.Equal(got, want) {
		t.Errorf("taken %q, want %q", got, want)
	}
}

func TestMailIsPickedUpAsItComes(t *testing.T) {
	for name, caps := range map[string][]imap.Cap{"with IDLE it comes at once": {imap.CapIdle}, "without IDLE the server is asked": nil} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newIMAPHost(t, caps...)
				o.put(mail(1, ""))
				o.put(mail(2, ""))
				p, stop := o.start()
				synctest.Wait()
				wantSubjects(t, o, "m1", "m2")
				if n := o.unseen(); n != 0 {
					t.Errorf("%d of them are not marked as read", n)
				}
				o.put(mail(3, ""))
				synctest.Wait()
				if caps == nil {
					time.Sleep(pollEvery + time.Second)
					synctest.Wait()
				}
				wantSubjects(t, o, "m1", "m2", "m3")
				if s := p.Status(); s.Taken != 3 || !s.Connected || s.Problem != "" {
					t.Errorf("status %+v", s)
				}
				time.Sleep(3 * time.Hour) // IDLE over and over
				o.put(mail(4, ""))
				time.Sleep(2 * pollEvery)
				wantSubjects(t, o, "m1", "m2", "m3", "m4")
				if o.dials != 1 {
					t.Errorf("%d connections for one that never failed", o.dials)
				}
				in := o.desk.got[0]
				if in.From != "ann@author.example" || in.Targets[0].Address != "peers@lists.example.org" || in.Protocol != list.ByIMAP || !in.Relay {
					t.Errorf("envelope %+v to %v", in.Envelope, in.Targets)
				}
				stop()
				o.server.Close()
			})
		})
	}
}

func TestWhatIsNotTakenStaysUnread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newIMAPHost(t, imap.CapIdle)
		o.max = 100_000
		o.desk.errs["hello 4\r\n"] = list.Refuse(list.NotMember, "Only members may post")
		o.desk.errs["hello 5\r\n"] = errors.New("something broke")
		o.put(mail(1, ""), imap.FlagSeen) // somebody read it before this mailbox was ours
		o.put(mail(2, "X-Padding: "+strings.Repeat("x", 70)+"\r\n"+strings.Repeat("X-More: "+strings.Repeat("x", 60)+"\r\n", 2000)))
		o.put(strings.Replace(mail(3, ""), "Delivered-To: peers@lists", "Delivered-To: someone@elsewhere", 1))
		o.put(mail(4, ""))
		o.put(mail(5, ""))
		o.put("From: ann@author.example\r\nSubject: m6\r\n\r\nno trace of whom it is for\r\n")
		o.put(mail(7, ""))
		p, stop := o.start()
		synctest.Wait()
		wantSubjects(t, o, "m7")
		if n := o.unseen(); n != 5 {
			t.Errorf("%d are unread, want the five that were not taken", n)
		}
		if s := p.Status(); s.Taken != 1 || s.Left != 3 || s.Refused != 1 || s.Waiting != 1 {
			t.Errorf("status %+v", s)
		}
		o.desk.forgive("hello 5\r\n")
		time.Sleep(laterAfter + 2*idleFor)
		synctest.Wait()
		wantSubjects(t, o, "m7", "m5")
		stop()
		// The next start knows of all of them.
		o.desk.forgive("hello 4\r\n")
		_, stop = o.start()
		synctest.Wait()
		wantSubjects(t, o, "m7", "m5")
		stop()
		o.server.Close()
	})
}

func TestAMailboxThatIsNumberedAnewGivesNothingTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newIMAPHost(t, imap.CapIdle)
		o.put(mail(0, ""), imap.FlagSeen)
		for n := 1; n <= 20; n++ {
			o.put(mail(n, ""))
		}
		_, stop := o.start()
		synctest.Wait()
		stop()
		before := o.desk.subjects()
		if len(before) != 20 {
			t.Fatalf("taken %q", before)
		}
		for round := range 3 { // the provider resets the mailbox: UIDs from 1, in another order, with other trace fields, and new mail among the old
			time.Sleep(time.Hour)
			if err := errors.Join(o.user.Delete("INBOX"), o.user.Create("INBOX", nil)); err != nil {
				t.Fatal(err)
			}
			o.put(mail(100+round, ""))
			for n := 20; n >= 1; n-- {
				o.put(mail(n, fmt.Sprintf("X-Spam-Status: moved %d\r\n", round)))
			}
			_, stop = o.start()
			synctest.Wait()
			stop()
			before = append(before, fmt.Sprintf("m%d", 100+round))
			wantSubjects(t, o, before...)
		}
		o.server.Close()
	})
}

func TestTheEnvelopeIsWhatTheHostWrote(t *testing.T) {
	const rest = "From: ann@author.example\r\nSubject: x\r\n\r\nbody\r\n"
	for name, c := range map[string]struct{ raw, from, to, content string }{
		"Postfix: the address before aliases comes first": {
			"Return-Path: <ann@author.example>\r\nX-Original-To: peers+owner@lists.example.org\r\nDelivered-To: box@host.example\r\nReceived: by host.example\r\n" + rest,
			"ann@author.example", "peers+owner@lists.example.org box@host.example", "Return-Path: <ann@author.example>\r\nReceived: by host.example\r\n" + rest},
		"Gmail: the return path stands further down": {
			"Delivered-To: peers@lists.example.org\r\nReceived: by 2002:a\r\nReturn-Path: <ann@author.example>\r\nReceived: by mx.host.example\r\n" + rest,
			"ann@author.example", "peers@lists.example.org", "Received: by 2002:a\r\nReturn-Path: <ann@author.example>\r\nReceived: by mx.host.example\r\n" + rest},
		"what the sender wrote stands below the host's Received and is not believed": {
			"Delivered-To: peers@lists.example.org\r\nReceived: by host.example\r\nX-Original-To: peers+owner@lists.example.org\r\nDelivered-To: other@lists.example.org\r\n" + rest,
			"ann@author.example", "peers@lists.example.org", "Received: by host.example\r\nX-Original-To: peers+owner@lists.example.org\r\nDelivered-To: other@lists.example.org\r\n" + rest},
		"of two of one name the upper": {
			"Delivered-To: peers@lists.example.org\r\nDelivered-To: other@lists.example.org\r\nReceived: by host.example\r\n" + rest,
			"ann@author.example", "peers@lists.example.org", "Received: by host.example\r\n" + rest},
		"without any Received the first field of all": {
			"Delivered-To: peers@lists.example.org\r\nX-Original-To: peers+owner@lists.example.org\r\n" + rest,
			"ann@author.example", "peers@lists.example.org", "X-Original-To: peers+owner@lists.example.org\r\n" + rest},
		"a report has the null return path": {
			"Return-Path: <>\r\nDelivered-To: peers+bounce@lists.example.org\r\nReceived: by host.example\r\n" + rest,
			"", "peers+bounce@lists.example.org", "Return-Path: <>\r\nReceived: by host.example\r\n" + rest},
		"nobody says whom it is for": {"To: peers@lists.example.org\r\n" + rest, "ann@author.example", "", "To: peers@lists.example.org\r\n" + rest},
		"what only looks like a field is none": {
			"Received: by host.example\r\n" + rest + "Delivered-To: peers@lists.example.org\r\n", "ann@author.example", "",
			"Received: by host.example\r\n" + rest + "Delivered-To: peers@lists.example.org\r\n"},
	} {
		e := readPickupEnvelope([]byte(c.raw))
		if e.from != c.from || strings.Join(e.to, " ") != c.to || string(e.content) != c.content {
			t.Errorf("%s: from %q to %q, content %q", name, e.from, e.to, e.content)
		}
	}
}

func FuzzPickupEnvelope(f *testing.F) {
	f.Add([]byte(mail(1, "")))
	f.Add([]byte("Delivered-To: <a@b.example>\nReceived: x\n\nbody"))
	f.Add([]byte("Delivered-To\r\n :x\r\nX-Original-To: \r\n <>\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e := readPickupEnvelope(raw)
		if len(e.to) > 2 || len(e.content) > len(raw) || len(raw)-len(e.content) > pickupHead || !bytes.HasSuffix(raw, message.Parse(e.content).Raw[message.Parse(e.content).Body:]) {
			t.Errorf("from %q to %q of %q", e.from, e.to, raw)
		}
	})
}
