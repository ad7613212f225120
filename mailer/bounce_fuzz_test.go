package mailer

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"convene/list"
	"convene/list/message"
)

// checkReport fails for a report that breaks what holds for any input.
func checkReport(t *testing.T, raw []byte) {
	t.Helper()
	for _, null := range []bool{true, false} {
		r := ReadBounce(message.Parse(raw), null)
		if len(r.Events) > maxEvents {
			t.Errorf("%d events", len(r.Events))
		}
		for _, e := range r.Events {
			if addr, err := message.ParseAddr(e.Address); e.Address != "" && (err != nil || addr != e.Address) {
				t.Errorf("%q is no address: %v", e.Address, err)
			}
			if e.Status != "" && cutStatus(e.Status) != e.Status {
				t.Errorf("%q is no enhanced code", e.Status)
			}
			if len(e.Text) > maxDiagnostic || strings.ContainsAny(e.Text, "\r\n") || !utf8.ValidString(e.Text) {
				t.Errorf("diagnostic %q", e.Text)
			}
			if e.Class != list.ClassNone && r.Kind != list.BounceFailure {
				t.Errorf("a failure in a report that is none: %s", brief(r))
			}
		}
		if strings.ContainsAny(r.MessageID+r.EnvelopeID+r.ReturnPath, "\r\n") {
			t.Errorf("more than one line: %+v", r)
		}
	}
}

func FuzzReadBounce(f *testing.F) {
	f.Add([]byte(dsn("\nOriginal-Recipient: utf-8; a\\x{E9}+2B@b.example\nAction: failed\nStatus: 5.1.1 (x)\n")))
	f.Add([]byte(complaint("Feedback-Type: abuse\nVersion: 1\nOriginal-Rcpt-To: <ann@b.example>\n")))
	f.Add([]byte("X-Failed-Recipients: a@b, c@d\n\n<a@b>: 550 5.1.1 (generated from =?x?q?y?=@z)\n> SMTP=\xff@b; on"))
	f.Add([]byte("From: MAILER-DAEMON@docomo.ne.jp\nX-Failed-Recipients: a@b.example\n\n----- Unsent message follows -----\n\nx")) // nothing before the copy
	files, _ := filepath.Glob("../../shared/corpora/bounces/*/*/*/*.eml")
	for i, file := range files {
		if raw, err := os.ReadFile(file); err == nil && i%4 == 0 {
			f.Add(raw)
		}
	}
	f.Fuzz(checkReport)
}

func FuzzClassifyBounce(f *testing.F) {
	f.Add("5.1.1", 550, "550 5.1.1 <spam@b.example>: User unknown")
	f.Add("", 0, "said: (\xff.. 452-4.2.2 ’")
	f.Fuzz(func(t *testing.T, status string, code int, text string) {
		class := ClassifyBounce(status, code, text)
		if class == list.ClassHard && strings.HasPrefix(status, "4.") && says(status) == 3 && !strings.Contains(text, "5.") {
			t.Errorf("%q is final", status)
		}
	})
}

// TestReadBounceOfAllMail reads every mail there is, as if it had come back.
func TestReadBounceOfAllMail(t *testing.T) {
	read := 0
	for _, corpus := range []string{"corpora/mime", "corpora/bounces", "corpora/autoreply", "corpora/replies"} {
		root := shared(t, corpus)
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			if err == nil {
				read++
				checkReport(t, raw)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if read < 1000 {
		t.Errorf("%d mails", read)
	}
}

func TestReadBounceOfHostileMail(t *testing.T) {
	gen := shared(t, "battery/gen.py")
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	dir := t.TempDir()
	if out, err := exec.Command(python, gen, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err == nil {
			checkReport(t, raw)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestReadBounceIsLinear reads a quarter of a megabyte of what parsers go through again and again: milliseconds each; what is not linear runs into the time
// limit of all tests.
func TestReadBounceIsLinear(t *testing.T) {
	for name, unit := range map[string]string{
		"angle brackets": "<", "at signs": "a@", "addresses": "<ann@b.example>: ", "lines of addresses": "ann@b.example\n", "codes": "550 5.1.1 ", "dots": "5.5.", "escapes": `\x{`,
		"colons": "a:", "fields": "Final-Recipient: rfc822;a@b.example\n", "folds": " x\n", "blank": "\n", "copies": "Received:\n", "words": "spa ", "quotes": "> ",
	} {
		for _, head := range []string{
			"From: MAILER-DAEMON@x\nSubject: failure notice\n\nHi. This is the qmail-send program\n",
			"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nAction: failed\nDiagnostic-Code: smtp; ",
			"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\nOriginal-Rcpt-To: ",
			"X-Failed-Recipients: ",
		} {
			raw := []byte(head + strings.Repeat(unit, 256<<10/len(unit)))
			t.Run(name, func(t *testing.T) { checkReport(t, raw) })
		}
	}
}

func BenchmarkReadBounce(b *testing.B) {
	files, _ := filepath.Glob(filepath.Join(shared(b, "corpora/bounces/sisimai+set-of-emails"), "maildir", "bsd", "*.eml"))
	var mails [][]byte
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		mails = append(mails, bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n")))
	}
	for i := 0; b.Loop(); i++ {
		ReadBounce(message.Parse(mails[i%len(mails)]), true)
	}
}
