package list

import (
	"strconv"
	"strings"

	"convene/list/message"
)

// attachments takes out what the list does not send to everybody, and what a member who wants light mail does not get. The text says what it was.
func attachments(d *Draft) {
	s := d.Style
	d.body.Light, d.body.Taken, d.body.Why = d.Form.Light, s.takenLine, d.whyTaken
	policy := s.Attachments == LibraryAttachments || s.Attachments == StripAttachments
	if policy || s.AttachmentsOver > 0 {
		d.body.Take = func(a message.Attachment) bool { return policy || a.Size > s.AttachmentsOver }
	}
}

// whyTaken says which setting takes an attachment out.
func (d *Draft) whyTaken(a message.Attachment) string {
	s := d.Style
	switch {
	case s.Attachments == LibraryAttachments || s.Attachments == StripAttachments:
		return "the list has attachments = " + strconv.Quote(string(s.Attachments))
	case s.AttachmentsOver > 0 && a.Size > s.AttachmentsOver:
		return "it has " + sizeIn(a.Size, "") + ", and attachments_over is " + sizeIn(s.AttachmentsOver, "")
	}
	return "this member's copies are light"
}

// footer puts the list's footer below the text, once.
func footer(d *Draft) { d.body.Footer = d.Style.Footer }

// body makes all these changes. A list that changes nothing else changes no octet here either, however long the lines are.
func body(d *Draft) {
	d.body.Fit = len(d.Style.Rewrites()) > 0 || d.Form.Light
	b := d.Message.ChangeBody(d.body)
	d.edit.Change(b)
	for _, n := range b.Notes {
		d.note(n)
	}
}

// freezeWords settles in which words the text says what was taken out of it.
func (s *Style) freezeWords(texts *Texts, language string) {
	if texts == nil {
		texts = builtTexts()
	}
	say := func(to *string, phrase string, values map[string]string) {
		said, err := texts.phrase(phrase, []string{language}, values)
		if err != nil { // then there is none that is built in, either
			return
		}
		*to = said
	}
	values := map[string]string{"name": "{name}", "size": "{size}"}
	say(&s.Taken, "taken", values)
	values["link"] = "{link}"
	say(&s.TakenLinked, "taken", values)
	say(&s.Sizes, "sizes", nil)
}

// takenLine is what the text says of one attachment that was taken out.
func (s *Style) takenLine(a message.Attachment) string {
	text, link := s.Taken, ""
	if _, inLibrary := s.takes(a.Size); s.Files != "" && inLibrary {
		text, link = s.TakenLinked, s.Files+a.Path()
	}
	return strings.NewReplacer("{name}", a.Name, "{size}", sizeIn(a.Size, s.Sizes), "{link}", link).Replace(text)
}

// sizeIn writes a number of octets for people: "850 kB", "1.2 MB". words is as in Style.Sizes.
func sizeIn(octets int64, words string) string {
	units := sizeUnits(words)
	tenths, unit := octets*10, 1
	for tenths >= 10_000 && unit < len(units)-1 {
		tenths, unit = (tenths+500)/1000, unit+1
	}
	n := strconv.FormatInt((tenths+5)/10, 10)
	if unit > 1 && tenths < 100 && tenths%10 != 0 {
		n = strconv.FormatInt(tenths/10, 10) + strings.Trim(units[0], "0123456789") + strconv.FormatInt(tenths%10, 10)
	}
	return n + " " + units[unit]
}

// sizeUnits are a tenth as it is written, and the names of units from octets up. A site's own text that has others gives way to English.
func sizeUnits(words string) []string {
	if units := strings.Fields(words); len(units) == 5 {
		return units
	}
	return []string{"0.1", "bytes", "kB", "MB", "GB"}
}
