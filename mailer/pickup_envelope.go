package mailer

import (
	"bytes"
	"strings"

	"convene/list/message"
)

// pickupHead is how much of a header the envelope is looked for in: what a host adds stands on top.
const pickupHead = 64 << 10

// pickupEnvelope is what the host of a mailbox wrote down of the envelope that a message came with.
type pickupEnvelope struct {
	from string
	// to is whom the message was for, by the host's word alone, the address before aliases first; empty: it does not say.
	to []string
	// content is the message without these fields: to the engine they would look like a loop, and they may hold tokens.
	content []byte
}

// readPickupEnvelope reads the fields that the host put on top of the header: Delivered-To and X-Original-To above its own Received field, and of each
// the first. Whatever stands further down came with the message and is anybody's. Where no Received field shows where that begins, the first field of
// all that could be the host's is believed, and no other. The return path is the topmost Return-Path (RFC 5321 §4.4: who delivers removes all others).
func readPickupEnvelope(raw []byte) pickupEnvelope {
	head := raw
	if len(head) > pickupHead {
		head = head[:bytes.LastIndexByte(head[:pickupHead], '\n')+1]
	}
	m := message.Parse(head)
	received := m.Count("Received") > 0
	e := pickupEnvelope{content: raw}
	var original, delivered string
	var cut []message.Field
	above := true
	for _, f := range m.Fields {
		value := string(head[min(f.Value, f.End):f.End])
		switch strings.ToLower(f.Name) {
		case "received":
			above = false
		case "return-path":
			if e.from == "" {
				e.from = pathOf(value)
			}
		case "x-original-to":
			if above && original == "" {
				original = pathOf(value)
			}
			if above {
				cut = append(cut, f)
				above = received
			}
		case "delivered-to":
			if above && delivered == "" {
				delivered = pathOf(value)
			}
			if above {
				cut = append(cut, f)
				above = received
			}
		}
	}
	for _, to := range []string{original, delivered} {
		if to != "" && to != e.first() {
			e.to = append(e.to, to)
		}
	}
	if e.from == "" && m.Count("Return-Path") == 0 { // who wrote it is the nearest to it that there is; an empty one is a report's
		if from, err := m.From(); err == nil {
			e.from = from.Addr
		}
	}
	e.content = without(raw, cut)
	return e
}

func (e *pickupEnvelope) first() string {
	if len(e.to) == 0 {
		return ""
	}
	return e.to[0]
}

// pathOf is the address in a field of a path, with or without angle brackets; empty: the null path, or none.
func pathOf(value string) string {
	value = strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(value, "\r", ""), "\n", ""))
	if i := strings.IndexByte(value, '<'); i >= 0 {
		value, _, _ = strings.Cut(value[i+1:], ">")
	}
	address, err := message.ParseAddr(strings.TrimSpace(value))
	if err != nil {
		return ""
	}
	return address
}

// without is raw without some of its header fields, in a copy.
func without(raw []byte, fields []message.Field) []byte {
	out := make([]byte, 0, len(raw))
	from := 0
	for _, f := range fields {
		out = append(out, raw[from:f.Start]...)
		from = f.End
	}
	return append(out, raw[from:]...)
}
