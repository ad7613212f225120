package list

import (
	"strings"
	"time"
)

const (
	// unwrittenEvery is how often the admin is told that notices cannot be written as they should.
	unwrittenEvery = 24 * time.Hour
	// faultsTold is how many faults of texts one notice names.
	faultsTold = 10
)

// NotesWaiting is how many notices wait because they could not be written: since the engine was made, or the config read again.
func (e *Engine) NotesWaiting() (waiting int, err error) {
	err = e.Store.View(func(r Reader) error {
		return r.Notes(func(n Note) error {
			if e.desk.failed.aside(n.ID) {
				waiting++
			}
			return nil
		})
	})
	return waiting, err
}

// tellUnwritten logs the faults of the site's own texts that have turned up, and tells the admin of them and of notices that are set aside, once a day
// as long as there are some. The desk is the caller's.
func (e *Engine) tellUnwritten(now time.Time) error {
	site := e.Site()
	for _, fault := range site.Texts.takeFaults() {
		e.Log.Error("text failed, and what is built in was said", "file", fault.File, "line", fault.Line, "column", fault.Column, "error", fault.Message)
		if !hasFault(e.desk.faults, fault) {
			e.desk.faults = append(e.desk.faults, fault)
		}
	}
	waiting, err := e.NotesWaiting()
	if err != nil || waiting+len(e.desk.faults) == 0 {
		return err
	}
	what, since := Telling{Kind: toldUnwritten}, now.Add(-unwrittenEvery)
	var told bool
	var to []string
	err = e.Store.View(func(r Reader) (err error) {
		if to, err = e.people(r, Target{Kind: KindAdmin}); err == nil {
			told, err = toldSince(r, what, since)
		}
		return err
	})
	if err != nil || told || len(to) == 0 {
		return err
	}
	if err := e.tellOnce(unwrittenNotice(site, waiting, e.desk.faults, now), 0, to, what, since); err != nil {
		return err
	}
	e.desk.faults = nil
	return nil
}

func hasFault(all []*TextFault, fault *TextFault) bool {
	for _, f := range all {
		if *f == *fault {
			return true
		}
	}
	return len(all) >= maxFaults // more of them say nothing more
}

func unwrittenNotice(site *Site, waiting int, faults []*TextFault, now time.Time) *notice {
	var lines []string
	for _, f := range faults[:min(len(faults), faultsTold)] {
		lines = append(lines, oneLine(f.Error(), statusQuoted))
	}
	return &notice{
		site: site, built: true, domain: site.Hostname, date: now.UTC(), text: "unwritten", id: "unwritten." + now.UTC().Format("20060102T150405Z"),
		values: map[string]string{"waiting": someOf(waiting), "texts": someOf(len(faults)), "faults": strings.Join(lines, "\n"), "more": someOf(len(faults) - len(lines))},
	}
}
