package digest

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"convene/list"
)

// signedPart is what the signers sign: with trailing spaces, hyphens, a signature line and octets over 127.
const signedPart = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nI do=20\r\n------------------------------\r\n> as I say: caf=C3=A9.\r\n--=20\r\nDede\r\n"

// ran runs a tool in a folder, and gives what it printed.
func ran(t *testing.T, dir, tool string, args ...string) (out []byte, err error) {
	t.Helper()
	var said bytes.Buffer
	cmd := exec.Command(tool, args...)
	cmd.Dir, cmd.Env, cmd.Stderr = dir, append(os.Environ(), "GNUPGHOME="+dir), &said
	if out, err = cmd.Output(); err != nil {
		t.Logf("%s %q: %v\n%s", tool, args, err, said.Bytes())
	}
	return out, err
}

func tool(t *testing.T, names ...string) {
	t.Helper()
	for _, n := range names {
		if _, err := exec.LookPath(n); err != nil {
			t.Skip(n, "is not installed")
		}
	}
}

// enclosedIn is the one message that a digest encloses, as mime/multipart of the standard library takes it out.
func enclosedIn(t *testing.T, raw []byte) []byte {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	r, media := io.Reader(m.Body), m.Header.Get("Content-Type")
	for _, want := range []string{"multipart/mixed", "multipart/digest"} {
		kind, params, err := mime.ParseMediaType(media)
		if err != nil || kind != want {
			t.Fatalf("%s, %v; want %s", kind, err, want)
		}
		parts := multipart.NewReader(r, params["boundary"])
		p, err := parts.NextRawPart()
		if err == nil && want == "multipart/mixed" { // behind the text
			p, err = parts.NextRawPart()
		}
		if err != nil {
			t.Fatal(err)
		}
		r, media = p, p.Header.Get("Content-Type")
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// digestOf is what a list with a footer encloses of a post in the digest of who asked for whole posts.
func digestOf(t *testing.T, raw string) []byte {
	t.Helper()
	s := idleStage(t, func(up *setUp) { up.List.Footer = &list.Footer{} })
	s.order(member(1), "set digest", "set format mime")
	if r, err := s.hand(member(4), stageList, []byte(raw)); err != nil || r.Action != "accept" {
		t.Fatalf("%+v, %v", r, err)
	}
	s.advance("2026-05-05 08:00")
	return enclosedIn(t, s.last(member(1), list.KindDigest).Raw)
}

const signedHead = "From: Dede <member4@example.org>\r\nTo: peers@lists.example.org\r\nSubject: Signed\r\nMessage-ID: <signed@example.org>\r\nMIME-Version: 1.0\r\n"

// TestSMIMEHoldsInADigest: openssl finds the signature of an enclosed post good, and one of another text not.
func TestSMIMEHoldsInADigest(t *testing.T) {
	tool(t, "openssl")
	dir := t.TempDir()
	if _, err := ran(t, dir, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=Dede/emailAddress=member4@example.org"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "part"), []byte(signedPart), 0o600); err != nil {
		t.Fatal(err)
	}
	signed, err := ran(t, dir, "openssl", "smime", "-sign", "-in", "part", "-signer", "cert.pem", "-inkey", "key.pem", "-binary", "-crlfeol")
	if err != nil {
		t.Fatal(err)
	}
	got := digestOf(t, signedHead+strings.TrimPrefix(strings.ReplaceAll(strings.ReplaceAll(string(signed), "\r\n", "\n"), "\n", "\r\n"), "MIME-Version: 1.0\r\n"))
	verify := func(raw []byte) ([]byte, error) {
		if err := os.WriteFile(filepath.Join(dir, "mail"), raw, 0o600); err != nil {
			t.Fatal(err)
		}
		return ran(t, dir, "openssl", "smime", "-verify", "-in", "mail", "-CAfile", "cert.pem", "-purpose", "any", "-crlfeol")
	}
	if out, err := verify(got); err != nil || string(out) != signedPart {
		t.Errorf("%v; it says\n%q\nof\n%s", err, out, got)
	}
	if out, err := verify(bytes.Replace(got, []byte("as I say"), []byte("as he says"), 1)); err == nil {
		t.Errorf("another text passes: %q", out)
	}
}

// TestOpenPGPHoldsInADigest: gpg finds the signature of an enclosed post good, and one of another text not.
func TestOpenPGPHoldsInADigest(t *testing.T) {
	tool(t, "gpg")
	dir, err := os.MkdirTemp("", "pgp") // a short path: gpg's agent listens beneath it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = ran(t, dir, "gpgconf", "--kill", "all")
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if _, err := ran(t, dir, "gpg", "--batch", "--pinentry-mode", "loopback", "--passphrase", "", "--quick-generate-key", "Dede <member4@example.org>", "ed25519", "sign"); err != nil {
		t.Skip("gpg makes no key here")
	}
	write := func(name string, content []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("part", []byte(signedPart))
	sig, err := ran(t, dir, "gpg", "--batch", "--armor", "--detach-sign", "--output", "-", "part")
	if err != nil {
		t.Fatal(err)
	}
	const line = "\r\n--s\r\n"
	got := digestOf(t, signedHead+"Content-Type: multipart/signed; micalg=pgp-sha512; protocol=\"application/pgp-signature\"; boundary=s\r\n"+line+signedPart+line+
		"Content-Type: application/pgp-signature\r\n\r\n"+strings.ReplaceAll(string(sig), "\n", "\r\n")+"\r\n--s--\r\n")
	pieces := bytes.Split(got, []byte(line))
	if len(pieces) != 3 {
		t.Fatalf("it is not enclosed as it came:\n%s", got)
	}
	_, armor, _ := bytes.Cut(pieces[2], []byte("\r\n\r\n"))
	write("sig", bytes.TrimSuffix(armor, []byte("\r\n--s--\r\n")))
	write("text", pieces[1])
	if _, err := ran(t, dir, "gpg", "--batch", "--verify", "sig", "text"); err != nil {
		t.Errorf("%v:\n%s", err, got)
	}
	write("text", bytes.Replace(pieces[1], []byte("as I say"), []byte("as he says"), 1))
	if _, err := ran(t, dir, "gpg", "--batch", "--verify", "sig", "text"); err == nil {
		t.Error("another text passes")
	}
}
