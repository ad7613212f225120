package list_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"convene/list"
)

// TestARemovalWhileASiteIsExported: what was erased since the export began is in it as what is left of it, and the export can be taken in.
func TestARemovalWhileASiteIsExported(t *testing.T) {
	s := lived(t)
	for name, files := range map[string]bool{"the post itself": false, "its attachments": true} {
		id := strings.ReplaceAll(name, " ", "-") + "@a"
		s.put(t, append(mail("bo@example.org", "long-"+id, "Long"), bytes.Repeat([]byte("A long line of text in a long post.\r\n"), 5000)...)) // the first that is written out of the buffer
		s.put(t, bytes.ReplaceAll([]byte("From: bo@example.org\nTo: "+peersAddress+"\nMessage-ID: <"+id+">\nSubject: Well 7\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"+
			"--b\n\nWhat is said of well 7.\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=well7.pdf\n\nPDF of well 7\n--b--\n"), []byte("\n"), []byte("\r\n")))
		t.Run(name, func(t *testing.T) {
			during := &meddler{meddle: func() {
				do := s.RemovePost
				if files {
					do = s.WithdrawFiles
				}
				if _, err := do(peersAddress, id, "asked"); err != nil {
					t.Fatal(err)
				}
				if err := s.db.Erase(); err != nil {
					t.Fatal(err)
				}
			}}
			if err := s.ExportSite(during); err != nil {
				t.Fatal(err)
			}
			other := newSite(t, func(l *list.List) { l.Archive, l.Posting = list.ArchivePublic, list.PostHoldOthers })
			other.now = s.now
			if _, err := other.ImportSite(context.Background(), strings.NewReader(during.String())); err != nil {
				t.Fatal(err)
			}
			err := other.db.View(func(r list.Reader) error {
				rec, err := r.List(peersAddress)
				if err != nil {
					return err
				}
				var p list.Post
				err = r.Posts(rec.ID, 1, func(one list.Post) error {
					if one.MessageID == id {
						p = one
					}
					return nil
				})
				if p.Number == 0 || p.Removed.IsZero() != files || p.MailboxUID() > rec.Posts {
					t.Errorf("it is post %d, removed %v, with UID %d of %d", p.Number, p.Removed, p.MailboxUID(), rec.Posts)
				}
				if f, err := r.Filed(rec.ID, p.Number); !errors.Is(err, list.ErrNotFound) {
					t.Errorf("the library has %+v of it (%v)", f, err)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			other.put(t, mail("bo@example.org", "next@a", "Next"))
			uids := map[uint32]uint32{}
			err = other.db.View(func(r list.Reader) error {
				return r.Posts(1, 1, func(p list.Post) error {
					if was := uids[p.MailboxUID()]; was > 0 {
						t.Errorf("posts %d and %d have the UID %d", was, p.Number, p.MailboxUID())
					}
					uids[p.MailboxUID()] = p.Number
					return nil
				})
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
