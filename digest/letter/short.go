package letter

import (
	"strings"

	"convene/digest/facts"
	"convene/digest/plan"
)

// MaxShort is the longest short form, in characters: for WhatsApp, or a radio desk.
const MaxShort = 500

// shortData is what the text "short" is written from. It names nobody.
type shortData struct {
	Title   string
	Week    int
	Counts  facts.Counts
	Phrases []string
	Open    string
	Event   eventData
}

// short is the short form of a summary; empty for what is none. One that was given is taken.
func (b *Book) short(p *Planned, languages []string) (string, error) {
	if p.Short != "" {
		return cutAt(strings.TrimSpace(clean(p.Short)), MaxShort), nil
	}
	if p.Facts == nil || p.Row.Kind != plan.Weekly && p.Row.Kind != plan.Closing {
		return "", nil
	}
	language := b.Language("short", languages)
	c := composing{p: p, language: language, languages: append([]string{language}, languages...), most: maxThemes}
	var d plannedData
	c.discussion(&d)
	c.said(&d, p.Facts)
	short := shortData{Title: d.Title, Week: p.Row.Week, Counts: d.Counts, Event: d.Event}
	if p.Row.Kind == plan.Closing {
		short.Week = 0
	}
	for _, t := range d.Themes {
		short.Phrases = append(short.Phrases, t.Phrase)
	}
	if len(d.Open) > 0 {
		short.Open = d.Open[0].Text
	}
	return b.shortOf(short, languages)
}

// shortOf writes the short form: with fewer themes, and at last without the question, where there are too many characters. A phrase that has the name of
// somebody who wrote is left to whoever reads the draft.
func (b *Book) shortOf(d shortData, languages []string) (string, error) {
	for {
		m, err := b.Write("short", languages, d)
		if err != nil {
			return "", err
		}
		s := oneLine(m.Text, 4*MaxShort)
		if len([]rune(s)) <= MaxShort {
			return s, nil
		}
		switch {
		case len(d.Phrases) > 1:
			d.Phrases = d.Phrases[:len(d.Phrases)-1]
		case d.Open != "":
			d.Open = ""
		default:
			return cutAt(s, MaxShort), nil
		}
	}
}
