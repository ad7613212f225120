package words

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

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
