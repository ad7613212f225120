package list_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"convene/list"
)

const peersAddress = "peers@lists.example.org"

func (s *site) exported(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := s.ExportSite(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// lived is a site with some of everything.
func lived(t *testing.T) *site {
	t.Helper()
	s := newSite(t, func(l *list.List) {
		l.Archive, l.Attachments, l.Posting = list.ArchivePublic, list.LibraryAttachments, list.PostHoldOthers
	})
	s.members(t, "bo@example.org", "ann@a.example", "gone@example.org", "muted@example.org")
	if err := s.RemoveMembers(peersAddress, []string{"gone@example.org"}); err != nil {
		t.Fatal(err)
	}
	for _, raw := range [][]byte{
		mail("bo@example.org", "1@a", "Wells <b>&"), mail("ann@a.example", "2@a", "Re: Wells", "In-Reply-To: <1@a>"), mail("ann@a.example", "1@a", "The same id again"),
		mail("ann@a.example", "4@a", "Hidden", "X-No-Archive: yes"), mail("stranger@example.net", "5@a", "May I?"), mail("other@example.net", "6@a", "And I?"),
		[]byte("From: bo@example.org\r\nTo: " + peersAddress + "\r\nSubject: No id, 8 bits: \xe9\r\n\r\n\xe9\r\n"),
		mail("bo@example.org", "7@a", "A file", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "See.", "--b", "Content-Type: application/pdf; name=a.pdf",
			"Content-Disposition: attachment; filename=a.pdf", "", "PDF", "--b--"),
	} {
		if _, err := s.receive(raw); err != nil {
			t.Fatal(err)
		}
		s.now = s.now.Add(time.Minute)
	}
	s.history(t, old(0, "old@a", "Old")+old(1, "old2@a", "Re: old"))
	err := s.db.Update(func(tx list.Tx) error {
		p, err := tx.Post(1, 2)
		if err != nil {
			return err
		}
		rec, err := tx.ListByID(1)
		if err != nil {
			return err
		}
		rec.Posts++
		p.Removed, p.UID = s.now, rec.Posts
		last, err := tx.PutTopic(list.Topic{List: 1, Subject: "Made by mistake", First: s.now, Last: s.now})
		if err := errors.Join(err, tx.DeleteTopic(1, last.ID)); err != nil {
			return err
		}
		_, err2 := tx.PutPost(p)
		_, err3 := tx.PutRemoval(list.Removal{List: 1, Post: 2, UID: 2, At: s.now, By: "bo@example.org", Reason: "asked"})
		member, err4 := tx.Member(1, "muted@example.org")
		return errors.Join(tx.PutList(rec), err2, err3, err4, tx.PutInterest(1, p.Topic, member.Number, list.Muted), tx.PutBan(list.Ban{List: 1, Pattern: "*@spam.example", By: "admin", At: s.now}),
			tx.PutBan(list.Ban{Pattern: "all@spam.example", At: s.now}), tx.PutPaper(1, "course/x", []byte{0, 1, 0xff}),
			tx.PutAddressState(list.AddressState{Address: "bo@example.org", State: list.Bouncing, List: 1, Days: []list.BounceDay{{Day: s.now.Truncate(24 * time.Hour), List: 1}}, Due: s.now,
				Probes: []list.Probe{{Sent: s.now, List: 1, Member: 1, Outgoing: 1}}}))
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASiteIsTheSameElsewhere(t *testing.T) {
	s := lived(t)
	first := s.exported(t)
	for _, kind := range []string{"list", "member", "ban", "topic", "node", "interest", "post", "held", "filed", "paper", "removal", "address", "end"} {
		if !strings.Contains(first, `"Kind":"`+kind+`"`) {
			t.Errorf("there is no %s in the export", kind)
		}
	}
	other := newSite(t, func(l *list.List) { l.Archive, l.Posting = list.ArchivePublic, list.PostHoldOthers })
	other.now = s.now
	done, err := other.ImportSite(context.Background(), strings.NewReader(first))
	if err != nil || done.Posts == 0 || done.Members != 3 {
		t.Fatalf("import: %+v, %v", done, err)
	}
	if second := other.exported(t); second != first {
		a, b := strings.Split(first, "\n"), strings.Split(second, "\n")
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				t.Errorf("line %d was\n%s\nand is\n%s", i+1, a[i], b[i])
			}
		}
		t.Errorf("%d and %d lines", len(a), len(b))
	}
	if got := other.claimed(t); len(got) > 0 {
		t.Errorf("an import sent %v", got)
	}
	if _, err := other.ImportSite(context.Background(), strings.NewReader(first)); !errors.Is(err, list.ErrNotEmpty) {
		t.Errorf("import into a store that is not empty: %v", err)
	}
	if _, err := other.receive(mail("ann@a.example", "8@a", "Re: Wells", "In-Reply-To: <1@a>")); err != nil {
		t.Fatal(err)
	}
	if _, err := other.receive(mail("next@example.net", "9@a", "Who waits next")); err != nil {
		t.Fatal(err)
	}
	err = other.db.View(func(r list.Reader) error {
		rec, err := r.List(peersAddress)
		was, err2 := r.Post(rec.ID, 1)
		p, err3 := r.Post(rec.ID, rec.Posts)
		if p.MessageID != "8@a" || p.Topic != was.Topic || rec.LastMember != 4 {
			t.Errorf("the list goes on with post %d, %s, in topic %d, member %d", p.Number, p.MessageID, p.Topic, rec.LastMember)
		}
		held := 0
		err4 := r.HeldPosts(rec.ID, func(list.Held) error { held++; return nil })
		if want := strings.Count(first, `"Kind":"held"`) + 1; held != want {
			t.Errorf("%d posts wait, want %d", held, want)
		}
		return errors.Join(err, err2, err3, err4)
	})
	if err != nil {
		t.Error(err)
	}
}

// meddler writes on while others do something.
type meddler struct {
	bytes.Buffer
	meddle func()
}

func (m *meddler) Write(p []byte) (int, error) {
	if m.meddle != nil {
		m.meddle()
		m.meddle = nil
	}
	return m.Buffer.Write(p)
}

// TestAnExportIsOfOneMoment: what comes and goes while it is written is not in it.
func TestAnExportIsOfOneMoment(t *testing.T) {
	s := lived(t)
	s.put(t, append(mail("bo@example.org", "long@a", "Long"), bytes.Repeat([]byte("A long line of text in a long post.\r\n"), 5000)...))
	before := s.exported(t)
	during := &meddler{meddle: func() {
		s.put(t, mail("bo@example.org", "late@a", "Re: Wells", "In-Reply-To: <1@a>"))
		err := errors.Join(s.RemoveMembers(peersAddress, []string{"muted@example.org"}), s.db.Update(func(tx list.Tx) error { return tx.DeleteHeld(1) }))
		if err != nil {
			t.Fatal(err)
		}
	}}
	if err := s.ExportSite(during); err != nil || during.String() != before {
		t.Errorf("%d octets, and %d: %v", len(before), during.Len(), err)
	}
	after := s.exported(t)
	if after == before || !strings.Contains(after, "late@a") {
		t.Error("nothing changed meanwhile")
	}
}

func TestAnExportHasNoSecrets(t *testing.T) {
	s := lived(t)
	s.claimed(t) // so that there are tokens
	out := s.exported(t)
	var secrets [][]byte
	err := s.db.View(func(r list.Reader) error {
		keys, err := r.MarkKeys()
		for _, k := range keys {
			secrets = append(secrets, k.Secret[:])
		}
		for _, purpose := range []list.Purpose{list.ForHeld, list.ForMailbox} {
			err = errors.Join(err, r.SecretsFor(1, purpose, func(one list.Secret) error { secrets = append(secrets, one.Hash[:]); return nil }))
		}
		return err
	})
	if err != nil || len(secrets) < 2 {
		t.Fatalf("%d secrets to look for, %v", len(secrets), err)
	}
	for _, b := range secrets {
		for _, form := range []string{string(b), hex.EncodeToString(b), base64.StdEncoding.EncodeToString(b)[:len(b)], base64.RawURLEncoding.EncodeToString(b)} {
			if strings.Contains(out, form) {
				t.Errorf("a secret is in the export as %q", form)
			}
		}
	}
}

func TestABrokenImportOfASite(t *testing.T) {
	first := lived(t).exported(t)
	lines := strings.SplitAfter(first, "\n")
	for name, c := range map[string]struct {
		in, want string
	}{
		"a file that is cut off at a line":   {strings.Join(lines[:len(lines)-3], ""), "the file ends before its end"},
		"a file that is cut off in a line":   {first[:len(first)-5], "it is cut off"},
		"a file with a line less":            {strings.Join(append(append([]string{}, lines[:5]...), lines[6:]...), ""), "1 are missing"},
		"another version":                    {strings.Replace(first, `"Version":1`, `"Version":9`, 1), "no export of version 1"},
		"something else":                     {"hello\n", "line 1"},
		"a record on a list that is not one": {lines[0] + lines[1] + `{"Kind":"node","On":7}` + "\n" + `{"Kind":"end","Lines":3}` + "\n", "on list 7"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, func(l *list.List) { l.Archive = list.ArchivePublic })
			s.now = s.now.Add(time.Hour)
			_, err := s.ImportSite(context.Background(), strings.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("import: %v, want %q", err, c.want)
			}
			if _, err := s.ImportSite(context.Background(), strings.NewReader(first)); err != nil {
				t.Fatalf("once more, whole: %v", err)
			}
			if got := s.exported(t); got != first {
				t.Error("what was taken in on the second run is not the same")
			}
		})
	}
}
