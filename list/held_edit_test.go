package list_test

import (
	"bytes"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

// withPhoto is a post of two forms of its text and an attachment, signed by its author's server.
const withPhoto = "DKIM-Signature: v=1; d=example.net; b=abc\r\nFrom: Xenia <x@example.net>\r\nTo: peers@lists.example.org\r\nSubject: One\r\nMessage-ID: <one@x>\r\nMIME-Version: 1.0\r\n" +
	"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\n\r\nCall me: 0123 456.\r\n--a\r\nContent-Type: text/html\r\n\r\n" +
	"<p>Call me: 0123 456.\r\n--a--\r\n--m\r\n" + photo + "\r\n--m--\r\n"

const photo = "Content-Type: image/jpeg; name=a.jpg\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n/9j/4AAQ\r\n"

// heldPhoto holds that post and returns the notices about it.
func (s *site) heldPhoto(t *testing.T, auth auth) []note {
	t.Helper()
	if r, err := s.take(stranger, peers, withPhoto, auth); err != nil || r.Action != "hold" {
		t.Fatalf("%+v, %v", r, err)
	}
	return s.notices(t)
}

// onlyPost is the one post of the list, with its two messages.
func (s *site) onlyPost(t *testing.T) (p list.Post, sent, came []byte) {
	t.Helper()
	if err := s.db.View(func(r list.Reader) (err error) { p, err = r.Post(1, 1); return err }); err != nil {
		t.Fatal(err)
	}
	sent, err := s.db.Raw(p.Ref)
	if err != nil {
		t.Fatal(err)
	}
	if came, err = s.db.Raw(p.Original); err != nil {
		t.Fatal(err)
	}
	return p, sent, came
}

// TestAModeratorEditsAPost goes the whole way: what goes out, what is kept, and who is told what.
func TestAModeratorEditsAPost(t *testing.T) {
	s := moderated(t, func(l *list.List) { l.SubjectPrefix = "[peers]" })
	all := s.heldPhoto(t, sure)
	if _, err := s.reply(all[0], amina, "Edit\n\nWrite to me, Né.\n\n"+
		"Approve of it, or reject it, as you like.\n\n-- \nAmina\n\nOn Monday the list wrote:\n> Call me: 0123 456.\n", nil); err != nil {
		t.Fatal(err)
	}
	p, sent, came := s.onlyPost(t)
	if p.MessageID != "one@x" || p.DecidedBy != amina || p.Trace[len(p.Trace)-1].Reason != "edited and approved by "+amina || s.ruling(t, 1).What != list.RuledEdited {
		t.Errorf("%+v", p)
	}
	if string(came) != withPhoto {
		t.Errorf("what came is kept as\n%s", came)
	}
	var copies []byte
	for {
		c, ok, err := s.db.Claim(s.now, func(d string) string { return d }, func(string) bool { return true }, 100)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		if b, err := s.CopyBytes(c.Out); err != nil {
			t.Fatal(err)
		} else if c.Out.Post == 1 {
			copies = b
		}
		s.db.Release(c.ID)
		if copies != nil {
			break
		}
	}
	for name, raw := range map[string][]byte{"the archive": sent, "a copy": copies} {
		m := message.Parse(raw)
		if text := m.Text(1000); text != "Write to me, Né.\n\nApprove of it, or reject it, as you like.\n\n[A moderator has edited this text.]\n" {
			t.Errorf("%s says %q", name, text)
		}
		if bytes.Contains(raw, []byte("0123")) || bytes.Contains(raw, []byte("DKIM-Signature")) || !bytes.Contains(raw, []byte("\r\n"+photo+"\r\n--")) ||
			m.MessageID() != "one@x" || m.Check() != nil {
			t.Errorf("%s is\n%s", name, raw)
		}
	}
	after := s.notices(t)
	if told(after) != "dede@example.org: [peers] One; luis@example.org: Re: To decide: One; x@example.net: Sent with changes: One" &&
		told(after) != "luis@example.org: Re: To decide: One; x@example.net: Sent with changes: One" {
		t.Fatal(told(after))
	}
	if !strings.Contains(unfolded(after[0]), `amina@example.org edited and approved "One" from x@example.net.`) {
		t.Error(after[0].raw)
	}
	if !strings.Contains(after[1].raw, "\r\n> Write to me, Né.\r\n>\r\n> Approve of it, or reject it, as you like.\r\n") || after[1].msg.Get("In-Reply-To") != "<one@x>" {
		t.Error(after[1].raw)
	}
	fates, err := s.Explain("one@x")
	if err != nil || len(fates) != 1 || fates[0].Original != "Call me: 0123 456." {
		t.Errorf("explain: %+v, %v", fates, err)
	}
	// What came again, since our 250 was not heard, is known although another message is the post.
	if r, err := s.take(stranger, peers, withPhoto, sure); err != nil || r.Action != "discard" {
		t.Errorf("the same post again: %+v, %v", r, err)
	}
	// So is a second word, and the one who comes late.
	if _, err := s.reply(all[1], luis, "approve", nil); err != nil {
		t.Fatal(err)
	}
	if late := s.notices(t); told(late) != "luis@example.org: Re: To decide: One" || !strings.Contains(unfolded(late[0]), "amina@example.org edited and approved") {
		t.Error(told(late))
	}
}

// TestWhatCannotBeEditedWaits has answers of which nobody can be sure what is to go out, and posts that take no other text.
func TestWhatCannotBeEditedWaits(t *testing.T) {
	const hello = "From: x@example.net\nTo: peers@lists.example.org\nSubject: One\nMessage-ID: <one@x>\n"
	for name, c := range map[string]struct{ post, body, told string }{
		"no text":                     {hello + "\nHello.\n", "edit", "no new text below the word"},
		"a signature alone":           {hello + "\nHello.\n", "edit\n\n-- \nAmina", "no new text below the word"},
		"a quotation alone":           {hello + "\nHello.\n", "edit\n> Hello.", "no new text below the word"},
		"words for us":                {hello + "\nHello.\n", "edit take out the number", "no new text below the word"},
		"words for us above the text": {hello + "\nHello.\n", "edit: as we said\nHello, all.", "no new text below the word"},
		"a quotation in the text":     {hello + "\nHello.\n", "edit\nHello, all.\n> quoted\nThat was it.", "something in the middle of it looks quoted"},
		"what may be a quotation":     {hello + "\nHello.\n", "edit\nHello, all.\n\nOn Mon, Mar 2, 2026 at 9:00 AM Zoe Z <zoe@example.net> wrote:\nwhat I like.\n", "something in the middle of it looks quoted"},
		"a row of underscores":        {hello + "\nHello.\n", "edit\nHello, all.\n__________\nMonday: a walk.", "something in the middle of it looks quoted"},
		"signed":                      {hello + "MIME-Version: 1.0\nContent-Type: multipart/signed; boundary=s\n\n--s\n\nHello.\n--s\nContent-Type: application/pgp-signature\n\nx\n--s--\n", "edit\nHello, all.", "signed or encrypted"},
		"signed within the text":      {hello + "\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello.\n", "edit\nHello, all.", "signed or encrypted"},
	} {
		t.Run(name, func(t *testing.T) {
			s := moderated(t, nil)
			if r, err := s.take(stranger, peers, c.post, sure); err != nil || r.Action != "hold" {
				t.Fatalf("%+v, %v", r, err)
			}
			all := s.notices(t)
			if r, err := s.reply(all[0], amina, c.body, nil); err != nil || r.Action != "decide" {
				t.Fatalf("%+v, %v", r, err)
			}
			again := s.notices(t)
			if s.waits(t) != 1 || s.posts(t) != "" || len(again) != 1 || again[0].to != amina || !strings.Contains(unfolded(again[0]), c.told) {
				t.Fatalf("%d wait, posts %q, told %s: %s", s.waits(t), s.posts(t), told(again), again[0].raw)
			}
			// The answer to that counts.
			if _, err := s.reply(again[0], amina, "approve", nil); err != nil || s.posts(t) != "One" {
				t.Errorf("%v, posts %q", err, s.posts(t))
			}
		})
	}
}

func TestEditByNumber(t *testing.T) {
	for body, want := range map[string]string{
		"edit 2\nHello, all.":              "Two",
		"edit 2\nWe approve of the plan.":  "Two",
		"Edit #2:\n\nHello, all.\n> Hello": "Two",
		"edit 1 2\nHello, all.":            "",
		"edit all\nHello, all.":            "",
		"edit\nHello, all.":                "",
		"edit 2 Hello, all.":               "",
		"edit 2":                           "",
		"edit 2\nHello, all.\nedit 1\nBye": "",
	} {
		t.Run(body, func(t *testing.T) {
			s := moderated(t, nil)
			s.hold(t, stranger, "One", nil)
			s.hold(t, stranger, "Two", nil)
			bundle, _ := s.until(t, s.now.Add(25*oneDay/24))
			if len(bundle) == 0 {
				t.Fatal("no reminder")
			}
			if _, err := s.reply(bundle[0], amina, body, nil); err != nil || s.posts(t) != want {
				t.Errorf("%v, posts %q, want %q", err, s.posts(t), want)
			}
		})
	}
}

// TestAnEditTellsNobodyWhoMayBeSomebodyElse: the moderator is told that the author is not.
func TestAnEditTellsNobodyWhoMayBeSomebodyElse(t *testing.T) {
	s := moderated(t, nil)
	all := s.heldPhoto(t, nil)
	if _, err := s.reply(all[0], amina, "edit\nWrite to me.", nil); err != nil {
		t.Fatal(err)
	}
	after := s.notices(t)
	if told(after) != "amina@example.org: Re: To decide: One; luis@example.org: Re: To decide: One" || !strings.Contains(unfolded(after[0]), "was not told: nothing proves") {
		t.Errorf("told %s\n%s", told(after), after[0].raw)
	}
}

// TestTokensInAnEditedText: what a moderator quotes of their own notice is worth nothing, as in any post.
func TestTokensInAnEditedText(t *testing.T) {
	s := moderated(t, nil)
	all := s.heldPhoto(t, sure)
	other := s.hold(t, stranger, "Two", sure)
	if _, err := s.reply(all[0], amina, "edit\nDecide at "+other[0].answerTo()+" please.", nil); err != nil {
		t.Fatal(err)
	}
	_, sent, _ := s.onlyPost(t)
	if text := message.Parse(sent).Text(200); !strings.HasPrefix(text, "Decide at peers+held-xxxxxxxxxxxxxxxxxxxxxxxxxx@lists.example.org please.\n") {
		t.Errorf("the post says %q", text)
	}
	fresh := s.notices(t)
	if !strings.Contains(told(fresh), "amina@example.org: To decide: Two") {
		t.Errorf("told %s", told(fresh))
	}
	if _, err := s.reply(other[0], amina, "approve", nil); reason(err) != list.NoSuchAddress {
		t.Errorf("the token that everybody might know: %v", err)
	}
}

func TestTheLineBelowAnEditedTextIsInTheListsLanguage(t *testing.T) {
	for language, want := range map[string]string{"en": "[A moderator has edited this text.]", "fr": "[Un modérateur a modifié ce texte.]", "es": "[Un moderador ha editado este texto.]"} {
		s := moderated(t, func(l *list.List) { l.Language = language })
		all := s.heldPhoto(t, sure)
		if _, err := s.reply(all[0], amina, "editar\nWrite to me.", nil); err != nil {
			t.Fatal(err)
		}
		if _, sent, _ := s.onlyPost(t); message.Parse(sent).Text(200) != "Write to me.\n\n"+want+"\n" {
			t.Errorf("%s: %q", language, message.Parse(sent).Text(200))
		}
	}
}
