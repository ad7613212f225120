package letter

import (
	"bufio"
	"bytes"
	"github.com/yuin/goldmark/ast"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
	"html"
	"strings"
)

// spans are the pieces of text below a node, in the style of what stands around them.
func (r reading) spans(parent ast.Node, style span) (all []span) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		s := style
		switch n := n.(type) {
		case *ast.Text:
			s.text = r.words(n.Segment.Value(r.source), n.IsRaw())
			if n.SoftLineBreak() {
				s.text += " "
			}
			all = append(all, s)
			if n.HardLineBreak() {
				all = append(all, span{newline: true})
			}
		case *ast.String:
			s.text = r.words(n.Value, n.IsRaw())
			all = append(all, s)
		case *ast.Emphasis:
			s.strong, s.emphatic = s.strong || n.Level > 1, s.emphatic || n.Level == 1
			all = append(all, r.spans(n, s)...)
		case *ast.Link:
			s.href = r.address(resolved(n.Destination))
			all = append(all, r.spans(n, s)...)
		case *ast.AutoLink:
			if s.href = r.address(string(n.URL(r.source))); n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(s.href, "mailto:") {
				s.href = Mailto(string(n.URL(r.source)), "", "")
			}
			s.text = string(n.Label(r.source))
			all = append(all, s)
		case *ast.RawHTML:
		default: // pictures, code: their words
			all = append(all, r.spans(n, s)...)
		}
	}
	return joined(all)
}

// joined puts neighbours of one style together.
func joined(all []span) (out []span) {
	var words strings.Builder
	for i, s := range all {
		if s.newline {
			out = append(out, s)
			continue
		}
		words.WriteString(s.text)
		style := s
		if style.text = ""; i+1 < len(all) {
			if next := all[i+1]; !next.newline {
				if next.text = ""; next == style {
					continue
				}
			}
		}
		if style.text = words.String(); style.text != "" {
			out = append(out, style)
		}
		words.Reset()
	}
	return out
}

// words are the characters that a piece of source stands for: without the escapes and with the entities resolved.
func (r reading) words(source []byte, raw bool) string {
	if raw || !r.theirs && bytes.IndexByte(source, '\\') < 0 && bytes.IndexByte(source, '&') < 0 && bytes.IndexByte(source, 0) < 0 {
		return string(source)
	}
	var b strings.Builder
	w := bufio.NewWriterSize(&b, len(source)+16) // its own size is 4 kB, for a few words
	gmhtml.DefaultWriter.Write(w, source)
	w.Flush()
	s := html.UnescapeString(b.String())
	if r.theirs {
		s = clean(s)
	}
	return s
}

// address is where a link leads; empty where that is nowhere to be led to.
func (r reading) address(s string) string {
	if r.theirs {
		s = clean(s)
	}
	return webAddress(s)
}

// resolved is the destination of a link, with its escapes and entities resolved.
func resolved(destination []byte) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(destination))))
}
