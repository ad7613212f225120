package mailer

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Maildir is the Transport that leaves mail in a folder for a person to look at: one file in Dir/new for each recipient, as that recipient
// would have got it, with LF line ends as maildir has them, and with Return-Path, Delivered-To and X-Envelope-To on top. It is also what
// tests and rehearsals read.
type Maildir struct {
	Dir      string // made when it is first needed, readable to nobody else
	Hostname string // goes into file names
	Now      func() time.Time

	once  sync.Once
	run   string // tells the names of this run from those of others
	count atomic.Uint64
}

// maildirHop is the one hop of a Maildir.
const maildirHop = "maildir"

// Hop implements Transport.
func (m *Maildir) Hop(string) string { return maildirHop }

// Dial implements Transport.
func (m *Maildir) Dial(context.Context, string) (Conn, error) {
	m.once.Do(func() {
		var random [4]byte
		_, _ = rand.Read(random[:]) // never fails (crypto/rand)
		m.run = hex.EncodeToString(random[:])
	})
	for _, sub := range []string{"tmp", "new", "cur"} {
		if err := os.MkdirAll(filepath.Join(m.Dir, sub), 0o700); err != nil {
			return nil, fmt.Errorf("mailer: maildir: %w", err)
		}
	}
	return &maildirConn{maildir: m}, nil
}

// maildirConn is one writer into a Maildir.
type maildirConn struct {
	maildir *Maildir
	aborted atomic.Bool
	content *Content // whose body is text
	text    []byte
	file    []byte
}

// Send implements Conn. Every file is on disk before its recipient counts as served.
func (c *maildirConn) Send(t, _ *Transaction, verdicts []Verdict) error {
	if c.content != t.Content {
		c.content, c.text = t.Content, bytes.ReplaceAll(t.Content.Message().Bytes(), []byte("\r\n"), []byte("\n"))
	}
	for i, to := range t.To {
		if c.aborted.Load() {
			return errors.New("4.3.2 maildir: given up")
		}
		if _, ok := checkMailbox(to); !ok {
			verdicts[i] = Verdict{Fate: Never, Status: "5.1.3 not an address that SMTP can carry"}
			continue
		}
		if err := c.deliver(t, to); err != nil {
			verdicts[i] = Verdict{Fate: Later, Status: oneLine("4.3.0 maildir: " + err.Error())}
			continue
		}
		verdicts[i] = Verdict{Fate: Accepted}
	}
	err := syncDir(filepath.Join(c.maildir.Dir, "new"))
	if err != nil {
		for i := range verdicts {
			if verdicts[i].Fate == Accepted {
				verdicts[i] = Verdict{Fate: Later, Status: oneLine(err.Error())}
			}
		}
	}
	return err
}

// deliver writes one file in tmp and moves it to new.
func (c *maildirConn) deliver(t *Transaction, to string) (err error) {
	c.file = fmt.Appendf(c.file[:0], "Return-Path: <%s>\nDelivered-To: %s\nX-Envelope-To: %s\n", t.From, to, to)
	c.file = append(c.file, bytes.ReplaceAll(t.Head, []byte("\r\n"), []byte("\n"))...)
	c.file = append(c.file, c.text...)
	name := c.maildir.name()
	tmp := filepath.Join(c.maildir.Dir, "tmp", name)
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(tmp)
		}
	}()
	_, err = f.Write(c.file)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(c.maildir.Dir, "new", name))
}

// name is a file name that nobody else gives: time, run and count, host (cr.yp.to/proto/maildir.html). Names sort in the order of delivery.
func (m *Maildir) name() string {
	now := m.Now()
	host := strings.NewReplacer("/", `\057`, ":", `\072`).Replace(m.Hostname)
	return fmt.Sprintf("%d.M%06dR%sQ%08d.%s", now.Unix(), now.Nanosecond()/1000, m.run, m.count.Add(1), host)
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("4.3.0 maildir: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("4.3.0 maildir: %w", err)
	}
	return nil
}

// MaxRecipients implements Conn.
func (c *maildirConn) MaxRecipients() int { return 0 }

// EightBit implements Conn.
func (c *maildirConn) EightBit() bool { return true }

// Quit implements Conn.
func (c *maildirConn) Quit() {}

// Abort implements Conn.
func (c *maildirConn) Abort() { c.aborted.Store(true) }
