package archive

import (
	"slices"
	"strings"
	"unicode/utf8"

	"convene/list"
)

// marker finds in texts what a query looked for.
type marker struct {
	languages []*stems
	terms     map[string]uint32 // which words of the query have the term, as bits
	stars     []star
	begins    map[rune]bool       // letters with which what is looked for begins
	ascii     [utf8.RuneSelf]bool // those of them that are ASCII
	chains    [][]uint32          // for each atom the bits of its words
}

// star is how words begin that a word with a star stands for.
type star struct {
	begin string
	bit   uint32
}

func (s *search) marker(q query) *marker {
	m := &marker{languages: s.languages, terms: map[string]uint32{}, begins: map[rune]bool{}}
	n := 0
	for _, c := range q.clauses {
		if c.not {
			continue
		}
		for _, a := range c.any {
			if a.field == inAddress || a.field == inFrom && strings.ContainsAny(a.text, "@.") {
				a = withoutDomain(a)
			}
			var chain []uint32
			for i, w := range a.words {
				if n == 32 {
					return m
				}
				bit := uint32(1) << n
				n++
				m.add(folded(w), bit)
				if a.star && i == len(a.words)-1 { // whatever it begins with, add has noted it
					m.stars = append(m.stars, star{folded(w), bit})
				}
				for _, l := range s.languages {
					if a.pairs[i] || a.field == inFrom {
						break
					}
					for _, term := range l.terms(w) {
						m.add(term, bit)
					}
				}
				chain = append(chain, bit)
			}
			if len(chain) > 0 {
				m.chains = append(m.chains, chain)
			}
		}
	}
	return m
}

func (m *marker) add(term string, bit uint32) {
	if term != "" {
		r, _ := utf8.DecodeRuneInString(term)
		m.terms[term] |= bit
		if m.begins[r] = true; r < utf8.RuneSelf {
			m.ascii[r] = true
		}
	}
}

// marked is a word of a text that may be one of the query, and which: at counts the words before it.
type marked struct {
	list.Span
	at   int
	bits uint32
}

// spans are the places in a text that have what was looked for, in order.
func (m *marker) spans(text string) (spans []list.Span) {
	var all []marked
	at := 0
	eachWord(text, func(w word) bool {
		if bits := m.bits(text[w.from:w.to], w.pair); bits != 0 {
			all = append(all, marked{list.Span{From: w.from, To: w.to}, at, bits})
		}
		at++
		return true
	})
	for i := range all {
		long := 0
		for _, chain := range m.chains {
			if len(chain) > long && follow(all[i:], chain) {
				long = len(chain)
			}
		}
		if long == 0 {
			continue
		}
		one := list.Span{From: all[i].From, To: all[i+long-1].To}
		if last := len(spans) - 1; last >= 0 && spans[last].To >= one.From {
			spans[last].To = max(spans[last].To, one.To)
		} else {
			spans = append(spans, one)
		}
	}
	return slices.Clip(spans)
}

// follow reports whether words are those of a chain, and stand together.
func follow(all []marked, chain []uint32) bool {
	if len(all) < len(chain) {
		return false
	}
	for i, bit := range chain {
		if all[i].bits&bit == 0 || all[i].at != all[0].at+i {
			return false
		}
	}
	return true
}

func lowerOf(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// apostrophe reports whether there may be one in a word, of either kind.
func apostrophe(w string) bool {
	for i := range len(w) {
		if w[i] == '\'' || w[i] >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// bits are the words of the query that a word of a text is.
func (m *marker) bits(w string, pair bool) (bits uint32) {
	if c := w[0]; c < utf8.RuneSelf && !m.ascii[lowerOf(c)] && !apostrophe(w) {
		return 0 // most words are not asked for
	}
	plain := folded(w)
	for _, s := range m.stars {
		if strings.HasPrefix(plain, s.begin) {
			bits |= s.bit
		}
	}
	if r, _ := utf8.DecodeRuneInString(plain); !m.begins[r] && !strings.Contains(plain, "'") {
		return bits
	}
	bits |= m.terms[plain]
	for _, l := range m.languages {
		if pair {
			break
		}
		for _, term := range l.terms(w) {
			if term != "" {
				bits |= m.terms[term]
			}
		}
	}
	return bits
}
