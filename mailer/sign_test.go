package mailer

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"convene/list/message"
)

// The keys of RFC 8463 appendix A.1 and A.2.
const (
	exampleSeed = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
	exampleRSA  = `-----BEGIN RSA PRIVATE KEY-----
MIICXQIBAAKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi
Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqM
KrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB
AoGAH0cxOhFZDgzXWhDhnAJDw5s4roOXN4OhjiXa8W7Y3rhX3FJqmJSPuC8N9vQm
6SVbaLAE4SG5mLMueHlh4KXffEpuLEiNp9Ss3O4YfLiQpbRqE7Tm5SxKjvvQoZZe
zHorimOaChRL2it47iuWxzxSiRMv4c+j70GiWdxXnxe4UoECQQDzJB/0U58W7RZy
6enGVj2kWF732CoWFZWzi1FicudrBFoy63QwcowpoCazKtvZGMNlPWnC7x/6o8Gc
uSe0ga2xAkEA8C7PipPm1/1fTRQvj1o/dDmZp243044ZNyxjg+/OPN0oWCbXIGxy
WvmZbXriOWoSALJTjExEgraHEgnXssuk7QJBALl5ICsYMu6hMxO73gnfNayNgPxd
WFV6Z7ULnKyV7HSVYF0hgYOHjeYe9gaMtiJYoo0zGN+L3AAtNP9huqkWlzECQE1a
licIeVlo1e+qJ6Mgqr0Q7Aa7falZ448ccbSFYEPD6oFxiOl9Y9se9iYHZKKfIcst
o7DUw1/hz2Ck4N5JrgUCQQCyKveNvjzkkd8HjYs0SwM0fPjK16//5qDZ2UiDGnOe
uEzxBDAr518Z8VFbR41in3W4Y3yCDgQlLlcETrS+zYcL
-----END RSA PRIVATE KEY-----
`
)

func rsaKey(t testing.TB) crypto.Signer {
	t.Helper()
	k, err := parseSigningKey([]byte(exampleRSA))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func ed25519Key(t testing.TB) crypto.Signer {
	t.Helper()
	seed, err := base64.StdEncoding.DecodeString(exampleSeed)
	if err != nil {
		t.Fatal(err)
	}
	return ed25519.NewKeyFromSeed(seed)
}

// exampleKeys are those keys as the RFC names them, the newer one first.
func exampleKeys(t testing.TB) []SigningKey {
	return []SigningKey{{"football.example.com", "brisbane", ed25519Key(t)}, {"football.example.com", "test", rsaKey(t)}}
}

// sealed signs a copy of a message with the example keys and returns the whole copy.
func sealed(t testing.TB, raw, own []byte) []byte {
	t.Helper()
	head, err := NewSigner(exampleKeys(t)).Seal("football.example.com", message.Pieces{raw}, time.Unix(1528637909, 0)).Sign(own)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Join([][]byte{head, own, raw}, nil)
}

// holds verifies the signatures of some keys on a message and returns what is wrong.
func holds(raw []byte, keys ...SigningKey) error {
	records := map[string]string{}
	for _, k := range keys {
		records[k.RecordName()] = k.Record()
	}
	found, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		return []string{records[name]}, nil
	}})
	if err != nil {
		return err
	}
	good := 0
	for _, v := range found {
		if v.Domain != keys[0].Domain {
			continue // a signature that the message came with
		}
		if v.Err != nil {
			return v.Err
		}
		good++
	}
	if good != len(keys) {
		return fmt.Errorf("%d signatures hold, want %d", good, len(keys))
	}
	return nil
}

const (
	dinner = "From: Joe SixPack <joe@football.example.com>\r\nTo: Suzie Q <suzie@shopping.example.net>\r\nSubject: Is dinner ready?\r\n" +
		"Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\nMessage-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\r\n" +
		"Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"
	oneClick = "List-Unsubscribe: <https://football.example.com/u/T>,\r\n <mailto:dev+leave-T@football.example.com>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
)

// TestSignature is what the fields look like, octet for octet; the body hash is the one of RFC 8463 appendix A.3, whose message this is.
func TestSignature(t *testing.T) {
	got := sealed(t, []byte(dinner), []byte(oneClick))
	const h = " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n h=from:from:author:reply-to:sender:subject:subject:date:date:message-id:\r\n" +
		" message-id:to:to:cc:in-reply-to:references:mime-version:content-type:\r\n content-transfer-encoding:list-id:list-help:list-subscribe:list-post:\r\n" +
		" list-owner:list-archive:list-unsubscribe:list-unsubscribe:\r\n list-unsubscribe-post:list-unsubscribe-post;\r\n"
	const want = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n d=football.example.com; s=test; t=1528637909;\r\n" + h +
		" b=rPRarzVVJkzxuLYa0gxekp1RNWQbv88ZoncrKZDDH2r7VwKkrb72km9I0lHFdTXrbgfZDA51U\r\n iftzB/X+CIZRIdidYs3OayODL/FYuRM3AEzEE3iHzZvjSW0cVsRhiaTxnSK2uMUnQJQroFb89Am\r\n" +
		" CLJ7Z5h47dyifDg03P8bJmE=\r\n" +
		"DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n d=football.example.com; s=brisbane; t=1528637909;\r\n" + h +
		" b=VxGyax4L6oG5g41KYXvvIcMnRbXj+UHhXwhVePI3R3Af0XdJL7+cNgm2ZCURFOPx04QP/s04x\r\n U67GvdJ4MOfCg==\r\n" + oneClick + dinner
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if err := holds(got, exampleKeys(t)...); err != nil {
		t.Error(err)
	}
}

func TestSignHolds(t *testing.T) {
	const head = "From: a@b.example\r\nSubject: x\r\n\r\n"
	for name, c := range map[string]struct{ raw, own string }{
		"a message as people write it":        {dinner, ""},
		"with fields of one copy":             {dinner, oneClick},
		"no body":                             {head, oneClick},
		"a body of empty lines":               {head + "\r\n\r\n\r\n", ""},
		"a body of white space":               {head + " \t\r\n\t\r\n", ""},
		"empty lines at the end":              {head + "x\r\n\r\n \r\n\r\n", ""},
		"no line end at the end":              {head + "x\r\ny", ""},
		"nor anything but space":              {head + "x\r\ny \t", ""},
		"runs of white space":                 {head + "  a \t b\t\r\n\r\n\tc  \r\n", ""},
		"octets over 127":                     {head + "B\xc3\xbccher \xff\x80\r\n", ""},
		"dots":                                {head + ".\r\n..\r\n.x\r\n", ""},
		"a line of 10,000 octets":             {head + strings.Repeat("x y", 3333) + "\r\n", ""},
		"fields that are there more often":    {"From: a@b.example\r\nFrom: b@b.example\r\nTo: x\r\nTo: y\r\nTo: z\r\n\r\nx\r\n", ""},
		"folded fields in whatever case":      {"FROM:a@b.example\r\nsubject:\r\n\t a \t\r\n  b\r\n \r\nTo:\r\n\r\nx\r\n", ""},
		"space before a colon":                {"From: a@b.example\r\nSubject \t: x\r\n\r\nx\r\n", ""},
		"unsubscribing in message and copy":   {oneClick + dinner, oneClick + "list-unsubscribe: <mailto:x@y.example>\r\nX-Other: 1\r\n"},
		"lines that are no field":             {"From: a@b.example\r\nno field\r\n\r\nx\r\n", ""},
		"a field that all have signed before": {"DKIM-Signature: v=1; a=rsa-sha256; d=other.example; s=x; h=from; bh=x; b=y\r\n" + dinner, oneClick},
	} {
		t.Run(name, func(t *testing.T) {
			got := sealed(t, []byte(c.raw), []byte(c.own))
			if err := holds(got, exampleKeys(t)...); err != nil {
				t.Errorf("%v:\n%s", err, got)
			}
			head, _, _ := bytes.Cut(got, []byte(c.own+c.raw))
			for line := range strings.Lines(string(head)) {
				if len(line) > 80 || !strings.HasSuffix(line, "\r\n") || strings.HasSuffix(line, " \r\n") {
					t.Errorf("line %q", line)
				}
			}
		})
	}
}

func TestSignBreaks(t *testing.T) {
	good := string(sealed(t, []byte(dinner), []byte(oneClick)))
	for name, c := range map[string]struct {
		old, with string
		holds     bool
	}{
		"another body":                        {"We lost", "We won", false},
		"more body":                           {"Joe.\r\n", "Joe.\r\nBuy!\r\n", false},
		"another subject":                     {"dinner ready", "lunch ready", false},
		"a second From on top":                {"DKIM-Signature: v=1; a=rsa", "From: evil@x.example\r\nDKIM-Signature: v=1; a=rsa", false},
		"a second From below":                 {"Message-ID:", "From: evil@x.example\r\nMessage-ID:", false},
		"a second Subject":                    {"From:", "Subject: Buy!\r\nFrom:", false},
		"a Reply-To where there was none":     {"From:", "Reply-To: evil@x.example\r\nFrom:", false},
		"a Content-Type where there was none": {"From:", "Content-Type: text/html\r\nFrom:", false},
		"another way to unsubscribe":          {"/u/T", "/u/U", false},
		"one more way to unsubscribe":         {"From:", "List-Unsubscribe: <https://evil.example>\r\nFrom:", false},
		"none":                                {oneClick, "", false},
		"a time that is not the one signed":   {"t=1528637909", "t=1528637910", false},
		"a field of the way":                  {"DKIM-Signature: v=1; a=rsa", "Return-Path: <x@y.example>\r\nReceived: by x.example\r\nDKIM-Signature: v=1; a=rsa", true},
		"another folding":                     {"Subject: Is dinner", "Subject:\r\n Is\r\n\tdinner", true},
		"empty lines at the end":              {"Joe.\r\n", "Joe.\r\n\r\n\r\n", true},
		"white space at the end of a line":    {"Hi.\r\n", "Hi. \t\r\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(good, c.old) {
				t.Fatalf("there is no %q", c.old)
			}
			got := []byte(strings.ReplaceAll(good, c.old, c.with))
			for _, k := range exampleKeys(t) { // each signature alone, since one that holds is enough for many
				other := "a=rsa"
				if k.rank() == 0 {
					other = "a=ed25519"
				}
				alone := append([]byte(nil), got...)
				at := bytes.Index(alone, []byte("DKIM-Signature: v=1; "+other))
				alone = append(alone[:at:at], append([]byte("X-"), alone[at:]...)...)
				if err := holds(alone, k); (err == nil) != c.holds {
					t.Errorf("%s: %v", k.algorithm(), err)
				}
			}
		})
	}
}

// TestSealOnce is that copies of one message differ in their own fields alone, and that goroutines may share a Seal.
func TestSealOnce(t *testing.T) {
	keys := exampleKeys(t)
	seal := NewSigner(keys).Seal("football.example.com", message.Pieces{[]byte(dinner)}, time.Unix(1, 0))
	var wg sync.WaitGroup
	heads := make([][]byte, 32)
	for i := range heads {
		wg.Go(func() {
			own := strings.ReplaceAll(oneClick, "/T", fmt.Sprintf("/%d", i%16))
			head, err := seal.Sign([]byte(own))
			if err == nil {
				err = holds([]byte(string(head)+own+dinner), keys...)
			}
			if err != nil {
				t.Error(err)
			}
			heads[i] = head
		})
	}
	wg.Wait()
	for i := range 16 {
		if !bytes.Equal(heads[i], heads[i+16]) {
			t.Errorf("the same copy is signed as\n%s\nand as\n%s", heads[i], heads[i+16])
		}
		if i > 0 && bytes.Equal(heads[i], heads[0]) {
			t.Error("two copies have the same signature")
		}
	}
}

func TestSignRefuses(t *testing.T) {
	seal := NewSigner(exampleKeys(t)).Seal("football.example.com", message.Pieces{[]byte(dinner)}, time.Unix(1, 0))
	for name, own := range map[string]string{
		"a field that the seal has signed": "X: y\r\nsubject: z\r\n",
		"even in old syntax":               "Subject : z\r\n",
		"no field":                         "x\r\n",
		"a field without end":              "X: y",
		"an empty line":                    "X: y\r\n\r\n",
		"a body":                           "X: y\r\n\r\nz\r\n",
		"the end of another field":         " x\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := seal.Sign([]byte(own)); err == nil || got != nil {
				t.Errorf("got %q", got)
			}
		})
	}
	odd := NewSigner([]SigningKey{{"x.example", "s", oddKey{}}}).Seal("x.example", message.Pieces{[]byte(dinner)}, time.Unix(1, 0))
	if got, err := odd.Sign(nil); err == nil || got != nil {
		t.Errorf("a key of no known kind made %q", got)
	}
}

// oddKey is a signer of a kind that DKIM does not have.
type oddKey struct{ crypto.Signer }

func (oddKey) Public() crypto.PublicKey { return "odd" }

func TestKeysFor(t *testing.T) {
	one, two, three := SigningKey{"Example.org", "a", ed25519Key(t)}, SigningKey{"example.org", "b", rsaKey(t)}, SigningKey{"lists.example.org", "c", rsaKey(t)}
	s := NewSigner([]SigningKey{one, two, three})
	for domain, want := range map[string]string{
		"example.org": "b a", "lists.example.org": "c", "LISTS.example.org": "c", "x.lists.example.org": "c", "www.example.org": "b a", "a.b.example.org": "b a",
		"badexample.org": "", "org": "", "": "", "example.org.": "", "example.com": "",
	} {
		var got []string
		for _, k := range s.keysFor(domain) {
			got = append(got, k.Selector)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q is signed with %v, want %q", domain, got, want)
		}
	}
	seal := s.Seal("www.example.org", message.Pieces{[]byte(dinner)}, time.Unix(1, 0))
	head, err := seal.Sign(nil)
	if err != nil || strings.Count(string(head), "d=example.org;") != 2 {
		t.Errorf("signed as %s: %v", head, err)
	}
	var none *Signer
	if seal := none.Seal("example.org", message.Pieces{[]byte(dinner)}, time.Unix(1, 0)); seal != nil {
		t.Error("no signer has keys")
	}
	if seal := s.Seal("example.com", message.Pieces{[]byte(dinner)}, time.Unix(1, 0)); seal != nil {
		t.Error("a key was found for a domain that has none")
	} else if head, err := seal.Sign([]byte(oneClick)); head != nil || err != nil {
		t.Errorf("no keys sign %q: %v", head, err)
	}
}

// TestSignRealMail signs every mail there is.
func TestSignRealMail(t *testing.T) {
	root, seen := shared(t, "corpora/mime"), 0
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		raw = crlf(raw)
		if !signable(raw) {
			return nil
		}
		seen++
		if err := holds(sealed(t, raw, []byte(oneClick)), exampleKeys(t)...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if seen < 500 {
		t.Errorf("only %d mails were signed", seen)
	}
}

// signable reports whether a message is one that the server lets in, and has a header that ends, so that a verifier sees the fields that we see.
func signable(raw []byte) bool {
	m := message.Parse(raw)
	return message.Guard(raw, message.Limits{HeaderFields: 1000}) == nil && m.Malformed == 0 && len(m.Fields) > 0 && bytes.Contains(raw, []byte("\r\n\r\n"))
}

func FuzzSeal(f *testing.F) {
	for _, seed := range []string{dinner, oneClick + dinner, "A:\r\n \r\n", "\r\n\r\n", "From: a\r\n\r\n a \t\r\n\r\n", "Subject : a\r\n\r\n\r"} {
		f.Add([]byte(seed), []byte(oneClick))
		f.Add([]byte(seed), []byte(nil))
	}
	key := SigningKey{"football.example.com", "brisbane", ed25519Key(f)}
	signer := NewSigner([]SigningKey{key})
	f.Fuzz(func(t *testing.T, raw, own []byte) {
		head, err := signer.Seal(key.Domain, message.Pieces{raw}, time.Unix(1, 0)).Sign(own)
		if err != nil || !signable(raw) || len(own) > 0 && message.Guard(own, message.Limits{}) != nil {
			return
		}
		copied := bytes.Join([][]byte{head, own, raw}, nil)
		if err := holds(copied, key); err != nil {
			t.Errorf("%v:\n%q", err, copied)
		}
	})
}
