package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"convene/list"
)

// showDemo says day by day what happened.
func (c *cli) showDemo(p *demoPlay) error {
	zone := p.d.cfg.Load().Lists[0].Location
	day := ""
	for i := 0; i < len(p.sent); {
		s := &p.sent[i]
		if now := s.at.In(zone).Format("Monday 2 January"); now != day {
			day = now
			fmt.Fprintf(c.out, "\n%s\n", day)
		}
		n := i + 1
		for n < len(p.sent) && sameDay(p.sent[n].at.In(zone), s.at.In(zone)) && s.belongs(&p.sent[n]) {
			n++
		}
		fmt.Fprint(c.out, folded("  "+s.at.In(zone).Format("15:04")+"  ", p.line(p.sent[i:n])))
		i = n
	}
	_, err := fmt.Fprintf(c.out, "\n%s in all, of which members wrote %s.\n", count(len(p.sent), "mail"), count(p.posts(), "post"))
	return err
}

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

// belongs reports whether another mail of that day is told of in one line with it: posts, the editions of a mail, and those of a digest.
func (s *demoSent) belongs(o *demoSent) bool {
	switch {
	case o.kind != s.kind:
		return false
	case s.kind == "":
		return s.to == nil && o.to == nil
	case eachTheirs[s.kind]:
		return o.at.Truncate(time.Minute).Equal(s.at.Truncate(time.Minute))
	case s.kind == "roundup":
		return o.at.Equal(s.at)
	case s.kind == list.KindDigest:
		return o.at.Equal(s.at) && o.message.Subject() == s.message.Subject()
	}
	return o.message.MessageID() == s.message.MessageID()
}

// eachTheirs are the kinds of mails that go to many at one time, to each their own.
var eachTheirs = map[string]bool{"invitation": true, "event_reminder": true, "tables": true}

// demoWidth is how many columns a line of the demo has at most.
const demoWidth = 79

// folded is a text behind what leads it, in lines that fit a narrow terminal; the further ones begin below the first.
func folded(lead, text string) string {
	var b strings.Builder
	line := lead
	for _, w := range strings.Fields(text) {
		if utf8.RuneCountInString(line)+utf8.RuneCountInString(w) > demoWidth && strings.TrimSpace(line) != "" {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line = strings.Repeat(" ", len(lead))
		}
		line += w + " "
	}
	return b.String() + strings.TrimRight(line, " ") + "\n"
}

// posts counts what members wrote.
func (p *demoPlay) posts() (n int) {
	for i := range p.sent {
		if p.sent[i].kind == "" && p.sent[i].to == nil {
			n++
		}
	}
	return n
}

// line tells of mails that belong together: the posts that came one after the other, or the editions of one mail.
func (p *demoPlay) line(all []demoSent) string {
	s := &all[0]
	subject := printable(s.message.Subject())
	switch {
	case s.kind == "" && s.to == nil:
		var who []string
		for i := range all {
			if from, err := all[i].message.From(); err == nil && !slices.Contains(who, p.first(from.Addr)) {
				who = append(who, p.first(from.Addr))
			}
		}
		return fmt.Sprintf("%s by %s", count(len(all), "post"), strings.Join(who, ", "))
	case s.to != nil && len(all) > 1:
		languages := map[string]bool{}
		for i := range all {
			languages[all[i].message.Get("Content-Language")] = true
		}
		return fmt.Sprintf("to %s, each their own, in %s: %s", count(len(all), "member"), count(len(languages), "language"), subject)
	case s.to != nil:
		return fmt.Sprintf("to %s: %s", p.first(s.to[0]), subject)
	}
	readers, languages := 0, map[string]bool{}
	for i := range all {
		readers += all[i].readers
		languages[all[i].message.Get("Content-Language")] = true
	}
	editions := ""
	if len(languages) > 1 {
		editions = fmt.Sprintf(" in %d languages", len(languages))
	}
	return fmt.Sprintf("to %s%s: %s", count(readers, "member"), editions, subject)
}

// first is somebody's first name, or their address.
func (p *demoPlay) first(address string) string {
	if name, _, _ := strings.Cut(p.names[address], " "); name != "" {
		return name
	}
	return address
}
