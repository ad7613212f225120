package calendar

import (
	"context"
	"slices"
	"strings"

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
