package digest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"convene/digest/plan"
	"convene/list"
)

// weeklyDraft is the stage on Thursday of the first week at 15:30: twelve posts of six people, and the draft of the weekly that goes out on Friday at 11:00.
func weeklyDraft(t *testing.T, change func(*setUp)) (*stage, sentMail) {
	t.Helper()
	if change == nil && weeklyScene != nil {
		s := newStage(t, func(up *setUp) { up.From = weeklyScene })
		return s, s.last(luis, "draft")
	}
	s := newStage(t, change)
	s.advance("2026-03-02 10:00")
	talk := []string{
		"When the line is bad, I make a phone call before I write to forty people. The phone call has worked in Tamale for three years.",
		"Chez nous, le premier appel est pour la plus jeune, et les autres osent parler ensuite.",
		"Con nosotros la primera llamada cierra el tema, porque manda el director.",
		"A phone call to one farmer opens the whole radio group for us. Who else has tried a phone call in the evening?",
		"Our radio group starts when somebody tells a failure in full. The radio group in Bolga did so last month.",
		"I agree about the phone call: after a phone call the radio group has something to talk about.",
		"The day after the phone call nobody is silent any more in our village.",
		"Une histoire racontée en entier vaut mieux que dix conseils donnés de loin.",
		"Una historia contada entera vale más que diez consejos dados desde lejos.",
		"We tried the phone call with two groups, and one radio group answered within the hour.",
		"Yesterday the radio group asked us for a phone call of its own.",
		"Nobody here has the money for a phone call every week, so the radio group pays for one.",
	}
	for i, text := range talk {
		s.reply(s.last(member(i%6+1), "kickoff"), member(i%6+1), text)
	}
	s.advance("2026-03-05 15:30")
	if change == nil {
		weeklyScene = s.scene()
	}
	return s, s.last(luis, "draft")
}

// weeklyScene is where weeklyDraft comes to where nothing is changed: the weeks up to there are played once for all.
var weeklyScene *scene

// weekly is what is known of the first weekly.
func (s *stage) weekly() RowState { return *s.course().Rows["remote/weekly/1"] }

func TestDraftOfTheWeekly(t *testing.T) {
	s, draft := weeklyDraft(t, nil)
	saysAll(t, "the draft", draft.text(), "Goes out Friday 6 March", "send", "say TEXT", "1.", "q1")
	if !strings.HasPrefix(draft.Subject, "Draft: ") || !strings.Contains(draft.replyTo(), "+draft-") {
		t.Errorf("it is %q, answered to %s", draft.Subject, draft.replyTo())
	}
	if f := s.weekly().Facts; f == nil || len(f.Themes) == 0 || f.Counts.Posts != 12 || f.Counts.People != 6 {
		t.Fatalf("its facts are %+v", f)
	}
}

// TestAnswers: each order does what it says, and is answered with the mail as it is then.
func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		state func(s RowState) bool
		says  []string // the answer
		out   []string // the mail that goes out, in which words with a - before them are missing
		kind  string   // what goes out on Friday at 11:00; empty: nothing
	}{
		"send":                      {"send", func(s RowState) bool { return s.Stage == Approved && s.By == luis }, []string{"Done: send", "Goes out Friday 6 March"}, []string{"-Compiled automatically"}, "weekly"},
		"say":                       {"say What a week!\n\nThank you all.", func(s RowState) bool { return s.Stage == Approved }, []string{"What a week!"}, []string{"What a week!", "Thank you all."}, "weekly"},
		"say, for one edition":      {"say fr: Quelle semaine !", func(s RowState) bool { return s.Edits.SayIn["fr"] == "Quelle semaine !" && s.Edits.Say == "" }, []string{"Quelle semaine !", "Goes out Friday"}, []string{"-Quelle semaine"}, "weekly"},
		"say, for no edition":       {"say sw: Karibu", func(s RowState) bool { return len(s.Edits.SayIn) == 0 }, []string{"does not go out in “sw”"}, nil, "weekly"},
		"drop a theme":              {"drop 1", func(s RowState) bool { return fmt.Sprint(s.Edits.Drop) == "[1]" }, []string{"Done: drop 1"}, nil, "weekly"},
		"rename":                    {"rename 1 Call first", func(s RowState) bool { return s.Edits.Rename[1] == "Call first" }, []string{"Call first"}, []string{"Call first"}, "weekly"},
		"a theme that is not there": {"drop 77", func(s RowState) bool { return s.Stage == Drafted && len(s.Edits.Drop) == 0 }, []string{"nothing of that number: drop 77"}, nil, "weekly"},
		"ask and drop q1":           {"ask Who is silent?\ndrop q1", func(s RowState) bool { return fmt.Sprint(s.Edits.DropQuotes, s.Edits.Ask) == "[1] [Who is silent?]" }, []string{"Who is silent?"}, []string{"Who is silent?"}, "weekly"},
		"thanks": {"t1: Thank you for the call\ndrop t2", func(s RowState) bool {
			return s.Edits.Thanks[1] == "Thank you for the call" && fmt.Sprint(s.Edits.DropThanks) == "[2]"
		}, []string{"Thank you for the call"}, nil, "weekly"},
		"spotlight":                         {"spotlight Awa", func(s RowState) bool { return fmt.Sprint(s.Edits.Spotlight) == "[member2@example.org]" }, []string{"Awa Diallo"}, []string{"Awa Diallo"}, "weekly"},
		"spotlight of nobody":               {"spotlight Zora", func(s RowState) bool { return s.Edits.Spotlight == nil }, []string{"nobody called “Zora”"}, nil, "weekly"},
		"no spotlight":                      {"no spotlight", func(s RowState) bool { return s.Edits.NoSpotlight }, []string{"Done: no spotlight"}, []string{"-Especially"}, "weekly"},
		"subject":                           {"subject: One call first", func(s RowState) bool { return s.Edits.Subject == "One call first" }, []string{"One call first"}, nil, "weekly"},
		"edit":                              {"edit\nDear all,\n\nthis week you spoke of calls.", func(s RowState) bool { return strings.Contains(s.Edits.Whole["en"], "you spoke of calls") }, []string{"this week you spoke of calls."}, []string{"this week you spoke of calls."}, "weekly"},
		"edit fr":                           {"edit fr\nChers tous, merci.", func(s RowState) bool { return s.Edits.Whole["fr"] == "Chers tous, merci." && s.Edits.Whole["en"] == "" }, []string{"Chers tous, merci."}, []string{"-Chers tous"}, "weekly"},
		"edit of what is no language of it": {"edit sw\nKaribu", func(s RowState) bool { return len(s.Edits.Whole) == 0 }, []string{"does not go out in “sw”"}, nil, "weekly"},
		"hold":                              {"hold", func(s RowState) bool { return s.Stage == OnHold }, []string{"waits until you say"}, nil, ""},
		"hold and send":                     {"hold\nsend", func(s RowState) bool { return s.Stage == OnHold }, []string{"Not understood:* send", "waits until you say"}, nil, ""},
		"edits and hold":                    {"drop 1\nhold", func(s RowState) bool { return s.Stage == OnHold && fmt.Sprint(s.Edits.Drop) == "[1]" }, []string{"waits until you say"}, nil, ""},
		"skip":                              {"skip", func(s RowState) bool { return s.Stage == Skipped }, []string{"it stays out"}, nil, ""},
		"later +1d":                         {"later +1d", func(s RowState) bool { return s.Stage == Drafted }, []string{"Saturday 7 March", "Nobody works on"}, nil, ""},
		"later on its own weekday":          {"later friday 15:00\nsend", func(s RowState) bool { return s.Stage == Approved }, []string{"Friday 6 March, 15:00"}, nil, ""},
		"later, by date":                    {"later 2026-03-10 14:30", func(s RowState) bool { return s.Stage == Drafted }, []string{"Tuesday 10 March, 14:30"}, nil, ""},
		"later monday, and send":            {"later monday\nsend", func(s RowState) bool { return s.Stage == Approved }, []string{"Monday 9 March"}, nil, ""},
		"now":                               {"now", func(s RowState) bool { return s.Stage == Sent && !s.Plain }, []string{"Done: now"}, nil, ""},
		"an empty reply":                    {"", func(s RowState) bool { return s.Stage == Drafted }, []string{"asks for nothing"}, []string{"Compiled automatically"}, "weekly"},
		"in French":                         {"Bonjour,\n\nsupprimer 1\nd'accord\n\nMerci\nLuis", func(s RowState) bool { return s.Stage == Approved && fmt.Sprint(s.Edits.Drop) == "[1]" }, []string{"Done: supprimer 1"}, nil, "weekly"},
	} {
		t.Run(name, func(t *testing.T) {
			s, draft := weeklyDraft(t, nil)
			s.say(draft, luis, c.text)
			if state := s.weekly(); !c.state(state) {
				t.Errorf("it is %q with %+v", state.Stage, state.Edits)
			}
			answer := s.last(luis, "draft_answer")
			saysAll(t, "the answer", answer.text(), c.says...)
			if refs := answer.message().References(); len(refs) == 0 || refs[0] != draft.message().MessageID() {
				t.Errorf("it stands under %q", refs)
			}
			s.advance("2026-03-06 11:00")
			var kinds []string
			for _, m := range s.mails(member(1), "weekly") {
				if m.At.Equal(s.clock("2026-03-06 11:00")) {
					kinds = append(kinds, m.Kind)
				}
			}
			if got := strings.Join(kinds, " "); got != c.kind {
				t.Fatalf("on Friday went out %q, want %q", got, c.kind)
			}
			for _, want := range c.out {
				text := s.last(member(1), "weekly").text()
				if bare, missing := strings.CutPrefix(want, "-"); strings.Contains(text, bare) == missing {
					t.Errorf("what went out is wrong about %q:\n%s", want, text)
				}
			}
		})
	}
}

// refusedAs is why a mail was refused; empty: it was not.
func refusedAs(err error) list.Reason {
	if r, ok := errors.AsType[*list.Refusal](err); ok {
		return r.Reason
	}
	return ""
}

func TestWhoAnswersDrafts(t *testing.T) {
	for name, c := range map[string]struct {
		from string
		may  bool
	}{
		"who got it":               {luis, true},
		"the next who facilitates": {noor, true},
		"the core group":           {korede, true},
		"the owner":                {amina, true},
		"a member":                 {member(1), false},
		"a stranger":               {"mallory@example.net", false},
	} {
		t.Run(name, func(t *testing.T) {
			s, draft := weeklyDraft(t, nil)
			_, err := s.answer(draft, c.from, "send")
			if (err == nil) != c.may || !c.may && refusedAs(err) != list.NotAllowed {
				t.Errorf("the answer: %v", err)
			}
			if got := s.weekly().Stage; (got == Approved) != c.may {
				t.Errorf("it is %q", got)
			}
		})
	}
}

// TestAnswersThatAreNone: a person's own words go on to another, and the draft stays as it is; words that ask to wait are heeded.
func TestAnswersThatAreNone(t *testing.T) {
	s, draft := weeklyDraft(t, nil)
	s.say(draft, luis, "Dear Noor, I am travelling until Tuesday. Can you look at it?")
	if m := s.last(noor, "notice"); !strings.Contains(m.text(), "travelling until Tuesday") {
		t.Errorf("Noor got %s", m.text())
	}
	saysAll(t, "what Luis is told", s.last(luis, "notice").text(), "I passed this on to Noor")
	if s.weekly().Stage != Drafted {
		t.Errorf("it is %q", s.weekly().Stage)
	}
	s.say(draft, luis, "Could you please wait until the minister has agreed?")
	if s.weekly().Stage != OnHold {
		t.Errorf("it is %q", s.weekly().Stage)
	}
}

// TestTheSameAnswerTwice: a mail that comes again because nobody heard that it was taken does nothing more, and is not answered again.
func TestTheSameAnswerTwice(t *testing.T) {
	s, draft := weeklyDraft(t, nil)
	raw := rawMail("Luis", luis, "later +1d", "To: "+draft.replyTo(), "Subject: Re: x", "Message-ID: <twice@example.org>")
	for range 2 {
		if _, err := s.hand(luis, draft.replyTo(), raw); err != nil {
			t.Fatal(err)
		}
		s.tick()
	}
	if at := s.course().Changes.Moved["remote/weekly/1"]; !at.Equal(s.clock("2026-03-07 11:00")) || len(s.mails(luis, "draft_answer")) != 1 {
		t.Errorf("it goes out at %s, after %d answers", at, len(s.mails(luis, "draft_answer")))
	}
}

// TestLateAnswers: a draft can be answered when its mail is out, which changes nothing but the thanks that leave later.
func TestLateAnswers(t *testing.T) {
	s, draft := weeklyDraft(t, nil)
	s.advance("2026-03-06 12:00")
	n := len(s.mails(member(1), "weekly"))
	s.say(draft, luis, "send\nt1: Thank you for the call")
	saysAll(t, "the answer", s.last(luis, "draft_answer").text(), "it went out Friday 6 March", "in the plain form", "t1: Thank you for the call", "Too late for this mail: send")
	if state := s.weekly(); state.Edits.Thanks[1] != "Thank you for the call" || state.Stage != Sent {
		t.Errorf("it is %+v", state)
	}
	s.say(s.last(luis, "draft_answer"), luis, "say Hello")
	s.say(draft, luis, "skip")
	s.advance("2026-03-07 12:00")
	if got := len(s.mails(member(1), "weekly")); got != n {
		t.Errorf("it went out %d times", got)
	}
}

func TestBroughtBack(t *testing.T) {
	s, draft := weeklyDraft(t, nil)
	s.say(draft, luis, "skip")
	s.say(s.last(luis, "draft_answer"), luis, "send")
	s.advance("2026-03-06 12:00")
	if state := s.weekly(); state.Stage != Sent || state.Plain || len(s.course().Changes.Skipped) > 0 {
		t.Errorf("it is %+v", state)
	}
}

// TestWhatCameSince: an approved summary goes out as its draft showed it; what was written since is in the next.
func TestWhatCameSince(t *testing.T) {
	s, draft := weeklyDraft(t, nil)
	s.say(draft, luis, "send")
	s.reply(s.last(member(7), "kickoff"), member(7), "This one came after the draft was approved.")
	s.advance("2026-03-06 11:00")
	if text := s.last(member(1), "weekly").text(); strings.Contains(text, "came after the draft") || strings.Contains(text, "Nguyen Thi Lan") {
		t.Errorf("it went out as\n%s", text)
	}
	a, _, err := s.editor.snapshot("remote", "remote/midweek/2")
	if err != nil {
		t.Fatal(err)
	}
	posts, err := s.editor.posts(a)
	if err != nil {
		t.Fatal(err)
	}
	f, _ := s.editor.said(a, a.rows[5], posts, s.clock("2026-03-06 12:00"))
	if f.Counts.Posts != 1 || !f.From.Equal(s.weekly().Facts.Until) {
		t.Errorf("the next tells of %d posts from %s", f.Counts.Posts, f.From)
	}
}

func TestHandover(t *testing.T) {
	s, draft := weeklyDraft(t, nil)
	s.say(draft, luis, "handover noor@example.org")
	if m := s.last(noor, "draft"); !m.At.Equal(s.clock("2026-03-05 15:30")) {
		t.Errorf("Noor got the draft at %s", m.At)
	}
	s.say(s.last(noor, "draft"), noor, "send")
	s.advance("2026-03-06 11:00")
	if from := s.last(member(1), "weekly").message().Get("From"); !strings.Contains(from, "Noor Rahman via") {
		t.Errorf("it went out from %s", from)
	}
	s.advance("2026-03-06 15:00")
	if m := s.last(noor, "draft"); !strings.Contains(m.Subject, "Questions 2") {
		t.Errorf("the next draft went to somebody else: %s", s.outline())
	}
	s.say(s.last(noor, "draft"), noor, "handover mallory@example.net")
	if v := s.course().Changes.Voice.Address; v != noor {
		t.Errorf("a stranger speaks: %s", v)
	}
}

// TestEditWithinTheQuotation: people change the words of a draft where they are quoted.
func TestEditWithinTheQuotation(t *testing.T) {
	s, draft := weeklyDraft(t, nil)
	quoted := "> " + strings.ReplaceAll(draft.text(), "\n", "\n> ")
	if _, err := s.answerRaw(draft, luis, "edit\n\nOn Thursday, Peer Learning wrote:\n"+quoted); err != nil {
		t.Fatal(err)
	}
	s.tick()
	if state := s.weekly(); len(state.Edits.Whole) > 0 {
		t.Errorf("an unchanged quotation became the text %q", state.Edits.Whole)
	}
	saysAll(t, "the answer", s.last(luis, "draft_answer").text(), "found no new text")
	changed := strings.Replace(quoted, "This is what we heard this week", "This is what moved us this week", 1)
	if changed == quoted {
		t.Fatalf("the draft has another opening: %s", quoted)
	}
	if _, err := s.answerRaw(draft, luis, "edit\n\nOn Thursday, Peer Learning wrote:\n"+changed); err != nil {
		t.Fatal(err)
	}
	s.tick()
	saysAll(t, "the answer", s.last(luis, "draft_answer").text(), "This is what I understood", "This is what moved us this week")
	s.advance("2026-03-06 11:00")
	text := s.last(member(1), "weekly").text()
	if !strings.Contains(text, "This is what moved us this week") || strings.Contains(text, "⚙") || strings.Contains(text, "q1") || strings.Contains(text, "another experience?") || strings.Contains(text, "1. “phone") || strings.Contains(text, "later +1d") ||
		strings.Count(text, "Your reply goes to everyone") != 1 {
		t.Errorf("what went out is\n%s", text)
	}
}

// TestTheTextOfAnEvent: what follows an event goes only with the facilitator's own words, with what they attached.
func TestTheTextOfAnEvent(t *testing.T) {
	s := newStage(t, func(up *setUp) { up.List.AttachmentsOver = 200_000 })
	s.advance("2026-03-19 12:00")
	if n := len(s.mails("", "event_content")); n > 0 {
		t.Fatalf("%d went out without a text", n)
	}
	draft := s.last(luis, "draft")
	to := draft.replyTo()
	body := "--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe recording is at https://meet.example.org/r, 48 minutes.\r\nThirty-one of us came.\r\n--x\r\n" +
		"Content-Type: application/pdf; name=\"slides.pdf\"\r\nContent-Disposition: attachment; filename=\"slides.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--x--\r\n"
	raw := []byte("From: Luis <" + luis + ">\r\nTo: " + to + "\r\nSubject: Re: x\r\nMessage-ID: <slides@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + body)
	if _, err := s.hand(luis, to, raw); err != nil {
		t.Fatal(err)
	}
	s.tick()
	saysAll(t, "the answer", s.last(luis, "draft_answer").text(), "Thirty-one of us came.", "slides.pdf", "Goes out Thursday 19 March, 13:00")
	s.advance("2026-03-19 13:00")
	m := s.last(member(2), "event_content")
	saysAll(t, "the mail", m.text(), "https://meet.example.org/r", "Thirty-one of us came.")
	if files := m.message().Attachments(); len(files) != 1 || files[0].Name != "slides.pdf" {
		t.Errorf("it has the files %+v", files)
	}
	if got := len(s.mails("", "event_content")); got != 14 {
		t.Errorf("it went to %d", got)
	}
}

// TestWhatIsNoText: what somebody writes to one person, or to ask for time, never becomes a mail to all.
func TestWhatIsNoText(t *testing.T) {
	asked := newStage(t, nil)
	asked.advance("2026-03-18 16:00")
	begin := asked.scene()
	for text, want := range map[string]string{
		"Dear Noor, my father died on Sunday and I cannot write this. Could you do it in my place?": "notice",
		"Hi Luis, shall we wait for the slides?":                                                    "draft_answer",
		"Who has the link?":                                                                         "notice",
		"send":                                                                                      "draft_answer",
		"Please wait until the ministry has agreed.":                                                "draft_answer",
	} {
		s := newStage(t, func(up *setUp) { up.From = begin })
		s.say(s.last(luis, "draft"), luis, text)
		if m := s.last(luis, want); !m.At.Equal(s.time()) {
			t.Errorf("%q: the %s is of %s", text, want, m.At)
		}
		s.advance("2026-03-20 12:00")
		if n := len(s.mails("", "event_content")); n > 0 || s.course().Rows["remote/event_content/1"].Content != "" {
			t.Errorf("%q went out to %d", text, n)
		}
	}
}

// TestMovedDatesAreTold: once it is announced, a moved date is in the next mail, once.
func TestMovedDatesAreTold(t *testing.T) {
	s, draft := weeklyDraft(t, nil)
	s.say(draft, luis, "send")
	s.advance("2026-03-06 11:30")
	a, err := s.affair()
	if err != nil {
		t.Fatal(err)
	}
	closing, _ := a.rowOf("remote/closing/1")
	err = s.editor.change("remote", func(_ list.Tx, a *affair) error {
		a.course.Changes.Moved = map[string]time.Time{closing.Key: s.clock("2026-03-16 11:00")}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.advance("2026-03-09 09:00")
	if text := s.last(member(1), "questions").text(); !strings.Contains(text, "Changed") || !strings.Contains(text, "Monday 16 March") {
		t.Errorf("the second round does not tell of it:\n%s", text)
	}
	if a, err = s.affair(); err != nil || len(a.moved(closing)) > 0 {
		t.Errorf("it would be told again: %v, %v", a.moved(closing), err)
	}
}

// affair is the discussion as it is now.
func (s *stage) affair() (a *affair, err error) {
	err = s.Store.View(func(r list.Reader) (err error) { a, err = s.editor.find(r, "remote"); return err })
	return a, err
}

func TestAHundredAnswersAtOnce(t *testing.T) {
	s, draft := weeklyDraft(t, nil)
	var all sync.WaitGroup
	failed := make(chan error, 100)
	for i := range 100 {
		raw := rawMail("Luis", luis, fmt.Sprintf("ask Question %d?", i), "To: "+draft.replyTo(), "Subject: Re: x", fmt.Sprintf("Message-ID: <%d@example.org>", i))
		all.Go(func() {
			_, err := s.hand(luis, draft.replyTo(), raw)
			failed <- err
		})
	}
	all.Wait()
	close(failed)
	for err := range failed {
		if err != nil {
			t.Error(err)
		}
	}
	s.tick()
	if got := len(s.weekly().Edits.Ask); got != 100 || len(s.mails(luis, "draft_answer")) != 100 {
		t.Errorf("%d questions, %d answers", got, len(s.mails(luis, "draft_answer")))
	}
}

func TestItemsOfADraft(t *testing.T) {
	s, _ := weeklyDraft(t, nil)
	a, row, err := s.editor.snapshot("remote", "remote/weekly/1")
	if err != nil {
		t.Fatal(err)
	}
	state := a.state(row.Key)
	d := &draftReply{a: a, row: row, s: &state}
	f := state.Facts
	for l, want := range map[draftLabel]bool{{0, 1}: true, {0, len(f.Themes)}: true, {0, len(f.Themes) + 1}: false, {0, 0}: false, {'t', len(f.Thanks)}: true, {'t', len(f.Thanks) + 1}: false,
		{'q', 1}: true, {'q', 99}: false, {'n', 1}: false} {
		if d.has(l) != want {
			t.Errorf("%c%d is there: %v", l.kind, l.n, !want)
		}
	}
	d.row.Kind = plan.Announcement
	if d.has(draftLabel{0, 1}) {
		t.Error("an announcement has a theme")
	}
}

// TestTheOthersHearOfADecision: who has a draft hears when somebody else decides on it, and who speaks hears of every change in their name; nobody hears twice.
func TestTheOthersHearOfADecision(t *testing.T) {
	s, draft := weeklyDraft(t, nil)
	s.advance("2026-03-06 08:00") // nobody has answered: Noor has it, too
	got := func(to string) (all []string) {
		for _, m := range s.mails(to, "notice") {
			all = append(all, m.Subject+"\n"+strings.Join(strings.Fields(m.text()), " "))
		}
		return all
	}
	s.say(draft, luis, "send")
	if all := got(noor); len(all) != 1 {
		t.Fatalf("Noor is told %d times: %q", len(all), all)
	}
	contains(t, "what Noor reads", got(noor)[0], []string{"Decided: the summary of week 1", "Luis Prieto has answered the draft of the summary of week 1: “send”.", "It goes out Friday 6 March, 11:00", "Nothing is left for you to do. Reply hold"})
	s.say(draft, luis, "drop q1")
	s.say(draft, luis, "Thank you!")
	if all := got(noor); len(all) != 1 || len(s.mails(luis, "draft_answer")) != 2 {
		t.Errorf("a change to what is decided is told: %q, or thanks are answered: %d", all, len(s.mails(luis, "draft_answer")))
	}
	s.say(s.last(noor, "notice"), noor, "rename 1 Call first")
	s.say(s.last(noor, "notice"), noor, "hold")
	if all := got(luis); len(all) != 2 || !strings.Contains(all[0], "“rename 1 Call first”") || !strings.Contains(all[1], "It waits until somebody says “send”") {
		t.Errorf("Luis reads %q", all)
	}
	plans := len(s.mails(noor, "plan"))
	s.say(draft, luis, "later monday\nsend")
	s.count(noor, "plan", plans+1)
	if all := got(noor); len(all) != 1 {
		t.Errorf("with the plan Noor is told: %q", all)
	}
	last := s.mails(luis, "plan")
	s.advance("2026-03-06 12:00")
	s.count(luis, "plan", len(last)) // they have the answer to their draft
}
