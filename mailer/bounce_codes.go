package mailer

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	// pairedReply is a reply code with the enhanced code behind it: "550 5.1.1", "550-5.1.1", "550 #5.1.1", "550: 5.1.1".
	pairedReply = regexp.MustCompile(`(?:^|[^0-9A-Za-z.@/-])([245][0-9]{2})[ \t\n:;,-]{1,3}\(?#?(?:SMTP;|ERROR_CODE :)?([245]\.[0-9]{1,3}\.[0-9]{1,3})\b`)
	// soleReply is a reply code where one is likely: nothing but its place tells it from any other number.
	soleReply = regexp.MustCompile(`(?i)(?:^|\n|<<<|>>>|said|:|\(|;|=|code|error|response|failure|status|reply|with|was|"|'|@[^ \t\n]+ )[ \t:"'(]*([45][0-5][0-9])(?:[ \t;:,.)"'\]-]|$)`)
	// soleStatus is an enhanced code (RFC 3463) by itself: the numbers of versions and addresses have other neighbours.
	soleStatus = regexp.MustCompile(`(?:^|[^0-9A-Za-z.])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:[^0-9.]|\.?$|\.[^0-9])`)
	wholeCode  = regexp.MustCompile(`^([245]\.[0-9]{1,3}\.[0-9]{1,3})\b`)
)

// repliesRead is how many replies in one text are compared.
const repliesRead = 20

// replyIn finds the SMTP reply that text quotes: of several the one that says most, of those the first.
func replyIn(text string) (status string, code int) {
	text = text[:min(len(text), 4096)]
	for _, found := range pairedReply.FindAllStringSubmatch(text, repliesRead) {
		if found[1][0] != found[2][0] { // the one is no reply, or neither is
			continue
		}
		if says(found[2]) > says(status) {
			status, code = found[2], number(found[1])
		}
	}
	if code == 0 {
		if found := soleReply.FindStringSubmatch(text); found != nil {
			code = number(found[1])
		}
	}
	if status == "" {
		for _, found := range soleStatus.FindAllStringSubmatch(text, repliesRead) {
			if found[1][0] != '2' && says(found[1]) > says(status) {
				status = found[1]
			}
		}
	}
	return status, code
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // what is not a number has none
	return n
}

// says is how much an enhanced code says: 5.0.0 is "it failed", 5.1.0 says where, 5.1.1 says what.
func says(status string) int {
	switch {
	case status == "":
		return 0
	case strings.HasSuffix(status, ".0.0"):
		return 1
	case strings.HasSuffix(status, ".0"):
		return 2
	}
	return 3
}

// cutStatus is the code at the start of a Status field, which may have a comment or anything behind it.
func cutStatus(s string) string {
	if found := wholeCode.FindStringSubmatch(strings.TrimSpace(s)); found != nil {
		return found[1]
	}
	return ""
}
