package list

import (
	"strings"
	"testing"

	"convene/list/message"
)

// CommandNames are the commands that this version does, for tests outside of the package.
func CommandNames() []string {
	var names []string
	for _, c := range commandTable() {
		if c.do != nil {
			names = append(names, c.name)
		}
	}
	return names
}

func TestEveryAddressWithAWordIsACommand(t *testing.T) {
	book := newCommandBook()
	for word, name := range addressCommands {
		if c := book[name]; c == nil || c.do == nil || c.name != name {
			t.Errorf("+%s@ means %q, which is no command", word, name)
		}
	}
}

func TestFindCommand(t *testing.T) {
	book := newCommandBook()
	for line, want := range map[string]string{
		"help": "help|", "HELP!": "help|", "unsubscribe.": "unsubscribe|", "  Set   Name  Ana María ": "set name|Ana María",
		"set each": "set each|", "each": "set each|", "please unsubscribe me": "unsubscribe|",
		"pause": "pause|", "pause until 2026-05-01": "pause|until 2026-05-01", "pause 2026-05-01": "pause|2026-05-01", "pause a little": "", "pause until May": "",
		"also ana@example.org": "also|ana@example.org", "also <ana@example.org>": "also|<ana@example.org>", "also I think": "", "not that I know": "",
		"not sure, ask ana@example.org": "", "add ana@example.org Ana María": "add|ana@example.org Ana María", "add it": "", "remove me": "unsubscribe|", "remove it": "",
		"set own off": "set own|off", "set own maybe": "", "who": "who|", "who knows": "", "help me": "", "subscribe peers": "", "set": "", "": "",
		"set digest": "set digest|", "set digest 07:00": "set digest|07:00", "digest of the week": "", "catchup 2026-02-03": "catchup|2026-02-03", "catchup all": "", "get 12": "get|12", "get well soon": "",
	} {
		c, arg := book.find(line)
		got := ""
		if c != nil {
			got = c.name + "|" + arg
		}
		if got != want {
			t.Errorf("%q is %q, want %q", line, got, want)
		}
	}
}

func FuzzReadCommands(f *testing.F) {
	for _, s := range []string{"subscribe", "set name x\nend", "> unsubscribe\npause until 2026-05-01", "also a@b\r\nadd a@b c", "-- \nhelp", "set language \xff"} {
		f.Add("Re: "+s, s)
	}
	book := newCommandBook()
	f.Fuzz(func(t *testing.T, subject, body string) {
		m := message.Parse([]byte("Subject: " + subject + "\r\n\r\n" + body))
		lines := readCommands(book, []string{wordSettings, wordRequest, "pause"}, m, 25)
		if len(lines.all) > 25+3 {
			t.Fatalf("%d lines", len(lines.all))
		}
		for _, l := range lines.all {
			if strings.ContainsAny(l.text+l.arg, "\r\n\x00") {
				t.Fatalf("%q: %q", l.text, l.arg)
			}
			if l.command == nil {
				continue
			}
			if c, arg := book.find(strings.TrimSpace(l.name + " " + l.arg)); c != l.command || arg != l.arg { // as a confirmation keeps it
				t.Fatalf("%q reads back as %v %q", l.name+" "+l.arg, c, arg)
			}
		}
	})
}
