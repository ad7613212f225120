package words

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how many words that say something a phrase has at most.
const longest = 4

// mannerOf is which part of the places where a word is a noun those are at least where it says how something is done, for it to be named so: one in so many.
const mannerOf = 2

// leastNoun is in what share of its places a single word is a noun, for it to be the name of something.
const leastNoun = 0.2

// gram is a phrase by the stems of its words; unused places are -1.
type gram [longest]int32

// Phrase is some words that stand together in what several people wrote.
type Phrase struct {
	Text   string  // as most of them wrote it
	Stems  []int32 // of the words that say something, in order
	Docs   []int   // in which it stands, ascending
	People []int   // who wrote it, ascending
	Count  int     // how often
	Noun   float64 // share of its places where it can be nothing but a noun, less those where it is a verb, or says how something is
	Alone  bool    // it is one word, and the name of something: a noun, as far as what stands around it tells
	Proper bool    // most write it with a capital letter within a sentence
}

// found is what is known of a gram.
type found struct {
	count, noun, verb, proper int
	docs, people              []int
	forms                     map[string]int
	nouns                     map[string]int // forms where nothing but a noun can stand, and no other word goes on with it
	manner                    map[string]int // those behind a word that makes of a noun how something is done, and with it
}

// Phrases are the phrases in what people wrote, as long as they can be, of those that stand in two documents at least (in one, where there is but one).
// Their order is that of their stems' first appearance.
func (c *Collection) Phrases() []Phrase {
	least := 2
	if c.number < 2 {
		least = 1
	}
	all := map[gram]*found{}
	frequent := func(g gram) bool { f := all[g]; return f != nil && len(f.docs) >= least }
	for n := 1; n <= longest; n++ {
		for i := range c.rows {
			c.rows[i].grams(n, func(g gram, first, last int) {
				if n > 1 && !(frequent(g.head(n-1)) && frequent(g.tail(n))) {
					return
				}
				c.note(all, g, &c.rows[i], first, last)
			})
		}
	}
	var phrases []Phrase
	for g, f := range all {
		if len(f.docs) < least {
			continue
		}
		text := c.title(f, g[1] < 0)
		if text == "" || c.common(g) {
			continue
		}
		p := Phrase{Text: text, Docs: f.docs, People: distinct(f.people), Count: f.count, Noun: float64(f.noun-f.verb) / float64(f.count), Proper: f.proper*2 > f.count}
		p.Alone = g[1] < 0 && (p.Proper || len(f.nouns) > 0 && p.Noun >= leastNoun || !c.lex.Known())
		for _, stem := range g {
			if stem >= 0 {
				p.Stems = append(p.Stems, stem)
			}
		}
		phrases = append(phrases, p)
	}
	slices.SortFunc(phrases, func(a, b Phrase) int { return slices.Compare(a.Stems, b.Stems) })
	return phrases
}

// grams finds the phrases of n words in a sentence; first and last are their tokens.
func (r *row) grams(n int, each func(g gram, first, last int)) {
	for i, t := range r.tokens {
		if t.stem < 0 {
			continue
		}
		g := gram{t.stem, -1, -1, -1}
		at, ok := i, true
		for k := 1; k < n && ok; k++ {
			at, ok = r.next(at)
			if ok {
				g[k] = r.tokens[at].stem
			}
		}
		if ok {
			each(g, i, at)
		}
	}
}

// next is the token of the next word that says something, if a phrase may go on over what stands between.
func (r *row) next(at int) (int, bool) {
	at++
	if at < len(r.tokens) && r.tokens[at].stem == -1 && r.tokens[at].join {
		at++
		if at < len(r.tokens) && r.tokens[at].stem == -1 && r.tokens[at].article {
			at++
		}
	}
	return at, at < len(r.tokens) && r.tokens[at].stem >= 0
}

func (g gram) head(n int) gram {
	for i := n; i < longest; i++ {
		g[i] = -1
	}
	return g
}

func (g gram) tail(n int) gram {
	t := gram{-1, -1, -1, -1}
	copy(t[:], g[1:n])
	return t
}

func (c *Collection) note(all map[gram]*found, g gram, r *row, first, last int) {
	f := all[g]
	if f == nil {
		f = &found{forms: map[string]int{}, nouns: map[string]int{}, manner: map[string]int{}}
		all[g] = f
	}
	f.count++
	if n := len(f.docs); n == 0 || f.docs[n-1] != r.doc {
		f.docs = append(f.docs, r.doc)
		f.people = append(f.people, r.person)
	}
	text := r.text[r.tokens[first].begin:r.tokens[last].end]
	if first == 0 { // a sentence begins with a capital letter, whatever it begins with
		text = uncapital(text)
	}
	f.forms[text]++
	if first > 0 && r.tokens[first-1].mark > 0 && c.ends(r, last) {
		f.nouns[text]++
		if how := r.text[r.tokens[first-1].begin:r.tokens[first-1].end]; c.lex.manner[strings.ToLower(how)] {
			f.manner[strings.ToLower(how)+" "+text]++
		}
	}
	if first > 0 {
		f.noun += max(0, int(r.tokens[first-1].mark))
		f.verb += max(0, -int(r.tokens[first-1].mark))
		if r0, _ := utf8.DecodeRuneInString(text); unicode.IsUpper(r0) {
			f.proper++
		}
	}
}

// ends reports whether no noun goes on with a word, so that it is not what says of which kind that one is: "a silent list", "an airtime purse".
func (c *Collection) ends(r *row, at int) bool {
	if at+1 == len(r.tokens) || r.tokens[at+1].stem < 0 {
		return true
	}
	next := r.tokens[at+1]
	return c.lex.verbs[strings.ToLower(r.text[next.begin:next.end])]
}

// title is how a phrase is written that can stand for itself: as most wrote it, of one word as it stands where only a noun can, with the word before it
// where most say with it how something is done. Empty: it cannot.
func (c *Collection) title(f *found, one bool) string {
	forms := map[string]int{}
	for form, n := range f.forms {
		if c.stands(form) {
			forms[form] = n
		}
	}
	if one && len(f.nouns) > 0 {
		named := map[string]int{}
		for form := range f.nouns {
			if n, ok := forms[form]; ok {
				named[form] = n
			}
		}
		if len(named) == 0 {
			return ""
		}
		forms = named
	}
	text := likeliest(forms)
	if how := likeliest(f.manner); one && strings.HasSuffix(how, " "+text) && f.manner[how] > 1 && f.manner[how]*mannerOf >= total(f.nouns) {
		return how
	}
	return text
}

// uncapital is a text with a small letter at its beginning, unless its first word has a capital within.
func uncapital(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	word, _, _ := strings.Cut(text[n:], " ")
	if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsDigit(r) }) || word == "" {
		return text
	}
	return string(unicode.ToLower(r)) + text[n:]
}

// stands reports whether a phrase can stand for itself: it neither begins nor ends with a verb, repeats nothing, and not all of it says little.
func (c *Collection) stands(text string) bool {
	words, weak, says := Words(text), 0, 0
	for i, word := range words {
		if c.lex.Stop(word) {
			continue
		}
		says++
		if c.lex.Weak(word) {
			weak++
		}
		if slices.Contains(words[:i], word) {
			return false
		}
	}
	return weak < says && c.lex.edge(words[0]) && c.lex.edge(words[len(words)-1])
}

// common reports whether a phrase has a word in it that stands in so many documents that it is a small word, in a language of which none are known.
func (c *Collection) common(g gram) bool {
	if c.lex.Known() {
		return false
	}
	for _, stem := range g {
		if stem >= 0 && c.number >= 6 && c.docs[stem]*3 > c.number {
			return true
		}
	}
	return false
}

// likeliest is the form that most wrote, the first in the alphabet of those that as many did; one in small letters before one with a capital.
func likeliest(forms map[string]int) string {
	low := map[string]int{}
	for form, n := range forms {
		low[strings.ToLower(form)] += n
	}
	best := ""
	for form := range forms {
		if best == "" || cmp.Or(cmp.Compare(low[strings.ToLower(form)], low[strings.ToLower(best)]), cmp.Compare(forms[form], forms[best]), cmp.Compare(best, form)) > 0 {
			best = form
		}
	}
	return strings.TrimSuffix(strings.TrimSuffix(best, "'s"), "’s")
}

func total(forms map[string]int) (n int) {
	for _, m := range forms {
		n += m
	}
	return n
}

func distinct(all []int) []int {
	all = slices.Clone(all)
	slices.Sort(all)
	return slices.Compact(all)
}
