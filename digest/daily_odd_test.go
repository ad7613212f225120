package digest

import (
	"fmt"
	"strings"
	"testing"

	"convene/list"
)

// odd hands in a post whose header ends in more fields, and whose body is as it stands.
func (s *stage) odd(n int, header, body string) {
	s.t.Helper()
	raw := fmt.Sprintf("From: %s\nTo: %s\nMessage-ID: <odd%d@example.org>\nMIME-Version: 1.0\n%s\n\n%s", member(4), stageList, n, header, body)
	if r, err := s.hand(member(4), stageList, []byte(strings.ReplaceAll(raw, "\n", "\r\n"))); err != nil || r.Action != "accept" {
		s.t.Fatalf("%+v, %v", r, err)
	}
	s.tick()
}

// TestDigestsOfOddPosts: what has no text or subject says so, what looks like a line that divides a digest is none, and nothing in a field makes a line of its own.
func TestDigestsOfOddPosts(t *testing.T) {
	s := idleStage(t, nil)
	s.order(member(1), "set digest")
	s.order(member(4), "set digest", "set format html")
	inner := "From: x@x.example\nSubject: Inner\n\nInner text.\n"
	s.odd(1, "Subject: Passed on\nContent-Type: message/rfc822", inner)
	s.odd(2, "Subject: A digest\nContent-Type: multipart/digest; boundary=q", "--q\n\n"+inner+"\n--q\n\n"+inner+"\n--q--\n")
	s.odd(3, "Content-Type: text/plain", "No subject.\n")
	s.odd(4, "Subject: Hyphens", "One\n\n"+postLine+" \n\n"+postLine+"\t\n"+headLine+" \nTwo\n")
	s.odd(5, "Subject: =?utf-8?Q?a=0A------------------------------=0AX-B:_c?=\nKeywords: =?utf-8?Q?a=0A------------------------------=0AX-B:_c?=\nCc: =?utf-8?Q?a=0AX-B:_c?= <c@x.example>", "Words.\n")
	s.odd(6, "Subject: A picture\nContent-Type: image/png\nContent-Transfer-Encoding: base64", "iVBORw0KGgo=\n")
	s.advance("2026-05-05 08:00")
	text := s.last(member(1), list.KindDigest).text()
	checkPlain(t, text, 6)
	if n := strings.Count(text, "[This post has no text that can be shown here.]"); n != 2 {
		t.Errorf("%d posts are said to have no text:\n%s", n, text)
	}
	for _, want := range []string{"\n  (no subject)\n", "\n\n[File: attachment-1.png, 1 kB "} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
	for _, never := range []string{"\n\n\n", "\nX-B:", "\n" + postLine + " ", "\n" + postLine + "\t", "\n" + headLine + " "} {
		if strings.Contains(text, never) {
			t.Errorf("it has %q:\n%s", never, text)
		}
	}
	if page := string(s.last(member(4), list.KindDigest).Raw); !strings.Contains(page, "<h2>(no subject)</h2>") || !strings.Contains(page, "<p>[This post has no text that can be shown here.]</p>") {
		t.Errorf("the page:\n%s", page)
	}
}

// TestAWholeDigestCanBeSent: of posts that together are more than a server takes, the largest are enclosed without their files.
func TestAWholeDigestCanBeSent(t *testing.T) {
	s := idleStage(t, nil)
	s.order(member(1), "set digest", "set format mime")
	file := strings.Repeat(strings.Repeat("QUJD", 19)+"\n", 4_000_000/77)
	for n := 1; n <= 4; n++ {
		s.odd(n, fmt.Sprintf("Subject: Video %d\nContent-Type: multipart/mixed; boundary=q", n), "--q\nContent-Type: text/plain\n\nLook.\n--q\nContent-Type: video/mp4\nContent-Disposition: attachment; filename=v.mp4\n"+
			"Content-Transfer-Encoding: base64\n\n"+file+"\n--q--\n")
	}
	s.odd(5, "Subject: Words", "Words.\n")
	s.advance("2026-05-05 08:00")
	m := s.last(member(1), list.KindDigest)
	if len(m.Raw) > enclosedAtMost+20_000 || len(m.Raw) < enclosedAtMost/2 {
		t.Errorf("it has %d octets", len(m.Raw))
	}
	enclosed, videos := 0, 0
	for _, p := range m.message().Parts() {
		switch p.Media {
		case "message/rfc822":
			enclosed++
		case "video/mp4":
			videos++
		}
	}
	if enclosed != 5 || videos != 2 || strings.Count(string(m.Raw), "v.mp4") < 4 || !strings.Contains(string(m.Raw), "/files/3/") && !strings.Contains(string(m.Raw), "/files/4/") {
		t.Errorf("%d messages with %d videos, %d names", enclosed, videos, strings.Count(string(m.Raw), "v.mp4"))
	}
}
