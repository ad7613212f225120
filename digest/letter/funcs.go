package letter

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"time"
	"unicode/utf8"

	"convene/digest/plan"
)

// markdownFuncs are the functions of a body, beside those of text/template. What any text says of its data is escaped without being asked to; these say
// things in ways of their own.
//
//	q TEXT                   the words as they were written, on one line, whatever stands in them
//	quote TEXT               the same as a block quotation, paragraph by paragraph; it stands alone
//	paragraphs N TEXT        somebody's words with their paragraphs and line ends, at most so many characters; it stands alone
//	md TEXT                  Markdown that somebody wrote: paragraphs, lists, links, emphasis; it stands alone
//	link WORDS URL           a link; the words alone where the address is none of http, https or mailto
//	mailto ADDR SUBJ BODY    the address of such a link that begins a mail (RFC 6068)
//	chart BARS               a bar for each, in characters; it stands alone
//	in TEXTS                 a text by language in the language of the mail
//	day TIME                 Monday 2 March
//	date TIME                2 March
//	clock TIME               11:00 Nairobi (08:00 GMT)
//	when TIME                both
//	weekday TIME             Monday
//	tongue TAG               a language, as it calls itself: français
//	Day TIME, When TIME      the same at the beginning of a line
//	hour TIME                11:00
//	stamp TIME               2026-03-02 11:00
//	count N ONE MANY         1 person, 9 people
//	plural N ONE MANY        person, people
//	join NAMES               Dede, Noor and Awa
//	either NAMES             English, français or español
//	size OCTETS              1.2 MB
//	brief TIME               in a subject, a date in few characters: 5 April, 5 abr, 5/4
//	cut N TEXT               at most so many characters, cut behind a word
//	room TEXT                in a subject, in as many characters as all else leaves for it
//	core QUESTION            the sentence of it that asks
//	numbers QUESTIONS        2 and 3
//	printf FORMAT TEXT       the text in place of each %s or %d
//	replyto                  where answers to this mail go
//	token PAGE               the address of a page with the token of this mail behind it
//	table, row, cell, endtable  a table: see tableFuncs
func markdownFuncs(w *writing) template.FuncMap {
	f := sharedFuncs(w)
	f["q"] = escaped
	f["quote"] = blockQuote
	f["paragraphs"] = paragraphsOf
	f["md"] = w.mark
	f["link"] = linkTo
	f["chart"] = chart
	f["join"] = func(names []string) markdown { return markdown(joinIn(w.language, false, safeNames(names))) }
	f["either"] = func(names []string) markdown { return markdown(joinIn(w.language, true, safeNames(names))) }
	f[escapeFunc] = escaped
	tableFuncs(f)
	return f
}

// plainFuncs are the functions of a subject: the same, which make no Markdown there.
func plainFuncs(w *writing) template.FuncMap {
	f := sharedFuncs(w)
	f["q"], f["quote"], f["md"] = plain, plain, plain
	f["paragraphs"] = func(most int, s string) string { return oneLine(s, min(max(most, 1), maxWords)) }
	f["room"] = func(s string) yielding { return yielding(oneLine(s, maxWords)) }
	f["link"] = func(words, _ any) string { return plain(words) }
	f["chart"] = func([]barData) string { return "" }
	f["join"] = func(names []string) string { return joinIn(w.language, false, names) }
	f["either"] = func(names []string) string { return joinIn(w.language, true, names) }
	f[escapeFunc] = plain
	tableFuncs(f)
	return f
}

// safeNames are names as they stand in Markdown.
func safeNames(names []string) []string {
	safe := make([]string, len(names))
	for i, n := range names {
		safe[i] = string(escape(oneLine(n, maxName)))
	}
	return safe
}

// maxName is the longest name that is said, in characters.
const maxName = 60

func sharedFuncs(w *writing) template.FuncMap {
	return template.FuncMap{
		"in":      func(t plan.Texts) string { return t.In(w.languages...) },
		"day":     func(t time.Time) string { return dayIn(w.language, t) },
		"date":    func(t time.Time) string { return dateIn(w.language, t) },
		"brief":   func(t time.Time) string { return briefIn(w.language, t) },
		"stamp":   func(t time.Time) string { return t.Format("2006-01-02 15:04") },
		"clock":   func(t time.Time) string { return clockIn(w.language, t) },
		"hour":    func(t time.Time) string { return hourIn(w.language, t) },
		"when":    func(t time.Time) string { return dayIn(w.language, t) + ", " + clockIn(w.language, t) },
		"weekday": func(t time.Time) string { return weekdayIn(w.language, t) },
		"tongue":  languageName,
		"Day":     func(t time.Time) string { return capital(dayIn(w.language, t)) },
		"When":    func(t time.Time) string { return capital(dayIn(w.language, t)) + ", " + clockIn(w.language, t) },
		"count":   func(n int, one, many string) string { return fmt.Sprint(n, " ", pluralIn(w.language, n, one, many)) },
		"plural":  func(n int, one, many string) string { return pluralIn(w.language, n, one, many) },
		"length":  func(minutes int) string { return lengthIn(w.language, minutes) },
		"size":    func(octets int64) string { return sizeIn(w.language, octets) },
		"cut":     func(most int, s string) string { return oneLine(s, min(max(most, 1), maxWords)) },
		"room":    func(s string) string { return s },
		"core":    core,
		"numbers": func(all []questionData) string { return numbersIn(w.language, all) },
		"mailto":  func(to, subject, body string) address { return address(Mailto(to, subject, body)) },
		"token":   func(page string) address { return address(webAddress(clean(page)) + TokenPlace) },
		"replyto": func() string { return ReplyTo },
		"printf":  printf,
		stepFunc:  w.step,
	}
}

// knownVerbs takes out of a format what printf knows.
var knownVerbs = strings.NewReplacer("%%", "", "%s", "", "%d", "")

// printf puts texts and numbers together. Widths are not for texts: they make long text of short.
func printf(format string, args ...any) (string, error) {
	if strings.Contains(knownVerbs.Replace(format), "%") {
		return "", errors.New("printf knows %s and %d, and nothing else")
	}
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = oneLine(s, maxWords)
		}
	}
	if len(format) > maxWords || len(args) > 10 {
		return "", errWritten
	}
	return fmt.Sprintf(format, args...), nil
}

// mark keeps Markdown that somebody wrote, and returns the mark of its place.
func (w *writing) mark(s string) (markdown, error) {
	s = clean(s)
	if len(s) > maxForeign {
		s = strings.ToValidUTF8(s[:maxForeign], "")
	}
	if strings.TrimSpace(s) == "" {
		return "", nil
	}
	if w.marked += len(s); w.marked > maxWritten {
		return "", errWritten
	}
	w.foreign = append(w.foreign, s)
	return markdown(fmt.Sprint("\n\n", markBegin, len(w.foreign)-1, markEnd, "\n\n")), nil
}

// maxQuoted is the most of what somebody wrote that is quoted as a block, in octets of Markdown.
const maxQuoted = 8 << 10

// item is how a line of a list begins.
var item = regexp.MustCompile(`^\s*([-*•–—]|\d{1,3}[.)])\s`)

// shortLine is the length, in octets, of a line that somebody ended themselves: longer ones were folded by a program.
const shortLine = 55

// blockQuote is what somebody wrote, as a quotation of several paragraphs, with the line ends that they set. What is longer than may be is cut behind a line, and says so by three points.
func blockQuote(s string) markdown {
	var b strings.Builder
	lines := strings.Split(strings.Trim(clean(s), " \t\n"), "\n")
	for i, line := range lines {
		if b.Len() > maxQuoted {
			b.WriteString("> …\n")
			break
		}
		b.WriteString("> " + string(escape(line)))
		if i+1 < len(lines) && strings.TrimSpace(line) != "" && strings.TrimSpace(lines[i+1]) != "" && (len(line) < shortLine || item.MatchString(lines[i+1])) {
			b.WriteByte('\\')
		}
		b.WriteByte('\n')
	}
	return markdown("\n\n" + b.String() + "\n")
}

// core is the sentence of a question that asks: its last one with a question mark, else all of it.
func core(question string) string {
	s := oneLine(question, maxWords)
	end := strings.LastIndexAny(s, "?؟？")
	if end < 0 {
		return s
	}
	begin := 0
	for _, mark := range []string{". ", "! ", "? ", "… ", ": "} {
		if i := strings.LastIndex(s[:end], mark); i >= 0 {
			begin = max(begin, i+len(mark))
		}
	}
	_, size := utf8.DecodeRuneInString(s[end:])
	return strings.TrimSpace(s[begin : end+size])
}

// numbersIn are the numbers of questions in a row.
func numbersIn(language string, all []questionData) string {
	var numbers []string
	for _, q := range all {
		numbers = append(numbers, strconv.Itoa(q.N))
	}
	return joinIn(language, false, numbers)
}
