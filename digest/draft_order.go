package digest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"convene/digest/plan"
)

// draftOrder is one thing that somebody's answer to a draft asks for.
type draftOrder struct {
	verb     verb
	labels   []draftLabel // what drop, add and keep are about; the one theme of rename, the one line of thank
	text     string       // of say, ask, rename, thank, subject, spotlight, handover and edit
	language string       // of edit and say; empty: the list's, and for say whichever it is
	shift    plan.Shift   // of later
	date     plan.Date    // of later, instead of shift; zero: none
	minutes  int          // of later: the time of day, from 1 for 00:00; zero: as it was
	line     string       // as it was written
}

// words are an order as it was written, on one line.
func (o draftOrder) words() string {
	const most = 60
	line := strings.Join(strings.Fields(o.line), " ")
	if runes := []rune(line); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return line
}

// draftLabel is the number of an item as drafts show it: 2, q3, t4, n1.
type draftLabel struct {
	kind byte // 'q' a quotation, 't' a line of thanks, 'n' a question of a member's; zero: a theme
	n    int
}

// draftAnswer is what an answer to a draft says: orders, in their order, and what is none.
type draftAnswer struct {
	orders []draftOrder
	loose  []string // lines that nobody can read as an order
	// waits says that there is no order but a sentence that asks to wait.
	waits bool
}

// readAnswer reads an answer line by line. What is certain alone is an order: a line that only begins like one ("Send it when the ministry agrees") is none,
// since a mail that is out is out. Words that ask to wait are taken to ask for it wherever they stand.
func readAnswer(own string) (a draftAnswer) {
	var open *draftOrder // takes the lines that follow
	for line := range strings.SplitSeq(own, "\n") {
		text := strings.TrimSpace(line)
		if open != nil && open.verb == verbEdit {
			open.text += "\n" + line
			continue
		}
		if text == "" {
			if open != nil && open.verb == verbSay {
				open.text += "\n"
			} else {
				open = nil
			}
			continue
		}
		orders, rest, ok := readLine(text, open != nil)
		switch {
		case ok:
			for i := range orders {
				orders[i].line = text
			}
			a.orders = append(a.orders, orders...)
			open = nil
			if last := &a.orders[len(a.orders)-1]; last.verb.takesText() {
				open = last
			}
			if rest != "" {
				a.loose = append(a.loose, rest)
			}
		case open != nil:
			open.text += "\n" + text
		default:
			a.loose = append(a.loose, text)
		}
	}
	for i := range a.orders {
		a.orders[i].text = strings.TrimSpace(a.orders[i].text)
	}
	a.loose = withoutCourtesy(a.loose)
	if len(a.orders) == 0 && slices.ContainsFunc(a.loose, asksToWait) {
		a.orders, a.waits = []draftOrder{{verb: verbHold}}, true
	}
	return a
}

// readLine reads one line; rest is what of it is none of the order. within says that it may be part of a longer text.
func readLine(line string, within bool) (orders []draftOrder, rest string, ok bool) {
	line = strings.TrimLeftFunc(line, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("-*•·–—\"'“«`", r) })
	if o, ok := readTextVerb(line, within); ok {
		return []draftOrder{o}, "", true
	}
	for i, clause := range clausesOf(line) {
		var last *draftOrder
		if i > 0 && len(orders) > 0 {
			last = &orders[len(orders)-1]
		}
		some, read := readClause(clause, last)
		if !read {
			if len(orders) == 1 && i == 1 && (orders[0].verb == verbHold || orders[0].verb == verbSkip) { // "Hold, I want to ask the ministry first"
				return orders, line, true
			}
			return nil, "", false
		}
		for _, o := range some {
			if last == nil || o.verb != verbSend || last.verb != verbSend { // "Yes, send it"
				orders = append(orders, o)
			}
		}
	}
	return orders, "", len(orders) > 0
}

var (
	thankLine  = regexp.MustCompile(`^[tT] ?(\d{1,3})\s*[:.)–—-]?\s+(\S.*)$`)
	renameRest = regexp.MustCompile(`^(?:\pL+ )?#?(\d{1,3})\s*(?:[:=.–—-]|(?:to|as|en|à|a|por|como)\s)?\s*["“«]?\s*(\S.*?)\s*["”»]?$`)
	sayAt      = regexp.MustCompile(`^\(?([A-Za-z]{2}(?:-[A-Za-z]{2,4})?)\)?\s*:\s*(.*)$`)
	languageAt = regexp.MustCompile(`^\(?([A-Za-z]{2}(?:-[A-Za-z]{2,4})?)\)?(?:\s*:\s*|\s+|$)`)
)

// towards are the words that may stand in front of whom a mail is handed to.
var towards = textSet("to a au para")

// readTextVerb reads a line whose first word takes a text.
func readTextVerb(line string, within bool) (draftOrder, bool) {
	if m := thankLine.FindStringSubmatch(line); m != nil {
		return draftOrder{verb: verbThank, labels: []draftLabel{{'t', number(m[1])}}, text: m[2]}, true
	}
	end := strings.IndexFunc(line, func(r rune) bool { return unicode.IsSpace(r) || r == ':' || r == ',' })
	if end < 0 {
		end = len(line)
	}
	first, rest := line[:end], strings.TrimSpace(strings.TrimLeft(line[end:], " :,\u00a0"))
	o := draftOrder{verb: textVerbs[foldText(first)], text: rest}
	colon := strings.HasPrefix(strings.TrimSpace(line[end:]), ":")
	switch o.verb {
	case "":
		return o, false
	case verbEdit:
		if m := languageAt.FindStringSubmatch(rest); m != nil && (len(m[0]) == len(rest) || colon || strings.ToLower(m[1]) == m[1] && knownLanguages[m[1]]) {
			o.language, o.text = strings.ToLower(m[1]), rest[len(m[0]):]
		}
		return o, o.text == "" || colon || o.language != ""
	case verbSay:
		if m := sayAt.FindStringSubmatch(rest); m != nil && knownLanguages[strings.ToLower(m[1][:2])] {
			o.language, o.text = strings.ToLower(m[1]), m[2]
			return o, true
		}
	case verbRename:
		m := renameRest.FindStringSubmatch(rest)
		if m == nil {
			return o, false
		}
		o.labels, o.text = []draftLabel{{0, number(m[1])}}, m[2]
		return o, true
	case verbHandover:
		if word, name, ok := strings.Cut(o.text, " "); ok && towards[foldText(word)] {
			o.text = strings.TrimSpace(name)
		}
		return o, rest != "" && (strings.Contains(rest, "@") || len(strings.Fields(rest)) <= 4)
	case verbSpotlight:
		return o, rest != "" && len(strings.Fields(rest)) <= 6
	}
	// Within a text of several lines a sentence may begin with "Say" or "Ask".
	if within && !colon && unicode.IsUpper([]rune(first)[0]) && !(o.verb == verbAsk && strings.HasSuffix(rest, "?")) {
		return o, false
	}
	return o, rest != "" || !within
}

// withoutCourtesy leaves out greetings and thanks, which ask for nothing.
func withoutCourtesy(lines []string) (rest []string) {
	for _, line := range lines {
		weighs := func(word string) bool {
			word = foldText(strings.TrimFunc(word, unicode.IsPunct))
			return word != "" && !fillers[word] && !courtesies[word]
		}
		words := strings.Fields(line)
		greets := len(words) > 0 && courtesies[foldText(strings.TrimFunc(words[0], unicode.IsPunct))]
		if n := len(words); n > 4 || n > 1 && !greets && slices.ContainsFunc(words, weighs) {
			rest = append(rest, line)
			continue
		}
		if n := len(words); n == 1 && weighs(words[0]) && !unicode.IsUpper([]rune(words[0])[0]) { // a name below is a signature
			rest = append(rest, line)
		}
	}
	return rest
}

// asksToWait reports whether somebody's words ask that a mail be kept, in whatever sentence.
func asksToWait(line string) bool {
	denied := false
	for word := range strings.FieldsSeq(line) {
		word = foldText(strings.TrimFunc(word, unicode.IsPunct))
		v := plainVerbs[word]
		if v == verbHold || denied && (v == verbSend || v == verbNow) {
			return true
		}
		denied = denied || denials[word]
	}
	return false
}

// foldText makes one of the ways in which people and their keyboards write a word: lower case, without accents.
func foldText(word string) string {
	word = strings.ReplaceAll(norm.NFKD.String(strings.ToLower(word)), "’", "'")
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || r == 0xFE0F || 0x1F3FB <= r && r <= 0x1F3FF {
			return -1
		}
		return r
	}, word)
}

// number reads digits; what is none is zero.
func number(s string) int {
	n, _ := strconv.Atoi(s) // zero is no item of anything
	return n
}
