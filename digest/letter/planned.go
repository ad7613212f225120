package letter

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"convene/digest/plan"
)

// MaxMail is the most that both parts of a planned email have together, in octets. What there is no room for is left out of the lists that it has.
const MaxMail = 30_000

// ErrUnwritten says that a mail waits for the facilitator's own words: what follows an event is never sent without.
var ErrUnwritten = errors.New("letter: the facilitator has not written it yet")

// size is how many octets both parts have.
func (m Mail) size() int { return len(m.Text) + len(m.HTML) }

// room is how many items a list of a mail may have, in the order in which it is tried.
var room = []int{400, 60, 40, 25, 15, 10, 6, 4, 3, 2}

// Planned writes a planned email in the first of these languages that there is a text in. The error is ErrUnwritten for an event's content and summary
// without Content.
func (b *Book) Planned(p *Planned, languages []string) (Mail, error) {
	k := p.Row.Kind
	if (k == plan.EventContent || k == plan.EventSummary) && strings.TrimSpace(p.Content) == "" && p.Edits.whole(b.Language(string(k), languages)) == "" {
		return Mail{}, fmt.Errorf("%s: %w", p.Row.Key, ErrUnwritten)
	}
	return b.fitted(p, languages, b.name(p, languages), false)
}

// PlainForm writes what goes out in the place of a summary whose draft nobody answered: what was asked, the first sentence of each post in order with its
// link, who wrote, and what comes next.
func (b *Book) PlainForm(p *Planned, languages []string) (Mail, error) {
	return b.fitted(p, languages, "plain", false)
}

// name is the name of the text of a planned email: "message" where its words are the config's or the facilitator's.
func (b *Book) name(p *Planned, languages []string) string {
	if k := string(p.Row.Kind); p.Row.Kind != plan.Message && p.Row.Body.In(languages...) == "" && p.Edits.whole(b.Language(k, languages)) == "" {
		return k
	}
	return string(plan.Message)
}

// whole is the text that a facilitator wrote instead of ours in a language; empty: none.
func (e *Edits) whole(language string) string {
	if s, ok := e.Whole[language]; ok {
		return s
	}
	return e.Whole[""]
}

// fitted writes a text about a planned email, with as much in its lists as there is room for.
func (b *Book) fitted(p *Planned, languages []string, name string, draft bool) (m Mail, err error) {
	language, cut, notes := b.Language(name, languages), b.cutsOf(p, name), b.notesRoom(p, name)
	for _, most := range room {
		c := composing{p: p, language: language, languages: append([]string{language}, languages...), most: most, cut: cut, draft: draft, notes: notes}
		if m, err = b.Write(name, languages, c.data(name)); err != nil || m.size() <= MaxMail {
			return m, err
		}
	}
	return m, nil
}

// composing is one mail that is being put together.
type composing struct {
	p         *Planned
	language  string
	languages []string
	most      int // items of a list
	cut       int // how much is left out for the sake of its length: see cutsOf
	draft     bool
	notes     int // words of notes that there is room for
}

// data is what the text of a planned email is written from.
func (c *composing) data(name string) any {
	p := c.p
	if name == string(plan.Message) {
		return c.message()
	}
	d := plannedData{Draft: c.draft, Place: p.Place, Voice: p.Voice, Now: p.Now, OpenUntil: p.OpenUntil, Content: p.Content}
	c.behind(&d)
	c.discussion(&d)
	c.asking(&d)
	c.steps(&d)
	if p.Facts != nil {
		c.said(&d, p.Facts)
		c.thanked(&d, p.Facts)
	}
	c.spoken(&d)
	if d.Subject = p.Edits.Subject; d.Subject == "" {
		d.Subject = p.Row.Subject.In(c.languages...)
	}
	d.Subject = withTag(d.Subject, d.Hashtag)
	return d
}

// message is what a mail is written from whose words are somebody's.
func (c *composing) message() messageData {
	p := c.p
	m := messageData{Subject: p.Edits.Subject, Body: p.Edits.whole(c.language), Place: p.Place, Voice: p.Voice}
	if m.Body == "" {
		m.Body = p.Row.Body.In(c.languages...)
	}
	if m.Subject == "" {
		m.Subject = p.Row.Subject.In(c.languages...)
	}
	if p.Discussion != nil {
		if m.Subject == "" {
			m.Subject = p.Discussion.Title.In(c.languages...)
		}
		m.Subject = withTag(m.Subject, p.Discussion.Hashtag)
	}
	return m
}

// withTag is a subject that ends in the hashtag.
func withTag(subject, tag string) string {
	if subject == "" || tag == "" || strings.Contains(strings.ToLower(subject), strings.ToLower(tag)) {
		return subject
	}
	return subject + " " + tag
}

// discussion is what the plan says.
func (c *composing) discussion(d *plannedData) {
	g := c.p.Discussion
	in := func(t plan.Texts) string { return t.In(c.languages...) }
	d.Title, d.Hashtag = in(g.Title), g.Hashtag
	d.Purpose, d.Intro, d.Introduction = in(g.Purpose), in(g.Intro), in(g.Introduction)
	d.Effort, d.Evidence, d.CallToAction = in(g.Effort), in(g.Evidence), in(g.CallToAction)
	for _, tag := range g.Languages {
		d.Languages = append(d.Languages, languageName(tag))
	}
	d.Quoting = string(g.Attribution)
	zone := time.UTC
	if g.Calendar.Location != nil {
		zone = g.Calendar.Location
	}
	d.Start = g.Start.At(0, zone)
	d.Last = g.Start.AddDays(7*g.Weeks-1).At(0, zone)
	d.Kind, d.Week, d.Weeks = string(c.p.Row.Kind), c.p.Row.Week, g.Weeks
	d.Introduce = g.IntroductionDefault
	if e := g.Event; e != nil {
		d.Event = eventData{ID: e.ID, Title: in(e.Title), Where: e.Where, Start: e.Start, RegisterBy: e.RegisterBy, Minutes: int(e.Length / time.Minute),
			Ahead: e.Start.After(c.p.Row.At), Cafe: e.Format == "world_cafe"}
		for _, line := range first(e.Agenda, 3) {
			d.Event.Agenda = append(d.Event.Agenda, in(line))
		}
	}
	d.Begun = c.p.Begun
}
