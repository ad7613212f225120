package digest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/list"
)

const (
	recordPosts  = 20   // of the latest that a record names
	recordLooked = 5000 // posts of the list that are looked at for them
)

// Answer implements list.Schedule: a member's own record, and the events to come.
func (e *Editor) Answer(tx list.Tx, l *list.List, m *list.Member, what string, now time.Time) (*list.Letter, error) {
	switch what {
	case "events":
		rec, err := tx.List(l.Address)
		if err != nil {
			return nil, err
		}
		return e.calendar.Index(tx, l, rec, m, m.Address, now)
	case "record":
	default:
		return nil, nil
	}
	affairs, err := e.affairs(tx, now)
	if err != nil {
		return nil, err
	}
	on, err := e.around(tx, l, now)
	if err != nil {
		return nil, err
	}
	rec := letter.Record{Name: m.Name, Joined: m.Joined.In(on.Calendar.Location), Posts: int(m.Posts), Place: on.place(e.Engine.Site().BaseURL)}
	if !m.LastPost.IsZero() {
		rec.Last = m.LastPost.In(on.Calendar.Location)
	}
	their := func(address string) bool { return m.Has(address) }
	for _, r := range []struct {
		role  list.Role
		names []string
	}{{list.RoleOwner, l.Owners}, {list.RoleModerator, l.Moderators}, {list.RoleFacilitator, l.Facilitators}} {
		if slices.ContainsFunc(r.names, their) || m.Role == r.role {
			rec.Roles = append(rec.Roles, string(r.role))
		}
	}
	for _, a := range affairs {
		if a.list.Address != l.Address || a.Begins(a.rows).After(now) {
			continue
		}
		d, part, err := a.recordOf(tx, their, m)
		if err != nil {
			return nil, err
		}
		if !part {
			continue
		}
		rec.Discussions = append(rec.Discussions, d)
	}
	if rec.Events, err = e.calendar.Record(tx, l, on.rec, m, now); err != nil {
		return nil, err
	}
	if rec.Latest, err = e.latestOf(tx, on, their); err != nil {
		return nil, err
	}
	mail, err := e.programme.Load().Book.Write("record", on.languagesOf(m.Language), rec)
	if err != nil {
		return nil, err
	}
	return &list.Letter{Subject: mail.Subject, Text: mail.Text, HTML: mail.HTML, Language: mail.Language, Kind: "notice", Word: "facilitator"}, nil
}

// recordOf is what a member did in a discussion; part says that they did anything.
func (a *affair) recordOf(r list.Reader, their func(string) bool, m *list.Member) (d letter.RecordDiscussion, part bool, err error) {
	d = letter.RecordDiscussion{Title: a.Title.In(a.languagesOf(m.Language)...), From: a.Begins(a.rows), Until: a.Ends(a.rows), Facilitated: slices.ContainsFunc(a.facilitators(), their)}
	posts, err := a.find(r)
	if err != nil {
		return d, false, err
	}
	for i := range posts {
		if posts[i].post.Planned == "" && their(posts[i].post.From) {
			d.Posts++
		}
	}
	for key, s := range a.course.Responders {
		_, who, _ := strings.Cut(key, " ")
		d.First = d.First || s.Said == "yes" && their(who)
	}
	for _, c := range a.course.Commitments {
		if their(c.Address) {
			d.Tries = append(d.Tries, c.Text)
		}
	}
	return d, d.Posts > 0 || d.Facilitated || d.First || len(d.Tries) > 0, nil
}

// latestOf are a member's latest posts, the last first, of those that the list had last.
func (e *Editor) latestOf(r list.Reader, a *affair, their func(string) bool) (all []letter.RecordPost, err error) {
	for n := a.rec.Posts; n > 0 && len(all) < recordPosts && a.rec.Posts-n < recordLooked; n-- {
		p, err := r.Post(a.rec.ID, n)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		if p.Planned == "" && their(p.From) {
			all = append(all, letter.RecordPost{Subject: p.Subject, Link: e.Engine.LinkTo(a.list, &p), At: p.Accepted.In(a.Calendar.Location)})
		}
	}
	return all, nil
}
