package list

import (
	"errors"
	"fmt"
	"time"
)

// RemovedPost is a post that was removed, or its attachments were: what is told of it.
type RemovedPost struct {
	List      string    `json:"list"`
	Post      uint32    `json:"post"`
	MessageID string    `json:"message_id"`
	From      string    `json:"from"`
	Date      time.Time `json:"date"`
	What      string    `json:"what"` // "post", or "attachments"
	At        time.Time `json:"at"`
	By        string    `json:"by"` // an address, or "command"
	Reason    string    `json:"reason"`
	// Before says that it was done before, and nothing now.
	Before bool `json:"before,omitempty"`
}

// RemovePost takes a post out of the archive of a list, and withdraws the copies that nobody has yet; WithdrawFiles takes its attachments. which is its number, its
// Message-ID or the address of its page. Doing it again tells of the first time.
func (e *Engine) RemovePost(address, which, reason string) (RemovedPost, error) {
	return e.removeByCommand(address, which, reason, false)
}

// WithdrawFiles is RemovePost for what came with a post.
func (e *Engine) WithdrawFiles(address, which, reason string) (RemovedPost, error) {
	return e.removeByCommand(address, which, reason, true)
}

func (e *Engine) removeByCommand(address, which, reason string, files bool) (done RemovedPost, err error) {
	x := removing{files: files, by: byCommand, reason: reason, now: e.Now()}
	err = e.Store.View(func(r Reader) error {
		if x.list, x.rec, err = e.find(r, address); err != nil {
			return err
		}
		if x.post, err = postNamed(r, x.rec, which); err != nil {
			return err
		}
		done, err = x.before(r)
		return err
	})
	if err != nil || done.Before {
		return done, err
	}
	err = e.keeping(&x, func(tx Tx) error {
		// It may have been removed meanwhile, or moved to another topic.
		if x.post, err = tx.Post(x.rec.ID, x.post.Number); err != nil {
			return err
		}
		r, err := x.remove(tx, e.Site())
		done = x.told(r)
		return err
	})
	if err != nil {
		return done, err
	}
	e.logRemoval(done)
	return done, e.Store.Erase()
}

// keeping runs f in a transaction, and where attachments are withdrawn keeps what is left of the post in it.
func (e *Engine) keeping(x *removing, f func(Tx) error) error {
	if !x.files {
		return e.Store.Update(f)
	}
	raw, err := e.Store.Raw(x.post.Ref)
	if err != nil {
		return fmt.Errorf("list: post %d of %s: %w", x.post.Number, x.list.Address, err)
	}
	if err := x.withdraw(raw, e.Site().Texts); err != nil {
		return err
	}
	return e.Store.Keep(x.left.Raw, func(tx Tx, ref Ref) error {
		x.ref = ref
		return f(tx)
	})
}

func (e *Engine) logRemoval(done RemovedPost) {
	e.Log.Info("post removed", "list", done.List, "post", done.Post, "message_id", done.MessageID, "what", done.What, "by", done.By)
}

// before tells of a removal that leaves nothing to be done.
func (x *removing) before(r Reader) (RemovedPost, error) {
	var last Removal
	if x.post.Removed.IsZero() && !x.files {
		return RemovedPost{}, nil
	}
	err := r.Removals(0, func(one Removal) error {
		if one.List == x.rec.ID && one.Post == x.post.Number {
			last = one
		}
		return nil
	})
	if last.Seq == 0 && x.post.Removed.IsZero() {
		return RemovedPost{}, err
	}
	done := x.told(last)
	done.Before = true
	return done, err
}

func (x *removing) told(r Removal) RemovedPost {
	d := RemovedPost{List: x.list.Address, Post: x.post.Number, MessageID: x.post.MessageID, From: x.post.From, Date: x.post.Date, What: "post", At: r.At, By: r.By, Reason: r.Reason}
	if r.Attachments {
		d.What = "attachments"
	}
	return d
}

// RemovedPosts tells what was removed from a list, the latest last.
func (e *Engine) RemovedPosts(address string) ([]RemovedPost, error) {
	all := []RemovedPost{}
	err := e.Store.View(func(r Reader) error {
		l, rec, err := e.find(r, address)
		if err != nil {
			return err
		}
		return r.Removals(0, func(one Removal) error {
			if one.List != rec.ID {
				return nil
			}
			p, err := r.Post(rec.ID, one.Post)
			if err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
			x := removing{list: l, rec: rec, post: p}
			all = append(all, x.told(one))
			return nil
		})
	})
	return all, err
}
