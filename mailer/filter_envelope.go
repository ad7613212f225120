package mailer

import (
	"fmt"
	"strconv"
	"strings"
)

// mail carries out MAIL.
func (f *filterConn) mail(arg string) {
	switch {
	case f.helo == "":
		f.say(503, 5, 5, 1, "Say hello first")
		return
	case f.inMail:
		f.say(503, 5, 5, 1, "A transaction is open already")
		return
	}
	path, ok := cutFold(arg, "FROM:")
	if !ok {
		f.say(501, 5, 5, 4, "Say MAIL FROM:<address>")
		return
	}
	from, rest, err := parsePath(path)
	if err != nil || from == "postmaster" { // without a domain it is good for RCPT only
		f.say(501, 5, 1, 7, "Not a return path: MAIL FROM:<address>")
		return
	}
	size, international, refusal := f.mailParameters(rest)
	if refusal != nil {
		f.say(refusal.code, refusal.enhanced[0], refusal.enhanced[1], refusal.enhanced[2], refusal.text)
		return
	}
	if !international && !isASCII(path) {
		f.say(550, 5, 6, 7, "An address beyond ASCII needs SMTPUTF8")
		return
	}
	f.pass(fmt.Sprintf("MAIL FROM:<%s> SIZE=%d", from, size), func(heard string) {
		if !strings.HasPrefix(heard, "250") {
			f.relayed(heard)
			return
		}
		f.inMail, f.international = true, international
		f.server.busy.Add(1)
		f.say(250, 2, 1, 0, "OK")
	})
}

// mailParameters reads what stands behind the return path: the declared size, zero if none, and whether the transaction is one of internationalised
// mail (RFC 6531 §3.4).
func (f *filterConn) mailParameters(s string) (size int64, international bool, refusal *reply) {
	seen := map[string]bool{}
	for _, word := range strings.Fields(s) {
		key, value, valued := strings.Cut(word, "=")
		key = strings.ToUpper(key)
		if seen[key] {
			return 0, false, &reply{501, [3]int{5, 5, 4}, "A parameter twice"}
		}
		seen[key] = true
		switch {
		case key == "SIZE":
			if size, refusal = f.declared(value); refusal != nil {
				return 0, false, refusal
			}
		case key == "BODY" && (strings.EqualFold(value, "7BIT") || strings.EqualFold(value, "8BITMIME")):
			// Octets are kept as they come either way.
		case key == "BODY" && !strings.EqualFold(value, "BINARYMIME"):
			return 0, false, &reply{501, [3]int{5, 5, 4}, "BODY is 7BIT or 8BITMIME"}
		case key == "SMTPUTF8" && !valued && f.esmtp:
			international = true
		case key == "SMTPUTF8" && valued:
			return 0, false, &reply{501, [3]int{5, 5, 4}, "SMTPUTF8 takes no value"}
		default:
			return 0, false, &reply{555, [3]int{5, 5, 4}, "Parameter not known here"}
		}
	}
	return size, international, nil
}

// declared reads the value of SIZE (RFC 1870 §4): 1 to 20 digits, which may be more than 64 bits hold.
func (f *filterConn) declared(value string) (int64, *reply) {
	if value == "" || len(value) > 20 || strings.Trim(value, "0123456789") != "" {
		return 0, &reply{501, [3]int{5, 5, 4}, "SIZE is 1 to 20 digits"}
	}
	size, err := strconv.ParseInt(value, 10, 64)
	if err != nil || size > f.config.MaxMessage {
		return 0, &reply{552, [3]int{5, 3, 4}, fmt.Sprintf("Messages may have %d octets here", f.config.MaxMessage)}
	}
	return size, nil
}

// rcpt carries out RCPT.
func (f *filterConn) rcpt(arg string) {
	switch {
	case !f.inMail:
		f.say(503, 5, 5, 1, "MAIL first")
		return
	case f.chunks != nil:
		f.say(503, 5, 5, 1, "The message has begun")
		return
	}
	path, ok := cutFold(arg, "TO:")
	if !ok {
		f.say(501, 5, 5, 4, "Say RCPT TO:<address>")
		return
	}
	to, rest, err := parsePath(path)
	switch {
	case err == nil && !f.international && !isASCII(path):
		f.say(553, 5, 6, 7, "An address beyond ASCII needs SMTPUTF8")
		return
	case to == "postmaster": // RFC 5321 §4.5.1; go-smtp does not take it without a domain
		to = "postmaster@" + strings.ToLower(f.config.Hostname)
	case err != nil || to == "":
		f.say(501, 5, 1, 3, "Not a recipient: RCPT TO:<address>")
		return
	}
	if strings.TrimSpace(rest) != "" {
		f.say(555, 5, 5, 4, "No parameters are known here")
		return
	}
	f.pass("RCPT TO:<"+to+">", func(heard string) {
		if !strings.HasPrefix(heard, "250") {
			f.relayed(heard)
			return
		}
		f.rcpts++
		f.say(250, 2, 1, 5, "OK")
	})
}

// cutFold cuts a keyword off, in whatever case, and the space that many senders put behind its colon.
func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return "", false
	}
	return strings.TrimLeft(s[len(prefix):], " "), true
}
