package list

import (
	"errors"
	"fmt"
)

// keep stores a batch in one transaction. What is known is left out before its octets are written.
func (i *importer) keep(batch []*arrived) error {
	i.done.Messages += len(batch)
	var fresh []*arrived
	err := i.engine.Store.View(func(r Reader) error {
		for _, m := range batch {
			if m.why != "" {
				i.refuse(m, m.why)
				continue
			}
			known, err := i.known(r, m.pending)
			if err != nil {
				return err
			}
			if known {
				i.done.Known++
				continue
			}
			fresh = append(fresh, m)
		}
		return nil
	})
	if err != nil || len(fresh) == 0 {
		return err
	}
	raws := make([][]byte, len(fresh))
	for n, m := range fresh {
		raws[n] = m.Raw
	}
	var done Imported // this may run more than once
	err = i.engine.Store.KeepAll(raws, func(tx Tx, refs []Ref) error {
		done = i.done
		for n, m := range fresh {
			if err := i.post(tx, m, refs[n], &done); err != nil {
				return fmt.Errorf("%s, octet %d: %w", m.file, m.Offset, err)
			}
		}
		return nil
	})
	if err == nil {
		i.done = done
	}
	return err
}

// known reports whether a message was here before.
func (i *importer) known(r Reader, p *pending) (bool, error) {
	same, _, err := r.Seen(i.rec.ID, p.id, p.key)
	if err != nil || same {
		return same, err
	}
	post, err := postByMessageID(r, i.rec.ID, p.id)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil && (post.ContentKey == p.key || !post.Removed.IsZero()), err
}

// post stores one message.
func (i *importer) post(tx Tx, m *arrived, ref Ref, done *Imported) error {
	p := m.pending
	known, err := i.known(tx, p)
	if err != nil {
		return err
	}
	if known {
		done.Known++
		return nil
	}
	if err := i.engine.revokeMarks(tx, m.leaked); err != nil {
		return err
	}
	rec, err := tx.ListByID(i.rec.ID)
	if err != nil {
		return err
	}
	post := p.post
	post.List, post.Ref = rec.ID, ref
	if err := place(tx, &post, rec.Posts+1, p.links, post.Accepted); err != nil {
		return err
	}
	if post.Node != nodeID(p.id) { // another has its Message-ID, so that it is found by this alone
		if err := tx.See(rec.ID, p.id, p.key); err != nil {
			return err
		}
	}
	post.Head = i.head(p, &post)
	if _, err := tx.PutPost(post); err != nil {
		return err
	}
	done.Posts++
	done.Mended += count(m.Mended)
	done.Undated += count(!m.dated)
	done.Scrubbed += count(m.leaked.count() > 0)
	return nil
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// head is what stands before a post in the archive.
func (i *importer) head(p *pending, post *Post) string {
	s := Style{List: i.list.Address, ListName: i.list.Title(), Announce: i.list.Type == Announce || i.list.Posting == PostRoles}
	if s.Link = i.engine.LinkTo(i.list, post); p.made {
		s.MessageID = "<" + p.id + ">"
	}
	if p.arrival.Message.Count("Date") == 0 {
		s.Date = post.Accepted.Format(dateFormat)
	}
	return archiveHead(&s, p.arrival.Message)
}
