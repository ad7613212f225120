package mailer

import (
	"bytes"
	"fmt"
	"strings"
)

// verbs are the commands that are known. Those of RFC 5321 that nobody needs any more are known too, to be refused as such.
var verbs = map[string]func(*filterConn, string){
	"EHLO":     func(f *filterConn, arg string) { f.hello("EHLO", arg) },
	"HELO":     func(f *filterConn, arg string) { f.hello("HELO", arg) },
	"LHLO":     func(f *filterConn, arg string) { f.hello("LHLO", arg) },
	"MAIL":     (*filterConn).mail,
	"RCPT":     (*filterConn).rcpt,
	"DATA":     (*filterConn).data,
	"BDAT":     (*filterConn).bdat,
	"RSET":     (*filterConn).rset,
	"NOOP":     func(f *filterConn, _ string) { f.say(250, 2, 0, 0, "OK") },
	"QUIT":     (*filterConn).quit,
	"STARTTLS": (*filterConn).starttls,
	"XFORWARD": (*filterConn).xforward,
	"HELP": func(f *filterConn, _ string) {
		f.say(214, 2, 0, 0, "RFC 5321; for help with a list write to its +help address")
	},
	"VRFY": (*filterConn).vrfy,
	"EXPN": (*filterConn).vrfy,
	"AUTH": (*filterConn).notHere,
	"ETRN": (*filterConn).notHere,
	"SEND": (*filterConn).notHere,
	"SOML": (*filterConn).notHere,
	"SAML": (*filterConn).notHere,
	"TURN": (*filterConn).notHere,
}

// httpVerbs begin what a web browser sends when it was made to speak to us; its body may be SMTP, so nothing of it is looked at.
var httpVerbs = map[string]bool{"GET": true, "POST": true, "HEAD": true, "PUT": true, "DELETE": true, "OPTIONS": true, "CONNECT": true, "PATCH": true, "TRACE": true}

// command judges one line, still with the CR of its CRLF, and carries it out.
func (f *filterConn) command(line []byte) {
	text, ok := bytes.CutSuffix(line, []byte("\r"))
	switch {
	case !ok:
		f.hangUp(reply{500, [3]int{5, 5, 2}, "Lines end in CRLF here; closing"})
		return
	case len(text)+2 > maxCommand:
		f.say(500, 5, 5, 2, "Line too long")
		return
	case bytes.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
		f.say(501, 5, 5, 2, "Control characters in a command")
		return
	}
	verb, arg, _ := strings.Cut(string(text), " ")
	verb = strings.ToUpper(verb)
	if httpVerbs[verb] {
		f.hangUp(reply{421, [3]int{4, 7, 0}, "This is not a web server; closing"})
		return
	}
	do, ok := verbs[verb]
	if !ok {
		f.say(500, 5, 5, 2, "Command not recognised")
		return
	}
	do(f, strings.Trim(arg, " \t"))
}

func (f *filterConn) notHere(string) { f.say(502, 5, 5, 1, "Command not implemented") }

// vrfy answers VRFY and EXPN alike for everybody, without a look (RFC 5321 §7.3).
func (f *filterConn) vrfy(string) {
	f.say(252, 2, 5, 2, "Cannot verify; send some mail and see")
}

// greeted replaces go-smtp's greeting.
func (f *filterConn) greeted(heard string) {
	if !strings.HasPrefix(heard, "220") {
		f.relayed(heard)
		return
	}
	protocol := "ESMTP"
	if f.lmtp {
		protocol = "LMTP"
	}
	f.write("220 " + f.config.Hostname + " " + protocol + "\r\n")
}

// hello carries out EHLO, HELO and LHLO.
func (f *filterConn) hello(verb, arg string) {
	name, _, _ := strings.Cut(arg, " ")
	switch {
	case f.lmtp != (verb == "LHLO"):
		right := "EHLO"
		if f.lmtp {
			right = "LHLO" // RFC 2033 §4.1
		}
		f.say(500, 5, 5, 1, "Say "+right+" here")
		return
	case !validHelo(name):
		f.say(501, 5, 5, 4, "Say who you are: "+verb+" host.example")
		return
	}
	f.endTransaction()
	f.pass(verb+" "+name, func(heard string) {
		if !strings.HasPrefix(heard, "250") {
			f.relayed(heard)
			return
		}
		f.helo, f.esmtp = name, verb != "HELO"
		f.write(f.introduction())
	})
}

// validHelo lets through what can stand in a Received field without quoting; whether it is true is not asked (RFC 5321 §4.1.4).
func validHelo(name string) bool {
	if name == "" || len(name) > maxDomain {
		return false
	}
	for i := 0; i < len(name); i++ {
		if c := name[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`()<>@,;\"`, c) >= 0 {
			return false
		}
	}
	return true
}

// introduction is the answer to HELO, EHLO and LHLO. What is offered here binds us, so DSN, REQUIRETLS and BINARYMIME are not.
func (f *filterConn) introduction() string {
	if !f.esmtp {
		return "250 " + f.config.Hostname + "\r\n"
	}
	lines := []string{
		f.config.Hostname,
		"PIPELINING",
		fmt.Sprintf("SIZE %d", f.config.MaxMessage),
		"8BITMIME",
		"SMTPUTF8", // copies for hops without it are made in ASCII
		"ENHANCEDSTATUSCODES",
		"CHUNKING",
		fmt.Sprintf("LIMITS RCPTMAX=%d", min(f.config.Limits.RcptPerMessage, 999999)), // RFC 9422: at most six digits
	}
	if f.config.TLS != nil && !f.secure {
		lines = append(lines, "STARTTLS")
	}
	if f.relay {
		lines = append(lines, "XFORWARD NAME ADDR PORT PROTO HELO SOURCE")
	}
	var b strings.Builder
	for i, line := range lines {
		divider := "-"
		if i == len(lines)-1 {
			divider = " "
		}
		b.WriteString("250" + divider + line + "\r\n")
	}
	return b.String()
}

func (f *filterConn) rset(string) {
	f.endTransaction()
	f.pass("RSET", func(heard string) { f.relayed(heard) })
}

func (f *filterConn) quit(string) {
	f.closing = true
	f.pass("QUIT", func(heard string) { f.relayed(heard) })
}
