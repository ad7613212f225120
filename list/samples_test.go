package list

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"convene/list/message"
)

// samples is where one mail of each notice is, for whoever wants to see what people get.
var samples = filepath.Join("..", "docs", "samples")

// sampleCharter is what a list says of itself.
var sampleCharter = map[string]string{"domain": "How people learn at a distance", "community": "Practitioners who teach or facilitate", "practice": "By mail, and in a call on the first Monday",
	"values": "candour\npatience"}

// sampleSettings is a member's.
var sampleSettings = map[string]string{"member": "dede@example.org", "name": "Dede Owusu", "mode": "each", "state": "active", "language": "en", "timezone": "Africa/Accra", "own": "yes"}

// sampleNotes are the notes of the samples, by their texts.
func sampleNotes() map[string]Note {
	with := func(all ...map[string]string) map[string]string {
		merged := map[string]string{}
		for _, one := range all {
			maps.Copy(merged, one)
		}
		return merged
	}
	const dede, zoe, at, expires = "Dede Owusu <dede@example.org>", "Zoë <zoe@example.net>", "2026-03-02T08:40:00+03:00", "2026-03-16T09:00:00+03:00"
	ruled := map[string]string{"what": "approved", "by": "luis@example.com", "at": at, "subject": "Weekly call", "from": "zoe@example.net"}
	posts := "1\tWeekly call\t" + zoe + "\t" + at + "\t" + expires + "\tmember\tthe sender is not a member\n2\tA question\t" + dede + "\t" + at + "\t" + expires + "\tmoderation\tthe first post of a new member is held"
	removal := map[string]string{"what": "post", "subject": "Weekly call", "from": "Zoë", "number": "12", "date": at, "by": "luis@example.com", "reason": "It has a telephone number that nobody may know."}
	return map[string]Note{
		"rejected": {Answers: true, Values: map[string]string{"subject": "Weekly call", "reason": "Please send it again without the attachment: it is too large for people who read on a phone."}},
		"held": {Secret: &Secret{Purpose: ForHeld}, Values: map[string]string{"subject": "Weekly call", "about": "Re: Weekly call", "from": zoe, "authentic": "yes", "expires": expires,
			"reasons": "member\tthe sender is not a member", "text": "Shall we meet on Monday?"}},
		"reminder":         {Secret: &Secret{Purpose: ForHeld}, Values: map[string]string{"count": "2", "posts": posts, "gone": "Buy now\tspam@example.com"}},
		"choices":          {Secret: &Secret{Purpose: ForHeld}, Answers: true, Values: map[string]string{"said": "Hmm, who is that?", "several": "yes", "posts": posts}},
		"decided":          {Values: ruled},
		"late":             {Answers: true, Values: ruled},
		"done":             {Answers: true, Values: with(ruled, map[string]string{"what": "trusted", "why": "no-member"})},
		"edited":           {Answers: true, Values: map[string]string{"subject": "Weekly call", "text": "Shall we meet on Monday?\n\n[…]"}},
		"waiting":          {Answers: true, Values: map[string]string{"subject": "Weekly call"}},
		"expired":          {Values: map[string]string{"subject": "Weekly call"}},
		"goodbye":          {Values: map[string]string{"done": "unsubscribe\n  You have left the list."}},
		"already":          {Answers: true, Values: map[string]string{"said": "You are on the list."}},
		"confirm":          {Secret: &Secret{Purpose: ForConfirm}, Answers: true, Values: map[string]string{"what": "subscribe"}},
		"confirm-also":     {Secret: &Secret{Purpose: ForAlso}, Values: map[string]string{"member": "Dede Owusu"}},
		"confirm-remove":   {Secret: &Secret{Purpose: ForRemove}, Answers: true, Values: removal},
		"taken-out":        {Values: removal},
		"taken-out-author": {Values: with(removal, map[string]string{"what": "attachments"})},
		"unclear":          {Secret: &Secret{Purpose: ForConfirm}, Answers: true, Values: map[string]string{"what": "subscribe", "expires": expires}},
		"invitation":       {Secret: &Secret{Purpose: ForInvite}, Values: with(sampleCharter, map[string]string{"by": "Amina Diallo"})},
		"help":             {Answers: true, Values: sampleCharter},
		"welcome":          {Answers: true, Values: with(sampleCharter, sampleSettings)},
		"settings":         {Answers: true, Values: with(sampleSettings, map[string]string{"done": "set name Dede Owusu\n  Done.\npause tomorow\n  \"tomorow\" is not a day to come. Write it like this: pause until 2026-05-01."})},
		"probe":            {Secret: &Secret{Purpose: ForProbe}, Values: map[string]string{"why": "550 5.1.1 no such user"}},
		"fate":             {Answers: true, Values: map[string]string{"subject": "Weekly call", "what": "approved", "by": "luis@example.com", "at": at}},
		"post":             {Answers: true, Values: map[string]string{"number": "12", "subject": "The report", "from": "Zoë"}},
		"resumed":          {},
		"mailbox": {Secret: &Secret{Purpose: ForMailbox}, Answers: true, Values: map[string]string{"host": "lists.example.org", "port": "993", "security": "tls",
			"user": "dede@example.org", "again": "peers+imap@lists.example.org"}},
		"signin":        {Secret: &Secret{Purpose: ForSignIn}},
		"feed":          {Secret: &Secret{Purpose: ForFeed}, Answers: true, Values: map[string]string{"expires": expires}},
		"join-request":  {Secret: &Secret{Purpose: ForHeld}, Values: map[string]string{"from": zoe, "expires": expires}},
		"join-expired":  {},
		"join-rejected": {Answers: true, Values: map[string]string{"reason": "This list is for those who took the course."}},
	}
}

// sampleMails are the samples in one language, by their texts.
func sampleMails(t *testing.T, language string) map[string][]byte {
	t.Helper()
	mails := map[string][]byte{}
	for text, n := range sampleNotes() {
		n.Text, n.To, n.ToName, n.Language = text, "dede@example.org", "Dede Owusu", language
		if n.Secret != nil {
			n.Secret.List, n.Secret.Address, n.Secret.Expires = 1, n.To, noteMailTime.Add(time.Hour)
		}
		a := aboutNote(t, n)
		a.list.Name, a.list.Description = "Peer Learning", "Practitioners learning from one another"
		if n.Secret != nil {
			a.seal("onlyanexampleofatokenabcde")
		}
		var enclosed []byte
		if text == "held" {
			enclosed = []byte("From: =?utf-8?q?Zo=C3=AB?= <zoe@example.net>\r\nTo: peers@lists.example.org\r\nSubject: Weekly call\r\nMessage-ID: <1@example.net>\r\n\r\nShall we meet on Monday?\r\n")
		}
		mails[text] = written(t, a, enclosed)
	}
	for text, golden := range map[string]string{"failures": "failures-both", "stopped": "stopped", "frozen": "frozen", "unwritten": "unwritten"} {
		raw, err := goldenNotices(t)[golden].bytes(language)
		if err != nil {
			t.Fatal(err)
		}
		mails[text] = raw
	}
	return mails
}

// TestSamples holds that docs/samples has every notice as it is, and that docs/notices.md names it; -update writes the samples anew.
func TestSamples(t *testing.T) {
	mails := sampleMails(t, "en")
	index, err := os.ReadFile(filepath.Join("..", "docs", "notices.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range slices.Sorted(maps.Keys(noticeValues)) {
		raw, ok := mails[text]
		if !ok {
			t.Errorf("there is no sample of %q: give sampleNotes its values", text)
			continue
		}
		if err := message.Parse(raw).Check(); err != nil {
			t.Errorf("%s: %v\n%s", text, err, raw)
		}
		file := filepath.Join(samples, text+".eml")
		if *update {
			if err := os.WriteFile(file, raw, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(file); err != nil || !bytes.Equal(raw, want) {
			t.Errorf("%s is (%v)\n%s", file, err, raw)
		}
		if !strings.Contains(string(index), "](samples/"+text+".eml)") {
			t.Errorf("docs/notices.md does not name %s.eml", text)
		}
	}
	files, err := os.ReadDir(samples)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if mails[strings.TrimSuffix(file.Name(), ".eml")] == nil {
			t.Errorf("docs/samples/%s is a sample of nothing", file.Name())
		}
	}
}

// TestSamplesInEveryLanguage reads each notice as a whole in all three languages: it is a mail, in that language and no other, without what a template
// leaves behind that went wrong, and fits a screen.
func TestSamplesInEveryLanguage(t *testing.T) {
	english := sampleMails(t, "en")
	for _, language := range []string{"en", "fr", "es"} {
		for text, raw := range sampleMails(t, language) {
			m := message.Parse(raw)
			if err := m.Check(); err != nil || m.Get("Content-Language") != language {
				t.Errorf("%s in %s: %v\n%s", text, language, err, raw)
			}
			body := strings.ReplaceAll(string(raw[m.Body:]), "\r\n", "\n")
			for _, wrong := range []string{"{{", "}}", "<no value>", "<nil>", "%!", "map[", "\n\n\n", " \n", " .\n", " ,", "()", "<>", "  .", "\t"} {
				if strings.Contains(body, wrong) {
					t.Errorf("%s in %s has %q:\n%s", text, language, wrong, body)
				}
			}
			if m.Subject() == "" || strings.TrimSpace(body) == "" {
				t.Errorf("%s in %s says nothing", text, language)
			}
			for line := range strings.SplitSeq(body, "\n") {
				if utf8.RuneCountInString(line) > foldAt && strings.Contains(strings.TrimLeft(line, " >-"), " ") {
					t.Errorf("%s in %s has a line of %d characters: %s", text, language, utf8.RuneCountInString(line), line)
				}
				// What is set in, named by its file or a header field is what others said.
				ours := !strings.HasPrefix(line, " ") && !strings.Contains(line, ".tmpl:") && !strings.HasPrefix(line, "Content-")
				if language != "en" && len(line) > 40 && ours && !strings.ContainsAny(line, "@/") && strings.Contains(string(english[text]), "\n"+line+"\r\n") {
					t.Errorf("%s in %s has a line of English: %s", text, language, line)
				}
			}
		}
	}
}
