package mailer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// pickupRow is one message of the mailbox as the server lists it.
type pickupRow struct {
	uid  uint32
	size int64
	seen bool
	date time.Time // INTERNALDATE; zero: not said
}

// pass takes what is new in the mailbox.
func (s *pickupSession) pass(ctx context.Context) error {
	select {
	case <-s.arrived: // whatever was announced is listed now
	default:
	}
	var fresh imap.UIDSet
	fresh.AddRange(imap.UID(s.state.Last+1), 0)
	rows, err := s.rows(ctx, fresh)
	if err != nil {
		return err
	}
	// An asterisk is the last message there is, also where that is below the beginning of the range (RFC 9051 §9).
	rows = slices.DeleteFunc(rows, func(r pickupRow) bool { return r.uid <= s.state.Last })
	if s.state.Until == math.MaxUint32 { // the server did not say
		s.state.Until = s.state.Last
		if len(rows) > 0 {
			s.state.Until = rows[len(rows)-1].uid
		}
	}
	for _, row := range rows {
		if err := s.one(ctx, row, 0); err != nil {
			return err
		}
		if len(s.state.Unmarked) >= markTogether {
			if err := s.mark(ctx); err != nil {
				return err
			}
		}
	}
	if err := s.again(ctx); err != nil {
		return err
	}
	if s.dirty {
		if err := s.save(); err != nil {
			return err
		}
	}
	return s.mark(ctx)
}

// again tries what is due of what could not be taken before.
func (s *pickupSession) again(ctx context.Context) error {
	now := s.Now()
	for _, l := range slices.Clone(s.state.Later) {
		if l.Due.After(now) {
			continue
		}
		rows, err := s.rows(ctx, imap.UIDSetNum(imap.UID(l.UID)))
		if err != nil {
			return err
		}
		s.dirty = true
		s.state.Later = slices.DeleteFunc(s.state.Later, func(o laterUID) bool { return o.UID == l.UID })
		for _, row := range rows { // none: somebody has deleted it
			if row.uid != l.UID {
				continue
			}
			if err := s.one(ctx, row, l.Tries); err != nil {
				return err
			}
		}
	}
	return nil
}

// rows lists messages by UID.
func (s *pickupSession) rows(ctx context.Context, set imap.UIDSet) (rows []pickupRow, err error) {
	err = s.within(ctx, func() error {
		cmd := s.client.Fetch(set, &imap.FetchOptions{UID: true, Flags: true, InternalDate: true, RFC822Size: true})
		for m := cmd.Next(); m != nil; m = cmd.Next() {
			var row pickupRow
			for item := m.Next(); item != nil; item = m.Next() {
				switch v := item.(type) {
				case imapclient.FetchItemDataUID:
					row.uid = uint32(v.UID)
				case imapclient.FetchItemDataRFC822Size:
					row.size = v.Size
				case imapclient.FetchItemDataInternalDate:
					row.date = v.Time
				case imapclient.FetchItemDataFlags:
					row.seen = slices.Contains(v.Flags, imap.FlagSeen)
				}
			}
			if row.uid != 0 {
				rows = append(rows, row)
			}
		}
		return cmd.Close()
	})
	slices.SortFunc(rows, func(a, b pickupRow) int { return int(int64(a.uid) - int64(b.uid)) })
	if err != nil {
		return nil, fmt.Errorf("UID FETCH: %w", err)
	}
	return rows, nil
}

// The errors of a message that is not fetched.
var (
	errNotYet   = errors.New("mailer: the server lists a message and does not give it")
	errTooMuch  = errors.New("mailer: the message is larger than the server said")
	errOtherUID = errors.New("mailer: the server gave another message than was asked for")
)

// body fetches a message of at most limit octets, piece by piece, without marking it as read.
func (s *pickupSession) body(ctx context.Context, row pickupRow, limit int64) ([]byte, error) {
	raw := make([]byte, 0, min(row.size, limit)+1)
	for {
		n := len(raw)
		err := s.within(ctx, func() (err error) { raw, err = s.piece(raw, row.uid); return err })
		if err != nil {
			return nil, err
		}
		if int64(len(raw)) > limit {
			return nil, errTooMuch
		}
		if len(raw)-n < pickupPiece {
			break
		}
	}
	if len(raw) == 0 {
		return nil, errNotYet
	}
	return raw, nil
}

// piece appends the next piece of a message to raw.
func (s *pickupSession) piece(raw []byte, uid uint32) ([]byte, error) {
	section := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Offset: int64(len(raw)), Size: pickupPiece}}
	cmd := s.client.Fetch(imap.UIDSetNum(imap.UID(uid)), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
	var failed error
	got := false
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		for item := m.Next(); item != nil; item = m.Next() {
			switch v := item.(type) {
			case imapclient.FetchItemDataUID:
				if uint32(v.UID) != uid {
					failed = errOtherUID
				}
			case imapclient.FetchItemDataBodySection:
				if got || failed != nil || v.Literal == nil {
					continue
				}
				got = true
				if v.Literal.Size() > pickupPiece {
					s.raw.Close() // it would send who knows how much
					failed = errTooMuch
					continue
				}
				start := len(raw)
				raw = slices.Grow(raw, int(v.Literal.Size()))[:start+int(v.Literal.Size())]
				if _, err := io.ReadFull(v.Literal, raw[start:]); err != nil {
					failed = err
				}
			}
		}
	}
	return raw, errors.Join(failed, cmd.Close())
}

// markTogether is how many messages are marked as read with one command at most.
const markTogether = 50

// mark marks as read what was taken. It comes after the transaction that took it: if it never comes, a message that was taken looks unread.
func (s *pickupSession) mark(ctx context.Context) error {
	if len(s.state.Unmarked) == 0 || s.strict {
		s.state.Unmarked = nil
		return nil
	}
	var set imap.UIDSet
	for _, uid := range s.state.Unmarked {
		set.AddNum(imap.UID(uid))
	}
	err := s.within(ctx, func() error {
		return s.client.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}, nil).Close()
	})
	if refused, ok := errors.AsType[*imap.Error](err); ok {
		s.strict = true
		s.log.Warn("the mailbox does not let messages be marked as read", "error", oneLine(refused.Error()))
		err = nil
	}
	if err == nil {
		s.state.Unmarked = nil
	}
	return err
}
