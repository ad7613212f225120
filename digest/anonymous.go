package digest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// A member's question without a name. What is kept of it is its words alone, as a paper named by them, until somebody decides; the member gets no answer,
// since even that would be a record that names them.
const (
	anonymousPapers  = "anonymous/"
	anonymousMost    = 4000 // of its text, in octets
	anonymousWaiting = 20   // at a time on one list
	whatAnonymous    = "anonymous"
)

// anonymousQuestion is one that waits for a facilitator's word.
type anonymousQuestion struct {
	Text string `json:"text"`
}

// takeAnonymous takes a member's question and sends its words, and nothing else, to who facilitates. It has to be known that a member sent it, and what is not
// is refused at once: to ask them would mean to keep their name beside their words.
func (e *Editor) takeAnonymous(_ context.Context, h *list.Handed, _ about) (done string, err error) {
	var m list.Member
	err = e.Engine.Store.View(func(r list.Reader) (err error) { m, err = r.Member(h.Record.ID, h.From.Addr); return err })
	switch {
	case errors.Is(err, list.ErrNotFound) && !h.Proven, err == nil && !h.Proven:
		return "", list.Refuse(list.NotAllowed, "Nothing shows that this mail is a member's, and a question without a name is kept nowhere to ask about it; write to %s", h.List.Word("facilitator"))
	case errors.Is(err, list.ErrNotFound):
		return "", list.Refuse(list.NotMember, "Only members ask here without their name; write to %s", h.List.Word("facilitator"))
	case err != nil:
		return "", err
	}
	text := withoutWriter(h.Message.Own(), append([]string{m.Address, h.From.Addr}, m.Others...), m.Name, h.From.Name)
	if text == "" {
		return "", list.Refuse(list.Unreadable, "There is no question in that mail that can be read; write it as plain text, above everything else")
	}
	if len(text) > anonymousMost {
		return "", list.Refuse(list.TooBig, "A question without a name has at most %d letters", anonymousMost)
	}
	return "question", e.keepQuestion(h.List, text)
}

// questionKey names a question by its words, so that the same mail taken twice is one.
func questionKey(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// keepQuestion keeps a question and owes it to who decides on it.
func (e *Editor) keepQuestion(l *list.List, text string) error {
	now, key := e.Engine.Now(), questionKey(text)
	err := e.Engine.Store.Update(func(tx list.Tx) error {
		a, err := e.around(tx, l, now)
		if err != nil {
			return err
		}
		if _, err := tx.Paper(a.rec.ID, anonymousPapers+key); err == nil {
			return errDone
		} else if !errors.Is(err, list.ErrNotFound) {
			return err
		}
		waiting := 0
		if err := tx.Papers(a.rec.ID, anonymousPapers, func(string, []byte) error { waiting++; return nil }); err != nil {
			return err
		}
		if waiting >= anonymousWaiting {
			return list.Refuse(list.TooManyCommands, "Too many questions without a name wait here; try again in a few days")
		}
		if err := putQuestion(tx, a.rec, key, text); err != nil {
			return err
		}
		people, err := e.Engine.Reached(tx, l, list.KindFacilitator)
		if err != nil {
			return err
		}
		return e.oweQuestion(tx, a, people, letter.Anonymous{Text: text}, key, nil, now)
	})
	if errors.Is(err, errDone) {
		return nil
	}
	return err
}

func putQuestion(tx list.Tx, rec list.Record, key, text string) error {
	content, err := json.Marshal(anonymousQuestion{text})
	if err != nil {
		return fmt.Errorf("digest: a question: %w", err)
	}
	return tx.PutPaper(rec.ID, anonymousPapers+key, content)
}

// oweQuestion owes people a question as it would go out, from an address that takes their word.
func (e *Editor) oweQuestion(tx list.Tx, a *affair, people []string, m letter.Anonymous, key string, h *list.Handed, now time.Time) error {
	m.Place, m.Voice, m.Hashtag = a.place(e.Engine.Site().BaseURL), a.voice(plan.Row{}), a.Hashtag
	for _, to := range people {
		mail, err := e.write(tx, a, to, "anonymous", m)
		if err != nil {
			return err
		}
		o := owed{to: to, mail: mail, kind: "notice", purpose: list.ForDraft, about: about{What: whatAnonymous, Text: key}}
		if h != nil {
			o.answers = h.Message.MessageID()
		}
		if err := a.owe(tx, o, now); err != nil {
			return err
		}
	}
	return nil
}

// around is the discussion that runs on a list, or else an affair that has nothing but the list.
func (e *Editor) around(r list.Reader, l *list.List, now time.Time) (*affair, error) {
	affairs, err := e.affairs(r, now)
	if err != nil {
		return nil, err
	}
	for _, a := range affairs {
		if a.list.Address == l.Address && a.runs(now) {
			return a, nil
		}
	}
	rec, err := r.List(l.Address)
	if err != nil {
		return nil, err
	}
	zone := l.Location
	if zone == nil {
		zone = time.UTC
	}
	d := &plan.Discussion{List: l.Address, ListTitle: l.Title(), Start: plan.DateOf(now.In(zone)), Weeks: 1, Language: l.Language, Languages: l.Languages,
		Calendar: plan.Calendar{Location: zone}}
	return &affair{Discussion: d, list: l, rec: rec, course: &Course{}}, nil
}

var (
	trailerMark = regexp.MustCompile(`(?i)^(?:--|[_=*-]{3,}$|sent from|envoyé de|enviado desde|get outlook)|https?://|www\.|\S@\S|\+?\d[\d ().-]{6,}\d`)
	someAddress = regexp.MustCompile(`[^\s<>()\[\],;:"']+@[^\s<>()\[\],;:"']+`)
)

// withoutWriter is what somebody wrote without what tells who they are: the lines at the end that are a greeting, a name, an address, a telephone number; and
// wherever they stand, their names and addresses.
func withoutWriter(text string, addresses []string, names ...string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for len(lines) > 0 && isTrailer(lines[len(lines)-1], len(lines) == 1, names) {
		lines = lines[:len(lines)-1]
	}
	text = strings.TrimSpace(strings.Join(lines, "\n"))
	text = someAddress.ReplaceAllStringFunc(text, func(found string) string {
		if slices.ContainsFunc(addresses, func(a string) bool { return strings.EqualFold(a, strings.Trim(found, ".!?")) }) {
			return "[…]"
		}
		return found
	})
	for _, name := range names {
		if len(strings.Fields(name)) > 1 {
			text = regexp.MustCompile(`(?i)`+strings.Join(quoteWords(name), `\s+`)).ReplaceAllString(text, "[…]")
		}
	}
	return text
}

func quoteWords(s string) []string {
	words := strings.Fields(s)
	for i := range words {
		words[i] = regexp.QuoteMeta(words[i])
	}
	return words
}

// isTrailer reports whether a last line tells who wrote and nothing else. The only line of a mail is none.
func isTrailer(line string, only bool, names []string) bool {
	line = strings.TrimSpace(line)
	if line == "" {
		return true
	}
	if only || strings.HasSuffix(line, "?") {
		return false
	}
	if trailerMark.MatchString(line) && len(strings.Fields(line)) <= 12 {
		return true
	}
	short := len(strings.Fields(line)) <= 6
	for _, name := range names {
		for word := range strings.FieldsSeq(name) {
			if short && len([]rune(word)) > 1 && slices.ContainsFunc(strings.FieldsFunc(line, notLetter), func(w string) bool { return strings.EqualFold(w, word) }) {
				return true
			}
		}
		if short && isPolite(line, name) {
			return true
		}
	}
	return false
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) && r != '-' && r != '\'' && r != '’' }
