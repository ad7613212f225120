package list

import (
	"errors"
	"strconv"
	"strings"
)

// MailboxPlace is where mail programs read the archives, as people have to type it into them.
type MailboxPlace struct {
	Host string
	Port int
	// Security is how that is kept from others: "tls" from the first octet, "starttls", or "none" on one machine.
	Security string
}

const (
	// passwordMark stands before the token of a password, so that one is known where somebody quotes it.
	passwordMark = "imap-"
	// passwordFor is how long a password works that nobody asks anew for: as good as for ever.
	passwordFor = 100
	wordImap    = "imap"
)

// imap gives somebody a password for their mail program, in the place of the one that they had. It opens what pages show them.
func (t *turn) imap(string) error {
	switch {
	case t.site.Mailboxes == nil:
		t.say("imap-off")
		return nil
	case !t.list.archived():
		t.say("imap-none")
		return nil
	}
	r := &reading{reader: t.tx, site: t.site, address: t.from.Addr}
	address, err := r.known(t.list, t.rec)
	if err != nil {
		return err
	}
	if address == "" {
		t.say("not-member", "address", t.from.Addr)
		return nil
	}
	if t.password != nil {
		return nil // asked for twice in one mail
	}
	t.password = &Secret{Purpose: ForMailbox, Address: address, Subject: subjectOf(address, nil), Expires: t.now.AddDate(passwordFor, 0, 0)}
	t.log("password for mail programs asked for")
	return t.endPasswords(t.password.Subject)
}

// endPasswords ends those that somebody has, also one that is still to be sent.
func (t *turn) endPasswords(subject uint64) error {
	var had [][32]byte
	err := t.tx.SecretsOf(0, ForMailbox, subject, func(s Secret) error { had = append(had, s.Hash); return nil })
	for _, hash := range had {
		err = errors.Join(err, t.tx.DeleteSecret(hash))
	}
	var owed []uint64
	err = errors.Join(err, t.tx.Notes(func(n Note) error {
		if s := n.Secret; s != nil && s.Purpose == ForMailbox && s.Subject == subject {
			owed = append(owed, n.ID)
		}
		return nil
	}))
	for _, id := range owed {
		err = errors.Join(err, t.tx.DeleteNote(id))
	}
	return err
}

// passwordNote makes of the answer the mail with the password; where there is more to be said, it is one of its own.
func (t *turn) passwordNote(n *Note) error {
	if t.password == nil {
		return nil
	}
	p, place := *n, t.site.Mailboxes
	p.Text, p.To, p.Secret = "mailbox", t.password.Address, t.password
	p.Values = map[string]string{"host": place.Host, "port": strconv.Itoa(place.Port), "security": place.Security, "user": t.password.Address, "again": t.list.Word(wordImap)}
	if len(t.said) == 0 && !t.joined && !t.left {
		*n = p
		return nil
	}
	_, err := t.tx.PutNote(p)
	return err
}

// bareToken is the token of a password as somebody typed it: with or without what stands before it, and with spaces where a program broke it.
func bareToken(password string) string {
	password = strings.ToLower(strings.Join(strings.Fields(password), ""))
	return strings.TrimPrefix(password, passwordMark)
}
