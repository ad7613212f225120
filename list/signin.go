package list

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

const (
	// signInFor is how long the link of a mail that signs in works, and sessionFor how long who is signed in remains so.
	signInFor  = time.Hour
	sessionFor = 30 * 24 * time.Hour
	// asksByProxy is how many such mails may be asked for within an hour by all who come by way of a proxy that does not say who they are.
	asksByProxy = 10 * asksPerSource
)

// pathSignIn is what stands before a token in the address of the page that signs in. It ends like that of other secrets, so that whatever looks for their tokens in
// posts finds this one, too.
const pathSignIn = "/signin" + pathConfirm

// SignIn is what a page tells about a link that signs in.
type SignIn struct {
	Address     string // whose it is
	List, Title string // one of the lists that they may read then
	Language    string // theirs, or the list's; BCP 47, empty: neither has one
	Next        string // where it leads, behind the base URL: the path that they asked for first, or else a page of the list
}

// AskSignIn mails a link that signs in to an address that is on a list, or runs one; to any other nothing is sent, and who asks sees no difference. next is the path
// that was asked for, as the caller has checked it; ip is who asks, the zero Addr when that is not known. One address gets such a mail as often as it is asked to confirm
// something, and one network asks for so many within an hour; more is not sent, and is no error.
func (e *Engine) AskSignIn(address, next string, ip netip.Addr) error {
	var why string
	err := e.Store.Update(func(tx Tx) (err error) {
		why, err = e.askSignIn(tx, strings.TrimSpace(address), next, ip)
		return err
	})
	if err == nil {
		e.Log.Info("sign-in asked for", "sent", why == "", "reason", why)
	}
	return err
}

// askSignIn says why no mail is sent; empty: one is. It writes something in every case, so that all take as long.
func (e *Engine) askSignIn(tx Tx, address, next string, ip netip.Addr) (why string, err error) {
	now := e.Now()
	who, most := "from a proxy", asksByProxy
	if ip.IsValid() {
		who, most = "from "+sourceOf(&Envelope{IP: ip.String()}), asksPerSource
	}
	t := &turn{e: e, tx: tx, now: now}
	if may, err := countAsk(t.tx, t.rec.ID, who, most, time.Hour, t.now); err != nil || !may {
		return "its network has asked enough for now", err
	}
	if e.Site().BaseURL == "" {
		return "no page can be linked to", nil
	}
	r := &reading{reader: tx, site: e.Site(), address: address}
	for _, l := range e.readable() {
		_, rec, belongs, err := r.calendar(l.Address)
		if errors.Is(err, ErrNotFound) || err == nil && !belongs {
			continue
		}
		if err == nil {
			address, err = r.known(l, rec) // mail goes there, and not to what was asked for: the two are the same, but only to us
		}
		if err != nil {
			return "", err
		}
		if may, _, err := e.mayAsk(tx, rec.ID, askedKey(address, false), now); err != nil || !may {
			return "the address was asked enough for now", err
		}
		p, err := personOf(tx, rec.ID, address)
		if err != nil {
			return "", err
		}
		n := noteTo(p, rec.ID, "signin", nil, now)
		n.Secret = &Secret{Purpose: ForSignIn, List: rec.ID, Address: address, Data: []byte(next), Expires: now.Add(signInFor)}
		_, err = tx.PutNote(n)
		return "", err
	}
	return "the address is on no list with pages", nil
}

// readable are the lists with pages: those with an archive first, then those whose events alone are on a page.
func (e *Engine) readable() (all []*List) {
	for _, archived := range []bool{true, false} {
		for _, l := range e.Site().Lists {
			if l.archived() == archived && (archived || e.Schedule != nil) {
				all = append(all, l)
			}
		}
	}
	return all
}

// SigningIn tells whom the token of such a link signs in. It changes nothing. ErrNotFound: it is none of ours, was used, or counts no longer.
func (e *Engine) SigningIn(token string) (s SignIn, err error) {
	err = e.Store.View(func(r Reader) error { _, s, err = e.signingIn(r, token); return err })
	return s, err
}

func (e *Engine) signingIn(r Reader, token string) (Secret, SignIn, error) {
	found, err := e.secret(r, ForSignIn, token, e.Now())
	if err != nil {
		return Secret{}, SignIn{}, err
	}
	rec, err := r.ListByID(found.List)
	if err != nil {
		return Secret{}, SignIn{}, err
	}
	l, ok := e.Site().List(rec.Address)
	if !ok {
		return Secret{}, SignIn{}, fmt.Errorf("list: sign-in by way of %s: %w", rec.Address, ErrNotFound)
	}
	s := SignIn{Address: found.Address, List: l.Address, Title: pageLine(l.Title()), Language: l.Language, Next: string(found.Data)}
	if s.Next == "" && l.archived() {
		s.Next = TopicsPath(l.Address)
	} else if s.Next == "" {
		s.Next = CalendarPath(l.Address)
	}
	p, err := personOf(r, found.List, found.Address)
	if p.Language != "" {
		s.Language = p.Language
	}
	return found, s, err
}

// SignIn signs in whom the token of a mailed link names, once: session is what their browser keeps for 30 days. The errors are those of SigningIn.
func (e *Engine) SignIn(token string) (session string, s SignIn, err error) {
	session = newToken()
	err = e.Store.Update(func(tx Tx) error {
		found, told, err := e.signingIn(tx, token)
		if err != nil {
			return err
		}
		s = told
		if err := tx.DeleteSecret(found.Hash); err != nil {
			return err
		}
		if err := unask(tx, found.List, found.Address); err != nil {
			return err
		}
		return tx.PutSecret(Secret{Hash: hashToken(session), Purpose: ForSession, List: found.List, Address: found.Address, Expires: e.Now().Add(sessionFor)})
	})
	if err != nil {
		return "", SignIn{}, err
	}
	e.Log.Info("signed in", "list", s.List, "member", s.Address)
	return session, s, nil
}

// SignedIn is the address that a session is of. It says nothing of what they may read, which is looked up each time. ErrNotFound: it is over, or none of ours.
func (e *Engine) SignedIn(session string) (address string, err error) {
	err = e.Store.View(func(r Reader) error {
		s, err := e.secret(r, ForSession, session, e.Now())
		address = s.Address
		return err
	})
	return address, err
}

// SignOut ends a session; one that is none is over already.
func (e *Engine) SignOut(session string) error {
	err := e.Store.Update(func(tx Tx) error {
		s, err := e.secret(tx, ForSession, session, e.Now())
		if err != nil {
			return err
		}
		return tx.DeleteSecret(s.Hash)
	})
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// reading runs f for whoever has a session; one that is over, or none, is a stranger's.
func (e *Engine) reading(session string, f func(*reading) error) error {
	return e.Store.View(func(r Reader) error {
		who := &reading{reader: r, site: e.Site()}
		if session != "" {
			s, err := e.secret(r, ForSession, session, e.Now())
			if err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
			who.address = s.Address
		}
		return f(who)
	})
}
