package digest

import (
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// Welcome implements list.Schedule: who joins while a discussion runs, from its announcement to its closing, gets one mail: the welcome, and what is on. It is noted, since
// who welcomes a newcomer is thanked, and facilitators hear of them in the morning. Of several discussions it is the one that began last.
func (e *Editor) Welcome(tx list.Tx, l *list.List, m *list.Member, now time.Time) (*list.Letter, error) {
	all, err := e.affairs(tx, now)
	if err != nil {
		return nil, err
	}
	var on *affair
	for _, a := range all {
		if a.list.Address == l.Address && a.goingOn(now) && (on == nil || a.Begins(a.rows).After(on.Begins(on.rows))) {
			on = a
		}
	}
	if on == nil || !reachable(m) {
		return nil, nil
	}
	data, err := e.newcomer(tx, on, m, now)
	if err != nil {
		return nil, err
	}
	mail, err := e.programme.Load().Book.Write("newcomer", on.languagesOf(m.Language), data)
	if err != nil {
		return nil, err
	}
	if on.course.Newcomers == nil {
		on.course.Newcomers = map[string]time.Time{}
	}
	on.course.Newcomers[strings.ToLower(m.Address)] = now
	on.mailed(m.Address, now)
	return &list.Letter{Subject: mail.Subject, Text: mail.Text, HTML: mail.HTML, Language: mail.Language, Kind: "newcomer", FromName: data.Voice.Name, Word: "facilitator"},
		on.course.write(tx, on.rec)
}

// goingOn reports whether members have been told of a discussion, and it is not over.
func (a *affair) goingOn(now time.Time) bool {
	for _, row := range a.rows {
		if a.course.stage(row.Key) == Sent && (row.Kind == plan.Announcement || row.Kind == plan.Kickoff) {
			return now.Before(a.Ends(a.rows))
		}
	}
	return false
}

// What a newcomer reads of what comes, and of what was said.
const (
	nextTold  = 3
	heardMost = 5
)

// newcomer is what the welcome says.
func (e *Editor) newcomer(r list.Reader, a *affair, m *list.Member, now time.Time) (letter.Newcomer, error) {
	loc := e.zone(a, m)
	n := letter.Newcomer{Name: m.Name, Description: a.list.Description, Title: a.Discussion.Title, Hashtag: a.Hashtag, Start: a.Begins(a.rows), Week: a.WeekOf(a.rows, now),
		Languages: letter.LanguageNames(a.Discussion.Languages), Quoting: string(a.Attribution), Place: a.place(e.Engine.Site().BaseURL), Voice: a.voice(plan.Row{})}
	n.Place.Moderated = n.Place.Moderated && !m.Trusted
	for _, line := range []string{a.list.Charter.Domain, a.list.Charter.Community, a.list.Charter.Practice} {
		if line != "" {
			n.Charter = append(n.Charter, line)
		}
	}
	asked, ok := a.asking()
	if !ok {
		asked, ok = a.rowOfKind(plan.Kickoff)
		n.Week = 0
	}
	if ok {
		n.Questions = a.asks(asked)
		var err error
		if n.Mail, n.Answer, err = a.answering(r, asked.Key); err != nil {
			return n, err
		}
	}
	n.Themes = a.heardSoFar()
	for _, row := range a.rows {
		if at := a.goesOut(row); !a.out(row) && at.After(now) && len(n.Next) < nextTold && row.Kind != plan.Midweek && row.Kind != plan.Message {
			n.Next = append(n.Next, letter.Step{Kind: row.Kind, At: at.In(loc), Week: row.Week})
		}
	}
	if a.Event != nil && a.Event.Start.After(now) {
		n.Event = letter.Step{Title: a.Event.Title, At: a.Event.Start.In(loc)}
	}
	return n, nil
}

// asking is the last row that is out and asked something.
func (a *affair) asking() (last plan.Row, ok bool) {
	var at time.Time
	for _, row := range a.rows {
		if s := a.course.Rows[row.Key]; len(row.Asks) > 0 && s != nil && s.Stage == Sent && !s.Sent.Before(at) {
			last, at, ok = row, s.Sent, true
		}
	}
	return last, ok
}

// rowOfKind is the first row of a kind that is not left out.
func (a *affair) rowOfKind(kind plan.Kind) (plan.Row, bool) {
	for _, row := range a.rows {
		if row.Kind == kind && !row.Skipped {
			return row, true
		}
	}
	return plan.Row{}, false
}

// heardSoFar are the themes of the last summary that is out, as it showed them.
func (a *affair) heardSoFar() (all []letter.Heard) {
	var last *RowState
	for _, row := range a.rows {
		if s := a.course.Rows[row.Key]; row.Kind.Summary() && s != nil && s.Stage == Sent && !s.Plain && s.Facts != nil && len(s.Facts.Themes) > 0 && (last == nil || s.Sent.After(last.Sent)) {
			last = s
		}
	}
	if last == nil {
		return nil
	}
	for i, t := range last.Facts.Themes {
		if slices.Contains(last.Edits.Drop, i+1) || len(all) == heardMost {
			continue
		}
		phrase := t.Phrase // none where what said it was removed
		if name := last.Edits.Rename[i+1]; name != "" {
			phrase = name
		}
		if phrase == "" {
			continue
		}
		all = append(all, letter.Heard{Phrase: phrase, People: t.People})
	}
	return all
}
