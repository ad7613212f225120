package digest

import (
	"strings"

	"convene/digest/letter"
)

// catchUpSize is how large a catch-up may be, in octets of its texts: with its header it stays below 30 kB.
const catchUpSize = 28_000

// shorten takes something out of a catch-up that is too large, what matters least first; false: there is nothing more to take out.
func shorten(c *letter.CatchUp) bool {
	longest := -1
	for i, s := range c.Summaries {
		if len(s.Text) > 1500 && (longest < 0 || len(s.Text) > len(c.Summaries[longest].Text)) {
			longest = i
		}
	}
	switch {
	case len(c.Topics) > 5:
		c.Topics = c.Topics[:len(c.Topics)-1]
		c.More++
	case longest >= 0:
		s := &c.Summaries[longest]
		s.Text, s.Cut = cutText(s.Text, len(s.Text)/2)
	case len(c.Summaries) > 1:
		c.Summaries = c.Summaries[:len(c.Summaries)-1]
	case len(c.Open) > 3:
		c.Open = c.Open[:len(c.Open)-1]
	case len(c.Replies) > 3:
		c.Replies = c.Replies[:len(c.Replies)-1]
	default:
		return false
	}
	return true
}

// cutText is the beginning of a text, up to the end of a paragraph where there is one.
func cutText(text string, most int) (string, bool) {
	if len(text) <= most {
		return text, false
	}
	text = strings.ToValidUTF8(text[:most], "")
	if i := strings.LastIndex(text, "\n\n"); i > most/2 {
		text = text[:i]
	}
	return strings.TrimSpace(text), true
}
