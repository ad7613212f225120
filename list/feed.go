package list

import (
	"fmt"
	"time"
)

// FeedFor is how long the address of a member's own feed works. Its end is fixed: fetching it changes nothing.
const FeedFor = 400 * 24 * time.Hour

const (
	pathOwnFeed = "/feed-" // with the token and an ending behind it
	feedEnding  = ".ics"   // of the events
	atomEnding  = ".atom"  // of the posts
)

// OwnFeed is the address of a member's own feed, as it is told once.
type OwnFeed struct {
	Path    string    // behind the base URL
	Expires time.Time // in the list's time zone
}

// ownFeedPath is the path of a feed of a list for the program of one member, which cannot sign in: of the events, or of the posts. The token ends as in other addresses of ours,
// so that what looks for such in posts finds it.
func ownFeedPath(address, token string, of Purpose) string {
	if of == ForPosts {
		return "/" + address + pathOwnFeed + token + atomEnding
	}
	return "/" + address + pathOwnFeed + token + feedEnding
}

// feedSecret is what is kept of such an address. It is bound to the member's number: who leaves and joins again has another.
func feedSecret(m *Member, of Purpose, now time.Time) Secret {
	return Secret{Purpose: of, List: m.List, Address: m.Address, Subject: uint64(m.Number), Expires: now.Add(FeedFor)}
}

// endFeeds ends the address of a member's own feed, and one that is still to be mailed.
func endFeeds(tx Tx, m *Member, of Purpose) error {
	var hashes [][32]byte
	err := tx.SecretsOf(m.List, of, uint64(m.Number), func(s Secret) error { hashes = append(hashes, s.Hash); return nil })
	for _, hash := range hashes {
		if err == nil {
			err = tx.DeleteSecret(hash)
		}
	}
	if err != nil {
		return err
	}
	return tx.Notes(func(n Note) error {
		if s := n.Secret; s == nil || s.Purpose != of || s.List != m.List || s.Subject != uint64(m.Number) {
			return nil
		}
		return tx.DeleteNote(n.ID)
	})
}

// MakeFeed makes an address for the calendar program of the member whose session it is, and ends the one that they had. ErrNotFound: they are not on the list, or its feed is
// for everybody.
func (e *Engine) MakeFeed(session, address string) (own OwnFeed, err error) {
	if e.Schedule == nil {
		return own, fmt.Errorf("list: own feed of %s: %w", address, ErrNotFound)
	}
	return e.makeFeed(session, address, ForFeed)
}

// MakePostsFeed makes an address under which the feed reader of that member finds the posts of the list, as MakeFeed does for events.
func (e *Engine) MakePostsFeed(session, address string) (OwnFeed, error) {
	return e.makeFeed(session, address, ForPosts)
}

func (e *Engine) makeFeed(session, address string, of Purpose) (own OwnFeed, err error) {
	token := newToken()
	err = e.Store.Update(func(tx Tx) error {
		now := e.Now()
		s, err := e.secret(tx, ForSession, session, now)
		if err != nil {
			return err
		}
		r := &reading{reader: tx, site: e.Site(), address: s.Address}
		look := r.calendar
		if of == ForPosts {
			look = r.shelf
		}
		shelf, rec, _, err := look(address)
		if err == nil && shelf.Public {
			err = fmt.Errorf("list: own feed of %s: %w", address, ErrNotFound)
		}
		if err != nil {
			return err
		}
		m, err := tx.Member(rec.ID, r.address)
		if err != nil {
			return err
		}
		if err := endFeeds(tx, &m, of); err != nil {
			return err
		}
		kept := feedSecret(&m, of, now)
		kept.Hash = hashToken(token)
		own = OwnFeed{Path: ownFeedPath(shelf.Address, token, of), Expires: kept.Expires.In(e.Site().zoneOf(shelf.Address))}
		return tx.PutSecret(kept)
	})
	if err == nil {
		e.Log.Info("own feed made", "list", address, "of", string(of))
	}
	return own, err
}

// MailFeed owes a member a mail with an address for their calendar program, and ends the one that they had. to is one of their addresses, as proven by the mail that asked;
// answers is its Message-ID. It is for lists of which HasOwnFeeds says so.
func (e *Engine) MailFeed(tx Tx, l *List, m *Member, to, answers string, now time.Time) error {
	if err := endFeeds(tx, m, ForFeed); err != nil {
		return err
	}
	s := feedSecret(m, ForFeed, now)
	n := noteTo(person{Address: to, Name: m.Name, Language: m.Language}, m.List, "feed", map[string]string{"expires": s.Expires.In(l.zone()).Format(time.RFC3339)}, now)
	n.Secret, n.InReplyTo, n.Answers = &s, answers, true
	_, err := tx.PutNote(n)
	return err
}

// HasOwnFeeds reports whether members of a list are given addresses of their own for their calendar programs: its pages are not for everybody, and there are some.
func (e *Engine) HasOwnFeeds(l *List) bool {
	return e.Site().BaseURL != "" && l.Archive != ArchivePublic
}

// OwnFeed is the feed of a list for the calendar program of one member, which knows the token of its path (programs that fetch feeds sign in nowhere). ErrNotFound: it is none
// of ours, its time is over, it was replaced or ended, its member has left, or they may not read the list.
func (e *Engine) OwnFeed(address, token string) (f Feed, err error) {
	err = e.Store.View(func(r Reader) error {
		s, err := e.secret(r, ForFeed, token, e.Now())
		if err != nil {
			return err
		}
		m, err := r.MemberByNumber(s.List, uint32(s.Subject))
		if err != nil {
			return err
		}
		shelf, rec, _, err := (&reading{reader: r, site: e.Site(), address: m.Address}).calendar(address)
		if err == nil && rec.ID != s.List {
			err = fmt.Errorf("list: feed of %s: %w", address, ErrNotFound)
		}
		if err != nil {
			return err
		}
		f, err = e.feed(r, shelf.Address)
		f.Private = true
		return err
	})
	return f, err
}
