package list

import (
	"errors"
	"strings"
	"time"

	"convene/list/message"
)

// askFirst asks whoever is named as the sender whether it was them; false: they may not be asked now, or there is nothing to ask. Lines that are no
// command, an owner's, and those that need proof where there is none are left out. The name that they write under is kept for when they join, if it is
// theirs beyond doubt; the question does not have it.
func (t *turn) askFirst(lines commandLines) (asked bool, err error) {
	var c confirmation
	for _, line := range lines.all {
		if line.command == nil || line.do == nil || line.owners || line.proven && t.proof == claimed {
			continue
		}
		arg := line.arg
		if line.is("set name") {
			arg = memberName(arg)
		}
		c.Lines = append(c.Lines, strings.TrimSpace(line.name+" "+arg))
		c.Names = append(c.Names, line.name)
		c.Shown = append(c.Shown, t.shown(line))
	}
	if len(c.Lines) == 0 {
		return false, nil
	}
	if t.proof != claimed {
		c.Name = memberName(t.from.Name)
	}
	return t.ask(message.Mailbox{Addr: t.from.Addr}, ForConfirm, c, "confirm", map[string]string{"what": c.what()})
}

// askToJoin asks who is proven to want to join whether they do, and returns what of their mail is done at once: an owner's commands. What was not asked
// is said.
func (t *turn) askToJoin(lines commandLines) (now commandLines, err error) {
	for _, line := range lines.all {
		if line.command != nil && line.owners {
			now.all, now.more = append(now.all, line), lines.more
		}
		if line.is("subscribe") {
			t.line = line
		}
	}
	asked, err := t.askFirst(lines)
	switch {
	case errors.Is(err, errAskedMost):
		t.say("asked-most")
		t.helped, err = true, nil
	case err == nil && !asked:
		t.say("asked-before", "at", t.askedLast.In(t.list.zone()).Format(time.RFC3339))
	case err == nil && len(now.all) > 0:
		t.say("join-asked")
	}
	return now, err
}

// what is what a question lists: a line for each command, with its name, a tab, and what is shown of its argument.
func (c *confirmation) what() string {
	rows := make([]string, len(c.Names))
	for i, name := range c.Names {
		rows[i] = name
		if i < len(c.Shown) && c.Shown[i] != "" {
			rows[i] += "\t" + c.Shown[i]
		}
	}
	return strings.Join(rows, "\n")
}

// shown is what a question shows of a command's argument, so that nobody says yes to what they have not seen. Where nothing proves who wrote it, only
// what is one of our own values is shown: all else would be a stranger's words in our mail.
func (t *turn) shown(line commandLine) string {
	if t.proof != claimed {
		return shownLine(line.arg)
	}
	known := ""
	switch {
	case line.takes == takesYes:
		known = strings.ToLower(line.arg)
	case line.takes == takesSize, line.takes == takesTopic:
		known = strings.ToUpper(line.arg)
	case line.takes == takesUntil:
		known = dayPattern.FindString(line.arg)
	case line.is("set language"):
		if v, ok := t.knownLanguage(line.arg); ok {
			known = v
		}
	case line.is("set timezone"):
		if v, ok := knownZone(line.arg); ok {
			known = v
		}
	}
	return known
}
