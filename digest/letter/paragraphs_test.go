package letter

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// What somebody wrote keeps its paragraphs and the line ends that they set, in text and in HTML; nothing in it is a mark.
func TestParagraphs(t *testing.T) {
	for name, c := range map[string]struct{ in, text string }{
		"paragraphs":                   {"We read Freire.\n\n\n \nBring a pen.", "We read Freire.\n\nBring a pen.\n"},
		"line ends":                    {"Bring:\n- a pen\n- paper\r\nSee you!", "Bring:\n- a pen\n- paper\nSee you!\n"},
		"a folded line":                {"We read the first chapter of it, and talk about what is new in it for\nus all.", "We read the first chapter of it, and talk about what is new in it for us\nall.\n"},
		"lines of a calendar program":  {"Join the meeting here: https://meet.example.org/abc-defg-hij-klmn-opqr\nPasscode: 1", "Join the meeting here: https://meet.example.org/abc-defg-hij-klmn-opqr\nPasscode: 1\n"},
		"a long line is one by itself": {strings.Repeat("word ", 20) + "end.\nSee you.", strings.TrimSpace(strings.Repeat("word ", 14)) + "\n" + strings.TrimSpace(strings.Repeat("word ", 6)) + " end.\nSee you.\n"},
		"marks":                        {"# 1. *Not*\n    a [link](https://x.example)\n> `none`", "# 1. *Not*\na [link](https://x.example)\n> `none`\n"},
		"nothing":                      {" \n\n", "\n"},
	} {
		d := parseDocument(string(paragraphsOf(1200, c.in)), nil)
		if got := d.text(); got != c.text {
			t.Errorf("%s: %q, want %q", name, got, c.text)
		}
	}
	html := parseDocument(string(paragraphsOf(1200, "One\ntwo\n\nthree <b>")), nil).page("en", "x")
	if !strings.Contains(html, "<p>One<br>\ntwo</p>\n<p>three &lt;b&gt;</p>") {
		t.Errorf("in HTML it is %s", html)
	}
	for _, long := range []string{strings.Repeat("x\n", 9000), strings.Repeat("some words\n\n", 900), strings.Repeat("some words ", 900)} {
		got := string(paragraphsOf(600, long))
		if n := utf8.RuneCountInString(strings.Join(strings.Fields(got), " ")); n > 900 || !strings.HasSuffix(strings.TrimSpace(got), "…") {
			t.Errorf("%d characters are left of %d: …%q", n, len(long), got[max(0, len(got)-30):])
		}
	}
}
