package mailer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/emersion/go-smtp"

	"convene/list"
	"convene/list/message"
)

// session is go-smtp's side of a connection: the transactions. What concerns the wire was settled by the filter before.
type session struct {
	server *Server
	conn   *filterConn
	tx     *transaction // nil: none
}

var _ smtp.LMTPSession = (*session)(nil)

// transaction is one message on its way in, from MAIL on.
type transaction struct {
	from       string
	size       int64 // declared; zero: not
	recipients []recipient
	list       *list.List // of the recipients so far; nil: none is a list's
	sender     *senderCheck
	spf        *spfCheck
}

// recipient is one accepted RCPT.
type recipient struct {
	key    string // as go-smtp knows it
	target list.Target
}

// Reset forgets the transaction. go-smtp calls it after RSET, a new EHLO, and every message.
func (s *session) Reset() {
	if s.tx == nil {
		return
	}
	if s.tx.sender != nil {
		s.tx.sender.stop()
	}
	if s.tx.spf != nil {
		s.tx.spf.stop()
	}
	s.tx = nil
}

// Logout ends the session.
func (s *session) Logout() error { s.Reset(); return nil }

// Mail begins a transaction.
func (s *session) Mail(from string, opts *smtp.MailOptions) error {
	s.Reset()
	from = requote(from)
	if err := s.server.receiver.Room(opts.Size); err != nil {
		return s.refuse("MAIL", from, err)
	}
	s.tx = &transaction{from: from, size: opts.Size}
	c := s.conn
	if from != "" && !c.relay && c.config.Auth != nil && !s.ours(from) {
		s.tx.sender = c.config.Auth.beginSender(s.server.ctx, from)
	}
	return nil
}

// ours reports whether an address is in a domain of ours: each of them has a postmaster.
func (s *session) ours(address string) bool {
	_, err := s.server.receiver.Route("postmaster@" + domainOf(address))
	return err == nil
}

// Rcpt adds a recipient. What is refused here need not be bounced later (RFC 5321 §3.6.2).
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	address, err := message.ParseAddr(requote(to))
	if err != nil {
		return reply{501, [3]int{5, 1, 3}, "Not an address that mail can be sent to"}.smtp()
	}
	env := s.envelope()
	target, err := s.server.receiver.RouteFrom(&env, address)
	if err != nil {
		return s.refuse("RCPT", address, err)
	}
	if r := s.fits(target); r.code != 0 {
		return r.smtp()
	}
	if s.tx.sender != nil {
		if r := s.tx.sender.result(); r.code != 0 {
			s.conn.log.Info("sender's domain refused", "from", s.tx.from, "code", r.code, "text", r.text)
			return r.smtp()
		}
	}
	s.tx.recipients = append(s.tx.recipients, recipient{to, target})
	if target.List != nil {
		s.tx.list = target.List
	}
	s.beginSPF()
	return nil
}

// fits reports why a target cannot join the transaction; the zero reply if it can.
func (s *session) fits(t list.Target) reply {
	if limit := s.conn.config.Limits.RcptPerMessage; len(s.tx.recipients) >= limit {
		return reply{452, [3]int{4, 5, 3}, fmt.Sprintf("A message may have %d recipients here; send the others another", limit)}
	}
	if t.List == nil {
		return reply{}
	}
	if t.Kind == list.KindBounceMark && len(s.tx.recipients) > 0 && !s.conn.lmtp {
		return reply{452, [3]int{4, 5, 3}, "A report is about one copy; send the others a transaction of their own"}
	}
	if limit := t.List.MaxMessage; limit > 0 && s.tx.size > limit {
		return reply{552, [3]int{5, 3, 4}, fmt.Sprintf("Messages to this list may have %d octets", limit)}
	}
	// A refusal at the dot concerns all recipients, so all must be one list's. LMTP has an answer for each.
	if s.tx.list != nil && s.tx.list.Address != t.List.Address && !s.conn.lmtp {
		return reply{452, [3]int{4, 5, 3}, "One list at a time; send this one a transaction of its own"}
	}
	return reply{}
}

// beginSPF starts the look-ups of SPF, so that they run while the message comes in. Where a relay's word is believed they may not be needed.
func (s *session) beginSPF() {
	c := s.conn
	switch {
	case s.tx.spf != nil || c.config.Auth == nil:
	case c.relay && !c.forward.given:
		// The relay is not where the message comes from, and only XFORWARD could say what is.
		s.tx.spf = noSPF(domainOf(s.tx.from))
	case c.relay && c.config.Auth.AuthservID != "":
	default:
		s.tx.spf = c.config.Auth.beginSPF(s.server.ctx, s.envelope())
	}
}

// envelope is what the transaction says about its message, but for the id and the time.
func (s *session) envelope() list.Envelope {
	c := s.conn
	e := list.Envelope{From: s.tx.from, Helo: c.helo, Relay: c.relay, Protocol: c.protocol()}
	if c.ip.IsValid() {
		e.IP = c.ip.String()
	}
	if c.relay && c.forward.given {
		e.Helo, e.IP = c.forward.helo, ""
		if c.forward.addr.IsValid() {
			e.IP = c.forward.addr.String()
		}
	}
	return e
}

// protocol is the word for Received (RFC 3848, RFC 6531 §4.3).
func (f *filterConn) protocol() string {
	p := "SMTP"
	switch {
	case f.lmtp:
		p = "LMTP"
	case f.esmtp:
		p = "ESMTP"
	}
	if f.international {
		p = "UTF8" + strings.TrimPrefix(p, "E")
	}
	if f.secure && p != "SMTP" {
		p += "S"
	}
	return p
}

// Data hands the message over. go-smtp's reader has nothing: the filter read the message before go-smtp heard of DATA.
func (s *session) Data(io.Reader) error {
	targets := make([]list.Target, len(s.tx.recipients))
	for i, r := range s.tx.recipients {
		targets[i] = r.target
	}
	return s.receive(targets, s.conn.message.raw).smtp()
}

// LMTPData hands the message over once for each list, and answers for each recipient (RFC 2033 §4.2).
func (s *session) LMTPData(_ io.Reader, status smtp.StatusCollector) error {
	raw := s.conn.message.raw
	answers := map[string]*smtp.SMTPError{}
	for i, r := range s.tx.recipients {
		group := groupOf(r.target)
		if answers[group] == nil {
			var targets []list.Target
			for _, other := range s.tx.recipients[i:] {
				if groupOf(other.target) == group {
					targets = append(targets, other.target)
				}
			}
			if i > 0 {
				raw = bytes.Clone(raw) // the engine keeps what it gets
			}
			answers[group] = s.receive(targets, raw).smtp()
		}
		status.SetStatus(r.key, answers[group])
	}
	return nil
}

// groupOf is what the recipients of one Receive have in common.
func groupOf(t list.Target) string {
	if t.List == nil {
		return ""
	}
	return t.List.Address
}

// receive lets the engine decide and answers with what it said.
func (s *session) receive(targets []list.Target, raw []byte) reply {
	id, err := s.server.ids.Next()
	if err != nil {
		s.conn.log.Error("message put off", "error", err)
		return reply{451, [3]int{4, 3, 0}, troubleText}
	}
	in := &list.Incoming{Envelope: s.envelope(), Targets: unique(targets), Raw: raw}
	in.ID, in.Received = id, s.server.now()
	if auth := s.conn.config.Auth; auth != nil {
		spf := s.tx.spf
		in.Auth = func(ctx context.Context, m *message.Message) list.Authentication {
			return auth.Check(ctx, &in.Envelope, m, spf)
		}
		in.Policy = auth.Policy
	}
	receipt, err := s.server.receiver.Receive(s.server.ctx, in)
	if err != nil {
		r, told := answer(err)
		if !told { // what the sender is told, the receiver has logged with its reasons
			from := in.From
			if slices.ContainsFunc(in.Targets, list.Target.Nameless) {
				from = ""
			}
			s.conn.log.Error("message put off", "id", id, "from", from, "to", in.Targets[0].String(), "size", len(raw), "code", r.code, "error", err)
		}
		return r
	}
	return taken(receipt, id)
}

// taken is the answer to a message that is ours now, with what became of it.
func taken(r list.Receipt, id string) reply {
	text := "Queued as " + id
	switch r.Action {
	case "hold":
		text = "Held for a moderator as " + id
	case "discard":
		text = "Taken and not passed on, as " + id
	}
	return reply{250, [3]int{2, 0, 0}, text}
}

// unique drops targets that are named twice.
func unique(targets []list.Target) []list.Target {
	seen := make(map[string]bool, len(targets))
	kept := targets[:0:0]
	for _, t := range targets {
		if !seen[t.Address] {
			seen[t.Address] = true
			kept = append(kept, t)
		}
	}
	return kept
}

// refuse answers an error of the engine to a command.
func (s *session) refuse(command, address string, err error) error {
	r, told := answer(err)
	if told || errors.Is(err, list.ErrFull) {
		s.conn.log.Info("command refused", "command", command, "address", list.WithoutToken(address), "code", r.code, "reason", err)
	} else {
		s.conn.log.Error("command put off", "command", command, "address", list.WithoutToken(address), "error", err)
	}
	return r.smtp()
}
