package calendar

import (
	"context"
	"slices"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
)

// Who mails an event may name somebody else as its presenter, who knows nothing of it: they are asked once it is approved, and are reminded only where they agreed.

// aboutPresent is their answer: +rsvp-TOKEN@.
const aboutPresent = "event present"

// Under these a register has that somebody was asked whether they present on a date, and what they said.
func askedKey(d event.Date, p event.Person) string {
	return "present/asked/" + dateKey(d.Of) + "/" + guestKey(p.Address)
}
func agreedKey(d event.Date, p event.Person) string {
	return "present/agreed/" + dateKey(d.Of) + "/" + guestKey(p.Address)
}
func refusedKey(p event.Person) string { return "present/refused/" + guestKey(p.Address) }

// named reports whether who mailed an event named somebody else as a presenter of a date, who has not agreed.
func (o *occasion) named(d event.Date, p event.Person) bool {
	s := o.reg.Submission
	if s == nil || p.Address == "" || list.SameAddress(s.By.Address, p.Address) || o.reg.did(agreedKey(d, p)) {
		return false
	}
	offered, ok := o.reg.Presenters[o.dayKey(d)]
	return !ok || !list.SameAddress(offered.Address, p.Address)
}

// refuse leaves out presenters who said that they are none. In a series each stands for a date, which is free again by what they said.
func (o *occasion) refuse() {
	if !o.series() && slices.ContainsFunc(o.Presenters, func(p event.Person) bool { return o.reg.did(refusedKey(p)) }) {
		o.Presenters = slices.DeleteFunc(slices.Clone(o.Presenters), func(p event.Person) bool { return o.reg.did(refusedKey(p)) })
	}
}

// asking is the duty to ask somebody whether they present.
func (k *Keeper) asking(o *occasion, d event.Date, p event.Person, now time.Time) Duty {
	return Duty{At: o.awake(now, d.Start), Kind: kindNotice, Name: "asking who is to present " + o.ID, Do: func(_ context.Context, now time.Time) error {
		return k.change(o.list, o.ID, func(tx list.Tx, o *occasion) error {
			key := askedKey(d, p)
			if o.reg.did(key) || o.Cancelled || o.waits() || !slices.Contains(o.presentersOn(d), p) {
				return ErrDone
			}
			o.reg.do(key, now)
			m, err := member(tx, o.rec, p.Address)
			if err != nil || m == nil && !o.runs(p.Address) { // anybody can be named: who is not here gets no mail of it
				return err
			}
			return k.owePresenting(tx, o.on(d), d, p, m, letter.Presenting{Said: "asked", Name: shownName(o.reg.Submission.By.Name)}, aboutPresent, now)
		})
	}}
}

// owePresenting writes to somebody about who presents on a date.
func (k *Keeper) owePresenting(tx list.Tx, on *occasion, d event.Date, to event.Person, m *list.Member, data letter.Presenting, what string, now time.Time) error {
	who := on.readerOf(m, to.Address)
	data.Event, data.Date, data.Place = on.coming(who), on.dayKey(d), k.House.Place(on.list)
	mail, err := k.House.Book().Write("presenting", on.languagesOf(who.language), data)
	if err != nil {
		return err
	}
	return on.owe(tx, owed{to: to.Address, mail: mail, kind: kindNotice, purpose: list.ForRSVP, about: about{What: what, Of: d.Of}, answers: data.Answers}, now)
}

// takePresent takes the answer: yes, or no, of which who offers the event hears, too. Anything else is for who facilitates.
func (k *Keeper) takePresent(_ context.Context, h *list.Handed, what about) (done string, err error) {
	now, to := k.Engine.Now(), h.Secret.Address
	err = k.change(h.List, what.Event, func(tx list.Tx, o *occasion) error {
		m, err := member(tx, o.rec, to)
		if err != nil {
			return err
		}
		if !list.SameAddress(h.From.Addr, to) && (m == nil || !m.Has(h.From.Addr)) {
			return list.Refuse(list.NotAllowed, "That mail was somebody else's; write to %s", h.List.Word("owner"))
		}
		a := list.ReadAnswer(h.Message)
		said, ok := readAnswer(a)
		if f, offers := offerIn(h.Message, a, false); offers { // "not present", as the mails say
			if said.answer, ok = Yes, true; f.back {
				said.answer = No
			}
		}
		d, known := o.DateOf(what.Of)
		i := slices.IndexFunc(o.presentersOn(d), func(p event.Person) bool { return list.SameAddress(p.Address, to) })
		switch {
		case !ok || said.answer != Yes && said.answer != No:
			done = "passed on"
			return k.House.PassOn(tx, h, now)
		case !known || !now.Before(d.Start):
			done = "over"
		case i < 0:
			done = "not theirs"
		case said.answer == Yes:
			done = "presents"
			o.reg.do(agreedKey(d, o.presentersOn(d)[i]), now)
		default:
			done = "back"
			p := o.presentersOn(d)[i]
			if o.reg.do(refusedKey(p), now); o.lunches() {
				o.offered(d, true, p, true, false, now)
			}
			by := o.reg.Submission.By
			other, err := member(tx, o.rec, by.Address)
			if err != nil {
				return err
			}
			if err := k.owePresenting(tx, o.on(d), d, by, other, letter.Presenting{Said: done, Name: shownName(p.Name)}, aboutComing, now); err != nil {
				return err
			}
		}
		return k.owePresenting(tx, o.on(d), d, event.Person{Address: to}, m, letter.Presenting{Said: done, Answers: h.Message.MessageID()}, aboutPresent, now)
	})
	return "presenter: " + done, err
}
