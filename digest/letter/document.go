package letter

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	gmtext "github.com/yuin/goldmark/text"
)

// document is Markdown as both parts of a mail are made from it. It has the few kinds of block that mail programs agree on; pictures are their words, HTML
// is left out.
type document []block

type blockKind int

const (
	paragraph blockKind = iota
	heading
	list
	quotation
	preformatted
	rule
	table
)

// block is a paragraph, or what is none.
type block struct {
	kind    blockKind
	level   int // of a heading, from 1
	ordered bool
	start   int          // the number of an ordered list's first item
	tight   bool         // a list without blank lines
	items   []document   // of a list; of a quotation the only one
	rows    [][]document // of a table: cells, the heads first
	spans   []span
}

// span is a piece of text in one style.
type span struct {
	text     string
	href     string
	strong   bool
	emphatic bool
	newline  bool
}

// maxNesting is how deep lists and quotations go one within the other.
const maxNesting = 8

// parseDocument reads Markdown, and what stands by itself in it: see writing.mark.
func parseDocument(source string, foreign []string) document {
	return reading{source: []byte(source), foreign: foreign}.document()
}

// reading is one source that is being read.
type reading struct {
	source  []byte
	foreign []string
	theirs  bool // somebody wrote it: what is of private use is not ours
}

func (r reading) document() document {
	return r.blocks(goldmark.New().Parser().Parse(gmtext.NewReader(r.source)), 0)
}

// blocks are the blocks below a node.
func (r reading) blocks(parent ast.Node, depth int) (d document) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Paragraph, *ast.TextBlock:
			d = append(d, r.paragraph(n)...)
		case *ast.Heading:
			d = append(d, block{kind: heading, level: n.Level, spans: r.spans(n, span{})})
		case *ast.ThematicBreak:
			d = append(d, block{kind: rule})
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			d = append(d, block{kind: preformatted, spans: []span{{text: strings.TrimRight(string(n.Lines().Value(r.source)), "\n")}}})
		case *ast.Blockquote:
			if depth < maxNesting {
				d = append(d, block{kind: quotation, items: []document{r.blocks(n, depth+1)}})
			}
		case *ast.List:
			if depth < maxNesting {
				d = append(d, r.list(n, depth))
			}
		}
	}
	return d
}

func (r reading) list(n *ast.List, depth int) block {
	b := block{kind: list, ordered: n.IsOrdered(), start: n.Start, tight: n.IsTight}
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		b.items = append(b.items, r.blocks(item, depth+1))
	}
	return b
}

// paragraph is a paragraph, or the document whose mark it is.
func (r reading) paragraph(n ast.Node) document {
	spans := r.spans(n, span{})
	if len(spans) == 0 {
		return nil
	}
	if len(spans) == 1 {
		if number, ok := strings.CutPrefix(spans[0].text, markBegin); ok {
			i, err := strconv.Atoi(strings.TrimSuffix(number, markEnd))
			if err == nil && i >= 0 && i < len(r.foreign) {
				if strings.HasPrefix(r.foreign[i], tableBegin) {
					return r.table(r.foreign[i])
				}
				return reading{source: []byte(r.foreign[i]), theirs: true}.document().demoted()
			}
		}
	}
	return document{{kind: paragraph, spans: spans}}
}

// demoted makes the headings of what somebody wrote small ones: the large ones are the mail's.
func (d document) demoted() document {
	for i := range d {
		if d[i].kind == heading {
			d[i].level = max(d[i].level, 3)
		}
		for _, item := range d[i].items {
			item.demoted()
		}
	}
	return d
}
