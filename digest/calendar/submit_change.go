package calendar

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"convene/list"
	"convene/list/event"
)

// aboutOwn is what somebody says anew of an event that they mailed, in answer to a mail that told them what became of it: +draft-TOKEN@.
const aboutOwn = "event own"

// changeWords begin a mail that changes an event, before its id, in the languages of the texts.
var changeWords = []string{"change", "changes", "changer", "modifier", "modifie", "modifiez", "cambiar", "cambia", "cambie", "modificar", "modifica", "modifique"}

// takeOwn takes what somebody answers to a mail that told them what became of an event of theirs: lines change it, by the same rule as an update of a calendar program, and
// "cancel" takes it back. All else is an answer as to an invitation, or for a person to read.
func (k *Keeper) takeOwn(ctx context.Context, h *list.Handed, what about) (done string, err error) {
	if done, taken, err := k.readObject(ctx, h); taken || err != nil {
		return done, err
	}
	said, back := backWord(list.ReadAnswer(h.Message))
	if !back && !saysLines(h) {
		return k.takeOther(ctx, h, what)
	}
	return k.takeIn(h, func(t *intake) error {
		i := slices.IndexFunc(t.occasions, func(o *occasion) bool { return o.isCalled(what.Event) })
		if i < 0 {
			return list.ErrNotFound
		}
		switch o := t.occasions[i]; {
		case !t.theirs(o) && !t.may:
			t.tell(o, "taken")
			return nil
		case back:
			return t.takeBack(o, said)
		default:
			return t.changeByLines(o, nil)
		}
	})
}

// takeOther takes an answer that says nothing of the event itself.
func (k *Keeper) takeOther(ctx context.Context, h *list.Handed, what about) (done string, err error) {
	told := false
	err = k.Engine.Store.View(func(r list.Reader) error {
		o, err := k.find(r, h.List, what.Event)
		told = err == nil && !o.undisclosed()
		return err
	})
	switch {
	case err != nil:
		return "", err
	case told:
		return k.takeComing(ctx, h, what)
	}
	return "passed on", k.Engine.Store.Update(func(tx list.Tx) error { return k.House.PassOn(tx, h, k.Engine.Now()) })
}

// backWord reads "cancel", with the day of a date behind it or without, in answer to a mail about one event.
func backWord(a list.Answer) (day string, ok bool) {
	if !slices.Contains(cancelWords, a.Verb) || len(strings.Fields(a.Rest)) >= politely {
		return "", false
	}
	return datePattern.FindString(a.Rest), true
}

// saysLines reports whether an answer has a line of an event in it.
func saysLines(h *list.Handed) bool {
	text, _ := h.Message.Written()
	return event.HasLine(text)
}

// readChange takes "change reading-circle.1" at the address of the events, in the subject or in the first line, with lines below: of who added it, or of somebody who decides on
// events.
func (k *Keeper) readChange(_ context.Context, h *list.Handed) (done string, taken bool, err error) {
	a := list.ReadAnswer(h.Message)
	said, ok := readOrder(h.Message.Subject(), changeWords)
	if !ok {
		said, ok = readOrder(a.Verb+" "+a.Rest, changeWords)
	}
	if !ok || !strings.Contains(said.id, ".") || !saysLines(h) { // a word without a full stop is no id of a mailed event
		return "", false, nil
	}
	done, err = k.takeIn(h, func(t *intake) error {
		o, is := t.ordered(said.id)
		if !is {
			return nil
		}
		if !o.mailed {
			t.tell(o, "ours")
			return nil
		}
		return t.changeByLines(o, nil)
	})
	return done, true, err
}

// changeByLines takes what lines say anew of a mailed event. It waits for a moderator as a change by a calendar program does. whole is the event of the lines, where they are
// all of one; nil: they are what is otherwise.
func (t *intake) changeByLines(o *occasion, whole *event.Event) error {
	s := o.reg.Submission
	if s == nil {
		return list.ErrNotFound
	}
	base, sequence := inOwnZone(s.Event, s.Zone, t.h.List), s.Event.Sequence
	if s.Next != nil {
		base, sequence = inOwnZone(*s.Next, s.NextZone, t.h.List), s.Next.Sequence
	}
	base.Cancelled = base.Cancelled || o.Cancelled
	text, _ := t.h.Message.Written()
	e, err := event.ReadChange(withoutToken(text, t.h.Target.Token), base, t.now)
	faults, bad := errors.AsType[event.Faults](err)
	if !bad {
		if e.Cancelled = false; whole != nil && whole.About.In() != "" {
			e.About = whole.About
		}
		if f := faultOf(e, t.now); f != nil {
			faults, bad = event.Faults{f}, true
		}
	}
	if bad {
		t.faults, t.of = faults, o
		return nil
	}
	e.Title, e.Sequence = oneLineTexts(e.Title), sequence
	s.MessageID = t.h.Message.MessageID()
	if s.Standing != Declined && !base.Cancelled && saysTheSame(base, e) {
		t.tell(o, "same")
		return o.reg.write(t.tx, o.rec)
	}
	s.Doubts = nil
	return t.changed(o, e)
}

// offeredBefore is an event to come that who mailed offered by lines before, under the same title; nil: there is none.
func (t *intake) offeredBefore(e *event.Event) *occasion {
	title := strings.ToLower(strings.Join(strings.Fields(e.Title.In()), " "))
	i := slices.IndexFunc(t.occasions, func(o *occasion) bool {
		return t.theirs(o) && o.reg.Submission.Event.UID == "" && o.reg.Submission.Standing != Declined && !o.Cancelled && !o.over(t.now) &&
			strings.ToLower(o.proposal().Title.In()) == title
	})
	if i < 0 || title == "" {
		return nil
	}
	return t.occasions[i]
}

// offer takes an event by lines. Lines with the title of one that they offered before are about that one where they name its day; on another day nobody can know whether it is moved, or one
// more, and they are asked.
func (t *intake) offer(e *event.Event) error {
	o := t.offeredBefore(e)
	switch {
	case o == nil:
		return t.propose(e, time.Time{}, nil)
	case sameDay(o.proposal().Start, e.Start, o.Start.Location()):
		return t.changeByLines(o, e)
	}
	t.tell(o, "twice")
	return nil
}
