package list

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"convene/list/message"
)

// signedMail is a mail with a signature whose body hash is right, with other tags in the place of, or beside, the usual ones.
func signedMail(body string, tags ...string) string {
	set := map[string]string{"a": "rsa-sha256", "c": "relaxed/relaxed", "d": "author.example", "h": "from:to:subject:date:message-id"}
	for _, tag := range tags {
		name, value, _ := strings.Cut(tag, "=")
		set[name] = value
	}
	sum := sha256.New()
	form, limit := message.Relaxed, int64(-1)
	if strings.HasSuffix(set["c"], "simple") {
		form = message.Simple
	}
	if set["l"] != "" {
		fmt.Sscan(set["l"], &limit)
	}
	form.WriteBody(sum, message.Pieces{[]byte(body)}, limit)
	if set["bh"] == "" {
		set["bh"] = base64.StdEncoding.EncodeToString(sum.Sum(nil))
	}
	field := "DKIM-Signature: v=1; s=x; b=AAAA"
	for _, name := range []string{"a", "c", "d", "i", "l", "h", "bh"} {
		if set[name] != "" {
			field += ";\r\n " + name + "=" + set[name]
		}
	}
	return field + "\r\nFrom: Dede <dede@author.example>\r\nTo: peers@lists.example.org\r\nSubject: A quiet group\r\nDate: Mon, 02 Mar 2026 09:59:00 +0000\r\n" +
		"Message-ID: <m@author.example>\r\nMIME-Version: 1.0\r\n\r\n" + body
}

// belowText is a step that writes something below the text.
var belowText = Step{"below", func(d *Draft) {
	m := d.Message
	d.edit.SetBody(message.Pieces{m.Raw[m.Body:], []byte("-- \r\nPeers\r\n")})
}}

func TestSignatures(t *testing.T) {
	const text, prefix = "What helped you?\r\n", "[peers]"
	long := strings.Repeat(text, 1000)
	transparent, rewriting := Style{}, Style{SubjectPrefix: prefix}
	for name, c := range map[string]struct {
		mail  string
		style Style
		steps []Step // before those of every list
		why   string // empty: it stays
	}{
		"a list that changes nothing":                  {signedMail(text), transparent, nil, ""},
		"nor does it look at what was wrong before":    {signedMail(text, "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="), transparent, nil, ""},
		"nor at kinds that it does not know":           {signedMail(text, "a=rsa-sha1"), transparent, nil, ""},
		"nor at what is no signature":                  {"DKIM-Signature: what\r\nFrom: a@b.example\r\nDate: x\r\n\r\nx\r\n", transparent, nil, ""},
		"a prefix in a Subject that it covers":         {signedMail(text), rewriting, nil, " of author.example: it covered Subject, which changed"},
		"in the simple form":                           {signedMail(text, "c=simple/simple"), rewriting, nil, " of author.example: it covered Subject, which changed"},
		"a prefix in one that it does not":             {signedMail(text, "h=from:date:message-id"), rewriting, nil, ""},
		"in the simple form it stays too":              {signedMail(text, "h=from:date:message-id", "c=simple/simple"), rewriting, nil, ""},
		"a prefix that was there":                      {strings.Replace(signedMail(text), "A quiet", "[peers] A quiet", 1), rewriting, nil, ""},
		"a footer":                                     {signedMail(text, "h=from:date"), rewriting, []Step{belowText}, " of author.example: it covered the body, which changed"},
		"a footer below many lines":                    {signedMail(long, "h=from:date"), rewriting, []Step{belowText}, " of author.example: it covered the body, which changed"},
		"a footer where its length ends before":        {signedMail(text, "h=from:date", "l=18"), rewriting, []Step{belowText}, ""},
		"and below many lines":                         {signedMail(long, "h=from:date", fmt.Sprintf("l=%d", len(long))), rewriting, []Step{belowText}, ""},
		"a footer within its length":                   {signedMail(text, "h=from:date", "l=19"), rewriting, []Step{belowText}, " of author.example: it covered the body, which changed"},
		"a hash that was wrong":                        {signedMail(text, "h=from:date", "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="), rewriting, nil, " of author.example: its hash of the body was wrong when it came"},
		"an old algorithm":                             {signedMail(text, "h=from:date", "a=rsa-sha1"), rewriting, nil, " of author.example: no server accepts one of that kind"},
		"no signature at all":                          {"DKIM-Signature: what\r\nFrom: a@b.example\r\nDate: x\r\n\r\nx\r\n", rewriting, nil, ": no server accepts one of that kind"},
		"a domain that is no name":                     {signedMail(text, "d=a\x1b[31m.example"), rewriting, nil, ": it covered Subject, which changed"},
		"replies to the list, which it did not mind":   {signedMail(text), Style{ReplyTo: ReplyList}, nil, ""},
		"replies to the list, which it ruled out":      {signedMail(text, "h=from:reply-to"), Style{ReplyTo: ReplyList}, nil, " of author.example: it ruled out a further Reply-To, and one was added"},
		"it ruled out a list":                          {signedMail(text, "h=from:list-id"), transparent, nil, " of author.example: it ruled out a further List-Id, and one was added"},
		"it ruled out a way to leave":                  {signedMail(text, "h=from:list-unsubscribe-post"), transparent, nil, ""},
		"of which every copy has its own":              {signedMail(text, "h=from:list-unsubscribe-post"), Style{Personal: true}, nil, " of author.example: it ruled out a further List-Unsubscribe-Post, and one was added"},
		"it ruled out our signature":                   {signedMail(text, "h=from:dkim-signature:dkim-signature"), Style{Signing: []string{"x._domainkey.example"}}, nil, " of author.example: it ruled out a further DKIM-Signature, and one was added"},
		"it knows of no further signature":             {signedMail(text, "h=from:dkim-signature"), Style{Signing: []string{"x._domainkey.example"}}, nil, ""},
		"it ruled out our ARC set":                     {signedMail(text, "h=from:arc-seal"), Style{Sealing: []string{"x._domainkey.example"}}, nil, " of author.example: it ruled out a further Arc-Seal, and one was added"},
		"it covered a request for receipts":            {"Disposition-Notification-To: a@b.example\r\n" + signedMail(text, "h=from:disposition-notification-to"), transparent, nil, " of author.example: it covered Disposition-Notification-To, which was removed"},
		"it ruled out a second From, and there is one": {signedMail(text, "h=from:from:subject:subject"), transparent, nil, ""},
		"it covered the last Received of three":        {"Received: c\r\nReceived: b\r\nReceived: a\r\n" + signedMail(text, "h=from:received"), transparent, nil, ""},
		"it ruled out any further Received":            {"Received: a\r\n" + signedMail(text, "h=from:received:received"), transparent, nil, " of author.example: it ruled out a further Received, and one was added"},
	} {
		t.Run(name, func(t *testing.T) {
			s := c.style
			s.List, s.ListName, s.Hostname, s.Received = "peers@lists.example.org", "Peers", "mx.example.org", "by x; y"
			out, changes := Transform(append(c.steps, PostSteps()...), []byte(c.mail), s, Form{})
			want, got := "", ""
			if c.why != "" {
				want = "removed the signature" + c.why
			}
			for _, change := range changes {
				if change.Step == "signatures" {
					got = strings.Join(change.Notes, "; ")
				}
			}
			field := c.mail[strings.Index(c.mail, "DKIM-Signature"):strings.Index(c.mail, "From:")]
			if kept := strings.Contains(string(out.Bytes()), field); got != want || kept != (want == "") {
				t.Errorf("kept: %v, %q, want %q", kept, got, want)
			}
		})
	}
}

// TestSignaturesOfManyKinds has one message with all of them.
func TestSignaturesOfManyKinds(t *testing.T) {
	const body = "What helped you?\r\n"
	subject, sender := signedMail(body), signedMail(body, "d=sender.example", "h=from:date")
	rest := subject[strings.Index(subject, "From:"):]
	field := func(mail string) string { return mail[:strings.Index(mail, "From:")] }
	google := "X-Google-" + field(signedMail(body, "d=1e100.net"))
	both := field(signedMail(body, "d=both.example", "h=from:dkim-signature:dkim-signature"))
	const keys = "DomainKey-Signature: a=rsa-sha1; d=author.example; c=nofws; q=dns; h=From:Date; b=AAAA\r\n"
	const keysOfAll = "DomainKey-Signature: a=rsa-sha1; d=all.example; c=nofws; q=dns; b=AAAA\r\n"
	const arc = "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=hop.example; s=x; b=AAAA\r\nARC-Message-Signature: i=1; a=rsa-sha256; d=hop.example; s=x; h=subject; bh=AAAA; b=AAAA\r\n" +
		"ARC-Authentication-Results: i=1; hop.example; dkim=pass\r\n"
	mail := arc + google + keys + keysOfAll + both + field(subject) + field(sender) + rest
	s := Style{List: "peers@lists.example.org", ListName: "Peers", SubjectPrefix: "[peers]", Received: "by x; y"}
	out, changes := Transform(PostSteps(), []byte(mail), s, Form{})
	got := string(out.Bytes())
	for name, c := range map[string]struct {
		field string
		stays bool
	}{
		"what covered the Subject": {field(subject), false}, "what Google does for itself": {google, false}, "what covered neither": {field(sender), true},
		"what covered a signature that went": {both, false}, "the forerunner over two fields": {keys, true}, "and over all": {keysOfAll, false},
		"the seals of the way": {arc, true},
	} {
		if strings.Contains(got, "\r\n"+c.field) != c.stays {
			t.Errorf("%s: should stay: %v, in\n%s", name, c.stays, got)
		}
	}
	var notes []string
	for _, c := range changes {
		if c.Step == "signatures" {
			notes = c.Notes
		}
	}
	if len(notes) != 4 {
		t.Errorf("notes %q", notes)
	}
	out, _ = Transform([]Step{belowText, {"signatures", signatures}}, []byte(mail), s, Form{})
	if got := string(out.Bytes()); strings.Contains(got, "DKIM") || strings.Contains(got, "DomainKey") || !strings.Contains(got, arc) {
		t.Errorf("with another body:\n%s", got)
	}
}

// TestManySignatures is that a message with a great many makes no more work than one with a few.
func TestManySignatures(t *testing.T) {
	mail := signedMail("x\r\n", "h=from")
	field, rest, _ := strings.Cut(mail, "From:")
	s := Style{List: "peers@lists.example.org", SubjectPrefix: "[peers]", Received: "by x; y"}
	out, _ := Transform(PostSteps(), []byte(strings.Repeat(field, 100)+"From:"+rest), s, Form{})
	if n := strings.Count(string(out.Bytes()), "DKIM-Signature:"); n != maxPasses {
		t.Errorf("%d signatures stay, want the first %d", n, maxPasses)
	}
}

func BenchmarkSignatures(b *testing.B) {
	body := strings.Repeat("What helped the quiet group to talk, and who began?\r\n", 190)
	for name, c := range map[string]struct {
		mail  string
		style string
	}{
		"none":                  {signedMail(body)[strings.Index(signedMail(body), "From:"):], "prefix"},
		"broken by the Subject": {signedMail(body), "prefix"},
		"kept":                  {signedMail(body, "h=from:date"), "prefix"},
		"transparent":           {signedMail(body), "transparent"},
	} {
		b.Run(name, func(b *testing.B) {
			style, steps := goldenStyle(c.style)
			b.ReportAllocs()
			for b.Loop() {
				Transform(steps, []byte(c.mail), style, Form{})
			}
		})
	}
}

// TestSignaturesInTheEncodingOfAHop: what is encoded for a next hop without 8BITMIME or SMTPUTF8 is no more what was signed, on a list that changes nothing
// itself too. Then the signature goes, and so does From where the domain of the author asks for that (M02, C28).
func TestSignaturesInTheEncodingOfAHop(t *testing.T) {
	const ascii, eight = "What helped you?\r\n", "Ça m'a aidé.\r\n"
	named := strings.Replace(signedMail(ascii), "A quiet", "Ein schöner", 1)
	part := "--b\r\nContent-Type: text/plain; name=\"写真.txt\"\r\n\r\nx\r\n--b--\r\n"
	for name, c := range map[string]struct {
		mail  string
		form  Form
		why   string
		notes string // of the encoding
	}{
		"8-bit text where it may be":     {signedMail(eight), Form{}, "", ""},
		"and where it may not":           {signedMail(eight), Form{SevenBit: true}, "it covered the body, which changed", "seven-bit"},
		"text that needs nothing":        {signedMail(ascii), Form{SevenBit: true, ASCII: true}, "", ""},
		"a Subject where it may be":      {named, Form{SevenBit: true}, "", ""},
		"and where it may not, either":   {named, Form{ASCII: true}, "it covered Subject, which changed", "ascii"},
		"a Subject that was not covered": {strings.Replace(signedMail(ascii, "h=from:date"), "A quiet", "Ein schöner", 1), Form{ASCII: true}, "", "ascii"},
		"the name of a part": {strings.Replace(signedMail(part), "MIME-Version: 1.0", "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b", 1), Form{ASCII: true},
			"it covered the body, which changed", "ascii"},
		"what may not be encoded": {strings.Replace(signedMail("--b\r\n\r\n"+eight+"--b\r\n\r\n--b--\r\n"), "MIME-Version: 1.0", "MIME-Version: 1.0\r\nContent-Type: multipart/signed; boundary=b", 1),
			Form{SevenBit: true}, "", ""},
		"the signature itself": {signedMail(ascii, "h=from:date", "i=é@author.example"), Form{ASCII: true}, "it is not in ASCII", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := Style{List: "peers@lists.example.org", Received: "by x; y", ReplyTo: ReplySender}
			out, changes := Transform(PostSteps(), []byte(c.mail), s, c.form)
			got := string(out.Bytes())
			why, notes := "", ""
			for _, change := range changes {
				switch change.Step {
				case "signatures":
					_, why, _ = strings.Cut(strings.Join(change.Notes, "; "), ": ")
				case "ascii", "seven-bit":
					notes += change.Step
				}
			}
			if kept := strings.Contains(got, "DKIM-Signature: "); why != c.why || kept != (c.why == "") || notes != c.notes {
				t.Errorf("kept: %v, %q and %q, want %q and %q\n%s", kept, why, notes, c.why, c.notes, got)
			}
			s.Munge, s.MungeWhy, s.FromName = true, "p=reject at z", "Dede via Peers"
			out, _ = Transform(PostSteps(), []byte(c.mail), s, c.form)
			munged := field(message.Parse(out.Bytes()), "From") == "Dede via Peers <peers@lists.example.org>"
			if munged != (c.notes != "" || c.why != "") && name != "what may not be encoded" {
				t.Errorf("From the list: %v\n%s", munged, out.Bytes())
			}
		})
	}
}
