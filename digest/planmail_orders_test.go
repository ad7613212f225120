package digest

import (
	"fmt"
	"strings"
	"testing"

	"convene/list/message"
)

// TestPlanOrders: what of a mail is an order, and where reading ends.
func TestPlanOrders(t *testing.T) {
	for name, c := range map[string]struct{ says, want string }{
		"several":                 {"postpone +2d\nSkip: 4\nHANDOVER noor@example.org", "postpone(+2d) skip(4) handover(noor@example.org) []"},
		"with list marks":         {"- skip 4\n* unskip 5", "skip(4) unskip(5) []"},
		"a word that begins like": {"skipping rope", " [skipping rope]"},
		"a broken line":           {"add question What did\nyou do?\n\nskip 4", "add question(What did you do?) skip(4) []"},
		"greeting and name":       {"Dear all,\n\nskip 4\n\nBest wishes\nLuis Prieto", "skip(4) []"},
		"words first":             {"I wonder.\nskip 4", " [I wonder. skip 4]"},
		"words behind":            {"skip 4\nand say hello", "skip(4) [and say hello]"},
		"nothing":                 {"", " []"},
		"in quotes":               {"\"postpone +2d\"\n'skip 4'\n“Skip 5.”", "postpone(+2d) skip(4) skip(5) []"},
		"several numbers":         {"skip 4, 5 and #7 please", "skip(4) skip(5) skip(7) []"},
		"please":                  {"Please postpone +2d", "postpone(+2d) []"},
		"a question, in words":    {"Add a question: What did you try?", "add question(What did you try?) []"},
		"hand over":               {"hand over to Noor", "handover(to Noor) []"},
		"in French":               {"reporter +2d\nSauter 4\najouter une question : Et vous ?", "postpone(+2d) skip(4) add question(Et vous ?) []"},
		"in Spanish":              {"aplazar 2 días\nañadir pregunta: ¿Y usted?", "postpone(2 días) add question(¿Y usted?) []"},
		"cancel by itself":        {"Cancel, please.", "cancel(please) []"},
		"cancel something":        {"Cancel the second question please", " [Cancel the second question please]"},
		"start, but later":        {"Start a week later", " [Start a week later]"},
		"what it means":           {"skip 4\nmeaning: We learned to wait.\n\nSkip the rest.\nBest wishes", "skip(4) meaning(We learned to wait.\n\nSkip the rest.\nBest wishes) []"},
	} {
		read := readPlanOrders(message.Parse([]byte("Subject: x\r\n\r\n"+strings.ReplaceAll(c.says, "\n", "\r\n")+"\r\n")), "Luis Prieto")
		var orders []string
		for _, o := range read.orders {
			orders = append(orders, o.verb+"("+o.rest+")")
		}
		if got := fmt.Sprint(strings.Join(orders, " "), " ", read.unread); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// FuzzPlanOrders: whatever is written, an order stands on its line, and there are never more than are done.
func FuzzPlanOrders(f *testing.F) {
	for _, seed := range []string{"postpone +2d\nskip 4", "add question x\ny\n\n> skip 4", "Dear all,\ncancel", "\xff\xfe", "move 4 monday\r\nThanks"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		read := readPlanOrders(message.Parse([]byte("Subject: x\r\n\r\n"+text)), "Luis Prieto")
		if len(read.orders) > ordersRead {
			t.Errorf("%d orders", len(read.orders))
		}
		for _, o := range read.orders {
			if again, ok := orderOf(o.line); !ok || again.verb != o.verb {
				t.Errorf("%+v of %q", o, text)
			}
		}
	})
}
