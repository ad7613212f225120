package archive

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// What a query may be: what is longer is cut off.
const (
	queryLength  = 400 // octets
	queryWords   = 16  // in all
	phraseWords  = 12
	queryPrefix  = 40 // terms that one word with a star stands for
	prefixLetter = 2  // letters that stand before a star, at least
)

// field is where a word is looked for.
type field int

// The fields.
const (
	anywhere  field = iota // text, subject, names of files and of the author
	inSubject              // subject:
	inFrom                 // from:
	inTags                 // #tag
	inAddress              // an address that stands anywhere
)

// atom is one word, or several that stand together, in one field.
type atom struct {
	field field
	text  string   // as it was written
	words []string // in it; pairs of letters where words are not divided
	pairs []bool
	star  bool // the last one is how a word begins
}

// clause is what a post must have one of, or, of a not, none.
type clause struct {
	not bool
	any []atom
}

// query is what somebody looks for.
type query struct {
	clauses       []clause
	after, before uint32 // minutes; zero: any. After is within, before is not.
	has, hasNot   bool   // attachments
	newest        bool   // first, instead of what fits best
}

// parseQuery reads a query. Whatever stands there is one: what is not understood is words.
func parseQuery(text string, zone *time.Location) (q query) {
	if len(text) > queryLength {
		text = strings.ToValidUTF8(text[:queryLength], "")
	}
	p := queryParser{rest: strings.ToValidUTF8(text, " "), zone: zone, left: queryWords}
	either := false
	for {
		t, ok := p.token()
		if !ok {
			return q
		}
		if t.text == "OR" && !t.quoted && !t.not && t.key == "" {
			either = len(q.clauses) > 0 && !q.clauses[len(q.clauses)-1].not
			continue
		}
		if !t.not && p.filter(&q, t) || t.not && t.key == "has" && p.without(&q, t) {
			either = false
			continue
		}
		a, ok := p.atom(t)
		if !ok {
			continue
		}
		if last := len(q.clauses) - 1; either && !t.not {
			q.clauses[last].any = append(q.clauses[last].any, a)
		} else {
			q.clauses = append(q.clauses, clause{not: t.not, any: []atom{a}})
		}
		either = false
	}
}

// queryToken is one thing that stands in a query: -key:"text"
type queryToken struct {
	not    bool
	key    string // in lower case
	text   string
	quoted bool
	whole  string // as it stands there
}

type queryParser struct {
	rest string
	zone *time.Location
	left int // words
}

func (p *queryParser) token() (t queryToken, ok bool) {
	p.rest = strings.TrimLeftFunc(p.rest, unicode.IsSpace)
	if p.rest == "" {
		return t, false
	}
	if rest, ok := strings.CutPrefix(p.rest, "-"); ok && rest != "" {
		if r, _ := utf8.DecodeRuneInString(rest); !unicode.IsSpace(r) && r != '-' {
			t.not, p.rest = true, rest
		}
	}
	begin := p.rest
	if i := strings.IndexByte(p.rest, ':'); i > 0 && isKey(strings.ToLower(p.rest[:i])) {
		t.key, p.rest = strings.ToLower(p.rest[:i]), p.rest[i+1:]
	}
	if rest, ok := openingQuote(p.rest); ok {
		end, after := closingQuote(rest)
		t.text, t.quoted, p.rest = rest[:end], true, rest[after:]
	} else {
		end := strings.IndexFunc(p.rest, unicode.IsSpace)
		if end < 0 {
			end = len(p.rest)
		}
		t.text, p.rest = p.rest[:end], p.rest[end:]
	}
	t.whole = begin[:len(begin)-len(p.rest)]
	return t, true
}

func isKey(s string) bool {
	switch s {
	case "from", "subject", "after", "before", "has", "sort":
		return true
	}
	return false
}

// quotes are what people, and what their telephones write, put around words.
const openQuotes, closeQuotes = `"“„«`, `"”“»`

func openingQuote(s string) (rest string, ok bool) {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 || !strings.ContainsRune(openQuotes, r) {
		return s, false
	}
	return s[size:], true
}

// closingQuote is where a quotation ends, and where what is behind begins: without a sign it goes to the end.
func closingQuote(s string) (end, after int) {
	i := strings.IndexAny(s, closeQuotes)
	if i < 0 {
		return len(s), len(s)
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	return i, i + size
}

// atom reads words; false: there are none.
func (p *queryParser) atom(t queryToken) (a atom, ok bool) {
	a.text = t.text
	switch t.key {
	case "from":
		a.field = inFrom
	case "subject":
		a.field = inSubject
	case "":
	default: // after:yesterday
		a.text = t.whole
	}
	if a.field == anywhere && !t.quoted {
		if tag, ok := strings.CutPrefix(t.text, "#"); ok && tag != "" {
			a.field, a.text = inTags, tag
		} else if wholeAddress.FindString(t.text) == t.text {
			a.field = inAddress
		}
	}
	paired := -1 // where a pair of letters begins its second one
	eachWord(a.text, func(w word) bool {
		_, size := utf8.DecodeRuneInString(a.text[w.from:])
		if w.pair && w.from == paired && w.from+size == w.to {
			return true // the last letter alone: the pair has it
		}
		paired = w.from + size
		if p.left == 0 || len(a.words) == phraseWords {
			return false
		}
		p.left--
		a.words, a.pairs = append(a.words, a.text[w.from:w.to]), append(a.pairs, w.pair)
		return true
	})
	if a.field == inTags && len(a.pairs) > 0 && a.pairs[0] {
		a.field = anywhere // a tag in such a script is found as any other word
	}
	if n := len(a.words); n > 0 && !t.quoted {
		last := a.words[n-1]
		a.star = strings.HasSuffix(a.text, last+"*") && utf8.RuneCountInString(last) >= prefixLetter || n == 1 && a.pairs[0] && utf8.RuneCountInString(last) == 1
	}
	return a, len(a.words) > 0
}
