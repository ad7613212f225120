package list

import (
	"strings"
	"testing"

	"convene/list/message"
)

// TestFromStaysWhereTheAuthorsSignatureHolds: a list that rewrites puts itself into From only on copies that no receiver could take for the author's (D04).
func TestFromStaysWhereTheAuthorsSignatureHolds(t *testing.T) {
	const text, holds, list = "What helped you?\r\n", "since the author's signature still holds", "the list stands in From"
	prefixed := func(mail string) string { return strings.Replace(mail, "A quiet", "Re: [peers] A quiet", 1) }
	replies := Style{ReplyTo: ReplyList, Signers: "author.example"}
	prefix := Style{ReplyTo: ReplySender, SubjectPrefix: "[peers]", Signers: "other.example author.example"}
	for name, c := range map[string]struct {
		mail  string
		style Style
		form  Form
		steps []Step
		note  string
	}{
		"replies go to the list, which it did not mind":     {signedMail(text), replies, Form{}, nil, holds},
		"and which it ruled out":                            {signedMail(text, "h=from:reply-to"), replies, Form{}, nil, list},
		"a Subject with another prefix":                     {signedMail(text), prefix, Form{}, nil, list},
		"a Subject that it did not cover":                   {signedMail(text, "h=from:date"), prefix, Form{}, nil, holds},
		"the Subject of a reply":                            {strings.Replace(signedMail(text), "A quiet", "[peers] Re: A quiet", 1), prefix, Form{}, nil, holds},
		"which stands otherwise":                            {prefixed(signedMail(text)), prefix, Form{}, nil, list},
		"in capitals":                                       {signedMail(text, "d=Author.EXAMPLE"), replies, Form{}, nil, holds},
		"a signature that did not hold, or is of others":    {signedMail(text, "d=list.example"), replies, Form{}, nil, list},
		"no signature":                                      {signedMail(text)[strings.Index(signedMail(text), "From:"):], replies, Form{}, nil, list},
		"a hash that was wrong":                             {signedMail(text, "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="), replies, Form{}, nil, list},
		"a footer where its length ends before":             {signedMail(text, "h=from:date", "l=18"), replies, Form{}, []Step{belowText}, list},
		"another encoding for a hop":                        {signedMail("Ça va?\r\n"), replies, Form{SevenBit: true}, nil, list},
		"a hop that takes no more, and needs no more":       {signedMail(text), replies, Form{SevenBit: true, ASCII: true}, nil, holds},
		"nobody has looked at signatures":                   {signedMail(text), Style{ReplyTo: ReplyList}, Form{}, nil, list},
		"a list that changes nothing, of which it is known": {signedMail(text), Style{ReplyTo: ReplySender, Signers: "author.example"}, Form{}, nil, "nothing is changed that its author signs"},
	} {
		t.Run(name, func(t *testing.T) {
			s := c.style
			s.List, s.ListName, s.Hostname, s.Received = "peers@lists.example.org", "Peers", "mx.example.org", "by x; y"
			s.Munge, s.MungeWhy, s.FromName = true, "p=reject at _dmarc.author.example", "Dede via Peers"
			out, changes := Transform(append(c.steps, PostSteps()...), []byte(c.mail), s, c.form)
			m := message.Parse(out.Bytes())
			from := "Dede <dede@author.example>"
			if c.note == list {
				from = "Dede via Peers <peers@lists.example.org>"
			}
			said := ""
			for _, change := range changes {
				if change.Step == "from" {
					said += strings.Join(change.Notes, "; ")
				}
			}
			if got := field(m, "From"); got != from || !strings.Contains(said, c.note) || m.Count("Author") > 0 != (c.note == list) {
				t.Errorf("From: %s, %q, want %s, %q\n%s", got, said, from, c.note, m.Raw)
			}
			if c.note == holds && m.Count("DKIM-Signature") != 1 {
				t.Errorf("the signature went\n%s", m.Raw)
			}
			if c.style.ReplyTo == ReplyList && field(m, "Reply-To") != s.List {
				t.Errorf("Reply-To: %s", field(m, "Reply-To"))
			}
		})
	}
}
