package mailer

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// Timeouts are how long a peer may take, each from when it has all that it needs. Zero means the value given here, mostly that of
// RFC 5321 §4.5.3.2.
type Timeouts struct {
	Connect  time.Duration // for the connection itself, and for a TLS handshake: 30 s
	Greeting time.Duration // 5 min
	Command  time.Duration // EHLO, STARTTLS, AUTH, MAIL, RCPT, RSET: 5 min each
	Data     time.Duration // DATA: 2 min
	Block    time.Duration // for 64 KiB of content to be taken: 3 min
	Dot      time.Duration // after the end of data: 10 min
	Quit     time.Duration // QUIT: 5 s; nothing depends on the answer
}

func (t Timeouts) withDefaults() Timeouts {
	for _, d := range []struct {
		field    *time.Duration
		standard time.Duration
	}{
		{&t.Connect, 30 * time.Second}, {&t.Greeting, 5 * time.Minute}, {&t.Command, 5 * time.Minute}, {&t.Data, 2 * time.Minute},
		{&t.Block, 3 * time.Minute}, {&t.Dot, 10 * time.Minute}, {&t.Quit, 5 * time.Second},
	} {
		if *d.field == 0 {
			*d.field = d.standard
		}
	}
	return t
}

// extensions are what a peer offered in answer to EHLO.
type extensions struct {
	pipelining, eightBit, utf8, dsn, startTLS, authPlain, authLogin bool

	sized   bool  // SIZE, with or without a limit
	size    int64 // octets; zero: no limit is known
	rcptMax int   // LIMITS RCPTMAX (RFC 9422): recipients in a transaction; zero: not said
	mailMax int   // LIMITS MAILMAX: transactions on a connection; zero: not said
}

// parseExtensions reads the text of a 250 to EHLO. Keywords are compared without case (RFC 5321 §4.1.1.1).
func parseExtensions(text []byte) extensions {
	var x extensions
	_, lines, _ := bytes.Cut(text, []byte("\n"))
	for line := range bytes.SplitSeq(lines, []byte("\n")) {
		words := strings.Fields(strings.ToUpper(string(line)))
		if len(words) == 0 {
			continue
		}
		switch args := words[1:]; words[0] {
		case "PIPELINING":
			x.pipelining = true
		case "8BITMIME":
			x.eightBit = true
		case "SMTPUTF8":
			x.utf8 = true
		case "DSN":
			x.dsn = true
		case "STARTTLS":
			x.startTLS = true
		case "AUTH":
			for _, mechanism := range args {
				x.authPlain = x.authPlain || mechanism == "PLAIN"
				x.authLogin = x.authLogin || mechanism == "LOGIN"
			}
		case "SIZE":
			x.sized = true
			if len(args) > 0 {
				x.size, _ = strconv.ParseInt(args[0], 10, 64) // an absurd number is no limit
				x.size = max(x.size, 0)
			}
		case "LIMITS":
			for _, limit := range args {
				name, value, _ := strings.Cut(limit, "=")
				switch n, _ := strconv.Atoi(value); name {
				case "RCPTMAX":
					x.rcptMax = max(n, 0)
				case "MAILMAX":
					x.mailMax = max(n, 0)
				}
			}
		}
	}
	return x
}
