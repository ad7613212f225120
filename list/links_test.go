package list

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"convene/list/message"
)

// footerPost is a post on its way, as far as its footer and links need one.
func footerPost(site *Site, l *List, raw string) *pending {
	p := newPending(site, l, &Envelope{ID: "01j8z", From: "dede@example.org", Protocol: "ESMTPS", Received: testNow}, []byte(strings.ReplaceAll(raw, "\n", "\r\n")))
	p.post.Envelope, p.post.Topic = *p.arrival.Envelope, 17
	return p
}

const footedPost = "From: Dede <dede@example.org>\nTo: peers@lists.example.org\nSubject: Re: [peers] A quiet group\nMessage-ID: <a/b?c%d@x>\nDate: x\n\nHello.\n"

func archivedSite(change func(*List)) (*Site, *List) {
	site := testSite()
	site.BaseURL = "https://lists.example.org"
	l := site.Lists[0]
	l.Archive, l.Footer, l.Language = ArchiveMembers, &Footer{}, "en"
	if change != nil {
		change(l)
	}
	return site, l
}

func TestPostPath(t *testing.T) {
	for id, want := range map[string]string{
		"a1@example.org":              "/m/a1%40example.org",
		"a/b?c%d@x":                   "/m/a%2Fb%3Fc%25d%40x",
		"a b+c&d=e@x":                 "/m/a%20b%2Bc%26d%3De%40x",
		`<script>"'@x`:                "/m/%3Cscript%3E%22%27%40x",
		"é@x":                         "/m/%C3%A9%40x",
		"ends@x.":                     "/m/ends%40x%2E",
		"..":                          "",
		".":                           "",
		"":                            "",
		"\u202eevil@x":                "/m/%E2%80%AEevil%40x",
		"a..b@[192.0.2.1]":            "/m/a..b%40%5B192.0.2.1%5D",
		"javascript:alert(1)//@x":     "/m/javascript%3Aalert%281%29%2F%2F%40x",
		strings.Repeat("x", 40) + "@": "/m/" + strings.Repeat("x", 40) + "%40",
	} {
		got := PostPath(id)
		if got != want {
			t.Errorf("%q: %q, want %q", id, got, want)
		}
		if got == "" {
			continue
		}
		u, err := url.Parse("https://lists.example.org" + got)
		if err != nil || strings.TrimPrefix(u.Path, "/m/") != id || u.RawQuery != "" || u.Fragment != "" {
			t.Errorf("%q reads back as %+v (%v)", id, u, err)
		}
	}
}

func TestPostsSayWhereTheyCanBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		change        func(*Site, *List)
		mail          func(string) string
		later         bool // its Message-ID was another post's before
		link, archive string
	}{
		"a post of a list with an archive": {link: "https://lists.example.org/m/a%2Fb%3Fc%25d%40x", archive: "https://lists.example.org/peers@lists.example.org/"},
		"none without pages":               {change: func(s *Site, _ *List) { s.BaseURL = "" }},
		"none without an archive":          {change: func(_ *Site, l *List) { l.Archive = ArchiveNone }},
		"none where nothing is said of it": {change: func(_ *Site, l *List) { l.Archive = "" }},
		"the author does not want it": {mail: func(s string) string { return "X-No-Archive: Yes\n" + s },
			archive: "https://lists.example.org/peers@lists.example.org/"},
		"an id that an earlier post has leads to that": {later: true, archive: "https://lists.example.org/peers@lists.example.org/"},
		"an id that is too long for a line": {mail: func(s string) string { return strings.ReplaceAll(s, "a/b", strings.Repeat("/", 400)) },
			archive: "https://lists.example.org/peers@lists.example.org/"},
	} {
		t.Run(name, func(t *testing.T) {
			site, l := archivedSite(nil)
			if c.change != nil {
				c.change(site, l)
			}
			mail := footedPost
			if c.mail != nil {
				mail = c.mail(mail)
			}
			p := footerPost(site, l, mail)
			if p.post.Node = nodeID(p.id); c.later {
				p.post.Node = nodeID("another")
			}
			s := p.style()
			if s.Link != c.link || s.Archive != c.archive {
				t.Errorf("link %q, archive %q; want %q, %q", s.Link, s.Archive, c.link, c.archive)
			}
			if s.Footer == "" || strings.Contains(s.Footer, "/m/") != (c.link != "") {
				t.Errorf("footer:\n%s", s.Footer)
			}
			out := message.Parse(transformed(PostSteps(), []byte("Archived-At: <https://evil.example/>\r\nList-Archive: <https://evil.example/>\r\n"+
				strings.ReplaceAll(mail, "\n", "\r\n")), s))
			for field, want := range map[string]string{"Archived-At": c.link, "List-Archive": c.archive} {
				got := out.Values(field)
				if want == "" && len(got) != 0 || want != "" && (len(got) != 1 || strings.TrimSpace(got[0]) != "<"+want+">") {
					t.Errorf("%s: %q, want <%s>", field, got, want)
				}
			}
		})
	}
}

// TestDefaultFooter holds the footer to what a telephone shows well: five lines of words below the rule, none of them long but for a link.
func TestDefaultFooter(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*Site, *List)
		mail    func(string) string
		has     []string
		has_not []string
	}{
		"everybody gets replies": {has: []string{"Peer Learning: https://lists.example.org/m/a%2Fb%3Fc%25d%40x\n", "A reply goes to everyone. To the author only:\n" +
			"mailto:dede@example.org?subject=Re%3A%20A%20quiet%20group&In-Reply-To=%3Ca%2Fb%3Fc%25d%40x%3E\n", "Your settings: mailto:peers+settings@lists.example.org\n",
			"To leave the list: mailto:peers+unsubscribe@lists.example.org\n"}, has_not: []string{"To everyone"}},
		"the author gets them": {change: func(_ *Site, l *List) { l.ReplyTo = ReplySender },
			has:     []string{"A reply goes to the author only. To everyone:\nmailto:peers@lists.example.org?subject=Re%3A%20A%20quiet%20group&In-Reply-To="},
			has_not: []string{"dede"}},
		"members only read": {change: func(_ *Site, l *List) { l.Type = Announce }, has: []string{"To answer the author:\nmailto:dede@"}, has_not: []string{"everyone"}},
		"no page":           {change: func(s *Site, _ *List) { s.BaseURL = "" }, has: []string{"\nPeer Learning\n"}, has_not: []string{"http"}},
		"in French": {change: func(_ *Site, l *List) { l.Language = "fr-CA" },
			has: []string{"Peer Learning : https://", "Une réponse va à tous.", "Vos réglages : mailto:peers+", "Quitter la liste : mailto:"}},
		"in Spanish":                      {change: func(_ *Site, l *List) { l.Language = "es" }, has: []string{"La respuesta va a todos.", "Sus ajustes: ", "Dejar la lista: "}},
		"in a language without a text":    {change: func(_ *Site, l *List) { l.Language = "sw" }, has: []string{"Your settings: "}},
		"the author wants answers aside":  {mail: func(s string) string { return "Reply-To: office@example.org\n" + s }, has: []string{"mailto:office@example.org?"}},
		"the list is no author":           {mail: func(s string) string { return "Reply-To: PEERS@lists.example.org\n" + s }, has: []string{"mailto:dede@example.org?"}},
		"a subject that would break out":  {mail: func(s string) string { return strings.Replace(s, "A quiet group", `"><b>&body=x mailto:y@z`, 1) }, has: []string{"subject=Re%3A%20%22%3E%3Cb%3E%26body%3Dx"}},
		"a long subject is cut":           {mail: func(s string) string { return strings.Replace(s, "A quiet group", strings.Repeat("é", 300), 1) }, has: []string{strings.Repeat("%C3%A9", 18) + "%E2%80%A6&"}},
		"a name that is two lines is one": {change: func(_ *Site, l *List) { l.Name = "Peer\nLearning" }, has: []string{"Peer Learning: https"}},
	} {
		t.Run(name, func(t *testing.T) {
			site, l := archivedSite(nil)
			if c.change != nil {
				c.change(site, l)
			}
			mail := footedPost
			if c.mail != nil {
				mail = c.mail(mail)
			}
			footer := footerPost(site, l, mail).style().Footer
			for _, want := range c.has {
				if !strings.Contains(footer, want) {
					t.Errorf("no %q in\n%s", want, footer)
				}
			}
			for _, bad := range c.has_not {
				if strings.Contains(footer, bad) {
					t.Errorf("%q in\n%s", bad, footer)
				}
			}
			lines := strings.Split(strings.TrimSuffix(footer, "\n"), "\n")
			if strings.Trim(lines[0], "_") != "" || len(lines[0]) < 5 {
				t.Errorf("it begins with %q", lines[0])
			}
			words := 0
			for _, line := range lines[1:] {
				link := strings.HasPrefix(line, "mailto:") || strings.HasPrefix(line, "https:")
				if !link {
					words++
				}
				if line == "" || utf8.RuneCountInString(line) > 76 && (!link || strings.Contains(line, " ")) {
					t.Errorf("a line of %d characters: %q", utf8.RuneCountInString(line), line)
				}
			}
			if words > 5 || strings.ContainsAny(footer, "\r\x00") || !strings.HasSuffix(footer, "\n") {
				t.Errorf("%d lines:\n%s", words, footer)
			}
		})
	}
}

// TestTheFooterNamesOnlyWhatIsRouted: a line for muting a topic stands there as soon as mail to that address is taken, and not before.
func TestTheFooterNamesOnlyWhatIsRouted(t *testing.T) {
	site, l := archivedSite(nil)
	_, err := site.Route("peers+mute-17@lists.example.org")
	footer := footerPost(site, l, footedPost).style().Footer
	if strings.Contains(footer, "mute") != (err == nil) {
		t.Errorf("routing says %v, the footer\n%s", err, footer)
	}
	p := footerPost(site, l, footedPost)
	p.post.Topic = 0
	if strings.Contains(p.style().Footer, "mute") {
		t.Error("a post without a topic has one to mute")
	}
}

func TestFootersOfTheListsOwn(t *testing.T) {
	for name, c := range map[string]struct{ template, want, err string }{
		"what it says":               {template: "-- \n{{.List}} <{{.Address}}>\n{{with .Link}}{{.}}{{end}}", want: "--\nPeer Learning <peers@lists.example.org>\nhttps://lists.example.org/m/a%2Fb%3Fc%25d%40x\n"},
		"all links":                  {template: "{{.ReplyAll}} {{.ReplyAuthor}} {{.Settings}} {{.Unsubscribe}} {{.Mute}}", want: "mailto:peers@"},
		"functions of texts":         {template: `{{printf "%s!" .List}}`, want: "Peer Learning!\n"},
		"long lines are folded":      {template: strings.Repeat("word ", 40) + "{{.Link}}", want: "\nhttps://lists.example.org/m/a%2Fb%3Fc%25d%40x\n"},
		"nothing":                    {template: " {{if .Mute}}{{end}}\n", want: ""},
		"a brace too few":            {template: "{{.List}", err: "bad character"},
		"an unknown name":            {template: "a\nb {{.Lst}}", err: "line 2: there is no .Lst here"},
		"a member's name":            {template: "{{.Name}}", err: "there is no .Name here"},
		"an unknown function":        {template: "{{shout .List}}", err: `function "shout" not defined`},
		"one that is not for texts":  {template: "{{html .List}}", err: "html is not for texts"},
		"no end":                     {template: "{{range 100000000}}{{range 100000000}}{{end}}{{end}}", err: "range goes over what there is"},
		"itself":                     {template: `{{define "x"}}{{template "x"}}{{end}}{{template "x"}}`, err: "calls itself"},
		"too long":                   {template: strings.Repeat("long ", 1000), err: "longer than 4096 octets"},
		"a field of what is a text":  {template: "{{.List.Title}}", err: "can't evaluate field Title"},
		"a right-to-left override":   {template: "{{.List}}\u202e", want: "Peer Learning\n"},
		"what may be missing may be": {template: "{{.Mute}}{{.Link}}{{.ReplyAll}}.", want: "https"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := ParseFooter(c.template)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("%v, want %s", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			site, l := archivedSite(func(l *List) { l.Footer = f })
			if got := footerPost(site, l, footedPost).style().Footer; !strings.Contains(got, c.want) || c.want == "" && got != "" {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	for _, none := range []string{"", "none"} {
		if f, err := ParseFooter(none); f != nil || err != nil {
			t.Errorf("%q: %v, %v", none, f, err)
		}
	}
}
