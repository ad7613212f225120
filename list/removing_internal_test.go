package list

import (
	"strconv"
	"strings"
	"testing"
)

// FuzzNamedPost holds that what somebody calls a post by names one in one way, and that a post is found by what our own links and lists call it.
func FuzzNamedPost(f *testing.F) {
	for _, seed := range []string{"12", "#12", "<a@b>", "a/b?c%d@x", "https://lists.example.org/m/a%40b", "<https://x/m/%2e>", "http://x/p/m/a@b", "https://[::1", "", "<>", "0", "99999999999", "a@b c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, word string) {
		number, id := namedPost(word)
		if number != 0 && id != "" {
			t.Errorf("%q is both %d and %q", word, number, id)
		}
		if number != 0 {
			if again, _ := namedPost(strconv.FormatUint(uint64(number), 10)); again != number {
				t.Errorf("%q is %d, and that %d", word, number, again)
			}
		}
		if path := PostPath(word); path != "" && word == strings.ToValidUTF8(word, "") {
			if _, id := namedPost("https://lists.example.org" + path); id != word {
				t.Errorf("the page of %q is of %q", word, id)
			}
		}
	})
}
