package list

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

func (t *turn) setSummary(string) error { return t.setMode(ModeSummary) }

// setDigest gives a member the posts of a day in one mail: at the time of day that stands there, or at the list's.
func (t *turn) setDigest(arg string) error {
	if !t.isMember() {
		return nil
	}
	if t.list.NoDigest && t.member.Mode != ModeDigest {
		t.say("no-digest")
		return nil
	}
	if arg != "" {
		at, ok := digestTime(arg)
		if !ok {
			t.say("no-time", "asked", shownLine(arg))
			return nil
		}
		t.member.DigestAt = at
	}
	t.member.Mode = ModeDigest
	t.say("mode-digest", "at", shownDigestTime(t.member.DigestAt), "timezone", t.zoneOf(t.member).String())
	return t.change()
}

// timePattern is a time of day as people write it.
var timePattern = regexp.MustCompile(`^(\d{1,2})(?:[:.h](\d{2})?)?$`)

// digestTime reads when somebody wants their digest, as Member.DigestAt has it: a time of day, or "list" for when the list's goes out.
func digestTime(s string) (int, bool) {
	s = strings.ToLower(s)
	if s == "list" {
		return 0, true
	}
	m := timePattern.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	hour, _ := strconv.Atoi(m[1]) // both are digits
	minute, _ := strconv.Atoi(m[2])
	if hour > 23 || minute > 59 {
		return 0, false
	}
	return hour*60 + minute + 1, true
}

// shownDigestTime is a time of digestTime as people read it; empty: the list's.
func shownDigestTime(at int) string {
	if at == 0 {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", (at-1)/60, (at-1)%60)
}

// The forms of digests, as they are asked for.
const (
	formatText  = "text"
	formatHTML  = "html"
	formatWhole = "mime"
)

// format is the form in which digests go to a member.
func (m *Member) format() string {
	switch {
	case m.Whole:
		return formatWhole
	case m.HTML:
		return formatHTML
	}
	return formatText
}

// setFormat reads the name of a form.
func (m *Member) setFormat(name string) bool {
	if name != formatText && name != formatHTML && name != formatWhole {
		return false
	}
	m.HTML, m.Whole = name == formatHTML, name == formatWhole
	return true
}

// choose does a setting that is one of a few words: set says whether there is such a word.
func (t *turn) choose(arg, phrase, known string, set func(word string) bool) error {
	if !t.isMember() {
		return nil
	}
	word := strings.ToLower(arg)
	if !set(word) {
		t.say("no-choice", "asked", shownLine(arg), "known", known)
		return nil
	}
	t.say(phrase + word)
	return t.change()
}

func (t *turn) setFormat(arg string) error {
	return t.choose(arg, "format-", "text, html, mime", func(w string) bool { return t.member.setFormat(w) })
}

func (t *turn) setThanks(arg string) error {
	return t.choose(arg, "thanks-", "public, private", func(w string) bool { return t.member.setThanks(w) })
}

func (t *turn) setQuote(arg string) error {
	return t.choose(arg, "quote-", "yes, ask, no", func(w string) bool { return t.member.setQuote(w) })
}

// setThanks reads whether somebody is thanked before all.
func (m *Member) setThanks(word string) bool {
	if word != "public" && word != "private" {
		return false
	}
	m.PrivateThanks = word == "private"
	return true
}

// setQuote reads whether somebody may be quoted.
func (m *Member) setQuote(word string) bool {
	q, ok := map[string]Quoting{"yes": QuoteYes, "ask": QuoteAsk, "no": QuoteNo}[word]
	if ok {
		m.Quote = q
	}
	return ok
}

// Settings are what a member has chosen beside their mode, language and zone, each under the name by which it is set, in the words that set it.
func (m *Member) Settings() [][2]string {
	onOff := map[bool]string{true: "on", false: "off"}
	all := [][2]string{{"digest", cmp.Or(shownDigestTime(m.DigestAt), "list")}, {"format", m.format()}, {"attachments", onOff[!m.NoAttachments]}, {"max size", "none"}, {"own posts", cmp.Or(string(m.Own), "list")},
		{"follow", onOff[m.Follow]}, {"duplicates", onOff[!m.NoDuplicates]}, {"thanks", map[bool]string{true: "private", false: "public"}[m.PrivateThanks]}, {"quote", m.shownQuote()}}
	if m.MaxSize > 0 {
		all[3][1] = shownSize(m.MaxSize, "")
	}
	return all
}

// shownQuote is how somebody may be quoted, in the word for it.
func (m *Member) shownQuote() string {
	if m.Quote == QuoteYes {
		return "yes"
	}
	return string(m.Quote)
}

// catchUp has what a member missed sent to them: since a day, or since they were last here.
func (t *turn) catchUp(arg string) error {
	if !t.isMember() {
		return nil
	}
	if t.e.Schedule == nil {
		t.say("later")
		return nil
	}
	var since time.Time
	if day := dayPattern.FindString(arg); day != "" {
		at, err := time.ParseInLocation(time.DateOnly, day, t.zoneOf(t.member))
		if err != nil || at.After(t.now) {
			t.say("no-past", "asked", day)
			return nil
		}
		since = at
	}
	t.say("catchup")
	return t.oweCatchUp(since, false)
}

// record has what a member has done on the list sent to them, by whoever runs its discussions.
func (t *turn) record(string) error { return t.answered("record") }

// toCome has the events to come sent to a member.
func (t *turn) toCome(string) error { return t.answered("events") }

// answered has what the schedule knows of something sent to a member, and says so.
func (t *turn) answered(what string) error {
	if !t.isMember() {
		return nil
	}
	if t.e.Schedule == nil {
		t.say("later")
		return nil
	}
	letter, err := t.e.Schedule.Answer(t.tx, t.list, t.member, what, t.now)
	if err != nil || letter == nil {
		return err
	}
	t.say(what)
	_, err = t.tx.PutNote(Note{List: t.rec.ID, Text: "letter", To: t.from.Addr, ToName: t.member.Name, Language: t.member.Language, Letter: letter, Answers: true, Created: t.now})
	return err
}

// catchUpOwed is what the log says, once it is so, when somebody is to be sent what they missed.
const catchUpOwed = "catch-up owed"

func (t *turn) oweCatchUp(since time.Time, back bool) error {
	if t.e.Schedule == nil {
		return nil
	}
	err := t.e.Schedule.CatchUp(t.tx, t.list, t.member, since, back, t.now)
	if err == nil {
		t.log(catchUpOwed)
	}
	return err
}
