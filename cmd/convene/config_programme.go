package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"convene/digest"
	"convene/digest/calendar"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
	"convene/list/event"
)

// Programme is what the editor has to run: a new one at each call.
func (c *Config) Programme() *digest.Programme {
	p := &digest.Programme{Discussions: c.discussions(), Book: c.letters, Events: c.events(), Roundups: map[string]calendar.Roundup{}, Digests: map[string]string{},
		Command: c.Summary.Command, Read: c.readPlan}
	if p.Book == nil {
		p.Book = letter.Built()
	}
	for i := range c.Lists {
		l := &c.Lists[i]
		if l.Digest.Cron != "" {
			p.Digests[l.Address] = l.Digest.Cron
		}
		p.Roundups[l.Address] = calendar.Roundup{Cron: l.RoundUp.Cron, EveryWeeks: l.RoundUp.EveryWeeks, Ahead: time.Duration(l.RoundUp.DaysAhead) * 24 * time.Hour, Working: l.calendar()}
	}
	return p
}

// discussions are those of the config, each with its list's calendar and its event.
func (c *Config) discussions() []*plan.Discussion {
	var all []*plan.Discussion
	for i := range c.Discussions {
		all = append(all, c.discussion(&c.Discussions[i]))
	}
	return all
}

// readPlan makes a discussion of a plan that was mailed to a list: what the mail does not say is as the config has it by default. Its facilitators are the list's.
func (c *Config) readPlan(l *list.List, id, text string) (*plan.Discussion, error) {
	of := c.list(l.Address)
	if of == nil {
		return nil, fmt.Errorf("config: list %s: %w", l.Address, list.ErrNotFound)
	}
	x := DiscussionConfig{}
	d := &decoder{faultList: &faultList{}, places: map[string]position{}, partial: true}
	d.table(nil, reflect.ValueOf(&x).Elem(), "", position{})
	x.ID, x.List, x.Facilitators = id, of.Address, of.Facilitators
	x.Weekly.suit(of)
	return plan.ReadMail(c.discussion(&x), text)
}

// suit moves a weekly of which the config says nothing to Thursday where people do not work on Fridays.
func (w *WeeklyConfig) suit(l *ListConfig) {
	if !slices.Contains(l.WorkingDays, "FRI") {
		w.Cron = "0 11 * * THU"
	}
}

// dates are the mails that discussions have yet to send, a line each, by the config alone.
func (c *Config) dates(now time.Time) []string {
	var lines []string
	for _, d := range c.discussions() {
		lines = append(lines, d.Dates(now)...)
	}
	return lines
}

// discussionAdvice is what a plan that has no faults still should be told about.
func (c *Config) discussionAdvice() []string {
	var notes []string
	for i := range c.Discussions {
		d, l := c.discussion(&c.Discussions[i]), c.list(c.Discussions[i].List)
		notes = append(notes, d.Advice()...)
		if l.Archive == list.ArchivePublic && d.Attribution == plan.ByName {
			notes = append(notes, d.ID+": it quotes people by name, and the archive is public: say so in [list.charter], or set attribution")
		}
	}
	return notes
}

// list is the list with an address, which may be written in capitals; nil: there is none.
func (c *Config) list(address string) *ListConfig {
	if i := slices.IndexFunc(c.Lists, func(l ListConfig) bool { return strings.EqualFold(l.Address, address) }); i >= 0 {
		return &c.Lists[i]
	}
	return nil
}

// discussion makes the discussion that a table describes. Its list is known and right.
func (c *Config) discussion(x *DiscussionConfig) *plan.Discussion {
	l := c.list(x.List)
	d := l.discussion()
	d.ID = x.ID
	d.Title, d.Intro, d.Purpose, d.Evidence = x.Title.plan(), x.FacilitatorIntro.plan(), x.Purpose.plan(), x.Evidence.plan()
	d.CallToAction, d.Effort, d.Hashtag = x.CallToAction.plan(), x.Effort.plan(), x.Hashtag
	d.Start, _ = plan.ParseDate(x.Start) // the decoder has read it
	d.Weeks, d.Ask = x.Weeks, x.Ask
	d.Introduction = x.Introduction.plan()
	if d.IntroductionDefault = len(x.Introduction) == 1 && x.Introduction[""] == "default"; d.IntroductionDefault {
		d.Introduction = nil
	}
	for _, f := range x.Facilitators {
		d.Facilitators = append(d.Facilitators, person(f))
	}
	for _, q := range x.Questions {
		d.Questions = append(d.Questions, q.plan())
	}
	d.Midweek, d.Weekly = plan.Lively(x.Midweek), x.Weekly.Cron
	d.QuietAfter, d.Review, d.Spotlights = x.QuietAfter, x.Review, x.Spotlights
	d.OnSilence, d.Thanks = plan.OnSilence(x.OnSilence), plan.Thanks(x.Thanks)
	if x.Attribution != "" {
		d.Attribution = plan.Attribution(x.Attribution)
	}
	for _, r := range x.FirstResponders {
		d.Responders = append(d.Responders, r.plan())
	}
	for _, e := range x.Emails {
		d.Emails = append(d.Emails, plan.Email{Kind: plan.Kind(e.Kind), Send: e.Send, SentBy: person(e.SentBy), Subject: e.Subject.plan(), Body: e.Body.plan()})
	}
	for i := range c.Events {
		if e := &c.Events[i]; e.Discussion == x.ID && e.Start != "" {
			if l := c.list(e.List); l != nil && l.Location != nil { // else it is a fault of its own
				d.Event = e.event(l)
			}
		}
	}
	return d
}

// discussion is what a discussion of the list has from the list.
func (l *ListConfig) discussion() *plan.Discussion {
	d := &plan.Discussion{
		List: l.Address, ListTitle: l.Name, Attribution: plan.Attribution(l.Attribution), Language: l.Language, Languages: []string{l.Language},
		Calendar: l.calendar(), EngineMailsPerDay: l.EngineMails,
	}
	for _, tag := range l.Languages {
		if !slices.Contains(d.Languages, tag) {
			d.Languages = append(d.Languages, tag)
		}
	}
	return d
}

// calendar is the list's working time.
func (l *ListConfig) calendar() plan.Calendar {
	c := plan.Calendar{Location: l.Location, From: l.WorkingHours.From, To: l.WorkingHours.To, Skip: map[plan.Date]bool{}}
	for _, name := range l.WorkingDays {
		if day, ok := plan.ParseWeekday(name); ok {
			c.Days[day] = true
		}
	}
	for _, s := range l.SkipDates {
		if day, err := plan.ParseDate(s); err == nil {
			c.Skip[day] = true
		}
	}
	return c
}

// event makes the event that a table describes, of its list.
func (x *EventConfig) event(l *ListConfig) *event.Event {
	loc := l.Location
	e := &event.Event{
		ID: x.ID, List: l.Address, Discussion: x.Discussion, Title: x.Title.plan(),
		Start: momentIn(x.Start, loc), Length: time.Duration(x.Minutes) * time.Minute, Format: event.Format(x.Format), Where: x.Where,
		Invite: x.Invite, Reminders: slices.Clone(x.Reminders), Places: x.Places, Languages: slices.Clone(x.Languages),
		Rounds: x.Rounds, TableSize: x.TableSize, ExpectShow: x.ExpectShow,
	}
	if x.RegisterBy != "" {
		e.RegisterBy = momentIn(x.RegisterBy, loc)
	}
	e.Rule = strings.TrimPrefix(x.Repeat, "RRULE:")
	for _, s := range x.Except {
		if day, err := plan.ParseDate(s); err == nil {
			e.Except = append(e.Except, day.At(e.Start.Hour()*60+e.Start.Minute(), loc))
		}
	}
	for _, a := range x.Agenda {
		e.Agenda = append(e.Agenda, a.plan())
	}
	for _, q := range x.RoundQuestions {
		e.RoundQuestions = append(e.RoundQuestions, q.plan())
	}
	for _, p := range x.Presenters {
		e.Presenters = append(e.Presenters, person(p))
	}
	return e
}

// events are those of the config, in its order.
func (c *Config) events() (all []*event.Event) {
	for i := range c.Events {
		if l := c.list(c.Events[i].List); l != nil {
			all = append(all, c.Events[i].event(l))
		}
	}
	return all
}

// momentIn is the instant of a date and time that the decoder has read.
func momentIn(s string, loc *time.Location) time.Time {
	when, err := plan.ParseWhen(s)
	if err != nil {
		return time.Time{}
	}
	return when.From(plan.Date{}, loc)
}

// plan is a text as a plan has it.
func (t Texts) plan() plan.Texts { return plan.Texts(t) }

// plan is a row of first responders as a plan has it.
func (r RespondersConfig) plan() plan.Responders {
	made := plan.Responders{Question: r.Question, Email: r.Email, Backup: slices.Clone(r.Backup)}
	for _, m := range r.Members {
		made.Members = append(made.Members, plan.Responder{Address: m.Address, Why: m.Why.plan()})
	}
	return made
}

// person is somebody as the decoder has written them: an address, or a name and one in angle brackets.
func person(s string) plan.Person {
	if name, address, ok := strings.Cut(strings.TrimSuffix(s, ">"), " <"); ok {
		return plan.Person{Name: name, Address: address}
	}
	return plan.Person{Address: s}
}
