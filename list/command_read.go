package list

import (
	"regexp"
	"slices"
	"strings"

	"convene/list/message"
)

// commandLine is one command of a mail, or a line that is none.
type commandLine struct {
	*command        // nil: the line is no command
	arg      string // with single spaces
	text     string // as it stands there, for the answer
}

// lineShown is how much of a line is repeated in an answer, in octets.
const lineShown = 120

// commandLines are what a mail asks for, and whether there was more than is read.
type commandLines struct {
	all  []commandLine
	more bool
}

// readCommands reads what a mail asks for at these addresses of a list: for an address that says it all, that; else the commands of its subject and of
// its own text, one a line, at most limit.
func readCommands(book commandBook, words []string, m *message.Message, limit int) commandLines {
	var lines commandLines
	read := false
	for _, word := range words {
		if name, arg := addressCommand(word); name != "" {
			c := commandLine{command: book[name], arg: arg}
			if c.takes == takesUntil {
				c.arg = dayPattern.FindString(m.Subject())
			}
			if word == wordFiles && len(m.Attachments()) > 0 {
				c.command = &command{name: name} // to submit them is for a later version
			}
			c.text = strings.TrimSpace(name + " " + c.arg)
			lines.all = append(lines.all, c)
		}
		if !read && (word == wordRequest || word == wordSettings) {
			read = true
			lines.read(book, m, limit)
		}
	}
	lines.all = slices.CompactFunc(lines.all, sameCommand)
	return lines
}

// read adds the commands of the subject and of the text. A subject that is no command is a subject. Of the text nothing is read from the first line
// on that is no command, which is answered, or is quoted: that is a letter, and what further down looks like a command may be of somebody else.
func (l *commandLines) read(book commandBook, m *message.Message, limit int) {
	subject := m.Subject()
	for rest, ok := message.ReplyMarker(subject); ok; rest, ok = message.ReplyMarker(subject) {
		subject = rest
	}
	if c, arg := book.find(subject); c != nil {
		l.all = append(l.all, commandLine{c, arg, shownLine(subject)})
	}
	text, below := m.OwnAbove()
	unknown := false
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			continue
		case slices.Contains(endWords, strings.ToLower(line)):
			return
		case len(l.all) >= limit || unknown:
			l.more = true
			return
		}
		c, arg := book.find(line)
		unknown = c == nil
		l.all = append(l.all, commandLine{c, arg, shownLine(line)})
	}
	l.more = below
}

// shownLine is a line as an answer repeats it.
func shownLine(line string) string {
	line = strings.Join(strings.Fields(plainLine(line)), " ")
	if len(line) > lineShown {
		line = strings.ToValidUTF8(line[:lineShown], "") + "…"
	}
	return line
}

// sameCommand reports whether two lines ask for the same: many people write a command into the subject and into the text.
func sameCommand(a, b commandLine) bool {
	if a.command == nil || b.command == nil {
		return a.command == b.command && a.text == b.text
	}
	return a.name == b.name && a.arg == b.arg
}

// dayPattern is a day as commands have it.
var dayPattern = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b`)

// joins reports whether there is a request to join among them.
func (l commandLines) joins() bool {
	for _, c := range l.all {
		if c.is("subscribe") {
			return true
		}
	}
	return false
}

// onlyJoin reports whether there is nothing but requests to join.
func (l commandLines) onlyJoin() bool {
	for _, c := range l.all {
		if c.command != nil && !c.is("subscribe") {
			return false
		}
	}
	return l.joins()
}

// onlyHelp reports whether there is nothing that concerns one address: what anybody may be told.
func (l commandLines) onlyHelp() bool {
	for _, c := range l.all {
		if c.command != nil && c.do != nil && !c.is("help") {
			return false
		}
	}
	return true
}

func (c commandLine) is(name string) bool { return c.command != nil && c.name == name }

// names are the commands, for the log: nothing that the sender wrote.
func (l commandLines) names() []string {
	names := []string{}
	for _, c := range l.all {
		if c.command != nil {
			names = append(names, c.name)
		}
	}
	return names
}
