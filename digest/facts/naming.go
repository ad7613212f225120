package facts

import (
	"slices"
	"strings"
	"unicode/utf8"

	"convene/digest/words"
)

// naming is which words name people, the list and the discussion's hashtag, in small letters: they make no theme.
type naming struct {
	people, list map[string]bool
}

func (g *gathering) naming() naming {
	n := naming{people: map[string]bool{}, list: map[string]bool{}}
	add := func(to map[string]bool, text string) {
		for _, word := range words.Words(text) {
			if utf8.RuneCountInString(word) > 2 {
				to[strings.ToLower(word)] = true
			}
		}
	}
	for _, r := range g.posts {
		add(n.people, r.Name)
		local, _, _ := strings.Cut(r.Address, "@")
		add(n.people, local)
	}
	for _, p := range g.plan.Facilitators {
		add(n.people, p.Name)
	}
	local, _, _ := strings.Cut(g.plan.List, "@")
	add(n.list, local)
	for part := range strings.FieldsFuncSeq(local, func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
		add(n.list, part)
	}
	add(n.list, g.plan.ListTitle)
	add(n.list, g.plan.Hashtag)
	return n
}

// omits reports whether a word makes no theme.
func (n naming) omits(word string) bool {
	return n.people[word] || n.list[word]
}

// lean is what speaks against quoting a sentence alone, since it names people: it talks to one of them, or says who its author is.
func (n naming) lean(s *sentence) float64 {
	all := s.words
	if first := strings.ToLower(all[0]); n.people[first] && strings.HasPrefix(s.Text[len(all[0]):], ",") {
		return 0.35
	}
	if s.self {
		return 0.6
	}
	return 0
}

// names reports whether a word of a sentence is one of those, in lower case, of its author's name.
func (s *said) names(own []string) bool {
	return len(own) > 0 && slices.ContainsFunc(s.words, func(word string) bool {
		return utf8.RuneCountInString(word) > 2 && slices.Contains(own, strings.ToLower(word))
	})
}
