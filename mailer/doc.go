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
// Where the mail is in a hosted mailbox, pickup.go fetches it over IMAP and gives it to the same Receiver: pickup_session.go the connection,
// pickup_fetch.go what is new, pickup_envelope.go whom it was for, pickup_take.go what becomes of it, pickup_state.go how far the mailbox was read.
//
// Two promises carry this half. A 250 after the dot is sent only when Receive has returned without an error. And an error that is no
// *list.Refusal is 451 with one fixed sentence: its text goes to the log, its sender tries again.
//
// go-smtp sits behind the filter because its own reading of messages cannot be used (a slow body ends as commands, dots are lost before bare
// line feeds) and because it takes commands that must be refused. Nothing that a peer sends reaches it unread.
//
// # Delivering, a walk through
//
//	Courier.Run            courier_dispatch.go claims copies for hops that have room, a worker each (courier_worker.go, courier_pool.go)
//	courier_settle.go      shared copies: many recipients a transaction; what became of each is settled before the next one
//	courier_each.go        personal copies: a transaction each, the envelope of the next behind the content of this one
//	courier_hop.go         what is known of a hop: down, back-off; courier_breaker.go stops a post that a hop refuses for policy
//	contents.go            the finished message, made once for all who deliver it; sign.go seals it, and signs each copy
//	Transport              smarthost.go, mx.go (with mtasts.go and dane.go), maildir.go: a connection to a hop, ready for mail (approach.go)
//	client.go              one session; envelope.go what it says, transaction.go one transaction, transaction_content.go and client_write.go its content
//
// Here the promise is that a copy is delivered once: a result is in the outbox's journal before the next content leaves, so that a process that is
// killed repeats no more than what was on the wire. Every error is temporary unless a peer, or DNS for certain, says otherwise.
//
// # What comes back, a walk through
//
//	ReadBounce             bounce.go takes a mail apart and asks one reader after the other; pure, nothing is fetched or kept
//	bounce_dsn.go          reports for machines (RFC 3464), with bounce_fields.go and bounce_address.go; bounce_feedback.go complaints (RFC 5965)
//	bounce_prose.go        reports for people: bounce_formats.go has a row for each mail system, bounce_ways.go how a line names a recipient
//	ClassifyBounce         bounce_class.go and bounce_words.go: what a code, a provider's text or a word means for the member
//
// A mail is a failure only for what it is built like, and a failure is hard only for words or codes that blame the address and nothing else.
package mailer
