package digest

import (
	"fmt"
	"strings"
	"testing"

	"convene/list"
)

// TestARepliedDigestWaits: whatever a mail program leaves of a digest in a reply to it, the reply does not go to everybody.
func TestARepliedDigestWaits(t *testing.T) {
	s := idleStage(t, nil)
	readers := map[string]string{"English": member(1), "French": member(2), "Spanish": member(3)}
	for _, to := range readers {
		s.order(to, "set digest")
	}
	s.order(luis, "set digest", "set format html")
	bread := s.post(member(4), "Bread", "How do you bake it?", "")
	s.post(member(4), "Milk", "Where do you buy it?", "")
	s.advance("2026-05-05 08:00")
	s.post(member(4), "Salt", "How much?", "")
	s.order(member(2), "set each")
	quoted := func(text string) string { return "> " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n> ") }
	below := func(text string) string {
		return "-----Original Message-----\nFrom: Peer Learning\nSent: Monday\n\n" + text
	}
	holds := func(name, from string, m sentMail, subject, text string, fields ...string) {
		t.Run(name, func(t *testing.T) {
			fields = append(fields, "To: "+stageList, "Subject: "+subject, "Message-ID: <"+s.id()+"@example.org>")
			r, err := s.hand(from, stageList, rawMail("", from, "I agree.\n\n"+text, fields...))
			if err != nil || r.Action != string(list.ActHold) {
				t.Errorf("%q: %+v, %v; the digest was\n%s", subject, r, err, m.text())
			}
		})
	}
	for language, from := range readers {
		m := s.mails(from, list.KindDigest)[0]
		id := "In-Reply-To: <" + m.message().MessageID() + ">"
		holds(language+", a reply without a quotation", from, m, "Yes", "", id)
		holds(language+", its subject alone", from, m, "Re: "+m.Subject, "")
		holds(language+", forwarded", from, m, "Fwd: "+m.Subject, "")
		holds(language+", quoted under a new subject", from, m, "Bread", quoted(m.text()))
		holds(language+", whole below the words", from, m, "Bread", below(m.text()))
		head, _, _ := strings.Cut(m.text(), headLine)
		holds(language+", its contents alone", from, m, "Bread", quoted(head))
		_, posts, _ := strings.Cut(m.text(), headLine)
		holds(language+", its posts alone", from, m, "Bread", quoted(posts))
	}
	last := s.last(member(2), list.KindDigest)
	holds("the last digest, whole below the words", member(2), last, "Salt", below(last.text()))
	holds("the HTML, as a program writes it as text", luis, last, "Bread", "> *Today's Topics:*\n>\n> Bread\n> 1. Grace Wanjiru <#post1>")
	holds("the French HTML", luis, last, "Bread", "> *Sujets du jour :*\n>\n> Bread\n> 1. Grace Wanjiru <#post1>")

	for name, text := range map[string]string{
		"an answer to one post":    "> How do you bake it?\n\nWith milk.",
		"an agenda":                "Today's Topics:\n\n  1. Bread\n  2. Milk\n\n------------------------------\n\nDede",
		"rows of hyphens":          "Date: Monday\n" + postLine + "\nBread\n" + postLine + "\nMilk\n",
		"a word about the digest":  "The Peer Learning Digest of Tue, 5 May 2026 was long: Volume 2026 : Issue 1 has 40 posts.",
		"one post, quoted from it": "> From: Grace Wanjiru\n> Subject: Bread\n>\n> How do you bake it?\n>\n> " + postLine + "\n\nIn a pot.",
	} {
		t.Run(name, func(t *testing.T) {
			raw := rawMail("", member(1), text, "To: "+stageList, "Subject: Re: Bread", fmt.Sprintf("Message-ID: <%s@example.org>", s.id()), "In-Reply-To: <"+bread.MessageID+">")
			if r, err := s.hand(member(1), stageList, raw); err != nil || r.Action != string(list.ActAccept) {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}
