package digest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// The first words by which first responders say what is neither yes nor no, in the languages of the texts and those nearest to them.
var (
	otherWords    = []string{"other", "another", "later", "autre", "otro", "otra", "outro"}
	passWords     = []string{"pass", "passe", "passer", "paso", "pasar", "passo", "skip"}
	tomorrowWords = []string{"tomorrow", "demain", "mañana", "manana", "amanhã", "amanha", "kesho"}
)

// readResponder reads what a first responder answers; saidWords: nothing that fits. In an answer of a few words any may be the one ("I pass", "un autre jour").
func readResponder(a list.Answer) string {
	words := strings.Fields(strings.ToLower(a.Whole))
	if len(words) > politely || list.No(a.Verb) || slices.Contains(words, "not") || slices.Contains(words, "pas") {
		words = nil
	}
	has := func(some []string) bool {
		return slices.Contains(some, a.Verb) || slices.ContainsFunc(words, func(w string) bool { return slices.Contains(some, strings.Trim(w, ".,!")) })
	}
	if said := phrases[spoken(a.Whole)]; said != "" {
		return said
	}
	switch v := a.Verb; {
	case has(passWords):
		return saidPass
	case has(tomorrowWords):
		return saidTomorrow
	case has(otherWords):
		return saidOther
	case v == "si" && a.Rest != "": // before other words it is a French "if"
	case list.Yes(v):
		return saidYes
	case list.No(v) && denies(a):
		return saidNo
	}
	return saidWords
}

// phrases are the ways to say yes or no whose first word alone says neither.
var phrases = func() map[string]string {
	all := map[string]string{}
	for said, some := range map[string]string{
		saidYes: "of course|with pleasure|gladly|happily|count me in|i will|i'll do it|no problem|no problem at all|no worries|avec plaisir|avec grand plaisir|bien sûr|je veux bien|pas de problème|pas de souci|" +
			"con gusto|con mucho gusto|claro|claro que sí|claro que si|por supuesto|no hay problema|sin problema|com prazer|sem problema",
		saidNo: "sorry no|i can't|i cannot|unfortunately not|sorry i can't|je ne peux pas|désolé non|désolée non|malheureusement non|no puedo|lo siento no|não posso",
	} {
		for phrase := range strings.SplitSeq(some, "|") {
			all[phrase] = said
		}
	}
	return all
}()

// spoken is what a person says in a line or so, as phrases have it: without thanks at its end, and without a name below.
func spoken(text string) string {
	if line, below, _ := strings.Cut(strings.TrimSpace(text), "\n"); len(strings.Fields(below)) <= politely {
		text = line
	}
	words := strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(text, "’", "'")), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(".,;:!¡", r) })
	for len(words) > 1 && thankful[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

// thankful are words that add nothing to an answer.
var thankful = textSet("thanks thank you please merci gracias obrigado obrigada")

// noMore are the words that may follow a "no" at once, without a comma, and leave it one. "No problem" and "no idea" are none.
var noMore = textSet("i we thank thanks not sorry but unfortunately merci je désolé désolée gracias lo yo puedo this time")

// denies reports whether an answer that begins with a no says no: nothing follows it, or what is apart from it, or goes with it.
func denies(a list.Answer) bool {
	word, _, _ := strings.Cut(strings.TrimLeftFunc(a.Whole, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }), "\n")
	word = strings.TrimSpace(word)
	behind := strings.TrimLeftFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) })
	next, _, _ := strings.Cut(strings.TrimSpace(behind), " ")
	return strings.TrimSpace(a.Rest) == "" || !strings.HasPrefix(behind, " ") || noMore[strings.ToLower(strings.TrimFunc(next, unicode.IsPunct))]
}

// conditions are the words by which an answer that decides says more than it does: whoever facilitates reads them, however few they are.
var conditions = textSet("but if only unless although except however not when mais si seulement sauf pas quand pero solo sólo salvo cuando mas")

// saysMore reports whether an answer that decides has something in it that a person is to read.
func saysMore(own string) bool {
	words := strings.Fields(strings.ToLower(own))
	return len(words) > politely+1 || len(words) > 1 && slices.ContainsFunc(words[1:], func(w string) bool { return conditions[strings.Trim(w, ".,;:!?")] || strings.HasSuffix(w, "?") })
}

// politely is how many words may stand behind one that decides before they are for a person to read.
const politely = 4

// takeResponder takes what a first responder answers to being asked, to the question or to the nudge. What fits no word goes to the facilitator, and so does
// whatever more they say. Only the words of who was asked decide: who has the mail from them is heard all the same.
func (e *Editor) takeResponder(_ context.Context, h *list.Handed, what about) (done string, err error) {
	now, said := e.Engine.Now(), ""
	err = e.change(what.Discussion, func(tx list.Tx, a *affair) error {
		if a.cameBefore(h, now) {
			return errDone
		}
		said = readResponder(list.ReadAnswer(h.Message)) // a transaction may be done again
		s, err := a.standing(tx, what.Row, what.Address)
		if err != nil {
			return err
		}
		if s == nil || !a.isBy(s, h.From.Addr) || said == saidTomorrow && a.course.stage(what.Row) != Sent {
			said = saidWords
		}
		if s != nil && said != saidWords {
			return e.decided(tx, a, s, said, h, now)
		}
		if s != nil && s.state.Said == "" {
			s.state.Said, s.state.SaidAt = saidWords, now
		}
		_, err = e.passOn(tx, a, h)
		return err
	})
	if errors.Is(err, errDone) {
		return "came before", nil
	}
	return answerFirst + ": " + said, err
}

// standing is where somebody stands who was asked about a row; nil: they were not, or the plan does not have it any more.
func (a *affair) standing(r list.Reader, row, address string) (*stand, error) {
	state := a.course.Responders[responderKey(row, address)]
	if state == nil {
		return nil, nil
	}
	all, err := a.lineup(r)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if s := &all[i]; s.row.Key == row && list.SameAddress(s.address, address) {
			return s, nil
		}
	}
	i := slices.IndexFunc(a.rows, func(r plan.Row) bool { return r.Key == row })
	if i < 0 {
		return nil, nil
	}
	s := &stand{row: a.rows[i], at: a.goesOut(a.rows[i]), address: address, state: state}
	s.member, err = a.member(r, address)
	return s, err
}

// decided takes an answer that decides. Whatever more they say goes to the facilitator; they get one mail about both.
func (e *Editor) decided(tx list.Tx, a *affair, s *stand, said string, h *list.Handed, now time.Time) error {
	var passed letter.PassedOn
	if own, _ := h.Message.Reply(); saysMore(own) {
		var err error
		if passed, err = e.passTo(tx, a, h, true); err != nil {
			return err
		}
	}
	more := passed.Voice.Address != ""
	told, err := e.heard(tx, a, s, said, more, h, now)
	if err != nil || told || !more {
		return err
	}
	return e.tellPassed(tx, a, h, passed)
}

// heard notes what somebody said, and owes them a line that it arrived, and that what more they said was passed on; told is false where they get none.
func (e *Editor) heard(tx list.Tx, a *affair, s *stand, said string, more bool, h *list.Handed, now time.Time) (told bool, err error) {
	before, way := s.state.Said, s.state.Way
	switch said {
	case saidPass, saidTomorrow:
		s.state.Way = said
		if said == saidPass && before == "" {
			s.state.Said = saidNo
		}
	default:
		s.state.Said, s.state.Way = said, ""
	}
	s.state.SaidAt = now
	if said == saidYes {
		if err := trust(tx, &s.member); err != nil {
			return false, err
		}
	}
	data := e.responderLetter(a, s)
	data.Said, data.Subject, data.Passed = said, bareSubject(h.Message.Subject()), more
	if said == saidYes && !a.out(s.row) {
		if data.Ahead = a.Calendar.AheadAt(s.at, e.zone(a, &s.member)); !data.Ahead.After(now) && s.state.Question.IsZero() {
			return false, nil // the question follows at once, and says it
		} else if !s.state.Question.IsZero() {
			data.Ahead = time.Time{}
		}
	}
	if before == said && way == s.state.Way {
		return false, nil // they know
	}
	if data.Mail, data.Answer, err = a.answering(tx, s.row.Key); err != nil {
		return false, err
	}
	mail, err := e.write(tx, a, s.address, "responder-heard", data)
	if err != nil {
		return false, err
	}
	return true, a.owe(tx, owed{to: s.address, mail: mail, kind: "notice", purpose: list.ForRSVP, about: about{What: answerFirst, Row: s.row.Key, Address: s.address},
		answers: h.Message.MessageID(), from: data.Voice.Name}, now)
}

// trust lets the posts of a member who agreed to answer first through at once, unless somebody has every post of theirs read before.
func trust(tx list.Tx, m *list.Member) error {
	if m.Number == 0 || m.Trusted || m.Moderated {
		return nil
	}
	m.Trusted = true
	_, err := tx.PutMember(*m)
	return err
}
