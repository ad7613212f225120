package calendar

import (
	"slices"
	"strings"

	"convene/list"
	"convene/list/message"
)

// naming is an answer that names the event which it is of.
type naming struct {
	of   *occasion
	said said
}

// wording is what a mail to the address of the events answers, in words.
type wording struct {
	found []naming
	// unread is the event that a mail names whose words are for a person to read; nil: there is none.
	unread *occasion
	// unknown is what stands where an event would be named, and names none; empty: nothing does.
	unknown string
}

const (
	// answerLines is how far into a text answers are looked for, and lineWords how many words a line has that is one.
	answerLines = 20
	lineWords   = 8
)

// doubts are words of a text that no answer could be read in, which may take back what the subject says.
var doubts = []string{"not", "cannot", "can't", "cant", "won't", "wont", "don't", "dont", "unable", "sorry", "unfortunately", "instead", "however", "pas", "plus", "ne", "désolé", "désolée", "desole",
	"desolee", "malheureusement", "hélas", "regret", "regrette", "siento", "puedo", "tampoco", "nunca", "desgraciadamente", "lamentablemente", "lamento", "pero", "mais", "but"}

// named finds the events that a mail answers by their ids: "yes cafe-1", a line each. What the text says comes before the subject: that may be of the mail which is
// answered. Where only the subject names an event, the text says what is answered, if it says anything.
func named(all []*occasion, subject string, a list.Answer) (w wording) {
	lines := strings.Split(a.Whole, "\n")
	for _, line := range lines[:min(len(lines), answerLines)] {
		if o, s, ok := readLine(all, line); ok && o != nil && a.Verb == list.VerbUnread {
			w.unread = o
		} else if ok && o != nil {
			w.found = append(w.found, naming{o, s})
		} else if name := nameless(line); o == nil && w.unknown == "" && strings.ContainsAny(name, "-.0123456789") {
			w.unknown = name
		}
	}
	if len(w.found) > 0 || w.unread != nil {
		w.unknown = ""
		return w
	}
	subject, isReply := bareSubject(subject)
	o, s, ok := readLine(all, subject)
	if o == nil {
		if w.unknown == "" && a.Verb == "" {
			w.unknown = nameless(subject)
		}
		return w
	}
	own, read := readAnswer(a)
	switch {
	case a.Verb != "" && read:
		if own.of.IsZero() && len(own.also) == 0 {
			own.of, own.day = s.of, s.day
		}
		w.found = []naming{{o, own}}
	case !ok: // the subject names it, and nothing is said of it
	case a.Verb == "", !isReply && a.Verb != list.VerbUnread && !doubtful(a.Whole):
		w.found = []naming{{o, s}}
	default:
		w.unread = o
	}
	return w
}

// readLine reads a line that begins with an answer, or is nothing but the id of an event: then ok is false.
func readLine(all []*occasion, line string) (o *occasion, s said, ok bool) {
	words := strings.Fields(strings.ToLower(line))
	if len(words) == 0 || len(words) > lineWords {
		return nil, s, false
	}
	at := slices.IndexFunc(words, func(w string) bool {
		return slices.ContainsFunc(all, func(o *occasion) bool { return o.isCalled(strings.Trim(w, idMarks)) })
	})
	if at < 0 {
		return nil, s, false
	}
	i := slices.IndexFunc(all, func(o *occasion) bool { return o.isCalled(strings.Trim(words[at], idMarks)) })
	words = slices.Delete(words, at, at+1)
	if len(words) > 0 {
		s, ok = readAnswer(list.Answer{Verb: strings.Trim(words[0], ".,;:!"), Rest: strings.Join(words[1:], " "), Whole: strings.Join(words, " ")})
	}
	if !ok && len(words) > 0 && !datePattern.MatchString(words[0]) {
		return nil, s, false // it is of something else
	}
	return all[i], s, ok
}

// idMarks may stand around an id.
const idMarks = ".,;:!\"'()<>«»“”"

// nameless is what follows a yes, a no or a maybe on a line of two words, or of three with a date: no event is called so, or it would have been found. Empty: it is no such line.
func nameless(line string) string {
	words := slices.DeleteFunc(strings.Fields(strings.ToLower(line)), datePattern.MatchString)
	if len(words) != 2 {
		return ""
	}
	if verb := strings.Trim(words[0], ".,;:!"); !list.Yes(verb) && !list.No(verb) && !slices.Contains(maybeWords, verb) {
		return ""
	}
	return strings.Trim(words[1], idMarks)
}

// bareSubject is a subject without the markers of replies before it.
func bareSubject(subject string) (bare string, isReply bool) {
	for {
		rest, ok := message.ReplyMarker(subject)
		if !ok {
			return subject, isReply
		}
		subject, isReply = rest, true
	}
}

// doubtful reports whether a text may take back what stands above it.
func doubtful(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" \n\t,.;:!?…", r) })
	return slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains(doubts, strings.ReplaceAll(w, "’", "'")) || list.No(w)
	})
}
