package list_test

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

// parts walks the parts of a body, each as its media type and parameters, and its octets as they are decoded.
func parts(t *testing.T, contentType, encoding, body string, f func(media string, params map[string]string, content string)) {
	t.Helper()
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(media, "multipart/") {
		if encoding == "base64" {
			b, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(body, "\r\n", ""))
			if err != nil {
				t.Error(err)
			}
			body = string(b)
		}
		f(media, params, body)
		return
	}
	f(media, nil, "")
	for r := multipart.NewReader(strings.NewReader(body), params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		inner, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		parts(t, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), string(inner), f)
	}
}

// A program knows an invitation by its last alternative (RFC 6047 §2.4), octet for octet as it was written, and others find the file.
func TestLetterWithACalendar(t *testing.T) {
	s := newSite(t, nil)
	s.members(t, "ann@a.example")
	l, _ := s.Site().List("peers@lists.example.org")
	const object = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Café\r\nEND:VCALENDAR\r\n"
	for html, want := range map[string]string{
		"":            "multipart/mixed, multipart/alternative, text/plain, text/calendar; method=REQUEST, application/ics",
		"<p>Come</p>": "multipart/mixed, multipart/alternative, text/plain, text/html, text/calendar; method=REQUEST, application/ics",
	} {
		letter := &list.Letter{Subject: "Come", Text: "Will you come?\n", HTML: html, Kind: "invitation", Word: "events", Calendar: []byte(object), Method: "REQUEST"}
		err := s.Send(l, letter, 7, s.now, func(tx list.Tx, send func([]uint32) (list.Outgoing, error)) error {
			_, err := send([]uint32{1})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		c, _ := s.outbox(t)
		p, err := s.Copy(c.Out, list.Form{})
		if err != nil {
			t.Fatal(err)
		}
		m := message.Parse(p.Bytes())
		_, body, _ := strings.Cut(string(m.Raw), "\r\n\r\n")
		var all []string
		parts(t, m.Get("Content-Type"), "", body, func(media string, params map[string]string, content string) {
			if params["method"] != "" {
				media += "; method=" + params["method"]
			}
			if all = append(all, media); (strings.HasPrefix(media, "text/calendar") || media == "application/ics") && content != object {
				t.Errorf("%s has %q", media, content)
			}
		})
		if got := strings.Join(all, ", "); got != want {
			t.Errorf("with HTML %q it is %s, want %s", html, got, want)
		}
	}
}
