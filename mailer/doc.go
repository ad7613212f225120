// Package mailer is where mail comes in and goes out: SMTP and LMTP servers, and the couriers that deliver what is in the outbox.
//
// It speaks the protocols and nothing else. It never decides whether a post is wanted, never reads a member list, and keeps nothing on disk but
// what a maildir transport delivers: who may post, and what is true after a 250, is the business of whoever implements Receiver.
//
// # Receiving, a walk through
//
//	Server.Serve           accepts; listener.go turns away what is too much and puts a filterConn before the socket
//	filter.go              one command after the other; filter_read.go reads them, with deadlines and in bounded memory, and flushes when it must wait
//	filter_command.go      one row per command: EHLO, VRFY, NOOP …; filter_envelope.go MAIL and RCPT, filter_tls.go STARTTLS, xforward.go
//	filter_data.go         DATA and BDAT; data.go reads the content: only CRLF.CRLF ends it, CR or LF alone is refused
//	go-smtp                gets one clean command at a time and drives
//	session.go             the transaction: Room at MAIL, Route at RCPT (with sender.go and SPF under way), Receive at the dot
//	auth.go                SPF, DKIM and DMARC, or what a trusted relay found (authres.go), when a rule asks
//	reply.go               the one table from a reason to an SMTP code; whatever is not in it is temporary
//
// Two promises carry this half. A 250 after the dot is sent only when Receive has returned without an error. And an error that is no
// *list.Refusal is 451 with one fixed sentence: its text goes to the log, its sender tries again.
//
// go-smtp sits behind the filter because its own reading of messages cannot be used (a slow body ends as commands, dots are lost before bare
// line feeds) and because it takes commands that must be refused. Nothing that a peer sends reaches it unread.
package mailer
