package letter

import (
	"regexp"
	"strconv"
	"strings"
)

// markdown writes a document as Markdown again, in one spelling, so that it can be kept and worked on.
func (d document) markdown() string {
	var lines []string
	d.writeMarkdown(func(l string) { lines = append(lines, strings.TrimRight(l, " ")) })
	return strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n"
}

func (d document) writeMarkdown(line func(string)) {
	for i, b := range d {
		if i > 0 {
			line("")
		}
		if i > 0 && (b.kind == list && d[i-1].kind == list || b.kind == preformatted && d[i-1].kind == list) {
			line("<!-- -->") // or they would be one
			line("")
		}
		b.writeMarkdown(line)
	}
}

func (b block) writeMarkdown(line func(string)) {
	switch b.kind {
	case paragraph:
		for l := range strings.SplitSeq(marked(b.spans), "\n") {
			line(lineStart.ReplaceAllString(l, `$1\$2`))
		}
	case heading:
		line(strings.Repeat("#", min(b.level, 6)) + " " + strings.ReplaceAll(marked(b.spans), "\\\n", " "))
	case list:
		b.writeMarkdownItems(line)
	case quotation:
		b.items[0].writeMarkdown(func(l string) { line("> " + l) })
	case preformatted:
		for l := range strings.SplitSeq(b.spans[0].text, "\n") {
			line("    " + l)
		}
	case rule:
		line("---")
	case table:
		for i, row := range b.rows {
			if i > 0 {
				line("")
			}
			for n, cell := range row {
				if n > 0 {
					line("")
				}
				cell.writeMarkdown(line)
			}
		}
	}
}

func (b block) writeMarkdownItems(line func(string)) {
	for i, item := range b.items {
		if i > 0 && !b.tight {
			line("")
		}
		sign := "- "
		if b.ordered {
			sign = strconv.Itoa(b.start+i) + ". "
		}
		lead := sign
		item.writeMarkdown(func(l string) {
			line(lead + l)
			lead = strings.Repeat(" ", len(sign))
		})
		if lead == sign {
			line(sign)
		}
	}
}

// lineStart is what would make a line of a paragraph something else.
var lineStart = regexp.MustCompile(`^(\d{0,9})([-+#=.)~])`)

// special are the characters that mean something within a line.
var special = strings.NewReplacer(`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`, `<`, `\<`, `>`, `\>`, `&`, `\&`, `!`, `\!`)

// marked is a paragraph with its marks.
func marked(spans []span) string {
	var b strings.Builder
	for i := 0; i < len(spans); {
		end := i + 1
		for end < len(spans) && spans[end].href == spans[i].href {
			end++
		}
		var words strings.Builder
		for _, s := range spans[i:end] {
			words.WriteString(emphasised(s))
		}
		if href := spans[i].href; href != "" {
			b.WriteString("[" + words.String() + "](<" + strings.ReplaceAll(href, "&", "&amp;") + ">)")
		} else {
			b.WriteString(words.String())
		}
		i = end
	}
	return b.String()
}

// emphasised is a span with its emphasis, which stands around words and not around spaces.
func emphasised(s span) string {
	if s.newline {
		return "\\\n"
	}
	text := special.Replace(s.text)
	inner := strings.TrimSpace(text)
	if inner == "" {
		return text
	}
	around := inner
	if s.emphatic {
		around = "*" + around + "*"
	}
	if s.strong {
		around = "**" + around + "**"
	}
	return strings.Replace(text, inner, around, 1)
}
