package mailer

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"

	"convene/mailer/mailtest"
)

// conversation is one connection on which some transactions follow each other, as a courier sends them: the next is announced with each.
type conversation struct {
	peer      *mailtest.Peer
	lookAhead bool
	lmtp      bool

	conn         *client
	recorder     *recorder
	transactions []*Transaction
	verdicts     [][]Verdict
	errs         []error
}

// connect greets the peer.
func (c *conversation) connect(t *testing.T) {
	t.Helper()
	conn, err := c.peer.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c.recorder = &recorder{Conn: conn}
	c.conn = newClient(c.recorder, Timeouts{}.withDefaults())
	c.conn.lmtp = c.lmtp
	t.Cleanup(c.conn.Abort)
	if err := c.conn.greet(); err != nil {
		t.Fatal(err)
	}
	if err := c.conn.hello("lists.example.org"); err != nil {
		t.Fatal(err)
	}
}

// add plans transactions that differ in everything, each for so many recipients: m1@a.example and so on, counted over all of them.
func (c *conversation) add(size int, recipients ...int) {
	sum := 0
	for _, n := range recipients {
		tr := &Transaction{From: fmt.Sprintf("dev+bounce-t%d@lists.example.org", len(c.transactions)+1)}
		for range n {
			sum++
			tr.To = append(tr.To, fmt.Sprintf("m%d@a.example", sum))
		}
		tr.Head = fmt.Appendf(nil, "List-Unsubscribe: <https://lists.example.org/%d>\r\n", len(c.transactions)+1)
		tr.Content = NewContent([]byte("Subject: x\r\n\r\n.\r\n" + strings.Repeat("word word word\r\n", size/16)))
		c.transactions = append(c.transactions, tr)
	}
}

// run sends them all, whatever comes of it.
func (c *conversation) run() {
	for i, tr := range c.transactions {
		var next *Transaction
		if c.lookAhead && i+1 < len(c.transactions) {
			next = c.transactions[i+1]
		}
		v := make([]Verdict, len(tr.To))
		c.errs = append(c.errs, c.conn.Send(tr, next, v))
		c.verdicts = append(c.verdicts, v)
	}
	c.conn.Quit()
}

// fates is one word for each transaction: a letter for each recipient, and ! where Send failed.
func (c *conversation) fates() string {
	var words []string
	for i, verdicts := range c.verdicts {
		word := ""
		for _, v := range verdicts {
			word += string("U?ALN+"[v.Fate])
		}
		if c.errs[i] != nil {
			word += "!"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// check holds the verdicts against what the peer took: who was accepted has the message once and whole, who was refused or left undone does
// not have it, and the bytes are those of the transaction.
func (c *conversation) check(t *testing.T) {
	t.Helper()
	taken := map[string]int{}
	for _, m := range c.peer.Mails() {
		if len(m.To) == 0 {
			continue
		}
		i := slices.IndexFunc(c.transactions, func(tr *Transaction) bool { return strings.HasPrefix(m.From, "<"+tr.From+">") })
		if i < 0 {
			t.Fatalf("a mail from %s, whom nobody knows", m.From)
		}
		if want := string(c.transactions[i].Head) + string(c.transactions[i].Content.Message().Bytes()); string(m.Content) != want {
			t.Errorf("transaction %d arrived with %d octets, want %d", i+1, len(m.Content), len(want))
		}
		for _, to := range m.To {
			if !slices.Contains(c.transactions[i].To, to) {
				t.Errorf("transaction %d went to %s", i+1, to)
			}
			taken[to]++
		}
	}
	for i, tr := range c.transactions {
		for j, to := range tr.To {
			v := c.verdicts[i][j]
			if n := taken[to]; n > 1 || n == 1 && v.Fate != Accepted && v.Fate != Lost || n == 0 && v.Fate == Accepted {
				t.Errorf("%s in transaction %d has the message %d times, its verdict is %v", to, i+1, n, v)
			}
			if v.Status == "" {
				t.Errorf("%s in transaction %d has no status", to, i+1)
			}
		}
	}
}

// pair makes a client with these keywords offered, and the peer's side of its connection.
func pair(t *testing.T, keywords string) (*client, net.Conn) {
	here, there := mailtest.Pipe(&net.TCPAddr{}, &net.TCPAddr{})
	c := newClient(here, Timeouts{}.withDefaults())
	c.ext = parseExtensions([]byte("peer\n" + strings.ReplaceAll(keywords, ", ", "\n")))
	t.Cleanup(func() { c.Abort(); there.Close() })
	return c, there
}
