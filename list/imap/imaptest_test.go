package imap

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

// scripts are those of Dovecot's imaptest that a read-only server can do. A message that a script expunges is removed by us; one that it flags as deleted beforehand is not.
var scripts = []string{"esearch", "fetch", "fetch-binary-mime-base64", "fetch-binary-mime-qp", "fetch-body-message-rfc822", "fetch-body-mime", "fetch-bodystructure", "logout", "search-addresses",
	"search-header", "search-sets", "search-size"}

// unfit are the others, and why.
var unfit = map[string]string{
	"append": "APPEND", "append-binary": "APPEND", "catenate-multiappend": "APPEND", "multiappend": "APPEND", "urlauth": "APPEND and URLAUTH", "urlauth2": "APPEND and URLAUTH",
	"close": "CLOSE that expunges", "expunge2": "EXPUNGE", "move": "MOVE", "store": "flags other than \\Seen", "search-flags": "flags other than \\Seen",
	"listext": "CREATE", "subscribe": "CREATE and SUBSCRIBE", "pipeline-connections": "CREATE", "notify": "NOTIFY, which go-imap has not", "esort": "SORT, which go-imap has not",
	"sort-arrival": "SORT", "sort-display-from": "SORT", "sort-display-to": "SORT", "sort-partial": "SORT", "thread": "THREAD, which go-imap has not", "thread2": "THREAD", "thread3": "THREAD",
	"thread6": "THREAD", "thread7": "THREAD", "search-context-update": "CONTEXT=SEARCH, which go-imap has not", "search-context-update3": "CONTEXT=SEARCH",
}

func TestImaptest(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "corpora", "threads", "dovecot+imaptest", "src", "tests")
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Skip("the scripts of imaptest are not there")
	}
	for _, f := range files {
		name := f.Name()
		if strings.HasSuffix(name, ".mbox") || unfit[name] != "" {
			continue
		}
		if !slices.Contains(scripts, name) {
			t.Errorf("nothing is said of the script %s", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			script, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			mbox, err := os.ReadFile(filepath.Join(dir, name+".mbox"))
			if err != nil {
				mbox, err = os.ReadFile(filepath.Join(dir, "default.mbox"))
			}
			if err != nil {
				t.Fatal(err)
			}
			newScript(t, mbox).run(string(script))
		})
	}
}

// script is one that runs: its connections, what its names stand for, and the messages.
type script struct {
	*house
	t       *testing.T
	mbox    [][]byte
	clients []*client
	names   map[string]string
	deleted []uint32 // sequence numbers
	posts   []list.Post
}

func newScript(t *testing.T, mbox []byte) *script {
	s := &script{house: newHouse(t), t: t, names: map[string]string{"mailbox": "Lists/" + peers}}
	s.check(message.Mbox(bytes.NewReader(mbox), 1<<20, func(m message.MboxMessage) error { s.mbox = append(s.mbox, m.Raw); return nil }))
	return s
}

func (s *script) run(text string) {
	head, body, ok := strings.Cut(text, "\n\n")
	for strings.HasPrefix(head, "#") {
		_, head, _ = strings.Cut(head, "\n")
	}
	if !ok {
		s.t.Fatal("there is no head")
	}
	conns, state := 1, "selected"
	for line := range strings.SplitSeq(head, "\n") {
		key, value, _ := strings.Cut(line, ": ")
		switch key {
		case "messages":
			n, err := strconv.Atoi(value)
			if err != nil {
				n = len(s.mbox)
			}
			for i := range n {
				s.posts = append(s.posts, s.post(peers, string(s.mbox[i%len(s.mbox)])))
			}
		case "connections":
			conns, _ = strconv.Atoi(value)
		case "state":
			state = value
		}
	}
	for range conns {
		c := s.dial()
		if state != "nonauth" {
			c = s.member("dede@example.org", peers)
		}
		if state == "selected" {
			c.ok("SELECT Lists/" + peers)
		}
		s.clients = append(s.clients, c)
	}
	s.commands(body)
}

// commands does one command after the other, each with what is to be said about it, and what is not.
func (s *script) commands(body string) {
	var command string
	var said []string
	for len(body) > 0 {
		line, rest, _ := strings.Cut(body, "\n")
		for strings.Count(line, "{{{") > strings.Count(line, "}}}") {
			var more string
			more, rest, _ = strings.Cut(rest, "\n")
			line += "\n" + more
		}
		switch body = rest; {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(line, "* "), strings.HasPrefix(line, "! "):
			want := parse(strings.ReplaceAll(line[2:], "$$", "$"), true)
			found := slices.ContainsFunc(said, func(one string) bool { return s.same(want, parse(strings.TrimPrefix(one, "* "), false)) })
			if found != (line[0] == '*') {
				s.t.Errorf("%s: %q, but was said:\n%s", command, line, strings.Join(said, "\n"))
			}
		default:
			command, said = line, s.command(line)
		}
	}
}

func (s *script) command(line string) (said []string) {
	c := s.clients[0]
	if n, rest, ok := strings.Cut(line, " "); ok && len(n) == 1 && n[0] >= '1' && n[0] <= '9' {
		c, line = s.clients[n[0]-'1'], rest
	}
	result, command, _ := strings.Cut(line, " ")
	for name, value := range s.names {
		command = strings.ReplaceAll(command, "$"+name, value)
	}
	if word := strings.Fields(command); word[0] == "store" && strings.Contains(command, `\deleted`) {
		n, err := strconv.Atoi(word[1])
		s.check(err)
		s.deleted = append(s.deleted, uint32(n))
		return nil
	} else if command == "expunge" {
		for _, seq := range s.deleted {
			s.remove(s.posts[seq-1])
		}
		command = "noop"
	}
	s.names["tag"] = fmt.Sprintf(`"t%d"`, c.n+1)
	said, end := c.do(command)
	if !strings.HasPrefix(end, strings.ToUpper(result)) {
		s.t.Errorf("%s: %s", line, end)
	}
	return said
}

// node is a word, a string, or a list of a response.
type node struct {
	word string
	list []node
	kind byte // 'w', 's' or 'l'
}

// parse reads a response, or what a script expects of one.
func parse(s string, script bool) []node {
	p := parser{s: s, script: script}
	return p.nodes()
}

type parser struct {
	s      string
	script bool
}

func (p *parser) nodes() (all []node) {
	for {
		p.s = strings.TrimLeft(p.s, " ")
		octets := strings.HasPrefix(p.s, "~")
		p.s = strings.TrimPrefix(p.s, "~")
		switch {
		case p.s == "":
			return all
		case p.s[0] == ')':
			p.s = p.s[1:]
			return all
		case p.s[0] == '(':
			p.s = p.s[1:]
			all = append(all, node{list: p.nodes(), kind: 'l'})
		case strings.HasPrefix(p.s, "{{{\n"):
			text, rest, _ := strings.Cut(p.s[4:], "\n}}}")
			if !octets {
				text = strings.ReplaceAll(text, "\n", "\r\n")
			}
			all, p.s = append(all, node{word: text, kind: 's'}), rest
		case p.s[0] == '{':
			size, end := 0, strings.IndexByte(p.s, '\n')+1
			fmt.Sscanf(p.s, "{%d}", &size)
			all, p.s = append(all, node{word: p.s[end : end+size], kind: 's'}), p.s[end+size:]
		case p.s[0] == '"':
			end := 1
			for p.s[end] != '"' {
				if end++; p.s[end-1] == '\\' {
					end++
				}
			}
			all, p.s = append(all, node{word: p.s[1:end], kind: 's'}), p.s[end+1:]
		default:
			all = append(all, node{word: p.atom(), kind: 'w'})
		}
	}
}

// atom reads a word; what is in square brackets is one with it.
func (p *parser) atom() string {
	depth, end := 0, 0
	for ; end < len(p.s) && (depth > 0 || !strings.ContainsRune(" ()", rune(p.s[end]))); end++ {
		switch p.s[end] {
		case '[':
			depth++
		case ']':
			depth--
		}
	}
	word := strings.ReplaceAll(p.s[:end], `"`, "")
	p.s = p.s[end:]
	return word
}

// same reports whether a response is what a script expects. Names that stand for nothing yet take what is there. The items of FETCH may come in any order.
func (s *script) same(want, got []node) bool {
	if len(want) == 3 && len(got) == 3 && strings.EqualFold(want[1].word, "fetch") && strings.EqualFold(got[1].word, "fetch") {
		if want[0].word != got[0].word {
			return false
		}
		items := want[2].list
		for i := 0; i+1 < len(items); i += 2 {
			have := got[2].list
			at := -1
			for j := 0; j+1 < len(have); j += 2 {
				if strings.EqualFold(have[j].word, items[i].word) {
					at = j + 1
				}
			}
			if at < 0 || !s.same(items[i+1:i+2], have[at:at+1]) {
				return false
			}
		}
		return true
	}
	if len(want) == 1 && strings.EqualFold(want[0].word, "bye") && len(got) > 0 {
		got = got[:1] // what it says is for people
	}
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		w, g := want[i], got[i]
		switch {
		case w.kind == 'l' && g.kind == 'l' && len(w.list) == 1 && w.list[0].word == "$!unordered":
		case w.kind == 'l' || g.kind == 'l':
			if w.kind != g.kind || !s.same(w.list, g.list) {
				return false
			}
		case !s.sameWord(w.word, g.word):
			return false
		}
	}
	return true
}

func (s *script) sameWord(want, got string) bool {
	if name, ok := strings.CutPrefix(want, "$"); ok && s.names[name] == "" && !strings.ContainsAny(name, ":,$") {
		s.names[name] = got
		return true
	}
	for name, value := range s.names {
		want = strings.ReplaceAll(want, "$"+name, strings.Trim(value, `"`))
	}
	return strings.EqualFold(want, got)
}
