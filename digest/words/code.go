package words

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// codeLine begins as lines do that a machine wrote or reads: prompts, statements, traces, diffs, markup, headers.
	codeLine = regexp.MustCompile(`^\s*(?:>>>|\.\.\.\s|\$ |# ?\w+[ (=]|[%~]\s?[\w./-]+|[\w.-]+[@:~][\w./~-]*[#$>%] |(?:def|class|elif|except|lambda|@\w+)\b.*[:(]|(?:import|from) [\w.]+(?: import .+| as \w+)?;?$|return\b[^.?!]*$|raise \w+|print[ (].*$|` +
		`if .{1,60}:$|else:|try:|for \w+ in .*:$|while .*:$|with .* as \w+:$|self\.\w+|var \w+|let \w+ =|const \w+|function\b.*[({]|public |private |static |void |int \w+|char |#include|#define|` +
		`Traceback|File "|\w*(?:Error|Exception|Warning): |exceptions\.\w+|at [\w.$]+\(|diff |Index: |@@ |\+\+\+|---|[+-][^\s\w]|={3,}|\*{3,}|&lt;|</?\w+[^<>]*>\s*$|<[!?\w][\w:-]*(?: [\w:-]+=|>)|` +
		`[A-Z][\w-]+: \S+$|\w+ ?= ?\S|[\w.\]\[]+ ?[-+*/|&]?= .*[\w)\]}'";]$|[\[{(]+\s*$|[\]})]+[;,]?\s*$|\[\d|\{|\}|//|/\*|\*/|;;|(?:GET|POST|PUT|HEAD) /|HTTP/\d|\d+\.\d+\.\d+\.\d+|[-drwx]{10} |\d{1,2}:\d\d:\d\d\b|\d{4}[-/]\d\d[-/]\d\d)`)
	// column is a gap as between the columns of a table.
	column = regexp.MustCompile(`\S(?: {3,}|\t+)\S`)
	// callLine is one call or assignment and nothing else.
	callLine = regexp.MustCompile(`^\s*[\w.\[\]'"]+(?:\(.*\)|\[.*\])[;:,]?\s*(?:#.*)?$`)
)

// codeRows says which rows of a text are no prose: code, traces, diffs, tables, ornament. What is indented and stands with such is, too.
func codeRows(rows []string) []bool {
	code := make([]bool, len(rows))
	for i, row := range rows {
		code[i] = isCode(row)
	}
	for i, row := range rows { // an indented row beside code, or between two rows of it
		if code[i] || strings.TrimSpace(row) == "" || indent(row) < 2 {
			continue
		}
		above, below := i > 0 && code[i-1], i+1 < len(rows) && code[i+1]
		if above && below || (above || below) && (indent(row) >= 4 || !endsProse(row)) {
			code[i] = true
		}
	}
	for i := 0; i < len(rows); { // a run of rows of which most are code
		end, n := i, 0
		for end < len(rows) && strings.TrimSpace(rows[end]) != "" {
			if code[end] {
				n++
			}
			end++
		}
		if n*2 > end-i {
			for ; i < end; i++ {
				code[i] = true
			}
		}
		i = end + 1
	}
	return code
}

func indent(row string) int {
	n := 0
	for _, r := range row {
		switch r {
		case ' ':
			n++
		case '\t':
			n += 8
		default:
			return n
		}
	}
	return n
}

func endsProse(row string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimSpace(row))
	return strings.ContainsRune(".?!…:", r)
}

// isCode reports whether a row is for machines.
func isCode(row string) bool {
	s := strings.TrimSpace(row)
	if s == "" {
		return false
	}
	if itemMark.MatchString(row) {
		s = strings.TrimSpace(row[len(itemMark.FindString(row)):])
		return s == "" || symbolic(s) > 0.25
	}
	if mayBeCode(s) && (codeLine.MatchString(row) && !reads(s) || callLine.MatchString(row)) {
		return true
	}
	if strings.HasPrefix(s, "|") && strings.HasSuffix(s, "|") && len(s) > 1 {
		return true
	}
	if (strings.Contains(s, "   ") || strings.Contains(s, "\t")) && len(column.FindAllString(s, 3)) >= 2 || strings.Count(s, "|") >= 3 {
		return true
	}
	letters := strings.ContainsFunc(s, unicode.IsLetter)
	return !letters || symbolic(s) > 0.25
}

// codeWords are those with which lines of code begin that have no sign in them.
var codeWords = set("def class elif except lambda import from return raise print if else: try: for while with var let const function public private static void int char at")

// mayBeCode reports whether it is worth looking closer at a row. Most prose has neither signs nor such a word at its beginning.
func mayBeCode(s string) bool {
	word, _, _ := strings.Cut(s, " ")
	return codeWords[word] || strings.ContainsAny(s, "{}[]<>=+*/\\|&^%$#@~_;():") || s[0] == '-' || s[0] == '.' || '0' <= s[0] && s[0] <= '9'
}

// reads reports whether a row that begins like code is prose all the same: many words, few signs, and an end like a sentence's or none.
func reads(s string) bool {
	words := strings.Fields(s)
	plain := 0
	for _, w := range words {
		w = strings.TrimRight(w, ".,;:?!)'\"”»’")
		w = strings.TrimLeft(w, "('\"“«‘")
		if w != "" && !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '-' && r != '’' }) {
			plain++
		}
	}
	return len(words) >= 5 && plain*5 >= len(words)*4 && symbolic(s) < 0.06
}

// symbolic is the share of the characters of a row that prose has few of.
func symbolic(s string) float64 {
	n, all := 0, 0
	for _, r := range s {
		if unicode.IsSpace(r) {
			continue
		}
		all++
		if strings.ContainsRune("{}[]<>=+*/\\|&^%$#@~`_;()", r) {
			n++
		}
	}
	if all == 0 {
		return 1
	}
	return float64(n) / float64(all)
}
