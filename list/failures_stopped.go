package list

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// TellTripped tells the owners of a list and the admin that one of its posts goes no further at a next hop, which refuses it for what it is;
// status is what was said there. It is told once for a post and a hop. Of a list that is gone from the config the admin alone is told.
// ErrNotFound: there is no such list or post.
func (e *Engine) TellTripped(list string, post uint32, hop, status string, now time.Time) error {
	site := e.Site()
	var rec Record
	var p Post
	var told bool
	what := Telling{Kind: toldTripped, Post: post, Hop: hop}
	err := e.Store.View(func(r Reader) (err error) {
		if rec, err = r.List(list); err != nil {
			return err
		}
		what.List = rec.ID
		if told, err = toldSince(r, what, time.Time{}); err != nil {
			return err
		}
		p, err = r.Post(rec.ID, post)
		return err
	})
	if err != nil {
		return fmt.Errorf("list: post %d of %s stopped at %s: %w", post, list, hop, err)
	}
	l, known := site.List(list)
	var to []string
	if known {
		if to, err = e.peopleNow(Target{Kind: KindOwner, List: l}); err != nil {
			return err
		}
	} else {
		l = &List{Address: rec.Address}
	}
	if site.Admin != "" {
		to = append(to, site.Admin)
	}
	if to = distinct(to); told || len(to) == 0 {
		return nil
	}
	err = e.tellOnce(trippedNotice(site, l, &p, hop, status, now), rec.ID, to, what, time.Time{})
	if err != nil {
		return fmt.Errorf("list: post %d of %s stopped at %s: %w", post, list, hop, err)
	}
	return nil
}

// frozenEvery is how often the admin is told of a next hop that refuses our credentials.
const frozenEvery = 24 * time.Hour

// TellFrozen tells the admin that a next hop refuses our credentials, or cannot be given them, so that mail waits; status is what was said. It
// is told once a day and hop. The notice may have to wait behind the same hop: the log has it at once.
func (e *Engine) TellFrozen(hop, status string, now time.Time) error {
	what := Telling{Kind: toldFrozen, Hop: hop}
	since := now.Add(-frozenEvery)
	var told bool
	err := e.Store.View(func(r Reader) (err error) { told, err = toldSince(r, what, since); return err })
	if err == nil && !told {
		if admin := e.Site().Admin; admin != "" {
			err = e.tellOnce(frozenNotice(e.Site(), hop, status, now), 0, []string{admin}, what, since)
		}
	}
	if err != nil {
		return fmt.Errorf("list: credentials refused at %s: %w", hop, err)
	}
	return nil
}

// toldSince reports whether something was told after a time.
func toldSince(r Reader, what Telling, since time.Time) (bool, error) {
	at, err := r.Told(what)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil && at.After(since), err
}

// tellOnce sends a notice unless somebody else has done so since.
func (e *Engine) tellOnce(n *notice, id uint32, to []string, what Telling, since time.Time) error {
	err := e.sendNotice(n, id, to, func(tx Tx) error {
		told, err := toldSince(tx, what, since)
		if err == nil && told {
			err = errNothingToKeep
		}
		if err != nil {
			return err
		}
		return tx.PutTold(what, n.date)
	})
	if errors.Is(err, errNothingToKeep) {
		return nil
	}
	if err == nil {
		e.Log.Info("people told", "what", what.Kind, "list", what.List, "post", what.Post, "hop", what.Hop, "people", len(to))
	}
	return err
}

// distinct leaves out who is there before, without regard to case.
func distinct(to []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(to, func(a string) bool {
		a = strings.ToLower(a)
		again := seen[a]
		seen[a] = true
		return again
	})
}

// hopMark makes of a next hop what fits a Message-ID.
func hopMark(hop string) string {
	sum := sha256.Sum256([]byte(hop))
	return hex.EncodeToString(sum[:4])
}

func trippedNotice(site *Site, l *List, p *Post, hop, status string, now time.Time) *notice {
	return &notice{
		site: site, domain: l.Domain(), list: l, date: now.In(l.zone()), text: "stopped",
		values: map[string]string{"hop": oneLine(hop, addressQuoted), "status": oneLine(status, statusQuoted)},
		posts:  func([]string) ([]textPost, error) { return []textPost{newTextPost(p, l)}, nil },
		id:     fmt.Sprintf("stopped.%d.%s.%s", p.Number, hopMark(oneLine(hop, addressQuoted)), l.Local()),
	}
}

func frozenNotice(site *Site, hop, status string, now time.Time) *notice {
	hop = oneLine(hop, addressQuoted)
	return &notice{
		site: site, domain: site.Hostname, date: now.UTC(), text: "frozen",
		values: map[string]string{"hop": hop, "status": oneLine(status, statusQuoted)},
		id:     "frozen." + now.UTC().Format("20060102T150405Z") + "." + hopMark(hop),
	}
}
