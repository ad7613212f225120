package list

import (
	"errors"
	"fmt"
	"strings"

	"convene/list/message"
)

// Anonymous is the user name under which anybody reads public lists in a mail program, with any password.
const Anonymous = "anonymous"

// Mailbox is a list as a mail program sees it: one read-only folder.
type Mailbox struct {
	Address string // of the list
	List    uint32 // its id in the store
	Public  bool   // strangers may read it
	// UIDNext is higher than every UID that a post of it has had (RFC 9051 §2.3.1.1).
	UIDNext uint32
	// Member is the number of whom it was asked for; zero: they are no member, and nothing is written down of them.
	Member uint32
}

// SignInMail is the address of whom a name and a password let in; empty: they came as Anonymous. ErrNotFound: the two do not belong together. What that takes does not
// tell whether there is such a name.
func (e *Engine) SignInMail(name, password string) (address string, err error) {
	if strings.EqualFold(name, Anonymous) {
		return "", nil
	}
	err = e.Store.View(func(r Reader) error {
		s, err := e.secret(r, ForMailbox, bareToken(password), e.Now())
		if err == nil && !SameAddress(s.Address, name) {
			err = fmt.Errorf("list: password: %w", ErrNotFound)
		}
		address = s.Address
		return err
	})
	if err != nil {
		return "", err
	}
	return address, nil
}

// Mailboxes are the lists that somebody may read as they are now, in the order of the config; an empty address is a stranger's. Who may is what pages go by.
func (e *Engine) Mailboxes(address string) (all []Mailbox, err error) {
	err = e.Store.View(func(r Reader) error {
		who := &reading{reader: r, site: e.Site(), address: address}
		for _, l := range who.site.Lists {
			m, err := who.mailbox(l.Address)
			if errors.Is(err, ErrNotFound) {
				continue
			} else if err != nil {
				return err
			}
			all = append(all, m)
		}
		return nil
	})
	return all, err
}

// Mailbox is one of them, by the address of the list. ErrNotFound: there is none, or they may not read it: nobody is told which.
func (e *Engine) Mailbox(address, list string) (m Mailbox, err error) {
	err = e.Store.View(func(r Reader) error {
		m, err = (&reading{reader: r, site: e.Site(), address: address}).mailbox(list)
		return err
	})
	return m, err
}

func (r *reading) mailbox(address string) (Mailbox, error) {
	shelf, rec, _, err := r.shelf(address)
	if err != nil {
		return Mailbox{}, err
	}
	m := Mailbox{Address: shelf.Address, List: rec.ID, Public: shelf.Public, UIDNext: rec.Posts + 1}
	if r.address != "" {
		member, err := r.reader.Member(rec.ID, r.address)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return Mailbox{}, err
		}
		m.Member = member.Number
	}
	return m, nil
}

// archiveHead is what stands before a post in the archive (Post.Head): so that a mail program knows the list, answers to it, finds the page, and threads by the identity that
// the post has on the list. A field of the same name in the message itself, of another list that it came through, is further down and counts for less. Where the author's
// signature holds only without a further field of that name, it is left out.
func archiveHead(s *Style, m *message.Message) string {
	var b strings.Builder
	put := func(name, field string) {
		if !ruledOut(m, name) {
			b.WriteString(field)
		}
	}
	local, domain, _ := strings.Cut(s.List, "@")
	put("List-Id", listIDField(s.ListName, local+"."+domain))
	put("List-Post", listPostField(s))
	if s.Link != "" {
		put("Archived-At", "Archived-At: <"+s.Link+">\r\n")
	}
	if s.MessageID != "" {
		b.WriteString(message.MakeField("Message-ID", s.MessageID))
	}
	if s.Date != "" {
		b.WriteString(message.MakeField("Date", s.Date))
	}
	return b.String()
}

// ruledOut reports whether a signature of a message says that there is no further field of that name (RFC 6376 §5.4.2).
func ruledOut(m *message.Message, name string) bool {
	for _, v := range m.Values("DKIM-Signature") {
		tags, _ := message.Tags(v)
		signed := 0
		for one := range strings.SplitSeq(tags["h"], ":") {
			if strings.EqualFold(strings.TrimSpace(one), name) {
				signed++
			}
		}
		if signed > m.Count(name) {
			return true
		}
	}
	return false
}

// listPostField says where posts go (RFC 2369 §3.4).
func listPostField(s *Style) string {
	if s.Announce {
		return "List-Post: NO\r\n"
	}
	return message.MakeField("List-Post", "<mailto:"+s.List+">")
}
