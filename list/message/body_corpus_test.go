package message

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// checkChange fails where a changed body breaks what holds for any message that comes in.
func checkChange(t *testing.T, name string, raw []byte, c BodyChange) {
	t.Helper()
	out := changed(raw, c)
	if !bytes.Equal(out, changed(raw, c)) {
		t.Errorf("%s: the same copy made twice differs", name)
	}
	checkFits(t, name, raw, out)
	if strings.HasPrefix(shape(out), "multipart/mixed{text/") && !strings.Contains(shape(raw), "{") && fileName(Parse(raw)) != "" {
		return // a text with the name of a file is one beside another text
	}
	again := changed(out, c)
	a, b := texts(out), texts(again)
	for i := range a {
		a[i] = strings.TrimRight(a[i], "\r\n")
	}
	for i := range b {
		b[i] = strings.TrimRight(b[i], "\r\n")
	}
	if shape(out) != shape(again) || !slices.Equal(a, b) {
		t.Errorf("%s: through the same list a second time:\n%s\n%q\n%s\n%q", name, shape(out), a, shape(again), b)
	}
	if !c.Light && c.Take == nil {
		checkAttachments(t, name, raw, out)
		checkTexts(t, name, raw, out, c.Footer)
	}
}

// checkFits fails for a line that is too long, unless what it is in may not change.
func checkFits(t *testing.T, name string, raw, out []byte) {
	t.Helper()
	m := Parse(out)
	if err := guardOctets(out[m.Body:]); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	tree, err := growTree(raw)
	sealed := err != nil || Parse(raw).Signed()
	for _, n := range tree.nodes {
		sealed = sealed || n.sealed || n.media == "message/partial"
	}
	if isLong(out[m.Body:]) && !sealed {
		t.Errorf("%s: a line of more than 998 octets", name)
	}
}

// checkAttachments fails unless all files are there with all their octets. Within an enclosed message long lines are encoded.
func checkAttachments(t *testing.T, name string, raw, out []byte) {
	t.Helper()
	a, b := Parse(raw).Attachments(), Parse(out).Attachments()
	if len(a) != len(b) {
		t.Errorf("%s: %d attachments, of %d:\n%s\n%s", name, len(b), len(a), shape(raw), shape(out))
		return
	}
	for i := range a {
		var was, is bytes.Buffer
		a[i].WriteTo(&was)
		b[i].WriteTo(&is)
		if a[i].Name != b[i].Name || a[i].Media != b[i].Media || !bytes.Equal(was.Bytes(), is.Bytes()) && !(enclosesMessage(a[i].Media) && isLong(was.Bytes())) {
			t.Errorf("%s: attachment %d %s is %s and has other octets", name, i+1, a[i].Name, b[i].Name)
		}
	}
}

// checkTexts fails unless each leaf says what it said, and the footer once at most.
func checkTexts(t *testing.T, name string, raw, out []byte, footer string) {
	t.Helper()
	was, is := texts(raw), texts(out)
	if len(was) != len(is) && len(was)+1 != len(is) {
		t.Errorf("%s: %d leaves of %d", name, len(is), len(was))
		return
	}
	tail := footerLine + "\r\n" + strings.ReplaceAll(footer, "\n", "\r\n")
	if len(was) < len(is) {
		further := slices.IndexFunc(is, func(s string) bool { return strings.TrimSuffix(s, "\r\n") == tail })
		if further < 0 {
			t.Errorf("%s: no further leaf says the footer alone", name)
			return
		}
		is = slices.Delete(is, further, further+1)
	}
	markup := addedLines{footer: append([]string{footerLine}, strings.Split(footer, "\n")...)}.markup()
	for i, text := range was {
		plain := strings.TrimSuffix(strings.TrimSuffix(is[i], "\r\n"), tail)
		if footer == "" || strings.TrimRight(plain, "\r\n") != strings.TrimRight(text, "\r\n") && is[i] != text {
			got := strings.Replace(is[i], markup, "", 1)
			if got = strings.Replace(got, strings.TrimSuffix(markup, "\r\n"), "", 1); trimAll(got) != trimAll(text) {
				t.Errorf("%s: leaf %d says\n%.2000q\nand said\n%.2000q", name, i, is[i], text)
			}
		}
	}
}

// trimAll is text without line ends, which are not told apart where a part is encoded anew, and without the space before them, which no encoding keeps.
func trimAll(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r", ""), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

func TestRealMailWithAFooter(t *testing.T) {
	for _, dir := range []string{"corpora/mime", "corpora/threads"} {
		t.Run(dir, func(t *testing.T) {
			seen, with := 0, 0
			eachFile(t, needShared(t, dir), func(path string, raw []byte) {
				raw = bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
				if len(raw) > 1<<16 || Guard(raw, guardLimits) != nil {
					return
				}
				seen++
				for _, footer := range []string{testFooter, "Grüße – „Peers“\nhttps://lists.example.org/"} {
					checkChange(t, path, raw, BodyChange{Footer: footer, Fit: true})
				}
				checkChange(t, path, raw, BodyChange{Footer: testFooter, Fit: true, Light: true, Taken: func(a Attachment) string { return "[" + a.Name + "]" }})
				checkChange(t, path, raw, BodyChange{Fit: true, Take: func(Attachment) bool { return true }, Taken: func(a Attachment) string { return "[" + a.Name + "]" }})
				if b := Parse(raw).ChangeBody(BodyChange{Footer: testFooter}); b.Pieces != nil {
					with++
				} else if len(b.Notes) == 0 {
					t.Errorf("%s: nothing was done, and nobody says why", path)
				}
			})
			t.Logf("%d mails, %d with a footer", seen, with)
			if seen == 0 || with < seen*8/10 {
				t.Errorf("only %d of %d mails have a footer, and few cannot have one", with, seen)
			}
		})
	}
}

func FuzzChangeBody(f *testing.F) {
	seeds(f)
	f.Add([]byte("Content-Type: text/html\r\n\r\n<p>cut short</"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 1<<16 {
			t.Skip("long enough to be slow, and nothing new")
		}
		for _, c := range []BodyChange{{Footer: "Über\nuns", Fit: true}, {Footer: testFooter, Light: true}, {Take: func(Attachment) bool { return true }, Taken: func(a Attachment) string { return a.Name }}} {
			out := changed(raw, c)
			if !bytes.Equal(out, changed(raw, c)) {
				t.Error("the same copy made twice differs")
			}
			if Guard(raw, guardLimits) != nil {
				continue
			}
			// What is well formed is held to more by TestRealMailWithAFooter; of anything else this must hold.
			m := Parse(out)
			if err := guardOctets(out[m.Body:]); err != nil && c.Fit {
				t.Error(err)
			}
			if most := 8*len(raw) + 64<<10; len(out) > most {
				t.Errorf("%d octets became %d", len(raw), len(out))
			}
		}
	})
}
