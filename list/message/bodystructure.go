package message

import (
	"bytes"
	"strings"
)

// Structure is the MIME structure of an entity, as mail programs ask a server for it (BODYSTRUCTURE, RFC 9051 §7.5.2).
type Structure struct {
	Type, Subtype             string            // in lower case
	Params                    map[string]string // decoded (RFC 2231), names in lower case
	ID, Description, Encoding string            // Encoding in lower case; empty: none is named
	Disposition               string            // in lower case; empty: there is none
	DispositionParams         map[string]string
	Language                  []string
	Location                  string
	Size, Lines               int64       // of its body as it stands there, in octets and line ends
	Envelope                  *Envelope   // of the message that it encloses; nil: it encloses none that can be read
	Parts                     []Structure // of a multipart at least one; of what encloses a message one
}

// Multipart reports whether it is made of parts.
func (s *Structure) Multipart() bool { return s.Type == "multipart" }

// Structure reads the structure of a message. It never fails and takes linear time; of what is nested more than 50 deep, or has more than 1000 parts, the rest is left out.
func (m *Message) Structure() Structure {
	t, _ := growTree(m.Raw) // what was found before a limit was hit is good
	if len(t.nodes) == 0 {
		return Structure{Type: "text", Subtype: "plain"}
	}
	return t.structure(0)
}

func (t *tree) structure(i int) Structure {
	n := &t.nodes[i]
	h := t.header(i)
	s := Structure{ID: h.Get("Content-ID"), Description: Decode(h.Get("Content-Description")), Encoding: transferEncoding(h.Get("Content-Transfer-Encoding")),
		Params: n.params, Location: h.Get("Content-Location")}
	s.Type, s.Subtype, _ = strings.Cut(n.media, "/")
	if v := h.Get("Content-Disposition"); v != "" {
		s.Disposition, s.DispositionParams = readDisposition(v)
	}
	for tag := range strings.SplitSeq(h.Get("Content-Language"), ",") {
		if tag = strings.TrimSpace(tag); tag != "" && len(s.Language) < maxParams {
			s.Language = append(s.Language, tag)
		}
	}
	if s.Multipart() {
		t.children(i, func(c int) { s.Parts = append(s.Parts, t.structure(c)) })
		if len(s.Parts) == 0 { // no part could be found, and a multipart without any cannot be told
			s.Parts = []Structure{{Type: "text", Subtype: "plain"}}
		}
		return s
	}
	body := t.raw[n.body:n.end]
	s.Size, s.Lines = int64(len(body)), int64(bytes.Count(body, []byte("\n")))
	if c := i + 1; !n.leaf && c < n.after {
		e := t.header(c).Envelope()
		s.Envelope, s.Parts = &e, []Structure{t.structure(c)}
	}
	return s
}

// readDisposition reads a Content-Disposition (RFC 2183).
func readDisposition(v string) (kind string, params map[string]string) {
	kind, rest, _ := strings.Cut(v, ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	if !isToken(kind) {
		kind = "attachment" // what cannot be read is treated so (RFC 2183 §2.8)
	}
	_, params = parseMedia("x/x;" + rest)
	return kind, params
}
