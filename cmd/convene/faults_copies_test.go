package main

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"strings"
	"time"
)

// take notes a transaction that is about to be answered 250.
func (l *ledger) take(in *inbound, from string, to []string, content []byte) {
	id, common, body := dissect(content)
	exact := sha256.Sum256(append([]byte(from+"\n"), content...))
	l.mu.Lock()
	defer l.mu.Unlock()
	t := &transaction{life: in.life, at: time.Now(), exact: exact}
	in.last = t
	l.taken = append(l.taken, t)
	l.moved.Broadcast()
	p := l.posts[id]
	if p == nil {
		l.wrong.add("a message that nobody sent", "%s to %v", id, to)
		return
	}
	if string(body) != p.body {
		l.wrong.add("a body that is not the one that was sent", "%s to %v: %q", id, to, body)
	}
	if p.common == ([32]byte{}) {
		p.common = common
	} else if p.common != common {
		l.wrong.add("copies of one post that differ", "%s to %v", id, to)
	}
	if !bytes.Contains(content, []byte("\r\nDKIM-Signature:")) && !bytes.HasPrefix(content, []byte("DKIM-Signature:")) {
		l.wrong.add("a copy that is not signed", "%s to %v", id, to)
	}
	l.checkPath(from, to)
	for _, address := range to {
		l.deliver(p, t, strings.ToLower(address))
	}
}

// checkPath sees that a return path is of the kind that was asked for: one for all, or one for each member.
func (l *ledger) checkPath(from string, to []string) {
	local, _, _ := strings.Cut(from, "@")
	_, mark, personal := strings.Cut(local, "+bounce-")
	switch {
	case personal != l.personal || personal && (len(to) != 1 || mark == ""):
		l.wrong.add("a return path of the wrong kind", "%s to %v", from, to)
	case personal && l.paths[from] == "":
		l.paths[from] = to[0]
	case personal && l.paths[from] != to[0]:
		l.wrong.add("a return path of two members", "%s of %s and %s", from, l.paths[from], to[0])
	}
}

// deliver notes one recipient of a transaction.
func (l *ledger) deliver(p *sentPost, t *transaction, address string) {
	l.copies++
	i, ok := p.roster.index[address]
	if !ok {
		l.wrong.add("a copy for a stranger", "%s to %s", p.id, address)
		return
	}
	if m := &p.roster.members[i]; m.joined > p.last || m.left <= t.life {
		l.wrong.add("a copy for a member who was not to have it", "%s to %s in life %d: %+v", p.id, address, t.life, *m)
	}
	for len(p.trail) <= i {
		p.trail = append(p.trail, nil)
	}
	before := p.trail[i]
	p.trail[i] = t
	if before == nil {
		p.got++
		return
	}
	l.again(before, t, p.id+" to "+address)
}

// again judges something that came twice.
func (l *ledger) again(before, t *transaction, what string) {
	switch {
	case before.life == t.life:
		l.wrong.add("a copy twice without a crash", "%s", what)
	case before.crash.IsZero():
		l.wrong.add("a copy again that was settled", "%s in life %d after %d", what, t.life, before.life)
	case before.exact != t.exact:
		l.wrong.add("a copy that came again with other octets", "%s", what)
	}
	l.repeated++
	l.oldest = max(l.oldest, before.crash.Sub(before.at))
}

// connected notes a new connection.
func (l *ledger) connected() *inbound {
	l.mu.Lock()
	defer l.mu.Unlock()
	in := &inbound{life: l.life}
	l.inbound = append(l.inbound, in)
	l.alive++
	return in
}

// closed notes the end of a connection.
func (l *ledger) closed(in *inbound) {
	l.mu.Lock()
	defer l.mu.Unlock()
	in.ended = time.Now()
	if l.alive--; l.alive == 0 {
		l.quiet.Broadcast()
	}
}

// own are the fields that a member's copy has for itself.
var own = []string{"List-Unsubscribe", "List-Unsubscribe-Post", "DKIM-Signature"}

// dissect returns a message's Message-ID, the sum of what all copies of a post have in common, and its body.
func dissect(content []byte) (id string, common [32]byte, body []byte) {
	head, body, _ := bytes.Cut(content, []byte("\r\n\r\n"))
	sum := sha256.New()
	for len(head) > 0 {
		end := 0
		for { // to the end of the field, folds included
			i := bytes.Index(head[end:], []byte("\r\n"))
			if i < 0 {
				end = len(head)
				break
			}
			if end += i + 2; end == len(head) || head[end] != ' ' && head[end] != '\t' {
				break
			}
		}
		name, value, _ := strings.Cut(string(head[:end]), ":")
		if strings.EqualFold(name, "Message-ID") {
			id = strings.Trim(value, " \t\r\n<>")
		}
		if !slices.ContainsFunc(own, func(o string) bool { return strings.EqualFold(o, name) }) {
			sum.Write(head[:end])
		}
		head = head[end:]
	}
	sum.Write(body)
	sum.Sum(common[:0])
	return id, common, body
}
