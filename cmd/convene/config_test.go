package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/digest/plan"
	"convene/list"
)

const bareConfig = "[server]\nhostname = \"lists.example.org\"\nadmin = \"admin@example.org\"\n"

// mustLoad loads a config that must be right.
func mustLoad(t *testing.T, text string, files ...configFile) *Config {
	t.Helper()
	unpackConfig(t, append([]configFile{{"convene.toml", text}}, files...))
	c, faults := loadConfig("convene.toml")
	for _, f := range faults {
		t.Error(f)
	}
	if c == nil {
		t.FailNow()
	}
	return c
}

func TestConfigReadsEveryKindOfValue(t *testing.T) {
	c := mustLoad(t, bareConfig+`
[smtp]
lmtp = "run/lmtp.sock"
max_message = "10MiB"
spam_header = "X-Spam-Flag:YES"
trusted_relays = ["10.0.0.0/8"]
authserv_id = "mx.example.org"
[delivery]
transport = "smarthost"
smarthost = "[::1]:587"
smarthost_username = "convene"
smarthost_password_file = "password.secret"
tls = "required"
rate = "14/s"
retry = ["90s", "1w"]
retry_for = "5d"
[delivery.routes]
"Partner.Example" = "10.0.0.5:25"
[dns]
resolver = "127.0.0.1:53"
[limits]
header_bytes = "1KiB"
[[list]]
address = "peers@Lists.Example.org"
name = "Pairs à pairs"
timezone = "Africa/Nairobi"
language = "pt-br"
owners = ["Amina@Example.org"]
type = "announce"
posting = "hold_others"
require_auth = "always"
reply_to = "sender"
phase = "closed"
max_recipients = 0
aliases = ["Learning@lists.example.org"]
skip_dates = [2026-12-25, "2026-12-26"]
working_hours = "07:30-24:00"
`, configFile{"password.secret", "correct horse\r\nsecond line\n"})
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	nairobi, err := time.LoadLocation("Africa/Nairobi")
	if err != nil {
		t.Fatal(err)
	}
	password, err := c.Delivery.Password()
	l := c.Lists[0]
	for name, pair := range map[string][2]any{
		"a socket's path begins at the file":      {c.SMTP.LMTP, filepath.Join(dir, "run/lmtp.sock")},
		"MiB is binary":                           {c.SMTP.MaxMessage, int64(10 << 20)},
		"a header is a field, a colon, a space":   {c.SMTP.SpamHeader, "X-Spam-Flag: YES"},
		"networks":                                {c.SMTP.TrustedRelays, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}},
		"the password is the first line":          {password, "correct horse"},
		"and is read without an error":            {err, nil},
		"a rate":                                  {c.Delivery.Rate, Rate{14, time.Second}},
		"durations":                               {c.Delivery.Retry, []time.Duration{90 * time.Second, 7 * 24 * time.Hour}},
		"a day is 24 hours":                       {c.Delivery.RetryFor, 120 * time.Hour},
		"routes by domain in small letters":       {c.Delivery.Routes, map[string]string{"partner.example": "10.0.0.5:25"}},
		"a key left out keeps its default":        {c.Limits.Received, 100},
		"a list's domain in small letters":        {l.Address, "peers@lists.example.org"},
		"a time zone":                             {l.Location.String(), nairobi.String()},
		"a language in its usual form":            {l.Language, "pt-BR"},
		"an owner's local part as it was written": {l.Owners, []string{"Amina@example.org"}},
		"an alias in small letters":               {l.Aliases, []string{"learning@lists.example.org"}},
		"dates with and without quotes":           {l.SkipDates, []string{"2026-12-25", "2026-12-26"}},
		"hours":                                   {l.WorkingHours, Hours{450, 1440}},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("%s: %v, want %v", name, pair[0], pair[1])
		}
	}
}

func TestSiteCarriesTheConfig(t *testing.T) {
	c := mustLoad(t, bareConfig+"[smtp]\nmax_message = \"1MB\"\n[[list]]\naddress = \"peers@lists.example.org\"\nphase = \"closed\"\nsubject_prefix = \"[peers]\"\nwas = [\"old@lists.example.org\"]\n")
	s := c.Site()
	l, ok := s.List("old@lists.example.org")
	if !ok {
		t.Fatal("a former address finds no list")
	}
	want := list.List{Address: "peers@lists.example.org", Language: "en", Location: time.UTC, Owners: []string{}, Moderators: []string{}, Facilitators: []string{}, Core: []string{},
		Type: list.Discussion, Posting: list.PostMembers, Join: list.JoinConfirm, Roster: list.RosterOwners, Languages: []string{}, Charter: list.Charter{Values: []string{}},
		RequireAuth: list.AuthPolicy, ReplyTo: list.ReplyList, Attachments: list.KeepAttachments, AttachmentsOver: 200_000, SubjectPrefix: "[peers]",
		MaxMessage: 5_000_000, MaxRecipients: 10, HeldFor: 14 * 24 * time.Hour, NewMembersModeratedFor: 1, Archive: list.ArchiveMembers, Footer: &list.Footer{}, Closed: true, CopyToAuthor: true,
		Aliases: []string{}, Was: []string{"old@lists.example.org"}}
	if !reflect.DeepEqual(*l, want) {
		t.Errorf("the list is\n%+v, want\n%+v", *l, want)
	}
	if s.Hostname != "lists.example.org" || s.Admin != "admin@example.org" || s.MaxMessage != 1_000_000 || s.Limits.MIMEDepth != 50 ||
		s.Limits.DNSBudget != 8*time.Second || s.Limits.HeaderBytes != 256_000 {
		t.Errorf("the site is %+v", s)
	}
	l.Was[0] = "changed"
	if c.Lists[0].Was[0] != "old@lists.example.org" {
		t.Error("who changes a site changes the config")
	}
}

func TestIncludedFilesAddUp(t *testing.T) {
	c := mustLoad(t, bareConfig+"include = [\"lists/*.toml\", \"lists/a.toml\"]\n",
		configFile{"lists/a.toml", "[[list]]\naddress = \"a@lists.example.org\"\n[list.report]\nto = \"moderators\"\n"},
		configFile{"lists/b.toml", "[server]\ninclude = [\"more/c.toml\"]\n[[list]]\naddress = \"b@lists.example.org\"\n[smtp]\nlmtp = \"lmtp.sock/x\"\n"},
		configFile{"lists/more/c.toml", "[smtp]\nmax_connections = 7\n"})
	if len(c.Lists) != 2 || c.Lists[0].Report.To != "moderators" || c.Lists[1].Report.To != "owners" || c.SMTP.MaxConnections != 7 {
		t.Errorf("lists %+v, smtp %+v", c.Lists, c.SMTP)
	}
	if want := []string{"convene.toml", "lists/a.toml", "lists/b.toml", "lists/more/c.toml"}; !slices.Equal(c.Files, want) {
		t.Errorf("files %v, want %v", c.Files, want)
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(dir, "lists/lmtp.sock/x"); c.SMTP.LMTP != want {
		t.Errorf("lmtp %s, want %s: paths begin at the file that names them", c.SMTP.LMTP, want)
	}
}

func TestTLSFilesMustFitTogether(t *testing.T) {
	cert, key := keyPair(t)
	_, other := keyPair(t)
	text := bareConfig + "[tls]\ncert = \"cert.pem\"\nkey = \"key.secret\"\n"
	c := mustLoad(t, text, configFile{"cert.pem", cert}, configFile{"key.secret", key})
	if !filepath.IsAbs(c.TLS.Cert) || !filepath.IsAbs(c.TLS.Key) {
		t.Errorf("paths %s and %s", c.TLS.Cert, c.TLS.Key)
	}
	unpackConfig(t, []configFile{{"convene.toml", text}, {"cert.pem", cert}, {"key.secret", other}})
	_, faults := loadConfig("convene.toml")
	if len(faults) != 1 || faults[0].String() != "convene.toml:5:8: tls.cert: does not go with tls.key: private key does not match public key" {
		t.Errorf("faults %v", faults)
	}
}

// keyPair makes a certificate and its key.
func keyPair(t *testing.T) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"lists.example.org"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	pk, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pk}))
}

func TestNeedsRestartNamesWhatAReloadCannotChange(t *testing.T) {
	old := mustLoad(t, bareConfig)
	now := *old
	now.Delivery.Connections, now.Limits.Received, now.Server.Admin = 1, 1, "other@example.org"
	if keys := now.needsRestart(old); keys != nil {
		t.Errorf("what a reload can change: %v", keys)
	}
	now.Server.DataDir, now.SMTP.Listen, now.SMTP.LMTP, now.Store.Engine = "/other", ":25", ":24", "postgres"
	now.Store.DSN, now.IMAP.Listen, now.HTTP.Listen, now.Metrics.Listen = "postgres://", ":143", ":80", ":9090"
	want := []string{"server.data_dir", "smtp.listen", "smtp.lmtp", "store.engine", "store.dsn", "imap.listen", "http.listen", "metrics.listen"}
	if keys := now.needsRestart(old); !slices.Equal(keys, want) {
		t.Errorf("keys %v, want %v", keys, want)
	}
}

func TestRemovedNamesTheListsThatAreGone(t *testing.T) {
	old := &Config{Lists: []ListConfig{{Address: "kept@lists.example.org"}, {Address: "renamed@lists.example.org"}, {Address: "gone@lists.example.org"}}}
	now := &Config{Lists: []ListConfig{{Address: "kept@lists.example.org"}, {Address: "new@lists.example.org", Was: []string{"renamed@lists.example.org"}}}}
	if got := now.removed(old); !slices.Equal(got, []string{"gone@lists.example.org"}) {
		t.Errorf("removed %v", got)
	}
}

func TestAdvice(t *testing.T) {
	const peers = "[[list]]\naddress = \"peers@lists.example.org\"\nowners = [\"amina@example.org\"]\n"
	const smarthost = "[delivery]\ntransport = \"smarthost\"\nsmarthost_username = \"convene\"\nsmarthost_password_file = \"password.secret\"\n"
	for name, c := range map[string]struct{ text, says, never string }{
		"no list is worth a word":                    {"", "there is no [[list]] yet", ""},
		"maildir sends nothing":                      {peers, "mail is written to", ""},
		"require_auth never lets anyone in":          {peers + "require_auth = \"never\"\n", `peers@lists.example.org: anyone may post under a member's name: require_auth is "never"`, ""},
		"require_auth policy lets some in":           {peers, "anyone may post under the name of a member whose domain asks for no check", ""},
		"require_auth always lets nobody in":         {peers + "require_auth = \"always\"\n", "", "anyone may post"},
		"a moderated list has a person who looks":    {peers + "require_auth = \"never\"\nposting = \"moderated\"\n", "", "anyone may post"},
		"a relay that may give no results":           {"[smtp]\nauthserv_id = \"mx.example.org\"\n" + peers, "a trusted relay that gives no results of mx.example.org", ""},
		"relays without authserv_id":                 {peers, "smtp.authserv_id: empty", ""},
		"no relays":                                  {"[smtp]\ntrusted_relays = []\n" + peers, "", "smtp.authserv_id"},
		"trust in everybody":                         {"[smtp]\ntrusted_relays = [\"0.0.0.0/0\"]\n" + peers, "0.0.0.0/0 is the whole internet", ""},
		"reply_to list rewrites":                     {peers, `peers@lists.example.org: rewriting, by reply_to = "list", footer: `, "subject_prefix"},
		"a prefix rewrites":                          {peers + "subject_prefix = \"[p]\"\nreply_to = \"sender\"\nfooter = \"none\"\n", "rewriting, by subject_prefix: ", "reply_to"},
		"an announcement list leaves Reply-To alone": {peers + "type = \"announce\"\nfooter = \"none\"\n", "peers@lists.example.org: transparent", "rewriting"},
		"a prefix and reply_to list rewrite":         {peers + "subject_prefix = \"[p]\"\n", `rewriting, by subject_prefix, reply_to = "list", footer: `, ""},
		"a list that changes nothing is transparent": {peers + "reply_to = \"sender\"\nfooter = \"none\"\n", "peers@lists.example.org: transparent", "rewriting"},
		"no owners":                                           {"[[list]]\naddress = \"peers@lists.example.org\"\n", "peers@lists.example.org: no owners", ""},
		"a password in the clear":                             {smarthost + "smarthost = \"mail.example.org:25\"\ntls = \"none\"\n", "is sent without TLS", ""},
		"a password that may be in the clear":                 {smarthost + "smarthost = \"mail.example.org:25\"\n", "only where the smarthost offers it", ""},
		"a password over TLS":                                 {smarthost + "smarthost = \"mail.example.org:587\"\ntls = \"required\"\n", "goes over TLS only", ""},
		"a password that stays on the machine":                {smarthost, "the password goes to this machine itself", "over TLS"},
		"an admin at a list's domain may come back":           {strings.Replace(peers, "lists.example.org", "example.org", 1), "admin@example.org is at a domain of this server", ""},
		"an admin elsewhere is nothing to speak of":           {peers, "", "at a domain of this server"},
		"a smarthost without a password has none to speak of": {"[delivery]\ntransport = \"smarthost\"\n" + peers, "", "password"},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(mustLoad(t, bareConfig+c.text, configFile{"password.secret", "x\n"}).Advice(), "\n")
			if !strings.Contains(got, c.says) {
				t.Errorf("advice\n%s\nsays nothing of %q", got, c.says)
			}
			if c.never != "" && strings.Contains(got, c.never) {
				t.Errorf("advice\n%s\nspeaks of %q", got, c.never)
			}
		})
	}
}

const remoteDiscussion = `
[[list]]
address = "peers@lists.example.org"
name = "Peer Learning"
languages = ["en", "fr", "es"]
timezone = "Africa/Nairobi"
skip_dates = [2026-03-18]
owners = ["amina@example.org"]
[[discussion]]
id = "remote"
list = "Peers@lists.example.org"
title = "Facilitating at a distance"
start = 2026-03-02
facilitators = ["\"Prieto, Luis\" <luis@example.org>", "noor@example.org"]
hashtag = "#remote"
questions = ["One?", { en = "Two?", fr = "Deux ?" }]
first_responders = [{ question = 1, members = [{ address = "dede@example.org", why = "the phone call" }], backup = ["noor@example.org"] }]
[[discussion.email]]
kind = "message"
send = "day 3 09:00"
sent_by = "Amina <amina@example.org>"
subject = "A short reading"
body_file = "reading.md"
[[event]]
id = "cafe-1"
discussion = "remote"
list = "peers@lists.example.org"
title = "World Café"
start = "2026-03-17 15:00"
register_by = "2026-03-16 18:00"
format = "lunch_and_learn"
agenda = ["welcome"]
repeat = "FREQ=WEEKLY;COUNT=3"
except = [2026-03-31]
presenters = ["Dede Mensah <dede@example.org>"]
`

func TestADiscussionIsWhatTheConfigSays(t *testing.T) {
	c := mustLoad(t, bareConfig+remoteDiscussion, configFile{"reading.md", "# Read\r\nthis\n"})
	all := c.Programme().Discussions
	if len(all) != 1 {
		t.Fatalf("%d discussions", len(all))
	}
	d := all[0]
	rows, err := d.Rows(plan.Changes{})
	if err != nil || len(rows) != 10 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	e := d.Event
	for name, pair := range map[string][2]any{
		"its list by its right name":            {d.List + " " + d.ListTitle, "peers@lists.example.org Peer Learning"},
		"people, with a comma in a name":        {d.Facilitators, []plan.Person{{Name: "Prieto, Luis", Address: "luis@example.org"}, {Address: "noor@example.org"}}},
		"who sends a row":                       {rows[2].SentBy, plan.Person{Name: "Amina", Address: "amina@example.org"}},
		"a body from a file":                    {rows[2].Body, plan.Texts{"": "# Read\nthis\n"}},
		"a backup keeps that file":              {filepath.Base(c.Files[1]), "reading.md"},
		"texts by language":                     {d.Questions[1].In("fr"), "Deux ?"},
		"languages each once, the list's first": {d.Languages, []string{"en", "fr", "es"}},
		"the introduction is our own":           {[]any{d.IntroductionDefault, len(d.Introduction)}, []any{true, 0}},
		"what is left out is the list's":        {d.Attribution, plan.ByName},
		"defaults":                              {[]any{d.Weekly, d.Midweek, d.Review, d.QuietAfter, d.OnSilence, d.Ask}, []any{"0 11 * * FRI", plan.Lively{Cron: "0 12 * * WED", OnlyIfPosts: 10, OnlyIfPeople: 5}, 6 * time.Hour, 12 * time.Hour, plan.SilencePlain, "day -14 10:00"}},
		"days off count":                        {rows[8].At.Format("Mon 2 Jan 15:04 MST"), "Fri 20 Mar 09:00 EAT"},
		"first responders":                      {d.RespondersOf(rows[1])[0].Members[0].Why.In(), "the phone call"},
		"the event":                             {[]any{e.ID, e.Rule, e.Except[0].Format("01-02 15:04"), e.Start.Format(time.RFC3339), e.Length, e.RegisterBy.Format("15:04"), string(e.Format), e.Presenters[0].Name}, []any{"cafe-1", "FREQ=WEEKLY;COUNT=3", "03-31 15:00", "2026-03-17T15:00:00+03:00", 90 * time.Minute, "18:00", "lunch_and_learn", "Dede Mensah"}},
		"the digest's line":                     {c.Programme().Digests["peers@lists.example.org"], "0 7 * * *"},
		"a round-up's working days":             {c.Programme().Roundups["peers@lists.example.org"].Working.Days, c.list("peers@lists.example.org").calendar().Days},
		"dates to come":                         {c.dates(rows[8].At), []string{"remote: email 10, event_summary: Wed 25 Mar 2026 09:00 (Africa/Nairobi)"}},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("%s: %v, want %v", name, pair[0], pair[1])
		}
	}
	notes := strings.Join(c.Advice(), "\n")
	if !strings.Contains(notes, "remote: the closing goes out Fri 13 Mar 2026 11:00, less than two working days before") || strings.Contains(notes, "archive is public") {
		t.Errorf("the advice is\n%s", notes)
	}
}

func TestDiscussionsFollowTheirList(t *testing.T) {
	text := strings.NewReplacer(`timezone =`, "working_days = [\"SUN\", \"MON\", \"TUE\", \"WED\", \"THU\"]\narchive = \"public\"\ntimezone =", `hashtag =`, "introduction = \"\"\nhashtag =").Replace(remoteDiscussion)
	c := mustLoad(t, bareConfig+text+"[[list]]\naddress = \"quiet@lists.example.org\"\n[list.digest]\ncron = \"\"\n", configFile{"reading.md", "x"})
	d := c.discussions()[0]
	if d.Weekly != "0 11 * * THU" || d.IntroductionDefault || d.Introduction != nil {
		t.Errorf("where Friday is free the weekly is %q; the introduction is %v, %v", d.Weekly, d.IntroductionDefault, d.Introduction)
	}
	if _, ok := c.Programme().Digests["quiet@lists.example.org"]; ok {
		t.Error("a list without a digest has one")
	}
	if notes := strings.Join(c.Advice(), "\n"); !strings.Contains(notes, "remote: it quotes people by name, and the archive is public") {
		t.Errorf("the advice is\n%s", notes)
	}
	if c := mustLoad(t, bareConfig+strings.Replace(text, "hashtag =", "weekly = { cron = \"0 11 * * FRI\" }\nhashtag =", 1), configFile{"reading.md", "x"}); c.discussions()[0].Weekly != "0 11 * * FRI" {
		t.Error("what the config says is not what the weekly is")
	}
}

func TestAMailedPlanHasTheDefaultsOfTheConfig(t *testing.T) {
	c := mustLoad(t, bareConfig+strings.Replace(remoteDiscussion, "owners =", "facilitators = [\"luis@example.org\"]\nowners =", 1), configFile{"reading.md", "x"})
	l, _ := c.Site().List("peers@lists.example.org")
	mail := "Title: By mail\nStart: 2026-05-04\nQuestion: Why?\nQuestion: And then?\n"
	d, err := c.Programme().Read(l, "by-mail", mail)
	if err != nil {
		t.Fatal(err)
	}
	want := c.discussions()[0]
	want.ID, want.Title, want.Start, want.Questions = "by-mail", plan.Texts{"": "By mail"}, plan.Date{Year: 2026, Month: time.May, Day: 4}, d.Questions
	want.Facilitators, want.Hashtag, want.Responders, want.Emails, want.Event = []plan.Person{{Address: "luis@example.org"}}, "", nil, nil, nil
	if !reflect.DeepEqual(d, want) || len(d.Questions) != 2 {
		t.Errorf("read\n%+v, want\n%+v", d, want)
	}
	if _, err := c.Programme().Read(l, "by-mail", "Title: By mail\nStart: soon"); err == nil {
		t.Error("a plan without a date was read")
	}
	if _, err := c.Programme().Read(&list.List{Address: "gone@lists.example.org"}, "by-mail", mail); err == nil {
		t.Error("a plan of a list that is gone was read")
	}
}

func TestFindConfigLooksHereAfterTheFlag(t *testing.T) {
	t.Chdir(t.TempDir())
	if path, err := findConfig("elsewhere.toml"); path != "elsewhere.toml" || err != nil {
		t.Errorf("with the flag: %q, %v", path, err)
	}
	if err := os.WriteFile("convene.toml", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if path, err := findConfig(""); path != "convene.toml" || err != nil {
		t.Errorf("with ./convene.toml: %q, %v", path, err)
	}
	if err := os.Remove("convene.toml"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("/etc/convene/convene.toml"); err == nil {
		t.Skip("this machine has a config of its own")
	}
	if path, err := findConfig(""); err == nil || !strings.Contains(err.Error(), "--config") {
		t.Errorf("with nothing: %q, %v", path, err)
	}
}

func TestAConfigThatIsNotThere(t *testing.T) {
	t.Chdir(t.TempDir())
	c, faults := loadConfig("convene.toml")
	if c != nil || len(faults) != 1 || faults[0].String() != "convene.toml: is not there" {
		t.Errorf("%v, %v", c, faults)
	}
	if err := os.Mkdir("convene.toml", 0o755); err != nil {
		t.Fatal(err)
	}
	if _, faults = loadConfig("convene.toml"); len(faults) != 1 || faults[0].String() != "convene.toml: is a directory" {
		t.Errorf("%v", faults)
	}
}

func TestAConfigWithWindowsLineEndsAndAByteOrderMark(t *testing.T) {
	text := "\ufeff" + strings.ReplaceAll(bareConfig+"[[list]]\naddress = \"peers@lists.example.org\"\n", "\n", "\r\n")
	if c := mustLoad(t, text); len(c.Lists) != 1 {
		t.Errorf("lists %v", c.Lists)
	}
}

func TestSuggestions(t *testing.T) {
	words := []string{"max_message", "listen", "lmtp", "tls", "key"}
	for written, want := range map[string]string{
		"max_mesage": " (did you mean max_message?)", "Listen": " (did you mean listen?)", "lisetn": " (did you mean listen?)",
		"lntp": " (did you mean lmtp?)", "colour": "", "x": "", "": "", strings.Repeat("listen", 100): "",
	} {
		if got := suggest(written, words); got != want {
			t.Errorf("%q: %q, want %q", written, got, want)
		}
	}
}

// A million lists' worth of keys, one endless line, deep brackets: reading stays linear, and says what is wrong.
func TestAHugeConfigIsReadOnce(t *testing.T) {
	for name, text := range map[string]string{
		"many tables":          bareConfig + strings.ReplaceAll(strings.ReplaceAll(manyKeys(200_000), "listen", "[listen"), " = 1", "]"),
		"one long array":       bareConfig + "[delivery]\nretry = [" + strings.Repeat("1,", 200_000) + "]\n",
		"many keys":            bareConfig + "[smtp]\n" + manyKeys(200_000),
		"brackets in brackets": bareConfig + "[smtp]\nlisten = " + strings.Repeat("[", 100_000),
		"larger than allowed":  bareConfig + "#" + strings.Repeat("x", maxConfigBytes),
	} {
		t.Run(name, func(t *testing.T) {
			unpackConfig(t, []configFile{{"convene.toml", text}})
			if c, faults := loadConfig("convene.toml"); c != nil || len(faults) == 0 {
				t.Error("loaded without a fault")
			}
		})
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("listen_")
		for ; i > 0; i /= 26 {
			b.WriteByte(byte('a' + i%26))
		}
		b.WriteString("_ = 1\n")
	}
	return b.String()
}

// Whatever is in a config file, reading it ends, without a panic, in a config or in faults.
func FuzzConfig(f *testing.F) {
	paths, err := filepath.Glob("testdata/config/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(archived(string(data))[1].text)
	}
	example, err := os.ReadFile(exampleConfig)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(example))
	f.Add(commentedOut.ReplaceAllString(string(example), "$1"))
	path := filepath.Join(f.TempDir(), "convene.toml")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, faults := loadConfig(path)
		if (c == nil) == (len(faults) == 0) {
			t.Fatalf("config %v, faults %v", c, faults)
		}
		for _, fault := range faults {
			if fault.Line < 1 || fault.Column < 1 || fault.Message == "" || strings.ContainsAny(fault.String(), "\r\n\x00") {
				t.Errorf("fault %q", fault)
			}
		}
		if c != nil {
			c.Site()
			c.Advice()
		}
	})
}

func TestMailLinksToPagesThatCanBeOpened(t *testing.T) {
	for name, c := range map[string]struct{ config, want string }{
		"the copies are looked at here, and so are the pages": {"", "http://127.0.0.1:8025"},
		"members elsewhere cannot open a page of this machine": {
			"[delivery]\ntransport = \"mx\"\n", ""},
		"nor one of its other names": {"[delivery]\ntransport = \"smarthost\"\nsmarthost = \"mail.example.org:25\"\n[http]\nbase_url = \"http://localhost:8025\"\n", ""},
		"an address of the Internet is one for everybody": {
			"[delivery]\ntransport = \"mx\"\n[http]\nbase_url = \"https://lists.example.org/lists\"\n", "https://lists.example.org/lists"},
		"no page, no link": {"[http]\nlisten = \"\"\nbase_url = \"https://lists.example.org\"\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := mustLoad(t, bareConfig+c.config)
			if got := cfg.Site().BaseURL; got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			told := slices.ContainsFunc(cfg.pageAdvice(), func(s string) bool { return strings.HasPrefix(s, "http.base_url: ") })
			if told != (c.want == "" && cfg.HTTP.Listen != "") {
				t.Errorf("advice: %q", cfg.pageAdvice())
			}
		})
	}
}
