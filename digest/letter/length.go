package letter

import (
	"slices"
	"strings"
	"unicode"

	"convene/digest/facts"
	"convene/digest/plan"
)

// lengths is how many words a mail has at most that tells what people wrote, by kind: what one reads standing, on a phone. The footer does not count.
var lengths = map[plan.Kind]int{plan.Midweek: 180, plan.Weekly: 500, plan.Closing: 600}

// plainMidweek is that of a midweek in the plain form, which has a sentence of each post where the other chooses three.
const plainMidweek = 300

// Cuts say what is left out of a mail that would be too long, from what is worth least on. Each leaves out what those before it do.
const (
	_           = iota
	cutAnswered // questions that were answered are counted, and no more
	cutShared   // five links and files
	cutAsked    // the closing does not repeat what was asked
	cutOthers   // the midweek has one quote more for another language than its threads'
	cutQuotes   // two quotes a theme
	cutThemes   // four themes, two threads
	cutOpen     // three open questions, three themes
	cutSecond   // one quote a theme behind the first theme
	cutLines    // the plain form has half of its lines from here on, then half of those, …
	cuts        = cutLines + 12
)

// cutTo are the limits of a list at a cut: most, or less from that cut on.
func (c *composing) cutTo(most, cut, less int) int {
	if c.cut >= cut {
		most = min(most, less)
	}
	return min(most, c.most)
}

// cutsOf is how much is left out of a mail so that it has no more words than it may. It is found without what the facilitator changed, in the list's language:
// so every edition leaves out the same, and their answer to a draft changes nothing but what it says.
func (b *Book) cutsOf(p *Planned, name string) int {
	most, plain := lengths[p.Row.Kind], name == "plain"
	if plain && p.Row.Kind == plan.Midweek {
		most = plainMidweek
	}
	if most == 0 || p.Facts == nil || !plain && name != string(p.Row.Kind) {
		return 0
	}
	bare, languages := *p, []string{p.Discussion.Language}
	bare.Edits = Edits{}
	language := b.Language(name, languages)
	for cut := range cuts {
		c := composing{p: &bare, language: language, languages: append([]string{language}, languages...), most: room[0], cut: cut}
		if m, err := b.Write(name, languages, c.data(name)); err != nil || wordCount(m.Text) <= most {
			return cut
		}
	}
	return cuts
}

// wordCount is how many words a text has above its footer, addresses not counted.
func wordCount(text string) (n int) {
	if i := strings.LastIndex(text, "\n"+strings.Repeat("-", 24)+"\n"); i >= 0 {
		text = text[:i]
	}
	for word := range strings.FieldsSeq(text) {
		if !strings.Contains(word, "://") && strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

// leastLines is how many lines of a plain form there is always room for.
const leastLines = 4

// linesRoom is how many lines of a plain form there is room for.
func (c *composing) linesRoom(all int) int {
	n := min(all, c.most)
	for range max(c.cut-cutLines+1, 0) {
		n = max(n*4/5, min(n, leastLines))
	}
	return n
}

// fairLines chooses n of the lines of a plain form, which nobody has read: the first in each language, one of each person before a second of anybody, and from
// the whole time, so that neither who was early nor who writes much has the page. They stay in order.
func fairLines(all []facts.Line, n int) []facts.Line {
	if len(all) <= n {
		return all
	}
	taken, languages, people := map[int]bool{}, map[string]bool{}, map[string]bool{}
	for i, l := range all {
		if q := l.Quote; !languages[q.Language] && len(taken) < n {
			taken[i], languages[q.Language], people[q.Address] = true, true, true
		}
	}
	var ones, more []int
	for i, l := range all {
		switch who := l.Quote.Address; {
		case taken[i]:
		case !people[who]:
			people[who] = true
			ones = append(ones, i)
		default:
			more = append(more, i)
		}
	}
	for _, from := range [][]int{ones, more} {
		m := min(n-len(taken), len(from))
		for k := range m {
			taken[from[k*len(from)/m]] = true
		}
	}
	var chosen []facts.Line
	for i, l := range all {
		if taken[i] {
			chosen = append(chosen, l)
		}
	}
	return chosen
}

// also are those who wrote, of whom no line is shown.
func also(wrote []string, lines []lineData) (names []string) {
	for _, name := range wrote {
		if !slices.ContainsFunc(lines, func(l lineData) bool { return l.By == name }) {
			names = append(names, name)
		}
	}
	return names
}
