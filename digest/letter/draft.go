package letter

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/digest/facts"
	"convene/digest/plan"
)

// Drafting is what a draft says around the mail that it shows.
type Drafting struct {
	Planned *Planned
	// When is when the mail goes out; zero: not until somebody says so.
	When time.Time
	// Deadline is until when an answer still changes it; zero: until When.
	Deadline time.Time
	// To is who gets the draft, and Cover the languages to write to them in, the best first: of what stands around the mail. None: those of the mail.
	To    plan.Person
	Cover []string
	// Done are the words of the last answer that were followed, as they were written; none: this is the first.
	Done []string
	// Unknown are those that were not.
	Unknown []string
	// Understood says that the text was taken from what was changed within a quotation.
	Understood bool
	// Reminder says that nobody has answered yet, and it goes out soon; PassedOn that it comes from the person who had it first.
	Reminder bool
	PassedOn bool
	// Late is when it should have gone out, while nobody was there to send it; zero: it is not late.
	Late time.Time
	// Decided says that somebody has answered, so that it goes out as it is shown whatever they do now.
	Decided bool
	// Remarks are what else is to be said of an answer.
	Remarks []Remark
}

// draftData is what the text "draft", the cover, and "draft-tail", what stands below the mail, are written from.
type draftData struct {
	Subject   string
	Voice     plan.Person
	When      time.Time
	Deadline  time.Time
	Silence   string // plain, send, hold
	Waits     bool   // for the facilitator's own words
	Left      bool   // these are of what is left of an event, its recording and slides
	Verbs     []string
	Done      []string
	Unknown   []string
	Doubts    []doubtData
	Languages []string // that it goes out in, where there are several

	Understood, Reminder, PassedOn, Decided bool

	Late    time.Time
	Remarks []Remark

	Thanks   []thankData
	NoThanks []string // numbers and names of those to whom no thank-you goes
	Short    string
}

type doubtData struct {
	What, Name, Language string
	Theme, Posts         int
}

type thankData struct {
	Label, Name, Line, Text string
	TakenUpBy               []string
	Asked, Open             bool
}

// Draft writes the draft of a planned email: a cover of a few lines, with every word that answers it and what becomes of it if nobody does; the mail with
// everything numbered; the lines of the thank-yous; the short form. Its links lead to ReplyTo.
func (b *Book) Draft(g *Drafting, languages []string) (Mail, error) {
	p := g.Planned
	name := b.name(p, languages)
	language, cut, notes := b.Language(name, languages), b.cutsOf(p, name), b.notesRoom(p, name)
	around := g.Cover
	if len(around) == 0 {
		around = languages
	}
	var m Mail
	for _, most := range room {
		c := composing{p: p, language: language, languages: append([]string{language}, languages...), most: most, cut: cut, draft: true, notes: notes}
		subject, inner, _, err := b.compose(name, languages, c.data(name))
		if err != nil {
			return Mail{}, err
		}
		d := c.cover(g, subject, b.Language("draft", around))
		if d.Short, err = b.short(p, languages); err != nil {
			return Mail{}, err
		}
		subject, cover, _, err := b.compose("draft", around, d)
		if err != nil {
			return Mail{}, err
		}
		_, tail, _, err := b.compose("draft-tail", around, d)
		if err != nil {
			return Mail{}, err
		}
		whole := append(append(cover, block{kind: rule}), inner...)
		if len(tail) > 0 {
			whole = append(append(whole, block{kind: rule}), tail...)
		}
		if m = whole.mail(subject, language); m.size() <= MaxMail {
			break
		}
	}
	return m, nil
}

// cover is what stands around the mail of a draft, said in the language around.
func (c *composing) cover(g *Drafting, subject, around string) draftData {
	p := c.p
	d := draftData{Subject: subject, Voice: p.Voice, When: g.When, Deadline: g.Deadline, Verbs: c.verbs(), Done: g.Done, Unknown: g.Unknown,
		Understood: g.Understood, Reminder: g.Reminder, PassedOn: g.PassedOn,
		Silence: silence(p), Late: g.Late, Decided: g.Decided, Remarks: g.Remarks}
	if g.When.IsZero() {
		d.Silence = string(plan.SilenceHold)
	}
	d.Waits = d.Silence == string(plan.SilenceHold) && c.waits()
	d.Left = p.Row.Kind == plan.EventContent
	if n := p.Discussion.Languages; len(n) > 1 {
		for _, tag := range n {
			d.Languages = append(d.Languages, languageName(tag))
		}
	}
	d.Doubts = c.untranslated(around)
	if p.Facts == nil || !p.Row.Kind.Summary() {
		return d
	}
	for _, x := range first(p.Facts.Doubts, 4) {
		d.Doubts = append(d.Doubts, doubtData{What: x.What, Name: x.Name, Language: languageName(x.Tag), Theme: x.Theme, Posts: x.Posts})
	}
	if c.thanksLines() {
		for i, t := range p.Facts.Thanks {
			switch one, ok := c.thank(t, i+1); {
			case !ok:
				d.NoThanks = append(d.NoThanks, one.Label+" "+one.Name)
			case len(d.Thanks) < c.most:
				d.Thanks = append(d.Thanks, one)
			}
		}
	}
	return d
}

// silence is what becomes of a draft that nobody answers.
func silence(p *Planned) string {
	switch k := p.Row.Kind; {
	case k == plan.EventContent || k == plan.EventSummary:
		return string(plan.SilenceHold)
	case k.Summary() && p.Discussion.OnSilence != "":
		return string(p.Discussion.OnSilence)
	case k.Summary():
		return string(plan.SilencePlain)
	}
	return string(plan.SilenceSend)
}

// waits reports whether the mail cannot go out without the facilitator's words, and has none.
func (c *composing) waits() bool {
	k := c.p.Row.Kind
	return (k == plan.EventContent || k == plan.EventSummary) && strings.TrimSpace(c.p.Content) == "" && c.p.Edits.whole(c.language) == ""
}

// thanksLines reports whether thank-yous leave after this mail.
func (c *composing) thanksLines() bool {
	k, how := c.p.Row.Kind, c.p.Discussion.Thanks
	return (k == plan.Weekly || k == plan.Closing) && (how == plan.ThanksPersonal || how == plan.ThanksBoth)
}

// thank is a line of a thank-you, with its number; ok says that a mail goes.
func (c *composing) thank(t facts.Thank, n int) (d thankData, ok bool) {
	d = thankData{Label: fmt.Sprintf("t%d", n), Name: cmp.Or(t.Name, t.Address), Line: c.p.Edits.Thanks[n], Text: t.Quote.Text, TakenUpBy: first(t.TakenUpBy, 3), Asked: t.Asked, Open: t.Open}
	return d, !slices.Contains(c.p.Edits.DropThanks, n) && (d.Line != "" || len(t.TakenUpBy) > 0 || t.Open)
}

// verbs are the words that answer this draft, as somebody would write them.
func (c *composing) verbs() []string {
	p := c.p
	always := []string{"edit", "later +1d", "hold", "skip", "handover ADDRESS"}
	if c.waits() {
		return always[1:]
	}
	verbs := []string{"send", "now"}
	if c.words() {
		return append(verbs, always...)
	}
	verbs = append(verbs, "say TEXT")
	if p.Facts != nil && len(p.Facts.Themes) > 0 && p.Row.Kind.Summary() {
		verbs = append(verbs, "drop 2", "drop q3", "rename 1 TEXT")
	}
	if p.Row.Kind == plan.Questions && len(p.Open) > 0 {
		verbs = append(verbs, "add 1")
	}
	verbs = append(verbs, "ask TEXT")
	if p.Row.Kind == plan.EventSummary && len(p.Helpers) > 0 && c.byName() {
		verbs = append(verbs, "drop t2")
	}
	if p.Row.Kind == plan.Weekly || p.Row.Kind == plan.Closing {
		if c.thanksLines() && p.Facts != nil && len(p.Facts.Thanks) > 0 {
			verbs = append(verbs, "t2: TEXT", "drop t2")
		}
		verbs = append(verbs, "spotlight NAME", "no spotlight")
	}
	return append(verbs, always...)
}

// words reports whether the mail's words are somebody's, so that nothing of ours can be changed in it.
func (c *composing) words() bool {
	return c.p.Row.Kind == plan.Message || c.p.Row.Body.In(c.languages...) != "" || c.p.Edits.whole(c.language) != ""
}
