package list

import (
	"encoding/hex"
	"slices"
	"strings"

	"convene/list/message"
)

// Copy makes what goes out for an outbox record: from what is stored alone, so that a retry is identical.
func (e *Engine) Copy(out Outgoing, form Form) (message.Pieces, error) {
	raw, err := e.Store.Raw(out.Ref)
	if err != nil {
		return nil, err
	}
	p, _ := Transform(stepsFor(out), raw, out.Style, form)
	return p, nil
}

func stepsFor(out Outgoing) []Step {
	if out.Forward {
		return ForwardSteps()
	}
	if out.Digest {
		return DigestSteps()
	}
	if out.Post == 0 {
		return nil
	}
	return PostSteps()
}

// digestFields are the fields that a message has within a digest (RFC 1153 §2, and those by which it is read, threaded and verified); all else is between the
// author, the list and the servers on the way.
var digestFields = []string{"date", "from", "to", "cc", "subject", "message-id", "keywords", "in-reply-to", "references", "mime-version"}

// WholePost is a post as a digest encloses it: what is signed in it holds on, and what its list takes out of copies is not in it. out is its record in the
// outbox. light leaves its attachments out, too, as for who wants none.
func (e *Engine) WholePost(out Outgoing, light bool) ([]byte, error) {
	raw, err := e.Store.Raw(out.Ref)
	if err != nil {
		return nil, err
	}
	steps := []Step{{"identity", identity}, {"enclose", encloseFields}, {"plain", plain}, {"attachments", attachments}, {"body", body}, {"reply-to", encloseReplyTo}}
	p, _ := Transform(steps, raw, out.Style, Form{Light: light})
	return p.Bytes(), nil
}

// encloseFields leaves the fields that a message has within a digest.
func encloseFields(d *Draft) {
	d.edit.Remove(func(name, _ string) bool {
		name = strings.ToLower(name)
		return !slices.Contains(digestFields, name) && !strings.HasPrefix(name, "content-")
	})
	if _, eight := d.Message.EightBit(); eight && d.Message.Count("Content-Transfer-Encoding") == 0 {
		d.edit.Append("Content-Transfer-Encoding: 8bit\r\n")
	}
}

// encloseReplyTo has the answer to an enclosed message go where the answer to the post goes.
func encloseReplyTo(d *Draft) {
	if d.Style.repliesToList() {
		d.edit.Append(message.EncodeMailboxes("Reply-To", message.Mailbox{Addr: d.Style.List}))
	}
}

func hexKey(key [16]byte) string { return hex.EncodeToString(key[:]) }
