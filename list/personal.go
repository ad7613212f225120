package list

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNoMarkKey: there was no room yet for the key that marks are made with.
var ErrNoMarkKey = errors.New("there is no key for marks yet")

// Personal makes what one member's copy of a post has of its own: its return path, and how that member leaves (RFC 2369 §3.2, RFC 8058 §3.1).
// It is the same each time that it is made for a copy, unless the member's marks were revoked in between. An error is temporary.
func (e *Engine) Personal(out *Outgoing, c *Copy) (Personal, error) {
	local, domain, ok := strings.Cut(out.Style.List, "@")
	if !ok || out.List == 0 || out.Post == 0 || c.Number == 0 {
		return Personal{}, fmt.Errorf("list: copy %d of %d: only a member's copy of a post has marks", c.Number, out.ID)
	}
	s := e.marks.Load().at(out.Accepted)
	if s == nil {
		return Personal{}, fmt.Errorf("list: copy %d of %d: %w", c.Number, out.ID, ErrNoMarkKey)
	}
	bounce := s.seal(mark{forBounce, out.List, c.Number, out.Post, c.Generation})
	leave := s.seal(mark{forLeave, out.List, c.Number, 0, c.Generation})

	const name, mailto, end = "List-Unsubscribe:", "<mailto:", "?subject=unsubscribe>"
	uris := [2]string{"", mailto + local + wordLeave + leave + "@" + domain + end}
	page := strings.HasPrefix(out.Style.BaseURL, "https://")
	if page {
		uris[0] = "<" + out.Style.BaseURL + pathLeave + leave + ">,"
	}
	const post = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
	b := make([]byte, 0, len(name)+len(uris[0])+len(uris[1])+len(post)+8)
	b = append(b, name...)
	column := len(name)
	for _, uri := range uris {
		if uri == "" {
			continue
		}
		if column > len(name) && column+1+len(uri) > 78 { // never behind the name: some take that for an empty field
			b, column = append(b, "\r\n"...), 0
		}
		b = append(append(b, ' '), uri...)
		column += 1 + len(uri)
	}
	b = append(b, "\r\n"...)
	if page {
		b = append(b, post...)
	}
	return Personal{ReturnPath: local + wordBounce + bounce + "@" + domain, Fields: b}, nil
}

// Where a token stands: behind these in a local part, and in the address of a page.
const (
	wordBounce = "+bounce-"
	wordLeave  = "+leave-"
	pathLeave  = "/u/"
)
