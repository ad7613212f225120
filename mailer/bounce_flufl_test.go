package mailer

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

// fluflScan prints what flufl.bounce finds in the files whose names it reads: name, temporary and permanent failures.
const fluflScan = `
import sys, json, email, os
import flufl.bounce
from flufl.bounce import all_failures
data = os.path.join(os.path.dirname(flufl.bounce.__file__), 'tests', 'data')
own = sorted(os.path.join(data, f) for f in os.listdir(data) if f.endswith('.txt')) if os.path.isdir(data) else []
text = lambda addresses: sorted(a.decode('latin1') if isinstance(a, bytes) else a for a in addresses)
for name in own + sys.stdin.read().split('\n'):
    if name:
        with open(name, 'rb') as f:
            soft, hard = all_failures(email.message_from_binary_file(f))
        print(json.dumps([name, text(soft), text(hard)]))
`

// fluflDiffers are the mails in which flufl.bounce finds what is not found here, and why.
var fluflDiffers = map[string]string{
	"lhost-amazonses-13.eml": "a notification in JSON that a mail was delivered",
	"lhost-exim-08.eml":      "here the address that was written to is named, not where its alias leads",
	"lhost-exim-58.eml":      "an alias, too",
	"sendmail_01.txt":        "an alias, too",
	"lhost-exim-60.eml":      "a file, not an address",
	"lhost-ezweb-05.eml":     "single letters: a bug there",
	"lhost-postfix-32.eml":   "three dots in a local part: no address that can be a member's",
	"simple_42.txt":          "three dots, too",
	"lhost-zoho-02.eml":      "the Message-ID and the sender of the original, beside the recipients",
	"lhost-zoho-03.eml":      "the Message-ID and the sender, too",
	"microsoft_01.txt":       "a piece of an X.400 address, beside the recipient",
	"microsoft_04.txt":       "a piece of an X.400 address, too",
	"rhost-yahooinc-03.eml":  "a recipient of another report, enclosed in this one",
	"tt_bounce_11.txt":       "half a name: the report has no address",
	"issue-106-01.eml":       "an encoded-word: here it is decoded",
	"issue-106-03.eml":       "an encoded-word, decoded here, too",
	"yale_01.txt":            "a name without a domain, for which that program guesses two",
	"rfc3464-34.eml":         "a delay, which says that it will be retried",
}

// TestFlufl finds every address that GNU Mailman's library finds, in its own samples and in the collections, or says why not.
func TestFlufl(t *testing.T) {
	const python = "/usr/bin/python3" // Debian's, which has the package
	if exec.Command(python, "-c", "import flufl.bounce").Run() != nil {
		t.Skip("no flufl.bounce: apt-get install python3-flufl.bounce")
	}
	var names []string
	for _, pattern := range []string{"sisimai+set-of-emails/maildir/bsd/*", "sisimai+set-of-emails/maildir/err/*", "sisimai+set-of-emails/to-be-debugged-because/*/*", "livebg+bounce_email/test/*/*",
		"jhillyerd+enmime/dsn/testdata/*", "mikel+mail/spec/fixtures/emails/*/*"} {
		files, _ := filepath.Glob(filepath.Join("../../shared/corpora/bounces", pattern))
		names = append(names, files...)
	}
	scan := exec.Command(python, "-c", fluflScan)
	scan.Stdin = strings.NewReader(strings.Join(names, "\n"))
	out, err := scan.Output()
	if err != nil {
		t.Fatal(err)
	}
	mails, addresses := 0, 0
	for line := range strings.Lines(string(out)) {
		var found []json.RawMessage
		var name string
		var soft, hard []string
		if json.Unmarshal([]byte(line), &found) != nil || len(found) != 3 || json.Unmarshal(found[0], &name) != nil || json.Unmarshal(found[1], &soft) != nil ||
			json.Unmarshal(found[2], &hard) != nil {
			t.Fatalf("%s", line)
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		mails++
		addresses += len(soft) + len(hard)
		r := ReadBounce(message.Parse(raw), true)
		why := missing(r, soft, hard)
		if known := fluflDiffers[filepath.Base(name)]; why != "" && known == "" {
			t.Errorf("%s: %s: %s", name, why, brief(r))
		} else if why == "" && known != "" {
			t.Errorf("%s: no longer differs (%s)", name, known)
		}
	}
	t.Logf("%d mails, %d addresses, %d mails differ", mails, addresses, len(fluflDiffers))
	if mails < 100 {
		t.Errorf("%d mails", mails)
	}
}

// missing is what r lacks of what another program found.
func missing(r list.BounceReport, soft, hard []string) string {
	named := func(address string) bool {
		return slices.ContainsFunc(r.Events, func(e list.BounceEvent) bool { return strings.EqualFold(e.Address, address) })
	}
	for _, address := range slices.Concat(soft, hard) {
		if !named(address) {
			return address + " is not named"
		}
	}
	if failed := len(failures(r)) > 0; failed != (len(hard) > 0) && len(soft)+len(hard) > 0 {
		return "failure or delay"
	}
	return ""
}
