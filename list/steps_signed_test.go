package list

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// signedText is what mail programs sign: with a line that some servers change, space at the ends of lines, and no line end at its end.
const signedText = "Content-Type: multipart/mixed; boundary=in\r\n\r\nA preamble.\r\n--in\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" +
	"From here on it is s\xc3\xadgned. \r\n-- \r\nAnn\r\n--in\r\nContent-Type: image/png; name=p.png\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--in--\r\nAn epilogue.\r\n"

func tool(t *testing.T, dir, name string, args ...string) []byte {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip("not here: ", err)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return out
}

func put(t *testing.T, dir, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// throughTheList is what every member gets of a signed message from a list that changes all it can.
func throughTheList(t *testing.T, raw []byte) []byte {
	t.Helper()
	s := bodyStyle("en")
	s.ReplyTo, s.Attachments = ReplyList, StripAttachments
	for _, form := range []Form{{}, {Light: true}} {
		p, _ := Transform(PostSteps(), raw, s, form)
		out := p.Bytes()
		if !bytes.Contains(out, []byte("Subject: [peers] signed")) || !bytes.HasSuffix(out, raw[bytes.Index(raw, []byte("\r\n\r\n")):]) {
			t.Fatalf("no prefix, or another body:\n%s", out)
		}
	}
	p, _ := Transform(PostSteps(), raw, s, Form{})
	return p.Bytes()
}

func TestSMIMEVerifiesBehindTheList(t *testing.T) {
	dir := t.TempDir()
	tool(t, dir, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=Ann",
		"-addext", "subjectAltName=email:ann@author.example", "-addext", "extendedKeyUsage=emailProtection")
	put(t, dir, "in.txt", []byte(signedText))
	for name, args := range map[string][]string{"detached": nil, "opaque": {"-nodetach"}} {
		t.Run(name, func(t *testing.T) {
			tool(t, dir, "openssl", append([]string{"cms", "-sign", "-signer", "cert.pem", "-inkey", "key.pem", "-in", "in.txt", "-out", "signed.eml"}, args...)...)
			signed, err := os.ReadFile(filepath.Join(dir, "signed.eml"))
			if err != nil {
				t.Fatal(err)
			}
			signed = bytes.ReplaceAll(bytes.ReplaceAll(signed, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
			out := throughTheList(t, append([]byte("From: ann@author.example\r\nTo: peers@lists.example.org\r\nSubject: signed\r\n"), signed...))
			put(t, dir, "out.eml", out)
			tool(t, dir, "openssl", "cms", "-verify", "-in", "out.eml", "-CAfile", "cert.pem", "-out", "verified.txt")
			if got, err := os.ReadFile(filepath.Join(dir, "verified.txt")); err != nil || string(bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n"))) != strings.ReplaceAll(signedText, "\r\n", "\n") {
				t.Errorf("%v: what was verified is\n%q", err, got)
			}
			put(t, dir, "broken.eml", bytes.Replace(bytes.Replace(out, []byte("gned."), []byte("gned!"), 1), []byte("\r\nMII"), []byte("\r\nMIJ"), 1))
			if err := exec.Command("openssl", "cms", "-verify", "-in", filepath.Join(dir, "broken.eml"), "-CAfile", filepath.Join(dir, "cert.pem"), "-out", os.DevNull).Run(); err == nil {
				t.Error("a changed message verifies, too")
			}
		})
	}
}

func TestPGPMIMEVerifiesBehindTheList(t *testing.T) {
	dir := t.TempDir()
	home, err := os.MkdirTemp("", "g") // the path of a socket in it must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	gpg := func(args ...string) []byte {
		return tool(t, dir, "gpg", append([]string{"--homedir", home, "--batch", "--no-tty", "--pinentry-mode", "loopback", "--passphrase", ""}, args...)...)
	}
	gpg("--quick-gen-key", "Ann <ann@author.example>", "ed25519", "sign", "1d")
	t.Cleanup(func() { _ = exec.Command("gpgconf", "--homedir", home, "--kill", "all").Run() })
	put(t, dir, "in.txt", []byte(signedText))
	gpg("--armor", "--digest-algo", "SHA256", "--detach-sign", "--output", "sig.asc", "in.txt")
	sig, err := os.ReadFile(filepath.Join(dir, "sig.asc"))
	if err != nil {
		t.Fatal(err)
	}
	raw := "From: ann@author.example\r\nTo: peers@lists.example.org\r\nSubject: signed\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/signed; micalg=pgp-sha256;\r\n protocol=\"application/pgp-signature\"; boundary=\"out\"\r\n\r\nThis is signed.\r\n--out\r\n" + signedText +
		"\r\n--out\r\nContent-Type: application/pgp-signature; name=signature.asc\r\n\r\n" + string(bytes.ReplaceAll(sig, []byte("\n"), []byte("\r\n"))) + "\r\n--out--\r\n"
	out := throughTheList(t, []byte(raw))
	from := bytes.Index(out, []byte("--out\r\n")) + len("--out\r\n")
	to := bytes.Index(out, []byte("\r\n--out\r\n"+"Content-Type: application/pgp-signature"))
	put(t, dir, "part.txt", out[from:to])
	armour := bytes.Index(out, []byte("-----BEGIN PGP"))
	put(t, dir, "part.asc", out[armour:bytes.LastIndex(out, []byte("\r\n--out--"))])
	if said := gpg("--verify", "part.asc", "part.txt"); !bytes.Contains(said, []byte("Good signature")) {
		t.Errorf("%s", said)
	}
}
