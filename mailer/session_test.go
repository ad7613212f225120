package mailer

import (
	"fmt"
	"strings"
	"testing"
)

// opened is a session with a transaction that waits for DATA.
const opened = `
<- 220 mx.lists.example.org ESMTP
-> EHLO client.example
<- 250-mx.lists.example.org…
-> MAIL FROM:<ann@author.example>
<- 250 2.1.0 OK
-> RCPT TO:<dev@lists.example.org>
<- 250 2.1.5 OK
`

// introduced is a session before its first transaction.
const introduced = `
<- 220 mx.lists.example.org ESMTP
-> EHLO client.example
<- 250-mx.lists.example.org…
`

// TestDialogues holds the wire to what RFC 5321 and its extensions ask for; the name begins with the rule's number in the project's standards.
func TestDialogues(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		want   []string // contents stored, in order
	}{
		"S05 a leading dot is removed once": {opened + `
			-> DATA
			<- 354 End data with <CR><LF>.<CR><LF>
			=> ..x\r\n..\r\n...\r\n.\r\n
			<- 250 2.0.0 Queued as …`, []string{".x\r\n.\r\n..\r\n"}},
		"S06 other control characters are kept": {opened + `
			-> DATA
			<- 354…
			=> a\x0cb\r\n.\r\n
			<- 250 2.0.0…`, []string{"a\x0cb\r\n"}},
		"S06 a NUL is refused": {opened + `
			-> DATA
			<- 354…
			=> a\0b\r\n.\r\n
			<- 554 5.6.0…
			<!`, nil},
		"S02 a bare LF is refused after the true end": {opened + `
			-> DATA
			<- 354…
			=> a\nb\r\n.\r\n
			<- 550 5.5.2…
			<!`, nil},
		"S07 no line is added": {opened + `
			-> DATA
			<- 354…
			=> A: b\r\n\r\nx\r\n.\r\n
			<- 250 2.0.0…`, []string{"A: b\r\n\r\nx\r\n"}},
		"S07 an empty message is empty": {opened + `
			-> DATA
			<- 354…
			=> .\r\n
			<- 250 2.0.0…`, []string{""}},
		"S10 a recipient line of 512 octets is no syntax error of ours": {introduced + `
			-> MAIL FROM:<ann@author.example>
			<- 250…
			-> RCPT TO:<` + strings.Repeat("@a.example,", 43) + `@b:dev@lists.example.org>
			<- 250…`, nil},
		"S10 a line of more than 2 KiB is refused and the session goes on": {introduced + `
			-> NOOP ` + strings.Repeat("x", 3000) + `
			<- 500 5.5.2 Line too long
			-> NOOP
			<- 250 2.0.0 OK`, nil},
		"S10 a line without an end is closed": {introduced + `
			=> NOOP ` + strings.Repeat("x", 100000) + `
			<- 500 5.5.2 Line too long; closing
			<!`, nil},
		"S12 more than the limit is refused at MAIL": {introduced + `
			-> MAIL FROM:<a@b.example> SIZE=1000001
			<- 552 5.3.4…
			-> MAIL FROM:<a@b.example> SIZE=99999999999999999999
			<- 552 5.3.4…
			-> MAIL FROM:<a@b.example> SIZE=999999999999999999999
			<- 501 5.5.4…
			-> MAIL FROM:<a@b.example> SIZE=abc
			<- 501 5.5.4…
			-> MAIL FROM:<a@b.example> SIZE=
			<- 501 5.5.4…
			-> MAIL FROM:<a@b.example> SIZE=-1
			<- 501 5.5.4…
			-> MAIL FROM:<a@b.example> SIZE=10 SIZE=10
			<- 501 5.5.4…
			-> MAIL FROM:<a@b.example> size=1000000
			<- 250 2.1.0 OK`, nil},
		"S12 a size that was too low is no lie worth refusing": {introduced + `
			-> MAIL FROM:<a@b.example> SIZE=10
			<- 250…
			-> RCPT TO:<dev@lists.example.org>
			<- 250…
			-> DATA
			<- 354…
			=> ` + strings.Repeat("a", 70) + `\r\n.\r\n
			<- 250…`, []string{strings.Repeat("a", 70) + "\r\n"}},
		"S14 a list's own limit is refused at RCPT": {introduced + `
			-> MAIL FROM:<a@b.example> SIZE=500000
			<- 250…
			-> RCPT TO:<small@lists.example.org>
			<- 552 5.3.4…
			-> RCPT TO:<dev@lists.example.org>
			<- 250…`, nil},
		"S20 out of order is 503": {`
			<- 220…
			-> MAIL FROM:<a@b.example>
			<- 503 5.5.1…
			-> EHLO c
			<- 250-…
			-> RCPT TO:<dev@lists.example.org>
			<- 503 5.5.1…
			-> DATA
			<- 503 5.5.1…
			-> MAIL FROM:<a@b.example>
			<- 250…
			-> MAIL FROM:<a@b.example>
			<- 503 5.5.1…
			-> DATA
			<- 503 5.5.1…
			-> RSET
			<- 250 2.0.0…
			-> RCPT TO:<dev@lists.example.org>
			<- 503 5.5.1…
			-> QUIT
			<- 221 2.0.0 Bye
			<!`, nil},
		"S20 EHLO again forgets the transaction": {opened + `
			-> EHLO again.example
			<- 250-…
			-> DATA
			<- 503 5.5.1…`, nil},
		"S20 HELO works and offers nothing": {`
			<- 220…
			-> HELO c.example
			<- 250 mx.lists.example.org
			-> MAIL FROM:<a@b.example>
			<- 250 2.1.0 OK`, nil},
		"S20 unknown commands are refused": {`
			<- 220…
			-> FOO
			<- 500 5.5.2…
			-> EHLO
			<- 501 5.5.4…
			-> EHLO a(b
			<- 501 5.5.4…
			-> AUTH PLAIN AA==
			<- 502 5.5.1…
			-> TURN
			<- 502 5.5.1…
			-> STARTTLSgarbage
			<- 500 5.5.2…
			-> HELP
			<- 214 2.0.0…
			->
			<- 500 5.5.2…`, nil},
		"S21 the null sender is let in": {introduced + `
			-> MAIL FROM:<>
			<- 250 2.1.0 OK
			-> RCPT TO:<dev@lists.example.org>
			<- 250 2.1.5 OK
			-> QUIT
			<- 221…`, nil},
		"S22 postmaster needs no domain": {introduced + `
			-> MAIL FROM:<>
			<- 250…
			-> RCPT TO:<Postmaster>
			<- 250…
			-> RCPT TO:<abuse@lists.example.org>
			<- 250…
			-> RCPT TO:<dev>
			<- 501 5.1.3…`, nil},
		"S23 a route is ignored": {introduced + `
			-> MAIL FROM:<@a.example,@b.example:c@d.example>
			<- 250…
			-> RCPT TO:<@a,@b:dev@lists.example.org>
			<- 250…`, nil},
		"S23 a quoted local part is the unquoted one": {introduced + `
			-> MAIL FROM:<"a b"@d.example>
			<- 250…
			-> rcpt to:<"dev"@LISTS.example.org>
			<- 250…
			-> RCPT TO:<"d\ev"@LISTS.example.org>
			<- 250…
			-> RCPT TO: <DEV@lists.example.org>
			<- 250…`, nil},
		"S24 nobody is looked up": {introduced + `
			-> VRFY bob
			<- 252 2.5.2 Cannot verify; send some mail and see
			-> EXPN dev
			<- 252 2.5.2 Cannot verify; send some mail and see
			-> VRFY
			<- 252 2.5.2 Cannot verify; send some mail and see`, nil},
		"S25 a pipeline is answered in order": {`
			<- 220…
			=> EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<nolist@lists.example.org>\r\nDATA\r\nQUIT\r\n
			<- 250-…
			<- 250 2.1.0 OK
			<- 550 5.1.1 No such list; write to dev+help@lists.example.org
			<- 503 5.5.1…
			<- 221 2.0.0 Bye
			<!`, nil},
		"S25 messages in a pipeline": {`
			<- 220…
			=> EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<dev@lists.example.org>\r\nDATA\r\none\r\n.\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<other@lists.example.org>\r\nDATA\r\ntwo\r\n.\r\nQUIT\r\n
			<- 250-…
			<- 250 2.1.0 OK
			<- 250 2.1.5 OK
			<- 354…
			<- 250 2.0.0…
			<- 250 2.1.0 OK
			<- 250 2.1.5 OK
			<- 354…
			<- 250 2.0.0…
			<- 221 2.0.0 Bye
			<!`, []string{"one\r\n", "two\r\n"}},
		"S28 eight bits stay": {introduced + `
			-> MAIL FROM:<a@b.example> BODY=8BITMIME
			<- 250…
			-> RCPT TO:<dev@lists.example.org>
			<- 250…
			-> DATA
			<- 354…
			=> \xe9\r\n.\r\n
			<- 250…
			-> MAIL FROM:<a@b.example> BODY=FOO
			<- 501 5.5.4…
			-> MAIL FROM:<a@b.example> BODY=7bit
			<- 250…`, []string{"\xe9\r\n"}},
		"S29 chunks make a message": {opened + `
			=> BDAT 5\r\nab\r\nc
			<- 250 2.0.0…
			=> BDAT 3 LAST\r\nd\r\n
			<- 250 2.0.0 Queued as …
			=> BDAT 3 LAST\r\nd\r\n
			<- 503 5.5.1…`, []string{"ab\r\ncd\r\n"}},
		"S29 a lone dot in a chunk is text": {opened + `
			=> BDAT 11 LAST\r\na\r\n.\r\n..b\r\n
			<- 250 2.0.0 Queued as …`, []string{"a\r\n.\r\n..b\r\n"}},
		"S29 an empty last chunk ends the message": {opened + `
			=> BDAT 3\r\na\r\n
			<- 250…
			=> BDAT 0 LAST\r\n
			<- 250 2.0.0 Queued as …`, []string{"a\r\n"}},
		"S29 a chunk before RCPT is read over": {introduced + `
			=> BDAT 86 LAST\r\n` + strings.Repeat(`RSET\r\nQUIT\r\n`, 7) + `\r\n
			<- 503 5.5.1…
			-> NOOP
			<- 250…`, nil},
		"S29 a chunk with a word too many is read over": {opened + `
			=> BDAT 6 FOO\r\nQUIT\r\n
			<- 501 5.5.4…
			-> NOOP
			<- 250…`, nil},
		"S29 DATA and BDAT do not mix": {opened + `
			=> BDAT 5\r\nhelloDATA\r\n
			<- 250…
			<- 503 5.5.1…
			-> RCPT TO:<dev@lists.example.org>
			<- 503 5.5.1…
			-> MAIL FROM:<a@b.example>
			<- 503 5.5.1…
			-> RSET
			<- 250…
			-> BDAT 0 LAST
			<- 503…`, nil},
		"S29 a bare LF in a chunk is refused at the end": {opened + `
			=> BDAT 3\r\na\nb
			<- 250…
			=> BDAT 2 LAST\r\n\r\n
			<- 550 5.5.2…
			<!`, nil},
		"S29 a line end may be split between chunks": {opened + `
			=> BDAT 2\r\na\r
			<- 250…
			=> BDAT 1 LAST\r\n\n
			<- 250 2.0.0…`, []string{"a\r\n"}},
		"S29 a CR at the very end is bare": {opened + `
			=> BDAT 2 LAST\r\na\r
			<- 550 5.5.2…`, nil},
		"S29 a chunk that never ends": {opened + `
			-> BDAT 18446744073709551615 LAST
			<- 552 5.3.4…
			<!`, nil},
		"S29 a chunk of who knows how many octets": {opened + `
			-> BDAT x LAST
			<- 501 5.5.4…
			<!`, nil},
		"S30 BINARYMIME is not offered": {introduced + `
			-> MAIL FROM:<a@b.example> BODY=BINARYMIME
			<- 555 5.5.4…`, nil},
		"S31 STARTTLS without a certificate": {introduced + `
			-> STARTTLS
			<- 454 4.7.0…
			-> STARTTLS now
			<- 501 5.5.4…`, nil},
		"S34 addresses beyond ASCII": {introduced + `
			-> MAIL FROM:<ünal@b.example>
			<- 550 5.6.7…
			-> MAIL FROM:<a@bücher.example> SIZE=10
			<- 550 5.6.7…
			-> MAIL FROM:<ünal@-ü.example> SMTPUTF8
			<- 501 5.1.7…
			-> MAIL FROM:<a@b.example> SMTPUTF8=1
			<- 501 5.5.4…
			-> MAIL FROM:<ünal@bücher.example> SMTPUTF8 BODY=8BITMIME
			<- 250 2.1.0…
			-> RCPT TO:<dév@lists.example.org>
			<- 550 5.1.1…
			-> RCPT TO:<dev@lists.example.org>
			<- 250 2.1.5…
			-> RSET
			<- 250…
			-> MAIL FROM:<a@b.example>
			<- 250…
			-> RCPT TO:<dév@lists.example.org>
			<- 553 5.6.7…
			-> RCPT TO:<dev@münchen.example>
			<- 553 5.6.7…`, nil},
		"S44 one list at a time": {opened + `
			-> RCPT TO:<other@lists.example.org>
			<- 452 4.5.3…
			-> RCPT TO:<dev+owner@lists.example.org>
			<- 250…
			-> RCPT TO:<postmaster@lists.example.org>
			<- 250…
			-> RCPT TO:<dev@lists.example.org>
			<- 250…
			-> DATA
			<- 354…
			=> x\r\n.\r\n
			<- 250…`, []string{"x\r\n"}},
		"S45 DSN parameters are not known": {introduced + `
			-> MAIL FROM:<a@b.example> RET=HDRS
			<- 555 5.5.4…
			-> MAIL FROM:<a@b.example>
			<- 250…
			-> RCPT TO:<dev@lists.example.org> NOTIFY=SUCCESS
			<- 555 5.5.4…`, nil},
		"S52 nobody may claim another address": {`
			<- 220…
			-> PROXY TCP4 10.0.0.1 10.0.0.2 1 25
			<- 500 5.5.2…`, nil},
		"S54 REQUIRETLS is not offered": {introduced + `
			-> MAIL FROM:<a@b.example> REQUIRETLS
			<- 555 5.5.4…`, nil},
		"T16 nothing is relayed": {introduced + `
			-> MAIL FROM:<a@b.example>
			<- 250…
			-> RCPT TO:<victim%v.test@lists.example.org>
			<- 550 5.1.1…
			-> RCPT TO:<victim@v.test>
			<- 550 5.1.1…
			-> RCPT TO:<@lists.example.org:victim@v.test>
			<- 550 5.1.1…`, nil},
		"T28 addresses that are none": {introduced + `
			=> MAIL FROM:<a\0b@b.test>\r\n
			<- 501 5.5.2…
			=> MAIL FROM:<a@b.test>\rRCPT TO:<x@y.test>\r\n
			<- 501 5.5.2…
			-> MAIL FROM:<a@b@c>
			<- 501 5.1.7…
			-> MAIL FROM:<a@b> NOTIFY=NEVER>
			<- 555 5.5.4…
			-> MAIL FROM:a@b.test
			<- 501 5.1.7…
			-> MAIL FROM:<a.@b.test>
			<- 501 5.1.7…
			-> MAIL FROM:<` + strings.Repeat("a", 65) + `@b.test>
			<- 501 5.1.7…
			-> MAIL FROM:<a>
			<- 501 5.1.7…
			-> MAIL
			<- 501 5.5.4…
			-> MAIL FROM:<@:>
			<- 501 5.1.7…
			-> MAIL FROM:<"">
			<- 501 5.1.7…
			-> MAIL FROM:<b@y"z>
			<- 501 5.1.7…
			-> MAIL FROM:<a@[192.0.2.1]>
			<- 250…
			-> RCPT TO:<>
			<- 501 5.1.3…`, nil},
		"T28 a bare LF in a command ends the session": {introduced + `
			=> MAIL FROM:<a@b.test>\nRCPT TO:<dev@lists.example.org>\r\n
			<- 500 5.5.2…
			<!`, nil},
		"T27 a web browser is sent away": {`
			<- 220…
			=> POST / HTTP/1.1\r\nHost: x\r\n\r\nEHLO c\r\n
			<- 421 4.7.0…
			<!`, nil},
		"T27 TLS on the plain port is sent away": {`
			<- 220…
			=> \x16\x03\x01\x02\0\x01\0
			<- 500 5.5.2…
			<!`, nil},
		"XFORWARD is for trusted relays": {introduced + `
			-> XFORWARD ADDR=192.0.2.9
			<- 550 5.7.1…`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, &inbox{}, nil)
			s.dial(t, "192.0.2.1").play(c.script)
			var got []string
			for _, in := range s.messages() {
				got = append(got, string(in.Raw))
			}
			if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", c.want) {
				t.Errorf("stored %q, want %q", got, c.want)
			}
		})
	}
}
