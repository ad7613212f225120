package list

import (
	"regexp"
	"strconv"
	"strings"
)

// sizePattern is a size as people write it.
var sizePattern = regexp.MustCompile(`^(\d{1,9})(k|kb|m|mb)?$`)

// memberSize reads the size beyond which a member wants the text alone, in octets; zero: they take any.
func memberSize(s string) (int64, bool) {
	s = strings.ToLower(s)
	if s == "off" || s == "none" {
		return 0, true
	}
	m := sizePattern.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return 0, false
	}
	unit := map[string]int64{"": 1e3, "k": 1e3, "kb": 1e3, "m": 1e6, "mb": 1e6}[m[2]]
	if n == 0 || n > 1e12/unit {
		return 0, false
	}
	return n * unit, true
}

// shownSize is a size of memberSize as people read it, and exactly that: what sizeIn rounds would be another limit than they asked for. words is as in
// Style.Sizes.
func shownSize(octets int64, words string) string {
	units := sizeUnits(words)
	if octets%1e6 == 0 {
		return strconv.FormatInt(octets/1e6, 10) + " " + units[3]
	}
	return strconv.FormatInt(octets/1e3, 10) + " " + units[2]
}

func (t *turn) setDuplicates(arg string) error {
	if !t.isMember() {
		return nil
	}
	t.member.NoDuplicates = isOff(arg)
	t.say("duplicates-" + onOff(!t.member.NoDuplicates))
	return t.change()
}

func (t *turn) setAttachments(arg string) error {
	if !t.isMember() {
		return nil
	}
	t.member.NoAttachments = isOff(arg)
	t.say("attachments-"+onOff(!t.member.NoAttachments), "max", t.sizeOf(t.member))
	return t.change()
}

func (t *turn) setMax(arg string) error {
	if !t.isMember() {
		return nil
	}
	t.member.MaxSize, _ = memberSize(strings.ReplaceAll(arg, " ", ""))
	if t.member.MaxSize == 0 {
		t.say("max-none")
	} else {
		t.say("max", "max", t.sizeOf(t.member), "attachments", yes(!t.member.NoAttachments))
	}
	return t.change()
}

// sizeOf is the size beyond which a member wants the text alone, as people read it; empty: they take any.
func (t *turn) sizeOf(m *Member) string {
	if m.MaxSize == 0 {
		return ""
	}
	return shownSize(m.MaxSize, t.e.sizeWords(t.languageOf(m)))
}

func isOff(arg string) bool { return strings.EqualFold(arg, "off") }

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
