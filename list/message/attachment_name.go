package message

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// fileName is what a header says that its part is called: the filename of Content-Disposition, else the name of Content-Type, in any of the forms that
// are in use: plain, extended or in pieces (RFC 2231), and with encoded-words, which stand in no RFC and in much mail.
func fileName(header *Message) string {
	for _, p := range [...]struct{ field, param string }{{"Content-Disposition", "filename"}, {"Content-Type", "name"}} {
		value := header.Get(p.field)
		end := strings.IndexByte(value, ';')
		if end < 0 {
			continue
		}
		params, pieces := readParams(value, end)
		name := joinPieces(pieces[p.param]) // which says more than the plain one beside it (RFC 6266 §4.3)
		if name == "" {
			name = Decode(params[p.param])
		}
		if name = strings.TrimSpace(name); name != "" {
			return name
		}
	}
	return ""
}

// maxName is how long a name may be, in octets: file systems take 255, and a line of mail has room for it.
const maxName = 120

// safeName makes of a name one that can be shown in a line and stored: the last part of a path, without what is not seen or reorders what is, and
// without what some file systems forbid. It may become empty.
func safeName(name string) string {
	name = oneLine(name)
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r) && r != 0x200C && r != 0x200D, r == utf8.RuneError, unicode.Is(unicode.Co, r): // two joiners are spelling
			return -1
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, name)
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	if len(name) <= maxName {
		return name
	}
	stem, ext := name, ""
	if i := strings.LastIndexByte(name, '.'); i > 0 && len(name)-i <= 12 {
		stem, ext = name[:i], name[i:]
	}
	return strings.TrimRight(firstRunes(stem, maxName-len(ext)), ". ") + ext
}

// extension is what the name of a file of this kind ends in; empty: nobody can say.
func extension(media string) string {
	if ext, ok := extensions[media]; ok {
		return ext
	}
	switch kind, name, _ := strings.Cut(media, "/"); kind {
	case "image", "audio", "video":
		if len(name) <= 4 {
			return "." + name
		}
	}
	return ""
}

var extensions = map[string]string{
	"text/plain": ".txt", "text/html": ".html", "text/csv": ".csv", "text/x-patch": ".patch", "text/x-diff": ".diff", "text/markdown": ".md", "text/vcard": ".vcf",
	"text/x-vcard": ".vcf", "image/jpeg": ".jpg", "image/svg+xml": ".svg", "audio/mpeg": ".mp3", "audio/ogg": ".ogg", "audio/x-wav": ".wav", "video/quicktime": ".mov",
	"application/pdf": ".pdf", "application/zip": ".zip", "application/gzip": ".gz", "application/msword": ".doc", "application/rtf": ".rtf",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx", "application/vnd.oasis.opendocument.text": ".odt",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx", "application/vnd.ms-excel": ".xls", "message/rfc822": ".eml", "message/global": ".eml",
	"application/pgp-keys": ".asc",
}
