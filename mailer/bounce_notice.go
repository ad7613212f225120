package mailer

import (
	"sort"
	"strings"

	"convene/list/message"
)

// notice is the text of a report as people read it, without the copy of the original that mostly follows.
type notice struct {
	from, subject, mailer string // of the header; decoded, in lower case
	lines                 []string
	// folded is all lines in lower case with one space for each run of white space, so that a phrase is found however it was wrapped; line i starts
	// at starts[i]. It begins with a space, and so does each line.
	folded   string
	starts   []int
	original *message.Message // the header of the copy that was cut off; nil: none
}

func newNotice(m *message.Message, text string) notice {
	n := notice{
		from:    strings.ToLower(message.Decode(m.Get("From"))),
		subject: strings.ToLower(m.Subject()),
		mailer:  strings.ToLower(m.Get("X-Mailer")),
	}
	n.lines = strings.Split(text, "\n")
	qsbmf := false
	for i, line := range n.lines {
		qsbmf = qsbmf || headed(line) != ""
		next := copyStart(line)
		if next < 0 && qsbmf && strings.HasPrefix(line, "--- ") { // its break paragraph, in any language
			next = 1
		}
		if next >= 0 {
			rest := strings.TrimLeft(strings.Join(n.lines[i+next:], "\n"), "\n \t")
			if o := message.Parse([]byte(rest)); o.Malformed < len(o.Fields) {
				n.original = o
			}
			n.lines = n.lines[:i]
			break
		}
	}
	var b strings.Builder
	n.starts = make([]int, len(n.lines))
	for i, line := range n.lines {
		n.lines[i] = strings.TrimRight(line, " \t\r")
		n.starts[i] = b.Len()
		for word := range strings.FieldsSeq(line) {
			b.WriteByte(' ')
			b.WriteString(strings.ToLower(word))
		}
	}
	n.folded = b.String()
	return n
}

// copyStart reports whether the copy of the original starts here: with this line (0), or behind it (1); -1 if it does not.
func copyStart(line string) int {
	if line == "" {
		return -1
	}
	for _, name := range []string{"Return-Path:", "Return-path:", "Received:", "DKIM-Signature:"} {
		if strings.HasPrefix(line, name) {
			return 0
		}
	}
	if len(line) > 120 {
		return -1
	}
	low := strings.ToLower(strings.TrimSpace(line))
	for _, mark := range copyMarks {
		if strings.Contains(low, mark) {
			return 1
		}
	}
	return -1
}

// copyMarks stand, in lower case, in the line above a copy of the original.
var copyMarks = []string{"below this line is a copy", "original message follows", "--- original message", "this is a copy of ", "unsent message follows",
	"message header follows", "message headers follow", "message headers:", "header of the original message", "enclosed is a copy of", "undelivered message follows",
	"included is a copy of the message", "message text follows", "---- returned mail ----", "- the header", "--- message header", "copy of your message, including",
	"-- a copy of the", "--- начало", "--- forwarded message", "*** message truncated", "original message headers", "your original message follow", "old message:"}

// lineAt is the number of the line in which folded[pos] stands.
func (n *notice) lineAt(pos int) int {
	return sort.Search(len(n.starts), func(i int) bool { return n.starts[i] > pos }) - 1
}

// find is the line in which the first of the phrases begins, from line from on; -1 if none does. They are in lower case with single spaces.
func (n *notice) find(phrases []string, from int) int {
	if from >= len(n.starts) {
		return -1
	}
	first := -1
	for _, p := range phrases {
		if i := strings.Index(n.folded[n.starts[from]:], p); i >= 0 && (first < 0 || i < first) {
			first = i
		}
	}
	if first < 0 {
		return -1
	}
	return n.lineAt(n.starts[from] + first)
}

// mentionsRead is how many lines around a mention of an address are looked at, and how many mentions.
const (
	linesRead    = 5
	mentionsRead = 10
)

// about is what the text says about an address: the lines that name it, each with those below it, down to a blank line or to the next address. At
// most 4096 octets; empty where no line names it.
func (n *notice) about(address string) string {
	if address == "" {
		return ""
	}
	address = strings.ToLower(address)
	var b strings.Builder
	next, mentions := 0, 0
	for i := 0; i < len(n.lines) && mentions < mentionsRead && b.Len() < 4096; i++ {
		if i < next || !strings.Contains(strings.ToLower(n.lines[i]), address) {
			continue
		}
		mentions++
		for next = i + 1; next < min(i+linesRead, len(n.lines)); next++ {
			if n.lines[next] == "" || leading(n.lines[next]) != "" {
				break
			}
		}
		b.WriteString(strings.Join(n.lines[i:next], "\n") + "\n")
	}
	text := b.String()
	return text[:min(len(text), 4096)]
}
