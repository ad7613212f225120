package mailer

import "strings"

// dsnBlock is one block of fields of a delivery-status part (RFC 3464 §2.1): names in lower case, the first of each name counts.
type dsnBlock map[string]string

// isRecipient reports whether the block is about a recipient, not about the message.
func (b dsnBlock) isRecipient() bool {
	return b["final-recipient"] != "" || b["original-recipient"] != "" || b["action"] != ""
}

// splitBlocks splits at blank lines, and where a field of a recipient comes a second time: some leave the blank line out. A block without a
// recipient that follows one without an Action belongs to it: some put a blank line into the middle.
func splitBlocks(text string) []dsnBlock {
	var blocks []dsnBlock
	cur := make(dsnBlock)
	end := func() {
		if len(cur) == 0 {
			return
		}
		n := len(blocks)
		nameless := cur["final-recipient"] == "" && cur["original-recipient"] == ""
		if nameless && n > 0 && blocks[n-1]["final-recipient"] != "" && blocks[n-1]["action"] == "" {
			for name, value := range cur {
				blocks[n-1][name] = value
			}
		} else {
			blocks = append(blocks, cur)
		}
		cur = make(dsnBlock)
	}
	for _, field := range splitFields(text) {
		if field.name == "" {
			end()
			if len(blocks) > maxEvents {
				break
			}
			continue
		}
		if cur[field.name] != "" && (field.name == "final-recipient" || field.name == "original-recipient" || field.name == "action") {
			end()
		}
		if cur[field.name] == "" {
			cur[field.name] = field.value
		}
	}
	end()
	return blocks
}

// dsnField is one field, unfolded; without a name it stands for a blank line.
type dsnField struct{ name, value string }

func splitFields(text string) []dsnField {
	var fields []dsnField
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		n := len(fields)
		if line == "" {
			fields = append(fields, dsnField{})
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		name = strings.ToLower(strings.TrimLeft(name, " \t"))
		folded := line[0] == ' ' || line[0] == '\t'
		if ok && isFieldName(name) && (!folded || statusFields[name]) {
			fields = append(fields, dsnField{name, strings.TrimSpace(value)})
		} else if n > 0 && fields[n-1].name != "" && len(fields[n-1].value) < 4096 { // folded, or a line that should have been
			fields[n-1].value += " " + strings.TrimSpace(line)
		}
	}
	return fields
}

// statusFields are taken for fields also where white space stands before them: the rest of such a line is text of the field above.
var statusFields = map[string]bool{"original-recipient": true, "final-recipient": true, "action": true, "status": true, "remote-mta": true,
	"diagnostic-code": true, "last-attempt-date": true, "final-log-id": true, "will-retry-until": true, "reporting-mta": true,
	"received-from-mta": true, "arrival-date": true, "original-envelope-id": true, "dsn-gateway": true, "x-actual-recipient": true}

func isFieldName(name string) bool {
	if name == "" || len(name) > 60 {
		return false
	}
	for i := 0; i < len(name); i++ {
		if c := name[i]; !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}
