package web

import (
	"errors"
	"fmt"
	"html"
	"strings"
	"testing"

	"convene/list"
)

// multipartOneClick is the body of RFC 8058 §8.2, with the type that goes with it.
const (
	multipartType     = "multipart/form-data; boundary=---FormBoundaryjWmhtjORrn"
	multipartOneClick = "-----FormBoundaryjWmhtjORrn\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n" +
		"-----FormBoundaryjWmhtjORrn--\r\n"
)

func TestLeave(t *testing.T) {
	for name, c := range map[string]struct {
		method, query, kind, body string
		fields                    []string
		status                    int
		left, says                string
	}{
		"one click, urlencoded": {method: "POST", kind: urlencoded, body: oneClick, status: 200, left: HowOneClick, says: "You have left Peer Learning"},
		"one click, with a charset": {method: "POST", kind: "Application/X-WWW-Form-Urlencoded; charset=UTF-8", body: oneClick, status: 200,
			left: HowOneClick},
		"one click, percent-encoded": {method: "POST", kind: urlencoded, body: "List%2DUnsubscribe=One%2DClick", status: 200, left: HowOneClick},
		"one click, multipart":       {method: "POST", kind: multipartType, body: multipartOneClick, status: 200, left: HowOneClick},
		"one click, multipart with bare LF": {method: "POST", kind: multipartType, body: strings.ReplaceAll(multipartOneClick, "\r\n", "\n"), status: 200,
			left: HowOneClick},
		"one click without a type": {method: "POST", body: oneClick, status: 200, left: HowOneClick},
		"one click from another site, with its cookies": {method: "POST", kind: urlencoded, body: oneClick, status: 200, left: HowOneClick,
			fields: []string{"Origin: https://mail.example.net", "Referer: https://mail.example.net/", "Cookie: a=b", "Sec-Fetch-Site: cross-site"}},
		"the button of our page":          {method: "POST", kind: urlencoded, body: "confirm=yes", status: 200, left: HowPage, says: "peers+owner@lists.example.org"},
		"the button, beside other fields": {method: "POST", kind: urlencoded, body: "utm=1&confirm=yes", status: 200, left: HowPage},
		"both at once act once":           {method: "POST", kind: urlencoded, body: oneClick + "&confirm=yes", status: 200, left: HowOneClick},

		"nothing in the body":           {method: "POST", kind: urlencoded, status: 400, says: "Nothing has changed"},
		"nothing at all":                {method: "POST", status: 400, says: `<button name="confirm" value="yes">`},
		"no to the question":            {method: "POST", kind: urlencoded, body: "confirm=no", status: 400},
		"the pair in other letters":     {method: "POST", kind: urlencoded, body: "list-unsubscribe=one-click", status: 400},
		"the pair in the query":         {method: "POST", query: "?" + oneClick + "&confirm=yes", kind: urlencoded, status: 400},
		"the pair as JSON":              {method: "POST", kind: "application/json", body: `{"List-Unsubscribe":"One-Click"}`, status: 400},
		"the pair as plain text":        {method: "POST", kind: "text/plain", body: oneClick, status: 400},
		"a type that is none":           {method: "POST", kind: ";;", body: oneClick, status: 400},
		"multipart without a boundary":  {method: "POST", kind: "multipart/form-data", body: multipartOneClick, status: 400},
		"multipart without an end":      {method: "POST", kind: multipartType, body: strings.TrimSuffix(multipartOneClick, "\r\n-----FormBoundaryjWmhtjORrn--\r\n"), status: 400},
		"the pair as an uploaded file":  {method: "POST", kind: multipartType, body: strings.Replace(multipartOneClick, `be"`, `be"; filename="a"`, 1), status: 400},
		"an escape that is none":        {method: "POST", kind: urlencoded, body: oneClick + "&a=%zz", status: 400},
		"a body of one octet too many":  {method: "POST", kind: urlencoded, body: oneClick + "&a=" + strings.Repeat("a", maxBody-28), status: 413},
		"a body as large as it may be":  {method: "POST", kind: urlencoded, body: oneClick + "&a=" + strings.Repeat("a", maxBody-29), status: 200, left: HowOneClick},
		"a multipart body of 5 KiB":     {method: "POST", kind: multipartType, body: strings.Repeat("x", 5<<10) + "\r\n" + multipartOneClick, status: 413},
		"a page, opened":                {method: "GET", status: 200, says: "a…@example.org"},
		"a page, opened with the pair":  {method: "GET", query: "?" + oneClick, kind: urlencoded, body: oneClick, status: 200, says: "Leave Peer Learning?"},
		"a page, its head":              {method: "HEAD", query: "?confirm=yes", status: 200},
		"a method behind another":       {method: "GET", query: "?_method=POST&confirm=yes", body: oneClick, fields: []string{"X-HTTP-Method-Override: POST", "X-HTTP-Method: POST", "X-Method-Override: POST"}, status: 200},
		"a method behind POST":          {method: "POST", kind: urlencoded, body: "_method=DELETE", fields: []string{"X-HTTP-Method-Override: DELETE"}, status: 400},
		"options with the pair":         {method: "OPTIONS", kind: urlencoded, body: oneClick, status: 405},
		"a preflight of another script": {method: "OPTIONS", fields: []string{"Origin: https://evil.test", "Access-Control-Request-Method: POST"}, status: 405},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite()
			fields := c.fields
			if c.kind != "" {
				fields = append(fields, "Content-Type: "+c.kind)
			}
			resp := s.ask(t, c.method, "/u/"+token+c.query, c.body, fields...)
			page := html.UnescapeString(text(t, resp))
			if resp.StatusCode != c.status || s.engine.gone() != c.left {
				t.Errorf("status %d, left %q; want %d, %q", resp.StatusCode, s.engine.gone(), c.status, c.left)
			}
			if !strings.Contains(page, c.says) {
				t.Errorf("the page does not say %q:\n%s", c.says, page)
			}
			if strings.Contains(page, member) || strings.Contains(strings.ToLower(page), token) {
				t.Errorf("the page holds the member's address or the token:\n%s", page)
			}
			if len(resp.Cookies()) > 0 || resp.Header.Get("Location") != "" || resp.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("header: %v", resp.Header)
			}
		})
	}
}

func TestLeavingTwiceIsLeavingOnce(t *testing.T) {
	s := newSite()
	for i, body := range []string{oneClick, oneClick, "confirm=yes"} {
		resp := s.ask(t, "POST", "/u/"+token, body, "Content-Type: "+urlencoded)
		says := "You are not a member of Peer Learning any more"
		if i == 0 {
			says = "You have left Peer Learning"
		}
		if page := text(t, resp); resp.StatusCode != 200 || !strings.Contains(page, says) {
			t.Errorf("time %d: %d\n%s", i+1, resp.StatusCode, page)
		}
	}
	if page := text(t, s.ask(t, "GET", "/u/"+token, "")); strings.Contains(page, "<form") {
		t.Errorf("who is gone is asked again:\n%s", page)
	}
	if resp := s.ask(t, "POST", "/u/"+token, "a=b", "Content-Type: "+urlencoded); resp.StatusCode != 400 {
		t.Errorf("a POST of something else to a link that is done: %d", resp.StatusCode)
	}
}

func TestOpeningAHundredTimesChangesNothing(t *testing.T) {
	s := newSite()
	first := text(t, s.ask(t, "GET", "/u/"+token, ""))
	for range 100 {
		if page := text(t, s.ask(t, "GET", "/u/"+token, "")); page != first {
			t.Fatalf("another page:\n%s", page)
		}
		s.ask(t, "HEAD", "/u/"+token, "")
		s.ask(t, "OPTIONS", "/u/"+token, "")
	}
	if s.engine.gone() != "" || s.engine.who.Gone {
		t.Errorf("left %q", s.engine.gone())
	}
}

// TestStrangersTokensLookTheSame holds that nobody learns from an answer how close a token was, nor sees their own words again.
func TestStrangersTokensLookTheSame(t *testing.T) {
	for _, method := range []string{"GET", "POST"} {
		var want string
		for _, tok := range []string{stranger, "b" + token[1:], token[:25], token + "a", "", "%3Cscript%3E", "..%2f..%2fetc", "a%0d%0aSet-Cookie:%20a=b", "%ff", "ä"} {
			s := newSite()
			resp := s.ask(t, method, "/u/"+tok, oneClick, "Content-Type: "+urlencoded, "Host: evil.test")
			var b strings.Builder
			resp.Header.Write(&b)
			got := fmt.Sprintf("%d\n%s\n%s", resp.StatusCode, b.String(), text(t, resp))
			if want == "" {
				want = got
			}
			if got != want || resp.StatusCode != 404 || resp.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s %q: %s", method, tok, got)
			}
		}
	}
}

func TestEngineInTrouble(t *testing.T) {
	s := newSite()
	s.engine.err = errors.New("store: disk full")
	for _, method := range []string{"GET", "POST"} {
		resp := s.ask(t, method, "/u/"+token, oneClick, "Content-Type: "+urlencoded)
		if resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %v", method, resp.StatusCode, resp.Header)
		}
	}
	if !strings.Contains(s.log.String(), "disk full") {
		t.Errorf("the log does not say why: %s", s.log)
	}
	s.engine.err = fmt.Errorf("wrapped: %w", list.ErrNotFound)
	if resp := s.ask(t, "GET", "/u/"+token, ""); resp.StatusCode != 404 {
		t.Errorf("an unknown token: %d", resp.StatusCode)
	}
}

func TestMalformedTokensNeverReachTheEngine(t *testing.T) {
	for tok, want := range map[string]int{token: 1, strings.ToUpper(token): 1, "a": 1, "0189": 1, token + "a": 0, "": 0, "a-b": 0, "a%20b": 0, "a/b": 0, "%C3%A4": 0,
		"%E2%84%AA": 0} { // the last is the Kelvin sign, whose lower case is k
		s := newSite()
		s.ask(t, "GET", "/u/"+tok, "")
		if s.engine.asked != want {
			t.Errorf("%q: the engine was asked %d times, want %d", tok, s.engine.asked, want)
		}
	}
}
