package digest

import (
	"context"
	"io"
	"strings"
	"testing"

	"convene/list"
)

// TestHistoryIsNoNews: what is imported while a discussion runs, with dates from within it and in its own topics, is in no mail.
func TestHistoryIsNoNews(t *testing.T) {
	s := missedStage(t)
	var root string
	err := s.Store.View(func(r list.Reader) error {
		p, err := r.Post(1, 1)
		root = p.MessageID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	mbox := "From old@example.org Thu May  7 09:00:00 2026\nFrom: Old Voice <old@example.org>\nDate: Thu, 07 May 2026 09:00:00 +0000\nSubject: Re: Bread\nMessage-ID: <old@x>\nReferences: <" + root +
		">\n\nThe yellow oven of my aunt was the best.\n\nFrom old@example.org Thu May  7 10:00:00 2026\nFrom: Old Voice <old@example.org>\nDate: Thu, 07 May 2026 10:00:00 +0000\nSubject: Yellow ovens\n" +
		"Message-ID: <old2@x>\n\nDoes anybody have a yellow oven?\n"
	given := false
	done, err := s.ImportHistory(context.Background(), s.list.Address, func() (list.HistoryFile, error) {
		if given {
			return list.HistoryFile{}, io.EOF
		}
		given = true
		return list.HistoryFile{Name: "old", Content: strings.NewReader(mbox)}, nil
	})
	if err != nil || done.Posts != 2 {
		t.Fatalf("import: %+v, %v", done, err)
	}
	s.advance("2026-05-20 09:00")
	if all := s.mails(member(1), "catchup"); len(all) != 1 || !strings.Contains(all[0].text(), "in a pot on the fire") {
		t.Fatalf("%d catch-ups: %s", len(all), s.outline())
	}
	for n := range 10 {
		for _, m := range s.mails(member(n), "") {
			if text := strings.ToLower(m.text()); strings.Contains(text, "yellow") || strings.Contains(text, "old voice") {
				t.Errorf("a mail to %s tells of history:\n%s", member(n), m.text())
			}
		}
	}
}
