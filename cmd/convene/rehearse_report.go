package main

import (
	"fmt"
	"path/filepath"
	"time"
)

// count notes when a post came.
func (r *rehearsal) count(at time.Time) {
	if r.dates[0].IsZero() {
		r.dates[0] = at
	}
	r.dates[1] = at
	if !at.Before(r.begins) && at.Before(r.ends) {
		r.within++
	}
}

// noteHeld keeps why the post that came last waits for a moderator.
func (r *rehearsal) noteHeld(at time.Time, subject string) error {
	rows, err := r.engine.HeldPosts(r.list.Address)
	if err != nil {
		return err
	}
	why, latest := "", uint64(0)
	for _, row := range rows {
		if row.ID > latest && len(row.Reasons) > 0 {
			why, latest = row.Reasons[0], row.ID
		}
	}
	r.held = append(r.held, fmt.Sprintf("%s, %q: %s", at.Format(time.DateTime), subject, why))
	return nil
}

// reportRehearsal says what went out, by kind, and what the list did not take.
func (c *cli) reportRehearsal(r *rehearsal) error {
	if c.json {
		return c.printJSON(r.index)
	}
	files, copies := map[string]int{}, map[string]int{}
	var kinds []string
	for i := range r.index {
		e := &r.index[i]
		if files[e.Kind] == 0 {
			kinds = append(kinds, e.Kind)
		}
		files[e.Kind]++
		copies[e.Kind] += len(e.Recipients)
	}
	var rows [][]string
	for _, k := range kinds {
		rows = append(rows, []string{k, fmt.Sprint(files[k]), fmt.Sprint(copies[k])})
	}
	if err := c.table([]string{"KIND", "MAILS", "COPIES"}, rows); err != nil {
		return err
	}
	c.tellAll("held: ", r.held)
	c.tellAll("not taken: ", r.refused)
	if r.within == 0 {
		fmt.Fprint(c.err, folded("", r.whyNone()))
	}
	_, err := fmt.Fprintf(c.out, "The mails are in %s; open %s first.\n", r.out, filepath.Join(r.out, "index.json"))
	return err
}

// whyNone says that the discussion had no posts, and when they are from.
func (r *rehearsal) whyNone() string {
	date := func(t time.Time) string { return t.In(r.discussion.Calendar.Location).Format(time.DateOnly) }
	ran := fmt.Sprintf("while the discussion ran, %s to %s", date(r.begins), date(r.ends))
	if r.dates[0].IsZero() {
		return "There are no posts, so nobody wrote " + ran + "."
	}
	return fmt.Sprintf("No post came %s: they are of %s to %s. Its start is set in the config.", ran, date(r.dates[0]), date(r.dates[1]))
}

// toldAtMost is how many posts are named that were held, or not taken.
const toldAtMost = 20

// tellAll prints what became of posts on standard error.
func (c *cli) tellAll(lead string, lines []string) {
	for _, line := range lines[:min(len(lines), toldAtMost)] {
		fmt.Fprint(c.err, folded(lead, line))
	}
	if more := len(lines) - toldAtMost; more > 0 {
		fmt.Fprintf(c.err, "%s%d more\n", lead, more)
	}
}
