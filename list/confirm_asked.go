package list

import "strings"

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
