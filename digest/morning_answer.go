package digest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/list"
)

// sendWords are what a facilitator answers to a morning note with the number of a draft, by which it goes out as it is.
var sendWords = []string{"send", "envoyer", "envoie", "enviar", "envía", "envia"}

// takeMorning takes what a facilitator answers to a morning note, a line each: what is to become of held posts, and drafts that go out as they are.
func (e *Editor) takeMorning(_ context.Context, h *list.Handed, what about) (done string, err error) {
	var had shown
	if err := json.Unmarshal([]byte(what.Text), &had); err != nil {
		return "", fmt.Errorf("digest: what a morning note showed: %w", err)
	}
	own, err := e.facilitatorSays(h, what)
	if err != nil {
		return "", err
	}
	rulings, lines, err := e.Engine.RuleLines(own, had.Held, h.From)
	if err != nil {
		return "", err
	}
	now := e.Engine.Now()
	data := letter.MorningDone{Subject: bareSubject(h.Message.Subject())}
	for _, r := range rulings {
		name := r.From
		data.Ruled = append(data.Ruled, letter.MorningRuled{Name: name, Subject: r.Subject, Before: !list.SameAddress(r.By, h.From.Addr),
			Sent: r.What == list.RuledApproved || r.What == list.RuledTrusted || r.What == list.RuledSpecial || r.What == list.RuledEdited})
	}
	err = e.change(what.Discussion, func(tx list.Tx, a *affair) error {
		if a.cameBefore(h, now) {
			return errDone
		}
		data.Drafts, data.Unknown = nil, nil
		for _, line := range lines {
			if d, ok, err := e.approve(tx, a, had.Drafts, line, h.From.Addr, now); err != nil {
				return err
			} else if ok {
				data.Drafts = append(data.Drafts, d...)
			} else {
				data.Unknown = append(data.Unknown, line)
			}
		}
		if data.Unknown = withoutCourtesy(data.Unknown); len(data.Ruled)+len(data.Drafts)+len(data.Unknown) == 0 {
			return nil // thank you, too
		}
		mail, err := e.write(tx, a, h.Secret.Address, "morning-done", data)
		if err != nil {
			return err
		}
		return a.owe(tx, owed{to: h.Secret.Address, mail: mail, kind: "morning_note", purpose: list.ForDraft, about: what, answers: h.Message.MessageID()}, now)
	})
	if errors.Is(err, errDone) {
		return "came before", nil
	}
	return fmt.Sprintf("ruled %d, approved %d", len(rulings), len(data.Drafts)), err
}

// approve has drafts go out as they are, at their time: those whose numbers stand behind the word for it, or the only one. Who else has them is told.
func (e *Editor) approve(tx list.Tx, a *affair, drafts []string, line, by string, now time.Time) (done []letter.MorningDraft, ok bool, err error) {
	words := strings.FieldsFunc(strings.ToLower(line), func(r rune) bool { return strings.ContainsRune(" \t,.;:!", r) })
	if len(words) == 0 || !slices.Contains(sendWords, words[0]) || len(words) == 1 && len(drafts) != 1 {
		return nil, false, nil
	}
	if len(words) == 1 {
		words = append(words, "1")
	}
	var keys []string
	for _, w := range words[1:] {
		n, err := strconv.Atoi(strings.TrimPrefix(w, "#"))
		if err != nil || n < 1 || n > len(drafts) {
			return nil, false, nil
		}
		keys = append(keys, drafts[n-1])
	}
	who, err := a.person(tx, by)
	if err != nil {
		return nil, false, err
	}
	for _, key := range keys {
		row, found := a.rowOf(key)
		if !found || a.out(row) {
			return nil, false, nil
		}
		s := a.course.row(key)
		before := *s
		if s.Stage != Drafted && s.Stage != Approved || needsText(row.Kind) && isUnwrittenYet(s) {
			return nil, false, nil
		}
		if s.Stage, s.By = Approved, by; a.goesOut(row).Before(now) {
			s.Due = now
		}
		if err := e.tellOthers(tx, a, row, s, before, who, nil, now); err != nil {
			return nil, false, err
		}
		done = append(done, letter.MorningDraft{Kind: row.Kind, Week: row.Week, Until: a.goesOut(row).In(a.Calendar.Location)})
	}
	return done, true, nil
}
