package list

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"convene/list/message"
)

// The names of the commands that take something out of the archive.
const (
	wordRemovePost    = "remove post"
	wordWithdrawFiles = "withdraw files"
)

func (t *turn) removePost(arg string) error    { return t.takeOut(arg, false) }
func (t *turn) withdrawFiles(arg string) error { return t.takeOut(arg, true) }

// takeOut asks an owner whether they mean it: what is removed does not come back. Nothing is removed before they say yes.
func (t *turn) takeOut(arg string, files bool) error {
	word, reason, _ := strings.Cut(arg, " ")
	p, err := postNamed(t.tx, t.rec, word)
	if errors.Is(err, ErrNotFound) {
		t.say("no-post", "asked", shownLine(word))
		return nil
	} else if err != nil {
		return err
	}
	x := removing{list: t.list, rec: t.rec, post: p, files: files, reason: oneLine(reason, removalReason)}
	before, err := x.before(t.tx)
	if err != nil {
		return err
	}
	if before.Before {
		t.say("removed-before", "what", before.What, "by", before.By, "at", before.At.In(t.list.zone()).Format(time.RFC3339))
		return nil
	}
	what := confirmation{Names: []string{wordRemovePost}, Shown: []string{strconv.Itoa(int(p.Number))}, Post: p.Number, Files: files, Reason: x.reason}
	if files {
		what.Names[0] = wordWithdrawFiles
	}
	asked, err := t.ask(message.Mailbox{Name: t.from.Name, Addr: t.from.Addr}, ForRemove, what, "confirm-remove", x.values())
	if errors.Is(err, errAskedMost) {
		t.say("asked-most")
		return nil
	}
	if err == nil && asked {
		t.say("remove-asked")
	} else if err == nil {
		t.say("asked-before", "at", t.askedLast.In(t.list.zone()).Format(time.RFC3339))
	}
	return err
}

// askRemove is what a page asks before something is taken out of the archive.
func askRemove(c *confirming) (phrase string, values map[string]string) {
	var what confirmation
	if what.decode(c.Data) != nil {
		return "ask-remove", nil
	}
	x := removing{files: what.Files}
	return "ask-remove", map[string]string{"what": x.what(), "number": strconv.Itoa(int(what.Post))}
}

// confirmRemove takes it out, if whoever was asked may do that still.
func confirmRemove(e *Engine, tx Tx, c *confirming) (said string, err error) {
	say := func(phrase string, values map[string]string) (string, error) {
		return e.Site().Texts.phrase(phrase, []string{c.language, c.list.Language}, values)
	}
	t, err := e.newTurn(tx, c.list, message.Mailbox{Addr: c.Address}, authenticated, c.now)
	if err != nil {
		return "", err
	}
	x := c.removal
	switch {
	case !t.mayOwn():
		return say("owners", nil)
	case x.sealed:
		return say("sealed-files", nil)
	case x.files && x.left == nil:
		return say("no-files", nil)
	}
	if x.post, err = tx.Post(x.rec.ID, x.post.Number); err != nil {
		return "", err
	}
	before, err := x.before(tx)
	if err != nil {
		return "", err
	}
	if before.Before {
		return say("removed-before", map[string]string{"what": before.What, "by": before.By, "at": before.At.In(c.list.zone()).Format(time.RFC3339)})
	}
	r, err := x.remove(tx, e.Site())
	if err != nil {
		return "", err
	}
	x.done = true
	d := x.told(r)
	c.events = append(c.events, event{"post removed", []any{"list", d.List, "post", d.Post, "message_id", d.MessageID, "what", d.What, "owner", d.By}})
	return say("removed-post", map[string]string{"what": x.what(), "number": strconv.Itoa(int(d.Post))})
}

// removalAsked is what a token would take out of the archive, read before the transaction that does it; nil: it is for something else, or was answered.
func (e *Engine) removalAsked(token string, now time.Time) (*removing, error) {
	var x *removing
	err := e.Store.View(func(r Reader) error {
		c, _, err := e.confirming(r, token, now)
		if err != nil || c.Purpose != ForRemove || c.Spent != "" {
			return err
		}
		var what confirmation
		if err := what.decode(c.Data); err != nil {
			return err
		}
		x = &removing{list: c.list, rec: c.rec, files: what.Files, by: c.Address, reason: what.Reason, now: now}
		x.post, err = r.Post(c.rec.ID, what.Post)
		return err
	})
	return x, err
}
