package list

import (
	"strings"
	"unicode/utf8"
)

// textData is what a text may say.
type textData struct {
	List     textList
	Name     string // of the addressee; empty: not known
	Address  string // theirs
	Reply    string // the address that takes the answer: Reply-To of the mail; empty: the owners
	Link     string // the page that does the same by a button; empty: there is none
	Enclosed bool   // a message is attached
	Values   map[string]string
	Changes  []textChange // of addresses; of the notice "failures" alone
	Posts    []textPost   // that this is about; of "failures" and "stopped" alone
}

// textList is the list of a notice, or the site for one of its own.
type textList struct {
	Title, Description string
	// The addresses. Of the site's own notices Owner alone is set.
	Address, Owner, Moderators, Help, Subscribe, Unsubscribe, Settings, Pause, Resume, Events, Request string
}

func newTextList(l *List, site *Site) textList {
	if l == nil {
		return textList{Title: site.Hostname, Owner: "postmaster@" + site.Hostname}
	}
	return textList{
		Title: plainText(l.Title()), Description: plainText(l.Description), Address: l.Address,
		Owner: l.Word("owner"), Moderators: l.Word("moderators"), Help: l.Word("help"), Subscribe: l.Word("subscribe"), Unsubscribe: l.Word("unsubscribe"),
		Settings: l.Word("settings"), Pause: l.Word("pause"), Resume: l.Word("resume"), Events: l.Word("events"), Request: l.Local() + "-request@" + l.Domain(),
	}
}

// plainText makes text of others fit for a notice: valid UTF-8, lines that end in LF, and no control character or override of the direction of
// writing that would show a reader another text than the one that is there.
func plainText(s string) string {
	if isPlain(s) {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case r < ' ' || r >= 0x7f && r < 0xa0:
			return ' '
		case r == '\u202d' || r == '\u202e':
			return -1
		}
		return r
	}, s)
}

// isPlain reports whether there is nothing in s that plainText would look at: true of most mail, and seen at once.
func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 0x7f || c < ' ' && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

// foldAt is the width that a line of a notice is folded to, in characters.
const foldAt = 72

// foldText makes the lines of a mail: each at most foldAt characters where it has spaces to fold at, one empty line at most between two that
// are not, LF ends. A folded line goes on below its own beginning: as far in, behind the same quotation signs, beside a bullet.
func foldText(s string) string {
	var b strings.Builder
	empty := true // no empty line at the beginning
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimRight(line, " \t")
		if line == "" {
			if !empty {
				b.WriteByte('\n')
			}
			empty = true
			continue
		}
		empty = false
		foldLine(&b, line)
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func foldLine(b *strings.Builder, line string) {
	rest := strings.TrimLeft(line, " >")
	prefix := line[:len(line)-len(rest)]
	next := prefix[:min(len(prefix), foldAt/2)] // it stands in every line that is made of this one
	if strings.HasPrefix(rest, "- ") || strings.HasPrefix(rest, "* ") {
		next += "  "
	}
	b.WriteString(prefix)
	width := utf8.RuneCountInString(prefix)
	start := true
	for rest != "" {
		gap := len(rest) - len(strings.TrimLeft(rest, " "))
		end := tokenEnd(rest, gap)
		token := rest[gap:end]
		size := utf8.RuneCountInString(token)
		if !start && width+gap+size > foldAt {
			b.WriteString("\n" + next)
			width, gap = utf8.RuneCountInString(next), 0
		}
		b.WriteString(strings.Repeat(" ", gap) + token)
		width += gap + size
		rest, start = rest[end:], false
	}
	b.WriteByte('\n')
}

// tokenEnd is where a piece of a line ends that is not divided: a word, with the signs that French sets off from it by a space.
func tokenEnd(s string, start int) int {
	wordEnd := func(start int) int {
		if length := strings.IndexByte(s[start:], ' '); length >= 0 {
			return start + length
		}
		return len(s)
	}
	end := wordEnd(start)
	if s[start:end] == "«" && end < len(s) {
		end = wordEnd(end + 1)
	}
	for range 2 { // as in « who » ?
		if end == len(s) {
			break
		}
		switch next := wordEnd(end + 1); s[end+1 : next] {
		case ":", ";", "?", "!", "»", "».", "»,":
			end = next
		}
	}
	return end
}
