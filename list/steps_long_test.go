package list

import (
	"bytes"
	"strings"
	"testing"

	"convene/list/message"
)

// TestNoLongLinesInTheHeaderOfARewritingList: RFC 5322 §2.1.1. What can be written in shorter lines is, and of the rest nothing stays that a message can do without.
func TestNoLongLinesInTheHeaderOfARewritingList(t *testing.T) {
	word, words := strings.Repeat("x", 1500), strings.Repeat("word ", 300)+"end"
	for name, c := range map[string]struct{ field, want string }{ // want is its value in the copy; empty: it is not there
		"words":                           {"X-Note: " + words, words},
		"one word":                        {"X-Note: " + word, word},
		"one word among others":           {"Comments: a " + word + " b", "a " + word + " b"},
		"References, folded":              {"References: " + strings.Repeat("<a@b.example> ", 200) + "<c@d.example>", strings.Repeat("<a@b.example> ", 200) + "<c@d.example>"},
		"References, one of them":         {"References: <" + word + "@b.example>", ""},
		"Received":                        {"Received: by " + word, ""},
		"Authentication-Results":          {"Authentication-Results: other.example; " + strings.Repeat("dkim=pass header.d=a.example; ", 50) + "spf=none", strings.Repeat("dkim=pass header.d=a.example; ", 50)},
		"people with a long name":         {`To: "` + word + `" <ann@a.example>, Bob <bob@b.example>`, "<ann@a.example>, Bob <bob@b.example>"},
		"people without end":              {"To: " + strings.Repeat("ann@a.example,", 120) + "bob@b.example", "bob@b.example"},
		"people, not readable":            {"To: " + word + "@", ""},
		"what no field is called":         {strings.Repeat("N", 1200) + ": x", "x"},
		"a Message-ID, which has to stay": {"Message-ID: <" + word + "@b.example>", "<" + word + "@b.example>"},
	} {
		t.Run(name, func(t *testing.T) {
			raw := "From: ann@author.example\nSubject: hi\nDate: Mon, 02 Mar 2026 10:00:00 +0000\n" + c.field + "\n\nx\n"
			field, _, _ := strings.Cut(c.field, ":")
			in := []byte(strings.ReplaceAll(raw, "\n", "\r\n"))
			style := Style{List: "peers@lists.example.org", ListName: "Peers", Received: "by x; y", SubjectPrefix: "[p]"}
			out, _ := Transform(PostSteps(), in, style, Form{})
			m := message.Parse(out.Bytes())
			got := strings.Join(strings.Fields(message.Decode(strings.Join(m.Values(field[:min(len(field), 68)]), " "))), " ")
			if field == "Received" {
				got = strings.Replace(got, "by x; y", "", 1)
			}
			if c.want == "" && strings.TrimSpace(got) != "" || !strings.Contains(got, strings.TrimSpace(c.want)) {
				t.Errorf("%.200q, want %.200q, in\n%.3000s", got, c.want, m.Raw)
			}
			if long := longestOf(m.Raw); long > 998 && field != "Message-ID" {
				t.Errorf("a line of %d octets", long)
			}
			style.SubjectPrefix, style.ReplyTo = "", ReplySender
			out, _ = Transform(PostSteps(), in, style, Form{})
			if !bytes.Contains(out.Bytes(), []byte("\r\n"+c.field+"\r\n")) {
				t.Error("a list that changes nothing changed it")
			}
		})
	}
}

// TestALongFromIsShortEverywhere: munged, it stands in Author and Cc, too.
func TestALongFromIsShortEverywhere(t *testing.T) {
	name := strings.Repeat("Ann", 400)
	raw := "From: \"" + name + "\" <ann@author.example>\nCc: \"" + name + "\" <bob@author.example>\nSubject: hi\n\nx\n"
	out, m, _ := copyOf(t, raw, munging(ReplyList), Form{})
	if long := longestOf([]byte(out)); long > 998 {
		t.Errorf("a line of %d octets in\n%s", long, out)
	}
	author, err := message.ParseMailboxes(m.Get("Author"))
	cc := m.Mailboxes("Cc")
	if err != nil || len(author) != 1 || author[0].Name != name || len(cc) != 2 || cc[0].Name != name || cc[1].Addr != "ann@author.example" {
		t.Errorf("%v, %v, %v", author, cc, err)
	}
}

// longestOf is how long the longest line of a message is, in octets without its end.
func longestOf(raw []byte) (longest int) {
	for line := range bytes.Lines(raw) {
		longest = max(longest, len(bytes.TrimRight(line, "\r\n")))
	}
	return longest
}
