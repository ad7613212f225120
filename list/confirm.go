package list

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// pathConfirm is what stands before a token in the address of the page that confirms.
const pathConfirm = "/c/"

// Confirmation is what a page tells about a confirmation.
type Confirmation struct {
	List, Title string // the list's address and its name
	Address     string // whose it is
	Language    string // that all of this is for: theirs, or the list's; BCP 47, empty: neither has one
	Question    string // what will be done, as a heading; empty when it is done
	Text        string // the same in a sentence
	Button      string
	Said        string // what was decided; empty: nothing yet
	Late        bool   // it had been decided before; of an invitation: there is nothing to answer any more
	// Invites says that it is an invitation, which is answered by Engine.Answer, again and again; Answer is the last one.
	Invites bool
	Answer  string
}

// confirming is a confirmation on its way.
type confirming struct {
	Secret
	list *List
	rec  Record
	now  time.Time
	// language is that of whom it is for: their own, or that of the question; empty: neither has one.
	language string
	how      string // byMail, or what the page says of itself
	// events are for the log, once it is done.
	events []event
	// removal is what a ForRemove takes out of the archive.
	removal *removing
}

// confirmAction is what a confirmation of one purpose does. Secret.Data is its own.
type confirmAction struct {
	// ask names what a page asks: a phrase for its heading, which ends in a question mark; one with "-text" behind it for a sentence, one with
	// "-button" for the word on the button; and what they may say beside the list's title.
	ask func(c *confirming) (phrase string, values map[string]string)
	// do does it, in the transaction that spends the secret. said is what is told of it, now and to a late answer.
	do func(e *Engine, tx Tx, c *confirming) (said string, err error)
	// decline does what a "no" asks beside spending the secret; nil: nothing.
	decline func(e *Engine, tx Tx, c *confirming) error
	// anyAnswer has a "no" do it, too: that somebody answers is what was asked.
	anyAnswer bool
}

// confirmActions are the actions by the purpose of their secrets.
func confirmActions() map[Purpose]confirmAction {
	return map[Purpose]confirmAction{
		ForConfirm: {ask: askCommands, do: confirmCommands},
		ForInvite:  {ask: askCommands, do: confirmCommands},
		ForAlso:    {ask: askAlso, do: confirmAlso},
		ForBack:    {ask: askBack, do: confirmBack},
		ForRemove:  {ask: askRemove, do: confirmRemove},
		ForProbe:   {ask: askProbe, do: confirmProbe, anyAnswer: true},
	}
}

// confirming finds what a token confirms. ErrNotFound: it is none of ours, or its list is gone.
func (e *Engine) confirming(r Reader, token string, now time.Time) (*confirming, confirmAction, error) {
	var s Secret
	err := fmt.Errorf("list: confirmation: %w", ErrNotFound)
	for _, purpose := range purposesOf(KindConfirm) {
		if s, err = e.secret(r, purpose, token, now); !errors.Is(err, ErrNotFound) {
			break
		}
	}
	if err != nil {
		return nil, confirmAction{}, err
	}
	rec, err := r.ListByID(s.List)
	if err != nil {
		return nil, confirmAction{}, err
	}
	l, ok := e.Site().List(rec.Address)
	if !ok {
		return nil, confirmAction{}, fmt.Errorf("list: confirmation for %s: %w", rec.Address, ErrNotFound)
	}
	action, ok := e.actions[s.Purpose]
	if !ok {
		return nil, confirmAction{}, fmt.Errorf("list: confirmation for %s: this version does nothing for %q", rec.Address, s.Purpose)
	}
	p, err := personOf(r, s.List, s.Address)
	if err != nil {
		return nil, confirmAction{}, err
	}
	c := &confirming{Secret: s, list: l, rec: rec, now: now, language: p.Language}
	if s.Note != nil {
		c.language = cmp.Or(c.language, s.Note.Language)
	}
	return c, action, nil
}

// pageOf is what a page says of it.
func (e *Engine) pageOf(c *confirming, action *confirmAction) (told Confirmation, err error) {
	told = Confirmation{List: c.list.Address, Title: c.list.Title(), Address: c.Address, Language: cmp.Or(c.language, c.list.Language), Said: c.Spent}
	if c.Spent != "" {
		return told, nil
	}
	name, asked := action.ask(c)
	values := map[string]string{"title": told.Title}
	maps.Copy(values, asked)
	for part, to := range map[string]*string{"": &told.Question, "-text": &told.Text, "-button": &told.Button} {
		if *to, err = e.Site().Texts.phrase(name+part, []string{c.language, c.list.Language}, values); err != nil {
			return Confirmation{}, err
		}
	}
	return told, nil
}

// Confirming tells what a token of a confirmation would do, or did. It changes nothing. ErrNotFound: it is none of ours, or counts no longer.
func (e *Engine) Confirming(token string) (told Confirmation, err error) {
	err = e.Store.View(func(r Reader) error {
		c, action, err := e.confirming(r, token, e.Now())
		if err != nil {
			return err
		}
		told, err = e.pageOf(c, &action)
		told.Late = c.Spent != ""
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return e.Answer(token, "")
	}
	return told, err
}

// Confirm does what a token of a confirmation says, once; a second time it tells what was done. how says by which way: "page" or "mail". The
// errors are those of Confirming.
func (e *Engine) Confirm(token, how string) (Confirmation, error) {
	told, err := e.answerConfirmation(token, how, true, func(Tx) error { return nil })
	return told, err
}

// answerConfirmation confirms or declines. also is done in the same transaction.
func (e *Engine) answerConfirmation(token, how string, yes bool, also func(Tx) error) (told Confirmation, err error) {
	removal, err := e.removalAsked(token, e.Now())
	if err != nil {
		return told, err
	}
	var c *confirming
	err = e.confirmingIn(removal, yes, func(tx Tx) error {
		now := e.Now()
		found, action, err := e.confirming(tx, token, now)
		if err != nil {
			return err
		}
		c = found
		c.how, c.removal = how, removal
		late := c.Spent != ""
		switch {
		case late && how == byMail:
			err = tellConfirmed(tx, c)
		case !late:
			err = e.settleConfirmation(tx, c, &action, yes)
		}
		if err == nil {
			told, err = e.pageOf(c, &action)
		}
		told.Late = late
		return errors.Join(err, also(tx))
	})
	if err != nil {
		return Confirmation{}, err
	}
	if !told.Late {
		e.Log.Info("confirmation answered", "list", c.list.Address, "purpose", string(c.Purpose), "yes", yes, "by", how)
		e.happened(c.events, how)
	}
	if removal != nil && removal.done {
		if err := e.Store.Erase(); err != nil { // it is removed, and this is tried again
			e.Log.Error("what was removed is not erased yet", "list", c.list.Address, "error", err)
		}
	}
	return told, nil
}

// confirmingIn runs f in the transaction of an answer. Where a yes withdraws attachments, what is left of the post is kept in it.
func (e *Engine) confirmingIn(x *removing, yes bool, f func(Tx) error) error {
	if x == nil || !x.files || !yes {
		return e.Store.Update(f)
	}
	err := e.keeping(x, f)
	if x.left == nil && (errors.Is(err, errNoFiles) || errors.Is(err, errSealedFiles) || errors.Is(err, ErrNotFound)) { // or the post was removed meanwhile
		return e.Store.Update(f)
	}
	return err
}

// byMail is how a confirmation was answered, where it was by mail.
const byMail = "mail"

// settleConfirmation does what was confirmed, or declined, and spends the secret with it.
func (e *Engine) settleConfirmation(tx Tx, c *confirming, action *confirmAction, yes bool) (err error) {
	var said string
	switch {
	case yes || action.anyAnswer:
		said, err = action.do(e, tx, c)
	default:
		if action.decline != nil {
			err = action.decline(e, tx, c)
		}
		if err == nil {
			said, err = e.sayNo(c)
		}
	}
	if err != nil {
		return err
	}
	if c.Subject != 0 { // the same question was asked more than once
		if err := spend(tx, c.List, c.Purpose, c.Subject, said); err != nil {
			return err
		}
	}
	if err := unask(tx, c.List, c.Address); err != nil {
		return err
	}
	c.Spent, c.Note = said, nil
	return tx.PutSecret(c.Secret)
}

// unask takes the last question about a list out of those that an address was asked: it was answered with a token that went there, so that somebody
// reads that mail, and is flooded by nobody. What they ask next is not to be met by silence.
func unask(tx Tx, list uint32, address string) error {
	for _, proven := range []bool{false, true} {
		key := askedKey(address, proven)
		all, err := tx.Asked(key)
		if err != nil {
			return err
		}
		for i := len(all) - 1; i >= 0; i-- {
			if all[i].List != list {
				continue
			}
			if err := tx.PutAsked(key, slices.Delete(all, i, i+1)); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// sayNo is what is told of a confirmation that was declined.
func (e *Engine) sayNo(c *confirming) (string, error) {
	return e.Site().Texts.phrase("declined", []string{c.language, c.list.Language}, nil)
}
