package main

import (
	"bytes"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"convene/list/event"
)

// TestClientsOfEvents invites people with real mail programs behind a real Postfix, and each answers with a program of their own: in words, and as a calendar does. What
// they are told of a change of the event shows what became of that.
func TestClientsOfEvents(t *testing.T) {
	needPrograms(t, "postfix", "neomutt", "s-nail", "swaks", "script")
	p := &program{dir: t.TempDir(), addr: reservedAddr(t)}
	h := newMailHost(t, p.addr, dedeAddress, zoeAddress, kofiAddress)
	config := fmt.Sprintf(clientsConfig, p.addr, h.plain, reservedAddr(t)) + "language = \"en\"\ntimezone = \"Africa/Accra\"\n"
	start := time.Now().UTC().AddDate(0, 0, 9)
	circle := func(minutes int) string {
		return fmt.Sprintf("[[event]]\nid = \"circle\"\nlist = %q\ntitle = \"Cercle d’été\"\nwhere = \"Au café d’à côté\"\nstart = \"%s 15:00\"\nminutes = %d\n", peersList, start.Format(time.DateOnly), minutes)
	}
	p.write(t, "convene.toml", config+circle(60))
	p.write(t, "members.csv", "address,name\n"+dedeAddress+",Dedé\n"+zoeAddress+",Zoé\n"+kofiAddress+",Kofi\n")
	p.run(t, "member", "import", peersList, "members.csv")
	p.start(t)
	t.Cleanup(func() { p.end(t) })
	s := &clientStory{p, h, neomutt{h, h.plain}, snail{h, h.plain}, swaks{h, h.proven}}

	when := start.Format("Monday 2 January") + ", 15:00"
	s.neomutt.reply(t, dedeAddress, s.invited(t, dedeAddress, "Invitation: Cercle d’été, "+when, 0), "Yes, gladly!")
	s.h.next(t, dedeAddress, "You are coming: Cercle d’été")
	s.snail.reply(t, zoeAddress, s.invited(t, zoeAddress, "Invitation: Cercle d’été, "+when, 0), "no")
	s.h.next(t, zoeAddress, "You are not coming: Cercle d’été")
	s.invited(t, kofiAddress, "Invitation: Cercle d’été, "+when, 0)
	s.accept(t, kofiAddress)

	p.write(t, "convene.toml", config+circle(90))
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	for who, want := range map[string]string{dedeAddress: "You said yes before", zoeAddress: "You said no.", kofiAddress: "You said yes before"} {
		if l := s.invited(t, who, "Changed: Cercle d’été, "+when, 1); !strings.Contains(l.Text(1<<16), want) {
			t.Errorf("%s is told\n%s\nwant %q", who, l.Text(1<<16), want)
		}
	}
	if got := strings.Join(h.subjects(t, kofiAddress), "\n"); strings.Contains(got, "coming") {
		t.Errorf("an answer of a calendar was answered by mail:\n%s", got)
	}
}

// accept answers as Outlook does, in a mail that is a calendar object and nothing else.
func (s *clientStory) accept(t *testing.T, who string) {
	t.Helper()
	play(t, "From: <"+who+">\nTo: <peers+events@lists.example.org>\nSubject: Accepted: Cercle\nDate: %DATE%\nMessage-ID: <accepted@client.example>\nMIME-Version: 1.0\n"+
		"Content-Type: text/calendar; charset=\"utf-8\"; method=REPLY\nContent-Transfer-Encoding: 8bit\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nPRODID:Microsoft Exchange Server 2010\nVERSION:2.0\nBEGIN:VEVENT\n"+
		"ATTENDEE;PARTSTAT=ACCEPTED;CN=Kofi:mailto:"+who+"\nUID:circle.peers@lists.example.org\nDTSTAMP:"+time.Now().UTC().Format("20060102T150405Z")+"\nSEQUENCE:0\nEND:VEVENT\nEND:VCALENDAR\n",
		nil, "swaks", "--server", s.h.proven, "--from", who, "--to", "peers+events@lists.example.org", "--helo", "client.example", "--data", "-")
}

// invited is somebody's invitation as it came to their Maildir: its calendar part and the file are the same object still, and it is theirs.
func (s *clientStory) invited(t *testing.T, who, subject string, sequence int) *gotMail {
	t.Helper()
	l := s.h.next(t, who, subject)
	objects := map[string][]byte{}
	for _, p := range l.Parts() {
		if p.Leaf {
			objects[p.Media] = []byte(p.Markup(1 << 20))
		}
	}
	part, file := objects["text/calendar"], objects["application/ics"]
	if !bytes.Equal(part, file) {
		t.Errorf("the part and the file of %q are two:\n%s\n%s", subject, part, file)
	}
	o, err := event.Read(part, time.UTC)
	if err != nil {
		t.Fatalf("%v: %s", err, part)
	}
	item := o.Items[0]
	if o.Method != event.Request || item.Event.Sequence != sequence || item.Event.Title[""] != "Cercle d’été" || item.Event.Where != "Au café d’à côté" || len(item.Guests) != 1 || item.Guests[0].Address != who {
		t.Errorf("%q is %+v, %+v", subject, item.Event, item.Guests)
	}
	return l
}
