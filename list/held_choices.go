package list

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// choicesPerDay is how often a moderator is told in a day what the choices are: a program that answers everything and says nowhere that it is
// one must not go on for ever.
const choicesPerDay = 3

// tellChoices answers what decides nothing: an unknown word, an answer that does not say which post is meant. The
// notice has a token of its own, so that it can be answered as the first one. Where the post waits no more, that is what they are told.
func (e *Engine) tellChoices(h *heldReply, a Answer) error {
	now := e.Now()
	return e.tell(func(tx Tx) error {
		slot, err := freeChoice(tx, h, now)
		if err != nil {
			return err
		}
		if err := tx.PutTold(slot, now); err != nil {
			return err
		}
		posts, err := h.stillWaiting(tx)
		if err != nil {
			return err
		}
		if len(posts) == 0 {
			ruling, err := tx.Ruling(h.posts[0])
			if err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
			return h.answer(tx, noteTo(h.by, h.rec.ID, "late", rulingValues(h.list, &ruling), now))
		}
		n := noteTo(h.by, h.rec.ID, "choices", map[string]string{"said": oneLine(a.Whole, subjectQuoted), "several": yes(h.several()), "posts": postRows(h.list, posts, h.numbers())}, now)
		n.Secret = &Secret{Purpose: ForHeld, List: h.rec.ID, Address: h.secret.Address, Subject: h.secret.Subject, Data: h.secret.Data, Expires: h.secret.Expires}
		return h.answer(tx, n)
	})
}

// stillWaiting are the posts of the notice that nobody has decided.
func (h *heldReply) stillWaiting(r Reader) (all []Held, err error) {
	for _, id := range h.posts {
		held, err := r.Held(id)
		if err == nil {
			all = append(all, held)
		} else if !errors.Is(err, ErrNotFound) {
			return nil, err
		}
	}
	return all, nil
}

// numbers are the numbers that the notice gave to its posts; none if it was about one.
func (h *heldReply) numbers() map[uint64]int {
	numbers := map[uint64]int{}
	if !h.several() {
		return numbers
	}
	for i, id := range h.posts {
		numbers[id] = i + 1
	}
	return numbers
}

// freeChoice finds out whether a moderator may be told once more what the choices are; errNothingToKeep: not today.
func freeChoice(r Reader, h *heldReply, now time.Time) (Telling, error) {
	for i := range choicesPerDay {
		slot := Telling{Kind: toldChoices, List: h.rec.ID, Hop: strings.ToLower(h.secret.Address) + " " + strconv.Itoa(i+1)}
		told, err := toldSince(r, slot, now.Add(-24*time.Hour))
		if err != nil || !told {
			return slot, err
		}
	}
	return Telling{}, errNothingToKeep
}
