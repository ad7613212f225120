package message

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

const cardMail = "From: Dede <dede@example.org>\r\nTo: Peers: a@b.example, c@d.example;\r\nSubject: =?utf-8?q?B=C3=BCcher?=\r\nDate: Thu, 5 Mar 2026 10:00:00 +0530\r\n" +
	"Message-ID: <a@b>\r\nIn-Reply-To: <x@y> <z@y>\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n" +
	"--o\r\nContent-Type: multipart/alternative; boundary=i\r\n\r\n--i\r\n\r\none\r\n--i\r\nContent-Type: text/html\r\n\r\n<p>one\r\n\r\n--i--\r\n" +
	"--o\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment; filename*=utf-8''b%C3%BC.eml\r\n\r\nSubject: in\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nX-In: 1\r\n\r\ndeep\r\n--m--\r\n" +
	"--o--\r\n"

func TestCard(t *testing.T) {
	c := Parse([]byte(cardMail)).Card()
	e := c.Envelope
	if e.Subject != "Bücher" || e.MessageID != "a@b" || !reflect.DeepEqual(e.InReplyTo, []string{"x@y", "z@y"}) || len(e.To) != 2 || e.From[0] != (Correspondent{"Dede", "dede", "example.org"}) ||
		e.Date.Format(time.RFC3339) != "2026-03-05T10:00:00+05:30" {
		t.Errorf("the envelope is %+v", e)
	}
	s := c.Structure
	if len(s.Parts) != 2 || s.Parts[0].Parts[1].Subtype != "html" || s.Parts[0].Parts[1].Lines != 1 || s.Parts[1].DispositionParams["filename"] != "bü.eml" || s.Parts[1].Envelope.Subject != "in" ||
		s.Parts[1].Parts[0].Parts[0].Size != 4 {
		t.Errorf("the structure is %+v", s)
	}
	for _, structure := range []bool{true, false} {
		again, err := DecodeCard(c.Encode(), structure)
		if !structure {
			again.Structure = c.Structure
		}
		if err != nil || string(again.Encode()) != string(c.Encode()) || again.Envelope.Date.Format(time.RFC3339) != e.Date.Format(time.RFC3339) {
			t.Errorf("it came back as %+v, %v", again, err)
		}
	}
	if _, err := DecodeCard(c.Encode()[:20], true); err != ErrCard {
		t.Errorf("half of one is %v", err)
	}
}

func TestSections(t *testing.T) {
	s := Parse([]byte(cardMail)).Sections()
	for _, c := range []struct {
		part []int
		what string
		want string
	}{
		{[]int{1, 1}, "", "one"},
		{[]int{1, 2}, "MIME", "Content-Type: text/html\r\n\r\n"},
		{[]int{2}, "HEADER", "Subject: in\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n"},
		{[]int{2, 1}, "", "deep"},
		{[]int{2, 1}, "MIME", "X-In: 1\r\n\r\n"},
		{[]int{2}, "TEXT", "--m\r\nX-In: 1\r\n\r\ndeep\r\n--m--"},
		{[]int{3}, "", "none"}, {[]int{1, 1, 1}, "", "none"}, {[]int{1}, "HEADER", "none"}, {[]int{0}, "", "none"},
	} {
		got, ok := s.Find(Section{Part: c.part, What: c.what})
		if !ok {
			got = []byte("none")
		}
		if string(got) != c.want {
			t.Errorf("%v %s is %q, want %q", c.part, c.what, got, c.want)
		}
	}
	if got, _ := s.Find(Section{What: "HEADER", Fields: []string{"SUBJECT", "x"}}); string(got) != "Subject: =?utf-8?q?B=C3=BCcher?=\r\n\r\n" {
		t.Errorf("the subject is %q", got)
	}
	header, _ := s.Find(Section{What: "HEADER"})
	text, _ := s.Find(Section{What: "TEXT"})
	if string(header)+string(text) != cardMail {
		t.Error("header and text are not the message")
	}
	single := Parse([]byte("Content-Transfer-Encoding: base64\r\n\r\naGk=\r\n")).Sections()
	if got, ok := single.Find(Section{Part: []int{1}}); !ok || string(got) != "aGk=\r\n" {
		t.Errorf("part 1 of a message without parts is %q", got)
	}
	if got, ok := single.Decoded([]int{1}); !ok || string(got) != "hi" {
		t.Errorf("decoded it is %q", got)
	}
	if _, ok := single.Find(Section{Part: []int{1, 1}}); ok {
		t.Error("it has a part of a part")
	}
}

func FuzzCard(f *testing.F) {
	f.Add([]byte(cardMail))
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "corpora", "messages", "*", "*.eml"))
	for _, name := range files[:min(len(files), 50)] {
		if raw, err := os.ReadFile(name); err == nil {
			f.Add(raw)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if c, err := DecodeCard(raw, true); err == nil {
			if _, err := DecodeCard(c.Encode(), true); err != nil {
				t.Errorf("a card that was read cannot be read again: %v", err)
			}
		}
		m := Parse(raw)
		c := m.Card()
		again, err := DecodeCard(c.Encode(), true)
		if err != nil || string(again.Encode()) != string(c.Encode()) {
			t.Errorf("a card came back otherwise: %v", err)
		}
		s := m.Sections()
		header, _ := s.Find(Section{What: "HEADER"})
		text, _ := s.Find(Section{What: "TEXT"})
		if string(header)+string(text) != string(raw) {
			t.Error("header and text are not the message")
		}
		s.Find(Section{Part: []int{1, 2, 1}, What: "MIME"})
		s.Decoded([]int{2})
	})
}
