package list

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// exportPosts is how many posts are read in one snapshot.
const exportPosts = 100

// ExportMbox writes the posts of a list that may be shown as an mbox file (RFC 4155), each as it is served: lines that begin with From, after any number of >, get one
// more > (mboxrd), so that a reader can undo it whatever they say. It returns how many there were.
func (e *Engine) ExportMbox(address string, w io.Writer) (posts int, err error) {
	out := bufio.NewWriterSize(w, 64<<10)
	err = e.eachPost(address, func(p *Post) error {
		if !p.Shown() {
			return nil
		}
		raw, err := e.Store.Raw(p.Ref)
		if errors.Is(err, ErrNotFound) {
			return nil // removed since it was listed
		} else if err != nil {
			return fmt.Errorf("list: post %d of %s: %w", p.Number, address, err)
		}
		posts++
		return writeMbox(out, p, raw)
	})
	return posts, errors.Join(err, out.Flush())
}

// eachPost calls f for every post of a list of the config, outside of any transaction.
func (e *Engine) eachPost(address string, f func(*Post) error) error {
	return e.postsOf(func(r Reader) (uint32, error) { _, rec, err := e.find(r, address); return rec.ID, err }, f)
}

func (e *Engine) postsOf(find func(Reader) (uint32, error), f func(*Post) error) error {
	var batch []Post
	for from := uint32(1); from > 0; {
		batch = batch[:0]
		err := e.Store.View(func(r Reader) error {
			id, err := find(r)
			if err != nil {
				return err
			}
			return r.Posts(id, from, func(p Post) error {
				if batch = append(batch, p); len(batch) == exportPosts {
					return ErrStop
				}
				return nil
			})
		})
		if err != nil {
			return err
		}
		from = 0
		for i := range batch {
			if err := f(&batch[i]); err != nil {
				return err
			}
			from = batch[i].Number + 1
		}
	}
	return nil
}

// writeMbox writes one message, with LF line ends and an empty line behind it.
func writeMbox(out *bufio.Writer, p *Post, raw []byte) error {
	from := p.From
	if from == "" || strings.ContainsAny(from, " \t\r\n") {
		from = "MAILER-DAEMON"
	}
	fmt.Fprintf(out, "From %s %s\n", from, p.Arrived.UTC().Format(time.ANSIC))
	for _, part := range [][]byte{[]byte(p.Head), raw} {
		for len(part) > 0 {
			line, rest, _ := bytes.Cut(part, []byte("\r\n"))
			if bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From ")) {
				out.WriteByte('>')
			}
			out.Write(line)
			out.WriteByte('\n')
			part = rest
		}
	}
	return out.WriteByte('\n')
}
