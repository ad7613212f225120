package imap

import (
	"strings"
	"time"

	goimap "github.com/emersion/go-imap/v2"

	"convene/list/message"
)

// term is one condition, of one message.
type term func(*post) (bool, error)

// query is what a search asks, made ready.
type query struct {
	session *session
	view    *view
	record  bool // what the store has of a message is needed
	card    bool // its card is
}

// compile makes a condition of criteria, what costs least first. How deep they are nested is bounded before go-imap reads them.
func (q *query) compile(c *goimap.SearchCriteria) (term, error) {
	var all []term
	for _, set := range c.UID {
		all = append(all, q.within(set))
	}
	for _, set := range c.SeqNum {
		all = append(all, q.within(set))
	}
	for _, flag := range c.Flag {
		all = append(all, q.flag(flag, true))
	}
	for _, flag := range c.NotFlag {
		all = append(all, q.flag(flag, false))
	}
	all = append(all, q.dates(c)...)
	all = append(all, q.sizes(c)...)
	for _, or := range c.Or {
		one, err := q.compile(&or[0])
		if err != nil {
			return nil, err
		}
		other, err := q.compile(&or[1])
		if err != nil {
			return nil, err
		}
		all = append(all, func(p *post) (bool, error) {
			if ok, err := one(p); ok || err != nil {
				return ok, err
			}
			return other(p)
		})
	}
	for i := range c.Not {
		not, err := q.compile(&c.Not[i])
		if err != nil {
			return nil, err
		}
		all = append(all, func(p *post) (bool, error) {
			ok, err := not(p)
			return !ok, err
		})
	}
	all = append(all, q.texts(c)...)
	return func(p *post) (bool, error) {
		for _, one := range all {
			if ok, err := one(p); !ok || err != nil {
				return false, err
			}
		}
		return true, nil
	}, nil
}

// within is the condition that a message is in a set.
func (q *query) within(set goimap.NumSet) term {
	in := map[uint32]bool{}
	var runs [][2]uint32 // of UIDs
	q.view.named(set, func(uid, _ uint32) bool {
		if n := len(runs); n > 0 && runs[n-1][1]+1 == uid {
			runs[n-1][1] = uid
		} else {
			runs = append(runs, [2]uint32{uid, uid})
		}
		return true
	})
	if len(runs) == 1 {
		return func(p *post) (bool, error) { return p.uid >= runs[0][0] && p.uid <= runs[0][1], nil }
	}
	for _, r := range runs {
		for uid := r[0]; uid <= r[1]; uid++ {
			in[uid] = true
		}
	}
	return func(p *post) (bool, error) { return in[p.uid], nil }
}

// flag is the condition that a flag is set, or is not. There is none but \Seen.
func (q *query) flag(flag goimap.Flag, want bool) term {
	if !strings.EqualFold(string(flag), string(goimap.FlagSeen)) {
		return func(*post) (bool, error) { return !want, nil }
	}
	return func(p *post) (bool, error) { return q.view.seen.has(p.uid) == want, nil }
}

// dates are the conditions of SINCE, BEFORE, SENTSINCE and SENTBEFORE, which have nothing but days.
func (q *query) dates(c *goimap.SearchCriteria) (all []term) {
	if !c.Since.IsZero() || !c.Before.IsZero() {
		q.record = true
		all = append(all, func(p *post) (bool, error) { return between(p.Arrived.UTC(), c.Since, c.Before), nil })
	}
	if !c.SentSince.IsZero() || !c.SentBefore.IsZero() {
		q.card = true
		all = append(all, func(p *post) (bool, error) {
			card, err := q.session.cardOf(p)
			if err != nil || card.Envelope.Date.IsZero() {
				return false, notGone(err)
			}
			return between(card.Envelope.Date, c.SentSince, c.SentBefore), nil
		})
	}
	return all
}

// between reports whether the day of t, in its own zone, is not before since and before before.
func between(t, since, before time.Time) bool {
	y, m, d := t.Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return (since.IsZero() || !day.Before(since)) && (before.IsZero() || day.Before(before))
}

// sizes are the conditions of LARGER and SMALLER.
func (q *query) sizes(c *goimap.SearchCriteria) (all []term) {
	if c.Larger > 0 || c.Smaller > 0 {
		q.record = true
		all = append(all, func(p *post) (bool, error) {
			size := p.size()
			return p.Number != 0 && size > c.Larger && (c.Smaller == 0 || size < c.Smaller), nil
		})
	}
	return all
}

// texts are the conditions for which a message has to be read.
func (q *query) texts(c *goimap.SearchCriteria) (all []term) {
	if len(c.Header)+len(c.Body)+len(c.Text) == 0 {
		return nil
	}
	for _, h := range c.Header {
		want := seek(h.Value)
		if strings.EqualFold(h.Key, "Subject") && want.text != "" {
			all = append(all, q.subject(want.text))
			continue
		}
		q.record = true
		all = append(all, q.read(func(raw []byte) bool {
			m := message.Parse(raw)
			return (addressField(h.Key) || !want.lacks(raw[:m.Body])) && headerHas(m, h.Key, want.text)
		}))
	}
	q.record = q.record || len(c.Body)+len(c.Text) > 0
	for _, text := range c.Body {
		want := seek(text)
		all = append(all, q.read(func(raw []byte) bool { return !want.lacks(raw) && bodyHas(message.Parse(raw), want.text) }))
	}
	for _, text := range c.Text {
		want := seek(text)
		all = append(all, q.read(func(raw []byte) bool { return !want.lacks(raw) && textHas(message.Parse(raw), want.text) }))
	}
	return all
}

// subject is the condition that a text is in the subject, which is the one of the envelope (RFC 9051 §6.4.4): its card has that.
func (q *query) subject(want string) term {
	q.card = true
	return func(p *post) (bool, error) {
		card, err := q.session.cardOf(p)
		return err == nil && strings.Contains(fold(card.Envelope.Subject), want), notGone(err)
	}
}

// read is a condition of a message as it is served; one that is gone meets none.
func (q *query) read(ok func(raw []byte) bool) term {
	return func(p *post) (bool, error) {
		raw, err := q.session.read(p)
		if err != nil {
			return false, notGone(err)
		}
		return ok(raw), nil
	}
}
