package facts

import (
	"encoding/json"
	"strings"
	"testing"

	"convene/digest/words"
)

// TestReaderGathersTheSame: a Reader that knows all texts, or has just forgotten them, gathers what one does that knows none.
func TestReaderGathersTheSame(t *testing.T) {
	in := discussion(t)
	want, err := json.Marshal(Gather(in))
	if err != nil {
		t.Fatal(err)
	}
	k := &Reader{}
	for _, size := range []int{0, 0, keptTexts - 500} {
		k.size = max(k.size, size)
		if got, err := json.Marshal(k.Gather(in)); err != nil || string(got) != string(want) {
			t.Errorf("%v; it gathers\n%s, and should\n%s", err, got, want)
		}
	}
}

// TestReaderReadsOnce: the sentences of a text are found once, for each language that it is read in.
func TestReaderReadsOnce(t *testing.T) {
	const text = "We call one person before the meeting. Who else does that?"
	k, en, fr := &Reader{}, words.Of("en"), words.Of("fr")
	first := k.sentences(text, en, "en")
	if len(first) != 2 || !first[1].Whole || first[0].plain != "we call one person before the meeting" {
		t.Fatalf("there are %+v", first)
	}
	if again := k.sentences(strings.Clone(text), en, "en"); &again[0] != &first[0] {
		t.Error("it was read twice")
	}
	if french := k.sentences(text, fr, "fr"); &french[0] == &first[0] {
		t.Error("what was found out in one language stands for another")
	}
}

// TestReaderForgets: it keeps no more text than it may.
func TestReaderForgets(t *testing.T) {
	k, lex := &Reader{}, words.Of("en")
	for n := range 40 {
		k.sentences(strings.Repeat("é", 1<<17)+string(rune('a'+n)), lex, "en")
		size := 0
		for key := range k.all {
			size += len(key.text)
		}
		if size != k.size || size > keptTexts {
			t.Fatalf("there are %d octets, and it counts %d", size, k.size)
		}
	}
}
