package web

import (
	"errors"
	"net/http"
	"strings"

	"convene/list"
)

// confirm answers /c/TOKEN, the link of a mail that asks whether something is wanted. GET shows what will be done and a form with one button; the
// POST of that button does it. Anything else changes nothing. A token that was used says what came of it, as often as it is asked. An invitation has three buttons, and
// can be answered again.
func (v *visit) confirm() {
	near, guarded := v.guess()
	if guarded && v.guard.waits(near, v.now()) > 0 {
		v.problem(http.StatusTooManyRequests)
		return
	}
	post, pressed := v.r.Method == http.MethodPost, v.form.Get("confirm") == "yes"
	if post && !pressed && len(v.r.TransferEncoding) > 0 {
		v.problem(http.StatusBadRequest) // as with a link that unsubscribes
		return
	}
	answer := ""
	if said := v.form.Get("answer"); post && (said == "yes" || said == "no" || said == "maybe") {
		answer = said
	}
	what, err := v.confirmation(pressed, answer)
	switch {
	case errors.Is(err, list.ErrNotFound):
		if guarded {
			v.guard.note(near, v.now())
		}
		v.page(http.StatusNotFound, "expired", page{})
	case err != nil:
		v.log.Error("confirmation not answered", "pressed", pressed, "error", err)
		v.problem(http.StatusServiceUnavailable)
	case what.Invites:
		p := aboutConfirmation(what)
		status := http.StatusOK
		if post && answer == "" {
			p.Status, status = http.StatusBadRequest, http.StatusBadRequest
		}
		v.page(status, "coming", p)
	case what.Said != "":
		v.page(http.StatusOK, "confirmed", aboutConfirmation(what))
	default:
		p := aboutConfirmation(what)
		status := http.StatusOK
		if post {
			p.Status, status = http.StatusBadRequest, http.StatusBadRequest
		}
		v.page(status, "confirm", p)
	}
}

// confirmation has the engine act when a button was pressed, and look otherwise.
func (v *visit) confirmation(pressed bool, answer string) (list.Confirmation, error) {
	if !wellFormed(v.rest) {
		return list.Confirmation{}, list.ErrNotFound
	}
	token := strings.ToLower(v.rest)
	if answer != "" {
		return v.engine.Answer(token, answer)
	}
	if pressed {
		return v.engine.Confirm(token, HowPage)
	}
	return v.engine.Confirming(token)
}

// aboutConfirmation is the page of a confirmation. The address is masked, as on every page.
func aboutConfirmation(c list.Confirmation) page {
	p := about(list.Leaving{List: c.List, Title: c.Title, Member: c.Address, Language: c.Language})
	p.Question, p.Text, p.Button, p.Said, p.Late, p.Answer = c.Question, c.Text, c.Button, c.Said, c.Late, c.Answer
	return p
}
