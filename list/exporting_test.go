package list_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"convene/list"
)

func TestExportMbox(t *testing.T) {
	public := func(l *list.List) { l.Archive = list.ArchivePublic }
	s := newSite(t, public)
	s.members(t, "bo@example.org")
	if _, err := s.receive(mail("bo@example.org", "1@a", "Wells", "X-One: 1")); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(time.Hour)
	if r, err := s.receive([]byte("From: Bo <bo@example.org>\r\nTo: peers@lists.example.org\r\nSubject: Roofs\r\n\r\nFrom here\r\n>From there\r\n>>From all\r\nfrom \xff\r\n\r\n\r\n")); err != nil || r.Action != "accept" {
		t.Fatal(r, err)
	}
	if _, err := s.receive(mail("bo@example.org", "3@a", "Not for the archive", "X-No-Archive: yes")); err != nil {
		t.Fatal(err)
	}
	export := func(s *site) string {
		var b bytes.Buffer
		if _, err := s.ExportMbox("peers@lists.example.org", &b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	first := export(s)
	if !strings.HasPrefix(first, "From bo@example.org Mon Mar  2 09:00:00 2026\nList-Id: ") || !strings.Contains(first, "\n>From here\n>>From there\n>>>From all\nfrom \xff\n\n\n\n") {
		t.Errorf("export:\n%s", first)
	}
	if strings.Contains(first, "Not for the archive") || strings.Contains(first, "\r") {
		t.Errorf("export has what it should not have:\n%s", first)
	}
	if done := s.history(t, first); done.Posts != 0 || done.Known != 2 {
		t.Errorf("what a list exported is new to it: %+v", done)
	}
	other := newSite(t, public)
	other.now = s.now
	if done := other.history(t, first); done.Posts != 2 {
		t.Errorf("import: %+v", done)
	}
	if second := export(other); second != first {
		t.Errorf("exported, imported and exported again:\n%s\nbefore:\n%s", second, first)
	}
}
