package mailer

import (
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
)

// arcKey is one of the example keys, as that of a list's domain.
func arcKey(t testing.TB, domain string) SigningKey {
	return SigningKey{Domain: domain, Selector: "test", Key: rsaKey(t)}
}

// arcZone publishes the keys of two list servers.
func arcZone(t testing.TB) *zone {
	z := &zone{records: map[string][]string{}}
	for _, domain := range []string{"lists.example.org", "first.example"} {
		k := arcKey(t, domain)
		z.records["TXT "+k.RecordName()] = []string{k.Record()}
	}
	return z
}

// passedOn is a message as a list server of domain hands it to a member, sealed, once it has looked at what came. own are the fields of a copy of
// one member's own; nil: the copy is shared.
func passedOn(t testing.TB, domain string, raw, own []byte) []byte {
	t.Helper()
	a := &Authenticator{Resolver: arcZone(t), Hostname: "mx." + domain, ARC: true}
	key := arcKey(t, domain)
	style := list.Style{Personal: own != nil, Signing: []string{key.RecordName()}, Sealing: []string{key.RecordName()},
		Results: a.Check(t.Context(), &list.Envelope{From: "ann@author.example"}, message.Parse(raw), nil).Results}
	return copyOf(t, domain, append([]byte("Received: from x by mx."+domain+" with ESMTP id 1;\r\n Mon, 02 Mar 2026 09:00:00 +0000\r\n"), raw...), own, style)
}

// copyOf is a whole copy of what the engine has made of a post.
func copyOf(t testing.TB, domain string, raw, own []byte, style list.Style) []byte {
	t.Helper()
	c := &contents{source: fixedSource(raw)}
	out := list.Outgoing{ID: 1, Post: 1, Address: "dev@" + domain, Style: style, Accepted: time.Unix(1528637909, 0)}
	made, err := c.make(&out, &settings{Delivery: Delivery{Hostname: "mx." + domain, Signer: NewSigner([]SigningKey{arcKey(t, domain)})}}, form{})
	if err != nil {
		t.Fatal(err)
	}
	head := made.head
	if own != nil {
		signatures, err := made.seal.Sign(own)
		if err != nil {
			t.Fatal(err)
		}
		head = bytes.Join([][]byte{made.trace, own, signatures}, nil)
	}
	return append(bytes.Clone(head), made.content.Message().Bytes()...)
}

func cv(t testing.TB, raw []byte) list.Result {
	r, err := (&Authenticator{Resolver: arcZone(t)}).CheckARC(context.Background(), message.Parse(raw))
	if r == list.Fail {
		t.Logf("chain: %v", err)
	}
	return r
}

// chains are what a list hands on, by what came to it.
func chains(t testing.TB) map[string][]byte {
	mine, once := []byte(oneClick), passedOn(t, "first.example", []byte(dinner), nil)
	return map[string][]byte{
		"a first set":                            passedOn(t, "lists.example.org", []byte(dinner), nil),
		"a first set on a copy of one's own":     passedOn(t, "lists.example.org", []byte(dinner), mine),
		"a second set":                           passedOn(t, "lists.example.org", once, nil),
		"a second set on a copy of one's own":    passedOn(t, "lists.example.org", once, mine),
		"a second set over a chain that broke":   passedOn(t, "lists.example.org", append(bytes.Clone(once), "More.\r\n"...), nil),
		"a chain that was sealed as broken":      passedOn(t, "first.example", passedOn(t, "lists.example.org", append(bytes.Clone(once), "More.\r\n"...), nil), nil),
		"a set whose other half somebody lost":   passedOn(t, "lists.example.org", bytes.Replace(once, []byte("ARC-Seal:"), []byte("X-Seal:"), 1), nil),
		"a set, and a subject that was tampered": bytes.Replace(passedOn(t, "lists.example.org", []byte(dinner), nil), []byte("Subject:"), []byte("Subject: Buy!"), 1),
	}
}

func TestSealing(t *testing.T) {
	all := chains(t)
	for name, want := range map[string]struct {
		cv    list.Result
		seals int
		says  string // of the uppermost seal
	}{
		"a first set":                            {list.Pass, 1, "cv=none"},
		"a first set on a copy of one's own":     {list.Pass, 1, "cv=none"},
		"a second set":                           {list.Pass, 2, "cv=pass"},
		"a second set on a copy of one's own":    {list.Pass, 2, "cv=pass"},
		"a second set over a chain that broke":   {list.Fail, 2, "cv=fail"},
		"a chain that was sealed as broken":      {list.Fail, 2, "cv=fail"},
		"a set whose other half somebody lost":   {list.Fail, 1, "cv=fail"},
		"a set, and a subject that was tampered": {list.Fail, 1, "cv=none"},
	} {
		m := message.Parse(all[name])
		if got := cv(t, m.Raw); got != want.cv {
			t.Errorf("%s is %s, want %s:\n%s", name, got, want.cv, m.Raw)
		}
		if n := m.Count("ARC-Seal"); n != want.seals || !strings.Contains(m.Get("ARC-Seal"), want.says) {
			t.Errorf("%s has %d seals, the last %q; want %d and %s", name, n, m.Get("ARC-Seal"), want.seals, want.says)
		}
	}
	results := message.Parse(all["a second set"]).Values("ARC-Authentication-Results")
	if want := "i=2; mx.lists.example.org; spf=none smtp.mailfrom=author.example; dkim=pass header.d=first.example; dmarc=none header.from=football.example.com; arc=pass"; len(results) != 2 ||
		strings.Join(strings.Fields(results[0]), " ") != want {
		t.Errorf("the results are %q, want %s", results, want)
	}
	for field := range strings.SplitSeq(message.Parse(all["a second set"]).Get("ARC-Message-Signature"), ":") {
		if strings.HasPrefix(strings.TrimSpace(field), "arc-") {
			t.Errorf("the message signature covers %s", field)
		}
	}
}

// TestSealOfABrokenChainSignsItselfAlone holds the last seal of a broken chain against its set, without the sets before.
func TestSealOfABrokenChainSignsItselfAlone(t *testing.T) {
	m := message.Parse(chains(t)["a second set over a chain that broke"])
	chain, err := arcChain(m)
	if err != nil || len(chain) != 2 {
		t.Fatalf("%d sets, %v", len(chain), err)
	}
	keys := &keyring{resolver: arcZone(t)}
	if err := keys.verify(context.Background(), chain[1].sealTags, sealSigned(m.Raw, chain[1:])); err != nil {
		t.Error(err)
	}
}

// TestSealingChangesNothingElse compares a copy with the one of a list that does not seal, which leaves the sets of others as they came.
func TestSealingChangesNothingElse(t *testing.T) {
	raw := passedOn(t, "first.example", []byte(dinner), nil)
	key := arcKey(t, "lists.example.org").RecordName()
	for _, own := range [][]byte{nil, []byte(oneClick)} {
		plain := copyOf(t, "lists.example.org", raw, own, list.Style{Personal: own != nil, Signing: []string{key}, Results: "mx; arc=pass"})
		sealed := copyOf(t, "lists.example.org", raw, own, list.Style{Personal: own != nil, Signing: []string{key}, Sealing: []string{key}, Results: "mx; arc=pass"})
		m := message.Parse(sealed)
		if len(m.Fields) < 3 || !bytes.Equal(sealed[m.Fields[2].End:], plain) {
			t.Errorf("with a seal:\n%s\nwithout:\n%s", sealed, plain)
		}
		if message.Parse(plain).Count("ARC-Seal") != 1 {
			t.Errorf("the chain that came is gone:\n%s", plain)
		}
	}
}

func TestResultsAreAskedForOnlyToSeal(t *testing.T) {
	raw := passedOn(t, "first.example", []byte(dinner), nil)
	env := &list.Envelope{From: "ann@author.example"}
	z := arcZone(t)
	if got := (&Authenticator{Resolver: z}).Check(context.Background(), env, message.Parse(bytes.ReplaceAll(raw, []byte("DKIM-Sig"), []byte("X-Sig"))), nil); got.Results != "" {
		t.Errorf("results without a seal: %s", got.Results)
	}
	for _, name := range z.asked {
		if strings.Contains(name, "_domainkey") {
			t.Errorf("asked for %s", name)
		}
	}
	for name := range z.records {
		z.records[name] = []string{"SERVFAIL"}
	}
	if got := (&Authenticator{Resolver: z, ARC: true}).Check(context.Background(), env, message.Parse(raw), nil); got.Results != "" {
		t.Errorf("without DNS: %s", got.Results)
	}
}

// verifyChains prints what dkimpy finds of the chain of each message. None is its word for a chain that a seal says is broken.
const verifyChains = `
import base64, dkim, json, sys
task = json.load(sys.stdin)
def txt(name, timeout=5):
    return task["records"].get(name.decode().rstrip("."), "").encode()
print(json.dumps([(dkim.arc_verify(base64.b64decode(m), dnsfunc=txt)[0] or b"fail").decode() for m in task["messages"]]))
`

// TestDkimpyAgreesOnChains has each chain validated by dkimpy (Debian: python3-dkim).
func TestDkimpyAgreesOnChains(t *testing.T) {
	python := ""
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import dkim").Run() == nil {
			python = name
			break
		}
	}
	if python == "" {
		t.Skip("no python3 with dkim")
	}
	var messages [][]byte
	var names, want, got []string
	for name, raw := range chains(t) {
		messages, names, want = append(messages, raw), append(names, name), append(want, string(cv(t, raw)))
	}
	records := map[string]string{}
	for name, texts := range arcZone(t).records {
		records[strings.TrimPrefix(name, "TXT ")] = texts[0]
	}
	task, err := json.Marshal(map[string]any{"messages": messages, "records": records})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-c", verifyChains)
	cmd.Stdin = bytes.NewReader(task)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := json.Unmarshal(out, &got); err != nil || len(got) != len(want) {
		t.Fatalf("%v: %s", err, out)
	}
	for i := range names {
		if got[i] != want[i] {
			t.Errorf("%s: dkimpy says %s, and we say %s", names[i], got[i], want[i])
		}
	}
}

func FuzzARC(f *testing.F) {
	for _, raw := range chains(f) {
		f.Add(raw)
	}
	a := &Authenticator{Resolver: arcZone(f)}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := message.Parse(raw)
		if r, err := a.CheckARC(context.Background(), m); (r == list.Fail || r == list.TempError) == (err == nil) {
			t.Errorf("%s, %v", r, err)
		}
		if _, last, open := arcBefore(m); last > maxInstances || open && last == maxInstances {
			t.Errorf("instance %d, open %v", last, open)
		}
	})
}
