package list

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// importLine is how long a line may be, in octets: that of a post of the largest size, in base64.
const importLine = 100 << 20

// ErrNotEmpty: there is something in a store that is to take in a whole site.
var ErrNotEmpty = errors.New("the store has posts or members already")

// ImportedSite is what an import of a whole site took in.
type ImportedSite struct {
	Lists   int `json:"lists"`
	Members int `json:"members"`
	Posts   int `json:"posts"`
	Records int `json:"records"` // in all
}

// siteLine is one line of an export, read as far as the kinds have in common.
type siteLine struct {
	Kind    string
	On      uint32 // the list's place
	Version int
	Lines   int
	Key     string // content key of a post, in hexadecimal
	Raw     []byte // the message of a post
	Came    []byte // the one that a moderator has replaced
	content []byte // all of it
}

// siteImport takes in a whole site.
type siteImport struct {
	engine *Engine
	ids    map[uint32]uint32 // of lists, by their places
	lists  []Record          // as they were exported
	done   ImportedSite
}

// ImportSite takes in what ExportSite wrote, into a store without members and posts: with all numbers and UIDs. Nothing is sent. Nobody may read any of its lists until
// all is in; one that was broken off can be run again. Lists that the config does not have keep what they have until it does.
func (e *Engine) ImportSite(ctx context.Context, r io.Reader) (ImportedSite, error) {
	i := &siteImport{engine: e, ids: map[uint32]uint32{}}
	lines := bufio.NewReaderSize(r, 256<<10)
	var batch []*siteLine
	for n, size, over := 1, 0, false; ; n++ {
		content, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			if !over {
				return i.done, fmt.Errorf("list: import of a site: line %d: the file ends before its end", n)
			}
			break
		}
		one := &siteLine{content: content}
		if err == nil {
			err = json.Unmarshal(content, one)
		}
		if err == nil {
			err = i.inOrder(one, n)
		}
		if err != nil {
			return i.done, fmt.Errorf("list: import of a site: line %d: %w", n, err)
		}
		over = one.Kind == "end"
		batch, size = append(batch, one), size+len(content)
		if len(batch) < importPosts && size < importSize && !over {
			continue
		}
		if err := errors.Join(ctx.Err(), i.keep(batch)); err != nil {
			return i.done, fmt.Errorf("list: import of a site: up to line %d: %w", n, err)
		}
		batch, size = nil, 0
	}
	err := e.Store.Update(i.open)
	if err == nil {
		e.Log.Info("site imported", "lists", i.done.Lists, "members", i.done.Members, "posts", i.done.Posts)
	}
	return i.done, err
}

// readLine reads one line, however long it is within reason.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > importLine {
			return nil, fmt.Errorf("it has more than %d octets", importLine)
		}
		if errors.Is(err, io.EOF) && len(line) > 0 {
			return nil, errors.New("it is cut off")
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// inOrder checks that a line may stand where it does.
func (i *siteImport) inOrder(one *siteLine, n int) error {
	switch {
	case n == 1 && (one.Kind != "convene" || one.Version != exportVersion):
		return fmt.Errorf("this is no export of version %d", exportVersion)
	case one.Kind == "end" && one.Lines != n-1:
		return fmt.Errorf("there were %d lines, and %d are missing", n-1, one.Lines-(n-1))
	}
	return nil
}

// keep stores some lines in one transaction.
func (i *siteImport) keep(batch []*siteLine) error {
	var raws [][]byte
	for _, one := range batch {
		for _, raw := range [][]byte{one.Raw, one.Came} {
			if len(raw) > 0 {
				raws = append(raws, raw)
			}
		}
	}
	var done ImportedSite // this may run more than once
	var lists []Record
	put := func(tx Tx, refs []Ref) error {
		done, lists = i.done, i.lists
		for _, one := range batch {
			var here [2]Ref
			for n, raw := range [][]byte{one.Raw, one.Came} {
				if len(raw) > 0 {
					here[n], refs = refs[0], refs[1:]
				}
			}
			if err := i.put(tx, one, here, &done, &lists); err != nil {
				return fmt.Errorf("a %s: %w", one.Kind, err)
			}
		}
		return nil
	}
	var err error
	if len(raws) > 0 {
		err = i.engine.Store.KeepAll(raws, put)
	} else {
		err = i.engine.Store.Update(func(tx Tx) error { return put(tx, nil) })
	}
	if err == nil {
		i.done, i.lists = done, lists
	}
	return err
}

// open opens the archives, and has numbers go on where they were.
func (i *siteImport) open(tx Tx) error {
	for _, was := range i.lists {
		rec, err := tx.List(was.Address)
		if err != nil {
			return err
		}
		rec.Closed, rec.Importing, rec.Posts, rec.LastMember, rec.LastTopic = was.Closed, false, was.Posts, was.LastMember, was.LastTopic
		if err := tx.PutList(rec); err != nil {
			return err
		}
	}
	return nil
}

// list makes a list of the export.
func (i *siteImport) list(tx Tx, rec Record, lists *[]Record) error {
	here, err := tx.EnsureList(rec.Address, nil)
	if err != nil {
		return err
	}
	if !here.Importing && (here.Posts > 0 || here.LastMember > 0) {
		return fmt.Errorf("%s: %w", rec.Address, ErrNotEmpty)
	}
	*lists = append((*lists)[:len(*lists):len(*lists)], rec)
	i.ids[uint32(len(*lists))] = here.ID
	here.Importing = true
	return tx.PutList(here)
}

// heldLine is what a line of a held post has beside the post.
type heldLine struct {
	ID                   uint64
	Expires              time.Time
	Quiet, Join, Bundled bool
}

func (i *siteImport) held(tx Tx, one *siteLine, p Post) error {
	var h heldLine
	if err := json.Unmarshal(one.content, &h); err != nil {
		return err
	}
	if _, err := tx.PutHeld(Held{ID: h.ID, Post: p, Expires: h.Expires, Quiet: h.Quiet, Join: h.Join, Bundled: h.Bundled}); err != nil {
		return err
	}
	return tx.See(p.List, p.MessageID, p.ContentKey)
}

// post reads a post of a line.
func (one *siteLine) post(list uint32, refs [2]Ref) (p Post, err error) {
	if err := json.Unmarshal(one.content, &p); err != nil {
		return p, err
	}
	p.List, p.Ref, p.Original = list, refs[0], refs[1]
	if n, err := hex.Decode(p.ContentKey[:], []byte(one.Key)[:min(len(one.Key), 32)]); err != nil || n != len(p.ContentKey) {
		return p, fmt.Errorf("content key %q", one.Key)
	}
	return p, nil
}
