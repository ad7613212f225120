package calendar

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
)

// inviteBefore is how long before a mailed event invitations go out, and usualReminders when its guests are reminded: as of one in the config that says nothing of it.
const inviteBefore = 14 * 24 * time.Hour

func usualReminders() []time.Duration { return []time.Duration{24 * time.Hour, time.Hour} }

// What a World Café has whose lines say nothing of it.
const (
	usualRounds    = 3
	usualTableSize = 5
)

// intake takes what one mail brings, in one transaction.
type intake struct {
	*Keeper
	tx        list.Tx
	h         *list.Handed
	who       *list.Member // nil: who runs the list need not be a member
	address   string       // of who mailed it, as the list has it
	name      string
	may       bool // who mailed it approves events themselves
	occasions []*occasion
	now       time.Time

	told   []letter.ToldEvent
	faults event.Faults
	of     *occasion // the event of who mailed that was told of or was to be changed last; nil: none
}

// takeIn has f take what a mail brings, and tells who mailed it what became of it.
func (k *Keeper) takeIn(h *list.Handed, f func(t *intake) error) (done string, err error) {
	defer k.House.Wake()
	now := k.Engine.Now()
	err = k.Engine.Store.Update(func(tx list.Tx) error {
		t := &intake{Keeper: k, tx: tx, h: h, now: now}
		if err := t.look(); err != nil {
			return err
		}
		if t.cameBefore() {
			done = "came before"
			return nil
		}
		if err := f(t); err != nil {
			return err
		}
		done = t.did()
		return t.answer()
	})
	return done, err
}

// look finds out who mailed, and what events there are. Only a member adds events, or who runs the list, in a mail that is theirs beyond doubt, or by an address that only they
// were told; else the error is a *list.Refusal.
func (t *intake) look() (err error) {
	h := t.h
	if t.who, err = member(t.tx, h.Record, h.From.Addr); err != nil {
		return err
	}
	if t.may, err = t.approves(t.tx, h.List, t.who, h.From.Addr); err != nil {
		return err
	}
	switch {
	case t.who == nil && !t.may:
		return list.Refuse(list.NotMember, "Only members of the list add events to it; to join, write to %s", h.List.Word("subscribe"))
	case h.Secret != nil && !list.SameAddress(h.From.Addr, h.Secret.Address) && (t.who == nil || !t.who.Has(h.Secret.Address)):
		return list.Refuse(list.NotAllowed, "That mail was sent to somebody else; answer the one that you got")
	case h.Secret == nil && !h.Proven:
		return list.Refuse(list.NotAllowed, "Nothing shows that this mail is yours, so that nothing is done in your name; write to %s", h.List.Word("owner"))
	}
	t.address, t.name = h.From.Addr, h.From.Name
	if t.who != nil {
		t.address, t.name = t.who.Address, cmp.Or(t.who.Name, t.name)
	}
	t.name = cmp.Or(t.name, t.address)
	t.occasions, err = t.Keeper.occasions(t.tx, h.List, h.Record)
	return err
}

// cameBefore reports whether the mail was taken before, by somebody who did not hear that it was.
func (t *intake) cameBefore() bool {
	id := t.h.Message.MessageID()
	return id != "" && slices.ContainsFunc(t.occasions, func(o *occasion) bool { return t.theirs(o) && o.reg.Submission.MessageID == id })
}

// theirs reports whether who mailed brought an event.
func (t *intake) theirs(o *occasion) bool {
	if !o.mailed {
		return false
	}
	by := o.reg.Submission.By.Address
	return list.SameAddress(by, t.address) || t.who != nil && t.who.Has(by)
}

// did is what was done, for the log.
func (t *intake) did() string {
	var all []string
	for _, one := range t.told {
		all = append(all, one.What)
	}
	if len(t.faults) > 0 {
		all = append(all, "unreadable")
	}
	return "event: " + strings.Join(all, ", ")
}

// answer tells who mailed what became of it.
func (t *intake) answer() error {
	w := owed{to: t.address, answers: t.h.Message.MessageID()}
	switch {
	case len(t.told) == 1 && t.of != nil:
		if err := t.oweOwn(t.tx, t.of, w, t.told[0], t.now); err != nil {
			return err
		}
	case len(t.told) > 0:
		if err := t.oweTold(t.tx, t.h.List, t.h.Record, w.to, w.answers, t.told, t.now); err != nil {
			return err
		}
	}
	if len(t.faults) == 0 {
		return nil
	}
	if t.of != nil && len(t.told) == 0 { // it was to change that one
		w.purpose, w.about = list.ForDraft, about{What: aboutOwn}
		return t.oweFaults(t.tx, t.of, t.who, t.faults, w, t.now)
	}
	return t.oweFaults(t.tx, nowhere(t.h), t.who, t.faults, w, t.now)
}

// nowhere is no event, for letters that are about none.
func nowhere(h *list.Handed) *occasion {
	return &occasion{Event: &event.Event{}, list: h.List, rec: h.Record, reg: &Register{}}
}

// tell notes what became of an event.
func (t *intake) tell(o *occasion, what string) {
	if o != nil && t.theirs(o) {
		t.of = o
	}
	t.told = append(t.told, t.toldOf(o, t.who, what, t.now))
}

// toldOf is an event and what became of it, for somebody.
func (k *Keeper) toldOf(o *occasion, m *list.Member, what string, now time.Time) letter.ToldEvent {
	one := letter.ToldEvent{What: what}
	if o != nil {
		who := eventReader{zone: zoneFor(o.list, m)}
		if m != nil {
			who.language = m.Language
		}
		one.Event = o.coming(who)
		if at := clockBefore(o.Start, o.Invite); what == "announced" && at.After(now) && o.reg.Told == "" {
			one.Until = at.In(zoneFor(o.list, m))
		}
	}
	return one
}

// propose takes an event that is new here.
func (t *intake) propose(e *event.Event, stamp time.Time, doubts []event.Doubt) error {
	own := *e
	own.Title = oneLineTexts(own.Title)
	if own.Title.In() == "" {
		own.Title = event.Texts{"": bareTitle(t.h.Message.Subject())}
	}
	if f := faultOf(&own, t.now); f != nil {
		t.faults = append(t.faults, f)
		return nil
	}
	if !t.may && t.pending() >= mostWaiting {
		return list.Refuse(list.NotAllowed, "%d events of yours wait for a moderator already; send the next when those are decided", mostWaiting)
	}
	id, err := t.freeID(own.Title.In())
	if err != nil {
		return err
	}
	by := event.Person{Name: t.name, Address: t.address}
	own.ID, own.List, own.Invite, own.Reminders, own.Organiser = id, t.h.List.Address, inviteBefore, usualReminders(), event.Person{Name: by.Name}
	own.Rounds, own.TableSize, own.ExpectShow = usualRounds, usualTableSize, 1
	s := &Submission{Event: own, Zone: own.Start.Location().String(), By: by, At: t.now, MessageID: t.h.Message.MessageID(), Stamp: stamp, Standing: Proposed, Doubts: doubts}
	o := newOccasion(s.event(t.h.List), t.h.List, t.h.Record, &Register{ID: own.ID, Submission: s})
	o.mailed = true
	t.occasions = append(t.occasions, o)
	if t.may {
		o = o.approve(t.name, t.now)
		t.tell(o, "announced")
	} else {
		t.tell(o, "waits")
		if err := t.oweDrafts(t.tx, o, t.now); err != nil {
			return err
		}
	}
	return o.reg.write(t.tx, o.rec)
}

// mostWaiting is how many events of one member wait at a time: each is a mail to everybody who decides.
const mostWaiting = 20

// pending is how many events of who mailed wait.
func (t *intake) pending() (n int) {
	for _, o := range t.occasions {
		if t.theirs(o) && o.undecided() {
			n++
		}
	}
	return n
}

// readLines takes an event that stands in the mail as lines.
func (k *Keeper) readLines(_ context.Context, h *list.Handed) (done string, taken bool, err error) {
	text, _ := h.Message.Written()
	now := k.Engine.Now()
	e, err := event.ReadLines(text, zoneOf(h.List), now)
	faults, bad := errors.AsType[event.Faults](err)
	if bad && !hasLine(faults) {
		return "", false, nil // it has no line of an event at all
	}
	done, err = k.takeIn(h, func(t *intake) error {
		if bad {
			t.faults = faults
			return nil
		}
		return t.offer(e)
	})
	return done, true, err
}

// hasLine reports whether a mail that is no event was meant to be one: of its lines at least one is there.
func hasLine(faults event.Faults) bool {
	missing := 0
	for _, f := range faults {
		if f.Kind == event.MissingLine {
			missing++
		}
	}
	return missing < 2
}
