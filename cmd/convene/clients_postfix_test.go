package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list/message"
)

// mailHost is a Postfix of its own: it delivers what is for some people at example.org, .net and .com to Maildirs, hands what is for the lists to the program, and
// is the program's smarthost.
type mailHost struct {
	dir string
	// proven takes mail and says that DMARC passed, as an installation with a filter would; plain takes it and says nothing.
	proven, plain string
	seen          map[string]bool // files that next has returned
}

// gotMail is a mail that somebody got.
type gotMail struct {
	*message.Message
	file string
}

// newMailHost starts Postfix on loopback, with the address of the program and those who have a mailbox. It ends with the test.
func newMailHost(t *testing.T, lists string, people ...string) *mailHost {
	boxes := ""
	for _, who := range people {
		user, domain, _ := strings.Cut(who, "@")
		boxes += who + " " + domain + "/" + user + "/\n" // a Maildir, since it ends in a slash
	}
	h := &mailHost{dir: t.TempDir(), proven: reservedAddr(t), plain: reservedAddr(t), seen: map[string]bool{}}
	if err := os.Chmod(filepath.Dir(h.dir), 0o711); err != nil { // Postfix works as users of its own
		t.Fatal(err)
	}
	for name, uid := range map[string]int{"etc": 0, "queue": 0, "mail": nobody} {
		if err := os.Mkdir(filepath.Join(h.dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(filepath.Join(h.dir, name), uid, uid); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		"main.cf": strings.NewReplacer("DIR", h.dir, "LISTS", strings.Replace(lists, "127.0.0.1", "[127.0.0.1]", 1), "NOBODY", fmt.Sprint(nobody)).Replace(mainCF),
		"master.cf": fmt.Sprintf("%s inet n - n - - smtpd -o smtpd_sender_restrictions=check_sender_access,regexp:%s/etc/proven\n%s inet n - n - - smtpd\n%s",
			h.proven, h.dir, h.plain, masterCF),
		"proven": `/^.+@(example\.(org|net|com))$/ PREPEND Authentication-Results: mx.example.org; dmarc=pass header.from=$1` + "\n",
		"boxes":  boxes,
	} {
		if err := os.WriteFile(filepath.Join(h.dir, "etc", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	h.postfix(t, "start")
	t.Cleanup(func() { h.postfix(t, "stop") })
	return h
}

// nobody is the user who owns the Maildirs.
const nobody = 65534

const mainCF = `compatibility_level = 3.6
queue_directory = DIR/queue
data_directory = DIR/data
maillog_file = DIR/log
maillog_file_prefixes = DIR
myhostname = mx.example.org
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
relay_domains = lists.example.org
transport_maps = inline:{ {lists.example.org = smtp:LISTS} }
virtual_mailbox_domains = example.org, example.net, example.com
virtual_mailbox_base = DIR/mail
virtual_mailbox_maps = texthash:DIR/etc/boxes
virtual_uid_maps = static:NOBODY
virtual_gid_maps = static:NOBODY
smtpd_relay_restrictions = reject_unauth_destination
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
`

const masterCF = `cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
pickup unix n - n 60 1 pickup
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`

func (h *mailHost) postfix(t *testing.T, command string) {
	t.Helper()
	out, err := exec.Command("postfix", "-c", filepath.Join(h.dir, "etc"), command).CombinedOutput()
	if err != nil {
		log, _ := os.ReadFile(filepath.Join(h.dir, "log"))
		t.Errorf("postfix %s: %v\n%s%s", command, err, out, log)
	}
}

// next is the oldest mail of somebody that has a subject and was not returned yet. It waits for it.
func (h *mailHost) next(t *testing.T, who, subject string) *gotMail {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		for _, l := range h.letters(t, who) {
			if l.Subject() == subject && !h.seen[l.file] {
				h.seen[l.file] = true
				return l
			}
		}
		<-time.After(20 * time.Millisecond) // a Maildir says nothing when something comes
	}
	log, _ := os.ReadFile(filepath.Join(h.dir, "log"))
	t.Fatalf("%s got no %q, but %q\n%s", who, subject, h.subjects(t, who), log[max(0, len(log)-2000):])
	return nil
}

// letters are all the mails that somebody got, the oldest first.
func (h *mailHost) letters(t *testing.T, who string) []*gotMail {
	t.Helper()
	user, domain, _ := strings.Cut(who, "@")
	dir := filepath.Join(h.dir, "mail", domain, user, "new")
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	slices.SortStableFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(modified(a), modified(b)) })
	var all []*gotMail
	for _, e := range entries {
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, &gotMail{message.Parse(bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))), filepath.Join(dir, e.Name())})
	}
	return all
}

func modified(e fs.DirEntry) int64 {
	info, err := e.Info()
	if err != nil {
		return 0
	}
	return info.ModTime().UnixNano()
}

func (h *mailHost) subjects(t *testing.T, who string) []string {
	t.Helper()
	all := []string{}
	for _, l := range h.letters(t, who) {
		all = append(all, l.Subject())
	}
	return all
}

// folder is a Maildir with one mail, for a program that is to answer it.
func (h *mailHost) folder(t *testing.T, l *gotMail) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"cur", "new", "tmp"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(l.file)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "new", filepath.Base(l.file)), raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
