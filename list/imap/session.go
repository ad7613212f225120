package imap

import (
	"errors"
	"strings"
	"sync"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"convene/list"
)

// What clients hear.
var (
	errReadOnly = &goimap.Error{Type: goimap.StatusResponseTypeNo, Code: goimap.ResponseCodeNoPerm, Text: "The archive of a list does not change: write to the list"}
	errNoSuch   = &goimap.Error{Type: goimap.StatusResponseTypeNo, Code: goimap.ResponseCodeNonExistent, Text: "There is no such mailbox, or it is not for you"}
	errGone     = &goimap.Error{Type: goimap.StatusResponseTypeNo, Code: goimap.ResponseCodeNoPerm, Text: "This mailbox is not for you any more"}
	errTrouble  = &goimap.Error{Type: goimap.StatusResponseTypeNo, Code: goimap.ResponseCodeUnavailable, Text: "Not now; please try again later"}
)

// session is what go-imap calls for the commands of one connection. While IDLE goes on it calls from two goroutines, and Close may come before IDLE has ended.
type session struct {
	server *Server
	conn   *conn

	mu      sync.Mutex
	address string // who signed in; empty: Anonymous
	view    *view  // nil: no mailbox is selected
	rights  string // in the mailbox whose status was asked for last
}

// view is a mailbox as the client of one session knows it: sequence numbers count in it.
type view struct {
	list.Mailbox
	box      *mailbox
	known    spans
	seen     spans    // UIDs
	readOnly bool     // EXAMINE
	found    []uint32 // UIDs of the last SEARCH that was to be saved (RFC 5182)
}

// Close implements imapserver.Session.
func (s *session) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.view = nil
	return nil
}

// Login implements imapserver.Session.
func (s *session) Login(name, password string) error {
	server, ip := s.server, s.conn.ip
	if !strings.EqualFold(name, list.Anonymous) {
		if err := s.pause(server.guard.wait(name, ip)); err != nil {
			return err
		}
	}
	address, err := server.Rights.SignInMail(name, password)
	switch {
	case errors.Is(err, list.ErrNotFound):
		server.guard.fail(name, ip)
		server.Log.Info("imap: sign-in failed", "ip", ip)
		return imapserver.ErrAuthFailed
	case err != nil:
		return s.trouble("sign-in", err)
	}
	server.guard.pass(name)
	server.Log.Info("imap: signed in", "member", address, "ip", ip)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.address = address
	return nil
}

// pause waits, but not when the server stops.
func (s *session) pause(d time.Duration) error {
	if d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-s.server.ctx.Done():
		return errTrouble
	}
}

// trouble logs what went wrong here, and is what the client hears of it.
func (s *session) trouble(what string, err error) error {
	s.server.Log.Error("imap: "+what, "error", err, "ip", s.conn.ip)
	return errTrouble
}

// Select implements imapserver.Session.
func (s *session) Select(name string, o *goimap.SelectOptions) (*goimap.SelectData, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.view = nil
	v, err := s.open(name)
	if err != nil {
		return nil, err
	}
	v.readOnly = o.ReadOnly
	s.view = v
	data := &goimap.SelectData{NumMessages: v.known.count(), UIDNext: goimap.UID(v.UIDNext), UIDValidity: s.server.UIDValidity, Flags: []goimap.Flag{goimap.FlagSeen}}
	if v.mayMark() {
		data.PermanentFlags = data.Flags
	}
	_, data.FirstUnseenSeqNum = v.unseen()
	return data, nil
}

// open looks at a mailbox.
func (s *session) open(name string) (*view, error) {
	if strings.EqualFold(name, inbox) {
		return &view{box: &mailbox{}, Mailbox: list.Mailbox{UIDNext: 1}}, nil
	}
	address, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return nil, errNoSuch
	}
	m, err := s.server.Rights.Mailbox(s.address, address)
	if errors.Is(err, list.ErrNotFound) {
		return nil, errNoSuch
	} else if err != nil {
		return nil, s.trouble("mailbox", err)
	}
	box, err := s.server.shelf.box(m.List)
	if err != nil {
		return nil, s.trouble("mailbox", err)
	}
	v := &view{Mailbox: m, box: box, known: box.now().uids}
	v.UIDNext = max(v.UIDNext, v.known.max()+1)
	seen, err := s.server.Rights.Seen(m)
	if err != nil {
		return nil, s.trouble("what was read", err)
	}
	v.seen = decodeSpans(seen)
	return v, nil
}

// still asks anew whether the mailbox that is selected is for them: rights end while a session goes on.
func (s *session) still() error {
	if s.view == nil || s.view.Address == "" {
		return nil
	}
	_, err := s.server.Rights.Mailbox(s.address, s.view.Address)
	if errors.Is(err, list.ErrNotFound) {
		return errGone
	} else if err != nil {
		return s.trouble("mailbox", err)
	}
	return nil
}

// Unselect implements imapserver.Session.
func (s *session) Unselect() error { return s.Close() }

// Poll implements imapserver.Session: it tells what is new, and where that may be told, what is gone.
func (s *session) Poll(w *imapserver.UpdateWriter, gone bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.update(w, gone)
}

func (s *session) update(w *imapserver.UpdateWriter, gone bool) error {
	v := s.view
	if v == nil || v.Address == "" || s.still() != nil {
		return nil
	}
	if err := v.box.follow(s.server.Store); err != nil {
		return s.trouble("mailbox", err)
	}
	now := v.box.now().uids
	lost := v.known.lost(now)
	if gone {
		for _, seq := range lost {
			if err := w.WriteExpunge(seq); err != nil {
				return err
			}
		}
	} else if len(lost) > 0 {
		now = now.behind(v.known.max(), v.known)
	}
	before := v.known.count()
	if gone {
		before -= uint32(len(lost))
	}
	v.known = now
	if n := now.count(); n > before {
		if err := w.WriteNumMessages(n); err != nil {
			return err
		}
	}
	changed, err := s.refresh()
	for _, seq := range changed {
		uid := v.known.at(seq)
		if err := w.WriteMessageFlags(seq, goimap.UID(uid), v.flags(uid)); err != nil {
			return err
		}
	}
	return err
}

// Idle implements imapserver.Session: it tells of changes as they come.
func (s *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	for {
		rings := s.server.shelf.rings()
		if err := s.Poll(w, true); err != nil {
			return err
		}
		select {
		case <-stop:
			return nil
		case <-s.server.ctx.Done():
			return nil
		case <-rings:
		}
	}
}

// Create, Delete, Rename, Append, Expunge, Copy, Subscribe and Unsubscribe implement imapserver.Session: nothing of that is done here.
func (s *session) Create(string, *goimap.CreateOptions) error         { return errReadOnly }
func (s *session) Delete(string) error                                { return errReadOnly }
func (s *session) Rename(string, string, *goimap.RenameOptions) error { return errReadOnly }
func (s *session) Subscribe(string) error                             { return errReadOnly }
func (s *session) Unsubscribe(string) error                           { return errReadOnly }

func (s *session) Append(string, goimap.LiteralReader, *goimap.AppendOptions) (*goimap.AppendData, error) {
	return nil, errReadOnly
}

func (s *session) Expunge(*imapserver.ExpungeWriter, *goimap.UIDSet) error { return errReadOnly }

func (s *session) Copy(goimap.NumSet, string) (*goimap.CopyData, error) { return nil, errReadOnly }
