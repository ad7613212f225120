package mailer

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convene/list"
	"convene/list/message"
	"convene/mailer/mailtest"
)

// posted is a source of one post, made into copies as the engine makes them.
type posted string

func (s posted) Copy(out list.Outgoing, form list.Form) (message.Pieces, error) {
	p, _ := list.Transform(list.PostSteps(), []byte(s), out.Style, form)
	return p, nil
}

func (s posted) Personal(out *list.Outgoing, c *list.Copy) (list.Personal, error) {
	return fixedSource(s).Personal(out, c)
}

// abroad is a post by somebody whose address is not ASCII.
const abroad = "From: 佐藤 <用户@例え.jp>\r\nTo: dev@lists.example.org\r\nSubject: Grüße aus 東京\r\nMessage-ID: <日@例え.jp>\r\nMIME-Version: 1.0\r\n" +
	"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGrüße\r\n" +
	"--b\r\nContent-Type: text/plain; name=\"写真.txt\"\r\n\r\nx\r\n--b--\r\n"

// TestInternationalMail has a post in Unicode go to a hop with SMTPUTF8 as it came, and to one without in ASCII, both signed; and nobody is written to whose
// address a hop cannot take.
func TestInternationalMail(t *testing.T) {
	for _, personal := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			key := arcKey(t, "lists.example.org")
			world := &mailtest.Peer{Keywords: []string{"PIPELINING", "8BITMIME", "SMTPUTF8"}}
			old := &mailtest.Peer{Keywords: []string{"8BITMIME"}}
			older := &mailtest.Peer{Keywords: []string{"SIZE"}}
			net := mailtest.Net{"new.example:25": world, "old.example:25": old, "older.example:25": older}
			o := open(t, net, posted(abroad), Delivery{Hostname: "mx.lists.example.org", PerHop: 1, Recipients: 10, Signer: NewSigner([]SigningKey{key})})
			defer o.close()
			style := list.Style{List: "dev@lists.example.org", Received: "from x by mx.lists.example.org; Mon, 02 Mar 2026 09:00:00 +0000", Personal: personal, Signing: []string{key.RecordName()}}
			o.box.enqueue(list.Outgoing{ID: 1, List: 1, Post: 1, Address: style.List, ReturnPath: "dev+bounce@lists.example.org", EightBit: true, UTF8: true, Style: style,
				Accepted: time.Unix(1528637909, 0), Recipients: []string{"bob@new.example", "josé@new.example", "bob@old.example", "josé@old.example", "bob@older.example"}})
			o.settle()
			o.want(map[list.Outcome]int{list.Delivered: 4, list.Failed: 1})
			for _, m := range world.Mails() {
				if !strings.HasSuffix(m.From, " SMTPUTF8") || !bytes.Contains(m.Content, []byte("\r\nFrom: 佐藤 <用户@例え.jp>\r\n")) {
					t.Errorf("with SMTPUTF8, MAIL FROM:%s\n%s", m.From, m.Content)
				}
			}
			for name, peer := range map[string]*mailtest.Peer{"old": old, "older": older} {
				if len(peer.Mails()) != 1 || len(peer.Mails()[0].To) != 1 {
					t.Fatalf("%s got %d mails", name, len(peer.Mails()))
				}
				m := peer.Mails()[0]
				header, body := message.Parse(m.Content).EightBit()
				if strings.Contains(m.From, "SMTPUTF8") || header || body && name == "older" || message.Parse(m.Content).International() {
					t.Errorf("%s, MAIL FROM:%s\n%s", name, m.From, m.Content)
				}
				if !bytes.Contains(m.Content, []byte("\r\nFrom: =?utf-8?b?5L2Q6Jek?= <dev@lists.example.org>\r\n")) || message.Parse(m.Content).Subject() != "Grüße aus 東京" {
					t.Errorf("%s got\n%s", name, m.Content)
				}
			}
			for _, peer := range net {
				for _, m := range peer.Mails() {
					if err := holds(m.Content, key); err != nil {
						t.Errorf("%v:\n%s", err, m.Content)
					}
				}
			}
			for _, r := range o.box.settled {
				if r.Outcome == list.Failed && (r.Address != "josé@old.example" || !strings.HasPrefix(r.Status, "5.6.7 ")) {
					t.Errorf("failed: %+v", r)
				}
			}
		})
	}
}

// TestReceivedOfInternationalMail has the trace say how a message came (RFC 6531 §4.3).
func TestReceivedOfInternationalMail(t *testing.T) {
	for parameter, want := range map[string]string{"": "ESMTP", " SMTPUTF8": "UTF8SMTP"} {
		in := &inbox{}
		s := newSite(t, in, nil)
		s.dial(t, "192.0.2.1").play(`
			<- 220…
			-> EHLO c.example
			<- 250…
			-> MAIL FROM:<a@b.example>` + parameter + `
			<- 250…
			-> RCPT TO:<dev@lists.example.org>
			<- 250…
			-> DATA
			<- 354…
			=> From: <a@b.example>\r\n\r\nx\r\n.\r\n
			<- 250…`)
		if got := in.got[0].Protocol; got != want {
			t.Errorf("with %q it came by %s, want %s", parameter, got, want)
		}
	}
	f := &filterConn{lmtp: true, esmtp: true, international: true, secure: true}
	if got := f.protocol(); got != "UTF8LMTPS" {
		t.Errorf("LMTP: %s", got)
	}
}
