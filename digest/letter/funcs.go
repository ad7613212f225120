package letter

import (
	"errors"
	"fmt"
	"strings"
	"text/template"
	"time"

	"convene/digest/plan"
)

// markdownFuncs are the functions of a body, beside those of text/template. What any text says of its data is escaped without being asked to; these say
// things in ways of their own.
//
//	q TEXT                   the words as they were written, on one line, whatever stands in them
//	quote TEXT               the same as a block quotation, paragraph by paragraph; it stands alone
//	md TEXT                  Markdown that somebody wrote: paragraphs, lists, links, emphasis; it stands alone
//	link WORDS URL           a link; the words alone where the address is none of http, https or mailto
//	mailto ADDR SUBJ BODY    the address of such a link that begins a mail (RFC 6068)
//	in TEXTS                 a text by language in the language of the mail
//	day TIME                 Monday 2 March
//	clock TIME               11:00 Nairobi (08:00 GMT)
//	when TIME                both
//	count N ONE MANY         1 person, 9 people
//	plural N ONE MANY        person, people
//	join NAMES               Dede, Noor and Awa
//	size OCTETS              1.2 MB
//	cut N TEXT               at most so many characters, cut behind a word
//	printf FORMAT TEXT       the text in place of each %s or %d
//	replyto                  where answers to this mail go
//	table, row, cell, endtable  a table: see tableFuncs
func markdownFuncs(w *writing) template.FuncMap {
	f := sharedFuncs(w)
	f["q"] = escaped
	f["quote"] = blockQuote
	f["md"] = w.mark
	f["link"] = linkTo
	f["join"] = func(names []string) markdown {
		safe := make([]string, len(names))
		for i, n := range names {
			safe[i] = string(escape(oneLine(n, maxName)))
		}
		return markdown(joinIn(w.language, safe))
	}
	f[escapeFunc] = escaped
	tableFuncs(f)
	return f
}

// plainFuncs are the functions of a subject: the same, which make no Markdown there.
func plainFuncs(w *writing) template.FuncMap {
	f := sharedFuncs(w)
	f["q"], f["quote"], f["md"] = plain, plain, plain
	f["link"] = func(words, _ any) string { return plain(words) }
	f["join"] = func(names []string) string { return joinIn(w.language, names) }
	f[escapeFunc] = plain
	tableFuncs(f)
	return f
}

// maxName is the longest name that is said, in characters.
const maxName = 60

func sharedFuncs(w *writing) template.FuncMap {
	return template.FuncMap{
		"in":      func(t plan.Texts) string { return t.In(w.languages...) },
		"day":     func(t time.Time) string { return dayIn(w.language, t) },
		"clock":   func(t time.Time) string { return clockIn(w.language, t) },
		"when":    func(t time.Time) string { return dayIn(w.language, t) + ", " + clockIn(w.language, t) },
		"count":   func(n int, one, many string) string { return fmt.Sprint(n, " ", pluralIn(w.language, n, one, many)) },
		"plural":  func(n int, one, many string) string { return pluralIn(w.language, n, one, many) },
		"size":    func(octets int64) string { return sizeIn(w.language, octets) },
		"cut":     func(most int, s string) string { return oneLine(s, min(max(most, 1), maxWords)) },
		"mailto":  func(to, subject, body string) address { return address(Mailto(to, subject, body)) },
		"replyto": func() string { return ReplyTo },
		"printf":  printf,
		stepFunc:  w.step,
	}
}

// printf puts texts and numbers together. Widths are not for texts: they make long text of short.
func printf(format string, args ...any) (string, error) {
	if strings.Contains(strings.NewReplacer("%%", "", "%s", "", "%d", "").Replace(format), "%") {
		return "", errors.New("printf knows %s and %d, and nothing else")
	}
	s := fmt.Sprintf(format, args...)
	if len(s) > maxForeign {
		return "", errWritten
	}
	return s, nil
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
	w.foreign = append(w.foreign, s)
	return markdown(fmt.Sprint("\n\n", markBegin, len(w.foreign)-1, markEnd, "\n\n")), nil
}

// blockQuote is what somebody wrote, as a quotation of several paragraphs.
func blockQuote(s string) markdown {
	var b strings.Builder
	b.WriteString("\n\n")
	for i, paragraph := range strings.Split(strings.TrimSpace(clean(s)), "\n\n") {
		if i > 0 {
			b.WriteString(">\n")
		}
		for line := range strings.SplitSeq(strings.TrimSpace(paragraph), "\n") {
			b.WriteString("> " + string(escape(line)) + "\n")
		}
		if b.Len() > maxForeign {
			break
		}
	}
	return markdown(b.String() + "\n")
}
