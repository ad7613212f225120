package digest

import (
	"context"
	"reflect"
	"slices"
	"time"

	"convene/digest/facts"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
	"convene/list/message"
)

// send has a planned mail go out, in the form that was decided on, or by what silence means.
func (e *Editor) send(ctx context.Context, id, key string, now time.Time) error {
	a, row, err := e.snapshot(id, key)
	if err != nil {
		return err
	}
	s := a.state(key)
	switch {
	case now.Before(a.goesOut(row)) || s.Stage == OnHold:
		return errDone
	case s.Stage == Drafted && row.Kind.Summary() && a.OnSilence == plan.SilenceHold:
		return e.keepBack(id, key, now)
	}
	plain := s.Stage == Drafted && row.Kind.Summary() && a.OnSilence == plan.SilencePlain
	return e.publish(ctx, a, row, plain, now)
}

// publish sends a planned mail to everybody, once: the post and the note that it is out are one transaction, which does nothing where anything about the mail
// has changed since it was written.
func (e *Editor) publish(_ context.Context, a *affair, row plan.Row, plain bool, now time.Time) error {
	p, err := e.planned(a, row, now, plain)
	if err != nil {
		return err
	}
	special := row.Kind == plan.Announcement || row.Kind == plan.Kickoff || row.Kind == plan.Closing
	var all []rendition
	var files []list.Attached
	err = e.Engine.Store.View(func(r list.Reader) error {
		readers, err := a.audience(r, special)
		if err != nil {
			return err
		}
		if all, err = e.editionsFor(a, p, plain, readers); err != nil {
			return err
		}
		if files, err = e.filesOf(r, a, row.Key); err != nil {
			return err
		}
		if len(files) > 0 { // they are in the library once, and its text is in one language
			all = all[:1]
		}
		return a.distinct(r, all, now)
	})
	if err != nil {
		return err
	}
	voice := a.voice(row)
	pub := &list.Publication{List: a.list, By: message.Mailbox{Name: voice.Name, Addr: voice.Address}, Key: row.Key, Kind: string(row.Kind)}
	for _, one := range all {
		notes, err := e.notesFile(p, a.languagesOf(one.language))
		if err != nil {
			return err
		}
		pub.Editions = append(pub.Editions, list.Edition{Letter: list.Letter{Subject: one.mail.Subject, Text: one.mail.Text, HTML: one.mail.HTML, Language: one.mail.Language,
			Kind: string(row.Kind), Attached: slices.Concat(a.eventFile(row, one.mail.Language, now), notes, files)}})
	}
	before := a.state(row.Key)
	defer e.wake()
	return e.Engine.Publish(pub, now, func(tx list.Tx, send func() (list.Post, error)) error {
		now, err := e.find(tx, a.ID)
		if err != nil {
			return err
		}
		row, ok := now.rowOf(row.Key)
		if !ok || now.out(row) || !now.goesOut(row).Equal(a.goesOut(row)) || !reflect.DeepEqual(now.state(row.Key), before) {
			return errDone // somebody said something meanwhile: the next look sees what
		}
		if err := now.address(tx, pub, all, special); err != nil {
			return err
		}
		post, err := send()
		if err != nil {
			return err
		}
		now.sent(row, p, post, plain)
		if len(files) > 0 {
			if err := tx.DeletePaper(now.rec.ID, papersOfFiles+row.Key); err != nil {
				return err
			}
		}
		return now.course.write(tx, now.rec)
	})
}

// address fills in who reads which edition. Who reads one that nobody read when they were written gets the list's.
func (a *affair) address(r list.Reader, pub *list.Publication, all []rendition, special bool) error {
	readers, err := a.audience(r, special)
	if err != nil {
		return err
	}
	for i := range pub.Editions {
		pub.Editions[i].Readers = nil
	}
	for tag, numbers := range readers {
		i := max(0, slices.IndexFunc(all, func(o rendition) bool { return o.language == tag }))
		pub.Editions[i].Readers = append(pub.Editions[i].Readers, numbers...)
	}
	for i := range pub.Editions {
		slices.Sort(pub.Editions[i].Readers)
	}
	return nil
}

// sent notes that a planned mail is out.
func (a *affair) sent(row plan.Row, p *letter.Planned, post list.Post, plain bool) {
	s := a.course.row(row.Key)
	s.Stage, s.Sent, s.Plain = Sent, post.Accepted, plain
	s.Post, s.Topic, s.ID = post.Number, post.Topic, post.MessageID
	for _, r := range a.rows {
		if r.Moved && (row.Kind == plan.Announcement || slices.ContainsFunc(p.Moved, func(o plan.Row) bool { return movedKey(o) == movedKey(r) })) {
			a.course.do(movedKey(r), post.Accepted) // members know it from now on
		}
	}
	s.Facts, s.Open = nil, nil
	if !row.Kind.Summary() {
		return
	}
	// What was said is needed no more, but for what goes on from here: whom to thank, and where the next summary begins.
	kept := *p.Facts
	kept.Opening, kept.Threads, kept.Links, kept.Files = nil, nil, nil, nil
	s.Facts = &kept
	if row.Kind != plan.Midweek {
		a.course.Spotlights = a.spotlights(&kept, &p.Edits, plain)
	}
}

// spotlights are the addresses of who stands in those of a summary.
func (a *affair) spotlights(f *facts.Facts, edits *letter.Edits, plain bool) (all []string) {
	if plain || edits.NoSpotlight || a.Thanks == plan.ThanksPersonal || a.Attribution != plan.ByName {
		return nil
	}
	for _, s := range f.Spotlights[:min(len(f.Spotlights), max(a.Discussion.Spotlights, 0))] {
		all = append(all, s.Address)
	}
	return append(all, edits.Spotlight...)
}
