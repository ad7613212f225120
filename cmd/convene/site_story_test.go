package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/store"
)

// TestARichSiteGoesElsewhere: the site of the demo, with what else a site has, is exported without a secret, taken in by an empty store whose lists have other numbers, and
// exported again: the same octets.
func TestARichSiteGoesElsewhere(t *testing.T) {
	demo := &program{dir: t.TempDir()}
	cmd := demo.command(nil, "demo", "--stay=false")
	cmd.Env = append(os.Environ(), "TMPDIR="+demo.dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	found, err := filepath.Glob(filepath.Join(demo.dir, "convene-demo-*", "convene.toml"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	was := &program{dir: filepath.Dir(found[0])}
	enrich(t, was.dir)
	secrets := secretsOf(t, was.dir)
	out := was.output(t, "export", "json")
	for _, kind := range []string{"list", "member", "ban", "topic", "node", "interest", "post", "held", "filed", "paper", "removal", "ruling", "address", "end"} {
		if n := bytes.Count(out, []byte(`"Kind":"`+kind+`"`)); n == 0 {
			t.Errorf("there is no %s in the export", kind)
		} else {
			t.Logf("%d of kind %s", n, kind)
		}
	}
	for _, s := range secrets {
		for _, form := range s.forms() {
			if bytes.Contains(out, form) {
				t.Errorf("%s is in the export, as %q", s.what, form)
			}
		}
	}
	t.Logf("%d secrets are not in %d octets", len(secrets), len(out))

	config, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	is := &program{dir: t.TempDir()}
	is.write(t, "convene.toml", strings.Replace(string(config), "[[list]]", "[[list]]\naddress = \"zeal@lists.example.org\"\n[[list]]", 1)) // so that the other is the second here
	is.write(t, "site.json", string(out))
	t.Log(is.run(t, "import", "json", "site.json"))
	if again := is.output(t, "export", "json"); !bytes.Equal(withoutZeal(again), out) {
		a, b := bytes.Split(out, []byte("\n")), bytes.Split(withoutZeal(again), []byte("\n"))
		for n := range min(len(a), len(b)) {
			if !bytes.Equal(a[n], b[n]) {
				t.Fatalf("line %d was\n%.500s\nand is\n%.500s", n+1, a[n], b[n])
			}
		}
		t.Errorf("%d lines, and %d", len(a), len(b))
	}
	if said := is.run(t, "verify"); !strings.Contains(said, "the store is good") {
		t.Error(said)
	}
	if left := is.run(t, "queue", "ls"); strings.Contains(left, "@") {
		t.Errorf("something goes out: %s", left)
	}
}

// output is what the program prints.
func (p *program) output(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := p.command(nil, args...)
	var faults bytes.Buffer
	cmd.Stderr = &faults
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, faults.Bytes())
	}
	return out
}

// withoutZeal is an export without the list that nobody is on.
func withoutZeal(out []byte) []byte {
	lines := bytes.SplitAfter(out, []byte("\n"))
	kept := slices.DeleteFunc(lines, func(l []byte) bool { return bytes.Contains(l, []byte(`"Address":"zeal@lists.example.org"`)) })
	all := bytes.Join(kept, nil)
	return regexp.MustCompile(`"Lines":[0-9]+`).ReplaceAll(all, fmt.Appendf(nil, `"Lines":%d`, len(kept)-2))
}

// enrich gives a site what the demo has not: what was put down in a store that no other part of it holds open.
func enrich(t *testing.T, dir string) {
	t.Helper()
	db, err := store.Open(filepath.Join(dir, "data"), store.Options{Existing: true})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 20, 9, 0, 0, 0, time.UTC)
	file := strings.ReplaceAll("From: Sadia <sadia@example.org>\nSubject: A plan\nMessage-ID: <plan@x>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee.\n--b\n"+
		"Content-Type: application/pdf; name=plan.pdf\nContent-Disposition: attachment; filename=plan.pdf\n\nPDF\n--b--\n", "\n", "\r\n")
	err = db.KeepAll([][]byte{[]byte(file), []byte(file)}, func(tx list.Tx, refs []list.Ref) error {
		var some []list.Member
		err := tx.Members(1, func(m list.Member) error { some = append(some, m); return nil })
		for i := range some {
			m := &some[i]
			m.Mode = []list.Mode{list.ModeEach, list.ModeDigest, list.ModeSummary, list.ModeSpecial, list.ModeNoMail}[i%5]
			m.State = []list.State{list.Active, list.Paused, list.Bouncing, list.Disabled}[i%4]
			m.Follow, m.NoDuplicates, m.MaxSize, m.Others = i%2 == 0, i%3 == 0, int64(i), []string{fmt.Sprintf("other%d@example.net", i)}
			_, err2 := tx.PutMember(*m)
			err = errors.Join(err, err2, tx.PutInterest(1, 1, m.Number, list.Followed), tx.PutPaper(1, fmt.Sprintf("imap/seen/%d", m.Number), []byte{1, byte(i), 0xff}))
			for n, purpose := range []list.Purpose{list.ForMailbox, list.ForSession, list.ForFeed, list.ForHeld} {
				s := list.Secret{Hash: sha256.Sum256(fmt.Appendf(nil, "%d %d", i, n)), Purpose: purpose, List: 1, Address: m.Address, Subject: uint64(m.Number), Expires: now.AddDate(1, 0, 0)}
				err = errors.Join(err, tx.PutSecret(s))
			}
		}
		p, err3 := tx.Post(1, 1)
		post := list.Post{List: 1, MessageID: "plan@x", From: "sadia@example.org", Subject: "A plan", Topic: p.Topic, Accepted: now, Arrived: now, Date: now, Ref: refs[0]}
		waits := post
		waits.MessageID, waits.Ref = "waits@x", refs[1]
		post, err4 := tx.PutPost(post)
		p.Removed = now
		_, err5 := tx.PutPost(p)
		_, err6 := tx.PutRemoval(list.Removal{List: 1, Post: 1, UID: 1, At: now, By: "amina@example.org", Reason: "asked"})
		_, err7 := tx.PutHeld(list.Held{Post: waits, Expires: now.AddDate(0, 0, 5)})
		decided, err8 := tx.PutHeld(list.Held{Post: waits, Expires: now.AddDate(0, 0, 5)})
		err9 := errors.Join(tx.DeleteHeld(decided.ID), tx.PutRuling(list.Ruling{Held: decided.ID, List: 1, What: list.RuledApproved, By: "amina@example.org", At: now, From: "x@example.net", Expires: now.AddDate(0, 1, 0)}))
		return errors.Join(err, err3, err4, err5, err6, err7, err8, err9, tx.PutFiled(list.Filed{List: 1, Post: post.Number, Files: []list.File{{Index: 1, Name: "plan.pdf", Media: "application/pdf", Size: 3}}}),
			tx.PutBan(list.Ban{List: 1, Pattern: "*@spam.example", At: now}), tx.PutBan(list.Ban{Pattern: "all@spam.example", At: now}),
			tx.PutAddressState(list.AddressState{Address: some[2].Address, State: list.Bouncing, List: 1, Since: now, Due: now, Probes: []list.Probe{{Sent: now, List: 1, Member: some[2].Number, Outgoing: 7}},
				Days: []list.BounceDay{{Day: now.Truncate(24 * time.Hour), List: 1}}, Complaints: []uint32{1}}))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// secretOctets are something that no export may have.
type secretOctets struct {
	what   string
	octets []byte
}

// forms are the octets in every way in which they could stand in a line of JSON.
func (s secretOctets) forms() (all [][]byte) {
	all = append(all, s.octets, []byte(hex.EncodeToString(s.octets)), []byte(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(s.octets)),
		[]byte(strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(s.octets))))
	for shift := range 3 { // within something longer that is in base64, it begins at any of three places
		in := base64.StdEncoding.EncodeToString(append(make([]byte, shift), s.octets...))
		all = append(all, []byte(strings.TrimRight(in, "=")[4:len(in)-4]))
	}
	url := base64.RawURLEncoding.EncodeToString(s.octets)
	return append(all, []byte(url))
}

// secretsOf are the keys and hashes of a store, and the tokens in the mails that went out.
func secretsOf(t *testing.T, dir string) (all []secretOctets) {
	t.Helper()
	db, err := store.Open(filepath.Join(dir, "data"), store.Options{Existing: true})
	if err != nil {
		t.Fatal(err)
	}
	hashes := 0
	err = db.View(func(r list.Reader) error {
		keys, err := r.MarkKeys()
		for _, k := range keys {
			all = append(all, secretOctets{"a key", k.Secret[:]})
		}
		for id := range uint32(2) {
			for _, purpose := range []list.Purpose{list.ForHeld, list.ForConfirm, list.ForMailbox, list.ForSession, list.ForSignIn, list.ForFeed, list.ForPosts, list.ForProbe, list.ForDraft, list.ForPlan, list.ForRSVP, list.ForInvite, list.ForAlso, list.ForBack} {
				err = errors.Join(err, r.SecretsFor(id, purpose, func(s list.Secret) error {
					hashes++
					all = append(all, secretOctets{"a hash for " + string(purpose), bytes.Clone(s.Hash[:])})
					return nil
				}))
			}
		}
		return err
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	mails, err := filepath.Glob(filepath.Join(dir, "sent", "new", "*"))
	if err != nil {
		t.Fatal(err)
	}
	token := regexp.MustCompile(`(?:/u/|/c/|/feed-|imap-|[+-](?:confirm|leave|bounce|held|draft|plan|rsvp|unsubscribe)[+-])([a-z2-7]{26})\b`)
	known := map[string]bool{}
	for _, m := range mails {
		b, err := os.ReadFile(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range token.FindAllSubmatch(b, -1) {
			if !known[string(g[1])] && len(known) < 300 {
				known[string(g[1])] = true
				all = append(all, secretOctets{"a token of " + filepath.Base(m), g[1]})
			}
		}
	}
	if hashes < 100 || len(known) < 100 {
		t.Errorf("%d hashes and %d tokens to look for", hashes, len(known))
	}
	return all
}
