package mailer

import (
	"bufio"
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

// readReturned reads a mail of a corpus. Those that say nothing about their return path, or that a program stands in it, had none.
func readReturned(t testing.TB, path string) (*message.Message, list.BounceReport) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m := message.Parse(raw)
	path = strings.ToLower(strings.Trim(m.Get("Return-Path"), "<> "))
	null := path == "" || strings.HasPrefix(path, "mailer-daemon")
	return m, ReadBounce(m, null)
}

// expected is one line of the expectations of sisimai/set-of-emails: what that project thinks.
type expected struct {
	status, reason string
	hard           bool
}

func sisimai(t testing.TB) (root string, files []string, want map[string][]expected) {
	root = shared(t, "corpora/bounces/sisimai+set-of-emails")
	f, err := os.Open(filepath.Join(root, "expected.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want = make(map[string][]expected)
	for s := bufio.NewScanner(f); s.Scan(); {
		col := strings.Split(s.Text(), "\t")
		if len(col) < 8 || col[0] == "file" {
			continue
		}
		if want[col[0]] == nil {
			files = append(files, col[0])
		}
		want[col[0]] = append(want[col[0]], expected{col[2], col[4], col[5] == "true"})
	}
	return root, files, want
}

// failures are the events of a report that say that something failed.
func failures(r list.BounceReport) []list.BounceEvent {
	return slices.DeleteFunc(slices.Clone(r.Events), func(e list.BounceEvent) bool { return e.Class == list.ClassNone })
}

// delaysTaken are reports that say that delivery goes on; that project calls them expired. They name no failure here.
var delaysTaken = []string{"lhost-gmail-09", "lhost-gmail-17", "lhost-opensmtpd-12", "lhost-outlook-06", "lhost-sendmail-29", "lhost-sendmail-55", "rfc3464-07",
	"rfc3464-34", "rhost-gsuite-06"}

// differences count, by that project's reason, where the two disagree whether an address is dead. It keeps its hard bounces to few reasons:
// "filtered" and "suspend" are 5.2.1, and servers that say "user unknown" or "disabled" but may not mean it; here a member is asked by a probe
// before anything is final, and what is said is believed. The other way round: 4.1.1 never is final here; 5.7.1 is the sender's affair whatever
// stands behind it; 5.4.4 and 5.3.2 may be mended; and "rejected" without any reason (two of the four of "userunknown") proves nothing.
var differences = map[string]int{"filtered hard=true": 18, "suspend hard=true": 8, "mailererror hard=true": 1, "rejected hard=true": 1,
	"userunknown hard=false": 4, "notaccept hard=false": 3}

// TestSisimai measures against what another project makes of its own collection.
func TestSisimai(t *testing.T) {
	root, files, want := sisimai(t)
	got := make(map[string]int)
	var events, named, status, statusKnown, wrongCount, notFailures int
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".eml")
		_, r := readReturned(t, filepath.Join(root, file))
		fails := failures(r)
		reason := want[file][0].reason
		if reason == "feedback" || reason == "vacation" || reason == "delivered" || slices.Contains(delaysTaken, name) {
			notFailures++
			if len(fails) > 0 || r.Kind == list.BounceFailure {
				t.Errorf("%s: a failure of what is none: %s", name, brief(r))
			}
			if slices.Contains(delaysTaken, name) && r.Kind != list.BounceDelay || reason == "vacation" && r.Kind != list.BounceAutoReply {
				t.Errorf("%s is %s", name, brief(r))
			}
			continue
		}
		if len(r.Events) < len(want[file]) {
			wrongCount++
			t.Logf("%s: %d events, that project has %d: %s", name, len(r.Events), len(want[file]), brief(r))
		}
		for i, w := range want[file] {
			if i >= len(r.Events) || r.Events[i].Class == list.ClassNone {
				continue
			}
			e := r.Events[i]
			events++
			if e.Address != "" {
				named++
			}
			if !strings.HasPrefix(w.status[2:], "0.9") { // that project's own code for "none was given"
				statusKnown++
				if e.Status == w.status {
					status++
				} else {
					t.Logf("%s: status %q, that project has %q: %s", name, e.Status, w.status, e.Text)
				}
			}
			if hard := e.Class == list.ClassHard; hard != w.hard {
				got[fmt.Sprintf("%s hard=%t", w.reason, hard)]++
				t.Logf("%s: %s, that project says %s: %s %s", name, e.Class, w.reason, e.Status, e.Text)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		t.Logf("differs: %q: %d,", key, got[key])
	}
	if !maps.Equal(got, differences) {
		t.Errorf("differences are %v, want %v", got, differences)
	}
	t.Logf("%d mails, %d events of failures, %d name an address, %d of %d codes agree, %d mails with fewer events, %d mails that are no failures", len(files), events, named,
		status, statusKnown, wrongCount, notFailures)
	if named*100 < events*97 || status*100 < statusKnown*97 || wrongCount > 1 {
		t.Errorf("too few: %d of %d named, %d of %d codes", named, events, status, statusKnown)
	}
}

// TestAddressesAreThoseOfTheOriginal holds against the one recipient that the copy of the original was addressed to, where there is one: nothing in
// the report itself was asked.
func TestAddressesAreThoseOfTheOriginal(t *testing.T) {
	root, files, _ := sisimai(t)
	right, either, all := 0, 0, 0
	for _, file := range files {
		m, r := readReturned(t, filepath.Join(root, file))
		back := returned{m: m, parts: m.Parts(), null: true}
		back.sort()
		fails := failures(r)
		if back.original == nil || len(fails) != 1 {
			continue
		}
		to := back.original.Mailboxes("To", "Cc")
		if len(to) != 1 || to[0].Addr == "" {
			continue
		}
		all++
		switch {
		case strings.EqualFold(to[0].Addr, fails[0].Address):
			right++
			either++
		case fails[0].Address == "":
			either++
		default:
			t.Logf("%s: %s, the original was addressed to %s", file, brief(r), to[0].Addr)
		}
	}
	t.Logf("%d mails: %d name the recipient of the original, %d that or nobody", all, right, either)
	if all == 0 || right*100 < all*88 { // the others are forwards, and originals whose names were replaced by other ones than those in the report
		t.Errorf("%d of %d", right, all)
	}
}

// TestTwins reads what is in the collection once with LF and once with CRLF.
func TestTwins(t *testing.T) {
	root, _, _ := sisimai(t)
	files, _ := filepath.Glob(filepath.Join(root, "maildir", "bsd", "*.eml"))
	if len(files) < 300 {
		t.Fatalf("%d files", len(files))
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(raw, []byte("\r")) {
			continue
		}
		lf := ReadBounce(message.Parse(raw), true)
		crlf := ReadBounce(message.Parse(bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))), true)
		if brief(lf) != brief(crlf) || lf.MessageID != crlf.MessageID {
			t.Errorf("%s: LF %s, CRLF %s", file, brief(lf), brief(crlf))
		}
	}
}

// TestLivebg is a collection that says which mails are bounces.
func TestLivebg(t *testing.T) {
	root := shared(t, "corpora/bounces/livebg+bounce_email")
	table, err := os.ReadFile(filepath.Join(root, "expected.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	bounces := 0
	for line := range strings.Lines(string(table)) {
		col := strings.Split(strings.TrimSpace(line), "\t")
		if len(col) < 5 || col[0] == "file" {
			continue
		}
		_, r := readReturned(t, filepath.Join(root, col[0]))
		if back := r.Kind == list.BounceFailure || r.Kind == list.BounceDelay; back != (col[1] == "yes") {
			t.Errorf("%s: bounce is %s, got %s", col[0], col[1], brief(r))
		}
		if col[1] != "yes" {
			continue
		}
		bounces++
		if len(r.Events) == 0 || r.Events[0].Address == "" && !strings.Contains(col[0], "tt_bounce_11") { // that one gives a name alone
			t.Errorf("%s names nobody: %s", col[0], brief(r))
		}
		code := r.Events[0].Status
		if len(col[2]) == 5 && says(col[2]) == 3 && code != "" && code != col[2] {
			t.Errorf("%s: code %s, want %s", col[0], code, col[2])
		}
		if col[4] == "yes" && r.MessageID == "" {
			t.Errorf("%s: no Message-ID of the original", col[0])
		}
	}
	if bounces < 30 {
		t.Errorf("%d bounces", bounces)
	}
}

// TestOtherCollections are mails whose authors wrote down what is in them.
func TestOtherCollections(t *testing.T) {
	root := shared(t, "corpora/bounces")
	for path, want := range map[string]string{
		"jhillyerd+enmime/dsn/testdata/delayed_dsn.raw":                                                "delay rfc3464 [thomas@de-montfort.ac.uk 4.0.0 0 ]",
		"jhillyerd+enmime/dsn/testdata/multi_recipient_dsn.raw":                                        "failure rfc3464 [arathib@vnet.ibm.com 5.0.0 550 hard] [johnh@hpnjld.njd.hp.com 4.0.0 0 ] [wsnell@sdcc13.ucsd.edu 5.0.0 550 hard]",
		"jhillyerd+enmime/dsn/testdata/simple_dsn.raw":                                                 "failure rfc3464 [louisl@larry.slip.umd.edu 4.0.0 426 soft]",
		"jhillyerd+enmime/dsn/testdata/simple_dsn_with_html.raw":                                       "failure rfc3464 [louisl@larry.slip.umd.edu 4.0.0 426 soft]",
		"jhillyerd+enmime/dsn/testdata/dsn_with_multipart_alternative.raw":                             "failure rfc3464 [non-existing@example.com 5.1.10 550 hard]",
		"mikel+mail/spec/fixtures/emails/multipart_report_emails/report_422.eml":                       "delay rfc3464 [fraser@oooooooo.com.au 4.2.2 452 ]",
		"mikel+mail/spec/fixtures/emails/multipart_report_emails/report_530.eml":                       "failure rfc3464 [edwin@zzzzzzz.com 5.1.1 553 hard]",
		"mikel+mail/spec/fixtures/emails/multipart_report_emails/multipart_report_multiple_status.eml": "failure rfc3464 [u@ci.com 5.3.0 0 soft]",
		"stalwartlabs+mail-auth/resources/arf/001.eml":                                                 "complaint arf",
		"stalwartlabs+mail-auth/resources/arf/002.eml":                                                 "complaint arf [user@example.com  0 ]",
		"stalwartlabs+mail-auth/resources/arf/003.eml":                                                 "unknown arf",
		"stalwartlabs+mail-auth/resources/arf/004.eml":                                                 "unknown arf",
		"stalwartlabs+mail-auth/resources/arf/005.eml":                                                 "unknown arf",
	} {
		if _, r := readReturned(t, filepath.Join(root, path)); brief(r) != want {
			t.Errorf("%s: got  %s\nwant %s", path, brief(r), want)
		}
	}
	if _, r := readReturned(t, filepath.Join(root, "mikel+mail/spec/fixtures/emails/multipart_report_emails/multi_address_bounce1.eml")); len(failures(r)) < 5 {
		t.Errorf("several recipients: %s", brief(r))
	}
}
