package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// maxBodyBytes bounds the text of a mail that stands in a file of its own.
const maxBodyBytes = 64 << 10

// plans checks what discussions and events say of one another and of the lists.
func (d *decoder) plans(c *Config, taken map[string]claim) {
	ids, hashtags := map[string]bool{}, map[string]string{}
	for i := range c.Discussions {
		x := &c.Discussions[i]
		path := fmt.Sprintf("discussion[%d]", i)
		d.knownList(c, taken, path+".list", x.List)
		if ids[x.ID] && x.ID != "" {
			d.complain(path+".id", "there is a discussion %q already", x.ID)
		}
		ids[x.ID] = true
		tag := strings.ToLower(x.List + " " + x.Hashtag)
		if other, dup := hashtags[tag]; dup && x.Hashtag != "" {
			d.complain(path+".hashtag", "%s is the hashtag of the discussion %q on the same list", x.Hashtag, other)
		}
		hashtags[tag] = x.ID
		d.responders(x, path)
		d.speakers(c, x, path, taken)
		d.bodies(c, x, path)
		d.plan(c, x, path)
	}
	d.events(c, taken, ids)
}

// plan checks that a discussion makes a plan. Where something could not be read, and was told already, there is none to check.
func (d *decoder) plan(c *Config, x *DiscussionConfig, path string) {
	l := c.list(x.List)
	if l == nil || l.Location == nil {
		return
	}
	if _, set := d.places[path+".weekly.cron"]; !set {
		x.Weekly.suit(l)
	}
	unread := slices.Contains([]string{x.Start, x.Weekly.Cron, x.Midweek.Cron, x.Ask}, "") || x.Weeks == 0
	if unread || slices.ContainsFunc(x.Emails, func(e EmailConfig) bool { return e.Send == "" || e.Kind == "" }) {
		return
	}
	for _, f := range c.discussion(x).Check() {
		d.complain(joinKey(path, f.Field), "%s", f.Text)
	}
}

// speakers refuses our own addresses among those who are written to as persons: what is meant for one would go to all.
func (d *decoder) speakers(c *Config, x *DiscussionConfig, path string, taken map[string]claim) {
	refuse := func(at, address string) {
		if a, ok := ownAddress(c, taken, address); ok {
			d.complain(at, "%s is %s of the list %s: name a person's address", address, a.as, c.Lists[a.list].Address)
		}
	}
	for i, f := range x.Facilitators {
		refuse(fmt.Sprintf("%s.facilitators[%d]", path, i), person(f).Address)
	}
	for i, e := range x.Emails {
		refuse(fmt.Sprintf("%s.email[%d].sent_by", path, i), person(e.SentBy).Address)
	}
	for i, r := range x.FirstResponders {
		at := fmt.Sprintf("%s.first_responders[%d]", path, i)
		for j, m := range r.Members {
			refuse(fmt.Sprintf("%s.members[%d].address", at, j), m.Address)
		}
		for j, b := range r.Backup {
			refuse(fmt.Sprintf("%s.backup[%d]", at, j), b)
		}
	}
}

// bodies reads the texts of mails that stand in files of their own, of which a backup keeps a copy.
func (d *decoder) bodies(c *Config, x *DiscussionConfig, path string) {
	for j := range x.Emails {
		e := &x.Emails[j]
		at := fmt.Sprintf("%s.email[%d].body_file", path, j)
		switch {
		case e.BodyFile == "":
		case len(e.Body) > 0:
			d.complain(at, "there is a body too: one of the two")
		default:
			text, err := readBody(e.BodyFile)
			if err != nil {
				d.complain(at, "%v", err)
				continue
			}
			e.Body = Texts{"": text}
			if !slices.Contains(c.Files, e.BodyFile) {
				c.Files = append(c.Files, e.BodyFile)
			}
		}
	}
}

// readBody reads the text of a mail.
func readBody(path string) (string, error) {
	data, err := readRegular(path, maxBodyBytes)
	if err != nil {
		return "", errors.New(inWords(err))
	}
	if !utf8.Valid(data) {
		return "", fmt.Errorf("%s is not UTF-8", path)
	}
	text, err := prose(string(data))
	if err != nil {
		return "", fmt.Errorf("%s %w", path, err)
	}
	if text == "" {
		return "", fmt.Errorf("%s is empty", path)
	}
	return text.(string), nil
}

// responders checks that first responders are asked about something that is planned.
func (d *decoder) responders(x *DiscussionConfig, path string) {
	for j, r := range x.FirstResponders {
		at := fmt.Sprintf("%s.first_responders[%d]", path, j)
		switch {
		case (r.Question == 0) == (r.Email == 0):
			d.complain(at, "needs question = N or email = N, one of the two")
		case r.Question > max(1, len(x.Questions)): // the first is the kick-off's, whatever it asks
			d.complain(at+".question", "there is no question %d: questions has %d", r.Question, len(x.Questions))
		}
		if len(r.Members) == 0 {
			d.complain(at, "names no members")
		}
	}
}

// events checks the events.
func (d *decoder) events(c *Config, taken map[string]claim, discussions map[string]bool) {
	ids, of := map[string]bool{}, map[string]string{}
	for i, e := range c.Events {
		path := fmt.Sprintf("event[%d]", i)
		d.knownList(c, taken, path+".list", e.List)
		if ids[e.ID] && e.ID != "" {
			d.complain(path+".id", "there is an event %q already", e.ID)
		}
		ids[e.ID] = true
		if e.Discussion != "" && !discussions[e.Discussion] && !d.partial {
			var names []string
			for id := range discussions {
				names = append(names, id)
			}
			d.complain(path+".discussion", "there is no discussion %q%s", e.Discussion, suggest(e.Discussion, names))
		}
		if other, dup := of[e.Discussion]; dup && e.Discussion != "" {
			d.complain(path+".discussion", "%q is the event of the discussion %q already: it has one", other, e.Discussion)
		}
		of[e.Discussion] = e.ID
		if e.Repeat != "" && e.Format == "world_cafe" {
			d.complain(path+".repeat", "a World Café takes place once, since people are seated for one meeting; write an [[event]] for each date")
		} else if e.Repeat != "" && e.Start != "" {
			d.repeats(c, path, &e)
		}
		if e.RegisterBy != "" && e.Start != "" && e.RegisterBy > e.Start {
			d.complain(path+".register_by", "%s is after the start, %s", e.RegisterBy, e.Start)
		}
	}
}

// repeats checks by which rule an event takes place again, and on which dates it does not.
func (d *decoder) repeats(c *Config, path string, x *EventConfig) {
	l := c.list(x.List)
	if l == nil || l.Location == nil {
		return // that is a fault of its own
	}
	e := x.event(l)
	if err := e.Check(); err != nil {
		d.complain(path+".repeat", "%s; every Tuesday is \"FREQ=WEEKLY\", six times \"FREQ=WEEKLY;COUNT=6\", the first Monday of each month \"FREQ=MONTHLY;BYDAY=1MO\"", err)
		return
	}
	whole := *e
	whole.Except = nil
	for i, t := range e.Except {
		if _, ok := whole.DateOf(t); !ok {
			d.complain(fmt.Sprintf("%s.except[%d]", path, i), "%s is none of its dates", t.Format(time.DateOnly))
		}
	}
	if dates, more := whole.Dates(whole.Start, time.Time{}, len(x.Presenters)); !more && len(x.Presenters) > len(dates) && x.Format == "lunch_and_learn" {
		d.complain(path+".presenters", "there are %d presenters, one for each date, and %d dates", len(x.Presenters), len(dates))
	}
}
