package list

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"

	"convene/list/message"
)

// arrived is one message of an import on its way.
type arrived struct {
	message.MboxMessage
	file    string
	pending *pending
	dated   bool
	leaked  leaks
	files   []File // that the library has of it
	why     string // why it is not taken; empty: it is
}

// errEnough ends the reading of a file whose messages nobody wants any more.
var errEnough = errors.New("no more is wanted")

// read takes in all files: while one batch is stored, the next is parsed, and the one behind it read.
func (i *importer) read(ctx context.Context, next History) error {
	read, parsed, stop := make(chan []*arrived), make(chan []*arrived), make(chan struct{})
	var all sync.WaitGroup
	var failed error
	all.Go(func() {
		defer close(read)
		failed = readHistory(next, func(batch []*arrived) bool {
			select {
			case read <- batch:
				return true
			case <-stop:
				return false
			}
		})
	})
	all.Go(func() {
		defer close(parsed)
		for batch := range read {
			i.parse(batch)
			select {
			case parsed <- batch:
			case <-stop:
				return
			}
		}
	})
	var err error
	for batch := range parsed {
		if err = ctx.Err(); err == nil {
			err = i.keep(batch)
		}
		if err != nil {
			break
		}
	}
	close(stop)
	if err != nil {
		return err // who reads ends with its file
	}
	all.Wait()
	return errors.Join(ctx.Err(), failed)
}

// readHistory hands over the messages of all files in batches, as long as those are wanted: also those ahead of what cannot be read.
func readHistory(next History, hand func([]*arrived) bool) error {
	var batch []*arrived
	size := 0
	defer func() {
		if len(batch) > 0 {
			hand(batch)
		}
	}()
	for {
		file, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		err = message.Mbox(file.Content, importLimit, func(m message.MboxMessage) error {
			if !m.Whole {
				m.Raw = nil // so that only one at a time takes so much room
			}
			batch, size = append(batch, &arrived{MboxMessage: m, file: file.Name}), size+len(m.Raw)
			if len(batch) < importPosts && size < importSize {
				return nil
			}
			wanted := hand(batch)
			if batch, size = nil, 0; !wanted {
				return errEnough
			}
			return nil
		})
		if errors.Is(err, errEnough) {
			return nil
		} else if err != nil {
			return &FileError{file.Name, err}
		}
	}
}

// FileError is what is wrong with one file.
type FileError struct {
	Name string
	Err  error
}

func (e *FileError) Error() string { return e.Name + ": " + e.Err.Error() }
func (e *FileError) Unwrap() error { return e.Err }

// parse makes posts of messages, on all processors.
func (i *importer) parse(batch []*arrived) {
	next := make(chan *arrived)
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(batch)) {
		all.Go(func() {
			for m := range next {
				i.describe(m)
			}
		})
	}
	for _, m := range batch {
		next <- m
	}
	close(next)
	all.Wait()
}
