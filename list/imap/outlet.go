package imap

import (
	"sync"
	"time"
)

// outlet gathers what goes out until somebody waits for the client, so that a hundred thousand answers are not as many packets.
type outlet struct {
	mu       sync.Mutex
	c        *conn
	gathered []byte
	at       bool               // once: the client is waited for, and whatever is written goes out at once
	await    func(heard []byte) // what to make of an answer as a whole; nil: it goes out as it is
	heard    []byte             // of which this is there
	tag      string             // of the command that is being answered
	written  bool               // something of the answer is there
	broken   error              // writing failed
	ended    bool               // nothing more is to be said
}

// write takes what go-imap answers.
func (o *outlet) write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := len(p)
	if !o.written && o.tag != "" && string(p) == o.tag+" NO [SERVERBUG] Internal server error\r\n" {
		p = []byte(o.tag + " BAD Syntax error\r\n") // all that go-imap calls so are commands that it could not read
	}
	if o.written = true; o.await != nil {
		o.heard = append(o.heard, p...)
		return n, nil
	}
	return n, o.put(p)
}

func (o *outlet) say(line string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	_ = o.put([]byte(line)) // an error shows when somebody waits for the client
}

func (o *outlet) put(p []byte) error {
	if o.ended {
		return nil
	}
	if o.gathered = append(o.gathered, p...); o.at || len(o.gathered) >= writeBuffer {
		return o.send()
	}
	return o.broken
}

// send writes what was gathered.
func (o *outlet) send() error {
	if len(o.gathered) == 0 || o.broken != nil || o.ended {
		return o.broken
	}
	_ = o.c.raw.SetWriteDeadline(time.Now().Add(writeTime))
	_, o.broken = o.c.stream.Write(o.gathered)
	if o.gathered = o.gathered[:0]; o.at {
		o.gathered = nil // who is silent costs little
	}
	return o.broken
}

// listen has all go out, now and at once what comes until busy is called.
func (o *outlet) listen() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.at = true
	return o.send()
}

func (o *outlet) busy() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.at = false
}

func (o *outlet) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	_ = o.send()
}

func (o *outlet) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended, o.gathered = true, nil
}

// begin is called before a command is handed to go-imap.
func (o *outlet) begin(tag string, await func(heard []byte)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tag, o.written, o.await = tag, false, await
}

// settle makes of an answer that was waited for what the client is told.
func (o *outlet) settle() {
	o.mu.Lock()
	then, heard := o.await, o.heard
	o.await, o.heard, o.tag = nil, nil, ""
	o.mu.Unlock()
	if then != nil {
		then(heard)
	}
}
