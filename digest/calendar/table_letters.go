package calendar

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// The table by mail is for who has no line, or a weak one. Each who sits there gets the questions when the event begins, and once a day what the others wrote since: so it
// costs them three mails, however many sit there and however much they write. It closes with the last of these.
const (
	mailOpen   = 48 * time.Hour // how long it takes answers, from the start on
	mailEvery  = 24 * time.Hour // how often those who sit there hear of each other
	mailLateBy = 24 * time.Hour // how long after its time they still do, where nothing could be sent then
)

// What duties of the table by mail are done by: doneMail with a guest behind it is that the questions were sent to them, doneRound with its number that all heard of the others.
const (
	doneMail  = "tables/mail/"
	doneRound = "tables/letters/"
)

// mailTable is the Text of what an answer is about that is given at the table by mail.
const mailTable = "mail"

// mailTaken reports whether the table by mail takes answers, and people: somebody's line may fail in the middle of the event.
func (o *occasion) mailTaken(now time.Time) bool {
	return o.seats() && now.Before(o.Start.Add(mailOpen))
}

// byMail reports whether a guest sits at the table by mail.
func (g *Guest) byMail() bool { return g != nil && g.Mail && g.Answer != No }

// tableByMail sends who sits at the table by mail the questions, and once a day what the others wrote.
func (k *Keeper) tableByMail(r list.Reader, o *occasion, now time.Time) (all []Duty, err error) {
	waits, sits := false, false
	for key, g := range o.reg.Guests {
		sits = sits || g.byMail()
		waits = waits || g.byMail() && !o.reg.did(doneMail+key)
	}
	if !o.seats() || !sits {
		return nil, nil // nobody's member has to be read for it
	}
	if waits && o.mailTaken(now) {
		p, err := k.partyOf(r, o)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(p.atMailTable(), func(key string) bool { return !o.reg.did(doneMail + key) }) {
			all = append(all, Duty{At: o.Start, Kind: kindNotice, N: 1, Name: "the table by mail of " + o.ID,
				Do: func(_ context.Context, now time.Time) error { return k.mailQuestions(o.list, o.ID, now) }})
		}
	}
	for n := 1; n <= int(mailOpen/mailEvery); n++ {
		at := o.Start.Add(time.Duration(n) * mailEvery)
		if !o.reg.did(doneRound+strconv.Itoa(n)) && now.Before(at.Add(mailLateBy)) {
			all = append(all, Duty{At: at, Kind: kindNotice, N: 2, Name: "what was said at the table by mail of " + o.ID,
				Do: func(_ context.Context, now time.Time) error { return k.mailRound(o.list, o.ID, n, now) }})
		}
	}
	return all, nil
}

// atMailTable are the guests who sit at the table by mail.
func (p *party) atMailTable() (all []string) {
	for key, g := range p.reg.Guests {
		if m := p.members[key]; g.byMail() && m != nil && m.State == list.Active {
			all = append(all, key)
		}
	}
	slices.Sort(all)
	return all
}

// company are the others at the table by mail: by name, and how many whose names nobody knows.
func (p *party) company(key string) (names []string, more int) {
	for _, other := range p.atMailTable() {
		if name := p.name(other); other != key && name != "" {
			names = append(names, name)
		} else if other != key {
			more++
		}
	}
	return names, more
}

// mailQuestions sends the questions to who sits at the table by mail and does not have them.
func (k *Keeper) mailQuestions(l *list.List, id string, now time.Time) error {
	return k.change(l, id, func(tx list.Tx, o *occasion) error {
		p, err := k.partyOf(tx, o)
		if err != nil {
			return err
		}
		if !o.mailTaken(now) {
			return ErrDone
		}
		for _, key := range p.atMailTable() {
			if o.reg.did(doneMail + key) {
				continue
			}
			coming, who := p.event(key)
			data := letter.TableByMail{Event: coming, Open: o.Start.Add(mailOpen).In(coming.At.Location()), Place: k.House.Place(o.list), Questions: p.questions(),
				Shared: shares(o.list, p.members[key])}
			data.With, data.More = p.company(key)
			if err := p.oweTable(tx, key, "table-mail", who, data, now); err != nil {
				return err
			}
			o.reg.do(doneMail+key, now)
		}
		return nil
	})
}

// oweTable owes somebody a mail of the table by mail, which takes what they say there.
func (p *party) oweTable(tx list.Tx, key, text string, who eventReader, data any, now time.Time) error {
	mail, err := p.k.House.Book().Write(text, p.languagesOf(who.language), data)
	if err != nil {
		return fmt.Errorf("calendar: event %s: %w", p.ID, err)
	}
	if err := p.k.House.Mailed(tx, p.list, p.to(key), now); err != nil {
		return err
	}
	return p.owe(tx, owed{to: p.to(key), mail: mail, kind: kindNotice, purpose: list.ForRSVP, about: about{What: aboutNotes, Text: mailTable}}, now)
}

// mailRound has those at the table by mail read what the others wrote that they have not read, as much of each as there is room for. Who has nothing to read gets no mail.
func (k *Keeper) mailRound(l *list.List, id string, n int, now time.Time) error {
	return k.change(l, id, func(tx list.Tx, o *occasion) error {
		p, err := k.partyOf(tx, o)
		if err != nil {
			return err
		}
		done := doneRound + strconv.Itoa(n)
		if !o.seats() || o.reg.did(done) {
			return ErrDone
		}
		o.reg.do(done, now)
		for _, key := range p.atMailTable() {
			said := p.unread(key)
			if len(said) == 0 {
				continue
			}
			coming, who := p.event(key)
			data := letter.TableLetters{Event: coming, Open: o.Start.Add(mailOpen).In(coming.At.Location()), Closed: !o.mailTaken(now), Said: said, Place: k.House.Place(o.list)}
			if err := p.oweTable(tx, key, "table-letters", who, data, now); err != nil {
				return err
			}
			o.reg.Guests[key].Read = len(o.reg.Notes)
		}
		return nil
	})
}

// unread is what others wrote at the table by mail that somebody has not read, one entry for each who wrote, the first first.
func (p *party) unread(key string) (all []letter.TableSaid) {
	of := map[string]int{}
	for _, n := range p.reg.Notes[min(p.reg.Guests[key].Read, len(p.reg.Notes)):] {
		m := p.members[n.By]
		if !n.Mail || n.By == key || m == nil || !shares(p.list, m) {
			continue
		}
		i, ok := of[n.By]
		if !ok {
			i, of[n.By] = len(all), len(all)
			all = append(all, letter.TableSaid{Name: p.name(n.By)})
		} else {
			all[i].Text += "\n\n"
		}
		all[i].Text += n.Text
	}
	return all
}

// shares reports whether what somebody writes at the table by mail goes to the others. Whose posts wait for a moderator is read first by who facilitates, in the draft of
// the summary.
func shares(l *list.List, m *list.Member) bool {
	return !m.Moderated && l.Posting != list.PostModerated && !l.HoldAll
}

// questions are those of all rounds, each once.
func (p *party) questions() (all []plan.Texts) {
	for r := range p.rounds() {
		q := p.question(r)
		if len(q) > 0 && (r == 0 || q.In("") != p.question(r-1).In("")) {
			all = append(all, q)
		}
	}
	return all
}
