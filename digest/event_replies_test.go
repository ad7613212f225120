package digest

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// The replies that Cyrus keeps of calendar programs, addressed to our own event, count as ours do.
func TestRepliesOfTheCorpus(t *testing.T) {
	dir := filepath.Join(calendarCorpus, "cyrusimap+cyrus-imapd", "imip")
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the corpora are not here: " + dir)
	}
	ours := func(raw []byte) []byte {
		for pattern, with := range map[string]string{`(?i)cassandane\\?@example\.com`: "peers+events@lists.example.org", `foo\\?@example\.net`: member(2), `(?m)^UID:.*$`: "UID:berlin.peers@lists.example.org",
			`RECURRENCE-ID;TZID=[^:]*:\d+T\d+`: "RECURRENCE-ID;TZID=Europe/Berlin:20260324T150000", `(?m)^DTSTAMP:.*$`: "DTSTAMP:20260310T100000Z", `\$uuid`: "b1"} {
			raw = regexp.MustCompile(pattern).ReplaceAll(raw, []byte(with))
		}
		return bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
	}
	for name, want := range map[string]string{
		"imip_reply-2-mail.eml":                 "berlin member2 yes",
		"imip_reply_with_alarm-2-mail.eml":      "berlin member2 yes",
		"imip_reply_two_recurrences-2-mail.eml": "berlin member2 20260324T140000Z maybe",
		"imip_reply_override_rdate-2-mail.eml":  "berlin member2 yes 20260324T140000Z no",
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			s := answering(t)
			before := len(s.mails("", ""))
			receipt, err := s.hand(member(2), "peers+events@lists.example.org", ours(raw))
			s.tick()
			if got := s.guestsOf(before); got != want || err != nil {
				t.Errorf("there is\n%s\nwant\n%s\n(%+v, %v)", got, want, receipt, err)
			}
		})
	}
}
