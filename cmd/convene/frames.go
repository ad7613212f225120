package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
)

// A control connection carries frames: one octet of kind, four of length (big-endian), and so many of content. The client sends frameArgs
// once and then its standard input; the daemon sends what the command prints, and last its exit status.
const (
	frameArgs  = 'A' // client: the command, as JSON
	frameIn    = 'I' // client: standard input; an empty one ends it
	frameOut   = 'O' // daemon: standard output
	frameErr   = 'R' // daemon: standard error
	frameFile  = 'F' // daemon: content of the file that the command writes
	frameExit  = 'X' // daemon: the exit status, one octet
	frameLimit = 1 << 20
)

// frameWriter writes frames of one kind. Several of them share a connection and its lock.
type frameWriter struct {
	mu   *sync.Mutex
	w    io.Writer
	kind byte
}

func (f frameWriter) Write(p []byte) (int, error) {
	done := 0
	for len(p) > 0 {
		n := min(len(p), frameLimit)
		if err := f.frame(p[:n]); err != nil {
			return done, err
		}
		done, p = done+n, p[n:]
	}
	return done, nil
}

func (f frameWriter) frame(p []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	b := make([]byte, 5, 5+len(p))
	b[0] = f.kind
	binary.BigEndian.PutUint32(b[1:], uint32(len(p)))
	_, err := f.w.Write(append(b, p...))
	return err
}

func readFrame(r io.Reader) (kind byte, content []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n > frameLimit {
		return 0, nil, fmt.Errorf("control: a frame of %d octets", n)
	}
	content = make([]byte, n)
	_, err = io.ReadFull(r, content)
	return head[0], content, err
}

// frameReader reads the frames of standard input as a stream.
type frameReader struct {
	r    io.Reader
	rest []byte
	done bool
}

func (f *frameReader) Read(p []byte) (int, error) {
	for len(f.rest) == 0 {
		if f.done {
			return 0, io.EOF
		}
		kind, content, err := readFrame(f.r)
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF // the client is gone, and its input is not over
		}
		if err != nil {
			return 0, err
		}
		if kind != frameIn {
			return 0, fmt.Errorf("control: a frame of kind %q instead of input", kind)
		}
		f.rest, f.done = content, len(content) == 0
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}
