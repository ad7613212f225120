package imap

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// tool runs a mail program in dir, which is its home; without it the test is left out.
func tool(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip("there is no " + name)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir, cmd.Env = dir, []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "TERM=xterm"}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	t.Logf("%s %s\n%s", name, strings.Join(args, " "), out)
	return string(out)
}

func (h *house) port() string {
	_, port, err := net.SplitHostPort(h.at)
	h.check(err)
	return port
}

// kept are the files below a directory with when they were written.
func kept(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		info, err := d.Info()
		files = append(files, fmt.Sprint(path, info.ModTime().UnixNano()))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// mbsync takes what is there, then nothing, then what is new, and nothing twice.
func TestClientMbsync(t *testing.T) {
	h := newHouse(t)
	var first list.Post
	for i := range 30 {
		p := h.post(peers, strings.ReplaceAll(mail, "<a@", fmt.Sprintf("<a%d@", i)))
		if i == 0 {
			first = p
		}
	}
	h.member("dede@example.org", peers)
	dir := t.TempDir()
	rc := fmt.Sprintf("IMAPAccount a\nHost 127.0.0.1\nPort %s\nUser dede@example.org\nPass %s\nSSLType None\nAuthMechs LOGIN\n\nIMAPStore far\nAccount a\n\nMaildirStore near\nPath %s/mail/\nInbox %s/mail/INBOX\n"+
		"SubFolders Verbatim\n\nChannel c\nFar :far:\nNear :near:\nPatterns Lists/*\nCreate Near\nRemove None\nExpunge None\nSync Pull\nSyncState *\n", h.port(), h.password("dede@example.org"), dir, dir)
	h.check(os.MkdirAll(filepath.Join(dir, "mail"), 0o700))
	h.check(os.WriteFile(filepath.Join(dir, "rc"), []byte(rc), 0o600))
	sync := func(want int) (files []string, said string) {
		said = tool(t, dir, "mbsync", "-Dn", "-c", "rc", "c")
		files = kept(t, filepath.Join(dir, "mail", "Lists"))
		if len(files) != want {
			t.Errorf("%d files are there, not %d", len(files), want)
		}
		return files, said
	}
	once, _ := sync(30)
	for range 2 {
		again, said := sync(30)
		if !slices.Equal(again, once) || strings.Contains(said, "BODY.PEEK[]") {
			t.Errorf("something came again:\n%s", said)
		}
	}
	h.post(peers, mail)
	more, said := sync(31)
	if strings.Count(said, "BODY.PEEK[]") != 1 || !slices.Equal(intersect(once, more), once) {
		t.Errorf("not only what is new came:\n%s", said)
	}
	h.remove(first)
	sync(31)
}

func intersect(a, b []string) (both []string) {
	for _, s := range a {
		if slices.Contains(b, s) {
			both = append(both, s)
		}
	}
	return both
}

func TestClientCurl(t *testing.T) {
	h := newHouse(t)
	h.post(peers, mail)
	h.post(peers, strings.Replace(mail, "Hello", "Second", 1))
	dir, url := t.TempDir(), "imap://"+h.at
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{url}, `"Lists/peers@lists.example.org"`},
		{[]string{url + "/Lists%2Fpeers@lists.example.org;UID=2"}, "Subject: Second\r\n"},
		{[]string{url + "/Lists%2Fpeers@lists.example.org;UID=1;SECTION=TEXT"}, "Hi there"},
		{[]string{url + "/Lists%2Fpeers@lists.example.org?SUBJECT%20second"}, "* SEARCH 2"},
		{[]string{url + "/Lists%2Fpeers@lists.example.org", "-X", "FETCH 1:* FLAGS"}, "* 2 FETCH (FLAGS ())"},
	} {
		if out := tool(t, dir, "curl", append([]string{"-sS", "--user", "anonymous:x"}, c.args...)...); !strings.Contains(out, c.want) {
			t.Errorf("%q: %q is not in %q", c.args, c.want, out)
		}
	}
}

// neomutt opens the mailbox, copies all posts to a file, and leaves the first as one that was read: a mailbox is READ-ONLY, but the rights say that this may be stored.
func TestClientNeomutt(t *testing.T) {
	h := newHouse(t)
	for i := range 3 {
		h.post(peers, strings.ReplaceAll(mail, "<a@", fmt.Sprintf("<a%d@", i)))
	}
	c := h.member("dede@example.org", peers)
	dir := t.TempDir()
	rc := fmt.Sprintf("set imap_user=dede@example.org\nset imap_pass=%s\nset ssl_starttls=no\nset ssl_force_tls=no\nset confirmcreate=no\nset confirmappend=no\nset copy=no\nset mbox_type=mbox\nset wait_key=no\nset quit=yes\nset folder=%s\n"+
		"set spoolfile=\"imap://%s/Lists/%s\"\npush '<tag-pattern>~A<enter><tag-prefix><copy-message>%s/copied<enter><untag-pattern>~A<enter><first-entry><display-message><exit><sync-mailbox><exit>'\n", h.password("dede@example.org"), dir, h.at, peers, dir)
	h.check(os.WriteFile(filepath.Join(dir, "rc"), []byte(rc), 0o600))
	if _, err := exec.LookPath("neomutt"); err != nil {
		t.Skip("there is no neomutt")
	}
	tool(t, dir, "script", "-qec", "neomutt -n -F rc -d 2 -l "+dir+"/debug", "/dev/null")
	copied, err := os.ReadFile(filepath.Join(dir, "copied"))
	if n := strings.Count("\n"+string(copied), "\nFrom "); err != nil || n != 3 || !strings.Contains(string(copied), "Message-ID: <a2@example.org>") {
		t.Errorf("%d posts were copied: %v\n%s", n, err, copied)
	}
	c.ok("EXAMINE Lists/" + peers)
	if said := c.ok("SEARCH SEEN"); said != "* SEARCH 1" {
		debug, _ := os.ReadFile(filepath.Join(dir, "debug0"))
		t.Errorf("what was read is %q:\n%s", said, debug)
	}
}
