package list

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"convene/list/message"
)

// disguises are the ways in which an address or a link with a token is written so that a person still reads it, or a program that follows links.
var disguises = map[string]func(s string, at int, r *rand.Rand) string{
	"as it is": func(s string, _ int, _ *rand.Rand) string { return s },
	"entities": func(s string, _ int, r *rand.Rand) string {
		return some(s, r, func(c byte) string { return fmt.Sprintf("&#%d;", c) })
	},
	"entities in hex": func(s string, _ int, r *rand.Rand) string {
		return some(s, r, func(c byte) string { return fmt.Sprintf("&#x%X;", c) })
	},
	"entities in entities": func(s string, _ int, r *rand.Rand) string {
		return some(s, r, func(c byte) string { return fmt.Sprintf("&amp;#%d;", c) })
	},
	"entities with names": func(s string, _ int, _ *rand.Rand) string {
		return strings.NewReplacer("-", "&hyphen;", "/", "&sol;", "+", "&plus;", "@", "&commat;").Replace(s)
	},
	"percent": func(s string, _ int, r *rand.Rand) string {
		return some(s, r, func(c byte) string { return fmt.Sprintf("%%%02x", c) })
	},
	"percent twice": func(s string, _ int, _ *rand.Rand) string { return url.QueryEscape(url.QueryEscape(s)) },
	"percent four times": func(s string, _ int, r *rand.Rand) string {
		return some(s, r, func(c byte) string { return fmt.Sprintf("%%252525%02X", c) })
	},
	"wbr at every place": func(s string, _ int, r *rand.Rand) string { return strewn(s, r, "<wbr>") },
	"elements": func(s string, at int, _ *rand.Rand) string {
		return s[:at] + "</span>\r\n<span class=\"x-y/z\">" + s[at:]
	},
	"a comment":              func(s string, at int, _ *rand.Rand) string { return s[:at] + "<!-- a > b -->" + s[at:] },
	"soft hyphens":           func(s string, _ int, r *rand.Rand) string { return strewn(s, r, "\u00ad") },
	"soft hyphens, entities": func(s string, _ int, r *rand.Rand) string { return strewn(s, r, "&shy;") },
	"no width":               func(s string, _ int, r *rand.Rand) string { return strewn(s, r, "\u200b") },
	"no width, entities":     func(s string, _ int, r *rand.Rand) string { return strewn(s, r, "&#8203;") },
	"joiners":                func(s string, _ int, r *rand.Rand) string { return strewn(s, r, "\u2060\ufeff\u200d") },
	"a line broken":          func(s string, at int, _ *rand.Rand) string { return s[:at] + "\r\n" + s[at:] },
	"a quoted line broken":   func(s string, at int, _ *rand.Rand) string { return "> <" + s[:at] + "\r\n> " + s[at:] + ">" },
	"quoted twice":           func(s string, at int, _ *rand.Rand) string { return "> > *" + s[:at] + " \r\n>> > " + s[at:] + "*" },
	"lines of signs":         func(s string, at int, _ *rand.Rand) string { return "| " + s[:at] + "\r\n|  " + s[at:] },
	"quoted-printable, not decoded": func(s string, at int, _ *rand.Rand) string {
		return strings.ReplaceAll(s[:at], "-", "=2D") + "= \r\n" + strings.ReplaceAll(s[at:], "-", "=2D")
	},
	"other dashes": func(s string, _ int, _ *rand.Rand) string { return strings.ReplaceAll(s, "-", "\u2011") },
	"a long dash":  func(s string, _ int, _ *rand.Rand) string { return strings.ReplaceAll(s, "-", "\u2013") },
	"capitals":     func(s string, at int, _ *rand.Rand) string { return strings.ToUpper(s[:at]) + s[at:] },
	"backslashes":  func(s string, _ int, _ *rand.Rand) string { return strings.ReplaceAll(s, "-", `\-`) },
}

// some writes some octets of s in another form, and never an octet of the scheme of a link alone.
func some(s string, r *rand.Rand, form func(byte) string) string {
	var b strings.Builder
	for i := range len(s) {
		if r.Intn(3) == 0 || s[i] == '-' || s[i] == '/' {
			b.WriteString(form(s[i]))
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// strewn puts something between some octets of s.
func strewn(s string, r *rand.Rand, what string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(s[i])
		if r.Intn(4) == 0 || s[i] == '-' {
			b.WriteString(what)
		}
	}
	return b.String()
}

// wrappings carry a text in a message, all with the length of what they carry unchanged by what overwrites.
var wrappings = map[string]func(text string, r *rand.Rand) string{
	"plain": func(text string, _ *rand.Rand) string {
		return "Content-Type: text/plain; charset=utf-8\r\n\r\n" + text
	},
	"html": func(text string, _ *rand.Rand) string {
		return "Content-Type: text/html; charset=utf-8\r\n\r\n<p>" + text + "</p>"
	},
	"a header": func(text string, _ *rand.Rand) string {
		return "X-Note: " + strings.ReplaceAll(text, "\r\n", "\r\n ") + "\r\n\r\nx\r\n"
	},
	"base64": func(text string, r *rand.Rand) string {
		return "Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n" + oddLines(text, r)
	},
	"quoted-printable": func(text string, r *rand.Rand) string {
		return "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quotable(text, r)
	},
	"utf-16, little": func(text string, r *rand.Rand) string {
		return "Content-Type: text/plain; charset=utf-16le\r\nContent-Transfer-Encoding: base64\r\n\r\n" + oddLines(wide(text, 0, 8), r)
	},
	"utf-16, big": func(text string, r *rand.Rand) string {
		return "Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\n" + oddLines(wide("\ufeff"+text, 8, 0), r)
	},
	"an attached message": func(text string, r *rand.Rand) string {
		return "Content-Type: application/octet-stream; name=x.eml\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
			oddLines("Subject: x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"+quotable(text, r), r)
	},
	"an attached message as it is": func(text string, r *rand.Rand) string {
		return "Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\nsee\r\n--q\r\nContent-Type: text/plain; name=x.eml\r\n\r\n" +
			"Return-Path: <a@b>\r\nContent-Transfer-Encoding: base64\r\n\r\n" + oddLines(text, r) + "\r\n--q--\r\n"
	},
	"beside the parts": func(text string, _ *rand.Rand) string {
		return "Content-Type: multipart/mixed; boundary=q\r\n\r\n" + text + "\r\n--q\r\n\r\nsee\r\n--q--\r\n"
	},
}

func oddLines(text string, r *rand.Rand) string {
	var b strings.Builder
	for e := base64.StdEncoding.EncodeToString([]byte(text)); e != ""; {
		n := min(1+r.Intn(79), len(e))
		b.WriteString(e[:n] + "\r\n")
		e = e[n:]
	}
	return b.String()
}

func quotable(text string, r *rand.Rand) string {
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c == '=' || c >= 0x80 || c != '\r' && c != '\n' && r.Intn(6) == 0 {
			fmt.Fprintf(&b, "=%02X", c)
		} else {
			b.WriteByte(c)
		}
		if r.Intn(20) == 0 && text[i] != '\r' {
			b.WriteString("=\r\n")
		}
	}
	return b.String()
}

func wide(text string, first, second int) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u>>first), byte(u>>second))
	}
	return string(b)
}

// tokenForms are where tokens stand; the token of each is at the end or before an at sign.
var tokenForms = []string{"peers+held-%s@lists.example.org", "peers+confirm-%s@lists.example.org", "https://lists.example.org/c/%s", "https://lists.example.org/u/%s",
	"mailto:peers+leave-%s@lists.example.org?subject=x", "peers+bounce-%s@lists.example.org", "peers+rsvp-%s@lists.example.org", "peers+draft-%s@lists.example.org",
	"mailto:peers+plan-%s@lists.example.org?subject=x", "https://lists.example.org/peers@lists.example.org/feed-%s.ics"}

// overwritten reads a message, takes all that looks like this token for ours, and overwrites it.
func overwritten(raw []byte, token string) (out []byte, found int, sealed, left bool) {
	s := scrubber{seen: map[candidate]bool{}}
	redactor := message.NewRedactor(raw)
	redactor.Look(s.collect)
	for c := range s.seen {
		if s.seen[c] = c.token == token; s.seen[c] {
			found++
		}
	}
	out, sealed = redactor.Redact(s.known)
	message.NewRedactor(out).Look(s.remains)
	return out, found, sealed, s.left
}

// TestDisguisedTokens: in whatever form a token is written, it is found, and can be overwritten with everything else as it was.
func TestDisguisedTokens(t *testing.T) {
	for disguise, write := range disguises {
		for wrapping, wrap := range wrappings {
			t.Run(disguise+", "+wrapping, func(t *testing.T) {
				for seed := range 20 {
					r := rand.New(rand.NewSource(int64(seed)))
					token := newToken()
					form := tokenForms[seed%len(tokenForms)]
					address := fmt.Sprintf(form, token)
					at := strings.Index(form, "%") + []int{0, 0, 5, 13, 25, -1}[r.Intn(6)]
					raw := []byte("Subject: x\r\n" + wrap("Some words of mine,\r\n"+write(address, at, r)+" and more.\r\n", r))
					out, found, sealed, left := overwritten(raw, token)
					if found == 0 || sealed || left || len(out) != len(raw) {
						t.Fatalf("seed %d: found %d, sealed %v, left %v\n%s\n%s", seed, found, sealed, left, raw, out)
					}
					if clean, again, _, _ := overwritten(out, token); again > 0 || !bytes.Equal(clean, out) {
						t.Fatalf("seed %d: found again in\n%s", seed, out)
					}
				}
			})
		}
	}
}

// TestDisguisedTime reads what could make a reader look back, or ahead, without a bound.
func TestDisguisedTime(t *testing.T) {
	for _, piece := range []string{"held-", "\nld-", "<", "<!--", "<a", "&amp;", "%25", "=  ", "/u/ ", "> held-\n", "&", "held-<b ", ">-", "\x00-", "\u200b-", "held-a\x00"} {
		text := []byte(strings.Repeat(piece, 1<<20/len(piece)))
		eachDisguised(text, func(c candidate, _ *letters) { t.Errorf("%q: found %+v", piece, c) })
	}
}

func FuzzDisguised(f *testing.F) {
	for _, s := range []string{"> held-\r\n> ", "/u/", "leave%252D", "bounce&#45;", "h\x00e\x00l\x00d\x00-\x00", "he<wbr>ld-", "confirm\u2010"} {
		f.Add([]byte(s), []byte("abcdefghijklm<b>nopqrs\u200btuvwxyz"))
	}
	f.Fuzz(func(t *testing.T, before, behind []byte) {
		text := append(bytes.Clone(before), behind...)
		eachDisguised(text, func(c candidate, at *letters) {
			last := 0
			for i, r := range at {
				if r.Start < last || r.End <= r.Start || r.End > len(text) {
					t.Fatalf("letter %d of %+v is at %v of %q", i, c, r, text)
				}
				last = r.End
			}
			for _, r := range at {
				for i := r.Start; i < r.End; i++ {
					if text[i] != 0 {
						text[i] = 'x'
					}
				}
			}
			if c.token != strings.ToLower(c.token) || len(c.token) != tokenLength {
				t.Fatalf("%+v", c)
			}
		})
	})
}
