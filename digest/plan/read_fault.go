package plan

import (
	"fmt"
	"strings"
)

// MailFault is something in a mailed plan that cannot be read.
type MailFault struct {
	Line int // of the text, from 1; zero: it is about the whole
	Kind MailFaultKind
	Text string // what was written, or the key that is missing
	Hint string // what may have been meant; empty: nobody knows
}

// MailFaultKind says what is the matter.
type MailFaultKind string

// What can be the matter.
const (
	MissingLine MailFaultKind = "missing" // Text is the key that has to be there
	UnknownLine MailFaultKind = "unknown" // Text is a key that means nothing
	TwiceLine   MailFaultKind = "twice"   // Text is a key that was there before
	EmptyLine   MailFaultKind = "empty"   // Text is a key with nothing behind it
	BadDate     MailFaultKind = "date"    // Text is no date, or names no such day
	BadWeekday  MailFaultKind = "weekday" // Text names a weekday that is not that of its date, which is Hint
	BadTime     MailFaultKind = "time"    // Text has a date, and no time of day
	BadWeeks    MailFaultKind = "weeks"   // Text is no number from 1 to 52
	BadHashtag  MailFaultKind = "hashtag" // Text is none
	TooLong     MailFaultKind = "long"    // Text begins something longer than a mail can ask
	TooMany     MailFaultKind = "many"    // there are more questions than Hint
	BadPlan     MailFaultKind = "plan"    // what it says makes no plan; Text says why, in English
)

// MailFaults are all of one mail, in order of line; those about the whole stand last.
type MailFaults []MailFault

// Error says them in English, a line each.
func (f MailFaults) Error() string {
	says := map[MailFaultKind]string{
		MissingLine: "there is no line %q", UnknownLine: "%q means nothing here", TwiceLine: "%q is there twice", EmptyLine: "there is nothing behind %q",
		BadDate: "%q is not a date, such as 2026-03-02", BadWeekday: "%q is not that day of the week", BadTime: "%q has no time of day, such as 15:00",
		BadWeeks: "%q is not a number of weeks from 1 to 52", BadHashtag: "%q is not a hashtag, such as #remote", TooLong: "%q is too long",
		TooMany: "%q: there are too many questions", BadPlan: "%q",
	}
	var lines []string
	for _, x := range f {
		text := fmt.Sprintf(says[x.Kind], x.Text)
		if x.Hint != "" {
			text += " (" + x.Hint + ")"
		}
		if x.Line > 0 {
			text = fmt.Sprintf("line %d: %s", x.Line, text)
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}
