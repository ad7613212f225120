package web

import (
	"html"
	"strings"
	"testing"

	"convene/list"
)

// invite has the token of the tests be of an invitation.
func invite(s *site) {
	s.engine.what = list.Confirmation{List: "peers@lists.example.org", Title: "Peer Learning", Address: member, Question: "Reading circle", Text: "Tuesday 24 March, 15:00 Nairobi", Invites: true}
}

// An invitation has three buttons; only what a button sends is taken, as often as it is pressed.
func TestAnInvitationIsAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		method, query, body string
		status              int
		taken, says         string
	}{
		"opened":                       {method: "GET", status: 200, says: `<button name="answer" value="yes">Yes</button>`},
		"opened with an answer":        {method: "GET", query: "?answer=yes", body: "answer=yes", status: 200, says: "Tuesday 24 March, 15:00 Nairobi"},
		"its head":                     {method: "HEAD", status: 200},
		"yes":                          {method: "POST", body: "answer=yes", status: 200, taken: "yes", says: `value="yes" aria-pressed="true"`},
		"no":                           {method: "POST", body: "answer=no", status: 200, taken: "no", says: "Noted: no"},
		"maybe":                        {method: "POST", body: "answer=maybe", status: 200, taken: "maybe", says: "Noted: maybe"},
		"a word that is none":          {method: "POST", body: "answer=host", status: 400, says: "Nothing has changed"},
		"the form without a button":    {method: "POST", status: 400, says: "Nothing has changed"},
		"the answer in the query":      {method: "POST", query: "?answer=yes", status: 400},
		"the pair of a mail service":   {method: "POST", body: oneClick, status: 400},
		"a token that is none of ours": {method: "POST", body: "answer=yes", query: "#", status: 404},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite()
			invite(s)
			path := "/c/" + token + c.query
			if c.query == "#" {
				path = "/c/" + stranger
			}
			resp := s.ask(t, c.method, path, c.body, "Content-Type: "+urlencoded)
			page := html.UnescapeString(text(t, resp))
			if resp.StatusCode != c.status || s.engine.gone() != c.taken || !strings.Contains(page, c.says) {
				t.Errorf("status %d, taken %q; want %d, %q, and %q in\n%s", resp.StatusCode, s.engine.gone(), c.status, c.taken, c.says, page)
			}
			if strings.Contains(page, member) || strings.Contains(page, token) || strings.Contains(s.log.String(), token) || strings.Contains(s.log.String(), member) {
				t.Errorf("the page or the log holds the address or the token:\n%s\n%s", page, s.log)
			}
		})
	}
	s := newSite()
	if resp := s.ask(t, "POST", "/c/"+token, "answer=yes", "Content-Type: "+urlencoded); resp.StatusCode != 404 || s.engine.gone() != "" {
		t.Errorf("a confirmation was answered like an invitation: %d, %q", resp.StatusCode, s.engine.gone())
	}
}
