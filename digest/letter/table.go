package letter

import (
	"strconv"
	"strings"
)

// Marks of a table in a body: where it begins and ends, and where a row and a further cell do. They are of private use, so that no words of anybody's have them.
const (
	tableBegin = "\uE004"
	tableEnd   = "\uE005"
	rowBegin   = "\uE006"
	cellBegin  = "\uE007"
)

// tableStyle is for pages that have one: on a small screen each row is a block, as in the text.
const tableStyle = `
table{border-collapse:collapse}td{padding:.4em .6em .4em 0;vertical-align:top;border-top:1px solid #999}
@media (max-width:480px){td{display:block;border:0;padding:.1em 0}tr{display:block;border-top:1px solid #999;padding:.5em 0}}`

// tableFuncs are the functions that make a table:
//
//	{{table "Mail" "Questions" "When"}}{{range .Rows}}{{row}}**{{.N}}. {{.Name}}**{{cell}}{{.Asks}}{{cell}}{{when .At}}{{end}}{{endtable}}
//
// In HTML it is one, under its heads. In text each row stands by itself, its further cells indented below the first, which a telephone can show.
func tableFuncs(f map[string]any) {
	f["table"] = func(heads ...string) markdown {
		var b strings.Builder
		for i, h := range heads {
			if i > 0 {
				b.WriteString(cellBegin)
			}
			b.WriteString(string(escape(h)))
		}
		return markdown("\n\n" + tableBegin + b.String())
	}
	f["row"] = func() markdown { return rowBegin }
	f["cell"] = func() markdown { return cellBegin }
	f["endtable"] = func() markdown { return tableEnd + "\n\n" }
}

// takeTables puts marks in the place of tables, whose source is kept with what else stands by itself.
func (w *writing) takeTables(body string) string {
	var b strings.Builder
	for {
		begin := strings.Index(body, tableBegin)
		if begin < 0 {
			break
		}
		end := strings.Index(body[begin:], tableEnd)
		if end < 0 {
			break
		}
		w.foreign = append(w.foreign, body[begin:begin+end])
		b.WriteString(body[:begin] + markBegin + strconv.Itoa(len(w.foreign)-1) + markEnd)
		body = body[begin+end+len(tableEnd):]
	}
	return b.String() + body
}

// table reads the source of one.
func (r reading) table(source string) document {
	b := block{kind: table}
	for row := range strings.SplitSeq(strings.TrimPrefix(source, tableBegin), rowBegin) {
		var cells []document
		for cell := range strings.SplitSeq(row, cellBegin) {
			cells = append(cells, reading{source: []byte(strings.TrimSpace(cell)), foreign: r.foreign}.document())
		}
		b.rows = append(b.rows, cells)
	}
	return document{b}
}

// htmlTable writes the head in bold and one row each. A cell is made of paragraphs, as any text.
func (k block) htmlTable(b *strings.Builder) {
	b.WriteString("<table>\n")
	for i, row := range k.rows {
		b.WriteString("<tr>")
		for _, cell := range row {
			b.WriteString("<td>")
			if i == 0 {
				b.WriteString("<strong>")
			}
			if len(cell) == 1 && cell[0].kind == paragraph {
				b.WriteString(inline(cell[0].spans))
			} else {
				cell.html(b)
			}
			if i == 0 {
				b.WriteString("</strong>")
			}
			b.WriteString("</td>")
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</table>\n")
}

// writeRows writes each row by itself. The heads are left out: they would stand above nothing.
func (k block) writeRows(line func(string), width int) {
	for i, row := range k.rows[1:] {
		if i > 0 {
			line("")
		}
		for n, cell := range row {
			if n == 0 {
				cell.write(line, width)
				continue
			}
			cell.write(func(l string) { line("   " + l) }, width-3)
		}
	}
}
