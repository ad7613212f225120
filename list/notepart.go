package list

import (
	"fmt"
	"mime/quotedprintable"
	"strings"
)

// longestLine is that of RFC 5322 §2.1.1, without its end.
const longestLine = 998

// writeText writes the text as a MIME part with its header: as it is, or in quoted-printable where a line is too long for that.
func writeText(b *strings.Builder, body string) { writePart(b, "text/plain", body) }

// writePart writes the fields and the body of a part of that media type.
func writePart(b *strings.Builder, media, body string) {
	encoding, long := "7bit", false
	for line := range strings.SplitSeq(body, "\n") {
		long = long || len(line) > longestLine
	}
	switch {
	case long:
		encoding = "quoted-printable"
	case hasEightBit([]byte(body)):
		encoding = "8bit"
	}
	b.WriteString("Content-Type: " + media + "; charset=utf-8\r\nContent-Transfer-Encoding: " + encoding + "\r\n\r\n")
	body = strings.ReplaceAll(body, "\n", "\r\n")
	if !long {
		b.WriteString(body)
		return
	}
	w := quotedprintable.NewWriter(b)
	_, _ = w.Write([]byte(body)) // into memory
	_ = w.Close()
}

// boundaryFor makes a boundary that stands nowhere in what it divides.
func boundaryFor(id string, enclosed []byte, body string) string {
	for n := 0; ; n++ {
		sum := hashToken(fmt.Sprintf("%s %d", id, n))
		boundary := "=_" + tokenEncoding.EncodeToString(sum[:16])
		if !strings.Contains(string(enclosed), boundary) && !strings.Contains(body, boundary) {
			return boundary
		}
	}
}
