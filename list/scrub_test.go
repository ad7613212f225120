package list_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

// leaks are the ways in which a member's own addresses come back to a list. LEAVE and BOUNCE stand for the tokens, OTHER for a post on another
// list of the site; sealed ones cannot be overwritten.
var leaks = map[string]struct {
	header, body string
	sealed       bool
}{
	"a reply to all with the header quoted": {"", "> List-Unsubscribe: <https://lists.example.org/u/LEAVE>,\r\n>  <mailto:peers+leave-LEAVE@lists.example.org?subject=unsubscribe>\r\nlooks fine", false},
	"among the recipients":                  {"Cc: \"peers+leave-LEAVE@lists.example.org\" <peers+bounce-BOUNCE@lists.example.org>", "", false},
	"in the subject and the references":     {"References: <peers+leave-LEAVE@lists.example.org>\r\nX-Subject: Re: peers+bounce-BOUNCE@lists.example.org", "", false},
	"in a name in base64":                   {"Cc: =?utf-8?b?" + "B64(peers+leave-LEAVE@lists.example.org)" + "?= <a@x.example>", "", false},
	"in capitals":                           {"", "PEERS+LEAVE-LEAVE^@LISTS.EXAMPLE.ORG and peers+bounce-BOUNCE^@lists.example.org", false},
	"in a link within a link":               {"", "https://safe.example/?url=https%3A%2F%2Flists.example.org%2Fu%2FLEAVE&x=y mailto:peers%2Bbounce-BOUNCE%40lists.example.org", false},
	"with lines broken by its encoding": {"MIME-Version: 1.0\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable",
		"=3Chttps://lists.example.org/u/SPLIT(LEAVE)=3E peers=2Bbounce=2DSPLIT(BOUNCE)=40lists.example.org", false},
	"as an attached message": {"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b",
		"--b\r\n\r\nlook\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nReturn-Path: <peers+bounce-BOUNCE@lists.example.org>\r\nList-Unsubscribe: <mailto:peers+leave-LEAVE@lists.example.org>\r\n\r\nx\r\n--b--", false},
	"as an attached message in base64": {"MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64",
		"B64(Subject: peers+leave-LEAVE@lists.example.org\r\n\r\nReturn-Path: peers+bounce-BOUNCE@lists.example.org\r\n)", false},
	"without its domain": {"", "write to peers+bounce-BOUNCE, or go to lists.example.org/u/LEAVE.", false},
	"in what is signed": {"MIME-Version: 1.0\r\nContent-Type: multipart/signed; boundary=s",
		"--s\r\n\r\nhttps://lists.example.org/u/LEAVE\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--s--", true},
}

// leak writes the tokens into the text of a leak.
func leak(text, leave, bounce string) string {
	text = strings.NewReplacer("-LEAVE^", "-"+strings.ToUpper(leave), "BOUNCE^", strings.ToUpper(bounce), "SPLIT(LEAVE)", leave[:9]+"=\r\n"+leave[9:],
		"SPLIT(BOUNCE)", fmt.Sprintf("%s=%02X%s", bounce[:20], bounce[20], bounce[21:]), "u/LEAVE", "u/"+leave, "2FLEAVE", "2F"+leave,
		"-LEAVE", "-"+leave, "BOUNCE@", bounce+"@", "BOUNCE%", bounce+"%", "BOUNCE,", bounce+",").Replace(text)
	if before, rest, ok := strings.Cut(text, "B64("); ok {
		inner, after, _ := strings.Cut(rest, ")")
		text = before + base64.StdEncoding.EncodeToString([]byte(inner)) + after
	}
	return text
}

// holds reports whether anything that can be read out of b has the token.
func holds(b []byte, token string) (found bool) {
	look := func(text []byte, _ bool) []message.Range {
		found = found || bytes.Contains(bytes.ToLower(text), []byte(token))
		return nil
	}
	message.NewRedactor(b).Look(look)
	return found || bytes.Contains(b, []byte(base64.StdEncoding.EncodeToString([]byte(token))[:32]))
}

func TestLeakedMarksAreOverwrittenAndRevoked(t *testing.T) {
	for name, c := range leaks {
		t.Run(name, func(t *testing.T) {
			s := posted(t)
			log := s.logged()
			path, leave := s.personal(t, 1, "bob@y.example")
			bounce, _, _ := strings.Cut(strings.TrimPrefix(path, "peers+bounce-"), "@")
			_, kept := s.personal(t, 1, "ann@x.example")
			raw := mail("ann@x.example", "2@x", "Two")
			if c.header != "" {
				raw = mail("ann@x.example", "2@x", "Two", leak(c.header, leave, bounce))
			}
			raw = append(raw[:len(raw)-len("Hello.\r\n")], leak(c.body, leave, bounce)+"\r\n"...)
			if !holds(raw, leave) && !holds(raw, bounce) {
				t.Fatalf("the test leaks nothing:\n%s", raw)
			}
			receipt, err := s.receive(raw)
			if want := map[bool]string{true: "hold", false: "accept"}[c.sealed]; err != nil || receipt.Action != want {
				t.Fatalf("%+v, %v; want %s", receipt, err, want)
			}
			for _, old := range []string{path, "peers+leave-" + leave + "@lists.example.org"} {
				if _, err := s.Route(old); reason(err) != list.NoSuchAddress {
					t.Errorf("%s is still good: %v", old, err)
				}
			}
			if _, err := s.Leaving(leave); !errors.Is(err, list.ErrNotFound) {
				t.Errorf("the link is still good: %v", err)
			}
			if _, err := s.Leaving(kept); err != nil {
				t.Errorf("another member's link: %v", err)
			}
			if m, err := s.Member("peers@lists.example.org", "bob@y.example"); err != nil || m.Generation != 1 {
				t.Errorf("generation %d, want one more however many leaked (%v)", m.Generation, err)
			}
			if fresh, link := s.personal(t, 2, "bob@y.example"); link == leave {
				t.Error("the next copy has the old link")
			} else if got, err := s.Leaving(link); err != nil || got.Member != "bob@y.example" || fresh == path {
				t.Errorf("the fresh link: %+v, %v", got, err)
			}
			if text := strings.ToLower(log.String()); !strings.Contains(text, "marks revoked") || strings.Contains(text, leave) || strings.Contains(text, bounce) {
				t.Errorf("logged %s", log)
			}
			if c.sealed {
				return
			}
			s.nowhere(t, leave, bounce)
			f, err := s.Explain("2@x")
			if err != nil || !strings.Contains(fmt.Sprint(f[0].Trace), "overwrote") {
				t.Errorf("explained: %v, %v", f, err)
			}
			if again, err := s.receive(raw); err != nil || again.Action != "discard" {
				t.Errorf("the same again: %+v, %v", again, err)
			}
		})
	}
}

// nowhere checks that no post and no copy has any of these tokens.
func (s *site) nowhere(t *testing.T, tokens ...string) {
	t.Helper()
	var refs []list.Ref
	err := s.db.View(func(r list.Reader) error {
		return r.Posts(1, 0, func(p list.Post) error {
			refs = append(refs, p.Ref)
			for _, token := range tokens {
				if strings.Contains(strings.ToLower(fmt.Sprintf("%+v", p)), token) {
					t.Errorf("a token is in %+v", p)
				}
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range refs {
		raw, err := s.db.Raw(ref)
		if err != nil {
			t.Fatal(err)
		}
		pieces, _ := list.Transform(list.PostSteps(), raw, list.Style{List: "peers@lists.example.org"}, list.Form{})
		copy := pieces.Bytes()
		for _, token := range tokens {
			if holds(raw, token) || holds(copy, token) {
				t.Errorf("a token is in the archive:\n%s", raw)
			}
		}
	}
}

// TestWhatOnlyLooksLikeAMarkStays: an octet more is changed than has to be.
func TestWhatOnlyLooksLikeAMarkStays(t *testing.T) {
	s := posted(t)
	_, leave := s.personal(t, 1, "bob@y.example")
	wrong := []byte(leave)
	wrong[12] ^= 1
	raw := mail("ann@x.example", "2@x", "Two", "X-A: peers+leave-abcdefghijklmnopqrstuvwxyz@lists.example.org", "X-B: peers+bounce-"+leave+"@lists.example.org",
		"X-C: https://lists.example.org/u/"+strings.Repeat("7", 26)+" /u/ leave- bounce-abc %2f /u/"+leave[:25])
	if receipt, err := s.receive(raw); err != nil || receipt.Action != "accept" {
		t.Fatal(receipt, err)
	}
	if _, err := s.Leaving(leave); err != nil {
		t.Errorf("revoked: %v", err)
	}
	err := s.db.View(func(r list.Reader) error {
		p, err := r.Post(1, 2)
		if err == nil && int(p.Ref.Length) != len(raw) {
			t.Error("another length")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.raw(t, 2); !bytes.Equal(got, raw) {
		t.Errorf("stored\n%s", got)
	}
}

func (s *site) raw(t *testing.T, post uint32) []byte {
	t.Helper()
	var ref list.Ref
	err := s.db.View(func(r list.Reader) error { p, err := r.Post(1, post); ref = p.Ref; return err })
	if err != nil {
		t.Fatal(err)
	}
	raw, err := s.db.Raw(ref)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestLeakInAHeldPost: what waits for a moderator is clean already, and goes out under the Message-ID that it was given at first.
func TestLeakInAHeldPost(t *testing.T) {
	s := newSite(t, func(l *list.List) { l.HoldAll = true })
	s.members(t, "ann@x.example")
	_, leave := s.personal(t, 1, "ann@x.example")
	raw := []byte("From: ann@x.example\r\nTo: peers@lists.example.org\r\nSubject: /u/" + leave + "\r\n\r\nHello.\r\n")
	seen, err := s.Foresee(context.Background(), "peers@lists.example.org", &list.Incoming{Raw: raw, Envelope: list.Envelope{From: "ann@x.example", Received: s.now}})
	if err != nil || !strings.Contains(fmt.Sprint(seen.Trace), "overwrote 1") {
		t.Errorf("foreseen %+v, %v", seen, err)
	}
	if _, err := s.Leaving(leave); err != nil {
		t.Fatalf("foreseeing revoked it: %v", err)
	}
	if receipt, err := s.receive(raw); err != nil || receipt.Action != "hold" {
		t.Fatal(receipt, err)
	}
	h, err := s.HeldPost(1)
	if err != nil || h.Subject != "/u/"+strings.Repeat("x", 26) || h.MessageID != seen.MessageID {
		t.Errorf("held %+v, %v; want %s", h, err, seen.MessageID)
	}
	if again, err := s.receive(raw); err != nil || again.Action != "discard" {
		t.Errorf("the same again: %+v, %v", again, err)
	}
	p, err := s.Approve(context.Background(), 1, "amina@example.org", false)
	if err != nil || p.MessageID != h.MessageID {
		t.Fatal(p.MessageID, err)
	}
	c, ok, err := s.db.Claim(s.now, func(d string) string { return d }, func(string) bool { return true }, 9)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	b, err := s.CopyBytes(c.Out)
	if err != nil || message.Parse(b).MessageID() != h.MessageID || holds(b, leave) {
		t.Errorf("%v\n%s", err, b)
	}
}

// TestLeakFromAnotherList: a mark counts whichever list it is of.
func TestLeakFromAnotherList(t *testing.T) {
	s := posted(t)
	conf := *s.Site()
	conf.Lists = append(conf.Lists, &list.List{Address: "news@lists.example.org", Owners: []string{"amina@example.org"}})
	if err := s.Configure(list.NewSite(conf)); err != nil {
		t.Fatal(err)
	}
	if err := s.AddMembers("news@lists.example.org", []list.Member{{Address: "cid@z.example"}, {Address: "dan@z.example"}}); err != nil {
		t.Fatal(err)
	}
	err := s.db.Update(func(tx list.Tx) error { _, err := tx.PutPost(list.Post{List: 2, MessageID: "n@x"}); return err })
	if err != nil {
		t.Fatal(err)
	}
	own := func(number uint32) list.Personal {
		p, err := s.Personal(&list.Outgoing{List: 2, Post: 1, Accepted: s.now, Style: list.Style{List: "news@lists.example.org"}}, &list.Copy{Number: number})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	cid, dan := own(1), own(2)
	if _, err := s.receive(mail("ann@x.example", "2@x", "Two", "X-Path: "+strings.NewReplacer("+", "%2B", "@", "%40").Replace(cid.ReturnPath), "X-Also: "+strings.TrimSpace(string(dan.Fields)))); err != nil {
		t.Fatal(err)
	}
	for _, m := range []string{"cid@z.example", "dan@z.example"} {
		if got, err := s.Member("news@lists.example.org", m); err != nil || got.Generation != 1 {
			t.Errorf("%s: %+v, %v", m, got, err)
		}
	}
	if _, token, _ := strings.Cut(cid.ReturnPath, "-"); strings.Contains(string(s.raw(t, 2)), token[:26]) {
		t.Errorf("stored\n%s", s.raw(t, 2))
	}
}

// TestMoreThanAnybodyQuotes: a post of nothing but what may be tokens costs little and waits for a moderator.
func TestMoreThanAnybodyQuotes(t *testing.T) {
	s := posted(t)
	var b strings.Builder
	for i := range 12_000 {
		fmt.Fprintf(&b, "/u/%s%s\r\n", strings.Repeat("a", 20), strings.NewReplacer("0", "z", "1", "y", "8", "x", "9", "w").Replace(fmt.Sprintf("%06d", i)))
	}
	if receipt, err := s.receive(append(mail("ann@x.example", "2@x", "Two"), b.String()...)); err != nil || receipt.Action != "hold" {
		t.Fatal(receipt, err)
	}
	if h, err := s.HeldPost(1); err != nil || !strings.Contains(fmt.Sprint(h.Reasons), "marks: it has more than 10000 things") {
		t.Errorf("held %v, %v", h.Reasons, err)
	}
}

// TestSharedCopiesHaveNoMarks: where copies are not personal, no member can be told from one.
func TestSharedCopiesHaveNoMarks(t *testing.T) {
	for _, personal := range []bool{false, true} {
		s := newSite(t, nil)
		conf := *s.config(nil)
		conf.Personalise, conf.BaseURL = personal, "https://lists.example.org"
		if err := s.Configure(list.NewSite(conf)); err != nil {
			t.Fatal(err)
		}
		s.members(t, "ann@x.example")
		if _, err := s.receive(mail("ann@x.example", "1@x", "One")); err != nil {
			t.Fatal(err)
		}
		c, ok, err := s.db.Claim(s.now, func(d string) string { return d }, func(string) bool { return true }, 9)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		b, err := s.CopyBytes(c.Out)
		way := "<mailto:peers+unsubscribe@lists.example.org?subject=unsubscribe>"
		if personal { // theirs is put in for each
			way = ""
		}
		if err != nil || message.Parse(b).Get("List-Unsubscribe") != way || message.Parse(b).Count("List-Unsubscribe-Post") != 0 || c.Out.Personal() != personal || c.Out.ReturnPath != "peers+bounce@lists.example.org" {
			t.Errorf("personalise %v: %+v, %v\n%s", personal, c.Out, err, b)
		}
	}
}

func TestHideTokens(t *testing.T) {
	const token = "abcdefghijklmnopqrstuvwxyz"
	for in, want := range map[string]string{
		"550 no such user <bob@a.example>":                           "550 no such user <bob@a.example>",
		"550 <L+Bounce-" + strings.ToUpper(token) + "@l.example> no": "550 <L+Bounce-xxxxxxxxxxxxxxxxxxxxxxxxxx@l.example> no",
		"554 https://l.example/u/" + token + " and l+leave-" + token: "554 https://l.example/u/xxxxxxxxxxxxxxxxxxxxxxxxxx and l+leave-xxxxxxxxxxxxxxxxxxxxxxxxxx",
		"554 https%3A%2F%2Fl.example%2Fu%2F" + token:                 "554 https%3A%2F%2Fl.example%2Fu%2Fxxxxxxxxxxxxxxxxxxxxxxxxxx",
		"250 queued as " + token:                                     "250 queued as " + token,
	} {
		if got := list.HideTokens(in); got != want {
			t.Errorf("%q\nbecame %q\nwant   %q", in, got, want)
		}
	}
}
