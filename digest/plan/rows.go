package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// morning is when what has no time of its own goes out, in minutes past midnight.
const morning = 9 * 60

// kindOrder is the order of kinds of one moment.
var kindOrder = []Kind{Announcement, Kickoff, Questions, Midweek, Weekly, Closing, EventContent, EventSummary, FollowUp, Message}

// weekly reports whether there is one of a kind in each week.
func (k Kind) weekly() bool { return k == Questions || k == Midweek || k == Weekly }

// several reports whether each such email of the config is a row of its own.
func (k Kind) several() bool { return k == FollowUp || k == Message }

// draft is a plan while it is made.
type draft struct {
	d    *Discussion
	loc  *time.Location
	rows []Row
}

// Rows are the planned emails, in order of time, skipped ones among them. What the config says makes the default plan of SPEC 8; rows of [[discussion.email]]
// replace the row of their kind (and week) or add one; changes come last. The same discussion and changes always give the same rows.
//
// An error names a time or cron line that cannot be read; a Discussion on which Check found no fault gives none.
func (d *Discussion) Rows(ch Changes) ([]Row, error) {
	p := &draft{d: d, loc: d.Calendar.Location}
	if err := p.standard(); err != nil {
		return nil, fmt.Errorf("plan: %s: %w", d.ID, err)
	}
	if err := p.written(); err != nil {
		return nil, fmt.Errorf("plan: %s: %w", d.ID, err)
	}
	p.sort()
	for i := range p.rows {
		p.rows[i].N = i + 1
	}
	p.share(ch)
	p.change(ch)
	p.sort()
	return p.rows, nil
}

// add appends a row; n tells it from others of its kind.
func (p *draft) add(kind Kind, n int, at time.Time) *Row {
	p.rows = append(p.rows, Row{Key: p.key(kind, n), Kind: kind, At: at, Week: p.d.plannedWeek(at),
		If:    kind == Midweek && (p.d.Midweek.OnlyIfPosts > 0 || p.d.Midweek.OnlyIfPeople > 0),
		Fixed: kind == EventContent || kind == EventSummary})
	return &p.rows[len(p.rows)-1]
}

func (p *draft) key(kind Kind, n int) string { return fmt.Sprintf("%s/%s/%d", p.d.ID, kind, n) }

func (p *draft) find(key string) *Row {
	if i := slices.IndexFunc(p.rows, func(r Row) bool { return r.Key == key }); i >= 0 {
		return &p.rows[i]
	}
	return nil
}

// day is nine o'clock on a day of the plan, from 1.
func (p *draft) day(n int) time.Time { return p.d.Start.AddDays(n-1).At(morning, p.loc) }

// standard adds the rows that a discussion has of itself.
func (p *draft) standard() error {
	d := p.d
	weekly, err := ParseCron(d.Weekly)
	if err != nil {
		return err
	}
	midweek, err := ParseCron(d.Midweek.Cron)
	if err != nil {
		return err
	}
	p.add(Announcement, 1, d.Start.AddDays(-7).At(morning, p.loc))
	p.add(Kickoff, 1, p.day(1))
	if d.Weeks == 1 && len(d.Questions) > 1 {
		p.add(Questions, 1, p.day(3))
	}
	for w := 1; w <= d.Weeks; w++ {
		first := d.Start.AddDays(7 * (w - 1))
		if w > 1 {
			p.add(Questions, w, first.At(morning, p.loc))
		}
		end, ok := weekly.last(first, 7, p.loc, time.Time{})
		if at, ok := midweek.last(first, 7, p.loc, end); ok {
			p.add(Midweek, w, at)
		}
		switch {
		case w == d.Weeks && !ok:
			p.add(Closing, 1, d.Calendar.lastOpenDay(first, 7).At(11*60, p.loc))
		case w == d.Weeks:
			p.add(Closing, 1, end)
		case ok:
			p.add(Weekly, w, end)
		}
	}
	if e := d.Event; e != nil {
		day := DateOf(e.Start.In(p.loc))
		p.add(EventContent, 1, d.Calendar.WorkingDayAfter(day, 2).At(morning, p.loc))
		p.add(EventSummary, 1, d.Calendar.WorkingDayAfter(day, 5).At(morning, p.loc))
	}
	return nil
}

// written puts in what the config has as [[discussion.email]].
func (p *draft) written() error {
	count := map[Kind]int{}
	for _, e := range p.d.Emails {
		when, err := ParseWhen(e.Send)
		if err != nil {
			return err
		}
		at := when.From(p.d.Start, p.loc)
		count[e.Kind]++
		n := 1
		switch {
		case e.Kind.weekly():
			n = p.d.plannedWeek(at)
		case e.Kind.several():
			n = count[e.Kind]
		}
		row := p.find(p.key(e.Kind, n))
		if row == nil {
			row = p.add(e.Kind, n, at)
		}
		row.At, row.Week = at, p.d.plannedWeek(at)
		row.SentBy, row.Subject, row.Body = e.SentBy, e.Subject, e.Body
	}
	return nil
}

// sort brings the rows into the order of time.
func (p *draft) sort() {
	slices.SortStableFunc(p.rows, func(a, b Row) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(slices.Index(kindOrder, a.Kind), slices.Index(kindOrder, b.Kind)), strings.Compare(a.Key, b.Key))
	})
}

// share gives the questions to the kick-off and, evenly, to the rounds behind it; earlier rounds get one more where it does not come out even. A further
// question goes with the round that it was added to, or with the last, so that what went out already never loses one by it.
func (p *draft) share(ch Changes) {
	var rounds []*Row
	for i := range p.rows {
		switch r := &p.rows[i]; {
		case r.Kind == Kickoff && len(p.d.Questions) > 0:
			r.Asks = []int{0}
		case r.Kind == Questions:
			rounds = append(rounds, r)
		}
	}
	next, left := 1, len(p.d.Questions)-1
	for i, r := range rounds {
		for n := (left + len(rounds) - i - 1) / (len(rounds) - i); n > 0 && left > 0; n-- {
			r.Asks = append(r.Asks, next)
			next, left = next+1, left-1
		}
	}
	if len(ch.Added) > 0 && len(rounds) == 0 {
		r := p.add(Questions, 1, p.day(3))
		r.N = len(p.rows)
		rounds = append(rounds, r)
	}
	for i := range ch.Added {
		to := rounds[len(rounds)-1]
		if i < len(ch.AddedTo) {
			if r := p.find(ch.AddedTo[i]); r != nil && r.Kind == Questions {
				to = r
			}
		}
		to.Asks = append(to.Asks, len(p.d.Questions)+i)
	}
	for _, r := range rounds {
		r.MembersOwn = len(r.Asks) == 0
	}
}

// change applies what facilitators changed.
func (p *draft) change(ch Changes) {
	voice := ch.Voice
	if voice == (Person{}) && len(p.d.Facilitators) > 0 {
		voice = p.d.Facilitators[0]
	}
	for i := range p.rows {
		r := &p.rows[i]
		if r.SentBy == (Person{}) {
			r.SentBy = voice
		}
		r.Skipped = ch.Skipped[r.Key]
		if at, ok := ch.Moved[r.Key]; ok {
			r.Planned, r.At, r.Moved = r.At, at.In(p.loc), true
		}
	}
}

// plannedWeek is the week of the plan, from 1, that an instant is in, before anything was moved; zero: none.
func (d *Discussion) plannedWeek(t time.Time) int {
	days := DateOf(t.In(d.Calendar.Location)).Sub(d.Start)
	if days < 0 || days >= 7*d.Weeks {
		return 0
	}
	return days/7 + 1
}
