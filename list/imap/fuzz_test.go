package imap

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"convene/list/message"
)

func FuzzSearchProgram(f *testing.F) {
	for _, s := range []string{"ALL", "OR SUBJECT x (NOT FROM \"a\\\"b\" SMALLER 5)", "RETURN (ALL) CHARSET UTF-8 TEXT x", "((((", "NOT NOT 1:*", "HEADER \"", "UID $", "UID \t"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out, err := searchProgram(s)
		if err != nil {
			return
		}
		if strings.ContainsAny(out, "\r\n") != strings.ContainsAny(s, "\r\n") {
			t.Errorf("%q became %q", s, out)
		}
		if again, err := searchProgram(out); err != nil {
			t.Errorf("%q became %q, which cannot be read: %v", s, again, err)
		}
	})
}

// What somebody says who has signed in ends in answers, never in a panic, and the session ends when they go.
func FuzzSession(f *testing.F) {
	for _, s := range []string{"a SELECT Lists/" + peers + "\r\nb FETCH 1:* (FLAGS BODY[1.2.MIME]<0.5>)\r\nc SEARCH OR NOT SEEN TEXT {1+}\r\nx\r\nd LOGOUT\r\n",
		"a EXAMINE Lists/" + peers + "\r\nb IDLE\r\nDONE\r\nc UID FETCH * (BINARY.PEEK[1]<1.2> BINARY.SIZE[] ENVELOPE BODY BODYSTRUCTURE)\r\nd UID SEARCH RETURN (SAVE) 1\r\ne FETCH $ ALL\r\n",
		"a LIST (SUBSCRIBED) \"\" (% *) RETURN (CHILDREN STATUS (MESSAGES SIZE))\r\nb STATUS INBOX (UNSEEN)\r\nc ENABLE UTF8=ACCEPT IMAP4rev2\r\nd SELECT INBOX\r\ne CLOSE\r\nf STORE 1 FLAGS ()\r\n"} {
		f.Add(s)
	}
	h := newHouse(f)
	h.post(peers, mail)
	h.post(peers, books[3])
	f.Fuzz(func(t *testing.T, said string) {
		conn, err := net.Dial("tcp", h.at)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		go func() {
			fmt.Fprint(conn, "x LOGIN anonymous x\r\n", said)
			_ = conn.(*net.TCPConn).CloseWrite()
		}()
		answer, err := io.ReadAll(conn)
		if err != nil && !strings.Contains(err.Error(), "reset") {
			t.Errorf("%v, after %q", err, answer)
		}
		if bytes.Contains(answer, []byte("SERVERBUG")) {
			t.Errorf("a server error: %q", answer)
		}
	})
}

// What is said to be missing is not found by decoding.
func FuzzLacks(f *testing.F) {
	for _, raw := range append(books, "Subject : a\n b\nContent-Type: text/plain; charset*0=utf-; charset*1=7\n\n+AGEAYg-\n", "Content-Transfer-Encoding :\n base64\n\nYWJj\n", "S: a\n\tb=?us-ascii?q?c?=\n\nd\x7fe\n",
		"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: TEXT/HTML\n\na<b>b</b>c\n--b--\n") {
		for _, want := range []string{"abc", "subject: a b", "b\u00fccher", "word word", ":", "" + "K"} {
			f.Add(raw, want)
		}
	}
	f.Fuzz(func(t *testing.T, raw, text string) {
		m, want := message.Parse([]byte(raw)), seek(text)
		if !want.lacks(m.Raw) {
			return
		}
		if textHas(m, want.text) || headerHas(m, "Subject", want.text) {
			t.Errorf("%q is in %q", text, raw)
		}
	})
}
