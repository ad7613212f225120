package list_test

import (
	"strings"
	"testing"
	"time"

	"convene/list"
)

// TestACommandThatComesTwiceIsDoneOnce: a client that did not hear our 250 sends the same mail again, perhaps over another relay.
func TestACommandThatComesTwiceIsDoneOnce(t *testing.T) {
	const first = "Message-ID: <1@m>\nDate: Mon, 02 Mar 2026 09:00:00 +0000\n"
	for name, c := range map[string]struct {
		header, again string
		body, other   string // of the first and the second mail
		to            string // of the second
		after         time.Duration
		twice         bool
	}{
		"the same mail":                  {header: first, again: first},
		"five days later":                {header: first, again: first, after: 5 * 24 * time.Hour},
		"over another relay":             {header: first, again: "Received: from a by b; Mon, 02 Mar 2026 09:05:00 +0000\n" + first},
		"with no Message-ID but a Date":  {header: "Date: Mon, 02 Mar 2026 09:00:00 +0000\n", again: "Date: Mon, 02 Mar 2026 09:00:00 +0000\n"},
		"with neither: two of one sort":  {twice: true},
		"another mail with one of its":   {header: first, again: first, other: "who", twice: true},
		"another mail of the same words": {header: first, again: strings.Replace(first, "1@", "2@", 1), twice: true},
		"the same at another address":    {header: first, again: first, to: "peers+settings@lists.example.org", twice: true},
	} {
		for proof, auth := range map[string]auth{"authenticated": sure, "a claim": unsure} {
			t.Run(name+", "+proof, func(t *testing.T) {
				s := joinable(t, list.JoinConfirm, nil)
				s.members(t, dede)
				hand := func(to, header, body string) string {
					t.Helper()
					r, err := s.take(dede, to, "From: "+dede+"\nTo: peers-request@lists.example.org\nSubject: x\n"+header+"\n"+body+"\n", auth)
					if err != nil {
						t.Fatal(err)
					}
					return r.Action
				}
				if c.body = "settings"; c.other == "" {
					c.other = c.body
				}
				if c.to == "" {
					c.to = "peers-request@lists.example.org"
				}
				if got := hand("peers-request@lists.example.org", c.header, c.body); got != "command" || len(s.notices(t)) != 1 {
					t.Fatalf("the first: %s", got)
				}
				s.now = s.now.Add(c.after + 10*time.Minute) // or there is no second question
				got := hand(c.to, c.again, c.other)
				if n := len(s.notices(t)); (got == "command") != c.twice || (n == 1) != c.twice {
					t.Errorf("the second: %s, and %d answers", got, n)
				}
			})
		}
	}
}

// TestARefusedCommandMayComeAgain: what was refused for now was not taken.
func TestARefusedCommandMayComeAgain(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	s.members(t, dede)
	for range 20 {
		if _, err := s.command(dede, "settings", "", "", sure); err != nil {
			t.Fatal(err)
		}
	}
	const raw = "From: " + dede + "\nMessage-ID: <again@m>\n\n"
	if _, err := s.take(dede, "peers+settings@lists.example.org", raw, sure); reason(err) != list.TooManyCommands {
		t.Fatal(err)
	}
	s.now = s.now.Add(time.Hour)
	if r, err := s.take(dede, "peers+settings@lists.example.org", raw, sure); err != nil || r.Action != "command" {
		t.Errorf("an hour later: %+v, %v", r, err)
	}
}

// TestAPostToTheListAndItsCommandsIsBoth: one mail, in two transactions or in one.
func TestAPostToTheListAndItsCommandsIsBoth(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	s.members(t, dede)
	raw := "From: " + dede + "\nTo: peers@lists.example.org, peers+help@lists.example.org\nMessage-ID: <1@m>\nSubject: Hello\n\nHello.\n"
	if r, err := s.take(dede, "peers+help@lists.example.org", raw, sure); err != nil || r.Action != "command" {
		t.Fatalf("%+v, %v", r, err)
	}
	if r, err := s.take(dede, "peers@lists.example.org", raw, sure); err != nil || r.Action != "accept" {
		t.Errorf("%+v, %v", r, err)
	}
}
