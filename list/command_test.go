package list_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// did is the part of an answer that says what became of each line.
func did(n note) string {
	_, body, _ := strings.Cut(strings.ReplaceAll(n.raw, "\r\n", "\n"), "\n\n")
	_, body, ok := strings.Cut(body, "What you asked for:\n\n")
	if !ok {
		return ""
	}
	body, _, _ = strings.Cut(body, "\n\n")
	return body
}

func (s *site) the(t *testing.T, address string) list.Member {
	t.Helper()
	m, err := s.Member("peers@lists.example.org", address)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestCommands(t *testing.T) {
	for name, c := range map[string]struct {
		word, subject, body string
		did                 string
		want                func(list.Member) bool
	}{
		"no posts": {"request", "", "set nomail", "set nomail\n  You get no posts. You are still on the list, and may write to it.",
			func(m list.Member) bool { return m.Mode == list.ModeNoMail }},
		"no posts by the address": {"nomail", "whatever", "set each", "set nomail\n  You get no posts. You are still on the list, and may write to it.",
			func(m list.Member) bool { return m.Mode == list.ModeNoMail }},
		"every post, in capitals, in the subject of a reply": {"settings", "RE: Re: Set  EACH.", "", "Set EACH.\n  You get every post.",
			func(m list.Member) bool { return m.Mode == list.ModeEach }},
		"several, each on a line": {"request", "", "set name Dédé   Owusu\nset timezone Africa/Nairobi\nset own off",
			"set name Dédé Owusu\n  Done.\nset timezone Africa/Nairobi\n  Done.\nset own off\n  You do not get your own posts.",
			func(m list.Member) bool {
				return m.Name == "Dédé Owusu" && m.Timezone == "Africa/Nairobi" && m.Own == list.ChooseNo
			}},
		"nothing behind a mistake": {"request", "", "set nomial\nset own off", "set nomial\n  Not understood.\n  The rest of your mail was not read.",
			func(m list.Member) bool { return m.Own == list.ChooseList }},
		"nothing behind end": {"request", "", "settings\nend\nunsubscribe", "", func(m list.Member) bool { return m.Number > 0 }},
		"nothing that is quoted": {"request", "", "settings\n\nOn Mon, 2 Mar 2026 at 09:00, Peers wrote:\n> unsubscribe\n> set nomail", "",
			func(m list.Member) bool { return m.Mode == list.ModeEach }},
		"nothing of the signature": {"request", "", "settings\n-- \nset nomail\nunsubscribe", "", func(m list.Member) bool { return m.Mode == list.ModeEach }},
		"what comes later": {"request", "", "events\nimap", "events\n  Not in this version.\nimap\n  Here the archives are not read with mail programs.",
			func(m list.Member) bool { return m.Mode == list.ModeEach }},
		"the posts of a day in one mail": {"digest", "", "", "set digest\n  You get the posts of a day in one mail. Announcements and summaries\n  come at once.",
			func(m list.Member) bool { return m.Mode == list.ModeDigest && m.DigestAt == 0 }},
		"at an hour of their own": {"request", "", "set timezone Africa/Nairobi\nset digest 7:30",
			"set timezone Africa/Nairobi\n  Done.\nset digest 7:30\n  You get the posts of a day in one mail, at 07:30 (Africa/Nairobi).\n  Announcements and summaries come at once.",
			func(m list.Member) bool { return m.Mode == list.ModeDigest && m.DigestAt == 7*60+30+1 }},
		"an hour that there is not": {"request", "", "set digest 25:00", "set digest 25:00\n  \"25:00\" is no time of day. Write it like this: set digest 07:00",
			func(m list.Member) bool { return m.Mode == list.ModeEach && m.DigestAt == 0 }},
		"midnight, and back to the list's hour": {"request", "", "set digest 0:00\nset digest list", "",
			func(m list.Member) bool { return m.Mode == list.ModeDigest && m.DigestAt == 0 }},
		"summaries alone": {"summary", "", "", "set summary\n  You get announcements and summaries, and no other posts.", func(m list.Member) bool { return m.Mode == list.ModeSummary }},
		"forms of digests": {"request", "", "set format mime\nset format HTML\nset format pdf",
			"set format mime\n  Your digests have every post whole, as an attachment, with its files.\nset format HTML\n  Your digests have formatted text.\nset format pdf\n  \"pdf\" is none of these: text, html, mime.",
			func(m list.Member) bool { return m.HTML && !m.Whole }},
		"thanks and quotes": {"request", "", "set thanks private\nset quote ask",
			"set thanks private\n  No summary names you in its thanks. You are thanked in private.\nset quote ask\n  You are not quoted unless you are asked first.",
			func(m list.Member) bool { return m.PrivateThanks && m.Quote == list.QuoteAsk }},
		"thanks and quotes, taken back": {"request", "", "set thanks private\nset quote no\nset thanks public\nset quote yes", "",
			func(m list.Member) bool { return !m.PrivateThanks && m.Quote == list.QuoteYes }},
		"what was missed, where nobody writes that": {"catchup", "", "", "catchup\n  Not in this version.", func(m list.Member) bool { return true }},
		"a language that there is":                  {"request", "set language fr", "", "", func(m list.Member) bool { return m.Language == "fr" }},
		"a language that there is not":              {"request", "set language tlh", "", "set language tlh\n  We do not have the language \"tlh\". You can choose: en, es, fr.", func(m list.Member) bool { return m.Language == "" }},
		"a time zone that there is not": {"request", "set timezone Mars/Olympus", "",
			"set timezone Mars/Olympus\n  We do not know the time zone \"Mars/Olympus\". Write it like this:\n  Africa/Nairobi, Europe/Paris, America/Lima.",
			func(m list.Member) bool { return m.Timezone == "" }},
		"a path is no time zone": {"request", "set timezone ../../etc/passwd", "",
			"set timezone ../../etc/passwd\n  We do not know the time zone \"../../etc/passwd\". Write it like this:\n  Africa/Nairobi, Europe/Paris, America/Lima.",
			func(m list.Member) bool { return m.Timezone == "" }},
		"a break": {"pause", "", "", "pause\n  You are on a break: no mail until you ask for it again.",
			func(m list.Member) bool { return m.State == list.Paused && m.PausedUntil.IsZero() }},
		"a break that ends": {"pause", "until 2026-05-01, I am away", "", "pause 2026-05-01\n  You are on a break: no mail until Friday, 1 May 2026.",
			func(m list.Member) bool {
				return m.State == list.Paused && m.PausedUntil.Equal(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC))
			}},
		"a break that is over": {"request", "", "pause until 2026-02-28",
			"pause until 2026-02-28\n  \"2026-02-28\" is not a day to come. Write it like this: pause until\n  2026-05-01.", func(m list.Member) bool { return m.State == list.Active }},
		"a day that there is not": {"request", "", "pause until 2027-02-30",
			"pause until 2027-02-30\n  \"2027-02-30\" is not a day to come. Write it like this: pause until\n  2026-05-01.", func(m list.Member) bool { return m.State == list.Active }},
		"who is on the list is not told": {"request", "who", "", "who\n  Only those who run the list may see that.", func(m list.Member) bool { return true }},
		"owners' commands are for owners": {"request", "", "add x@example.net X\nremove amina@example.org",
			"add x@example.net X\n  Only for those who run the list, in a mail that is theirs beyond\n  doubt.\nremove amina@example.org\n  Only for those who run the list, in a mail that is theirs beyond\n  doubt.",
			func(m list.Member) bool { return true }},
		"the same in subject and text is done once": {"request", "set own on", "set own on", "set own on\n  You get your own posts.",
			func(m list.Member) bool { return m.Own == list.ChooseYes }},
	} {
		t.Run(name, func(t *testing.T) {
			s := joinable(t, list.JoinConfirm, nil)
			s.members(t, dede)
			n := s.obeyed(t, dede, c.word, c.subject, c.body, sure)
			if got := did(n); n.to != dede || c.did != "" && got != c.did {
				t.Errorf("to %s:\n%q, want\n%q", n.to, got, c.did)
			}
			if m := s.the(t, dede); !c.want(m) {
				t.Errorf("%+v", m)
			}
			if n.msg.Get("Auto-Submitted") != "auto-replied" || n.msg.Get("In-Reply-To") == "" {
				t.Errorf("the answer does not say what it answers:\n%s", n.raw)
			}
		})
	}
}

func TestEncodedCommands(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	for i, body := range []string{
		"Content-Transfer-Encoding: base64\n\nc2V0IG5vbWFpbAo=\n",
		"Content-Transfer-Encoding: quoted-printable\n\n=73et =6eomail\n",
		"Content-Type: text/html\n\n<html><body><div>set nomail</div><br></body></html>\n",
		"Content-Type: text/plain; charset=utf-16le\nContent-Transfer-Encoding: base64\n\ncwBlAHQAIABuAG8AbQBhAGkAbAA=\n",
		"Content-Type: multipart/alternative; boundary=b\n\n--b\n\nset nomail\n--b\nContent-Type: text/html\n\n<p>unsubscribe</p>\n--b--\n",
	} {
		who := fmt.Sprintf("m%d@example.net", i)
		s.members(t, who)
		raw := "From: " + who + "\nTo: peers-request@lists.example.org\nMessage-ID: <" + s.id() + "@m>\nMIME-Version: 1.0\n" + body
		if _, err := s.take(who, "peers-request@lists.example.org", raw, sure); err != nil {
			t.Fatal(err)
		}
		if m := s.the(t, who); m.Mode != list.ModeNoMail {
			t.Errorf("not read: %s", body)
		}
	}
}

func TestAThousandCommandsHaveOneAnswer(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	s.members(t, dede)
	var lines []string
	for i := range 1000 {
		lines = append(lines, fmt.Sprintf("set name Dede %d", i))
	}
	n := s.obeyed(t, dede, "request", "", strings.Join(lines, "\n"), sure)
	if m := s.the(t, dede); m.Name != "Dede 24" || !strings.Contains(did(n), "The rest of your mail was not read.") || len(n.raw) > 8000 {
		t.Errorf("%q, %d octets\n%s", m.Name, len(n.raw), did(n))
	}
}

// TestCommandsEndWhereSomethingElseBegins: nothing that is quoted, or stands in a letter, is done.
func TestCommandsEndWhereSomethingElseBegins(t *testing.T) {
	const unread = "The rest of your mail was not read."
	for name, c := range map[string]struct {
		body  string
		did   []string // found in the answer, in this order
		never string
	}{
		"a letter":                      {"dear list\nhow are you?\nunsubscribe", []string{"dear list\n  Not understood.", unread}, "how are you"},
		"a command, then a letter":      {"set own off\nthank you\nunsubscribe", []string{"set own off", "thank you\n  Not understood.", unread}, "unsubscribe"},
		"a letter that ends there":      {"set own off\nthank you", []string{"set own off", "thank you\n  Not understood."}, unread},
		"a quotation":                   {"set own off\n> On what\nunsubscribe", []string{"set own off", unread}, "Not understood"},
		"a quotation that is the end":   {"set own off\n\nOn 4 May 2026, Ann <ann@x.example> wrote:\n> unsubscribe\n", []string{"set own off"}, unread},
		"a signature, then a quotation": {"set own off\n-- \nDede\n> x\nunsubscribe", []string{"set own off"}, unread},
		"an end of one's own":           {"set own off\n\nend\nunsubscribe", []string{"set own off"}, unread},
	} {
		t.Run(name, func(t *testing.T) {
			s := joinable(t, list.JoinConfirm, nil)
			s.members(t, dede)
			n := s.obeyed(t, dede, "request", "", c.body, sure)
			rest := did(n)
			for _, want := range c.did {
				_, after, ok := strings.Cut(rest, want)
				if !ok {
					t.Errorf("%q is not in:\n%s", want, did(n))
				}
				rest = after
			}
			if !s.isMember(t, dede) || strings.Contains(did(n), c.never) {
				t.Errorf("read on:\n%s", did(n))
			}
		})
	}
	s := joinable(t, list.JoinConfirm, nil)
	s.members(t, dede)
	s.obeyed(t, dede, "request", "", "> set nomail\n\nunsubscribe", sure)
	if !s.isMember(t, dede) {
		t.Error("what stands below a quotation was done")
	}
}

func TestTwentyMailsWithCommandsAnHour(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	s.members(t, dede, "noor@example.net")
	for i := range 25 {
		_, err := s.command(dede, "settings", "", "", sure)
		if why := reason(err); (i < 20) != (err == nil) || err != nil && why != list.TooManyCommands {
			t.Errorf("mail %d: %v", i+1, err)
		}
	}
	if _, err := s.command("noor@example.net", "settings", "", "", sure); err != nil {
		t.Errorf("another member: %v", err)
	}
	s.now = s.now.Add(time.Hour)
	if _, err := s.command(dede, "settings", "", "", sure); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

// TestAClaimOfCommandsIsAskedAbout has what an unauthenticated mail asks for wait for a yes, and nothing that the sender wrote stand in the question.
func TestAClaimOfCommandsIsAskedAbout(t *testing.T) {
	s := joinable(t, list.JoinConfirm, func(l *list.List) { l.Owners = []string{dede} })
	s.members(t, dede)
	n := s.obeyed(t, dede, "request", "Buy pills", "set name Buy Pills\nset nomail\nadd x@pills.example Buy Pills\npause until 2026-05-01\nBuy pills at pills.example\nresume", unsure)
	if m := s.the(t, dede); m.Name != "" || m.Mode != list.ModeEach || strings.Contains(strings.ToLower(n.raw), "pills") {
		t.Fatalf("done at once, or told:\n%s", n.raw)
	}
	if !strings.Contains(n.raw, "- another name\r\n- get no posts\r\n- take a break: 2026-05-01\r\n") {
		t.Errorf("what is asked:\n%s", n.raw)
	}
	if _, err := s.reply(n, dede, "", unsure); err != nil {
		t.Fatal(err)
	}
	if m := s.the(t, dede); m.Name != "Buy Pills" || m.Mode != list.ModeNoMail || m.State != list.Paused || s.isMember(t, "x@pills.example") {
		t.Errorf("%+v", m)
	}
	answer := s.notices(t)
	if told(answer) != dede+": Peers: your settings" {
		t.Errorf("told %s", told(answer))
	}
	if _, err := s.reply(n, dede, "", unsure); err != nil {
		t.Fatal(err)
	}
	if again := s.notices(t); len(again) != 1 || !strings.Contains(again[0].raw, "You get no posts.") {
		t.Errorf("a second answer is told %s", told(again))
	}
}

func TestWhoSaysNoChangesNothing(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	s.members(t, dede)
	n := s.obeyed(t, dede, "unsubscribe", "", "", unsure)
	if _, err := s.reply(n, dede, "No!", sure); err != nil || !s.isMember(t, dede) {
		t.Errorf("%v", err)
	}
	if _, err := s.reply(n, dede, "Yes", sure); err != nil || !s.isMember(t, dede) {
		t.Errorf("decided twice: %v", err)
	}
}

func TestMachinesAndOurOwnAddressesAskForNothing(t *testing.T) {
	for name, header := range map[string]string{
		"a vacation notice":  "From: " + dede + "\nAuto-Submitted: auto-replied\n",
		"bulk mail":          "From: " + dede + "\nPrecedence: bulk\n",
		"another list":       "From: " + dede + "\nList-Id: <x.example.org>\n",
		"an address of ours": "From: peers+owner@lists.example.org\n",
		"the list itself":    "From: peers@lists.example.org\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := joinable(t, list.JoinOpen, nil)
			s.members(t, dede)
			r, err := s.take(dede, "peers+unsubscribe@lists.example.org", header+"To: peers+unsubscribe@lists.example.org\nMessage-ID: <1@m>\n\n\n", sure)
			if all := s.notices(t); err != nil || r.Action != "discard" || len(all) != 0 || !s.isMember(t, dede) {
				t.Errorf("%+v, %v; told %s", r, err, told(all))
			}
		})
	}
	s := joinable(t, list.JoinOpen, nil)
	if r, err := s.take("", "peers+help@lists.example.org", "From: x@example.net\n\n", sure); err != nil || r.Action != "discard" {
		t.Errorf("the null reverse-path: %+v, %v", r, err)
	}
	if _, err := s.take("x@example.net", "peers+help@lists.example.org", "From: a@b.example, c@d.example\n\n", sure); reason(err) != list.Unreadable {
		t.Errorf("two authors: %v", err)
	}
}

// TestWordsOfOthersStayWhereTheyAre has names try to get into headers, and text into what it is not.
func TestWordsOfOthersStayWhereTheyAre(t *testing.T) {
	s := joinable(t, list.JoinOpen, nil)
	raw := "From: \"=?utf-8?q?Zo=C3=AB=0D=0ABcc:_v@v.example=1B[31m?=\" <" + zoe + ">\nTo: peers+subscribe@lists.example.org\nMessage-ID: <1@m>\n\n"
	if _, err := s.take(zoe, "peers+subscribe@lists.example.org", raw, sure); err != nil {
		t.Fatal(err)
	}
	all := s.notices(t)
	if _, err := s.command(zoe, "request", "=?utf-8?q?set_name_A=0D=0ABcc:_v@v.example?=", "set name =?utf-8?q?x?=\u202e B\x1b[31m\nsettings\n\x1b[31m", sure); err != nil {
		t.Fatal(err)
	}
	for _, n := range append(all, s.notices(t)...) {
		if n.to != zoe || n.msg.Count("Bcc") != 0 || n.msg.Check() != nil || strings.ContainsAny(n.raw, "\x00\x1b\u202e") {
			t.Errorf("something got out of its place:\n%s", n.raw)
		}
	}
	if m := s.the(t, zoe); strings.ContainsAny(m.Name, "\r\n\x1b\u202e") {
		t.Errorf("the name is %q", m.Name)
	}
	for _, from := range []string{"a@b.example> SIZE=1", "\"a\r\nBcc: v\"@b.example"} {
		if _, err := s.take("a@b.example", "peers+subscribe@lists.example.org", "From: <"+from+">\n\n", sure); err == nil {
			if all := s.notices(t); len(all) != 0 {
				t.Errorf("%q: told %s", from, told(all))
			}
		}
	}
}

func TestPausesEnd(t *testing.T) {
	s := joinable(t, list.JoinOpen, func(l *list.List) { l.Location = time.FixedZone("", 3*3600) })
	s.members(t, dede, "noor@example.net", "lena@example.com")
	s.obeyed(t, dede, "pause", "2026-03-10", "", sure)
	s.obeyed(t, "noor@example.net", "request", "", "set timezone America/Lima\nset nomail\npause until 2026-03-10", sure)
	s.obeyed(t, "lena@example.com", "pause", "", "", sure)
	all, times := s.until(t, time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC))
	// Midnight of the list for one, and Lima's for the other, who has chosen to get nothing and is told nothing.
	if told(all) != dede+": Peers: your break is over" || !times[0].Equal(time.Date(2026, 3, 9, 21, 0, 0, 0, time.UTC)) {
		t.Errorf("told %s at %v", told(all), times)
	}
	if a, b, c := s.the(t, dede), s.the(t, "noor@example.net"), s.the(t, "lena@example.com"); a.State != list.Active || b.State != list.Active || c.State != list.Paused {
		t.Errorf("%s, %s, %s", a.State, b.State, c.State)
	}
	if _, ok := s.NextDue(); ok {
		if due, _ := s.NextDue(); !due.After(s.now) {
			t.Errorf("due at %v, which was before", due)
		}
	}
	if n := s.obeyed(t, "lena@example.com", "resume", "", "", sure); did(n) != "resume\n  You get mail again." || s.the(t, "lena@example.com").State != list.Active {
		t.Error(did(n))
	}
}

func TestAFurtherAddress(t *testing.T) {
	s := joinable(t, list.JoinOpen, nil)
	s.members(t, dede, "noor@example.net")
	if r, err := s.command(dede, "request", "", "also Dede@Work.example", sure); err != nil || r.Action != "command" {
		t.Fatalf("%+v, %v", r, err)
	}
	all := s.notices(t)
	if told(all) != "Dede@work.example: Peers: is this address yours?; "+dede+": Peers: your settings" {
		t.Fatalf("told %s", told(all))
	}
	post := func(from string) list.Reason {
		_, err := s.receive(mail(from, s.id()+"@x", "One"))
		return reason(err)
	}
	if post("dede@work.example") != list.NotMember {
		t.Error("posted before it was confirmed")
	}
	if _, err := s.reply(all[0], "dede@work.example", "", unsure); err != nil {
		t.Fatal(err)
	}
	if after := s.notices(t); told(after) != dede+": Peers: your settings" || !strings.Contains(after[0].raw, "- you may also write from: Dede@work.example") {
		t.Errorf("told %s", told(after))
	}
	if why := post("dede@work.example"); why != "" {
		t.Errorf("the post was refused: %s", why)
	}
	s.claimed(t)
	if n := s.obeyed(t, "dede@work.example", "settings", "", "", sure); n.to != "dede@work.example" || !strings.Contains(n.raw, "- address: "+dede) {
		t.Errorf("to %s:\n%s", n.to, n.raw)
	}
	if n := s.obeyed(t, dede, "request", "", "not dede@WORK.example\nnot noor@example.net", sure); did(n) !=
		"not dede@WORK.example\n  dede@WORK.example is not yours here any more.\nnot noor@example.net\n  You have no further address noor@example.net here." {
		t.Error(did(n))
	}
	if post("dede@work.example") != list.NotMember {
		t.Error("posted after it was taken away")
	}
	// Another member's address cannot be had, and that it is one is told only to who reads its mail.
	if r, err := s.command(dede, "request", "", "also noor@example.net\nalso peers@lists.example.org", sure); err != nil || r.Action != "command" {
		t.Fatalf("%+v, %v", r, err)
	}
	all = s.notices(t)
	if len(all) != 2 || strings.Contains(all[0].raw, "on the list by itself") {
		t.Fatalf("told %s", told(all))
	}
	if _, err := s.reply(all[1], "noor@example.net", "", sure); err != nil {
		t.Fatal(err)
	}
	if after := s.notices(t); len(after) != 1 || !strings.Contains(after[0].raw, "is on the list by itself") || s.the(t, "noor@example.net").Number == s.the(t, dede).Number {
		t.Errorf("told %s", told(after))
	}
}

func TestOwnPosts(t *testing.T) {
	for _, c := range []struct {
		list bool
		set  string
		want bool
	}{{true, "", true}, {true, "set own off", false}, {false, "", false}, {false, "set own on", true}} {
		s := joinable(t, list.JoinOpen, func(l *list.List) { l.CopyToAuthor = c.list })
		s.members(t, dede, "noor@example.net")
		if c.set != "" {
			s.obeyed(t, dede, "request", c.set, "", sure)
		}
		if _, err := s.receive(mail(dede, "1@x", "One")); err != nil {
			t.Fatal(err)
		}
		if got := s.claimed(t); (len(got[dede]) == 1) != c.want || len(got["noor@example.net"]) != 1 {
			t.Errorf("%v and %q: %v", c.list, c.set, got)
		}
	}
}

func TestOwnersCommands(t *testing.T) {
	s := joinable(t, list.JoinClosed, nil)
	s.members(t, dede)
	all := s.obeyedBy(t, amina, "add <"+zoe+"> Zoë K\nadd "+dede+"\nadd peers@lists.example.org\nremove nobody@example.net\nremove "+dede+"\nwho", 2)
	want := "add <" + zoe + "> Zoë K\n  " + zoe + " is on the list now, and gets a welcome.\nadd " + dede + "\n  " + dede + " is on the list already.\n" +
		"add peers@lists.example.org\n  \"peers@lists.example.org\" is not an address that we can do this for.\nremove nobody@example.net\n  nobody@example.net is not on the list.\n" +
		"remove " + dede + "\n  " + dede + " is not on the list any more.\nwho\n  1 member:\n  - Zoë K <" + zoe + ">"
	if did(all[0]) != want || told(all) != amina+": Peers: your mail; "+zoe+": Welcome to Peers" {
		t.Errorf("told %s\n%s\nwant\n%s", told(all), did(all[0]), want)
	}
	if s.isMember(t, dede) || s.the(t, zoe).Name != "Zoë K" {
		t.Error("not done")
	}
	// In an owner's name, but with nothing to show for it, nothing is done even when it is confirmed.
	if n, err := s.command(amina, "request", "", "remove "+zoe, unsure); err != nil || n.Action != "command" {
		t.Fatal(err)
	}
	if all := s.notices(t); len(all) != 0 || !s.isMember(t, zoe) {
		t.Errorf("told %s", told(all))
	}
}

func TestWhoMayKnowTheRoster(t *testing.T) {
	s := joinable(t, list.JoinOpen, func(l *list.List) { l.Roster = list.RosterMembers })
	s.members(t, dede, "noor@example.net")
	if n := s.obeyed(t, dede, "request", "who", "", sure); did(n) != "who\n  2 members:\n  - <noor@example.net>\n  - <dede@example.org>" {
		t.Error(did(n))
	}
	if n := s.obeyed(t, zoe, "request", "who", "", sure); strings.Contains(n.raw, dede) {
		t.Errorf("a stranger is told:\n%s", n.raw)
	}
}

func TestHelp(t *testing.T) {
	s := joinable(t, list.JoinOpen, nil)
	if n := s.obeyed(t, zoe, "help", "", "", unsure); n.msg.Subject() != "Peers: help" || !strings.Contains(n.raw, "set timezone") {
		t.Errorf("%s", n.raw)
	}
	s.members(t, dede)
	if n := s.obeyed(t, dede, "request", "", "", sure); n.msg.Subject() != "Peers: help" {
		t.Errorf("an empty mail: %s", n.raw)
	}
}
