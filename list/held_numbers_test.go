package list

import (
	"fmt"
	"testing"
)

// TestWhichPostsAModeratorMeans reads answers to a notice that lists the posts 11, 12, 13 and 14 by the numbers 1 to 4. Nothing is done where posts is [].
func TestWhichPostsAModeratorMeans(t *testing.T) {
	for _, c := range []struct {
		rest, text string
		verb       string // approve where empty
		posts      string
		says       string
	}{
		{rest: "1", posts: "[11]"},
		{rest: "1 3", posts: "[11 13]"},
		{rest: "1, 3", posts: "[11 13]"},
		{rest: "1,3;4", posts: "[11 13 14]"},
		{rest: "1 and 3", posts: "[11 13]"},
		{rest: "1, 2 and 4", posts: "[11 12 14]"},
		{rest: "1 et 3", posts: "[11 13]"},
		{rest: "1 y 3", posts: "[11 13]"},
		{rest: "1 & 3", posts: "[11 13]"},
		{rest: "#1, #3.", posts: "[11 13]"},
		{rest: "1-3", posts: "[11 12 13]"},
		{rest: "1 – 3", posts: "[11 12 13]"},
		{rest: "#2-#4", posts: "[12 13 14]"},
		{rest: "1-2, 4", posts: "[11 12 14]"},
		{rest: "all", posts: "[11 12 13 14]"},
		{rest: "All.", posts: "[11 12 13 14]"},
		{rest: "tous", posts: "[11 12 13 14]"},
		{rest: "1", text: "Thanks,\nAmina", posts: "[11]", says: "Thanks,\nAmina"},

		{rest: "all but 3", posts: "[]"},
		{rest: "all except 1", posts: "[]"},
		{rest: "all of them", posts: "[]"},
		{rest: "all, not 3", posts: "[]"},
		{rest: "tous sauf 3", posts: "[]"},
		{rest: "todos menos 3", posts: "[]"},
		{rest: "everything apart from the second", posts: "[]"},
		{rest: "1 to 3", posts: "[]"},
		{rest: "1 à 3", posts: "[]"},
		{rest: "1 2 not 3", posts: "[]"},
		{rest: "1 9", posts: "[]"},
		{rest: "3-1", posts: "[]"},
		{rest: "1-9", posts: "[]"},
		{rest: "1 1", posts: "[]"},
		{rest: "0", posts: "[]"},
		{rest: "99999999999999999999", posts: "[]"},
		{rest: "1 and", posts: "[]"},
		{rest: "1 reject 2", posts: "[]"},
		{rest: "", posts: "[]"},
		{rest: "the first", posts: "[]"},
		{rest: "1", text: "reject 2 off topic", posts: "[]"},
		{rest: "1", text: "\nThanks\nDiscard all", posts: "[]"},
		{rest: "1", text: "rejeter 2", posts: "[]"},
		{rest: "1", text: "2\n3", posts: "[]"},
		{rest: "all", text: "reject 3", posts: "[]"},

		{verb: "reject", rest: "2 off topic", posts: "[12]", says: "off topic"},
		{verb: "reject", rest: "2: off topic", text: "Sorry.", posts: "[12]", says: "off topic\nSorry."},
		{verb: "reject", rest: "1 and 2 and please, stay on topic", posts: "[11 12]", says: "and please, stay on topic"},
		{verb: "reject", rest: "1 - 2 off topic", posts: "[11 12]", says: "off topic"},
		{verb: "reject", rest: "all", text: "Sorry.", posts: "[11 12 13 14]", says: "Sorry."},
		{verb: "reject", rest: "4", text: "1. It is long.\n2. It was said.", posts: "[14]", says: "1. It is long.\n2. It was said."},
		{verb: "reject", rest: "all Sorry.", posts: "[]"},
		{verb: "reject", rest: "1 to 3 off topic", posts: "[]"},
		{verb: "reject", rest: "1 off topic, approve 2", posts: "[]"},
		{verb: "reject", rest: "2 2 is too many", posts: "[]"},
		{verb: "reject", rest: "1 off topic", text: "approve 2", posts: "[]"},
	} {
		t.Run(c.verb+" "+c.rest+" "+c.text, func(t *testing.T) {
			if c.verb == "" {
				c.verb = "approve"
			}
			o := readHeldOrder(Answer{Verb: c.verb, Rest: c.rest, Text: c.text}, []uint64{11, 12, 13, 14}, true)
			if got := fmt.Sprint(o.posts); got != c.posts || c.posts != "[]" && o.text != c.says {
				t.Errorf("%s with %q; want %s with %q", got, o.text, c.posts, c.says)
			}
		})
	}
}
