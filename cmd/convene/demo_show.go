package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
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
		for n < len(p.sent) && p.sent[n].kind == s.kind && sameDay(p.sent[n].at.In(zone), s.at.In(zone)) && (s.kind == "" && s.to == nil || p.sent[n].message.MessageID() == s.message.MessageID()) {
			n++
		}
		fmt.Fprintf(c.out, "  %s  %s\n", s.at.In(zone).Format("15:04"), p.line(p.sent[i:n]))
		i = n
	}
	_, err := fmt.Fprintf(c.out, "\n%s in all, of which members wrote %s.\n", count(len(p.sent), "mail"), count(p.posts(), "post"))
	return err
}

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

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
	case s.to != nil:
		return fmt.Sprintf("to %s: %s", p.first(s.to[0]), subject)
	}
	readers := 0
	for i := range all {
		readers += all[i].readers
	}
	editions := ""
	if len(all) > 1 {
		editions = fmt.Sprintf(" in %d languages", len(all))
	}
	return fmt.Sprintf("to %d members%s: %s", readers, editions, subject)
}

// first is somebody's first name, or their address.
func (p *demoPlay) first(address string) string {
	if name, _, _ := strings.Cut(p.names[address], " "); name != "" {
		return name
	}
	return address
}
