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

// gram is a phrase by the stems of its words; unused places are -1.
type gram [longest]int32

// Phrase is some words that stand together in what several people wrote.
type Phrase struct {
	Text   string  // as most of them wrote it
	Stems  []int32 // of the words that say something, in order
	Docs   []int   // in which it stands, ascending
	People []int   // who wrote it, ascending
	Count  int     // how often
	Noun   float64 // share of its places where it can be nothing but a noun, less those where it is a verb
	Proper bool    // most write it with a capital letter within a sentence
}

// Collection is what several people wrote in one language, in which the phrases that they share are looked for.
type Collection struct {
	lex    *Lexicon
	omit   func(word string) bool // words, in lower case, that are no theme here
	ids    map[string]int32       // of stems
	stems  []string
	cache  map[string]int32 // by word as written; -1: says nothing
	rows   []row
	docs   map[int32]int // in how many documents a stem is
	number int           // of documents
	last   int           // the document that was added to last, plus one
	seen   map[int32]int // of a stem: the document in which it was last
}

// row is a sentence as it was added.
type row struct {
	doc, person int
	text        string
	tokens      []token
}

type token struct {
	stem       int32 // -1: it says nothing; -2: nothing goes over it
	begin, end int32 // in text
	join       bool
	article    bool
	mark       int8 // what stands before it: 1 where only a noun can follow, -1 where a verb does
}

// NewCollection is an empty one. omit may be nil.
func NewCollection(lex *Lexicon, omit func(word string) bool) *Collection {
	return &Collection{lex: lex, omit: omit, ids: map[string]int32{}, cache: map[string]int32{}, docs: map[int32]int{}, seen: map[int32]int{}}
}

// Add adds a sentence of a document, all those of one document after another. It returns the stems of the words that say something, in order.
func (c *Collection) Add(doc, person int, sentence string) []int32 {
	if c.last != doc+1 {
		c.last = doc + 1
		c.number++
	}
	r := row{doc: doc, person: person, text: sentence, tokens: c.tokens(sentence)}
	var all []int32
	for _, t := range r.tokens {
		if t.stem < 0 {
			continue
		}
		all = append(all, t.stem)
		if c.seen[t.stem] != doc+1 {
			c.seen[t.stem] = doc + 1
			c.docs[t.stem]++
		}
	}
	c.rows = append(c.rows, r)
	return all
}

// Docs is in how many documents a stem is, and how many there are.
func (c *Collection) Docs(stem int32) (in, all int) { return c.docs[stem], c.number }

// Stem is the stem of a number that Add returned.
func (c *Collection) Stem(n int32) string { return c.stems[n] }

// Find is the stems of a text, as Add would return them, of those words that are in the collection.
func (c *Collection) Find(text string) (all []int32) {
	n := len(c.stems)
	for _, t := range c.tokens(text) {
		if t.stem >= 0 && int(t.stem) < n {
			all = append(all, t.stem)
		}
	}
	return all
}

// tokens divides a sentence into words and breaks.
func (c *Collection) tokens(s string) []token {
	var all []token
	begin := 0
	for begin < len(s) {
		end := begin + strings.IndexFunc(s[begin:]+" ", unicode.IsSpace)
		piece := s[begin:end]
		if isAddress(piece) || strings.ContainsAny(piece, "#=<>{}\\|^~$%_()[]&*+`@/") && strings.ContainsFunc(piece, unicode.IsLetter) && !bracketed(piece) {
			all = append(all, token{stem: -2})
		} else {
			all = c.pieceTokens(all, s, begin, end)
		}
		_, n := utf8.DecodeRuneInString(s[min(end, len(s)):])
		begin = end + max(n, 1)
	}
	return all
}

// bracketed reports whether a piece is a word in brackets, or with a slash between two.
func bracketed(piece string) bool {
	inner := strings.Trim(piece, `()[]*"'“”‘’.,;:!?-`)
	return inner != "" && !strings.ContainsAny(inner, "#=<>{}\\|^~$%_()[]&*+`@") && strings.Count(inner, "/") < 2 && !strings.HasPrefix(inner, "/")
}

func (c *Collection) pieceTokens(all []token, s string, begin, end int) []token {
	piece := s[begin:end]
	at := 0
	for _, word := range appendWords(nil, piece) {
		i := strings.Index(piece[at:], word)
		if strings.ContainsFunc(piece[at:at+i], func(r rune) bool { return r != '\'' && r != '’' }) {
			all = append(all, token{stem: -2})
		}
		from := begin + at + i
		if unspaced(firstRune(word)) {
			all = c.runTokens(all, word, from)
		} else {
			all = append(all, c.wordToken(all, word, from))
		}
		at += i + len(word)
	}
	if at < len(piece) {
		all = append(all, token{stem: -2})
	}
	return all
}

func (c *Collection) wordToken(before []token, word string, from int) token {
	low := strings.ReplaceAll(strings.ToLower(word), "’", "'")
	t := token{begin: int32(from), end: int32(from + len(word)), join: c.lex.join[low], article: c.lex.articles[low], stem: c.id(word, low)}
	switch {
	case c.lex.before[low]:
		t.mark = 1
	case c.lex.doing[low]:
		t.mark = -1
	}
	if i := strings.IndexByte(low, '\''); i > 0 && elided[low[:i]] && t.stem >= 0 { // "l'appel": the article is in it
		cut := strings.IndexAny(word, "'’")
		_, n := utf8.DecodeRuneInString(word[cut:])
		t.begin += int32(cut + n)
	}
	return t
}

// runTokens divides a run of characters of a script without spaces into pairs, each with one character of the next. Pairs with a character in them that
// says nothing, or with the small letters of Japanese, are none.
func (c *Collection) runTokens(all []token, run string, from int) []token {
	at := 0
	for at < len(run) {
		first, n := utf8.DecodeRuneInString(run[at:])
		second, m := utf8.DecodeRuneInString(run[at+n:])
		if at+n < len(run) {
			t := token{stem: -2, begin: int32(from + at), end: int32(from + at + n + m)}
			if says := func(r rune) bool {
				return unicode.In(r, unicode.Han, unicode.Katakana) && !strings.ContainsRune(smallCharacters, r)
			}; says(first) && says(second) {
				t.stem = c.intern(run[at : at+n+m])
			}
			all = append(all, t)
		}
		at += n
	}
	return all
}

// smallCharacters are those that say nothing by themselves in Chinese and Japanese.
const smallCharacters = "的了是我你您他她它們们在不有和與与就都也這这那個个一上下很到說说要去會会着沒没看好自己為为以於于之把被讓让給给等對对及或但而所可能還还再又只其此中來来過过得地吗呢吧啊時时年月日何今本"

// id is the number of a word's stem; -1 where it says nothing.
func (c *Collection) id(word, low string) int32 {
	if id, ok := c.cache[word]; ok {
		return id
	}
	id := int32(-1)
	if c.says(word, low) {
		id = c.intern(c.lex.Stem(low))
	}
	c.cache[word] = id
	return id
}

// intern is the number of a stem.
func (c *Collection) intern(stem string) int32 {
	id, ok := c.ids[stem]
	if !ok {
		id = int32(len(c.stems))
		c.ids[stem] = id
		c.stems = append(c.stems, stem)
	}
	return id
}

func (c *Collection) says(word, low string) bool {
	letters := strings.IndexFunc(low, unicode.IsLetter) >= 0
	n := utf8.RuneCountInString(low)
	if !c.lex.Known() && n < 4 { // small words are small in most languages
		return false
	}
	return letters && n >= 2 && n <= 40 && (n >= 3 || word == strings.ToUpper(word)) && !c.lex.Stop(word) && !(c.omit != nil && c.omit(low))
}

// found is what is known of a gram.
type found struct {
	count, noun, verb, proper int
	docs, people              []int
	forms                     map[string]int
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
		text := likeliest(f.forms)
		if !c.stands(text) || c.common(g) {
			continue
		}
		p := Phrase{Text: text, Docs: f.docs, People: distinct(f.people), Count: f.count, Noun: float64(f.noun-f.verb) / float64(f.count), Proper: f.proper*2 > f.count}
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
		f = &found{forms: map[string]int{}}
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
	if first > 0 {
		f.noun += max(0, int(r.tokens[first-1].mark))
		f.verb += max(0, -int(r.tokens[first-1].mark))
		if r0, _ := utf8.DecodeRuneInString(text); unicode.IsUpper(r0) {
			f.proper++
		}
	}
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

func distinct(all []int) []int {
	all = slices.Clone(all)
	slices.Sort(all)
	return slices.Compact(all)
}
