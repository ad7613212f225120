package message

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// bodyIn is a body in one of the forms, written in pieces of so many octets.
func bodyIn(c Canonical, body string, size int, limit int64) string {
	var out bytes.Buffer
	c.WriteBody(&out, inPieces(body, size), limit)
	return out.String()
}

func inPieces(s string, size int) (p Pieces) {
	for b := range slices.Chunk([]byte(s), size) {
		p = append(p, b)
	}
	return p
}

func TestCanonicalBody(t *testing.T) {
	for name, c := range map[string]struct{ body, relaxed, simple string }{ // the first is RFC 6376 §3.4.5
		"the example":               {" C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n", " C \r\nD \t E\r\n"},
		"nothing":                   {"", "", "\r\n"},
		"an empty line":             {"\r\n", "", "\r\n"},
		"white space":               {" \t", "", " \t\r\n"},
		"no end":                    {"a", "a\r\n", "a\r\n"},
		"space before no end":       {"a ", "a\r\n", "a \r\n"},
		"a CR of its own":           {"a \r b\r\r\n", "a \r b\r\r\n", "a \r b\r\r\n"},
		"a CR at the end":           {"a \r", "a \r\r\n", "a \r\r\n"},
		"a LF of its own":           {"a \n b\r\n", "a \n b\r\n", "a \n b\r\n"},
		"empty lines between":       {"a\r\n \r\n\r\nb", "a\r\n\r\n\r\nb\r\n", "a\r\n \r\n\r\nb\r\n"},
		"space at the beginning":    {"\r\n\r\n  a", "\r\n\r\n a\r\n", "\r\n\r\n  a\r\n"},
		"a tab for a space":         {"a\tb\r\n\tc\r\n", "a b\r\n c\r\n", "a\tb\r\n\tc\r\n"},
		"lines of white space last": {"a\r\n \r\n\t\t\r\n", "a\r\n", "a\r\n \r\n\t\t\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			for size := 1; size <= len(c.body)+1; size++ {
				if got := bodyIn(Relaxed, c.body, size, -1); got != c.relaxed {
					t.Errorf("relaxed, in pieces of %d: %q, want %q", size, got, c.relaxed)
				}
				if got := bodyIn(Simple, c.body, size, -1); got != c.simple {
					t.Errorf("simple, in pieces of %d: %q, want %q", size, got, c.simple)
				}
				for limit := range len(c.relaxed) {
					if got := bodyIn(Relaxed, c.body, size, int64(limit)); got != c.relaxed[:limit] {
						t.Errorf("%d octets: %q of %q", limit, got, c.relaxed)
					}
				}
			}
		})
	}
	for c, want := range map[Canonical]string{ // RFC 6376 §3.4.3 and §3.4.4
		Relaxed: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", Simple: "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY="} {
		sum := c.bodySum(Pieces{[]byte("\r\n\r\n")}, -1)
		if got := base64.StdEncoding.EncodeToString(sum[:]); got != want {
			t.Errorf("an empty body is hashed as %s in form %d", got, c)
		}
	}
}

// plainRelaxed is the relaxed form by the letter of RFC 6376 §3.4.4, one line after the other.
func plainRelaxed(body string) string {
	body = strings.TrimSuffix(body, "\r\n")
	var lines []string
	for line := range strings.SplitSeq(body, "\r\n") {
		var out []byte
		for _, c := range []byte(line) {
			if c == '\t' {
				c = ' '
			}
			if n := len(out); c != ' ' || n == 0 || out[n-1] != ' ' {
				out = append(out, c)
			}
		}
		lines = append(lines, strings.TrimSuffix(string(out), " "))
	}
	for n := len(lines); n > 0 && lines[n-1] == ""; n-- {
		lines = lines[:n-1]
	}
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\r\n") + "\r\n"
}

func TestCanonicalField(t *testing.T) {
	for in, want := range map[string]string{"A: X\r\n": "a:X\r\n", "B : Y\t\r\n\tZ  \r\n": "b:Y Z\r\n", "C:\r\n": "c:\r\n", "D:\r\n \r\n": "d:\r\n", "E: a:b": "e:a:b\r\n"} {
		if got := string(Relaxed.AppendField(nil, []byte(in))); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
		if got := string(Simple.AppendField(nil, []byte(in))); got != in {
			t.Errorf("%q becomes %q in the simple form", in, got)
		}
	}
}

func TestSameBody(t *testing.T) {
	long := strings.Repeat("the same line\r\n", 1000)
	for name, c := range map[string]struct {
		a, b            string
		limit           int64
		relaxed, simple bool
	}{
		"the same":                          {long, long, -1, true, true},
		"a footer":                          {long, long + "-- \r\nfooter\r\n", -1, false, false},
		"a footer behind what counts":       {long, long + "-- \r\nfooter\r\n", int64(len(long)), true, true},
		"a footer within what counts":       {long, long + "-- \r\nfooter\r\n", int64(len(long)) + 1, false, false},
		"another first line":                {"a\r\n" + long, "b\r\n" + long, -1, false, false},
		"empty lines at the end":            {long, long + "\r\n\r\n", -1, true, true},
		"empty lines before a footer":       {long + "\r\n", long + "\r\n\r\nx\r\n", -1, false, false},
		"no line end":                       {long + "x", long + "x\r\n", -1, true, true},
		"more space":                        {long + "a b\r\n" + long, long + "a  b \r\n" + long, -1, true, false},
		"another word":                      {long + "a b\r\n", long + "a c\r\n", -1, false, false},
		"nothing, and an empty line":        {"", "\r\n", -1, true, true},
		"nothing, and something":            {"", "x\r\n", -1, false, false},
		"nothing counts, whatever is there": {"x", "y", 0, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, size := range []int{1, 7, 4096, 1 << 20} {
				a, b := inPieces(c.a, size), inPieces(c.b, size+3)
				for form, want := range map[Canonical]bool{Relaxed: c.relaxed, Simple: c.simple} {
					if form.SameBody(a, b, c.limit) != want || form.SameBody(b, a, c.limit) != want {
						t.Errorf("form %d, in pieces of %d: want %v", form, size, want)
					}
				}
			}
		})
	}
}

func TestParseSignature(t *testing.T) {
	const rest = "; d=a.example; s=x; h=from:Subject; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA"
	for name, c := range map[string]struct {
		value string
		want  string // empty: it is none
	}{
		"without c=":               {"v=1; a=rsa-sha256" + rest, "a.example rsa-sha256 [from subject] 0/0 -1 true"},
		"both forms":               {"v=1; a=rsa-sha256; c=relaxed/relaxed" + rest, "a.example rsa-sha256 [from subject] 1/1 -1 true"},
		"one form":                 {"v=1; a=ed25519-sha256; c=relaxed" + rest, "a.example ed25519-sha256 [from subject] 1/0 -1 true"},
		"forms in capitals":        {"v=1; a=RSA-SHA256; c=Simple/Relaxed" + rest, "a.example rsa-sha256 [from subject] 0/1 -1 true"},
		"an old algorithm":         {"v=1; a=rsa-sha1" + rest, "a.example rsa-sha1 [from subject] 0/0 -1 false"},
		"a length":                 {"v=1; a=rsa-sha256; l=12" + rest, "a.example rsa-sha256 [from subject] 0/0 12 true"},
		"a length that is none":    {"v=1; a=rsa-sha256; l=-3" + rest, ""},
		"a length beyond all":      {"v=1; a=rsa-sha256; l=99999999999999999999" + rest, ""},
		"space wherever it may be": {" v = 1 ;a=rsa-sha256; d = A.example ; h=from : subject ;bh= 47DE Qpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=A A ;", "a.example rsa-sha256 [from subject] 0/0 -1 true"},
		"another version":          {"v=2; a=rsa-sha256" + rest, ""},
		"a form that there is not": {"v=1; a=rsa-sha256; c=nofws" + rest, ""},
		"a tag twice":              {"v=1; a=rsa-sha256; d=b.example" + rest, ""},
		"no From":                  {"v=1; d=a.example; h=subject; bh=AAAA; b=AAAA", ""},
		"no domain":                {"v=1; h=from; bh=AAAA; b=AAAA", ""},
		"no body hash":             {"v=1; d=a.example; h=from; b=AAAA", ""},
		"no signature":             {"v=1; d=a.example; h=from; bh=AAAA; b=", ""},
		"words":                    {"what is this", ""},
		"nothing":                  {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, ok := ParseSignature(c.value)
			got := fmt.Sprint(s.Domain, " ", s.Algorithm, " ", s.Names, " ", s.Header, "/", s.Body, " ", s.Length, " ", s.Usable())
			if ok != (c.want != "") || ok && got != c.want {
				t.Errorf("%v, %s, want %s", ok, got, c.want)
			}
			if ok && s.Fits(Pieces{[]byte("\r\n")}) != (s.Usable() && s.Body == Relaxed) {
				t.Error("its hash is that of no body in the relaxed form")
			}
		})
	}
}

func TestSplitPieces(t *testing.T) {
	const raw = "A: 1\r\nB: 2\r\n 3\r\n\r\nbody\r\n\r\nmore\r\n"
	for size := 1; size <= len(raw); size++ {
		header, rest := append(Pieces{nil}, inPieces(raw, size)...).Split()
		if string(rest.Bytes()) != "body\r\n\r\nmore\r\n" || len(header.Fields) != 2 || header.Get("b") != "2 3" {
			t.Errorf("in pieces of %d: %d fields, body %q", size, len(header.Fields), rest.Bytes())
		}
		before, behind := inPieces(raw, size).Cut(9)
		if string(before.Bytes()) != raw[:9] || string(behind.Bytes()) != raw[9:] {
			t.Errorf("in pieces of %d: cut into %q and %q", size, before.Bytes(), behind.Bytes())
		}
	}
	for raw, want := range map[string]string{"": "", "\r\nx": "x", "A: b": "", "A: b\r\n": "", "A: b\n\nx": "x"} {
		for size := 1; size < 4; size++ {
			if header, body := inPieces(raw, size).Split(); string(body.Bytes()) != want || len(header.Fields) > 1 {
				t.Errorf("%q in pieces of %d has the body %q", raw, size, body.Bytes())
			}
		}
	}
	high := Pieces{[]byte("A: b\r\n"), []byte("\r\nplain"), []byte("caf\xe9")}
	if h, b := high.EightBit(); h || !b {
		t.Error("an octet over 127 in the last piece of the body was not seen")
	}
	if before, behind := high.Cut(1000); before.Len() != 17 || behind != nil {
		t.Errorf("cut behind the end: %q, %q", before, behind)
	}
}

func FuzzCanonicalBody(f *testing.F) {
	for _, seed := range []string{" C \r\nD \t E\r\n\r\n\r\n", "", "\r\n", "a \r", "a\t\t \r\n\r\n b", "\r\r\n\n \n"} {
		f.Add(seed, uint8(1), int16(-1))
		f.Add(seed, uint8(3), int16(2))
	}
	f.Fuzz(func(t *testing.T, body string, size uint8, limit int16) {
		want := plainRelaxed(body)
		if limit >= 0 && int(limit) < len(want) {
			want = want[:limit]
		}
		if got := bodyIn(Relaxed, body, int(size)+1, int64(limit)); got != want {
			t.Errorf("%q in pieces of %d, up to %d: %q, want %q", body, size, limit, got, want)
		}
		whole, part := bodyIn(Simple, body, len(body)+1, -1), bodyIn(Simple, body, int(size)+1, -1)
		if whole != part || strings.HasSuffix(whole, "\r\n\r\n") || !strings.HasPrefix(whole, strings.TrimRight(body, "\r\n")) {
			t.Errorf("simple form of %q is %q, in pieces of %d %q", body, whole, size, part)
		}
	})
}

// TestCanonicalRealMail holds the relaxed form of real mail against the letter of the RFC.
func TestCanonicalRealMail(t *testing.T) {
	root := filepath.Join("..", "..", "..", "shared", "corpora", "mime")
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpus here: ", err)
	}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(name)
		if body := string(Parse(raw).Raw[Parse(raw).Body:]); bodyIn(Relaxed, body, 1000, -1) != plainRelaxed(body) {
			t.Errorf("%s has another relaxed form", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func BenchmarkBodyHash(b *testing.B) {
	text := strings.Repeat("A line of text as people write them, with two  spaces and all that.\r\n", 1<<20/70)
	encoded := strings.Repeat(strings.Repeat("QUJD", 19)+"\r\n", 1<<20/78)
	for name, body := range map[string]string{"text": text, "base64": encoded} {
		b.Run(name, func(b *testing.B) {
			p := Pieces{[]byte(body)}
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			h := sha256.New()
			for b.Loop() {
				Relaxed.WriteBody(h, p, -1)
			}
		})
	}
}
