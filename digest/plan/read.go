package plan

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"convene/list/event"
)

// Bounds on what a mail may ask.
const (
	maxTitle     = 200  // characters
	maxParagraph = 2000 // characters
	maxQuestions = 50
	maxFaults    = 20
)

// ReadMail makes a discussion of what a facilitator mailed: lines such as "Title: …", "Start: 2026-03-02", "Weeks: 2", "Question: …" (as many as there are),
// "Event: 2026-03-17 15:00 World Café", "Where: …", "Hashtag: …", "Purpose: …", in English, French or Spanish. A line that goes on is one; what stands behind
// an empty line, or before the first, is talk. All else is as base has it, which is not changed. text is the sender's own words, without quotations.
//
// An error is of type MailFaults, and has all of them.
func ReadMail(base *Discussion, text string) (*Discussion, error) {
	d := *base
	r := &mailReader{d: &d, seen: map[string]bool{}}
	for _, l := range r.split(text) {
		r.take(l)
	}
	for _, key := range []string{"title", "start", "question"} {
		if !r.seen[key] {
			r.fault(0, MissingLine, strings.ToUpper(key[:1])+key[1:]+":", "")
		}
	}
	r.event()
	if len(r.faults) == 0 {
		for _, f := range d.Check() {
			r.fault(0, BadPlan, f.Text, "")
		}
	}
	if len(r.faults) > 0 {
		return nil, r.faults
	}
	return &d, nil
}

type mailReader struct {
	d      *Discussion
	seen   map[string]bool
	faults MailFaults
	date   mailLine // of the event
	where  string
}

func (r *mailReader) fault(line int, kind MailFaultKind, text, hint string) {
	if len(r.faults) < maxFaults {
		if utf8.RuneCountInString(text) > 80 {
			text = string([]rune(text)[:79]) + "…"
		}
		r.faults = append(r.faults, MailFault{line, kind, text, hint})
	}
}

var (
	weeksText   = regexp.MustCompile(`^(\d{1,3})\b`)
	hashtagText = regexp.MustCompile(`^#?([\p{L}\p{N}][\p{L}\p{N}_-]{0,49})$`)
)

// take reads one line.
func (r *mailReader) take(l mailLine) {
	name := strings.ToUpper(l.key[:1]) + l.key[1:] + ":"
	switch {
	case r.seen[l.key] && l.key != "question":
		r.fault(l.n, TwiceLine, name, "")
		return
	case l.value == "":
		r.seen[l.key] = true
		r.fault(l.n, EmptyLine, name, "")
		return
	case utf8.RuneCountInString(l.value) > maxParagraph || l.key == "title" && utf8.RuneCountInString(l.value) > maxTitle:
		r.fault(l.n, TooLong, l.value, "")
	}
	r.seen[l.key] = true
	text := Texts{"": l.value}
	switch l.key {
	case "title":
		r.d.Title = text
	case "purpose":
		r.d.Purpose = text
	case "effort":
		r.d.Effort = text
	case "where":
		r.where = l.value
	case "event":
		r.date = l
	case "question":
		r.question(l)
	case "start":
		if at, ok := r.find(l, l.value); ok {
			r.d.Start = at.day
		}
	case "weeks":
		m := weeksText.FindStringSubmatch(l.value)
		n := 0
		if m != nil {
			n, _ = strconv.Atoi(m[1])
		}
		if r.d.Weeks = n; n < 1 || n > 52 {
			r.fault(l.n, BadWeeks, l.value, "")
		}
	case "hashtag":
		if m := hashtagText.FindStringSubmatch(l.value); m == nil {
			r.fault(l.n, BadHashtag, l.value, "")
		} else {
			r.d.Hashtag = "#" + m[1]
		}
	}
}

// question adds a question; those of base are not asked.
func (r *mailReader) question(l mailLine) {
	if r.d.Questions != nil && !r.seen["asked"] {
		r.d.Questions = nil
	}
	r.seen["asked"] = true
	if len(r.d.Questions) == maxQuestions {
		r.fault(l.n, TooMany, l.value, fmt.Sprint(maxQuestions))
	}
	if len(r.d.Questions) <= maxQuestions {
		r.d.Questions = append(r.d.Questions, Texts{"": l.value})
	}
}

// eventLength is how long an event is of which nothing is said.
const eventLength = 90 * time.Minute

// event makes the event, when all lines were read.
func (r *mailReader) event() {
	if r.date.key == "" {
		return
	}
	at, ok := r.find(r.date, r.date.value)
	if !ok {
		return
	}
	if at.from < 0 {
		r.fault(r.date.n, BadTime, r.date.value, "")
		return
	}
	loc := r.d.Calendar.Location
	e := &event.Event{ID: r.d.ID + "-event", List: r.d.List, Discussion: r.d.ID, Title: Texts{"": at.rest}, Start: at.day.At(at.from, loc), Length: eventLength,
		Format: event.Meeting, Where: r.where}
	if at.to > at.from {
		e.Length = at.day.At(at.to, loc).Sub(e.Start)
	}
	if e.Where == "" {
		e.Where = at.link
	}
	if at.rest == "" {
		e.Title = r.d.Title
	}
	if strings.Contains(plainLetters(at.rest), "world cafe") {
		e.Format = event.WorldCafe
	}
	r.d.Event = e
}
