package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptPage opens a page. Its cookies are in $COOKIE, as a browser would keep them.
func scriptPage(ts *testscript.TestScript, neg bool, args []string) {
	method, body := http.MethodGet, ""
	if len(args) > 1 {
		method, body = http.MethodPost, args[1]
	}
	req, err := http.NewRequest(method, args[0], strings.NewReader(body))
	ts.Check(err)
	if body != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if cookie := ts.Getenv("COOKIE"); cookie != "" {
		req.Header.Set("Cookie", cookie)
	}
	client := http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	ts.Check(err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	ts.Check(err)
	for _, c := range resp.Cookies() {
		if ts.Setenv("COOKIE", ""); c.MaxAge >= 0 {
			ts.Setenv("COOKIE", c.Name+"="+c.Value)
		}
	}
	fmt.Fprintf(ts.Stdout(), "%d %s\n%s", resp.StatusCode, resp.Header.Get("Location"), text)
}
