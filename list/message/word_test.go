package message

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestDecode(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain text":               {"Hello", "Hello"},
		"Q":                        {"=?utf-8?q?B=C3=BCcher_x?=", "Bücher x"},
		"B":                        {"=?UTF-8?B?UmU6IFtkZXZdIELDvGNoZXI=?=", "Re: [dev] Bücher"},
		"B without padding":        {"=?UTF-8?B?UmU6IFtkZXZdIELDvGNoZXI?=", "Re: [dev] Bücher"},
		"text around words":        {"a =?utf-8?q?=C3=A9?= b", "a é b"},
		"space between words goes": {"=?utf-8?q?a?= \t =?utf-8?q?b?=", "ab"},
		"space between words of two charsets goes":        {"=?utf-8?q?=C3=A9?= =?iso-8859-1?q?=E9?=", "éé"},
		"text between words stays":                        {"=?utf-8?q?a?= x =?utf-8?q?b?=", "a x b"},
		"a character split between two words":             {"=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "ü"},
		"a character split between two words in B":        {"=?utf-8?b?w7zD?= =?utf-8?b?vA==?=", "üü"},
		"a language tag":                                  {"=?utf-8*de?q?=C3=BC?=", "ü"},
		"an unknown charset stays as it is":               {"=?x-unknown?q?a=42?=", "=?x-unknown?q?a=42?="},
		"unknown words keep the space between them":       {"=?x-unknown?q?a?= =?x-unknown?q?b?=", "=?x-unknown?q?a?= =?x-unknown?q?b?="},
		"space between a known and an unknown word":       {"=?utf-8?q?a?= =?x-unknown?q?b?= =?utf-8?q?c?=", "a =?x-unknown?q?b?= c"},
		"an unsafe charset stays as it is":                {"=?iso-2022-kr?q?abc?=", "=?iso-2022-kr?q?abc?="},
		"utf-7 stays as it is":                            {"=?utf-7?q?+ADw-?=", "=?utf-7?q?+ADw-?="},
		"a charset name that is far too long":             {"=?" + strings.Repeat("a", 100) + "?q?b?=", "=?" + strings.Repeat("a", 100) + "?q?b?="},
		"a path as charset":                               {"=?../../etc/passwd?q?b?=", "=?../../etc/passwd?q?b?="},
		"words that are not closed":                       {"=?utf-8?q?abc", "=?utf-8?q?abc"},
		"an unknown encoding":                             {"=?utf-8?x?abc?=", "=?utf-8?x?abc?="},
		"an empty word":                                   {"a =?utf-8?q??= b", "a  b"},
		"a broken escape stays":                           {"=?utf-8?q?100=ZZ?=", "100=ZZ"},
		"a word behind something that looks like one":     {"=?x =?utf-8?q?=C3=BC?=", "=?x ü"},
		"encoded line ends become spaces":                 {"=?utf-8?b?aGkNCkJjYzogdkB2LnRlc3QNCg0KYm9keQ==?=", "hi  Bcc: v@v.test    body"},
		"NUL, DEL and C1 become spaces":                   {"=?utf-8?q?a=00b=7Fc=C2=85d=E2=80=A8e?=", "a b c d e"},
		"raw controls become spaces":                      {"a\r\n\tb\x00c", "a   b c"},
		"raw 8-bit text that is no UTF-8 is windows-1252": {"caf\xe9 \x80", "café €"},
		"raw UTF-8":               {"Bücher", "Bücher"},
		"latin-1 is windows-1252": {"=?iso-8859-1?q?=80?=", "€"},
		"broken UTF-8 in a word":  {"=?utf-8?q?=E9?=", "é"},
		"windows-1252":            {"=?windows-1252?q?=93x=94?=", "“x”"},
		"koi8-r":                  {"=?koi8-r?b?8NLJ18XU?=", "Привет"},
		"iso-2022-jp":             {"=?iso-2022-jp?b?GyRCJWEhPCVrJV4lcxsoQg==?=", "メールマン"},
		"gb2312":                  {"=?gb2312?b?u9i4tA==?=", "回复"},
		"big5":                    {"=?big5?b?pl7C0A==?=", "回覆"},
		"euc-kr by its old name":  {"=?ks_c_5601-1987?b?yLi9xQ==?=", "회신"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Decode(c.in); got != c.want {
				t.Errorf("Decode(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

// TestDecodeOfMuchText feeds the longest field that Guard lets through, made of what costs most.
func TestDecodeOfMuchText(t *testing.T) {
	for name, c := range map[string]struct{ unit, want string }{
		"words":                       {"=?utf-8?q?=41?=\r\n ", "A"},
		"words of changing charsets":  {"=?utf-8?q?=41?= =?koi8-r?q?=42?= ", "AB"},
		"beginnings of words":         {"=?", "=?"},
		"words that never end":        {"=?utf-8?q?", "=?utf-8?q?"},
		"words of an unknown charset": {"=?x-y?q?a?= ", "=?x-y?q?a?= "},
	} {
		t.Run(name, func(t *testing.T) {
			n := maxField / len(c.unit)
			want := strings.TrimRight(strings.Repeat(c.want, n), " ")
			if got := strings.TrimRight(Decode(strings.Repeat(c.unit, n)), " "); got != want {
				t.Errorf("%d octets differ from the %d expected", len(got), len(want))
			}
		})
	}
	rest := strings.Repeat("=?utf-8?q?=41?=", 2*maxDecode/len("=?utf-8?q?=41?="))
	if got := Decode(rest); !strings.HasSuffix(got, "=?utf-8?q?=41?=") || !strings.HasPrefix(got, "AAAA") {
		t.Error("work is not bounded: all of a far too long text is decoded")
	}
}

func TestEncodeText(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"ASCII stays":                     {"Re: [dev] Hello", "Subject: Re: [dev] Hello\r\n"},
		"only what needs it is encoded":   {"[dev] Re: Bücher and more", "Subject: [dev] Re: =?utf-8?q?B=C3=BCcher?= and more\r\n"},
		"neighbours share a word":         {"[dev] für Jörg", "Subject: [dev] =?utf-8?q?f=C3=BCr_J=C3=B6rg?=\r\n"},
		"Chinese is in B":                 {"[dev] Re: 测试", "Subject: [dev] Re: =?utf-8?b?5rWL6K+V?=\r\n"},
		"an unknown word stays":           {"[dev] =?x-unknown?q?a=42?=", "Subject: [dev] =?x-unknown?q?a=42?=\r\n"},
		"what looks encoded is encoded":   {"=?utf-8?q?x?=", "Subject: =?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?=\r\n"},
		"line ends become spaces":         {"a\r\nBcc: v@v.example", "Subject: a  Bcc: v@v.example\r\n"},
		"nothing":                         {"", "Subject: \r\n"},
		"space around goes":               {"  a ", "Subject: a\r\n"},
		"long ASCII is folded at a space": {strings.Repeat("word ", 20), "Subject: word word word word word word word word word word word word word\r\n word word word word word word word\r\n"},
		"a long run of spaces is one":     {"a" + strings.Repeat(" ", 2000) + "b", "Subject: a b\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := EncodeText("Subject", c.in); got != c.want {
				t.Errorf("got\n%q\nwant\n%q", got, c.want)
			}
		})
	}
}

// TestEncodedLines holds RFC 2047 §2 and §5 over texts of all kinds: lines of 76, words of 75, and each word decodes alone.
func TestEncodedLines(t *testing.T) {
	for name, text := range map[string]string{
		"sixty Chinese characters":     strings.Repeat("测", 60),
		"two hundred e acute":          strings.Repeat("é", 200),
		"four-octet characters":        strings.Repeat("😀", 50),
		"mixed words":                  strings.Repeat("Bücher and ", 30),
		"one ASCII token of 60000":     strings.Repeat("a", 60000),
		"one ASCII token of 100":       strings.Repeat("a", 100) + " é",
		"a long token between umlauts": "ü " + strings.Repeat("a", 74) + " ü",
	} {
		for _, field := range []string{"Subject", "X-" + strings.Repeat("Long", 20)} {
			t.Run(name+" in "+field[:7], func(t *testing.T) {
				line := EncodeText(field, text)
				checkLines(t, line)
				f := Parse([]byte(line + "\r\n"))
				if got := Decode(f.Value(f.Fields[0])); got != strings.TrimSpace(text) {
					t.Errorf("it decodes to %.80q", got)
				}
			})
		}
	}
}

// checkLines fails for lines and words that are too long, and for words that hold part of a character.
func checkLines(t *testing.T, field string) {
	t.Helper()
	if !strings.HasSuffix(field, "\r\n") {
		t.Fatalf("%q has no line end", field)
	}
	for i, line := range strings.Split(strings.TrimSuffix(field, "\r\n"), "\r\n") {
		if i > 0 && (line == "" || line[0] != ' ' || strings.TrimSpace(line) == "") {
			t.Fatalf("%q is no continuation", line)
		}
		if len(line) > 998 || len(line) > wordLine && strings.Contains(line, "=?") {
			t.Errorf("a line of %d octets: %.80q", len(line), line)
		}
		for _, w := range strings.Fields(line) {
			if !strings.HasPrefix(w, "=?") {
				continue
			}
			word, _, ok := parseWord(w, 0)
			if !ok || len(w) > 75 {
				t.Errorf("%q is no encoded-word", w)
			}
			if b := word.bytes(); word.charset == "utf-8" && validUTF8(string(b)) != string(b) {
				t.Errorf("%q holds part of a character", w)
			}
		}
	}
}

// TestForeignSubjectsSurvivePrefixing decodes subjects of legacy charsets, puts a prefix before them, and encodes them again (M33).
func TestForeignSubjectsSurvivePrefixing(t *testing.T) {
	for name, c := range map[string]struct {
		enc  encoding.Encoding
		text string
	}{
		"iso-2022-jp":  {japanese.ISO2022JP, "会議の議事録"},
		"gb18030":      {simplifiedchinese.GB18030, "会议记录"},
		"koi8-r":       {charmap.KOI8R, "Протокол"},
		"windows-1252": {charmap.Windows1252, "“Über” – 5 €"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := c.enc.NewEncoder().String(c.text)
			if err != nil {
				t.Fatal(err)
			}
			var q strings.Builder
			for i := 0; i < len(b); i++ {
				fmt.Fprintf(&q, "=%02X", b[i])
			}
			m := Parse([]byte("Subject: =?" + name + "?Q?" + q.String() + "?=\r\n\r\n"))
			out := Parse([]byte(EncodeText("Subject", PrefixSubject(m.Subject(), "[dev]")) + "\r\n"))
			if got, want := out.Subject(), "[dev] "+c.text; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestMakeField(t *testing.T) {
	id := "<" + strings.Repeat("x", 60) + "@a.example>"
	for name, c := range map[string]struct{ name, value, want string }{
		"a short value":           {"List-Id", "Dev <dev.lists.example.org>", "List-Id: Dev <dev.lists.example.org>\r\n"},
		"long values are folded":  {"References", id + " " + id, "References: " + id + "\r\n " + id + "\r\n"},
		"what cannot be folded":   {"X", strings.Repeat("x", 200), "X: " + strings.Repeat("x", 200) + "\r\n"},
		"CR, LF and NUL":          {"X", "a\r\nBcc: v\x00", "X: a  Bcc: v\r\n"},
		"a name that is none":     {"X: a\r\nBcc", "v", "X--a--Bcc: v\r\n"},
		"an empty name":           {"", "v", "X: v\r\n"},
		"an empty value":          {"X", "", "X: \r\n"},
		"folding keeps the space": {"X", strings.Repeat("x", 70) + "  " + strings.Repeat("y", 20), "X: " + strings.Repeat("x", 70) + "\r\n  " + strings.Repeat("y", 20) + "\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := MakeField(c.name, c.value); got != c.want {
				t.Errorf("got\n%q\nwant\n%q", got, c.want)
			}
		})
	}
}
