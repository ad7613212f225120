package letter

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"convene/digest/plan"
)

// Helper is somebody who hosted tables of an event, or took their notes.
type Helper struct {
	Name  string // empty: they are not named
	Notes bool   // they took notes
}

// notesLengths is how many words a mail behind an event has at most, its footer not counted.
var notesLengths = map[plan.Kind]int{plan.EventContent: 150, plan.EventSummary: 400}

const (
	contentWords = 50      // that are kept free for the facilitator's own
	leastNotes   = 8       // words of each table's notes that is shown
	wholeMost    = 100_000 // octets of all notes in their file: five lines of each of a thousand tables are fewer
	mostThanked  = 40      // names; where more helped, all of them stand in the file of the notes, and none in the mail
)

// notesRoom is how many words of notes there is room for in a mail behind an event. It is found without what the facilitator changed, in the list's language, so that their
// answer to a draft changes nothing but what it says.
func (b *Book) notesRoom(p *Planned, name string) int {
	most := notesLengths[p.Row.Kind]
	if most == 0 || name != string(p.Row.Kind) || len(p.Notes) == 0 {
		return 0
	}
	bare, languages := *p, []string{p.Discussion.Language}
	bare.Edits, bare.Content, bare.Notes = Edits{}, "", nil
	language := b.Language(name, languages)
	c := composing{p: &bare, language: language, languages: append([]string{language}, languages...), most: room[0]}
	m, err := b.Write(name, languages, c.data(name))
	if err != nil {
		return most / 2
	}
	return max(most-contentWords-wordCount(m.Text), most/3)
}

// behind is what a mail behind an event has of its tables: of each a part of its notes, the longest cut first; where there are too many for that, of tables from first to last.
func (c *composing) behind(d *plannedData) {
	if d.Hosts, d.Takers = c.helped(); len(d.Hosts)+len(d.Takers) > mostThanked {
		d.Hosts, d.Takers = nil, nil
	}
	d.Helped = len(c.p.Helpers) > 0
	some := c.p.Notes
	if most := max(c.notes/leastNotes, 1); len(some) > most {
		d.NotesCut = true
		chosen := make([]TableNotes, most)
		for i := range chosen {
			chosen[i] = some[i*len(some)/most]
		}
		some = chosen
	}
	texts := make([]string, len(some))
	for i, n := range some {
		texts[i] = n.Notes
	}
	for i, text := range fairly(texts, c.notes, leastNotes) {
		n := some[i]
		d.NotesCut = d.NotesCut || text != n.Notes
		n.Notes = text
		d.Notes = append(d.Notes, n)
	}
}

// byName reports whether people are thanked by name in a mail to all.
func (c *composing) byName() bool {
	g := c.p.Discussion
	return cmp.Or(g.Attribution, plan.ByName) == plan.ByName && g.Thanks != plan.ThanksPersonal
}

// helped are the names of who hosted and of who took notes.
func (c *composing) helped() (hosts, takers []string) {
	if !c.byName() {
		return nil, nil
	}
	for i, h := range c.p.Helpers {
		if h.Name == "" || slices.Contains(c.p.Edits.DropThanks, i+1) {
			continue
		}
		name := h.Name
		if c.draft {
			name = fmt.Sprintf("t%d %s", i+1, name)
		}
		if h.Notes {
			takers = append(takers, name)
		} else {
			hosts = append(hosts, name)
		}
	}
	return hosts, takers
}

// notesData is what the text "event-notes" is written from: the notes of an event, whole.
type notesData struct {
	Title         string
	Notes         []wholeNotes
	Hosts, Takers []string
}

// wholeNotes are the notes of one table in parts of which each is quoted whole.
type wholeNotes struct {
	TableNotes
	Parts []string
}

// inParts cuts a text between paragraphs, and longer ones behind words, so that nothing of it is left out where it is quoted.
func inParts(text string) (parts []string) {
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		runes := []rune(paragraph)
		for len(runes) > maxWords {
			end := maxWords
			for i := maxWords; i > maxWords/2; i-- {
				if unicode.IsSpace(runes[i]) {
					end = i
					break
				}
			}
			parts, runes = append(parts, string(runes[:end])), runes[end:]
		}
		parts = append(parts, string(runes))
	}
	return parts
}

// bounded are notes of which all together are no longer than wholeMost: where they are, the longest are cut first.
func bounded(all []TableNotes) []TableNotes {
	texts := make([]string, len(all))
	for i, n := range all {
		texts[i] = n.Notes
	}
	for words := wholeMost / wordLength; len(strings.Join(texts, "")) > wholeMost && words > 0; words /= 2 {
		texts = fairly(texts, words, 1)
	}
	all = slices.Clone(all)
	for i := range all {
		all[i].Notes = texts[i]
	}
	return all
}

// NotesWhole are the notes whole, with thanks to who hosted and took them, for beside a mail behind an event that shows them shortened, which cut says.
func (b *Book) NotesWhole(p *Planned, languages []string) (m Mail, cut bool, err error) {
	name := b.name(p, languages)
	if p.Row.Kind != plan.EventSummary || name != string(p.Row.Kind) {
		return m, false, nil
	}
	c := composing{p: p, language: b.Language(name, languages), most: room[0], notes: b.notesRoom(p, name)}
	c.languages = append([]string{c.language}, languages...)
	var d plannedData
	if c.behind(&d); !d.NotesCut {
		return m, false, nil
	}
	c.discussion(&d)
	whole := notesData{Title: cmp.Or(d.Event.Title, d.Title)}
	for _, n := range bounded(p.Notes) {
		whole.Notes = append(whole.Notes, wholeNotes{n, inParts(n.Notes)})
	}
	whole.Hosts, whole.Takers = c.helped()
	m, err = b.Write("event-notes", languages, whole)
	return m, true, err
}
