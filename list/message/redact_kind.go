package message

import (
	"bytes"
	"regexp"
	"strings"
)

// foreignCharset has the names of charsets in which letters are not what they are in ASCII, nor in two or four octets: EBCDIC and UTF-7.
var foreignCharset = regexp.MustCompile(`^(?:(?:x-)?(?:ibm|cp)-?0?(?:037|1047|11[0-4]\d|[23]\d\d|[45]00|42[04]|8[78]\d)|(?:x-)?ebcdic.*|.*utf-?7.*)$`)

// isBinary reports whether a text is none, by the controls at its beginning that no text has in any charset.
func isBinary(text []byte) bool {
	text = text[:min(len(text), 8<<10)]
	n := 0
	for _, c := range text {
		if c < ' ' && c != 0 && (c < '\t' || c > '\r') && c != 0x1B {
			n++
		}
	}
	return n > len(text)/64
}

// fieldLine is how a message begins.
var fieldLine = regexp.MustCompile(`^[\r\n]*(?:From [^\r\n]*\r?\n)?[!-9;-~]{1,76}:`)

// isAttachedMessage reports whether a text is a message with encoded parts, as an attached file with the name of one is, whatever media type it has.
func isAttachedMessage(text []byte) bool {
	return fieldLine.Match(text) && (bytes.Contains(text, []byte("ransfer-")) || bytes.Contains(text, []byte("RANSFER-")) || bytes.Contains(text, []byte("=?")))
}

// mayHoldText spares what is large and has no text that stands there as octets: it is a picture, or compressed.
func mayHoldText(media string) bool {
	switch kind, name, _ := strings.Cut(media, "/"); kind {
	case "image":
		return strings.HasPrefix(name, "svg")
	case "audio", "video", "font":
		return false
	case "application":
		return name != "pdf" && name != "msword" && name != "zip" && name != "gzip" && name != "x-zip-compressed" && !strings.HasPrefix(name, "vnd.")
	}
	return true
}
