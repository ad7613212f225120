package mailer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convene/mailer/mailtest"
)

func TestBadPeersInConversation(t *testing.T) {
	one := func(r mailtest.Rule) []mailtest.Rule { return []mailtest.Rule{r} }
	for name, c := range map[string]struct {
		rules  []mailtest.Rule
		offers []string
		pause  time.Duration // between octets
		size   int           // of each message; zero: 1000
		large  int           // which has 30,000 octets instead
		rcpts  []int         // of each transaction; nil: 1 each
		want   string        // A accepted, L later, N never, U undone, ? lost, + again, ! error
		over   error         // what the first error has to be
		took   time.Duration // not more than
	}{
		"a peer without faults":                        {want: "A A A"},
		"an octet a second":                            {pause: time.Second, want: "A A A"},
		"messages of more than a block":                {size: 300 << 10, want: "A A A"},
		"the next is larger than all buffers":          {rcpts: []int{1, 6000, 1}, want: "A " + strings.Repeat("A", 6000) + " A"},
		"4xx to all":                                   {rules: one(mailtest.Rule{Verb: "RCPT", Say: "450 4.2.0 greylisted"}), want: "L L L"},
		"4xx to all, and asks for content":             {rules: append(one(mailtest.Rule{Verb: "RCPT", Say: "450 4.2.0 greylisted"}), mailtest.Rule{Verb: "DATA", Say: "354 go on"}), want: "L L L"},
		"550 to a tenth":                               {rules: one(mailtest.Rule{Verb: "RCPT", Match: "0@", Say: "550 5.1.1 no"}), rcpts: []int{10, 10, 1}, want: "AAAAAAAAAN AAAAAAAAAN A"},
		"550 to the first recipient":                   {rules: one(mailtest.Rule{Verb: "RCPT", Nth: 1, Say: "550 5.1.1 no"}), want: "N A A"},
		"550 to the second":                            {rules: one(mailtest.Rule{Verb: "RCPT", Nth: 2, Say: "550 5.1.1 no"}), want: "A N A"},
		"550 to the second, and asks for content":      {rules: append(one(mailtest.Rule{Verb: "RCPT", Nth: 2, Say: "550 5.1.1 no"}), mailtest.Rule{Verb: "DATA", Say: "354 go on"}), want: "A N A"},
		"a 250 to nothing is nobody's":                 {rules: append(one(mailtest.Rule{Verb: "RCPT", Nth: 1, Say: "550 5.1.1 no"}), mailtest.Rule{Verb: "DATA", Say: "354 go on"}, mailtest.Rule{Verb: "DOT", Nth: 1, Say: "250 fine"}), want: "N A A"},
		"452 after the first of a transaction":         {rules: one(mailtest.Rule{Verb: "RCPT", Match: "m2@", Say: "452 4.5.3 too many"}), rcpts: []int{3, 1, 1}, want: "A+A A A"},
		"450 to the second MAIL":                       {rules: one(mailtest.Rule{Verb: "MAIL", Nth: 2, Say: "450 4.2.0 later"}), want: "A L A"},
		"550 to the second MAIL":                       {rules: one(mailtest.Rule{Verb: "MAIL", Nth: 2, Say: "550 5.7.1 not you"}), want: "A N A"},
		"530 to the second MAIL":                       {rules: one(mailtest.Rule{Verb: "MAIL", Nth: 2, Say: "530 5.7.0 authenticate"}), want: "A U! U!", over: ErrCredentials},
		"503 to the second MAIL":                       {rules: one(mailtest.Rule{Verb: "MAIL", Nth: 2, Say: "503 5.5.1 what now?"}), want: "A U! U!", over: errOutOfStep},
		"421 to the second MAIL":                       {rules: one(mailtest.Rule{Verb: "MAIL", Nth: 2, Say: "421 4.3.2 off", Then: mailtest.Close}), want: "A U! U!", over: errShutdown},
		"421 to the second RCPT, and talks on":         {rules: one(mailtest.Rule{Verb: "RCPT", Nth: 2, Say: "421 4.3.2 off"}), want: "A U! U!", over: errShutdown},
		"closes at the second MAIL":                    {rules: one(mailtest.Rule{Verb: "MAIL", Nth: 2, Then: mailtest.Close}), want: "A U! U!"},
		"closes at the second RCPT":                    {rules: one(mailtest.Rule{Verb: "RCPT", Nth: 2, Then: mailtest.Close}), want: "A U! U!"},
		"closes at the second DATA":                    {rules: one(mailtest.Rule{Verb: "DATA", Nth: 2, Then: mailtest.Close}), want: "A U! U!"},
		"hangs at the second MAIL":                     {rules: one(mailtest.Rule{Verb: "MAIL", Nth: 2, Then: mailtest.Hang}), want: "A U! U!", took: 5 * time.Minute},
		"hangs at the second DATA":                     {rules: one(mailtest.Rule{Verb: "DATA", Nth: 2, Then: mailtest.Hang}), want: "A U! U!", took: 2 * time.Minute},
		"floods at the second MAIL":                    {rules: one(mailtest.Rule{Verb: "MAIL", Nth: 2, Say: "250-yes", Then: mailtest.Flood}), want: "A U! U!", over: errResponseLong},
		"451 to the first DATA":                        {rules: one(mailtest.Rule{Verb: "DATA", Nth: 1, Say: "451 4.3.0 disk"}), want: "L A A"},
		"451 to the second DATA":                       {rules: one(mailtest.Rule{Verb: "DATA", Nth: 2, Say: "451 4.3.0 disk"}), want: "A L A"},
		"250 to the second DATA":                       {rules: one(mailtest.Rule{Verb: "DATA", Nth: 2, Say: "250 fine"}), want: "A U! U!", over: errOutOfStep},
		"354 and 250 to the second DATA":               {rules: one(mailtest.Rule{Verb: "DATA", Nth: 2, Say: "354 go on\n250 taken before it was there"}), want: "A U! U!", over: errOutOfStep},
		"354 and 421 to the second DATA":               {rules: one(mailtest.Rule{Verb: "DATA", Nth: 2, Say: "354 go on\n421 4.3.2 off"}), want: "A U! U!", over: errShutdown},
		"354 to the second MAIL":                       {rules: one(mailtest.Rule{Verb: "MAIL", Nth: 2, Say: "354 go on"}), want: "A U! U!", over: errOutOfStep},
		"does not know RSET":                           {rules: append(one(mailtest.Rule{Verb: "DATA", Nth: 1, Say: "451 4.3.0 disk"}), mailtest.Rule{Verb: "RSET", Say: "500 5.5.2 what?"}), want: "L U! U!"},
		"451 after the first dot":                      {rules: one(mailtest.Rule{Verb: "DOT", Nth: 1, Say: "451 4.7.1 greylisted"}), want: "L A A"},
		"552 after the first dot":                      {rules: one(mailtest.Rule{Verb: "DOT", Nth: 1, Say: "552 5.3.4 too big"}), want: "N A A"},
		"552 after the second dot":                     {rules: one(mailtest.Rule{Verb: "DOT", Nth: 2, Say: "552 5.3.4 too big"}), want: "A N A"},
		"421 after the first dot":                      {rules: one(mailtest.Rule{Verb: "DOT", Nth: 1, Say: "421 4.7.28 rate", Then: mailtest.Close}), want: "L! U! U!", over: errShutdown},
		"421 after the first dot, and talks on":        {rules: one(mailtest.Rule{Verb: "DOT", Nth: 1, Say: "421 4.7.28 rate"}), want: "L! U! U!", over: errShutdown},
		"354 after the first dot":                      {rules: one(mailtest.Rule{Verb: "DOT", Nth: 1, Say: "354 more"}), want: "?! U! U!", over: errOutOfStep},
		"two responses to the first dot":               {rules: one(mailtest.Rule{Verb: "DOT", Nth: 1, Say: "250 taken\n250 and again"}), want: "A U! U!", over: errOutOfStep},
		"closes after the first dot":                   {rules: one(mailtest.Rule{Verb: "DOT", Nth: 1, Then: mailtest.Close}), want: "?! U! U!", over: io.EOF},
		"250 to the first dot and closes":              {rules: one(mailtest.Rule{Verb: "DOT", Nth: 1, Say: "250 2.0.0 taken", Then: mailtest.Close}), want: "A U! U!"},
		"closes after the second dot":                  {rules: one(mailtest.Rule{Verb: "DOT", Nth: 2, Then: mailtest.Close}), want: "A ?! U!"},
		"hangs after the first dot":                    {rules: one(mailtest.Rule{Verb: "DOT", Nth: 1, Then: mailtest.Hang}), want: "?! U! U!", took: 10 * time.Minute},
		"floods after the first dot":                   {rules: one(mailtest.Rule{Verb: "DOT", Nth: 1, Say: "250-yes", Then: mailtest.Flood}), want: "?! U! U!", over: errResponseLong},
		"a line without end after the first dot":       {rules: one(mailtest.Rule{Verb: "DOT", Nth: 1, Say: "250 " + strings.Repeat("x", 5000)}), want: "?! U! U!", over: errResponseLong},
		"closes in the middle of a large content":      {rules: one(mailtest.Rule{Verb: "CONTENT", Nth: 1, After: 10, Then: mailtest.Close}), size: 300 << 10, want: "U! U! U!"},
		"closes in the middle of the second":           {rules: one(mailtest.Rule{Verb: "CONTENT", Nth: 2, After: 10, Then: mailtest.Close}), size: 300 << 10, want: "A U! U!"},
		"closes in the middle of a small content":      {rules: one(mailtest.Rule{Verb: "CONTENT", Nth: 1, After: 10, Then: mailtest.Close}), want: "?! U! U!"},
		"552 in the middle of a large content":         {rules: one(mailtest.Rule{Verb: "CONTENT", Nth: 1, After: 10, Say: "552 5.3.4 too big", Then: mailtest.Close}), size: 300 << 10, want: "N! U! U!", over: errOutOfStep},
		"250 in the middle of a large content":         {rules: one(mailtest.Rule{Verb: "CONTENT", Nth: 1, After: 10, Say: "250 enough", Then: mailtest.Close}), size: 300 << 10, want: "U! U! U!", over: errOutOfStep},
		"552 in the middle of a small content, closes": {rules: one(mailtest.Rule{Verb: "CONTENT", Nth: 1, After: 10, Say: "552 5.3.4 too big", Then: mailtest.Close}), want: "N U! U!"},
		"SIZE that the second exceeds":                 {offers: []string{"size 20000"}, large: 2, want: "A N A"},
		"MAILMAX of two":                               {offers: []string{"limits mailmax=2 rcptmax=10"}, want: "A A U!"},
		"MAILMAX of one":                               {offers: []string{"limits mailmax=1"}, want: "A U! U!"},
	} {
		for _, how := range []string{"announced", "alone", "in lockstep"} {
			t.Run(name+", "+how, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					peer := &mailtest.Peer{Rules: c.rules, Keywords: c.offers, OneByte: c.pause > 0, Pause: c.pause}
					if how != "in lockstep" {
						peer.Keywords = append([]string{"PIPELINING"}, c.offers...)
					}
					talk := conversation{peer: peer, lookAhead: how == "announced"}
					size, rcpts := 1000, []int{1, 1, 1}
					if c.size > 0 {
						size = c.size
					}
					if c.rcpts != nil {
						rcpts = c.rcpts
					}
					talk.add(size, rcpts...)
					if c.large > 0 {
						talk.transactions[c.large-1].Content = NewContent(bytes.Repeat([]byte("x\r\n"), 10000))
					}
					talk.connect(t)
					start := time.Now()
					talk.run()
					if took := time.Since(start); c.took > 0 && (took < c.took || took > c.took+10*time.Second) {
						t.Errorf("it took %v, want %v", took, c.took)
					}
					if got := talk.fates(); got != c.want {
						t.Errorf("fates %.100s, want %.100s: %.300v", got, c.want, talk.verdicts)
					}
					for _, err := range talk.errs {
						if err != nil && c.over != nil && !errors.Is(err, c.over) {
							t.Errorf("error %q, want %q", err, c.over)
						}
					}
					talk.check(t)
					time.Sleep(time.Minute) // a slow peer finds out late
					if peer.Open() != 0 {
						t.Error("the connection is open")
					}
				})
			})
		}
	}
}

// TestOneWriteForAMessageAndTheNextEnvelope counts; what the octets are is looked at here as well as by check.
func TestOneWriteForAMessageAndTheNextEnvelope(t *testing.T) {
	for name, c := range map[string]struct {
		size   int
		writes int // zero: it does not matter
		reads  int
	}{
		// One envelope, three messages, QUIT, and each of them is answered at once.
		"a message of 10 kB": {size: 10000, writes: 5, reads: 5},
		"a message of 70 kB": {size: 70000},
	} {
		t.Run(name, func(t *testing.T) {
			talk := conversation{peer: &mailtest.Peer{Keywords: piped}, lookAhead: true}
			talk.add(c.size, 1, 1, 1)
			talk.connect(t)
			talk.recorder.writes, talk.recorder.reads = nil, 0
			talk.run()
			talk.check(t)
			if got := talk.fates(); got != "A A A" {
				t.Error("fates", got)
			}
			if got := len(talk.recorder.writes); c.writes > 0 && got != c.writes {
				t.Errorf("%d writes, want %d", got, c.writes)
			}
			if got := talk.recorder.reads; c.reads > 0 && got != c.reads {
				t.Errorf("%d reads, want %d", got, c.reads)
			}
			all := bytes.Join(talk.recorder.writes, nil)
			for i, tr := range talk.transactions[1:] {
				follows := fmt.Sprintf("word\r\n.\r\nMAIL FROM:<%s> SIZE=%d\r\nRCPT TO:<%s>\r\nDATA\r\nList-Unsubscribe:", tr.From, tr.size(), tr.To[0])
				if !bytes.Contains(all, []byte(follows)) {
					t.Errorf("transaction %d does not follow the one before it", i+2)
				}
			}
		})
	}
}

// TestAnnouncedAndNotSent is what happens when what was announced does not come: the peer gets no content that belongs to another envelope, nor
// the end of an empty one.
func TestAnnouncedAndNotSent(t *testing.T) {
	for name, c := range map[string]struct {
		then func(*conversation) error
		want error
	}{
		"it quits": {func(c *conversation) error { c.conn.Quit(); return nil }, nil},
		"another transaction comes": {func(c *conversation) error {
			return c.conn.Send(c.transactions[2], nil, make([]Verdict, 1))
		}, errAnnounced},
		"the transaction was changed meanwhile": {func(c *conversation) error {
			*c.transactions[1] = *c.transactions[2]
			return c.conn.Send(c.transactions[1], nil, make([]Verdict, 1))
		}, errAnnounced},
		"the transaction has nobody any more": {func(c *conversation) error {
			c.transactions[1].To[0] = "nobody"
			return c.conn.Send(c.transactions[1], nil, make([]Verdict, 1))
		}, errAnnounced},
		"its message grew": {func(c *conversation) error {
			c.transactions[1].Head = append(c.transactions[1].Head, "X: y\r\n"...)
			return c.conn.Send(c.transactions[1], nil, make([]Verdict, 1))
		}, errAnnounced},
		"the right one comes after another": {func(c *conversation) error {
			_ = c.conn.Send(c.transactions[2], nil, make([]Verdict, 1))
			return c.conn.Send(c.transactions[1], nil, make([]Verdict, 1))
		}, errAnnounced},
	} {
		for _, recipients := range []int{1, 6000} { // more than all buffers hold: its write is still under way
			t.Run(fmt.Sprintf("%s, with %d recipients announced", name, recipients), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					talk := conversation{peer: &mailtest.Peer{Keywords: piped}}
					talk.add(1000, 1, recipients, 1)
					talk.connect(t)
					v := make([]Verdict, 1)
					if err := talk.conn.Send(talk.transactions[0], talk.transactions[1], v); err != nil || v[0].Fate != Accepted {
						t.Fatal(v, err)
					}
					if err := c.then(&talk); !errors.Is(err, c.want) {
						t.Errorf("error %v, want %v", err, c.want)
					}
					synctest.Wait()
					if got := sizes(talk.peer); len(got) != 1 {
						t.Errorf("mails with %v recipients were taken", got)
					}
					if w := talk.recorder.writes; bytes.Contains(w[len(w)-1], []byte("QUIT")) {
						t.Error("QUIT was said where content is waited for")
					}
					if talk.peer.Open() != 0 {
						t.Error("the connection is open")
					}
				})
			})
		}
	}
}

// TestNotAnnounced is where the next envelope waits for its turn.
func TestNotAnnounced(t *testing.T) {
	for name, c := range map[string]struct {
		keywords string
		change   func(*Transaction)
	}{
		"without PIPELINING":             {"SIZE 100000", func(*Transaction) {}},
		"the peer cannot take it":        {"PIPELINING, SIZE 100000", func(t *Transaction) { t.Content = NewContent(make([]byte, 200000)) }},
		"it has nobody that can be sent": {"PIPELINING", func(t *Transaction) { t.To = []string{"nobody"} }},
		"the connection is used up":      {"PIPELINING, LIMITS MAILMAX=1", func(*Transaction) {}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				talk := conversation{peer: &mailtest.Peer{Keywords: strings.Split(c.keywords, ", "), Watch: time.Second}}
				talk.add(1000, 1, 1)
				c.change(talk.transactions[1])
				talk.connect(t)
				v := make([]Verdict, 1)
				if err := talk.conn.Send(talk.transactions[0], talk.transactions[1], v); err != nil || v[0].Fate != Accepted {
					t.Fatal(v, err)
				}
				talk.conn.Quit() // it may: nothing is open
				if got := talk.peer.Commands(); got[len(got)-1] != "QUIT" || len(got) != 5 {
					t.Errorf("commands %q", got)
				}
			})
		})
	}
}

// TestMAILMAXEndsPolitely is RFC 9422: the connection is given up by QUIT when a transaction more would be one too many.
func TestMAILMAXEndsPolitely(t *testing.T) {
	talk := conversation{peer: &mailtest.Peer{Keywords: []string{"PIPELINING", "LIMITS MAILMAX=2"}}, lookAhead: true}
	talk.add(1000, 1, 1, 1)
	talk.connect(t)
	talk.run()
	if got := talk.fates(); got != "A A U!" {
		t.Error("fates", got)
	}
	if got := talk.verdicts[2][0].Status; got != "4.4.2 the peer takes 2 transactions a connection" {
		t.Errorf("status %q", got)
	}
	if got := talk.peer.Commands(); got[len(got)-1] != "QUIT" {
		t.Errorf("the last command was %q", got[len(got)-1])
	}
}
