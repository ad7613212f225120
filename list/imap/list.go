package imap

import (
	"strings"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

const (
	inbox  = "INBOX" // there must be one (RFC 9051 §5.1): it is empty
	parent = "Lists"
	prefix = parent + "/"
	slash  = '/'
)

// Namespace implements imapserver.SessionNamespace (RFC 2342).
func (s *session) Namespace() (*goimap.NamespaceData, error) {
	return &goimap.NamespaceData{Personal: []goimap.NamespaceDescriptor{{Delim: slash}}, Shared: []goimap.NamespaceDescriptor{{Prefix: prefix, Delim: slash}}}, nil
}

// List implements imapserver.Session. All mailboxes count as subscribed to: a client that shows no others would show nothing.
func (s *session) List(w *imapserver.ListWriter, ref string, patterns []string, o *goimap.ListOptions) error {
	if len(patterns) == 0 { // what divides names?
		return w.WriteList(&goimap.ListData{Attrs: []goimap.MailboxAttr{goimap.MailboxAttrNoSelect}, Delim: slash})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	all, err := s.server.Rights.Mailboxes(s.address)
	if err != nil {
		return s.trouble("mailboxes", err)
	}
	lists := goimap.MailboxAttrHasNoChildren
	if len(all) > 0 {
		lists = goimap.MailboxAttrHasChildren
	}
	rows := []goimap.ListData{{Mailbox: inbox, Attrs: []goimap.MailboxAttr{goimap.MailboxAttrHasNoChildren}},
		{Mailbox: parent, Attrs: []goimap.MailboxAttr{goimap.MailboxAttrNoSelect, lists}}}
	for _, m := range all {
		rows = append(rows, goimap.ListData{Mailbox: prefix + m.Address, Attrs: []goimap.MailboxAttr{goimap.MailboxAttrHasNoChildren}})
	}
	for i := range rows {
		row := &rows[i]
		if !matches(row.Mailbox, ref, patterns) || o.SelectSpecialUse || o.SelectSubscribed && row.Mailbox == parent {
			continue
		}
		if row.Delim = slash; (o.SelectSubscribed || o.ReturnSubscribed) && row.Mailbox != parent {
			row.Attrs = append(row.Attrs, goimap.MailboxAttrSubscribed)
		}
		if o.ReturnStatus != nil && row.Mailbox != parent {
			if row.Status, err = s.status(row.Mailbox, o.ReturnStatus); err != nil {
				row.Status = nil
			}
		}
		if err := w.WriteList(row); err != nil {
			return err
		}
	}
	return nil
}

func matches(name, ref string, patterns []string) bool {
	for _, p := range patterns {
		if matchesOne(name, ref+p) {
			return true
		}
	}
	return false
}

// mostPattern is how long a pattern may be, in octets: no name is as long.
const mostPattern = 400

// matchesOne reports whether a pattern fits a name: * stands for anything, and % for anything without a slash. It takes as many steps as the product of their lengths, which
// that of go-imap does not.
func matchesOne(name, pattern string) bool {
	if len(pattern) > mostPattern {
		return false
	}
	if strings.EqualFold(pattern, inbox) {
		return name == inbox
	}
	fits := make([]bool, len(name)+1) // of what stands before each octet of name, with the pattern so far
	fits[0] = true
	for _, c := range []byte(pattern) {
		if c == '*' || c == '%' {
			for i := range len(name) {
				fits[i+1] = fits[i+1] || fits[i] && (c == '*' || name[i] != slash)
			}
			continue
		}
		for i := len(name); i > 0; i-- {
			fits[i] = fits[i-1] && name[i-1] == c
		}
		fits[0] = false
	}
	return fits[len(name)]
}

// Status implements imapserver.Session.
func (s *session) Status(name string, o *goimap.StatusOptions) (*goimap.StatusData, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status(name, o)
}

func (s *session) status(name string, o *goimap.StatusOptions) (*goimap.StatusData, error) {
	v, err := s.open(name)
	if err != nil {
		return nil, err
	}
	if s.rights = readerRights; v.mayMark() {
		s.rights = memberRights
	}
	data := &goimap.StatusData{Mailbox: name, UIDNext: goimap.UID(v.UIDNext), UIDValidity: s.server.UIDValidity}
	n, none := v.known.count(), uint32(0)
	unseen, _ := v.unseen()
	data.NumMessages, data.NumUnseen, data.NumRecent, data.NumDeleted = &n, &unseen, &none, &none
	if o.Size {
		size, err := s.size(v)
		if err != nil {
			return nil, err
		}
		data.Size = &size
	}
	return data, nil
}
