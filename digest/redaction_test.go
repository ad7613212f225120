package digest

import (
	"bytes"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"convene/list"
)

// quotedIn is the first post whose words a text has, of those that the facts of the first weekly quote.
func (s *stage) quotedIn(text string) (post uint32, words string) {
	s.t.Helper()
	for _, t := range s.weekly().Facts.Themes {
		for _, q := range t.Quotes {
			if flat := strings.Join(strings.Fields(text), " "); q.Text != "" && strings.Contains(flat, q.Text) {
				return q.Post, q.Text
			}
		}
	}
	s.t.Fatalf("nothing is quoted in\n%s", text)
	return 0, ""
}

// has reports whether a text has the words, however its lines are broken.
func has(text, words string) bool {
	return strings.Contains(strings.Join(strings.Fields(text), " "), words)
}

// TestADraftForgetsWhatWasRemoved: a summary whose draft was shown goes out without the words of a post that was taken out of the archive since, and what was
// kept for it has them no more. What the draft numbered keeps its numbers.
func TestADraftForgetsWhatWasRemoved(t *testing.T) {
	s, draft := weeklyDraft(t, nil)
	post, words := s.quotedIn(draft.text())
	before := s.weekly()
	if _, err := s.RemovePost(stageList, strconv.Itoa(int(post)), ""); err != nil {
		t.Fatal(err)
	}
	now := s.weekly()
	if len(now.Facts.Themes) != len(before.Facts.Themes) || len(now.Facts.Questions) != len(before.Facts.Questions) || len(now.Facts.Thanks) != len(before.Facts.Thanks) {
		t.Error("the numbers of the draft mean something else now")
	}
	s.advance("2026-03-05 16:00")
	for name, content := range s.papersOf("") {
		if bytes.Contains(content, []byte(words)) {
			t.Errorf("%s still says %q", name, words)
		}
	}
	if again := s.weekly(); !reflect.DeepEqual(again.Facts, now.Facts) {
		t.Errorf("kept were %+v", again.Facts)
	}
	s.say(draft, luis, "send")
	s.advance("2026-03-06 18:00")
	for to, text := range map[string]string{luis: s.last(luis, "draft_answer").text(), member(1): s.last(member(1), "weekly").text()} {
		if has(text, words) {
			t.Errorf("%s reads %q in\n%s", to, words, text)
		}
		if !has(text, "phone call") {
			t.Errorf("%s reads nothing of what is left:\n%s", to, text)
		}
	}
}

// TestEveryRemovalLeavesADraftThatCanBeShown: whatever is removed, one post after the other, nothing of it is in what the draft is then.
func TestEveryRemovalLeavesADraftThatCanBeShown(t *testing.T) {
	s, _ := weeklyDraft(t, nil)
	texts := map[uint32]string{}
	err := s.Store.View(func(r list.Reader) error {
		rec, err := r.List(stageList)
		if err != nil {
			return err
		}
		return r.Posts(rec.ID, 1, func(p list.Post) error {
			if p.Planned == "" {
				texts[p.Number] = p.MessageID
			}
			return nil
		})
	})
	if err != nil || len(texts) < 10 {
		t.Fatal(texts, err)
	}
	for number, id := range texts {
		if _, err := s.RemovePost(stageList, strconv.Itoa(int(number)), ""); err != nil {
			t.Fatal(err)
		}
		s.editor.frozen = frozen{} // as after a restart
		s.tick()
		for name, content := range s.papersOf(frozenPapers) {
			if bytes.Contains(content, []byte(id)) {
				t.Errorf("%s knows of post %d", name, number)
			}
		}
	}
	for name, content := range s.papersOf(frozenPapers) {
		if strings.Contains(string(content), "phone call") || strings.Contains(string(content), "radio group") {
			t.Errorf("when all is removed, %s has %s", name, content)
		}
	}
	s.say(s.last(luis, "draft"), luis, "send")
	s.advance("2026-03-06 18:00")
	if text := s.last(member(1), "weekly").text(); has(text, "phone call") {
		t.Errorf("it went out as\n%s", text)
	}
}

// TestARemovedPostIsInNoDigest: of a post that was removed before, no digest tells, in whatever form, nor the one that is sent at once to who leaves digests;
// the others are told of as ever.
func TestARemovedPostIsInNoDigest(t *testing.T) {
	s := idleStage(t, nil)
	s.order(member(1), "set digest")
	s.order(member(2), "set digest", "set format mime")
	s.order(member(3), "set digest 18:00")
	s.post(member(4), "One", "First.", "")
	gone := s.post(member(4), "Zanzibar", "The secret of Zoe.", "")
	s.post(member(4), "Re: Zanzibar", "Third.", "<"+gone.MessageID+">")
	s.tick()
	if _, err := s.RemovePost(stageList, "<"+gone.MessageID+">", ""); err != nil {
		t.Fatal(err)
	}
	s.order(member(3), "set each")
	s.advance("2026-05-06 19:00")
	for n := 1; n <= 3; n++ {
		all := s.mails(member(n), list.KindDigest)
		if len(all) != 1 {
			t.Fatalf("member %d got %d digests", n, len(all))
		}
		raw := string(all[0].Raw)
		if strings.Contains(raw, "secret of Zoe") || strings.Contains(raw, gone.MessageID+">\r\nSubject") || !strings.Contains(raw, "First.") || !strings.Contains(raw, "Third.") {
			t.Errorf("member %d got\n%s", n, raw)
		}
	}
	for _, m := range s.mails(member(3), "") {
		if strings.Contains(string(m.Raw), "secret of Zoe") && m.Out.Post == gone.Number {
			t.Errorf("who left digests got it:\n%s", m.Raw)
		}
	}
}
