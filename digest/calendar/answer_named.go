package calendar

import (
	"context"
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

// readWord takes "yes cafe-1" at the address of the events, in the subject or in the text, of several events on a line each. It counts where the mail shows who wrote
// it; else they get the invitation, whose answer does.
func (k *Keeper) readWord(_ context.Context, h *list.Handed) (done string, taken bool, err error) {
	var w wording
	var m *list.Member
	err = k.Engine.Store.View(func(r list.Reader) error {
		occasions, err := k.recent(r, h.List, h.Record)
		if err != nil {
			return err
		}
		w = named(occasions, h.Message.Subject(), list.ReadAnswer(h.Message))
		m, err = member(r, h.Record, h.From.Addr)
		return err
	})
	all := w.found
	if w.unread != nil {
		all = append(all, naming{of: w.unread})
	}
	switch {
	case err != nil:
		return "", false, err
	case len(all) == 0 && w.unknown != "":
		return "", true, list.Refuse(list.NoSuchAddress, "There is no event %s, and nothing was noted; see %s", w.unknown, h.List.Word("events"))
	case len(all) == 0:
		return "", false, nil
	}
	for _, one := range all {
		if one.of.undisclosed() {
			return "", true, list.Refuse(list.NoSuchAddress, "There is no event %s yet; see %s", one.of.ID, h.List.Word("events"))
		}
	}
	if m == nil {
		return "", true, notMember(h.List)
	}
	done, err = k.hearNamed(h, m, w)
	return done, true, err
}

// hearNamed takes down what a member's mail answers to each event that it names.
func (k *Keeper) hearNamed(h *list.Handed, m *list.Member, w wording) (done string, err error) {
	switch {
	case !h.Proven && w.unread != nil:
		return k.inviteAgain(h, w.unread.ID, m)
	case !h.Proven:
		return k.inviteAgain(h, w.found[0].of.ID, m)
	case w.unread != nil:
		return "passed on", k.change(h.List, w.unread.ID, func(tx list.Tx, _ *occasion) error { return k.House.PassOn(tx, h, k.Engine.Now()) })
	}
	var results []string
	for _, one := range w.found {
		result, err := k.hear(h.List, one.of.ID, m.Address, m.Name, one.said, h.Message.MessageID())
		if err != nil {
			return "", err
		}
		results = append(results, result)
	}
	return strings.Join(results, ", "), nil
}
