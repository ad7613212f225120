package message

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// mboxLongest is the longest separator that is looked for behind a Content-Length, in octets.
const mboxLongest = 512

// mboxLine is a line that begins a message of an mbox file (RFC 4155 App. A): From, somebody or nobody, and a date as asctime writes it, or as mail has it. pipermail
// writes "alice at example.org" there, others a zone ahead of the year or behind it, two digits of a year, or no seconds.
var mboxLine = regexp.MustCompile(`^From (|.*\S) *\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +(?:([A-Z][a-z]{2}) +(\d{1,2})|(\d{1,2}) +([A-Z][a-z]{2}) +(\d{2,4})) +` +
	`(\d{1,2}:\d\d(?::\d\d)?)(?: +([A-Z]{1,5}|[+-]\d{4}))?(?: +(\d{4}|\d{2}))?(?: +([A-Z]{1,5}|[+-]\d{4}))?)(?: +\([^()]*\))?(?: +remote from .*)?\s*$`)

// mboxName begins a header field; mboxFirst one that mail begins with.
var (
	mboxName  = regexp.MustCompile(`^(?:[!-9;-~]+[ \t]*:|>From )`)
	mboxFirst = regexp.MustCompile(`(?i)^(?:return-path|received|delivered-to|from|date|message-id|subject|to|x-[!-9;-~]+|mime-version|dkim-signature):`)
)

// mboxQuoted reports whether a line would begin a message, quoted once or more.
func mboxQuoted(text []byte) bool {
	rest := bytes.TrimLeft(text, ">")
	return len(rest) < len(text) && bytes.HasPrefix(rest, []byte("From "))
}

// mboxSeparator reads a separator: whom it names, and when.
func mboxSeparator(line []byte) (from string, at time.Time, ok bool) {
	if len(line) > mboxLongest || !bytes.HasPrefix(line, []byte("From ")) {
		return "", at, false
	}
	g := mboxLine.FindSubmatch(line)
	if g == nil {
		return "", at, false
	}
	month, day, year := string(g[2])+string(g[5]), string(g[3])+string(g[4]), string(g[6])+string(g[9])
	if year == "" || g[6] != nil && g[9] != nil {
		return "", at, false
	}
	if n, _ := strconv.Atoi(year); len(year) == 2 {
		year = strconv.Itoa(n + map[bool]int{true: 2000, false: 1900}[n < 70])
	}
	clock := string(g[7])
	if strings.Count(clock, ":") == 1 {
		clock += ":00"
	}
	from = strings.Join(strings.Fields(string(g[1])), " ")
	if from == "-" {
		from = ""
	}
	zone := string(g[8]) + string(g[10])
	if len(zone) != 5 || zone[0] != '+' && zone[0] != '-' {
		zone = "+0000"
	}
	at, err := time.Parse("2 Jan 2006 15:04:05 -0700", day+" "+month+" "+year+" "+clock+" "+zone)
	if err != nil {
		return from, time.Time{}, false
	}
	return from, at.UTC(), true
}

// begins reports whether a line, and what is ahead, begin a message.
func (s *mboxScanner) begins(line []byte) bool {
	if s.now == nil {
		return true
	}
	if _, _, ok := mboxSeparator(bytes.TrimRight(line, "\r\n")); !ok {
		return false
	}
	ahead, _ := s.r.Peek(mboxLongest)
	if s.blank {
		return len(ahead) == 0 || mboxName.Match(ahead)
	}
	return mboxFirst.Match(ahead)
}

// field notes what a header says of the length of the body.
func (s *mboxScanner) field(text []byte) {
	const name = "content-length:"
	if len(text) <= len(name) || !strings.EqualFold(string(text[:len(name)]), name) {
		return
	}
	n, err := strconv.Atoi(string(bytes.TrimSpace(text[len(name):])))
	if err == nil && n > 0 && n < mboxAhead-mboxLongest && n < s.limit {
		s.length = n
	}
}
