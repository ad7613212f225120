package imap

import (
	"strings"
	"testing"
	"time"

	"convene/list"
)

// books are mails with the same word, in many forms.
var books = []string{
	mail,
	"From: Zoe <zoe@example.net>\nSubject: =?utf-8?q?B=C3=BCcher?=\nDate: Fri, 6 Mar 2026 23:30:00 -0500\n\nnothing\n",
	"From: Zoe <zoe@example.net>\nSubject: qp\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nviele B=FC=\ncher\n",
	"From: =?utf-8?b?QsO8Y2hlcg==?= <b@example.net>\nSubject: base64\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPHA+QjxiPsO8PC9iPmNoZXI8L3A+\n--b--\n",
	"From: Zoe <zoe@example.net>\nSubject: enclosed\nContent-Type: message/rfc822\n\nSubject: =?utf-8?q?B=C3=BCcher?=\n\nx\n",
	"From: Zoe <zoe@example.net>\nSubject: a longer one\nX-Odd: yes\n\n" + strings.Repeat("word ", 400) + "\n",
}

func TestSearch(t *testing.T) {
	h := newHouse(t)
	for i, raw := range books {
		h.post(peers, raw, func(p *list.Post) { p.Arrived = h.now.Add(time.Duration(i) * 24 * time.Hour) })
	}
	c := h.anonymous()
	c.ok("EXAMINE Lists/" + peers)
	for program, want := range map[string]string{
		"ALL":                                "1 2 3 4 5 6",
		"SUBJECT hello":                      "1",
		"SUBJECT {7+}\r\nbücher":             "2",
		"CHARSET UTF-8 TEXT {7+}\r\nBÜCHER":  "2 3 4 5",
		"BODY {7+}\r\nbücher":                "3 4 5",
		"FROM {7+}\r\nbücher":                "4",
		"FROM zoe@":                          "2 3 5 6",
		"HEADER X-Odd \"\"":                  "6",
		"HEADER X-Odd no":                    "",
		"OR SUBJECT hello SUBJECT qp":        "1 3",
		"NOT FROM zoe":                       "1 4",
		"NOT (FROM zoe SUBJECT qp) 2:4":      "2 4",
		"SINCE 7-Mar-2026":                   "3 4 5 6",
		"BEFORE 7-Mar-2026":                  "1 2",
		"ON 7-Mar-2026":                      "3",
		"SENTON 6-Mar-2026":                  "2",
		"SENTSINCE 7-Mar-2026":               "",
		"LARGER 1000":                        "6",
		"SMALLER 1000 SINCE 9-Mar-2026":      "5",
		"SMALLER 1000 LARGER 100 SUBJECT qp": "3",
		"SEEN":                               "",
		"UNSEEN KEYWORD x":                   "",
		"UID 2:3,99":                         "2 3",
		"2,*":                                "2 6",
		"UID 900:*":                          "6",
		"RETURN (COUNT MIN MAX) FROM zoe":    "(TAG \"x\") MIN 2 MAX 6 COUNT 4",
		"RETURN (ALL) FROM zoe":              "(TAG \"x\") ALL 2:3,5:6",
		"RETURN () SUBJECT nothing":          "(TAG \"x\")",
	} {
		lines, end := c.do("SEARCH " + program)
		said := strings.Join(lines, "\n")
		if i := strings.Index(said, "(TAG "); i >= 0 {
			said = said[:i] + "(TAG \"x\")" + said[i+strings.Index(said[i:], ")")+1:]
		}
		said = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(said, "* SEARCH"), "* ESEARCH"))
		if said != want || !strings.HasPrefix(end, "OK") {
			t.Errorf("SEARCH %q: %q, want %q: %s", program, said, want, end)
		}
	}
	for _, program := range []string{"OLDER 5", "", "(ALL", "ALL)", "SUBJECT", "NOT", "FUZZY x", "RETURN (ALL", strings.Repeat("NOT ", 60) + "ALL", strings.Repeat("(", 60) + "ALL" + strings.Repeat(")", 60)} {
		c.no("SEARCH "+program, "BAD")
	}
	c.no("SEARCH CHARSET KOI8-R TEXT x", "NO [BADCHARSET]")
	c.ok("SEARCH RETURN (SAVE) FROM zoe SINCE 7-Mar-2026")
	c.has("UID FETCH $ UID", "* 3 FETCH", "* 5 FETCH", "* 6 FETCH")
	if said := c.ok("UID SEARCH $ SUBJECT qp"); said != "* SEARCH 3" {
		t.Errorf("$ is %q", said)
	}
}

// Of a message in which all stands as it is, it is told from its octets what it has not; of every other it is not.
func TestLacks(t *testing.T) {
	for name, c := range map[string]struct {
		raw, text string
		want      bool
	}{
		"a word that is there":              {mail, "hello", false},
		"part of one":                       {mail, "ELL", false},
		"a word that is not":                {mail, "nowhere", true},
		"words over a fold":                 {"Subject: one\n two\n\n", "one two", false},
		"a field that is not there":         {mail, "x-odd: yes", true},
		"the name of a field":               {mail, "subject: hello", false},
		"letters beyond ASCII":              {mail, "b\u00fccher", true},
		"nothing":                           {mail, "", false},
		"spaces":                            {mail, "  ", false},
		"UTF-8":                             {"Subject: x\n\nb\u00fccher\n", "nowhere", false},
		"a text that is encoded":            {"Content-Transfer-Encoding: Base64\n\nYWJj\n", "nowhere", false},
		"one that says that it is not":      {"Content-Type: text/plain; charset=\"UTF-8\"\nContent-Transfer-Encoding: 7bit\n\nabc\n", "nowhere", true},
		"HTML":                              {"Content-Type: text/html\n\na<b>b</b>\n", "nowhere", false},
		"words that are encoded":            {"Subject: =?utf-8?q?a?=\n\n", "nowhere", false},
		"another charset":                   {"Content-Type: text/plain; charset=utf-7\n\n", "nowhere", false},
		"a charset in pieces":               {"Content-Type: text/plain; charset*0=utf-; charset*1=7\n\n", "nowhere", false},
		"a control that decoding takes out": {"Subject: x\n\na\x00b\n", "nowhere", false},
	} {
		if got := seek(c.text).lacks([]byte(c.raw)); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
