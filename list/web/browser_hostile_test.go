package web

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

// hostileMail is generated mail that is made to have a page do something: with active HTML, and with markup in subjects, names and names of files.
func hostileMail(t *testing.T) (posts []list.PostText) {
	t.Helper()
	gen := filepath.Join("..", "..", "..", "shared", "battery", "gen.py")
	if _, err := os.Stat(gen); err != nil {
		t.Skip(err)
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 to generate hostile mail with")
	}
	dir := t.TempDir()
	if out, err := exec.Command(python, gen, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "html", "*.eml"))
	if err != nil || len(files) < 50 {
		t.Fatalf("%d mails, %v", len(files), err)
	}
	for i, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m := message.Parse(raw)
		name, _, _ := strings.Cut(message.Decode(m.Get("From")), "<@MEMBER@>")
		p := list.PostText{MessageID: fmt.Sprintf("%d@x", i), Subject: message.Decode(m.Get("Subject")), Name: name, Date: someday, Text: m.Readable(64 << 10)}
		p.Subject, p.Name = p.Subject[:min(len(p.Subject), 300)], p.Name[:min(len(p.Name), 300)]
		p.Number = uint32(i + 1)
		for _, a := range m.Attachments() {
			p.Files = append(p.Files, list.FileLine{File: list.File{Index: a.Index, Name: a.Name, Media: a.Media}, Shown: "1 byte"})
		}
		posts = append(posts, p)
	}
	return posts
}

// readHostileMail opens it as a post, in its topic, as what was found, and in the feed: no script runs, nothing is asked for but these pages, and what stands around it can be read.
func readHostileMail(t *testing.T, b *browser) {
	posts := hostileMail(t)
	s := newSite()
	s.engine.archive.posts = posts
	base := serveLoopback(t, s)
	b.view("light")
	var armed struct{ Identifier string }
	b.call("Page.addScriptToEvaluateOnNewDocument", object{"source": "window.x = window.alert = () => { window.ran = true }"}, &armed)
	defer b.call("Page.removeScriptToEvaluateOnNewDocument", object{"identifier": armed.Identifier}, nil)
	paths := []string{"/peers@lists.example.org/topics/17", "/peers@lists.example.org/", "/peers@lists.example.org/feed.atom"}
	for _, p := range posts {
		paths = append(paths, list.PostPath(p.MessageID))
	}
	for _, word := range []string{"hi", "x(1)", "<img src=x onerror=x(1)>", "javascript:x(1)"} {
		paths = append(paths, "/peers@lists.example.org/search?q="+url.QueryEscape(word))
	}
	for _, path := range paths {
		b.open(base + path)
		var found struct {
			Ran, Wide bool
			Text      string
		}
		b.eval(`document.querySelectorAll ? (document.querySelectorAll("details").forEach(d => d.open = true), {Ran: !!window.ran, Wide: document.documentElement.scrollWidth > 360, Text: (document.body || document.documentElement).textContent}) : null`, &found)
		if found.Ran || found.Wide && !strings.HasSuffix(path, ".atom") {
			t.Errorf("%s: script run %v, too wide %v", path, found.Ran, found.Wide)
		}
		if strings.HasSuffix(path, "/topics/17") {
			b.screenshot("hostile")
			if n := strings.Count(found.Text, "bye"); n < 35 {
				t.Errorf("of 38 texts %d can be read to their end", n)
			}
		}
	}
	for _, asked := range b.asked {
		if !strings.HasPrefix(asked, "GET "+base+"/") && asked != "GET about:blank" {
			t.Errorf("a page asked for %s", asked)
		}
	}
	for _, said := range b.said {
		if !strings.Contains(said, "status of 404") {
			t.Errorf("the browser complains: %s", said)
		}
	}
}
