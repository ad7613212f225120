package digest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
	"convene/list/message"
)

// takeQuestion takes a facilitator's word on a question without a name: post, drop, or edit with other words for it. It is decided once.
func (e *Editor) takeQuestion(_ context.Context, h *list.Handed, what about) (done string, err error) {
	now := e.Engine.Now()
	var a *affair
	var text string
	err = e.Engine.Store.View(func(r list.Reader) error {
		if a, err = e.around(r, h.List, now); err != nil {
			return err
		}
		if err := e.mayDecide(r, a, h); err != nil {
			return err
		}
		text, err = questionText(r, a.rec, what.Text)
		return err
	})
	if err != nil {
		return "", err
	}
	said := list.ReadAnswer(h.Message)
	m := letter.Anonymous{Text: text}
	switch {
	case text == "":
		m.Said = "decided"
	case said.Verb == "post":
		return "post", e.postQuestion(a, h, what.Text, text, now)
	case said.Verb == "drop" || said.Verb == "discard":
		return "drop", e.dropQuestion(a, h, what.Text, text, now)
	case said.Verb == "edit":
		own, whole := h.Message.OwnWhole()
		if m.Said = "edited"; !whole || strings.TrimSpace(said.Own()) == "" || len(own) > anonymousMost {
			m.Said = "not edited"
		} else {
			m.Text = strings.TrimSpace(said.Own())
		}
	default:
		m.Said = "unknown"
	}
	return m.Said, e.Engine.Store.Update(func(tx list.Tx) error {
		if m.Said == "edited" {
			if still, err := questionText(tx, a.rec, what.Text); err != nil {
				return err
			} else if still == "" {
				m.Said = "decided"
			} else if err := putQuestion(tx, a.rec, what.Text, m.Text); err != nil {
				return err
			}
		}
		return e.oweQuestion(tx, a, []string{h.From.Addr}, m, what.Text, h, now)
	})
}

// mayDecide says who decides on a question: whom it was sent to, as long as they facilitate, or own the list.
func (e *Editor) mayDecide(r list.Reader, a *affair, h *list.Handed) error {
	m, err := r.Member(a.rec.ID, h.From.Addr)
	if err != nil && !errors.Is(err, list.ErrNotFound) {
		return err
	}
	people, err := e.Engine.Reached(r, a.list, list.KindFacilitator)
	if err != nil {
		return err
	}
	their := func(o string) bool {
		return list.SameAddress(o, h.From.Addr) || m.Number != 0 && list.SameAddress(o, m.Address)
	}
	if !their(h.Secret.Address) || !slices.ContainsFunc(people, their) && !slices.ContainsFunc(a.list.Owners, their) {
		return list.Refuse(list.NotAllowed, "Only who facilitates decides on that; write to %s", a.list.Word("owner"))
	}
	return nil
}

// questionText are the words of a question as they are now; empty: it is decided.
func questionText(r list.Reader, rec list.Record, key string) (string, error) {
	content, err := r.Paper(rec.ID, anonymousPapers+key)
	if errors.Is(err, list.ErrNotFound) {
		return "", nil
	} else if err != nil {
		return "", err
	}
	var q anonymousQuestion
	if err := json.Unmarshal(content, &q); err != nil {
		return "", fmt.Errorf("digest: a question: %w", err)
	}
	return q.Text, nil
}

// postQuestion sends a question to the list, in a topic of its own.
func (e *Editor) postQuestion(a *affair, h *list.Handed, key, text string, now time.Time) error {
	pub := &list.Publication{List: a.list, By: message.Mailbox{Name: a.asksName(), Addr: a.list.Address}, Key: anonymousPapers + key, Kind: string(plan.Message)}
	m := letter.Anonymous{Text: text, Place: a.place(e.Engine.Site().BaseURL), Voice: a.voice(plan.Row{}), Hashtag: a.Hashtag}
	for _, tag := range a.editions() {
		mail, err := e.programme.Load().Book.Write("anonymous-post", a.languagesOf(tag), m)
		if err != nil {
			return err
		}
		pub.Editions = append(pub.Editions, list.Edition{Letter: list.Letter{Subject: mail.Subject, Text: mail.Text, HTML: mail.HTML, Language: tag}})
	}
	err := e.Engine.Publish(pub, now, func(tx list.Tx, send func() (list.Post, error)) error {
		if still, err := questionText(tx, a.rec, key); err != nil || still != text {
			return errors.Join(err, errDone) // somebody else decided, or wrote other words, at this moment
		}
		readers, err := a.audience(tx, false)
		if err != nil {
			return err
		}
		for i := range pub.Editions {
			pub.Editions[i].Readers = readers[pub.Editions[i].Letter.Language]
		}
		if _, err := send(); err != nil {
			return err
		}
		if err := tx.DeletePaper(a.rec.ID, anonymousPapers+key); err != nil {
			return err
		}
		return e.oweQuestion(tx, a, []string{h.From.Addr}, letter.Anonymous{Text: text, Said: "posted"}, key, h, now)
	})
	if errors.Is(err, errDone) {
		return nil
	}
	return err
}

// dropQuestion forgets a question. Nobody else is told: there is nobody who could be.
func (e *Editor) dropQuestion(a *affair, h *list.Handed, key, text string, now time.Time) error {
	return e.Engine.Store.Update(func(tx list.Tx) error {
		err := tx.DeletePaper(a.rec.ID, anonymousPapers+key)
		said := "dropped"
		if errors.Is(err, list.ErrNotFound) {
			said = "decided"
		} else if err != nil {
			return err
		}
		return e.oweQuestion(tx, a, []string{h.From.Addr}, letter.Anonymous{Text: text, Said: said}, key, h, now)
	})
}

// asksNames are in whose name a question without one goes out, by language.
var asksNames = map[string]string{"en": "A member asks", "fr": "Un membre demande", "es": "Un miembro pregunta"}

// asksName is that in the list's language.
func (a *affair) asksName() string {
	base, _, _ := strings.Cut(a.Language, "-")
	if name, ok := asksNames[base]; ok {
		return name
	}
	return asksNames["en"]
}
