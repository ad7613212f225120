package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"convene/list"
	"convene/list/message"
)

// hiddenFrom is a From as pipermail shows it to the web: "jjl at pobox.com (John J. Lee)".
var hiddenFrom = regexp.MustCompile(`(?im)^(From: *)([^\s@<>()]+) at ([A-Za-z0-9][A-Za-z0-9.-]*)(.*)$`)

// plainFrom undoes how an archive hides the address of an author.
func plainFrom(raw []byte) []byte {
	end := bytes.Index(raw, []byte("\r\n\r\n"))
	if end < 0 {
		end = len(raw)
	}
	header := hiddenFrom.ReplaceAll(raw[:end:end], []byte("$1$2@$3$4"))
	return append(header, raw[end:]...)
}

// postFields are the fields of an archived post that it had before another list sent it on.
var postFields = []string{"from", "date", "subject", "message-id", "in-reply-to", "references", "mime-version", "content-type", "content-transfer-encoding",
	"content-disposition", "content-language"}

// addressed is a message as its author sent it to an address: what another list added is left out, and what more names is put in.
func addressed(m *message.Message, to string, more ...string) []byte {
	var b bytes.Buffer
	for _, f := range m.Fields {
		name := strings.ToLower(f.Name)
		if slices.Contains(postFields, name) && !slices.ContainsFunc(more, func(s string) bool { return strings.HasPrefix(strings.ToLower(s), name+":") }) {
			b.Write(m.Raw[f.Start:f.End])
		}
	}
	b.WriteString("To: " + to + "\r\n")
	for _, field := range more {
		b.WriteString(field)
	}
	b.WriteString("\r\n")
	b.Write(m.Raw[m.Body:])
	return b.Bytes()
}

// post hands in one post.
func (r *rehearsal) post(ctx context.Context, m *message.Message, at time.Time) error {
	target, err := r.engine.Route(r.list.Address)
	if err != nil {
		return err
	}
	return r.hand(ctx, addressed(m, r.list.Address), m, target, at)
}

// reply hands in an answer to the latest mail to its sender that has its subject and went out before.
func (r *rehearsal) reply(ctx context.Context, m *message.Message, at time.Time) error {
	from, err := m.From()
	if err != nil {
		r.refused = append(r.refused, fmt.Sprintf("an answer of %s: %v", at.Format(time.DateTime), err))
		return nil
	}
	base := subjectOf(m)
	for _, e := range slices.Backward(r.index) {
		if !e.At.Before(at) || subjectOf(e.message) != base || !slices.ContainsFunc(e.Recipients, func(a string) bool { return list.SameAddress(a, from.Addr) }) {
			continue
		}
		to := e.message.Mailboxes("Reply-To", "From")
		if len(to) == 0 {
			continue
		}
		target, err := r.engine.Route(to[0].Addr)
		if err != nil {
			return r.note(m, at, err)
		}
		id := message.MakeField("In-Reply-To", "<"+e.message.MessageID()+">")
		return r.hand(ctx, addressed(m, to[0].Addr, id, "References: <"+e.message.MessageID()+">\r\n"), m, target, at)
	}
	return r.note(m, at, errors.New("no mail went to them that has its subject"))
}

func (r *rehearsal) hand(ctx context.Context, raw []byte, m *message.Message, target list.Target, at time.Time) error {
	from, _ := m.From()
	env := list.Envelope{ID: r.engine.NewID(), From: from.Addr, Protocol: "local", Authenticated: true, Received: at}
	receipt, err := r.engine.Receive(ctx, &list.Incoming{Envelope: env, Targets: []list.Target{target}, Raw: raw})
	switch {
	case err != nil:
	case receipt.Action == string(list.ActHold):
		return r.noteHeld(at, m.Subject())
	case receipt.Action == string(list.ActDiscard):
		r.refused = append(r.refused, fmt.Sprintf("%s, %q: discarded, as one that came before or that a machine wrote", at.Format(time.DateTime), m.Subject()))
	}
	return r.note(m, at, err)
}

// note keeps why something was not taken; what broke is an error.
func (r *rehearsal) note(m *message.Message, at time.Time, err error) error {
	var refusal *list.Refusal
	if err != nil && !errors.As(err, &refusal) && !strings.HasPrefix(err.Error(), "no mail") {
		return err
	}
	if err != nil {
		r.refused = append(r.refused, fmt.Sprintf("%s, %q: %v", at.Format(time.DateTime), m.Subject(), err))
	}
	return nil
}
