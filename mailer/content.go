package mailer

import (
	"bytes"
	ring "container/list"
	"fmt"
	"runtime/debug"
	"sync"

	"convene/list"
)

// Content is a finished message as all copies of it share it. It does not change.
type Content struct {
	wire     []byte // dot-stuffed, with the end mark
	stuffed  bool   // wire without its end mark is not the message
	size     int64
	eightBit bool
	utf8     bool
}

// NewContent prepares a message with CRLF line ends and without dot-stuffing. raw is not kept.
func NewContent(raw []byte) *Content {
	wire, stuffed := dotStuff(make([]byte, 0, len(raw)+len(raw)/64+8), raw)
	c := &Content{wire: wire, stuffed: stuffed, size: int64(len(raw))}
	if at := firstHigh(raw); at >= 0 {
		c.eightBit = true
		header := bytes.Index(raw, []byte("\r\n\r\n"))
		c.utf8 = header < 0 || at < header
	}
	return c
}

// firstHigh is the place of the first octet over 127; -1: there is none.
func firstHigh(b []byte) int {
	for i, c := range b {
		if c >= 0x80 {
			return i
		}
	}
	return -1
}

// Size is the message's length in octets as RFC 1870 counts it: line ends are two, stuffing and the end mark nothing.
func (c *Content) Size() int64 { return c.size }

// EightBit reports whether there are octets over 127 anywhere.
func (c *Content) EightBit() bool { return c.eightBit }

// UTF8 reports whether there are octets over 127 in the header, which only SMTPUTF8 may carry (RFC 6531).
func (c *Content) UTF8() bool { return c.utf8 }

// Message is the message itself with CRLF line ends. The caller must not change it.
func (c *Content) Message() []byte {
	if !c.stuffed {
		return c.wire[:len(c.wire)-len(".\r\n")]
	}
	return unstuff(make([]byte, 0, len(c.wire)), c.wire)
}

// contentBytes is how much finished mail is kept for further transactions: a post on its way to many hops is made once. One message is kept
// however large it is.
const contentBytes = 8 << 20

// contents makes the Content of an Outgoing once, however many workers ask for it, and keeps the last ones.
type contents struct {
	source Source

	mu     sync.Mutex
	byID   map[uint64]*ring.Element
	recent ring.List // of *making, latest use first
	bytes  int
	failed map[uint64]int // how often in a row making it went wrong
}

// making is one Content, or on its way to be one until done is closed.
type making struct {
	id      uint64
	done    chan struct{}
	content *Content
	err     error
}

// get returns the finished message of out. On an error, failures says how often it has come to that, if this call is the one that found it out.
func (c *contents) get(out *list.Outgoing) (content *Content, failures int, err error) {
	c.mu.Lock()
	if e, ok := c.byID[out.ID]; ok {
		c.recent.MoveToFront(e)
		c.mu.Unlock()
		m := e.Value.(*making)
		<-m.done
		return m.content, 0, m.err
	}
	m := &making{id: out.ID, done: make(chan struct{})}
	e := c.recent.PushFront(m)
	if c.byID == nil {
		c.byID, c.failed = map[uint64]*ring.Element{}, map[uint64]int{}
	}
	c.byID[out.ID] = e
	c.mu.Unlock()

	m.content, m.err = c.make(out)
	c.mu.Lock()
	defer c.mu.Unlock()
	close(m.done)
	if m.err != nil {
		c.drop(e)
		c.failed[out.ID]++
		return nil, c.failed[out.ID], m.err
	}
	delete(c.failed, out.ID)
	c.bytes += len(m.content.wire)
	c.trim()
	return m.content, 0, nil
}

// make is one call of the source. A message that makes it panic is that message's fault alone.
func (c *contents) make(out *list.Outgoing) (content *Content, err error) {
	defer func() {
		if p := recover(); p != nil {
			content, err = nil, fmt.Errorf("mailer: copies of %d: panic: %v\n%s", out.ID, p, debug.Stack())
		}
	}()
	raw, err := c.source.Copy(*out)
	if err != nil {
		return nil, fmt.Errorf("mailer: copies of %d: %w", out.ID, err)
	}
	return NewContent(raw), nil
}

// trim forgets what was used longest ago until the rest fits. c.mu is held.
func (c *contents) trim() {
	for e := c.recent.Back(); e != c.recent.Front() && c.bytes > contentBytes; {
		before := e.Prev()
		if m := e.Value.(*making); m.content != nil {
			c.bytes -= len(m.content.wire)
			c.drop(e)
		}
		e = before
	}
}

func (c *contents) drop(e *ring.Element) {
	delete(c.byID, e.Value.(*making).id)
	c.recent.Remove(e)
}

// forget ends the count of failures of an Outgoing that was set aside.
func (c *contents) forget(id uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.failed, id)
}
