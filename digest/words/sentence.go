package words

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentence is a sentence as it stands in a text, on one line: only the ends of lines have become spaces.
type Sentence struct {
	Text string
	// Whole says that it begins and ends as a sentence of its script does. What is not whole is a heading, a rest, or somebody's haste.
	Whole bool
	// Block counts the paragraphs and points of lists that it stands in, from 0. First says that it begins one.
	Block int
	First bool
	// Ended says that it begins its block and ends as a sentence does, so that only its first letter, if anything, is not a sentence's.
	Ended bool
	// Item says that it is, or is in, a point of a list.
	Item bool
	// Loose says that something that is no text stands right above or below it.
	Loose bool
}

// Sentences are the sentences of a text, in order. Lines that were broken for a screen are joined; points of lists are apart; code, tables, traces, diffs
// and rows of ornament are left out. Text in a script without marks for the end of a sentence is one for each paragraph.
func Sentences(text string, lang *Lexicon) []Sentence {
	var all []Sentence
	for n, b := range blocks(text) {
		rest := b.text
		for first := true; rest != ""; first = false {
			end := lang.sentenceEnd(rest)
			s := strings.TrimSpace(rest[:end])
			rest = strings.TrimLeftFunc(rest[end:], unicode.IsSpace)
			rest = strings.TrimLeftFunc(afterFace(rest), unicode.IsSpace)
			if s == "" {
				continue
			}
			all = append(all, Sentence{Text: s, Whole: whole(s, b, first), Block: n, First: first, Ended: first && !b.loose && balanced(s) && endsWithMark(s), Item: b.item, Loose: first && b.loose || rest == "" && b.leads})
		}
	}
	return all
}

// emoticon is a face that stands behind a sentence.
var emoticon = regexp.MustCompile(`^(?:[:;=8][-^o']?[)(DPpO|/\\*]+|[()]{1,2}[:;]|<3|\^_*\^|[\x{1F300}-\x{1FAFF}\x{2600}-\x{27BF}\x{FE0F}\x{200D}]+)(?:\s+|$)`)

// afterFace is what stands behind a face, if a text begins with one.
func afterFace(s string) string {
	const longest = 48
	return s[len(emoticon.FindString(s[:min(len(s), longest)])):]
}

const (
	enders  = ".?!…。！？؟۔।॥։።၊။។｡‼⁇⁈⁉"
	closers = `"'”’»)]}*_」』）〉》`
	openers = `"'“‘«([{*_¿¡「『（〈《„‚-–—#@`
)

// sentenceEnd is where the first sentence of s ends, with what closes it.
func (l *Lexicon) sentenceEnd(s string) int {
	for i, r := range s {
		if !strings.ContainsRune(enders, r) && !(r == ';' && l.tag == "el") {
			continue
		}
		end := i + utf8.RuneLen(r)
		next, _ := utf8.DecodeRuneInString(s[end:])
		if end < len(s) && strings.ContainsRune(enders, next) {
			continue // "..." and "?!": the last of them decides
		}
		for end < len(s) {
			c, n := utf8.DecodeRuneInString(s[end:])
			if strings.HasPrefix(s[end:], " »") { // as French has it
				end += len(" »")
				continue
			}
			if !strings.ContainsRune(closers, c) {
				break
			}
			end += n
		}
		if end == len(s) || ideographic(r) {
			return end
		}
		if !unicode.IsSpace(firstRune(s[end:])) {
			continue
		}
		if after := strings.TrimSpace(s[end:]); after == "" || l.ends(s[:i], r, after) {
			return end
		}
	}
	return len(s)
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// ideographic reports whether a mark ends a sentence without a space behind it.
func ideographic(r rune) bool { return strings.ContainsRune("。！？｡", r) }

// ends reports whether a sentence ends with the mark between before and after.
func (l *Lexicon) ends(before string, mark rune, after string) bool {
	rest := afterFace(after)
	if rest == "" {
		return true
	}
	next := firstRune(strings.TrimLeft(rest, openers+" "))
	if unicode.IsLower(next) {
		return false
	}
	if mark != '.' || strings.HasSuffix(before, ".") {
		return true
	}
	word := before[strings.LastIndexFunc(before, unicode.IsSpace)+1:]
	word = strings.TrimLeft(word, openers)
	if word == "" {
		return true
	}
	if utf8.RuneCountInString(word) == 1 && unicode.IsUpper(firstRune(word)) { // an initial, unless it is "I"
		return l.tag == "en" && word == "I"
	}
	low := strings.ToLower(word)
	if low == "etc" { // may end one, and does before a capital letter
		return true
	}
	if l.short[low] {
		return unicode.IsDigit(firstRune(word)) // never before a capital letter
	}
	if unicode.IsDigit(next) && low == "no" {
		return false
	}
	return !strings.Contains(low, ".") || utf8.RuneCountInString(low) > 5 || unicode.IsDigit(firstRune(low)) // "e.g", "U.S.A"
}

// whole reports whether s begins and ends as a sentence does, and what it opens it closes.
func whole(s string, b block, first bool) bool {
	start := firstRune(strings.TrimLeft(s, openers+" "))
	if unicode.IsLower(start) || !unicode.IsLetter(start) && !unicode.IsDigit(start) || first && b.loose && b.item {
		return false
	}
	if strings.ContainsRune(",;:)-–—@#", firstRune(s)) || !balanced(s) {
		return false
	}
	if n := utf8.RuneCountInString(s); unspaced(start) {
		return n >= 6 && (endsWithMark(s) || markless(start))
	}
	return len(strings.Fields(s)) >= 2 && endsWithMark(s)
}

// markless reports whether a character is of a script that has no mark for the end of a sentence.
func markless(r rune) bool { return unicode.In(r, unicode.Thai, unicode.Lao) }

func endsWithMark(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, closers+" "))
	return strings.ContainsRune(enders, r) || r == ';' && strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Greek) })
}

// pairs are signs of which each that opens is to be closed.
var pairs = [...][2]rune{{'(', ')'}, {'[', ']'}, {'{', '}'}, {'“', '”'}, {'«', '»'}, {'「', '」'}, {'（', '）'}, {'『', '』'}}

func balanced(s string) bool {
	for _, p := range pairs {
		depth := 0
		for _, r := range s {
			switch r {
			case p[0]:
				depth++
			case p[1]:
				depth--
			}
			if depth < 0 && p[1] != '”' && p[1] != '»' {
				return false
			}
		}
		if depth > 0 {
			return false
		}
	}
	return strings.Count(s, `"`)%2 == 0 && strings.Count(s, "`")%2 == 0
}
