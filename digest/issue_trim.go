package digest

import (
	"fmt"
	"regexp"
	"strings"
)

// What a digest shows of a quotation: quoteKept lines where it has more than quoteFloor, which is hardly longer than saying that something is left out. What
// introduces it always stays. A post's own words are never cut but at textShown.
const (
	quoteKept  = 2
	quoteFloor = 5
	textShown  = 20 << 10 // octets
)

// trimmed is the text of a post as a digest shows it: without the signature, and of long quotations the beginning.
func (w *issueWords) trimmed(text string) string {
	rest := ""
	if len(text) > textShown {
		text, rest = strings.ToValidUTF8(text[:textShown], ""), "\n\n"+w.rest
	}
	lines := withoutSignature(strings.Split(text, "\n"))
	var out []string
	for i := 0; i < len(lines); {
		n := quotedRun(lines[i:])
		switch {
		case n == 0:
			out = append(out, lines[i])
			n = 1
		case n <= quoteFloor:
			out = append(out, lines[i:i+n]...)
		default:
			out = append(out, lines[i:i+quoteKept]...)
			out = append(out, "> "+fmt.Sprintf(w.quoted, n-quoteKept))
		}
		i += n
	}
	return strings.Trim(w.withoutOriginal(out), "\n") + rest
}

// quotedRun is how many lines from the first on are quoted; empty ones between two that are count.
func quotedRun(lines []string) int {
	n := 0
	for i, l := range lines {
		switch {
		case strings.HasPrefix(l, ">"):
			n = i + 1
		case strings.TrimSpace(l) == "" && n > 0:
		default:
			return n
		}
	}
	return n
}

// withoutSignature cuts at the last line of two hyphens and a space (RFC 3676 §4.3) that is not quoted, unless nothing stands above it.
func withoutSignature(lines []string) []string {
	for i := len(lines) - 1; i > 0; i-- {
		if lines[i] == "-- " {
			if strings.TrimSpace(strings.Join(lines[:i], "")) == "" {
				return lines
			}
			return lines[:i]
		}
	}
	return lines
}

// The lines that some programs put above a message that they quote whole, without marking its lines.
var (
	originalLine = regexp.MustCompile(`^\s*-{2,} ?(?:Original Message|Message d'origine|Message d’origine|Mensaje original|Mensagem original|Ursprüngliche Nachricht|Forwarded message) ?-{2,}\s*$`)
	originalFrom = regexp.MustCompile(`^\*?(?:From|De|Von|Da)\s?:\*? .+`)
	originalSent = regexp.MustCompile(`^\*?(?:Sent|Date|Envoyé|Enviado|Enviada|Gesendet|Fecha)(?: el)?\s?:\*? .+`)
)

// withoutOriginal cuts a message that is quoted whole below a post's own words; where there are none it stays, since it is what was sent.
func (w *issueWords) withoutOriginal(lines []string) string {
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	for i := range lines {
		if !originalLine.MatchString(lines[i]) && !(originalFrom.MatchString(lines[i]) && sentBelow(lines[i+1:])) {
			continue
		}
		if strings.TrimSpace(strings.Join(lines[:i], "")) == "" || len(lines)-i <= quoteFloor {
			break
		}
		return strings.TrimRight(strings.Join(lines[:i], "\n"), "\n ") + "\n\n" + fmt.Sprintf(w.quoted, len(lines)-i)
	}
	return strings.Join(lines, "\n")
}

// sentBelow reports whether one of the next lines says when a message was sent.
func sentBelow(lines []string) bool {
	for _, l := range lines[:min(len(lines), 3)] {
		if originalSent.MatchString(l) {
			return true
		}
	}
	return false
}
