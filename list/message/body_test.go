package message

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/ianaindex"
)

const testFooter = "Peers, the list of those who learn\nhttps://lists.example.org/m/abc123\nWrite to peers@lists.example.org"

// changed is what a message becomes with this change.
func changed(raw []byte, c BodyChange) []byte {
	m := Parse(raw)
	e := NewEdit(m)
	e.Change(m.ChangeBody(c))
	return e.Bytes()
}

// shape is the structure of a message: the media type of each entity, with what is in it in brackets.
func shape(raw []byte) string {
	t, _ := growTree(raw)
	var b strings.Builder
	var write func(i int)
	write = func(i int) {
		b.WriteString(t.nodes[i].media)
		if !t.nodes[i].leaf {
			sep := "{"
			t.children(i, func(c int) { b.WriteString(sep); write(c); sep = ", " })
			b.WriteString("}")
		}
	}
	write(0)
	return b.String()
}

// texts are the decoded contents of all leaves, with CRLF.
func texts(raw []byte) []string {
	m := Parse(raw)
	t, _ := growTree(raw)
	var all []string
	for i := range t.nodes {
		if t.nodes[i].leaf {
			all = append(all, m.decode(&t.nodes[i].entity, 1<<24))
		}
	}
	return all
}

// checkLinesOut is what holds for every body that goes out.
func checkLinesOut(t *testing.T, out []byte) {
	t.Helper()
	if isLong(out) {
		t.Errorf("a line of more than 998 octets")
	}
	if err := guardOctets(out); err != nil {
		t.Errorf("%v", err)
	}
}

func TestFooterInEveryEncodingAndCharset(t *testing.T) {
	for _, footer := range []string{testFooter, "Pëers – „die Liste“\nhttps://lists.example.org/"} {
		added := "\r\n" + footerLine + "\r\n" + strings.ReplaceAll(footer, "\n", "\r\n") + "\r\n"
		for charset, text := range map[string]string{
			"us-ascii": "Hello there,\r\nhow are you?\r\n", "utf-8": "Héllo, wörld – …\r\n", "iso-8859-1": "Héllo wörld\r\n",
			"iso-2022-jp": "こんにちは世界\r\nhello\r\n", "gb18030": "你好，世界\r\n", "": "Hello\r\n", "unknown-xyz": "Hello\r\n",
		} {
			for _, encoding := range []string{"7bit", "8bit", "quoted-printable", "base64"} {
				t.Run(charset+" "+encoding, func(t *testing.T) {
					octets := []byte(text)
					if e, err := ianaindex.MIME.Encoding(charset); err == nil && e != nil && charset != "us-ascii" {
						if octets, err = e.NewEncoder().Bytes(octets); err != nil {
							t.Fatal(err)
						}
					}
					if encoding == "7bit" && hasHigh(octets) {
						t.Skip("is not 7bit")
					}
					content := octets
					switch encoding {
					case "quoted-printable":
						content = encodeQuotedPrintable(octets)
					case "base64":
						content = append(encodeBase64(octets), "\r\n"...)
					}
					ctype := "text/plain"
					if charset != "" {
						ctype += "; charset=" + charset
					}
					raw := append([]byte("From: a@b.example\r\nContent-Type: "+ctype+"\r\nContent-Transfer-Encoding: "+encoding+"\r\nSubject: x\r\n\r\n"), content...)
					out := changed(raw, BodyChange{Footer: footer, Fit: true})
					checkLinesOut(t, out)
					got := texts(out)
					if charset == "unknown-xyz" {
						if shape(out) != "multipart/mixed{text/plain, text/plain}" || !bytes.Contains(out, content) || got[1]+"\r\n" != strings.TrimPrefix(added, "\r\n") {
							t.Errorf("%s, %q", shape(out), got)
						}
						return
					}
					if len(got) != 1 || got[0] != text+added {
						t.Errorf("%q, want %q in:\n%s", got, text+added, out)
					}
					if again := changed(out, BodyChange{Footer: footer, Fit: true}); texts(again)[0] != got[0] {
						t.Errorf("the second time:\n%s", again)
					}
					if m := Parse(out); encoding != "8bit" && hasHigh(out) || m.Count("Content-Type") != 1 || m.Count("Content-Transfer-Encoding") != 1 {
						t.Errorf("octets over 127, or fields twice, in:\n%s", out)
					}
				})
			}
		}
	}
}

func TestCharsetIsKeptWhereItHoldsTheFooter(t *testing.T) {
	for _, c := range []struct{ charset, octets, footer, want string }{
		{"iso-8859-1", "caf\xe9\r\n", "Grüße", "iso-8859-1"},
		{"iso-8859-1", "caf\xe9\r\n", "Euro €", "utf-8"},
		{"us-ascii", "hello\r\n", "Grüße", "utf-8"},
		{"gb18030", "\xc4\xe3\r\n", "Grüße", "gb18030"},
		{"iso-2022-jp", "\x1b$B$3$s\x1b(B\r\n", "日本", "iso-2022-jp"},
	} {
		raw := []byte("Content-Type: text/plain; format=flowed; charset=\"" + c.charset + "\"; delsp=yes\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + string(encodeQuotedPrintable([]byte(c.octets))))
		out := changed(raw, BodyChange{Footer: c.footer})
		_, params := Parse(out).ContentType()
		if params["charset"] != c.want || params["format"] != "flowed" || params["delsp"] != "yes" || !strings.HasSuffix(texts(out)[0], "\r\n"+c.footer+"\r\n") {
			t.Errorf("%s: %v\n%s", c.charset, params, out)
		}
	}
}

func TestFlowedTextDoesNotTakeUpTheFooter(t *testing.T) {
	out := changed([]byte("Content-Type: text/plain; format=flowed; DelSp=yes\r\n\r\nhello \r\n"), BodyChange{Footer: "From us \n> all"})
	want := "hello \r\n\r\n\r\n" + footerLine + "\r\n From us\r\n > all\r\n"
	if m := Parse(out); string(out[m.Body:]) != want || m.Get("Content-Type") != "text/plain; format=flowed; DelSp=yes" {
		t.Errorf("%q", out)
	}
	if got := unflow(strings.ReplaceAll(want, "\r\n", "\n"), true); got != "hello\n\n"+footerLine+"\nFrom us\n> all\n" {
		t.Errorf("it reads %q", got)
	}
}

// TestAnEmptyLineIsSeenAboveTheFooterOfFlowedText: one behind a line that goes on ends its paragraph, and no program shows that.
func TestAnEmptyLineIsSeenAboveTheFooterOfFlowedText(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"a line that goes on":                    {"hello \r\n", "hello\n\n"},
		"and an empty line":                      {"hello \r\n\r\n", "hello\n\n"},
		"and two":                                {"hello \r\n\r\n\r\n", "hello\n\n"},
		"a line that goes on and has no end":     {"hello ", "hello\n\n"},
		"a line that ends":                       {"hello\r\n", "hello\n\n"},
		"a quotation ends with its marks":        {"> hello \r\n", "> hello\n\n"},
		"what divides a signature flows nowhere": {"hello\r\n-- \r\n", "hello\n-- \n\n"},
		"nothing":                                {"\r\n", ""},
	} {
		out := changed([]byte("Content-Type: text/plain; format=flowed\r\n\r\n"+c.text), BodyChange{Footer: "Peers"})
		got := unflow(strings.ReplaceAll(string(out[Parse(out).Body:]), "\r\n", "\n"), false)
		if want := c.want + footerLine + "\nPeers\n"; strings.ReplaceAll(got, "hello \n", "hello\n") != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func ExampleMessage_ChangeBody() {
	m := Parse([]byte("Subject: hi\r\n\r\nHello\r\n"))
	e := NewEdit(m)
	e.Change(m.ChangeBody(BodyChange{Footer: "Peers <peers@lists.example.org>"}))
	fmt.Println(strings.ReplaceAll(string(e.Bytes()), "\r", ""))
	// Output:
	// Subject: hi
	//
	// Hello
	//
	// _______________________________________________
	// Peers <peers@lists.example.org>
}
