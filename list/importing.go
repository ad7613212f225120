package list

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// HistoryFile is one mbox file of an import.
type HistoryFile struct {
	Name    string // as people know it
	Content io.Reader
}

// History hands out the files of an import, one after another; io.EOF: there are no more. A file is read before the next is asked for.
type History func() (HistoryFile, error)

// ImportFault is a message that was not taken.
type ImportFault struct {
	File   string `json:"file"`
	Offset int64  `json:"offset"` // of its separator, in octets
	ID     string `json:"message_id,omitempty"`
	Why    string `json:"why"`
}

func (f ImportFault) String() string { return fmt.Sprintf("%s, octet %d: %s", f.File, f.Offset, f.Why) }

// Imported is what became of the messages of an import.
type Imported struct {
	Messages int `json:"messages"`
	Posts    int `json:"posts"`    // that are new
	Known    int `json:"known"`    // that were here before, by Message-ID and content
	Refused  int `json:"refused"`  // that cannot be taken
	Mended   int `json:"mended"`   // of the new: those with octets in them that no mail may have
	Undated  int `json:"undated"`  // of the new: those with no date that can be read, so that they stand where they came from another, or now
	Scrubbed int `json:"scrubbed"` // of the new: those with tokens of this site in them, which were overwritten
	Joined   int `json:"joined"`   // that were put below another by their subjects
	// Faults are the first of the messages that were not taken.
	Faults []ImportFault `json:"faults,omitempty"`
}

const (
	// importPosts and importSize are how many messages, and octets of them, one transaction takes.
	importPosts, importSize = 500, 8 << 20
	// importLimit is the largest message that is taken, in octets.
	importLimit = 64 << 20
	// faultsKept is how many faults are named one by one.
	faultsKept = 1000
)

// ErrImporting: another import goes on into the list.
var ErrImporting = errors.New("another import into this list is running")

// importer is one import into one list.
type importer struct {
	engine *Engine
	site   *Site
	list   *List
	rec    Record
	now    time.Time
	done   Imported
}

// ImportHistory takes messages into a list's archive: as posts with their own dates, in topics as if they had come as mail. Nothing is sent because of them, and nothing
// counts them as what happens on the list. Nobody may read the archive until all is in; where it is broken off, until it was run again to its end. What was here
// before is not taken again. A message that cannot be taken is counted; an error is what broke, or what no file of history is: where nothing was taken in until then, all is as before.
func (e *Engine) ImportHistory(ctx context.Context, address string, next History) (Imported, error) {
	i := &importer{engine: e, site: e.Site(), now: e.Now()}
	if err := i.begin(address); err != nil {
		return i.done, err
	}
	defer e.imports.Delete(i.rec.ID)
	e.Log.Info("import begins", "list", i.list.Address)
	err := i.read(ctx, next)
	if err == nil {
		err = i.joinSubjects()
	}
	if err == nil {
		err = e.Store.Update(func(tx Tx) error { return setImporting(tx, i.rec.ID, false) })
	}
	if err != nil && i.done.Posts == 0 && !i.rec.Importing { // nothing has changed
		err = errors.Join(err, e.Store.Update(func(tx Tx) error { return setImporting(tx, i.rec.ID, false) }))
	}
	if err != nil {
		e.Log.Warn("import broken off", "list", i.list.Address, "posts", i.done.Posts, "error", err)
		return i.done, fmt.Errorf("list: import into %s, after %d posts: %w", i.list.Address, i.done.Posts, err)
	}
	e.Log.Info("import ends", "list", i.list.Address, "posts", i.done.Posts, "known", i.done.Known, "refused", i.done.Refused)
	return i.done, nil
}

// begin closes the archive.
func (i *importer) begin(address string) error {
	e := i.engine
	return e.Store.Update(func(tx Tx) error {
		var err error
		if i.list, i.rec, err = e.find(tx, address); err != nil {
			return err
		}
		if other, _ := e.imports.LoadOrStore(i.rec.ID, i); other != any(i) { // this may run more than once
			return fmt.Errorf("list: %s: %w", i.list.Address, ErrImporting)
		}
		return setImporting(tx, i.rec.ID, true)
	})
}

func setImporting(tx Tx, id uint32, on bool) error {
	rec, err := tx.ListByID(id)
	if err != nil || rec.Importing == on {
		return err
	}
	rec.Importing = on
	return tx.PutList(rec)
}

// importing are the lists, by their addresses in lower case, whose archives nobody may read since history is being imported.
func (e *Engine) importing() map[string]bool {
	all := map[string]bool{}
	err := e.Store.View(func(r Reader) error {
		return r.Lists(func(rec Record) error {
			if rec.Importing {
				all[strings.ToLower(rec.Address)] = true
			}
			return nil
		})
	})
	if err != nil {
		e.Log.Error("lists under import are not known", "error", err)
	}
	return all
}

// refuse counts a message that is not taken.
func (i *importer) refuse(m *arrived, why string) {
	i.done.Refused++
	if len(i.done.Faults) < faultsKept {
		id := ""
		if m.pending != nil {
			id = m.pending.id
		}
		i.done.Faults = append(i.done.Faults, ImportFault{File: m.file, Offset: m.Offset, ID: id, Why: why})
	}
}
