package list

import (
	"strings"
	"testing"

	"convene/list/message"
)

// copyOf runs a post through all steps.
func copyOf(t *testing.T, raw string, s Style, form Form) (string, *message.Message, []Change) {
	t.Helper()
	if s.List == "" {
		s.List, s.ListName = "peers@lists.example.org", "Peer Learning"
	}
	s.Hostname, s.Received = "mx.example.org", "by x; y"
	in := []byte(strings.ReplaceAll(raw, "\n", "\r\n"))
	pieces, changes := Transform(PostSteps(), in, s, form)
	out := pieces.Bytes()
	checkWire(t, in, out, form == Form{})
	return string(out), message.Parse(out), changes
}

// munging is a style whose copies go out From the list.
func munging(reply ReplyTo) Style {
	return Style{ReplyTo: reply, SubjectPrefix: "[p]", Munge: true, MungeWhy: "p=reject at _dmarc.author.example", FromName: "Ann Author via Peer Learning"}
}

// field is the field of a copy as it stands there, unfolded; several are divided by " | ".
func field(m *message.Message, name string) string {
	return strings.Join(m.Values(name), " | ")
}

// TestAnswers is the policy of Reply-To and Cc, row by row: M20, D05.
func TestAnswers(t *testing.T) {
	const list, ann = "peers@lists.example.org", "Ann Author <ann@author.example>"
	for name, c := range map[string]struct {
		reply    ReplyTo
		munge    bool
		announce bool
		fields   string // beside From and To
		replyTo  string
		cc       string
	}{
		"to the list": {ReplyList, false, false, "", list, ""},
		"to the list and the author's other address":      {ReplyList, false, false, "Reply-To: Ann 2 <ann2@x.example>\n", "Ann 2 <ann2@x.example>, " + list, ""},
		"to the list once, where the author said so":      {ReplyList, false, false, "Reply-To: PEERS@lists.example.org\n", list, ""},
		"the list last, wherever it stood":                {ReplyList, false, false, "Reply-To: Peers@lists.example.org, b@x.example, B@X.example\n", "b@x.example, " + list, ""},
		"to the list, and Cc as it came":                  {ReplyList, false, false, "Cc:  Bob\n <bob@x.example>\n", list, "Bob <bob@x.example>"},
		"to the sender":                                   {ReplySender, false, false, "", "", ""},
		"to where the sender said":                        {ReplySender, false, false, "Reply-To: ann2@x.example, ANN2@x.example\n", "ann2@x.example, ANN2@x.example", ""},
		"announcements: to the sender, whatever is set":   {ReplyList, false, true, "", "", ""},
		"announcements: to where the sender said":         {ReplyList, false, true, "Reply-To: desk@x.example\n", "desk@x.example", ""},
		"munged, to the list":                             {ReplyList, true, false, "", list, ann},
		"munged, to the list, Cc grows":                   {ReplyList, true, false, "Cc: Bob <bob@x.example>\n", list, "Bob <bob@x.example>, " + ann},
		"munged, to the list, the author in Cc":           {ReplyList, true, false, "Cc: ANN@author.example, b@x.example\n", list, "ANN@author.example, b@x.example"},
		"munged, to the list, the author in To":           {ReplyList, true, false, "X-To: me\n", list, ""},
		"munged, to the list and elsewhere":               {ReplyList, true, false, "Reply-To: ann2@x.example\n", "ann2@x.example, " + list, ann},
		"munged, to the list and the author":              {ReplyList, true, false, "Reply-To: Ann@Author.example\n", "Ann@author.example, " + list, ""},
		"munged, to the list as the author said":          {ReplyList, true, false, "Reply-To: " + list + "\n", list, ann},
		"munged, to the sender":                           {ReplySender, true, false, "", ann, ""},
		"munged, to the sender and where they said":       {ReplySender, true, false, "Reply-To: ann2@x.example\n", "ann2@x.example, " + ann, ""},
		"munged, to the sender, who said so":              {ReplySender, true, false, "Reply-To: A <ann@author.example>\n", "A <ann@author.example>", ""},
		"munged, to the sender, who asked for the list":   {ReplySender, true, false, "Reply-To: " + list + "\n", ann + ", " + list, ""},
		"munged, to the sender and several":               {ReplySender, true, false, "Reply-To: b@x.example, c@x.example\n", "b@x.example, c@x.example, " + ann, ""},
		"munged, to the sender, Cc as it came":            {ReplySender, true, false, "Cc: Bob <bob@x.example>\n", ann, "Bob <bob@x.example>"},
		"munged announcements: to the sender":             {ReplyList, true, true, "", ann, ""},
		"munged announcements: to where they said":        {ReplyList, true, true, "Reply-To: desk@x.example\n", "desk@x.example, " + ann, ""},
		"munged, a Reply-To that nobody can read":         {ReplySender, true, false, "Reply-To: nobody at all\n", ann, ""},
		"munged, an empty group in Reply-To":              {ReplyList, true, false, "Reply-To: undisclosed-recipients:;\n", list, ann},
		"munged, an empty Cc":                             {ReplyList, true, false, "Cc: undisclosed-recipients:;\n", list, ann},
		"munged, a Cc that can be read in part":           {ReplyList, true, false, "Cc: bob@x.example, what is this\n", list, "bob@x.example, " + ann},
		"munged, a Cc with octets that no server takes":   {ReplyList, true, false, "Cc: Zo\xeb <zoe@x.example>\n", list, "=?utf-8?q?Zo=C3=AB?= <zoe@x.example>, " + ann},
		"munged, a group in Cc stays one":                 {ReplyList, true, false, "Cc: Team: b@x.example;\n", list, "Team: b@x.example;, " + ann},
		"munged, a comma too many in Cc":                  {ReplyList, true, false, "Cc: b@x.example,\n", list, "b@x.example, " + ann},
		"a Reply-To that nobody can read, and no munging": {ReplyList, false, false, "Reply-To: nobody at all\n", list, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := munging(c.reply)
			s.Munge, s.Announce = c.munge, c.announce
			to := list
			if strings.Contains(c.fields, "X-To") {
				to += ", Ann@author.example"
			}
			out, m, _ := copyOf(t, "From: Ann Author <ann@author.example>\nTo: "+to+"\n"+c.fields+"Subject: x\n\nx\n", s, Form{})
			if got := field(m, "Reply-To"); got != c.replyTo {
				t.Errorf("Reply-To: %s, want %s", got, c.replyTo)
			}
			if got := strings.Join(strings.Fields(field(m, "Cc")), " "); got != c.cc {
				t.Errorf("Cc: %s, want %s", got, c.cc)
			}
			if c.cc != "" && !strings.HasSuffix(c.cc, ann) && !strings.Contains(out, strings.ReplaceAll(c.fields, "\n", "\r\n")) {
				t.Errorf("M12: Cc is not as it came:\n%s", out)
			}
		})
	}
}

// TestFrom is when From is changed, and what else is then: D04, M19, M60.
func TestFrom(t *testing.T) {
	const munged = "Ann Author via Peer Learning <peers@lists.example.org>"
	for name, c := range map[string]struct {
		style  Style
		form   Form
		from   string
		fields string
		want   string // From
		author string
		sender string
		says   string
	}{
		"p=reject on a list that rewrites": {munging(ReplyList), Form{}, "Ann Author <ann@author.example>", "", munged, "Ann Author <ann@author.example>", "",
			"the list stands in From: p=reject at _dmarc.author.example"},
		"p=reject on a list that does not": {Style{ReplyTo: ReplySender, Munge: true, MungeWhy: "p=reject at z", FromName: "Ann"}, Form{}, "Ann Author <ann@author.example>", "Sender: s@x.example\n",
			"Ann Author <ann@author.example>", "", "s@x.example", "left From as it is, since nothing is changed that its author signs, although p=reject at z"},
		"p=none on a list that rewrites": {Style{ReplyTo: ReplyList, MungeWhy: "p=none at z"}, Form{}, "ann@author.example", "Sender: s@x.example\n", "ann@author.example", "", "s@x.example",
			"left From as it is: p=none at z"},
		"nobody asked":                     {Style{ReplyTo: ReplyList}, Form{}, "ann@author.example", "", "ann@author.example", "", "", ""},
		"M19 a Sender goes with From":      {munging(ReplySender), Form{}, "ann@author.example", "Sender: assistant@x.example\n", munged, "ann@author.example", "", "removed sender"},
		"M60 an Author stays":              {munging(ReplySender), Form{}, "ann@author.example", "Author: Other <o@x.example>\n", munged, "Other <o@x.example>", "", ""},
		"M60 the Author is From to a hair": {munging(ReplySender), Form{}, " =?utf-8?Q?Ann?= (she)\n <ann@author.example>", "", munged, "=?utf-8?Q?Ann?= (she) <ann@author.example>", "", ""},
		"M60 but in ASCII":                 {munging(ReplySender), Form{}, "Zo\xc3\xab <ann@author.example>", "", munged, "=?utf-8?q?Zo=C3=AB?= <ann@author.example>", "", ""},
		"an address that is not ASCII":     {munging(ReplySender), Form{}, "用户 <用户@例え.example>", "", munged, "=?utf-8?b?55So5oi3?= <用户@例え.example>", "", ""},
		"the form without it":              {munging(ReplySender), Form{ASCII: true}, "用户 <用户@例え.example>", "", munged, "", "", ""},
		"the ASCII form of a post in it":   {Style{Munge: true, MungeWhy: "z", FromName: "Ann"}, Form{ASCII: true}, "ann@author.example", "", "ann@author.example", "", "", ""},
		"octets that the ASCII form loses": {Style{Munge: true, MungeWhy: "z", FromName: "Ann"}, Form{ASCII: true}, "ann@author.example", "X-Note: \xc3\xab\n", "Ann <peers@lists.example.org>", "ann@author.example", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, m, changes := copyOf(t, "From: "+c.from+"\nTo: peers@lists.example.org\n"+c.fields+"Subject: x\n\nx\n", c.style, c.form)
			if from, author, sender := field(m, "From"), field(m, "Author"), field(m, "Sender"); from != c.want || author != c.author || sender != c.sender {
				t.Errorf("From: %s\nAuthor: %s\nSender: %s\nwant\n%s\n%s\n%s", from, author, sender, c.want, c.author, c.sender)
			}
			said := ""
			for _, change := range changes {
				if change.Step == "from" {
					said = strings.Join(change.Notes, "\n")
				}
			}
			if !strings.Contains(said, c.says) || c.style.MungeWhy == "" && said != "" {
				t.Errorf("it says %q, and not %q", said, c.says)
			}
		})
	}
}

// TestAChangedBodyBreaksASignature: a list that otherwise leaves posts alone sends those From the list of which it changes the body.
func TestAChangedBodyBreaksASignature(t *testing.T) {
	s := Style{List: "peers@lists.example.org", Munge: true, MungeWhy: "z", FromName: "Ann via P", ReplyTo: ReplySender, Received: "by x; y"}
	steps := append([]Step{{"body", func(d *Draft) {
		if d.Form.Light {
			d.edit.SetBody(message.Pieces{[]byte("less\r\n")})
		}
	}}}, PostSteps()...)
	raw := []byte("From: ann@author.example\r\nSubject: x\r\n\r\nmore\r\n")
	for form, want := range map[Form]string{{}: "ann@author.example", {Light: true}: "Ann via P <peers@lists.example.org>"} {
		pieces, _ := Transform(steps, raw, s, form)
		m := message.Parse(pieces.Bytes())
		if got := field(m, "From"); got != want {
			t.Errorf("%+v: From: %s, want %s", form, got, want)
		}
	}
}

func TestRewrites(t *testing.T) {
	for want, s := range map[string]Style{
		"": {ReplyTo: ReplySender, Attachments: KeepAttachments, AttachmentsOver: 1000}, "subject_prefix": {SubjectPrefix: "[p]"}, "reply_to": {ReplyTo: ReplyList},
		"footer": {ReplyTo: ReplyList, Announce: true, Footer: "f"}, "subject_prefix reply_to footer attachments": {SubjectPrefix: "[p]", ReplyTo: ReplyList, Footer: "f", Attachments: StripAttachments},
	} {
		if got := strings.Join(s.Rewrites(), " "); got != want {
			t.Errorf("%+v rewrites by %q, want %q", s, got, want)
		}
	}
}
