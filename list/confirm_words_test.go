package list_test

import (
	"strings"
	"testing"

	"convene/list"
)

// TestWhatConfirms: a reply without words and a yes do; what is neither yes nor no, or comes from a machine, does nothing.
func TestWhatConfirms(t *testing.T) {
	const nothing, again = "", zoe + ": Peers: yes or no?"
	const welcome = zoe + ": Welcome to Peers"
	for name, c := range map[string]struct {
		fields, body string
		from         string // of the envelope; empty: the member's
		told         string
		joins        bool
	}{
		"nothing at all":                   {told: welcome, joins: true},
		"only the quotation":               {body: "\n> If it was you, reply\n> no\n", told: welcome, joins: true},
		"only a signature":                 {body: "-- \nZoë, who says no", told: welcome, joins: true},
		"yes":                              {body: "Yes", told: welcome, joins: true},
		"yes in Swahili, and more":         {body: "Ndiyo, asante", told: welcome, joins: true},
		"the word that was asked":          {body: "subscribe", told: welcome, joins: true},
		"confirm":                          {body: "confirm", told: welcome, joins: true},
		"no":                               {body: "No!"},
		"stop":                             {body: "stop"},
		"no in German, below a yes quoted": {body: "> ja\n\nNein danke"},
		"si before other words":            {body: "Si c'est possible, pas de courriels", told: again},
		"a sentence":                       {body: "Who are you and what is this?", told: again},
		"remove me":                        {body: "Please remove me", told: again},
		"an absence that has no mark":      {body: "I am out of the office until Monday.", told: again},
		"a text that is encrypted": {fields: "MIME-Version: 1.0\nContent-Type: multipart/encrypted; boundary=b\n",
			body: "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\nxxx\n--b--\n", told: again},
		"a picture":                    {fields: "MIME-Version: 1.0\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n", body: "iVBORw0KGgo=", told: again},
		"base64 that is broken":        {fields: "MIME-Version: 1.0\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n", body: "!!!!", told: again},
		"RFC 3834":                     {fields: "Auto-Submitted: auto-replied\n", body: "yes"},
		"a subject of a vacation":      {fields: "Subject: Automatic reply: was this you?\n", body: "yes"},
		"X-Autoreply":                  {fields: "X-Autoreply: yes\n"},
		"X-Autorespond":                {fields: "X-Autorespond: away\n"},
		"Precedence: auto_reply":       {fields: "Precedence: auto_reply\n"},
		"Precedence: bulk":             {fields: "Precedence: bulk\n"},
		"the null sender":              {from: "<>"},
		"a DSN":                        {fields: "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n", body: "--b\n\nyes\n--b--\n"},
		"an address that nobody is":    {from: "no-reply@example.net"},
		"X-Auto-Response-Suppress":     {fields: "X-Auto-Response-Suppress: All\n"},
		"through somebody else's list": {fields: "List-Id: <a.example>\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := joinable(t, list.JoinConfirm, nil)
			asked := s.obeyed(t, zoe, "subscribe", "", "", unsure)
			subject := "Subject: Re: Peers: was this you?\n"
			if strings.HasPrefix(c.fields, "Subject:") {
				subject = ""
			}
			from := zoe
			if c.from != "" {
				from = strings.Trim(c.from, "<>")
			}
			raw := "From: " + zoe + "\nTo: " + asked.answerTo() + "\nMessage-ID: <1@m>\nIn-Reply-To: <" + asked.msg.MessageID() + ">\n" + subject + c.fields + "\n" + c.body + "\n"
			if _, err := s.take(from, asked.answerTo(), raw, unsure); err != nil {
				t.Fatal(err)
			}
			all := s.notices(t)
			if told(all) != c.told || s.isMember(t, zoe) != c.joins {
				t.Fatalf("told %q, a member: %v", told(all), s.isMember(t, zoe))
			}
			if c.told != again {
				return
			}
			if n := all[0]; n.answerTo() == asked.answerTo() || !strings.Contains(unfolded(n), "- join the list") || strings.Contains(n.raw, "office") {
				t.Errorf("asked again by\n%s", n.raw)
			}
			if _, err := s.reply(asked, zoe, "what?", unsure); err != nil || len(s.notices(t)) != 0 {
				t.Errorf("asked twice in a day, or %v", err)
			}
			if _, err := s.reply(all[0], zoe, "yes", unsure); err != nil || !s.isMember(t, zoe) {
				t.Errorf("a yes to the second question: %v", err)
			}
		})
	}
}

// TestAProbeAsksOnlyWhetherSomebodyReads: whatever a person answers shows that.
func TestAProbeAsksOnlyWhetherSomebodyReads(t *testing.T) {
	s := newSite(t, nil)
	done := 0
	s.ConfirmWith(list.ForProbe, func(list.Confirmed) (string, error) { done++; return "It was done.", nil })
	for i, text := range []string{"I am here!", "Who is that?"} {
		token := s.ask(t, list.ForProbe, "a@x.example", 0, "data")
		if _, err := s.answer("peers+confirm-"+token+"@lists.example.org", "a@x.example", "", text, nil); err != nil || done != i+1 {
			t.Errorf("%q: done %d times, %v", text, done, err)
		}
	}
}
