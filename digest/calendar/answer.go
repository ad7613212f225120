package calendar

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
	"convene/list/message"
)

// objectSize is how large a calendar object may be that is looked at, in octets.
const objectSize = 1 << 20

// objectOf is the calendar object of a mail, by its Content-Type and by nothing else (RFC 6047 §2.6); empty: it has none. What an enclosed message holds is
// somebody else's.
func objectOf(m *message.Message) (object string, method event.Method) {
	for _, p := range m.Parts() {
		if p.Leaf && !p.Enclosed && (p.Media == "text/calendar" || p.Media == "application/ics") {
			if object == "" || method == "" && p.Params["method"] != "" {
				object, method = p.Markup(objectSize), event.Method(strings.ToUpper(p.Params["method"]))
			}
		}
	}
	return object, method
}

// takeComing takes what somebody answers to an invitation, a reminder or their tables. Only the answer of whom it was sent to counts.
func (k *Keeper) takeComing(_ context.Context, h *list.Handed, what about) (done string, err error) {
	var m *list.Member
	err = k.Engine.Store.View(func(r list.Reader) (err error) { m, err = member(r, h.Record, h.Secret.Address); return err })
	if err != nil {
		return "", err
	}
	if !list.SameAddress(h.From.Addr, h.Secret.Address) && (m == nil || !m.Has(h.From.Addr)) {
		return "", list.Refuse(list.NotAllowed, "That invitation is somebody else's; to come, write \"yes %s\" to %s", what.Event, h.List.Word("events"))
	}
	if object, method := objectOf(h.Message); object != "" {
		if all, ok := k.objectAnswers(h, object); ok {
			if err := oneMethod(method); err != nil {
				return "", err
			}
			return k.takeObject(h, all)
		}
	}
	a := list.ReadAnswer(h.Message)
	if subject := h.Message.Subject(); a.Verb == "" && isAnswer(subject) { // some write it there, and no more
		a = list.AnswerIn(subject)
	}
	if done, taken, err := k.takeOffer(h, what, m, a); taken || err != nil {
		return done, err
	}
	s, ok := readAnswer(a)
	if !ok {
		return "passed on", k.change(h.List, what.Event, func(tx list.Tx, _ *occasion) error { return k.House.PassOn(tx, h, k.Engine.Now()) })
	}
	if s.of.IsZero() && !s.all && len(s.also) == 0 { // what is said to the reminder of a date is said of that date
		s.of = what.Of
	}
	return k.hear(h.List, what.Event, h.Secret.Address, h.From.Name, s, h.Message.MessageID())
}

// objectAnswers are the answers that a calendar object has; false: it is none that answers.
func (k *Keeper) objectAnswers(h *list.Handed, object string) ([]event.Answer, bool) {
	o, err := event.Read([]byte(object), zoneOf(h.List))
	if err != nil || o.Method != event.Reply {
		return nil, false
	}
	all, err := o.Answers()
	return all, err == nil
}

// oneMethod refuses an answer that comes in a part which says that it asks for something else: nobody knows which of them is meant (RFC 6047 §2.4).
func oneMethod(stated event.Method) error {
	if sameMethod(stated, event.Reply) {
		return nil
	}
	f := event.Fault{Kind: event.TwoMethods, Text: string(stated) + ", " + string(event.Reply)}
	return list.Refuse(list.Unreadable, "Your calendar program's answer cannot be read: %s", f.Error())
}

// readReply takes the answer of a calendar program that came to the address of the events, which every invitation names as its organiser.
func (k *Keeper) readReply(_ context.Context, h *list.Handed) (done string, taken bool, err error) {
	object, method := objectOf(h.Message)
	if object == "" {
		return "", false, nil
	}
	o, err := event.Read([]byte(object), zoneOf(h.List))
	if err != nil || o.Method != event.Reply {
		return "", false, nil
	}
	if err := oneMethod(method); err != nil {
		return "", true, err
	}
	all, err := o.Answers()
	if err != nil {
		return "", true, list.Refuse(list.Unreadable, "Your calendar program's answer cannot be read: %s", err)
	}
	done, err = k.takeObject(h, all)
	return done, true, err
}

// mostDates is how many answers of one mail of a calendar program are heard: of a long series it might answer each date by itself.
const mostDates = 20

// takeObject hears answers of a calendar program: of the guest who sent them, or for whom the sender acts, to events that we invited them to, each to its own. Any other is
// discarded without a word, since who it names need not have sent it (RFC 6047 §2.2.1); one of which nothing shows whose it is gets the invitation again, whose address
// knows.
func (k *Keeper) takeObject(h *list.Handed, all []event.Answer) (done string, err error) {
	var m *list.Member
	var occasions []*occasion
	err = k.Engine.Store.View(func(r list.Reader) (err error) {
		if m, err = member(r, h.Record, h.From.Addr); err != nil || m == nil {
			return err
		}
		occasions, err = k.recent(r, h.List, h.Record)
		return err
	})
	if err != nil {
		return "", err
	}
	// What one mail says it says at one time, first of all dates and then of single ones: programs stamp each part when it was last changed.
	newest := slices.MaxFunc(all, event.Answer.Compare)
	slices.SortStableFunc(all, func(a, b event.Answer) int { return a.Of.Compare(b.Of) })
	results := []string{}
	for _, o := range occasions {
		var of []said
		for _, a := range all[:min(len(all), mostDates)] {
			if strings.EqualFold(o.UID, a.UID) && k.invitesAs(h.List, a.Organiser) && (m.Has(a.Guest.Address) || list.SameAddress(a.Guest.Address, m.Address)) {
				of = append(of, said{answer: map[event.PartStat]string{event.Accepted: Yes, event.Declined: No, event.Tentative: Maybe}[a.Guest.Status], of: a.Of, object: true,
					sequence: newest.Sequence, stamp: newest.Stamp, comment: a.Comment})
			}
		}
		switch {
		case len(of) == 0 || o.undisclosed() || o.reg.Told == "":
			continue
		case !h.Proven && h.Secret == nil:
			return k.inviteAgain(h, o.ID, m)
		}
		heard, err := k.heardAll(h.List, o.ID, m.Address, m.Name, of, h.Message.MessageID())
		if err != nil {
			return "", err
		}
		for _, one := range heard {
			if !slices.Contains(results, string(one)) {
				results = append(results, string(one))
			}
		}
	}
	if len(results) == 0 {
		return "no guest", nil
	}
	return "answer: " + strings.Join(results, ", "), nil
}

// invitesAs reports whether an organiser is a list, by any address of its own, now or before: people keep invitations of a list by its former name. Programs that name
// nobody mean whom the UID is of.
func (k *Keeper) invitesAs(l *list.List, organiser string) bool {
	local, domain, _ := strings.Cut(organiser, "@")
	local, _, _ = strings.Cut(local, "+")
	known, ok := k.Engine.Site().List(local + "@" + domain)
	return organiser == "" || ok && known.Address == l.Address
}

func notMember(l *list.List) *list.Refusal {
	return list.Refuse(list.NotMember, "Only members of the list come to its events; to join, write to %s", l.Word("subscribe"))
}

// inviteAgain sends somebody the invitation once more, for an answer that shows that it is theirs, or since their program asks for it. Whoever writes in their name can
// have us send them no more of these than of other questions, and whoever writes in the names of many no more than others from their network.
func (k *Keeper) inviteAgain(h *list.Handed, id string, m *list.Member) (done string, err error) {
	now, l := k.Engine.Now(), h.List
	var o *occasion
	if err := k.Engine.Store.View(func(r list.Reader) (err error) { o, err = k.find(r, l, id); return err }); err != nil {
		return "", err
	}
	if o.Cancelled || o.over(now) || o.waits() { // there is nothing to invite to
		return "over", nil
	}
	if o.reg.Told != "" && (o.reg.Told != o.print() || o.reworded()) { // what others are told next
		o.Sequence = max(o.Sequence, o.reg.Sequence+1)
	}
	mails, err := k.writeInvitations(o, []told{{*m, "new"}}, *o.reg, now)
	if err != nil {
		return "", err
	}
	done = "asked enough"
	err = k.change(l, id, func(tx list.Tx, o *occasion) error {
		may, err := k.Engine.MayAsk(tx, o.rec.ID, &h.Envelope, m.Address, h.Proven, now)
		if err != nil || !may {
			return err
		}
		done = "asked"
		mails[0].to, mails[0].answers, mails[0].kind = m.Address, h.Message.MessageID(), kindNotice
		return o.owe(tx, mails[0], now)
	})
	return done, err
}

// hear takes an answer down, and tells who wrote it what became of it, unless their calendar program did and it is as they have it there.
func (k *Keeper) hear(l *list.List, id, address, name string, s said, answers string) (done string, err error) {
	result, err := k.heard(l, id, address, name, s, answers)
	return "answer: " + string(result), err
}

func (k *Keeper) heard(l *list.List, id, address, name string, s said, answers string) (outcome, error) {
	all, err := k.heardAll(l, id, address, name, []said{s}, answers)
	if err != nil {
		return "", err
	}
	return all[0], nil
}

// heardAll takes down all that one mail answers to an event, in one transaction.
func (k *Keeper) heardAll(l *list.List, id, address, name string, all []said, answers string) (results []outcome, err error) {
	now := k.Engine.Now()
	err = k.change(l, id, func(tx list.Tx, o *occasion) error {
		if o.undisclosed() {
			return fmt.Errorf("calendar: event %s: %w", id, list.ErrNotFound)
		}
		m, err := member(tx, o.rec, address)
		if err != nil {
			return err
		}
		if m != nil {
			address, name = m.Address, m.Name
		}
		zone := zoneFor(o.list, m)
		if len(all) == 1 && (all[0].unclear || all[0].vague && o.series() || len(all[0].also) > 0) {
			if m == nil {
				return notMember(l)
			}
			result, err := k.hearDates(tx, o, m, all[0], zone, answers, now)
			if err != nil {
				return err
			}
			results = append(results, result)
			return k.oweMoved(tx, o, now)
		}
		taken := false
		for _, s := range all {
			s.zone = zone
			if m == nil && (s.answer == Yes || s.answer == Maybe) {
				return notMember(l)
			}
			result, err := k.hearOne(tx, o, m, address, name, s, answers, now)
			if err != nil {
				return err
			}
			results, taken = append(results, result), taken || result != old && result != again
		}
		if !taken {
			return nil
		}
		return k.oweMoved(tx, o, now)
	})
	return results, err
}

// hearOne takes one answer down, of m; nil: of somebody who is no member any more.
func (k *Keeper) hearOne(tx list.Tx, o *occasion, m *list.Member, address, name string, s said, answers string, now time.Time) (result outcome, err error) {
	if g := o.reg.Guests[guestKey(address)]; g != nil && answers != "" && g.MessageID == answers && !s.object {
		return again, nil
	}
	if result = o.note(address, name, s, now); result == old || result == again {
		return result, nil
	}
	if g := o.reg.Guests[guestKey(address)]; g != nil {
		g.MessageID = answers
		o.forget(g, now)
	}
	if s.page || s.object && (result == Yes || result == No || result == Maybe) || result == Yes && o.comesLate(address, now) {
		return result, nil
	}
	if d, ok := o.dateSaid(s); ok && !s.of.IsZero() {
		o = o.on(d)
	}
	return result, k.oweHeard(tx, o, address, m, result, answers, now)
}

// oweHeard tells somebody what became of their answer.
func (k *Keeper) oweHeard(tx list.Tx, o *occasion, to string, m *list.Member, result outcome, answers string, now time.Time) error {
	who := o.readerOf(m, to)
	mail, err := k.House.Book().Write("rsvp", o.languagesOf(who.language), letter.RSVP{Event: o.coming(who), Said: string(result), Place: k.House.Place(o.list)})
	if err != nil {
		return fmt.Errorf("calendar: event %s: %w", o.ID, err)
	}
	return o.owe(tx, owed{to: to, mail: mail, kind: kindNotice, purpose: list.ForRSVP, about: about{What: aboutComing, Of: o.of}, answers: answers}, now)
}

// oweMoved gives free places to who waits, and tells them.
func (k *Keeper) oweMoved(tx list.Tx, o *occasion, now time.Time) error {
	o.taken(now)
	for _, up := range o.moveUp(now) {
		m, err := member(tx, o.rec, up.address)
		if err != nil {
			return err
		}
		if err := k.oweHeard(tx, up.on, up.address, m, placed, "", now); err != nil {
			return err
		}
	}
	return nil
}

// readWord takes "yes cafe-1" at the address of the events, in the subject or in the text, of several events on a line each. It counts where the mail shows who wrote
// it; else they get the invitation, whose answer does.
func (k *Keeper) readWord(_ context.Context, h *list.Handed) (done string, taken bool, err error) {
	var w wording
	var m *list.Member
	err = k.Engine.Store.View(func(r list.Reader) error {
		occasions, err := k.recent(r, h.List, h.Record)
		if err != nil {
			return err
		}
		w = named(occasions, h.Message.Subject(), list.ReadAnswer(h.Message))
		m, err = member(r, h.Record, h.From.Addr)
		return err
	})
	all := w.found
	if w.unread != nil {
		all = append(all, naming{of: w.unread})
	}
	switch {
	case err != nil:
		return "", false, err
	case len(all) == 0 && w.unknown != "":
		return "", true, list.Refuse(list.NoSuchAddress, "There is no event %s, and nothing was noted; see %s", w.unknown, h.List.Word("events"))
	case len(all) == 0:
		return "", false, nil
	}
	for _, one := range all {
		if one.of.undisclosed() {
			return "", true, list.Refuse(list.NoSuchAddress, "There is no event %s yet; see %s", one.of.ID, h.List.Word("events"))
		}
	}
	if m == nil {
		return "", true, notMember(h.List)
	}
	done, err = k.hearNamed(h, m, w)
	return done, true, err
}

// hearNamed takes down what a member's mail answers to each event that it names.
func (k *Keeper) hearNamed(h *list.Handed, m *list.Member, w wording) (done string, err error) {
	switch {
	case !h.Proven && w.unread != nil:
		return k.inviteAgain(h, w.unread.ID, m)
	case !h.Proven:
		return k.inviteAgain(h, w.found[0].of.ID, m)
	case w.unread != nil:
		return "passed on", k.change(h.List, w.unread.ID, func(tx list.Tx, _ *occasion) error { return k.House.PassOn(tx, h, k.Engine.Now()) })
	}
	var results []string
	for _, one := range w.found {
		result, err := k.hear(h.List, one.of.ID, m.Address, m.Name, one.said, h.Message.MessageID())
		if err != nil {
			return "", err
		}
		results = append(results, result)
	}
	return strings.Join(results, ", "), nil
}
