package digest

import (
	"strings"
	"time"
	"unicode"

	"convene/digest/letter"
	"convene/list"
	"convene/list/message"
)

// textGrace is how long a text that came behind its mail's time can still be stopped.
const textGrace = time.Hour

// textLeast is how long a text is at least, in octets, that is meant for everybody and has no link.
const textLeast = 60

// isText reports whether an answer is the text that a mail waits for: what is not orders alone, and not meant for one person. "Dear Noor, can you do this?" is
// passed on, and never becomes a mail to all.
func (d *draftReply) isText() bool {
	if strings.TrimSpace(d.own) == "" || d.addresses() {
		return false
	}
	linked := strings.Contains(d.own, "://") || len(d.h.Message.Attachments()) > 0
	if len(d.said.orders) == 0 || d.said.waits {
		return linked || len(d.own) >= textLeast && !strings.HasSuffix(strings.TrimSpace(d.own), "?") && !(d.said.waits && len(d.own) < 4*textLeast)
	}
	for _, o := range d.said.orders {
		switch o.verb {
		case verbHold, verbSkip, verbHandover, verbEdit:
			return false
		case verbSay:
			return len(d.said.orders) == 1 && len(d.said.loose) == 0 && o.language == ""
		}
	}
	return len(d.said.loose) > 0 && (linked || len(d.own) >= textLeast)
}

// addresses reports whether the first line greets one of who facilitate, or the writer speaks to us.
func (d *draftReply) addresses() bool {
	line, _, _ := strings.Cut(strings.TrimSpace(d.own), "\n")
	words := strings.FieldsFunc(foldText(line), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
	if len(words) < 2 || !courtesies[words[0]] {
		return false
	}
	for _, f := range d.a.facilitators() {
		if p, err := d.a.person(d.tx, f); err == nil && sameName(p.Name, words[1]) {
			return true
		}
	}
	return words[1] == "convene"
}

// takeText takes the text of a mail that never goes out without. It goes at its time; where that is over, in an hour, so that it can still be stopped.
func (d *draftReply) takeText() error {
	text := d.own
	if len(d.said.orders) == 1 && d.said.orders[0].verb == verbSay {
		text = d.said.orders[0].text
	}
	d.s.Content, d.s.By, d.s.Stage = text, d.who.Address, Approved
	if d.a.goesOut(d.row).Before(d.now.Add(textGrace)) {
		hours, err := d.a.hours(d.tx, d.who.Address)
		if err != nil {
			return err
		}
		d.s.Due = hours.NextOpen(d.now.Add(textGrace))
	}
	if _, whole := d.h.Message.OwnWhole(); !whole {
		d.remarks = append(d.remarks, letter.Remark{What: letter.RemarkTorn})
	}
	if err := d.keepFiles(); err != nil {
		return err
	}
	d.understood = true
	return d.answer()
}

// papersOfFiles is where the files of a mail's text stand until it goes out.
const papersOfFiles = "files/"

// keepFiles keeps the mail that files came with: they go out with the text, and to the library.
func (d *draftReply) keepFiles() error {
	files := attachedTo(d.h.Message)
	if len(files) == 0 {
		return nil
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	d.s.Files = names
	d.remarks = append(d.remarks, letter.Remark{What: letter.RemarkFiles, Text: strings.Join(names, ", ")})
	return d.tx.PutPaper(d.a.rec.ID, papersOfFiles+d.row.Key, d.h.Raw)
}

// filesOf are the files that go out with a mail.
func (e *Editor) filesOf(r list.Reader, a *affair, key string) ([]list.Attached, error) {
	if len(a.state(key).Files) == 0 {
		return nil, nil
	}
	raw, err := r.Paper(a.rec.ID, papersOfFiles+key)
	if err != nil {
		return nil, err
	}
	return attachedTo(message.Parse(raw)), nil
}
