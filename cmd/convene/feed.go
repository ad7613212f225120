package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"convene/list"
)

// Files that a command reads come to it as one stream, whether it runs here or in the daemon: of each file its name, and its content in pieces; each with one octet of
// kind and four of length ahead.
const (
	feedName  = 'N'
	feedBytes = 'D'
	feedEnd   = 'E' // behind the last file: a client that was killed sends none
	feedPiece = 64 << 10
)

// feedFile is a file to be fed.
type feedFile struct {
	name string // as the command is told
	open func() (io.ReadCloser, error)
}

// feeder turns files into a stream.
type feeder struct {
	files  []feedFile
	open   io.ReadCloser
	ready  []byte // not read yet
	piece  []byte
	ended  bool
	passed func(n int) // so many octets of the files, as they lie there, went by
}

func (f *feeder) Read(p []byte) (int, error) {
	for len(f.ready) == 0 {
		if err := f.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, f.ready)
	f.ready = f.ready[n:]
	return n, nil
}

func (f *feeder) fill() error {
	if f.open == nil {
		if len(f.files) == 0 {
			if f.ended {
				return io.EOF
			}
			f.ended = true
			f.frame(feedEnd, nil)
			return nil
		}
		next := f.files[0]
		f.files = f.files[1:]
		file, err := next.open()
		if err != nil {
			return err
		}
		f.open = file
		f.frame(feedName, []byte(next.name))
		return nil
	}
	if f.piece == nil {
		f.piece = make([]byte, feedPiece)
	}
	n, err := f.open.Read(f.piece)
	if n > 0 {
		f.frame(feedBytes, f.piece[:n])
		return nil
	}
	if errors.Is(err, io.EOF) {
		err = f.open.Close()
		f.open = nil
	}
	return err
}

func (f *feeder) frame(kind byte, content []byte) {
	f.ready = binary.BigEndian.AppendUint32(append(f.ready[:0], kind), uint32(len(content)))
	f.ready = append(f.ready, content...)
}

// fed reads the stream of a feeder.
type fed struct {
	r    io.Reader
	left int    // of the piece that is read
	name string // of the file that comes next
	more bool   // there is one
	over bool   // the last is behind
}

// next goes on to the next file, over what is left of this one; io.EOF: there is none.
func (f *fed) next() (list.HistoryFile, error) {
	for !f.more {
		if _, err := io.Copy(io.Discard, f); err != nil {
			return list.HistoryFile{}, err
		}
		if !f.more {
			return list.HistoryFile{}, io.EOF
		}
	}
	f.more = false
	return list.HistoryFile{Name: f.name, Content: f}, nil
}

// Read reads the file, up to its end.
func (f *fed) Read(p []byte) (int, error) {
	for f.left == 0 {
		if f.more {
			return 0, io.EOF
		}
		if f.over {
			return 0, io.EOF
		}
		if err := f.head(); err != nil {
			return 0, err
		}
	}
	n, err := f.r.Read(p[:min(len(p), f.left)])
	f.left -= n
	if errors.Is(err, io.EOF) {
		if err = nil; f.left > 0 {
			err = io.ErrUnexpectedEOF
		}
	}
	return n, err
}

func (f *fed) head() error {
	var head [5]byte
	if _, err := io.ReadFull(f.r, head[:]); errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	} else if err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(head[1:])
	switch {
	case n > frameLimit:
		return fmt.Errorf("control: a piece of a file of %d octets", n)
	case head[0] == feedEnd:
		f.over = true
	case head[0] == feedBytes:
		f.left = int(n)
	case head[0] == feedName:
		name := make([]byte, n)
		if _, err := io.ReadFull(f.r, name); err != nil {
			return io.ErrUnexpectedEOF
		}
		f.name, f.more = string(name), true
	default:
		return fmt.Errorf("control: %q where a file was to come", head[0])
	}
	return nil
}

// openFiles opens the files that a command reads. In the daemon the client has opened them, and they come as standard input.
func (c *cli) openFiles(paths []string) error {
	c.reads = true
	if c.house != nil {
		return nil
	}
	f := &feeder{}
	var size int64
	left := &unpacking{left: unpackedSize}
	for _, path := range paths {
		name := filepath.Base(path)
		one := feedFile{name: strings.TrimSuffix(name, ".gz"), open: func() (io.ReadCloser, error) {
			file, err := os.Open(path)
			return left.gunzip(name, file, err, f.passed)
		}}
		if in := c.in; path == "-" {
			one = feedFile{name: "standard input", open: func() (io.ReadCloser, error) { return io.NopCloser(in), nil }}
		} else {
			info, err := os.Stat(path)
			if err != nil {
				return err
			}
			if info.IsDir() {
				return fmt.Errorf("%s is a directory", path)
			}
			size += info.Size()
		}
		f.files = append(f.files, one)
	}
	f.passed = c.progress(size)
	c.in = f
	return nil
}
