package list

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// nameLimit is how long the name of a member may be, in octets: it stands in To fields.
const nameLimit = 200

func (t *turn) help(string) error { t.helped = true; return nil }

// settings asks for what every answer has.
func (t *turn) settings(string) error { t.isMember(); return nil }

func (t *turn) setEach(string) error    { return t.setMode(ModeEach) }
func (t *turn) setSpecial(string) error { return t.setMode(ModeSpecial) }
func (t *turn) setNoMail(string) error  { return t.setMode(ModeNoMail) }

func (t *turn) setMode(mode Mode) error {
	if !t.isMember() {
		return nil
	}
	t.member.Mode = mode
	t.say("mode-" + string(mode))
	return t.change()
}

func (t *turn) setLanguage(arg string) error {
	if !t.isMember() {
		return nil
	}
	known, ok := t.knownLanguage(arg)
	if !ok {
		t.say("no-language", "asked", shownLine(arg), "known", strings.Join(t.languages(), ", "))
		return nil
	}
	t.member.Language = known
	t.say("language")
	return t.change()
}

// knownLanguage reads the name of a language that there is here.
func (t *turn) knownLanguage(arg string) (string, bool) {
	tag, err := language.Parse(arg)
	if err != nil {
		return "", false
	}
	return tag.String(), slices.ContainsFunc(t.languages(), func(k string) bool { return strings.EqualFold(k, tag.String()) })
}

// languages are those in which notices are written, and those of the list.
func (t *turn) languages() []string {
	all := append(t.site.Texts.Languages(), t.list.Language)
	for _, l := range append(all, t.list.Languages...) {
		if l != "" && !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(l string) bool { return l == "" })
}

func (t *turn) languageOf(m *Member) string {
	if m.Language != "" {
		return m.Language
	}
	return t.list.Language
}

func (t *turn) setTimezone(arg string) error {
	if !t.isMember() {
		return nil
	}
	zone, ok := knownZone(arg)
	if !ok {
		t.say("no-timezone", "asked", shownLine(arg))
		return nil
	}
	t.member.Timezone = zone
	t.say("timezone")
	return t.change()
}

// knownZone reads the name of a time zone that there is.
func knownZone(arg string) (string, bool) {
	zone, err := time.LoadLocation(arg)
	if err != nil || arg == "Local" {
		return "", false
	}
	return zone.String(), true
}

// zoneOf is the time zone that a member's days are in.
func (t *turn) zoneOf(m *Member) *time.Location {
	if m.Timezone != "" {
		if zone, err := time.LoadLocation(m.Timezone); err == nil {
			return zone
		}
	}
	return t.list.zone()
}

func (t *turn) setName(arg string) error {
	if !t.isMember() {
		return nil
	}
	t.member.Name = memberName(arg)
	t.say("name")
	return t.change()
}

// memberName is a name as it is kept: one line, no controls, not too long.
func memberName(s string) string {
	s = strings.Join(strings.Fields(plainText(plainLine(s))), " ")
	if len(s) > nameLimit {
		s = strings.ToValidUTF8(s[:nameLimit], "")
	}
	return s
}

func (t *turn) setOwn(arg string) error {
	if !t.isMember() {
		return nil
	}
	t.member.Own = ChooseNo
	if strings.EqualFold(arg, "on") {
		t.member.Own = ChooseYes
	}
	t.say("own-" + string(t.member.Own))
	return t.change()
}
