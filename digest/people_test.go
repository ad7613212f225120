package digest

import (
	"slices"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

// sendRow has a planned mail out by now.
func (s *stage) sendRow(key string) {
	s.t.Helper()
	if s.course().stage(key) == Sent {
		return
	}
	p := &list.Publication{List: s.list, By: message.Mailbox{Name: "Luis Prieto", Addr: luis}, Key: key, Kind: strings.Split(key, "/")[1],
		Editions: []list.Edition{{Letter: list.Letter{Subject: "Mail " + key + " #remote", Text: "What do you think?\n"}}}}
	err := s.Publish(p, s.time(), func(tx list.Tx, send func() (list.Post, error)) error {
		a, err := s.editor.find(tx, s.discussion.ID)
		if err != nil {
			return err
		}
		readers, err := a.audience(tx, false)
		if err != nil {
			return err
		}
		for _, some := range readers {
			p.Editions[0].Readers = append(p.Editions[0].Readers, some...)
		}
		slices.Sort(p.Editions[0].Readers)
		post, err := send()
		if err != nil {
			return err
		}
		row := a.course.row(key)
		row.Stage, row.Sent, row.Post, row.Topic, row.ID = Sent, s.time(), post.Number, post.Topic, post.MessageID
		return a.course.write(tx, a.rec)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.tick()
}

// contains fails where a text, however its lines end, lacks one of these, or has one of those.
func contains(t *testing.T, what, text string, want []string, not ...string) {
	t.Helper()
	text = strings.Join(strings.Fields(text), " ")
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%s lacks %q:\n%s", what, w, text)
		}
	}
	for _, n := range not {
		if strings.Contains(text, n) {
			t.Errorf("%s has %q:\n%s", what, n, text)
		}
	}
}

// count fails where not so many mails of a kind went to somebody.
func (s *stage) count(to, kind string, want int) {
	s.t.Helper()
	if got := len(s.mails(to, kind)); got != want {
		s.t.Errorf("%d %s to %q, not %d:\n%s", got, kind, to, want, s.outline())
	}
}

// change changes a member.
func (s *stage) change(address string, f func(*list.Member)) {
	s.t.Helper()
	err := s.Store.Update(func(tx list.Tx) error {
		rec, err := tx.List(stageList)
		if err != nil {
			return err
		}
		m, err := tx.Member(rec.ID, address)
		if err != nil {
			return err
		}
		f(&m)
		_, err = tx.PutMember(m)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}
