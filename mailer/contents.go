package mailer

import (
	"bytes"
	ring "container/list"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"weak"

	"convene/list"
	"convene/list/message"
)

// contentBytes is how much finished mail is kept for further transactions: a post on its way to many hops is made once. One message is kept
// however large it is.
const contentBytes = 8 << 20

// contents makes the rendering of an Outgoing once, however many workers ask for it, and keeps the last ones.
type contents struct {
	source Source

	mu     sync.Mutex
	byForm map[form]*ring.Element
	recent ring.List // of *making, latest use first
	bytes  int
	// spare are renderings that are not kept any more, less their content, which somebody may still be sending.
	spare  map[form]spare
	failed map[uint64]int // how often in a row making an Outgoing went wrong
}

// spare is a rendering whose content is there for as long as anybody has it.
type spare struct {
	rendering
	content weak.Pointer[Content]
}

// form is one way to send an Outgoing.
type form struct {
	id  uint64
	ref list.Ref // another one where attachments were withdrawn meanwhile
	shape
	signer *Signer // a reload brings another one
}

// shape is what a hop, and a member, can take.
type shape struct {
	sevenBit bool // for hops without 8BITMIME
	ascii    bool // for hops without SMTPUTF8
	light    bool // text alone
}

// making is one rendering, or on its way to be one until done is closed.
type making struct {
	form form
	done chan struct{}
	made *rendering
	err  error
}

// rendering is a finished message: what all its copies share, and what it takes to make a personal one.
type rendering struct {
	// trace is the first header field of a message with personal copies, with the ARC set if there is one; their own fields stand between it and
	// content.
	trace   []byte
	content *Content
	// head stands before the content of shared copies: their signatures.
	head []byte
	seal *Seal // of personal copies; nil: unsigned
}

// get returns the rendering of out for settings. On an error, failures says how often it has come to that, if this call is the one that
// found it out.
func (c *contents) get(out *list.Outgoing, s *settings, in shape) (made *rendering, failures int, err error) {
	in.sevenBit, in.ascii = in.sevenBit && out.EightBit, in.ascii && out.UTF8
	f := form{out.ID, out.Ref, in, s.Signer}
	c.mu.Lock()
	if e, ok := c.byForm[f]; ok {
		c.recent.MoveToFront(e)
		c.mu.Unlock()
		m := e.Value.(*making)
		<-m.done
		return m.made, 0, m.err
	}
	m := &making{form: f, done: make(chan struct{})}
	e := c.recent.PushFront(m)
	if c.byForm == nil {
		c.byForm, c.spare, c.failed = map[form]*ring.Element{}, map[form]spare{}, map[uint64]int{}
	}
	c.byForm[f] = e
	if m.made = c.revive(f); m.made != nil {
		close(m.done)
		c.trim()
		c.mu.Unlock()
		return m.made, 0, nil
	}
	c.mu.Unlock()

	made, err = c.make(out, s, f)
	c.mu.Lock()
	defer c.mu.Unlock()
	m.made, m.err = made, err // not before: trim looks at it
	close(m.done)
	if m.err != nil {
		c.drop(e)
		c.failed[out.ID]++
		return nil, c.failed[out.ID], m.err
	}
	delete(c.failed, out.ID)
	c.bytes += m.made.content.length
	c.trim()
	return m.made, 0, nil
}

// make calls the source and signs. A message that makes it panic is that message's fault alone.
func (c *contents) make(out *list.Outgoing, s *settings, f form) (made *rendering, err error) {
	defer func() {
		if p := recover(); p != nil {
			made, err = nil, fmt.Errorf("mailer: copies of %d: panic: %v\n%s", out.ID, p, debug.Stack())
		}
	}()
	pieces, err := c.source.Copy(*out, list.Form{Light: f.light, ASCII: f.ascii, SevenBit: f.sevenBit})
	if err != nil {
		return nil, fmt.Errorf("mailer: copies of %d: %w", out.ID, err)
	}
	if f.light {
		if whole, err := c.asWhole(out, s, f, pieces); whole != nil || err != nil {
			return whole, err
		}
	}
	made = &rendering{}
	if out.Personal() {
		header, _ := pieces.Split()
		trace, rest := pieces.Cut(fieldEnd(header.Raw[:header.Body]))
		made.trace, pieces = bytes.Clone(trace.Bytes()), rest // a part of it would keep the whole
	}
	made.content = NewContent(pieces...)
	if out.UTF8 && !f.ascii && !made.content.utf8 { // it may be parts alone that need SMTPUTF8
		made.content.utf8 = message.Parse(pieces.Bytes()).International()
	}
	signer := s.Signer
	if out.Post != 0 && len(out.Recipients) == 0 {
		signer = signer.Named(out.Style.Signing)
	}
	if signer == nil {
		return made, nil
	}
	whole := append(message.Pieces{made.trace}, made.content.Message()...)
	made.seal = signer.Seal(signingDomain(out, s.Hostname), whole, out.Accepted)
	if made.seal != nil && !out.Personal() {
		if made.head, err = made.seal.Sign(nil); err != nil {
			return nil, fmt.Errorf("mailer: copies of %d: %w", out.ID, err)
		}
	}
	if made.seal != nil && len(out.Style.Sealing) > 0 {
		header, _ := whole.Split()
		set, err := s.Signer.sealARC(&out.Style, made.head, header, made.seal.bodyHash, out.Accepted)
		if err != nil {
			return nil, fmt.Errorf("mailer: copies of %d: %w", out.ID, err)
		}
		if out.Personal() {
			made.trace = append(set, made.trace...)
		} else {
			made.head = append(set, made.head...)
		}
	}
	return made, nil
}

// signingDomain is whose signature a message carries: the list's, or that of the site.
func signingDomain(out *list.Outgoing, hostname string) string {
	if _, domain, ok := strings.Cut(out.Address, "@"); ok {
		return strings.ToLower(domain)
	}
	return strings.ToLower(hostname)
}

// fieldEnd is where the first header field of a message ends, its folded lines included.
func fieldEnd(raw []byte) int {
	for at := 0; ; {
		end, skip := lineEnd(raw[at:])
		at += end + skip
		if at >= len(raw) || end == 0 || raw[at] != ' ' && raw[at] != '\t' {
			return at
		}
	}
}

// trim forgets what was used longest ago until the rest fits. c.mu is held.
func (c *contents) trim() {
	for e := c.recent.Back(); e != c.recent.Front() && c.bytes > contentBytes; {
		before := e.Prev()
		if m := e.Value.(*making); m.made != nil {
			c.bytes -= m.made.content.length
			c.drop(e)
			c.lend(m)
		}
		e = before
	}
}

// lend remembers a rendering that is not kept any more, and forgets those whose content is gone. c.mu is held.
func (c *contents) lend(m *making) {
	for f, s := range c.spare {
		if s.content.Value() == nil {
			delete(c.spare, f)
		}
	}
	s := spare{*m.made, weak.Make(m.made.content)}
	s.rendering.content = nil
	c.spare[m.form] = s
}

// revive is a rendering that somebody still sends; nil: nobody does. Without it a large post on its way to many hops, among others, would be in memory
// once for each. c.mu is held.
func (c *contents) revive(f form) *rendering {
	s, ok := c.spare[f]
	if !ok {
		return nil
	}
	delete(c.spare, f)
	content := s.content.Value()
	if content == nil {
		return nil
	}
	made := s.rendering
	made.content = content
	c.bytes += content.length
	return &made
}

func (c *contents) drop(e *ring.Element) {
	delete(c.byForm, e.Value.(*making).form)
	c.recent.Remove(e)
}

// fault counts that what is one copy's own could not be made.
func (c *contents) fault(id uint64) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed[id]++
	return c.failed[id]
}

// forget ends the count of failures of an Outgoing that was set aside.
func (c *contents) forget(id uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.failed, id)
}
