package list

import (
	"errors"
	"strings"
	"time"

	"convene/list/message"
)

// unfit says why the text of an answer cannot stand in the place of a post's, in the words of undecidedError; empty: it can. What stands on the line of the
// verb may be meant for us ("edit: take out the number"), and what was left out of a reply as quoted might be missed.
func (h *heldReply) unfit(said *heldOrder) string {
	if said.rest != "" || strings.TrimSpace(said.text) == "" {
		return "no-text"
	}
	if _, whole := h.mail.OwnWhole(); !whole {
		return "torn"
	}
	return ""
}

// keepEdited makes a held post anew with another text and keeps that as a message of its own, in one transaction with what is decided. The line at its end
// says to every reader, in whatever program, that not all of it is the author's. What came stays where it is.
func (e *Engine) keepEdited(p *pending, h *Held, o *order, decide func(Tx) error) error {
	if o.unfit != "" {
		return undecided(h, o.unfit)
	}
	mark, err := e.Site().Texts.phrase("edited-mark", []string{p.list.Language}, nil)
	if err != nil {
		return err
	}
	raw, err := p.arrival.Message.ReplaceText(strings.TrimSpace(o.text + "\n\n" + mark))
	if errors.Is(err, message.ErrSealedText) {
		return undecided(h, "sealed")
	} else if err != nil {
		return err
	}
	edited := newPending(p.site, p.list, &h.Post.Envelope, raw.Bytes())
	edited.key, edited.id, edited.made, edited.arrival.Auth = p.key, p.id, p.made, p.arrival.Auth // of what came
	leaked, err := e.scrub(edited)
	if err != nil {
		return err
	}
	*p = *edited
	return e.Store.Keep(p.arrival.Message.Raw, func(tx Tx, ref Ref) error {
		p.edited = ref
		if err := decide(tx); err != nil {
			return err
		}
		return e.revoke(tx, leaked)
	})
}

// tellEdited tells the author what their post says now, and reports whether it may.
func (p *pending) tellEdited(tx Tx, h *Held, now time.Time) (bool, error) {
	if !mayTellAuthor(&h.Post) {
		return false, nil
	}
	values := map[string]string{}
	values["text"], values["cut"] = quotedText(p.arrival.Message)
	return true, tellAuthor(tx, p.list, h, "edited", values, now)
}
