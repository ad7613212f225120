package digest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/digest/facts"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// fineWords are what facilitators answer who need nothing done.
var fineWords = []string{"fine", "ok", "okay", "bien", "bueno", "sawa", "poa", "nothing", "rien", "nada"}

// takeQuiet takes what a facilitator answers to the alarm: 1, 2, 3 or fine, or what is to become of held posts, a line each. Each is done, and answered with what was.
func (e *Editor) takeQuiet(_ context.Context, h *list.Handed, what about) (done string, err error) {
	var offered offer
	if err := json.Unmarshal([]byte(what.Text), &offered); err != nil {
		return "", fmt.Errorf("digest: what the alarm offered: %w", err)
	}
	own, err := e.facilitatorSays(h, what)
	if err != nil {
		return "", err
	}
	ruled, lines, err := e.Engine.RuleLines(own, offered.Held, h.From)
	if err != nil {
		return "", err
	}
	now := e.Engine.Now()
	err = e.change(what.Discussion, func(tx list.Tx, a *affair) error {
		if done = ""; a.cameBefore(h, now) {
			return errDone
		}
		unknown := false
		for _, line := range lines {
			verb, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(line)), " ")
			data := letter.QuietDone{Subject: bareSubject(h.Message.Subject()), Place: a.place(e.Engine.Site().BaseURL), Voice: a.voice(plan.Row{})}
			switch verb = strings.Trim(verb, ".,:;!)"); {
			case verb == "1":
				data.Did, data.Names, err = e.askBackups(tx, a, offered.Row, now)
			case verb == "2" && offered.Question != "":
				data.Did, data.By, data.At = a.askForRevival(facts.Question{Text: offered.Question}, true, h.From.Addr, now)
			case verb == "3" && offered.Open.Text != "":
				data.Did, data.By, data.At = a.askForRevival(offered.Open, false, h.From.Addr, now)
			case slices.Contains(fineWords, verb):
				data.Did = "fine"
				a.course.Quiet = a.weekAfter(now)
				data.Until = a.course.Quiet
			default:
				unknown = unknown || len(withoutCourtesy([]string{line})) > 0
				continue
			}
			if err == nil && data.By != "" {
				var who plan.Person
				who, err = a.person(tx, data.By)
				data.By = cmp.Or(who.Name, who.Address)
			}
			if err != nil {
				return err
			}
			done = strings.TrimSpace(done + " " + data.Did)
			if err := e.oweQuiet(tx, a, h, data, now); err != nil {
				return err
			}
		}
		if !unknown || done != "" {
			return nil
		}
		done = "unknown"
		return e.oweQuiet(tx, a, h, letter.QuietDone{Did: "unknown", Subject: bareSubject(h.Message.Subject())}, now)
	})
	if errors.Is(err, errDone) {
		return "came before", nil
	}
	if len(ruled) > 0 {
		done = strings.TrimSpace(fmt.Sprintf("%s ruled %d", done, len(ruled)))
	}
	return done, err
}

// facilitatorSays is what somebody who facilitates answers, in their own words. The error is a *list.Refusal for anybody else.
func (e *Editor) facilitatorSays(h *list.Handed, what about) (own string, err error) {
	own, _ = h.Message.Reply()
	return own, e.Engine.Store.View(func(r list.Reader) error {
		a, err := e.find(r, what.Discussion)
		if err != nil {
			return err
		}
		m, err := a.member(r, h.Secret.Address)
		if err != nil {
			return err
		}
		s := stand{address: h.Secret.Address, member: m}
		if !a.isBy(&s, h.From.Addr) || !slices.ContainsFunc(a.facilitators(), func(f string) bool { return list.SameAddress(f, h.Secret.Address) }) {
			return list.Refuse(list.NotAllowed, "Only who facilitates may answer this, from the address that it went to; write to %s", h.List.Word("owner"))
		}
		return nil
	})
}

// oweQuiet answers a facilitator with what was done. The answer can be answered as the alarm was.
func (e *Editor) oweQuiet(tx list.Tx, a *affair, h *list.Handed, data letter.QuietDone, now time.Time) error {
	mail, err := e.write(tx, a, h.Secret.Address, "quiet-done", data)
	if err != nil {
		return err
	}
	var what about
	if err := json.Unmarshal(h.Secret.Data, &what); err != nil {
		return fmt.Errorf("digest: what an answer is about: %w", err)
	}
	return a.owe(tx, owed{to: h.Secret.Address, mail: mail, kind: "quiet", purpose: list.ForDraft, about: what, answers: h.Message.MessageID()}, now)
}

// askBackups asks those who stand behind the first responders whether they would write today.
func (e *Editor) askBackups(tx list.Tx, a *affair, row string, now time.Time) (did string, names []string, err error) {
	i := slices.IndexFunc(a.rows, func(r plan.Row) bool { return r.Key == row })
	if i < 0 {
		return "nothing", nil, nil
	}
	all, err := a.backups(tx, a.rows[i])
	for j := range all {
		s := &all[j]
		data := e.responderLetter(a, s)
		if data.Mail, data.Answer, err = a.answering(tx, row); err != nil {
			return "", nil, err
		}
		a.course.responder(row, s.address).Asked = now
		if err := e.oweResponder(tx, a, s, "responder-ask", "responder_ask", data, now); err != nil {
			return "", nil, err
		}
		names = append(names, nameOf(&s.member, s.address))
	}
	if did = "asked"; len(names) == 0 {
		did = "nothing"
	}
	return did, names, err
}

// weekAfter is when the next week of the discussion begins, or it ends.
func (a *affair) weekAfter(now time.Time) time.Time {
	loc, week := a.Calendar.Location, a.WeekOf(a.rows, now)
	day := plan.DateOf(now.In(loc))
	for at := now; ; at = day.At(0, loc) {
		if a.WeekOf(a.rows, at) != week || !at.Before(a.Ends(a.rows)) {
			return at
		}
		day = day.AddDays(1)
	}
}
