package digest

import (
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"convene/digest/facts"
	"convene/list"
)

// papersOf are the papers of the stage's list whose names begin so.
func (s *stage) papersOf(prefix string) map[string][]byte {
	s.t.Helper()
	all := map[string][]byte{}
	err := s.Store.View(func(r list.Reader) error {
		rec, err := r.List(stageList)
		if err != nil {
			return err
		}
		return r.Papers(rec.ID, prefix, func(name string, content []byte) error { all[name] = content; return nil })
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// TestFactsApart: what a draft was written from stands in a paper of its own, so that the course, which is read at every look, is small; a program that starts
// anew finds it, and what is replaced is replaced there.
func TestFactsApart(t *testing.T) {
	s, _ := weeklyDraft(t, nil)
	const key = "remote/weekly/1"
	if text := string(s.papersOf(courses)[courses+"remote"]); strings.Contains(text, "radio group") || !strings.Contains(text, "frozen") {
		t.Errorf("the course has the words of members in it: %s", text)
	}
	if text := string(s.papersOf(frozenPapers)[frozenPapers+key]); !strings.Contains(text, "radio group") {
		t.Errorf("the paper of the facts has none: %s", text)
	}
	first := s.weekly()
	if again := s.weekly(); again.Facts != first.Facts {
		t.Error("they were read twice")
	}
	s.editor = NewEditor(s.Engine, s.editor.programme.Load(), slog.New(slog.DiscardHandler))
	if anew := s.weekly(); anew.Facts == first.Facts || !reflect.DeepEqual(anew, first) {
		t.Errorf("after a restart there is\n%+v, before it there was\n%+v", anew, first)
	}
	s.remember(key, &facts.Facts{Themes: []facts.Theme{{Phrase: "Call one person"}}}, first.Edits)
	if now := s.weekly(); len(now.Facts.Themes) != 1 || now.Facts.Themes[0].Phrase != "Call one person" || now.Frozen == first.Frozen {
		t.Errorf("they were replaced, and are %+v", now.Facts)
	}
}

// TestFactsGo: what nobody needs any more is in no paper, and neither is what a discussion told of that is gone.
func TestFactsGo(t *testing.T) {
	s, _ := weeklyDraft(t, nil)
	s.remember("remote/weekly/1", nil, s.weekly().Edits)
	if now := s.weekly(); len(s.papersOf(frozenPapers+"remote/weekly/1")) > 0 || now.Facts != nil || now.Frozen != "" {
		t.Errorf("they are still there: %+v", now)
	}
	s.remember("remote/weekly/1", whatWasSaid(), s.weekly().Edits)
	if err := s.editor.change("remote", func(_ list.Tx, a *affair) error { a.gone = true; return nil }); err != nil {
		t.Fatal(err)
	}
	if left := s.papersOf(""); left[courses+"remote"] != nil || len(s.papersOf(frozenPapers)) > 0 {
		t.Errorf("the discussion is gone, and there are the papers %q", left)
	}
}

// TestFactsUndone: facts that a transaction kept which came to nothing are nobody's.
func TestFactsUndone(t *testing.T) {
	s, _ := weeklyDraft(t, nil)
	first := s.weekly()
	err := s.editor.change("remote", func(tx list.Tx, a *affair) error {
		a.course.row("remote/weekly/1").Facts = whatWasSaid()
		if err := a.course.write(tx, a.rec); err != nil {
			return err
		}
		return errDone
	})
	if err == nil || !reflect.DeepEqual(s.weekly(), first) {
		t.Errorf("%v; there is %+v", err, s.weekly())
	}
}
