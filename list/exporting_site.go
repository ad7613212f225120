package list

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// siteExport writes a whole site.
type siteExport struct {
	engine *Engine
	then   Snapshot // the store as it was when the export began
	out    *bufio.Writer
	lists  []Record
	place  map[uint32]uint32 // of a list by its id: its place in the order of addresses, from 1
	lines  int
}

// notOfPosts are the fields of a post that are of this store alone.
var notOfPosts = []string{"List", "Ref", "Original", "Outgoing", "Further", "ContentKey"}

// ExportSite writes everything that people wrote, set or decided on all lists as it is at one moment: with numbers and UIDs, and without secrets, the queue, and what is
// derived. What comes while it writes is not in it; a post that is removed meanwhile is in it as removed.
func (e *Engine) ExportSite(w io.Writer) error {
	then, err := e.Store.Snapshot()
	if err != nil {
		return fmt.Errorf("list: export: %w", err)
	}
	x := &siteExport{engine: e, then: then, out: bufio.NewWriterSize(w, 64<<10), place: map[uint32]uint32{}}
	return errors.Join(x.write(), then.Close())
}

// write writes all lines.
func (x *siteExport) write() error {
	err := x.then.View(func(r Reader) error {
		return r.Lists(func(rec Record) error { x.lists = append(x.lists, rec); return nil })
	})
	if err != nil {
		return err
	}
	slices.SortFunc(x.lists, func(a, b Record) int { return strings.Compare(a.Address, b.Address) })
	for i := range x.lists {
		x.place[x.lists[i].ID] = uint32(i) + 1
	}
	if err := x.line("convene", struct{}{}, map[string]any{"Version": exportVersion}); err != nil {
		return err
	}
	for i := range x.lists {
		if err := x.line("list", x.lists[i], nil, "ID", "Members", "Importing"); err != nil {
			return err
		}
	}
	for i := range x.lists {
		if err := errors.Join(x.people(&x.lists[i]), x.topics(&x.lists[i]), x.posts(&x.lists[i]), x.said(&x.lists[i])); err != nil {
			return err
		}
	}
	if err := x.siteWide(); err != nil {
		return err
	}
	return errors.Join(x.line("end", struct{}{}, map[string]any{"Lines": x.lines}), x.out.Flush())
}

func (x *siteExport) line(kind string, record any, more map[string]any, without ...string) error {
	b, err := exportLine(kind, record, more, without...)
	if err != nil {
		return fmt.Errorf("list: export of a %s: %w", kind, err)
	}
	x.lines++
	_, err = x.out.Write(b)
	return err
}

// on is what names the list of a record.
func (x *siteExport) on(list uint32) map[string]any { return map[string]any{"On": x.place[list]} }

// people are the members, by number, and the bans.
func (x *siteExport) people(rec *Record) error {
	var all []Member
	var bans []Ban
	err := x.then.View(func(r Reader) error {
		err := r.Members(rec.ID, func(m Member) error { all = append(all, m); return nil })
		return errors.Join(err, r.Bans(rec.ID, func(b Ban) error {
			if b.List == rec.ID {
				bans = append(bans, b)
			}
			return nil
		}))
	})
	slices.SortFunc(all, func(a, b Member) int { return int(a.Number) - int(b.Number) })
	for i := 0; err == nil && i < len(all); i++ {
		err = x.line("member", all[i], x.on(rec.ID), "List")
	}
	for i := 0; err == nil && i < len(bans); i++ {
		err = x.line("ban", bans[i], x.on(rec.ID), "List")
	}
	return err
}

// topics are by number, each with its nodes and with what members said of it.
func (x *siteExport) topics(rec *Record) error {
	var all []Topic
	err := x.then.View(func(r Reader) error {
		return r.Topics(rec.ID, func(t Topic) error { all = append(all, t); return nil })
	})
	slices.SortFunc(all, func(a, b Topic) int { return int(a.ID) - int(b.ID) })
	type saying struct {
		Member   uint32
		Interest Interest
	}
	for i := 0; err == nil && i < len(all); i++ {
		var nodes []Node
		var said []saying
		err = x.then.View(func(r Reader) error {
			err := r.TopicNodes(rec.ID, all[i].ID, func(n Node) error { nodes = append(nodes, n); return nil })
			return errors.Join(err, r.TopicInterests(rec.ID, all[i].ID, func(m uint32, in Interest) error { said = append(said, saying{m, in}); return nil }))
		})
		if err == nil {
			err = x.line("topic", all[i], x.on(rec.ID), "List")
		}
		for n := 0; err == nil && n < len(nodes); n++ {
			err = x.line("node", nodes[n], x.on(rec.ID))
		}
		for n := 0; err == nil && n < len(said); n++ {
			err = x.line("interest", said[n], map[string]any{"On": x.place[rec.ID], "Topic": all[i].ID})
		}
	}
	return err
}

// posts are by number, each with what the library has of it.
func (x *siteExport) posts(rec *Record) error {
	return postsOf(x.then, func(Reader) (uint32, error) { return rec.ID, nil }, func(p *Post) error {
		was, filed := p.Ref, x.then.View
		fields, err := x.octets(p)
		if p.Ref != was {
			filed = x.engine.Store.View // its attachments went with it
		}
		if err == nil {
			err = x.line("post", p, fields, notOfPosts...)
		}
		if err != nil {
			return fmt.Errorf("list: post %d of %s: %w", p.Number, rec.Address, err)
		}
		var f Filed
		err = filed(func(r Reader) (err error) { f, err = r.Filed(rec.ID, p.Number); return err })
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return errors.Join(err, x.line("filed", f, x.on(rec.ID), "List"))
	})
}

// octets are the messages of a post; of one that was removed there are none.
func (x *siteExport) octets(p *Post) (map[string]any, error) {
	fields := x.on(p.List)
	fields["Key"] = hex.EncodeToString(p.ContentKey[:])
	for name, ref := range map[string]Ref{"Raw": p.Ref, "Came": p.Original} {
		if ref == (Ref{}) || !p.Removed.IsZero() {
			continue
		}
		raw, err := x.then.Raw(ref)
		if errors.Is(err, ErrNotFound) && x.changed(p) {
			return x.octets(p)
		} else if err != nil {
			return nil, err
		}
		fields[name] = raw
	}
	return fields, nil
}

// changed reports whether something was removed of a post since it was listed, and reads it anew.
func (x *siteExport) changed(p *Post) bool {
	was := p.Ref
	err := x.engine.Store.View(func(r Reader) (err error) { *p, err = r.Post(p.List, p.Number); return err })
	return err == nil && p.Ref != was
}
