package message

import (
	"regexp"
	"strings"
	"testing"
)

// linksFooter has all that the footer of a list says, with a link that was folded onto a line of its own.
const linksFooter = "______________________________\nPeers: https://l.example/m/1%40a.example\nA reply goes to everyone. To the author only:\n" +
	"mailto:a@b.example?subject=Re%3A%20Hi&In-Reply-To=%3C1%40a.example%3E\nQuitter la liste\u00a0: mailto:peers+unsubscribe@l.example\n" +
	"Questions: peers+owner@l.example"

func TestLinksInMarkupAreWords(t *testing.T) {
	got := addedLines{footer: strings.Split(linksFooter, "\n")}.markup()
	for _, want := range []string{
		`<a href="https://l.example/m/1%40a.example">Peers</a><br>`,
		`A reply goes to everyone. <a href="mailto:a@b.example?subject=Re%3A%20Hi&amp;In-Reply-To=%3C1%40a.example%3E">To the author only</a><br>`,
		`<a href="mailto:peers+unsubscribe@l.example">Quitter la liste</a><br>`,
		`Questions: <a href="mailto:peers+owner@l.example">peers+owner@l.example</a></div>`,
	} {
		if want = styled(want); !strings.Contains(got, want) {
			t.Errorf("there is no %s in\n%s", want, got)
		}
	}
	for in, want := range map[string]string{
		"See https://a.example: https://b.example":  `See <a href="https://a.example">https://a.example</a>: <a href="https://b.example">https://b.example</a>`,
		"Ask: peers@l.example or mailto:a@b.c":      `Ask: <a href="mailto:peers@l.example">peers@l.example</a> or <a href="mailto:a@b.c">mailto:a@b.c</a>`,
		`<b>"x"</b>: https://b.example/?a=1&b=%22 `: `&lt;b&gt;&#34;x&#34;&lt;/b&gt;: <a href="https://b.example/?a=1&amp;b=%22">https://b.example/?a=1&amp;b=%22</a> `,
		"To leave: <mailto:p+u@l.example>":          `<a href="mailto:p+u@l.example">To leave</a>`,
		"Réponse. À tous : https://b.example":       `R&#233;ponse. <a href="https://b.example">&#192; tous</a>`,
	} {
		if got := markLabel(in); got != styled(want) {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

// styled is HTML whose links look as those of a footer do.
func styled(markup string) string {
	return regexp.MustCompile(`(<a href="[^"]*")>`).ReplaceAllString(markup, `$1 style="color:inherit;text-decoration:underline">`)
}

// TestOwnFooterIsKnownWithoutItsLinks quotes a footer as mail programs do that make plain text of HTML, and the other way round.
func TestOwnFooterIsKnownWithoutItsLinks(t *testing.T) {
	const footer = "______________________________\nPeers: https://l.example/m/1\nA reply goes to everyone. To the author only: mailto:a@b.example\nTo leave the list: mailto:p+u@l.example"
	for name, in := range map[string]string{
		"as it came":             "> ___________\n> Peers: https://l.example/m/9\n> A reply goes to everyone. To the author only: mailto:c@d.example\n> To leave the list: mailto:p+u@l.example\n",
		"Gmail":                  "> ------------------------------\n> Peers <https://l.example/m/9>\n> A reply goes to everyone. To the author only <c@d.example>\n> To leave the list <p+u@l.example>\n",
		"Outlook, links close":   "________________________________\nPeers<https://l.example/m/9>\nA reply goes to everyone. To the author only<mailto:c@d.example>\nTo leave the list<mailto:p+u@l.example>\n",
		"no links at all":        "> --------------------------\n> Peers\n> A reply goes to everyone. To the author only\n> To leave the list\n",
		"the last link below":    "> ___________\n> Peers\n> A reply goes to everyone. To the author only\n> To leave the list:\n> mailto:p+u@l.example\n",
		"broken anew in between": "> ___________\n> Peers A reply goes\n> to everyone. To the\n> author only To leave the list\n",
	} {
		text := []byte("Yes.\n\n" + in + "\nbob@d.example wrote:\n")
		got := string(cut(text, newOwnFooter(footer).find(text, "utf-8")))
		if strings.ReplaceAll(got, "\n\n\n", "\n\n") != "Yes.\n\nbob@d.example wrote:\n" {
			t.Errorf("%s: %q is left", name, got)
		}
	}
	for name, in := range map[string]string{
		"words between":       "> ___________\n> Peers and others\n> A reply goes to everyone. To the author only\n> To leave the list\n",
		"half of it":          "> ___________\n> Peers\n> A reply goes to everyone. To the author only\n",
		"words of the author": "> ___________\n> Peers\n> A reply goes to everyone. To the author only\n> To leave the list is sad\n",
		"no rule above it":    "> Peers\n> A reply goes to everyone. To the author only\n> To leave the list\n",
	} {
		if found := newOwnFooter(footer).find([]byte(in), "utf-8"); found != nil {
			t.Errorf("%s: %v is taken for a footer", name, found)
		}
	}
	for name, c := range map[string]struct{ in, want string }{
		"the words":           {`<p>Yes</p><blockquote>X<div class="m_1convene-footer" dir="auto"><hr><a href="u">Peers</a><br>A reply goes to everyone. <a href="u">To the author only</a><br><a href="u">To leave the list</a></div></blockquote>end`, `<p>Yes</p><blockquote>X</blockquote>end`},
		"the links written":   {`X<div class="convene-footer"><hr>Peers: <a href="u">https://l.example/m/1</a><br>A reply goes to everyone. To the author only:<br><a href="u">mailto:a@b.example</a><br>To leave the list: <a href="u">mailto:p+u@l.example</a></div>end`, `Xend`},
		"a picture follows":   {`X<hr>Peers A reply goes to everyone. To the author only To leave the list<br><a href="v"><img src="w"></a>`, `X<br><a href="v"><img src="w"></a>`},
		"other words follow":  {`X<hr>Peers A reply goes to everyone. To the author only To leave the list<br><a href="v">or not</a>`, `X<br><a href="v">or not</a>`},
		"it is somebody's":    {`X<hr>Peers A reply goes to everyone. To the author only, yes`, `X<hr>Peers A reply goes to everyone. To the author only, yes`},
		"plain, quoted as it": {`<pre>X _______ Peers: https://l.example/m/1 A reply goes to everyone. To the author only: mailto:a@b.example To leave the list: mailto:p+u@l.example</pre>`, `<pre>X </pre>`},
	} {
		m := markupScanner{own: newOwnFooter(footer)}
		m.scan([]byte(c.in))
		if got := string(cut([]byte(c.in), m.cuts)); got != c.want {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
	}
}
