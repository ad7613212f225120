package list_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

// withFiles is a post with files of these sizes.
func withFiles(id string, field string, sizes ...int) []byte {
	var b strings.Builder
	b.WriteString("From: Dede Owusu <dede@example.org>\r\nTo: peers@lists.example.org\r\nSubject: The report\r\nMessage-ID: <" + id + ">\r\n" + field +
		"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere it is.\r\n")
	for i, size := range sizes {
		fmt.Fprintf(&b, "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"r%d.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n", i+1)
		for text := base64.StdEncoding.EncodeToString(fileBytes(size)); text != ""; {
			n := min(76, len(text))
			b.WriteString(text[:n] + "\r\n")
			text = text[n:]
		}
	}
	b.WriteString("--b--\r\n")
	return []byte(b.String())
}

func fileBytes(size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(i * i >> 3)
	}
	return b
}

// library is a site with pages whose list has a library.
func library(t *testing.T, change func(*list.List)) *site {
	s := newSite(t, nil)
	config := s.config(func(l *list.List) {
		l.Attachments, l.AttachmentsOver, l.Archive = list.KeepAttachments, 200_000, list.ArchivePublic
		if change != nil {
			change(l)
		}
	})
	config.BaseURL = "https://lists.example.org"
	if err := s.Configure(list.NewSite(*config)); err != nil {
		t.Fatal(err)
	}
	s.members(t, "dede@example.org", "bob@b.example")
	return s
}

// sentCopy is the text of the post as members get it.
func (s *site) sentCopy(t *testing.T) *message.Message {
	t.Helper()
	c, ok, err := s.db.Claim(s.now, func(domain string) string { return domain }, func(string) bool { return true }, 100)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	pieces, err := s.Copy(c.Out, list.Form{})
	if err != nil {
		t.Fatal(err)
	}
	return message.Parse(pieces.Bytes())
}

func TestLibrary(t *testing.T) {
	const page, byMail = "https://lists.example.org/peers@lists.example.org/files/1/", "mailto:peers-request@lists.example.org?subject=get%201%20"
	for name, c := range map[string]struct {
		change func(*list.List)
		field  string
		sizes  []int
		left   string // indexes of what copies still have
		filed  string // of what the library has
		links  []string
		hidden bool
	}{
		"small files go out and are in the library":       {sizes: []int{10, 1000}, left: "[1 2]", filed: "[1 2]"},
		"a large one is in the library alone":             {sizes: []int{10, 300_000}, left: "[1]", filed: "[1 2]", links: []string{page + "2"}},
		"one that is just not too large goes out":         {sizes: []int{200_000}, left: "[1]", filed: "[1]"},
		"all are in the library alone":                    {change: func(l *list.List) { l.Attachments = list.LibraryAttachments }, sizes: []int{10, 20}, left: "[]", filed: "[1 2]", links: []string{page + "1", page + "2"}},
		"what is stripped is nowhere, unless it is large": {change: func(l *list.List) { l.Attachments = list.StripAttachments }, sizes: []int{10, 300_000}, left: "[]", filed: "[2]", links: []string{page + "2"}},
		"what is stripped is nowhere":                     {change: func(l *list.List) { l.Attachments = list.StripAttachments }, sizes: []int{10}, left: "[]", filed: "[]"},
		"no size is too large":                            {change: func(l *list.List) { l.AttachmentsOver = 0 }, sizes: []int{300_000}, left: "[1]", filed: "[1]"},
		"without an archive it is got by mail":            {change: func(l *list.List) { l.Archive = list.ArchiveNone }, sizes: []int{300_000}, left: "[]", filed: "[1]", links: []string{byMail + "1"}},
		"what is to be in no archive is got by mail":      {field: "X-No-Archive: yes\r\n", sizes: []int{300_000}, left: "[]", filed: "[1]", links: []string{byMail + "1"}, hidden: true},
		"a post without files is not in the library":      {left: "[]", filed: "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			s := library(t, c.change)
			if _, err := s.receive(withFiles("1@example.org", c.field, c.sizes...), "peers@lists.example.org"); err != nil {
				t.Fatal(err)
			}
			sent := s.sentCopy(t)
			var left, filed []int
			for _, a := range sent.Attachments() {
				left = append(left, a.Index)
			}
			text := strings.ReplaceAll(sent.Text(1<<20), "\n", "")
			for _, link := range c.links {
				if !strings.Contains(text, link) {
					t.Errorf("no %s in\n%s", link, text)
				}
			}
			if n := strings.Count(text, "/files/") + strings.Count(text, "subject=get"); n != len(c.links) {
				t.Errorf("%d links in\n%s", n, text)
			}
			var hidden bool
			if err := s.db.View(func(r list.Reader) error {
				f, err := r.Filed(1, 1)
				for _, one := range f.Files {
					filed = append(filed, one.Index)
				}
				if hidden = f.Hidden; errors.Is(err, list.ErrNotFound) {
					return nil
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(left) != c.left || fmt.Sprint(filed) != c.filed || hidden != c.hidden {
				t.Errorf("copies have %v, the library %v, hidden %v", left, filed, hidden)
			}
		})
	}
}

func TestFilesAreReadBackAsTheyCame(t *testing.T) {
	s := library(t, nil)
	if _, err := s.receive(withFiles("1@example.org", "", 10, 300_000), "peers@lists.example.org"); err != nil {
		t.Fatal(err)
	}
	f, err := s.OpenFile("", "peers@lists.example.org", 1, 2)
	if err != nil || f.Name != "r2.pdf" || f.Media != "application/pdf" || f.Size != 300_000 {
		t.Fatalf("%+v %v", f.File, err)
	}
	var b bytes.Buffer
	if n, err := f.WriteTo(&b); err != nil || n != f.Size || !bytes.Equal(b.Bytes(), fileBytes(300_000)) {
		t.Errorf("%d octets of another content: %v", n, err)
	}
	if again, err := s.OpenFile("", "peers@lists.example.org", 1, 2); err != nil || len(f.Tag) != 24 || again.Tag != f.Tag || !f.Public {
		t.Errorf("tags %q and %q, public %t, %v", f.Tag, again.Tag, f.Public, err)
	}
	for name, ask := range map[string]func() error{
		"no such file":           func() error { _, err := s.OpenFile("", "peers@lists.example.org", 1, 3); return err },
		"no such post":           func() error { _, err := s.OpenFile("", "peers@lists.example.org", 2, 1); return err },
		"no such list":           func() error { _, err := s.OpenFile("", "others@lists.example.org", 1, 1); return err },
		"no library of no list":  func() error { _, err := s.FilesPage("", "others@lists.example.org", 0); return err },
		"a list that is private": func() error { return private(s, list.ArchiveMembers) },
		"a list without archive": func() error { return private(s, list.ArchiveNone) },
	} {
		if err := ask(); !errors.Is(err, list.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// private is what a stranger is told of a file when the archive is not for everybody.
func private(s *site, who list.Archive) error {
	if err := s.Configure(s.config(func(l *list.List) { l.Archive = who })); err != nil {
		return err
	}
	_, err := s.OpenFile("", "peers@lists.example.org", 1, 2)
	_, err2 := s.FilesPage("", "peers@lists.example.org", 0)
	if err == nil || err2 == nil {
		return nil
	}
	return errors.Join(err, err2)
}

func TestTheLibraryIsReadInPages(t *testing.T) {
	s := library(t, nil)
	for i := range 60 {
		field := ""
		if i == 58 {
			field = "X-No-Archive: yes\r\n"
		}
		if _, err := s.receive(withFiles(fmt.Sprintf("%d@example.org", i), field, 10), "peers@lists.example.org"); err != nil {
			t.Fatal(err)
		}
	}
	first, err := s.FilesPage("", "peers@lists.example.org", 0)
	if err != nil || len(first.Files) != 50 || first.Files[0].Post != 60 || first.Files[1].Post != 58 || first.Older != 10 {
		t.Fatalf("%d files, %+v, older %d: %v", len(first.Files), first.Files[0], first.Older, err)
	}
	if f := first.Files[0]; f.Name != "Dede Owusu" || f.File.Name != "r1.pdf" || f.Shown != "10 bytes" || f.Page != "/m/59%40example.org" || first.Title != "Peers" || !first.Public {
		t.Errorf("%+v", f)
	}
	rest, err := s.FilesPage("", "peers@lists.example.org", first.Older)
	if err != nil || len(rest.Files) != 9 || rest.Files[0].Post != 9 || rest.Older != 0 {
		t.Errorf("%d files, older %d: %v", len(rest.Files), rest.Older, err)
	}
}

// commandMail sends one as an authenticated member, and returns what it is answered with: the mails that go to them, in order.
func (s *site) commandMail(t *testing.T, from, to, line string, extra ...string) (answers []*message.Message) {
	t.Helper()
	s.ids++
	raw := "From: " + from + "\r\nTo: " + to + "\r\nSubject: " + line + "\r\nMessage-ID: <c" + fmt.Sprint(s.ids) + "@example.org>\r\n" + strings.Join(extra, "")
	if len(extra) == 0 {
		raw += "\r\n"
	}
	target, err := s.Site().Route(to)
	if err != nil {
		t.Fatal(err)
	}
	in := &list.Incoming{Envelope: list.Envelope{ID: fmt.Sprint(s.ids), From: from, Authenticated: true, Received: s.now}, Raw: []byte(raw), Targets: []list.Target{target}}
	if _, err := s.Receive(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SendNotes(t.Context()); err != nil {
		t.Fatal(err)
	}
	for {
		c, ok, err := s.db.Claim(s.now, func(domain string) string { return domain }, func(string) bool { return true }, 100)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return answers
		}
		pieces, err := s.Copy(c.Out, list.Form{})
		if err != nil {
			t.Fatal(err)
		}
		if c.Out.Post == 0 && c.Copies[0].Address == from {
			answers = append(answers, message.Parse(pieces.Bytes()))
		}
		var results []list.Settled
		for _, one := range c.Copies {
			results = append(results, list.Settled{Copy: one, Outcome: list.Delivered})
		}
		if err := s.db.Settle(s.now, c.ID, results); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheLibraryByMail(t *testing.T) {
	const request = "peers-request@lists.example.org"
	s := library(t, func(l *list.List) { l.Archive = list.ArchiveNone })
	if _, err := s.receive(withFiles("1@example.org", "Bcc: secret@example.org\r\n", 10, 300_000), "peers@lists.example.org"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.receive(mail("dede@example.org", "2@example.org", "without files, on a list without an archive"), "peers@lists.example.org"); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		from, to, line string
		says           string
		got            int // posts
	}{
		"the index":                 {"bob@b.example", "peers+files@lists.example.org", "", "1: r2.pdf, 300 kB, Dede Owusu, 2026-03-02", 0},
		"the index, as a command":   {"bob@b.example", request, "files", "1: r1.pdf, 10 bytes", 0},
		"the topics":                {"bob@b.example", "peers+topics@lists.example.org", "", "1: ", 0},
		"the topics, as a command":  {"bob@b.example", request, "topics", "send \"mute\" and its number", 0},
		"a stranger sees no topics": {"eve@example.net", request, "topics", "is not on the list", 0},
		"a post":                    {"bob@b.example", request, "get 1", "Post 1 is on its way", 1},
		"a post, from a link":       {"bob@b.example", request, "get 1 2", "Post 1 is on its way", 1},
		"a post by two links":       {"bob@b.example", request, "get 1 1\r\nget 1 2", "get 1 2 Post 1 is on its way", 1},
		"a post that is not there":  {"bob@b.example", request, "get 3", "There is no post 3", 0},
		"a post that is not kept":   {"bob@b.example", request, "get 2", "There is no post 2", 0},
		"a number that cannot be":   {"bob@b.example", request, "get 9999999999", "There is no post 9999999999", 0},
		"a stranger gets nothing":   {"eve@example.net", request, "get 1", "is not on the list", 0},
		"a stranger sees no index":  {"eve@example.net", "peers+files@lists.example.org", "", "is not on the list", 0},
		"what is no number is said": {"bob@b.example", request, "get well soon", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s.now = s.now.Add(61 * 60 * 1e9)
			var text string
			got := 0
			for _, m := range s.commandMail(t, c.from, c.to, "", "\r\n"+c.line+"\r\n") {
				files := m.Attachments()
				if len(files) == 0 {
					text += strings.Join(strings.Fields(m.Text(1<<20)), " ")
					continue
				}
				got++
				var enclosed bytes.Buffer
				if _, err := files[0].WriteTo(&enclosed); err != nil {
					t.Fatal(err)
				}
				post := message.Parse(enclosed.Bytes())
				var content bytes.Buffer
				if all := post.Attachments(); len(all) != 2 {
					t.Fatalf("%d files", len(all))
				} else if _, err := all[1].WriteTo(&content); err != nil || !bytes.Equal(content.Bytes(), fileBytes(300_000)) {
					t.Errorf("another content: %v", err)
				}
				if post.MessageID() != "1@example.org" || post.Count("Bcc") != 0 {
					t.Errorf("id %s, %d Bcc", post.MessageID(), post.Count("Bcc"))
				}
			}
			if !strings.Contains(text, c.says) || got != c.got {
				t.Errorf("%d posts, and\n%s", got, text)
			}
		})
	}
}

func TestFilesAreNotSubmittedYet(t *testing.T) {
	s := library(t, nil)
	raw := string(withFiles("x", "", 10))
	answers := s.commandMail(t, "bob@b.example", "peers+files@lists.example.org", "here", raw[strings.Index(raw, "MIME-Version"):])
	if len(answers) != 1 || !strings.Contains(answers[0].Text(1<<20), "Not in this version") {
		t.Errorf("%d answers", len(answers))
	}
}

func TestSoManyPostsInOneMail(t *testing.T) {
	s := library(t, nil)
	for i := range 7 {
		if _, err := s.receive(mail("dede@example.org", fmt.Sprint(i), "x"), "peers@lists.example.org"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.receive(mail("dede@example.org", "kept out", "x", "X-No-Archive: yes"), "peers@lists.example.org"); err != nil {
		t.Fatal(err)
	}
	var text string
	got := 0
	for _, m := range s.commandMail(t, "bob@b.example", "peers-request@lists.example.org", "get 8", "\r\nget 1\r\nget 2\r\nget 3\r\nget 4\r\nget 5\r\nget 6\r\nget 7\r\n") {
		got += len(m.Attachments())
		if len(m.Attachments()) == 0 {
			text = m.Text(1 << 20)
		}
	}
	if got != 5 || strings.Count(text, "Not sent: ask for") != 2 || !strings.Contains(text, "There is no post 8") {
		t.Errorf("%d posts, and\n%s", got, text)
	}
}
