package web

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a piece of a text is.
const (
	pieceText  = "text"
	pieceFixed = "fixed" // what is only right in letters of one width: code, tables
	pieceList  = "list"
	pieceQuote = "quote"
	pieceSign  = "sign" // a signature
	pieceHead  = "head" // a line that is underlined
)

// piece is a part of what somebody wrote, as a page shows it.
type piece struct {
	Kind   string
	Runs   []run   // of a text, and of what is fixed
	Wide   bool    // what is fixed may be wider than a telephone: a keyboard has to reach it to move it
	Items  []item  // of a list
	Pieces []piece // of a quotation, and of a signature
	// Folded says that a quotation is shown when somebody asks for it; Lead is the line that introduces it, or else First how it begins.
	Folded      bool
	Lead, First string
}

// item is one of a list, with what is listed in it.
type item struct {
	Runs  []run
	Items []item
}

// maxDepth is how deep a quotation is shown; what is quoted further is shown as deep.
const maxDepth = 8

// textLine is a line, and how deep it is quoted.
type textLine struct {
	depth int // 0: the writer's own
	text  string
}

// pieces makes what a page shows of a plain text.
func pieces(text string) []piece {
	var lines []textLine
	for line := range strings.SplitSeq(text, "\n") {
		depth, rest := quoted(line)
		lines = append(lines, textLine{depth, rest})
	}
	all := divide(lines, 0)
	own := false
	for i := range all {
		own = own || all[i].Kind != pieceQuote && all[i].Kind != pieceSign
	}
	if !own { // a text that is forwarded, say
		return all
	}
	return fold(all)
}

// divide divides lines that are quoted at least as deep as depth.
func divide(lines []textLine, depth int) (all []piece) {
	for i := 0; i < len(lines); {
		from := i
		if lines[i].depth > depth {
			for i < len(lines) && (lines[i].depth > depth || blank(lines[i].text) && quotedNext(lines[i:], depth)) {
				i++
			}
			if inner := divide(lines[from:i], depth+1); len(inner) > 0 {
				all = append(all, piece{Kind: pieceQuote, Pieces: inner})
			}
			continue
		}
		for i < len(lines) && lines[i].depth <= depth && !startsOriginal(lines, i) {
			i++
		}
		all = append(all, ownPieces(lines[from:i])...)
		if i < len(lines) && lines[i].depth <= depth { // all that follows is an earlier mail
			deeper := make([]textLine, 0, len(lines)-i)
			for _, l := range lines[i:] {
				deeper = append(deeper, textLine{min(l.depth+1, maxDepth), l.text})
			}
			if depth == maxDepth {
				return append(all, ownPieces(lines[i:])...)
			}
			return append(all, piece{Kind: pieceQuote, Pieces: ownDivide(deeper, depth+1)})
		}
	}
	return all
}

// ownDivide divides an earlier mail, of which the first line says that it is one.
func ownDivide(lines []textLine, depth int) []piece {
	head := 1
	for head < len(lines) && !blank(lines[head].text) && lines[head].depth <= depth && headerLine.MatchString(lines[head].text) {
		head++
	}
	return append(ownPieces(lines[:head]), divide(lines[head:], depth)...)
}

// quotedNext reports whether the next line that has something in it is quoted deeper than depth.
func quotedNext(lines []textLine, depth int) bool {
	for _, l := range lines {
		if !blank(l.text) {
			return l.depth > depth
		}
	}
	return false
}

// originalMessage is the line above a mail that programs quote without signs, and headerLine one of that mail's header.
var (
	originalMessage = regexp.MustCompile(`(?i)^-{2,} ?(original message|forwarded message|message d['’]origine|message transf[ée]r[ée]|mensaje original|mensaje reenviado|ursprüngliche nachricht|messaggio originale|mensagem original) ?-{2,}\s*$`)
	fromLine        = regexp.MustCompile(`^\*?(From|De|Von|Da) ?:\*? \S`)
	headerLine      = regexp.MustCompile(`^\*?(From|Sent|Date|To|Cc|Subject|De|Envoyé|Envoyé le|À|Objet|Enviado|Enviado el|Fecha|Para|Asunto|Von|Gesendet|An|Betreff) ?:\*?( |$)`)
)

// startsOriginal reports whether an earlier mail begins here, with its header or with a line that says so.
func startsOriginal(lines []textLine, i int) bool {
	if i == 0 {
		return false
	}
	l := lines[i].text
	if strings.HasPrefix(l, "--") {
		return originalMessage.MatchString(l)
	}
	return i+2 < len(lines) && l != "" && strings.IndexByte("*FDV", l[0]) >= 0 && fromLine.MatchString(l) && headerLine.MatchString(lines[i+1].text) && headerLine.MatchString(lines[i+2].text)
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// quoted takes the signs of quotation off a line: "> > text" and ">> text" are quoted twice.
func quoted(line string) (depth int, rest string) {
	rest = line
	for strings.HasPrefix(rest, ">") {
		depth++
		rest = rest[1:]
		if next := strings.TrimPrefix(rest, " "); strings.HasPrefix(next, ">") {
			rest = next
		}
	}
	if depth > 0 {
		rest = strings.TrimPrefix(rest, " ")
	}
	return min(depth, maxDepth), rest
}

// The longest quotation that is not folded away, in lines and characters, and the longest line that introduces one.
const openLines, openText, leadText = 4, 300, 240

// fold folds the long quotations away, each behind the line that introduces it.
func fold(all []piece) []piece {
	kept := all[:0]
	for _, p := range all {
		if lines, text := size(p.Pieces); p.Kind == pieceQuote && (lines > openLines || text > openText) {
			p.Folded = true
			if n := len(kept); n > 0 && kept[n-1].Kind == pieceText {
				if lead := plain(kept[n-1].Runs); len(lead) <= leadText && strings.Count(lead, "\n") < 2 && strings.HasSuffix(strings.TrimSpace(lead), ":") {
					p.Lead = strings.Join(strings.Fields(lead), " ")
					kept = kept[:n-1]
				}
			}
			if p.Lead == "" {
				p.First = beginning(p.Pieces)
			}
		}
		kept = append(kept, p)
	}
	return kept
}

// size is how long pieces are, in lines and characters.
func size(all []piece) (lines, text int) {
	for _, p := range all {
		l, t := size(p.Pieces)
		lines, text = lines+l+len(p.Items), text+t
		if p.Runs != nil {
			s := plain(p.Runs)
			lines, text = lines+1+strings.Count(s, "\n"), text+utf8.RuneCountInString(s)
		}
		for _, i := range p.Items {
			text += utf8.RuneCountInString(plain(i.Runs))
		}
	}
	return lines, text
}

// firstText is how much of a quotation stands for it, in characters.
const firstText = 60

// beginning is how a quotation begins.
func beginning(all []piece) string {
	for _, p := range all {
		text := plain(p.Runs)
		if len(p.Items) > 0 {
			text = plain(p.Items[0].Runs)
		}
		if p.Kind == pieceQuote {
			text = beginning(p.Pieces)
		}
		if words := strings.Join(strings.Fields(text), " "); words != "" {
			if r := []rune(words); len(r) > firstText {
				return strings.TrimRightFunc(string(r[:firstText]), unicode.IsSpace) + "…"
			}
			return words
		}
	}
	return ""
}
