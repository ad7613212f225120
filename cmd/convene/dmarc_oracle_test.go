package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/miekg/dns"

	"convene/list"
	"convene/list/message"
	"convene/mailer"
)

// receiverScript says what a receiver does with each message of standard input (a JSON array of base64), by the answers of the name server at the port of
// loopback that is its first argument: dkimpy checks the signatures, and libopendmarc says what DMARC makes of them.
const receiverScript = `
import base64, ctypes, dkim, email, email.utils, json, socket, struct, sys
import dns.resolver

port = int(sys.argv[1])
resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers, resolver.port = ["127.0.0.1"], port

def txt(name, timeout=5):
    try:
        return b"".join(next(iter(resolver.resolve(name.decode(), "TXT"))).strings)
    except dns.exception.DNSException:
        return None

class Library(ctypes.Structure):  # OPENDMARC_LIB_T of dmarc.h
    _fields_ = [("tld_type", ctypes.c_int), ("tld_file", ctypes.c_char * 4096), ("nscount", ctypes.c_int), ("nsaddr", ctypes.c_ubyte * 48)]

lib = ctypes.CDLL("libopendmarc.so.2")
lib.opendmarc_policy_connect_init.restype = ctypes.c_void_p
server = struct.pack("<H", socket.AF_INET) + struct.pack(">H", port) + socket.inet_aton("127.0.0.1") + b"\0" * 40
setting = Library(1, sys.argv[2].encode(), 1, (ctypes.c_ubyte * 48).from_buffer_copy(server))  # the library keeps it
lib.opendmarc_policy_library_init(ctypes.byref(setting))
verdicts = {14: "absent", 15: "pass", 16: "reject", 17: "quarantine", 18: "none"}

for text in json.load(sys.stdin):
    raw = base64.b64decode(text)
    sender = email.utils.parseaddr(email.message_from_bytes(raw)["From"])[1].rpartition("@")[2].encode()
    policy = ctypes.c_void_p(lib.opendmarc_policy_connect_init(b"192.0.2.1", 0))
    lib.opendmarc_policy_store_from_domain(policy, sender)
    head = b"\n" + raw.partition(b"\r\n\r\n")[0].lower()
    for i in range(head.count(b"\ndkim-signature:")):
        d = dkim.DKIM(raw)
        try:
            ok = d.verify(idx=i, dnsfunc=txt)
        except dkim.DKIMException:
            ok = False
        if d.domain:
            lib.opendmarc_policy_store_dkim(policy, d.domain, b"s", 1 if ok else 2, b"")
    lib.opendmarc_policy_query_dmarc(policy, sender)
    print(sender.decode(), verdicts.get(lib.opendmarc_get_policy_to_enforce(policy), "trouble"))
`

// names is a name server on loopback that knows TXT records alone. The text SERVFAIL is that answer.
func names(t testing.TB, txt map[string]string) (addr string) {
	t.Helper()
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	began, ended := make(chan struct{}), make(chan error, 1)
	server := &dns.Server{PacketConn: packets, NotifyStartedFunc: func() { close(began) }, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		r := new(dns.Msg).SetReply(q)
		name := q.Question[0].Name
		text, ok := txt[strings.TrimSuffix(strings.ToLower(name), ".")]
		switch {
		case text == "SERVFAIL":
			r.Rcode = dns.RcodeServerFailure
		case !ok:
			r.Rcode = dns.RcodeNameError
		case q.Question[0].Qtype == dns.TypeTXT:
			r.Answer = append(r.Answer, &dns.TXT{Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeTXT, Class: dns.ClassINET, Ttl: 60}, Txt: []string{text}})
		}
		w.WriteMsg(r)
	})}
	go func() { ended <- server.ActivateAndServe() }()
	<-began
	t.Cleanup(func() {
		server.Shutdown()
		<-ended
	})
	return packets.LocalAddr().String()
}

// noNames is the part of a config by which a daemon asks a name server that knows no name, and not the world's.
func noNames(t testing.TB) string {
	t.Helper()
	return fmt.Sprintf("[dns]\nresolver = %q\n", names(t, nil))
}

// authorDomains are the domains whose authors post, what each publishes, and what a receiver makes of the copy of a list that rewrites, and of one that does not,
// which is what it makes of a copy of one that would rewrite, but finds nothing to change: the domain in From, and what its policy comes to.
var authorDomains = map[string]struct{ record, rewritten, plain string }{
	"reject.test":     {"v=DMARC1; p=reject", "lists.test pass", "reject.test pass"},
	"quarantine.test": {"v=DMARC1; p=quarantine; pct=10", "lists.test pass", "quarantine.test pass"},
	"strict.test":     {"v=DMARC1; p=reject; adkim=s; aspf=s", "lists.test pass", "strict.test pass"},
	"above.test":      {"v=DMARC1; p=none; sp=reject", "above.test none", "above.test pass"},
	"sub.above.test":  {"", "lists.test pass", "sub.above.test pass"},
	"none.test":       {"v=DMARC1; p=none", "none.test none", "none.test pass"},
	"nothing.test":    {"", "nothing.test absent", "nothing.test absent"},
	"broken.test":     {"SERVFAIL", "lists.test pass", "broken.test absent"},
}

// TestReceiversTakeWhatListsSend has every copy of posts from domains of every policy, by a list that rewrites and by one that does not, judged by other
// people's DKIM and DMARC: nothing is refused, and what goes out From the author still bears a good signature of theirs.
func TestReceiversTakeWhatListsSend(t *testing.T) {
	const python = "/usr/bin/python3"
	if exec.Command(python, "-c", "import ctypes, dkim, dns.resolver, nacl; ctypes.CDLL('libopendmarc.so.2')").Run() != nil {
		t.Skip("no python3 with dkim, nacl and dns, or no libopendmarc (Debian: python3-dkim, python3-nacl, python3-dnspython, libopendmarc2)")
	}
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	public := "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
	zone := map[string]string{"c1._domainkey.lists.test": public, "_dmarc.lists.test": "v=DMARC1; p=reject; adkim=s; aspf=s"}
	for domain, d := range authorDomains {
		zone["s._domainkey."+domain] = public
		if d.record != "" {
			zone["_dmarc."+domain] = d.record
		}
	}
	addr := names(t, zone)
	rewriting, transparent, replies := listCopies(t, addr, key)
	var all [][]byte
	var want []string
	for domain, d := range authorDomains {
		all, want = append(all, rewriting[domain], transparent[domain], replies[domain]), append(want, d.rewritten, d.plain, d.plain)
	}
	// The receiver can say no: this is what would have become of it.
	undone := bytes.Replace(rewriting["reject.test"], []byte("\r\nFrom: "), []byte("\r\nX-From: "), 1)
	all, want = append(all, bytes.Replace(undone, []byte("\r\nAuthor: "), []byte("\r\nFrom: "), 1)), append(want, "reject.test reject")
	got := judged(t, python, addr, all)
	for i := range all {
		if i >= len(got) || got[i] != want[i] {
			t.Fatalf("the receivers say %q, want %q, of\n%s", got[i:min(len(got), i+1)], want[i], all[i])
		}
	}
}

// judged is what the receiver says of each message.
func judged(t *testing.T, python, addr string, all [][]byte) []string {
	t.Helper()
	suffixes := filepath.Join(t.TempDir(), "suffixes")
	if err := os.WriteFile(suffixes, []byte("test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(addr)
	in, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-c", receiverScript, port, suffixes)
	cmd.Stdin = bytes.NewReader(in)
	var trouble bytes.Buffer
	cmd.Stderr = &trouble
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err, trouble.String())
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// listCopies posts once from each domain to a list that rewrites, to one that does not, and to one that has a prefix, which is there, and checks who writes. It
// returns a copy of each by domain.
func listCopies(t *testing.T, resolver string, key ed25519.PrivateKey) (rewriting, transparent, replies map[string][]byte) {
	t.Helper()
	dir := t.TempDir()
	pem, err := mailer.SigningKey{Key: key}.PEM()
	if err != nil {
		t.Fatal(err)
	}
	const checked = "owners = [\"amina@example.org\"]\nposting = \"anyone\"\nnew_members_moderated_for = 0\n"
	const settings = checked + "require_auth = \"never\"\n"
	text := fmt.Sprintf("[server]\nhostname = \"lists.test\"\nadmin = \"admin@example.org\"\n[smtp]\nlisten = \"127.0.0.1:0\"\n[http]\nlisten = \"\"\n[dns]\nresolver = %q\n"+
		"[delivery]\nmaildir = \"./sent\"\n[[dkim]]\ndomain = \"lists.test\"\nselector = \"c1\"\nkey_file = \"./c1.pem\"\n"+
		"[[list]]\naddress = \"peers@lists.test\"\nsubject_prefix = \"[peers]\"\n"+settings+"[[list]]\naddress = \"plain@lists.test\"\nreply_to = \"sender\"\nfooter = \"none\"\n"+settings+
		"[[list]]\naddress = \"replies@lists.test\"\nsubject_prefix = \"[re]\"\nreply_to = \"sender\"\nfooter = \"none\"\n"+checked, resolver)
	for name, content := range map[string]string{"convene.toml": text, "c1.pem": string(pem)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg, faults := loadConfig(filepath.Join(dir, "convene.toml"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	d, err := assemble(cfg, &clock{}, false, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ready, stopped := make(chan string), make(chan error)
	go func() { stopped <- d.run(ctx, func(l listeners) { ready <- l.smtp.Addr().String() }) }()
	defer func() {
		cancel()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	}()
	addr := <-ready
	for _, address := range []string{"peers@lists.test", "plain@lists.test", "replies@lists.test"} {
		if err := d.engine.AddMembers(address, []list.Member{{Address: "reader@reader.test"}}); err != nil {
			t.Fatal(err)
		}
		for domain := range authorDomains {
			postTo(t, addr, "ann@"+domain, address, authorSigned(t, domain, address, key))
		}
	}
	if err := d.courier.Quiesce(ctx, d.clock.Now()); err != nil {
		t.Fatal(err)
	}
	return sentBy(t, dir, "peers@lists.test"), sentBy(t, dir, "plain@lists.test"), sentBy(t, dir, "replies@lists.test")
}

// authorSigned is a post as the author's own server signs it.
func authorSigned(t *testing.T, domain, to string, key ed25519.PrivateKey) string {
	t.Helper()
	raw := "From: Ann Author <ann@" + domain + ">\r\nTo: " + to + "\r\nSubject: [re] Re: Hello\r\nMessage-ID: <" + domain + "@" + domain + ">\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\n" +
		"X-Of: " + domain + "\r\n\r\nHello, all.\r\n"
	var out bytes.Buffer
	err := dkim.Sign(&out, strings.NewReader(raw), &dkim.SignOptions{Domain: domain, Selector: "s", Signer: key, HeaderCanonicalization: dkim.CanonicalizationRelaxed,
		BodyCanonicalization: dkim.CanonicalizationRelaxed, HeaderKeys: []string{"From", "Reply-To", "To", "Subject", "Date", "Message-ID"}})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// sentBy finds a list's copies in the maildir, by whose they are.
func sentBy(t *testing.T, dir, address string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(filepath.Join(dir, "sent"), func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		raw = bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
		if m := message.Parse(raw); err == nil && strings.Contains(m.Get("List-Post"), address) {
			all[m.Get("X-Of")] = raw
		}
		return err
	})
	if err != nil || len(all) != len(authorDomains) {
		t.Fatalf("%d copies of %s, %v", len(all), address, err)
	}
	return all
}
