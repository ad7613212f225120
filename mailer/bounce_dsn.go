package mailer

import (
	"strings"

	"convene/list"
)

// deliveryStatus reads a delivery status notification (RFC 3464, RFC 6533).
func (r *returned) deliveryStatus() (list.BounceReport, bool) {
	if strings.TrimSpace(r.status) == "" {
		return list.BounceReport{}, false
	}
	return r.blocks(r.status, "rfc3464")
}

// statusInText reads one whose fields stand in the text: of a gateway that undid the MIME structure, or of a server that thinks of it as prose.
func (r *returned) statusInText() (list.BounceReport, bool) {
	if !r.automatic() {
		return list.BounceReport{}, false
	}
	for i, line := range r.text.lines {
		if isStatusLine(line) {
			return r.blocks(strings.Join(r.text.lines[i:], "\n"), "rfc3464-text")
		}
	}
	return list.BounceReport{}, false
}

// enclosedStatus reads the notification in a mail around it, as a gateway makes it that cannot say a word itself.
func (r *returned) enclosedStatus() (list.BounceReport, bool) {
	outer := -1
	for i, p := range r.parts {
		if p.Enclosed && p.Whole && outer < 0 {
			if outer = i; p.Media != "multipart/report" {
				break
			}
		}
		if p.Enclosed && p.Leaf && p.Media == "message/delivery-status" {
			return r.blocks(p.Text(maxStatus), "rfc3464-enclosed")
		}
	}
	return list.BounceReport{}, false
}

// isStatus reports whether text holds the fields of a delivery-status part.
func isStatus(text string) bool {
	for line := range strings.Lines(text[:min(len(text), 4096)]) {
		if isStatusLine(line) {
			return true
		}
	}
	return false
}

func isStatusLine(line string) bool {
	name, value, ok := strings.Cut(line, ":")
	if !ok || strings.TrimSpace(value) == "" {
		return false
	}
	switch strings.ToLower(strings.TrimLeft(name, " \t")) {
	case "final-recipient", "original-recipient", "reporting-mta":
		return true
	}
	return false
}

// blocks makes a report of the fields in text.
func (r *returned) blocks(text, format string) (list.BounceReport, bool) {
	report := list.BounceReport{Format: format}
	kinds := make(map[list.BounceKind]bool)
	last := ""
	blocks := splitBlocks(text)
	for _, b := range blocks {
		if id := b["original-envelope-id"]; id != "" && r.envelope == "" {
			r.envelope = decodeXtext(id)
		}
		if !b.isRecipient() || len(report.Events) == maxEvents {
			continue
		}
		kind, event := r.block(b, len(blocks) <= 2)
		if event.Address == "" && last != "" { // QUIRK: a second block that goes on about the same one
			continue
		}
		last = event.Address
		kinds[kind] = true
		report.Events = append(report.Events, event)
	}
	for _, kind := range []list.BounceKind{list.BounceFailure, list.BounceDelay, list.BounceDelivered} {
		if kinds[kind] {
			report.Kind = kind
			return report, true
		}
	}
	return report, false
}

// block reads what one block says about its recipient.
func (r *returned) block(b dsnBlock, only bool) (list.BounceKind, list.BounceEvent) {
	event := list.BounceEvent{Address: recipientOf(b["original-recipient"], true)}
	if event.Address == "" {
		event.Address = recipientOf(b["final-recipient"], false)
	}
	if event.Address == "" {
		event.Address = recipientOf(b["x-actual-recipient"], false)
	}
	diagnostic := b["diagnostic-code"]
	if kind, rest, ok := strings.Cut(diagnostic, ";"); ok && isFieldName(strings.ToLower(strings.TrimSpace(kind))) {
		diagnostic = strings.TrimSpace(rest)
	}
	event.Status = cutStatus(b["status"])
	quoted, code := replyIn(diagnostic)
	event.Code = code
	if quoted != "" && says(quoted) >= says(event.Status) {
		event.Status = quoted
	}
	kind := actionKind(b["action"], event.Status)
	event.Text = oneDiagnostic(b["remote-mta"], diagnostic)
	if kind == list.BounceFailure {
		r.failed(&event, diagnostic+" "+trailing(b["status"])+" "+trailing(b["action"]), only)
	}
	return kind, event
}

// trailing is what stands behind the first word of a field: a comment, for people.
func trailing(value string) string {
	_, rest, _ := strings.Cut(value, " ")
	return rest
}

// failed classifies what happened to one recipient: by what the server said and, where that says little, by what the text for people says about it;
// all of that text if it is the only one.
func (r *returned) failed(event *list.BounceEvent, diagnostic string, only bool) {
	class, known := classify(event.Status, event.Code, diagnostic)
	if !known {
		text := r.text.about(event.Address)
		if only && text == "" {
			text = r.text.text(0, len(r.text.lines))
		}
		status, code := replyIn(text)
		if says(status) > says(event.Status) {
			event.Status = status
		}
		if event.Code == 0 {
			event.Code = code
		}
		if better, known := classify(event.Status, event.Code, diagnostic+" "+text); known {
			class = better
		}
		if event.Text == "" {
			event.Text = oneDiagnostic("", text)
		}
	}
	event.Class = class
}

// actionKind reads an Action, which may have anything behind its word. One that nobody knows is told from the code: only a permanent one is a failure.
func actionKind(action, status string) list.BounceKind {
	action = strings.ToLower(strings.TrimSpace(action))
	for _, known := range actions {
		if strings.HasPrefix(action, known.word) {
			return known.kind
		}
	}
	switch {
	case strings.HasPrefix(status, "5"):
		return list.BounceFailure
	case strings.HasPrefix(status, "4"):
		return list.BounceDelay
	case strings.HasPrefix(status, "2"):
		return list.BounceDelivered
	}
	return list.BounceUnknown
}

// actions are the words of RFC 3464 §2.3.3, cut to what all their forms have in common, and what is written instead of "failed".
var actions = []struct {
	word string
	kind list.BounceKind
}{
	{"fail", list.BounceFailure}, {"bounce", list.BounceFailure}, {"reject", list.BounceFailure}, {"expire", list.BounceFailure}, {"error", list.BounceFailure},
	{"delay", list.BounceDelay}, {"deliver", list.BounceDelivered}, {"relay", list.BounceDelivered}, {"expand", list.BounceDelivered},
}

// oneDiagnostic is a diagnostic in one line, with the server that gave it.
func oneDiagnostic(remote, text string) string {
	if _, host, ok := strings.Cut(remote, ";"); ok {
		remote = host
	}
	text = strings.Join(strings.Fields(text), " ")
	if words := strings.Fields(remote); len(words) > 0 && text != "" && !strings.Contains(strings.ToLower(text), strings.ToLower(words[0])) {
		text = words[0] + ": " + text
	}
	if len(text) > maxDiagnostic {
		text = strings.ToValidUTF8(text[:maxDiagnostic], "")
	}
	return text
}
