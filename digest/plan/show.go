package plan

import (
	"fmt"
	"strings"
	"time"

	"convene/list/event"
)

// Show says of rows what only others know. A nil function knows nothing.
type Show struct {
	// Topic is the subject of the mail; empty: what the config says, else what its kind is called.
	Topic func(Row) string
	// State is where the mail stands: "drafted", "sent"; empty: it waits for its time, or is skipped.
	State func(Row) string
	// Responder is where a first responder of a mail stands: "asked", "yes"; empty: "not asked".
	Responder func(row Row, address string) string
}

// Line is one mail of a plan as it is shown. Its names are those of plan show --json.
type Line struct {
	N          int         `json:"n"`
	Kind       Kind        `json:"kind"`
	Topic      string      `json:"topic"`
	At         time.Time   `json:"at"`
	SentBy     string      `json:"sent_by"`
	State      string      `json:"state"`
	Responders []Answering `json:"first_responders"`

	Row     Row      `json:"-"`
	Content []string `json:"content"` // what it says and asks, a line each
}

// Answering is a first responder and where they stand.
type Answering struct {
	Address string `json:"address"`
	State   string `json:"state"`
}

// kindNames are what mails are called that have no subject yet.
var kindNames = map[Kind]string{
	Announcement: "announcement", Kickoff: "kick-off", Questions: "next round", Midweek: "midweek", Weekly: "weekly summary", Closing: "closing",
	EventContent: "recording and resources", EventSummary: "summary of the event", FollowUp: "follow-up", Message: "message",
}

// contents are what mails say, but for the questions that they ask.
var contents = map[Kind]string{
	Announcement: "what starts, why, who facilitates; how to take part",
	Midweek:      "so far: the threads, a quote each, a question nobody has taken up",
	Weekly:       "what we heard, open questions, links, thanks; what comes next",
	Closing:      "what we learned; what will you try; thanks",
	EventContent: "recording, slides; waits for the facilitator's text",
	EventSummary: "what was said, table by table; waits for the facilitator's text",
}

// Lines are the rows as they are shown: the questions in the first of these languages that they are in.
func (d *Discussion) Lines(rows []Row, ch Changes, s Show, languages ...string) []Line {
	lines := make([]Line, len(rows))
	for i, r := range rows {
		l := Line{N: r.N, Kind: r.Kind, Topic: r.Subject.In(languages...), At: r.At, SentBy: mailbox(r.SentBy), Responders: []Answering{}, Row: r}
		if s.Topic != nil && l.Topic == "" {
			l.Topic = s.Topic(r)
		}
		if l.Topic == "" {
			l.Topic = kindNames[r.Kind]
		}
		if s.State != nil {
			l.State = s.State(r)
		}
		if l.State == "" {
			l.State = "waiting"
			if r.Skipped {
				l.State = "skipped"
			}
		}
		for _, x := range d.RespondersOf(r) {
			for _, m := range x.Members {
				state := ""
				if s.Responder != nil {
					state = s.Responder(r, m.Address)
				}
				if state == "" {
					state = "not asked"
				}
				l.Responders = append(l.Responders, Answering{m.Address, state})
			}
		}
		l.Content = d.content(r, ch, languages)
		lines[i] = l
	}
	return lines
}

// content is what a mail says and asks, a line each.
func (d *Discussion) content(r Row, ch Changes, languages []string) []string {
	var lines []string
	if say := contents[r.Kind]; say != "" {
		lines = append(lines, say)
	}
	switch {
	case r.Kind == Midweek && r.If:
		lines = append(lines, fmt.Sprintf("only if %d posts by %d people came since the question", d.Midweek.OnlyIfPosts, d.Midweek.OnlyIfPeople))
	case r.Kind == Kickoff && (d.IntroductionDefault || len(d.Introduction) > 0):
		lines = append(lines, "introduce yourself")
	case (r.Kind == Announcement || r.Kind == Closing) && d.Event != nil:
		lines = append(lines, fmt.Sprintf("%s, %s", d.Event.Title.In(languages...), d.Event.Start.Format(dayFormat)))
	case r.Kind == Message || r.Kind == FollowUp:
		lines = append(lines, firstLine(r.Body.In(languages...)))
	}
	for _, q := range r.Asks {
		lines = append(lines, fmt.Sprintf("%d. %s", q+1, d.Question(ch, q, languages...)))
	}
	if r.MembersOwn {
		lines = append(lines, "questions that members asked, offered in its draft")
	}
	return lines
}

// Question is a question as rows count them, from 0: one of the plan's own, or one that was added; empty: there is none.
func (d *Discussion) Question(ch Changes, q int, languages ...string) string {
	switch {
	case q < 0:
	case q < len(d.Questions):
		return d.Questions[q].In(languages...)
	case q-len(d.Questions) < len(ch.Added):
		return ch.Added[q-len(d.Questions)]
	}
	return ""
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(line)
}

// mailbox is a person as config files have them: an address, or a name and one in angle brackets.
func mailbox(p Person) string {
	if p.Name == "" {
		return p.Address
	}
	return p.Name + " <" + p.Address + ">"
}

// CalendarFile is the plan as a calendar file, for facilitators: its mails, and its event.
func (d *Discussion) CalendarFile(now time.Time, lines []Line, languages ...string) []byte {
	_, domain, _ := strings.Cut(d.List, "@")
	var entries []event.Entry
	for _, l := range lines {
		x := event.Entry{
			UID: strings.ReplaceAll(l.Row.Key, "/", ".") + "@" + domain, Start: l.At, Summary: fmt.Sprintf("%d. %s", l.N, l.Topic),
			Description: strings.Join(append([]string{fmt.Sprintf("%s, sent by %s", l.Kind, l.SentBy)}, l.Content...), "\n"),
			Free:        true, Cancelled: l.Row.Skipped,
		}
		if l.Row.Moved {
			x.Revision = 1
		}
		entries = append(entries, x)
	}
	if d.Event != nil {
		entries = append(entries, d.Event.Entry(languages...))
	}
	return event.WriteCalendar(now, entries)
}
