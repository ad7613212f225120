package message

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// shared is where mail that others wrote lies beside the project; without it these tests are skipped.
const shared = "../../../shared"

// guardLimits are the ones of config.example.toml.
var guardLimits = Limits{HeaderBytes: 256 << 10, HeaderFields: 1000, Depth: 50, Parts: 1000}

func needShared(t testing.TB, path string) string {
	path = filepath.Join(shared, path)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no mail to test with: %v", err)
	}
	return path
}

// readAll calls every reader, and fails where one breaks what it promises for any input.
func readAll(t *testing.T, name string, raw []byte) {
	t.Helper()
	guardErr := Guard(raw, guardLimits)
	_ = Guard(raw, Limits{})
	m := Parse(raw)
	checkTiles(t, m)
	if got := NewEdit(m).Bytes(); !bytes.Equal(got, raw) {
		t.Errorf("%s: an edit without changes is not the identity", name)
	}
	e := NewEdit(m)
	e.Prepend("X-Top: 1\r\n")
	e.Append("X-End: 2\r\n")
	e.Remove(func(name, _ string) bool { return name == "X-Top" })
	edited := Parse(e.Bytes())
	if edited.Get("X-Top") != "1" || m.Body < len(raw) && edited.Get("X-End") != "2" || !bytes.HasSuffix(edited.Raw, raw[m.Body:]) {
		t.Errorf("%s: fields that were added are not there, or the body has changed", name)
	}
	subject := m.Subject()
	mustLine(t, name, subject)
	for _, box := range m.Mailboxes("From", "To", "Cc", "Resent-To", "Reply-To", "Sender") {
		mustLine(t, name, box.Name)
		mustLine(t, name, box.Addr)
		if line := EncodeMailboxes("To", box); strings.Count(line, "\r\n") != 1+strings.Count(line, "\r\n ") {
			t.Errorf("%s: %+v is written as %q", name, box, line)
		}
	}
	if from, err := m.From(); (err == nil) != (from.Addr != "") {
		t.Errorf("%s: From is %+v with error %v", name, from, err)
	}
	for _, id := range append(m.References(), m.MessageID()) {
		mustLine(t, name, id)
	}
	mustLine(t, name, PrefixSubject(subject, "[dev]"))
	base, _, was := TopicSubject(subject, "[dev]")
	mustLine(t, name, base)
	mustLine(t, name, was)
	mustLine(t, name, BaseSubject(subject))
	checkLines(t, EncodeText("Subject", subject))
	if text := m.Text(1 << 16); len(text) > 1<<16 || validUTF8(text) != text || strings.ContainsAny(text, "\r\x00") {
		t.Errorf("%s: the text is too long, or not clean", name)
	}
	m.Date()
	m.EightBit()
	m.ContentKey()
	m.Signed()
	if err := m.Check(); err != nil && guardErr == nil && !isASCII(err.Error()) {
		t.Errorf("%s: %q is not for senders", name, err)
	}
}

// mustLine fails for text that could end a header line.
func mustLine(t *testing.T, name, s string) {
	t.Helper()
	if oneLine(s) != s {
		t.Errorf("%s: %.100q has control characters or is no UTF-8", name, s)
	}
}

func TestRealMail(t *testing.T) {
	for _, dir := range []string{"corpora/mime", "corpora/bounces", "corpora/threads"} {
		t.Run(dir, func(t *testing.T) {
			seen, passed := 0, 0
			eachFile(t, needShared(t, dir), func(path string, raw []byte) {
				if len(raw) > 1<<20 {
					return
				}
				seen++
				readAll(t, path, raw)
				normal := bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
				readAll(t, path+" with CRLF", normal)
				if Guard(normal, guardLimits) == nil {
					passed++
				}
			})
			t.Logf("%d files, %d pass Guard with CRLF line ends", seen, passed)
			if passed < seen*8/10 {
				t.Errorf("only %d of %d files pass Guard: real mail is refused", passed, seen)
			}
		})
	}
}

func eachFile(t *testing.T, dir string, f func(path string, raw []byte)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err == nil {
			f(path, raw)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestHostileMail reads generated mail that is made to break parsers.
func TestHostileMail(t *testing.T) {
	gen := needShared(t, "battery/gen.py")
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 to generate hostile mail with")
	}
	dir := t.TempDir()
	if out, err := exec.Command(python, gen, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	seen := 0
	eachFile(t, dir, func(path string, raw []byte) {
		if strings.HasSuffix(path, ".eml") {
			seen++
			readAll(t, filepath.Base(path), raw)
		}
	})
	if seen < 100 {
		t.Errorf("only %d mails were generated", seen)
	}
	for name, want := range map[string]string{
		"nest-multipart-1000": "mime-depth", "nest-rfc822-10000": "mime-depth", "parts-10000": "mime-parts", "headers-100k": "header-fields",
		"one-header-8MiB": "header-size", "boundary-1MiB": "header-size", "fold-100k-lines": "header-size", "nul": "nul", "bare-cr": "bare-cr-lf",
		"boundary-near-miss-1M": "", "boundary-prefix": "", "b64-garbage": "", "qp-softbreaks": "", "cte-chain": "", "encoded-words-20k": "header-size",
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join(dir, "bombs", name+".eml"))
			if err != nil {
				t.Fatal(err)
			}
			checkGuard(t, Guard(raw, guardLimits), want)
		})
	}
}

// TestSubjectVectors reads base subjects that others agreed on.
func TestSubjectVectors(t *testing.T) {
	data, err := os.ReadFile(needShared(t, "corpora/threads/vectors/base-subject.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	// Stalwart drops every tag in brackets, of any list, and "(wg)" and its like at the end. Topics keep tags, since "[RFC] x" is not "x", and drop
	// "(fwd)" alone, since no program writes the others.
	differs := map[string]string{
		"[10] hello":                       "[10] hello",
		"fwd[a]: hello":                    "fwd[a]: hello",
		"[fwd: hello world]: another text": "[fwd: hello world]: another text",
		"[]hello [world]":                  "[]hello [world]",
		"[fwd: re: re:] fwd[6]:re:  fw:":   "[fwd: re: re:] fwd[6]:re: fw:",
		"res: rv: enc: továbbítás: hello world (doorst)": "hello world (doorst)",
		"hello (wg) (fwd) (fwd)":                         "hello (wg)",
		"你好世界 (回覆)":                                      "你好世界 (回覆)",
	}
	cases := 0
	for line := range strings.Lines(string(data)) {
		col := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(col) != 3 || col[0] == "input" {
			continue
		}
		cases++
		in, want, set := strings.ReplaceAll(col[0], `\t`, "\t"), col[1], col[2]
		if strings.HasPrefix(set, "James") {
			if got := BaseSubject(in); got != want {
				t.Errorf("BaseSubject(%q) = %q, want %q", in, got, want)
			}
			continue
		}
		if other, ok := differs[in]; ok {
			want = other
		}
		if got, _, _ := TopicSubject(in, "[mailing-list]"); got != want {
			t.Errorf("TopicSubject(%q) = %q, want %q", in, got, want)
		}
	}
	if cases < 30 {
		t.Errorf("only %d vectors were read", cases)
	}
}
