package mailer

import (
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"convene/list"
	"convene/list/message"
)

// largeSource makes large messages and counts them.
type largeSource struct{ made atomic.Int32 }

func (s *largeSource) Copy(list.Outgoing, list.Form) (message.Pieces, error) {
	s.made.Add(1)
	return message.Pieces{[]byte("Subject: x\r\n\r\n"), []byte(strings.Repeat("word word\r\n", contentBytes/11))}, nil
}

func (s *largeSource) Personal(*list.Outgoing, *list.Copy) (list.Personal, error) {
	return list.Personal{}, nil
}

// TestALargeRenderingThatIsBeingSentIsNotMadeAgain is that many large posts on their way to many hops are each in memory once.
func TestALargeRenderingThatIsBeingSentIsNotMadeAgain(t *testing.T) {
	source := &largeSource{}
	cs := contents{source: source}
	get := func(id uint64) *rendering {
		made, _, err := cs.get(&list.Outgoing{ID: id}, &settings{}, shape{})
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	first := get(1)
	second := get(2)
	for range 3 {
		if get(1).content != first.content || get(2).content != second.content {
			t.Fatal("what is being sent was made again")
		}
	}
	if n := source.made.Load(); n != 2 {
		t.Errorf("%d renderings were made of 2 messages", n)
	}
	runtime.KeepAlive(first)
	runtime.KeepAlive(second)

	first, second = nil, nil // whoever sent them has
	runtime.GC()
	get(3) // only one is kept
	runtime.GC()
	get(4)
	if n := len(cs.spare); n > 1 {
		t.Errorf("%d renderings that nobody has are remembered", n)
	}
	if get(1); source.made.Load() != 5 {
		t.Errorf("%d renderings were made, want the first made anew", source.made.Load())
	}
	if cs.bytes != kept(&cs) {
		t.Errorf("%d octets are counted, want those of the one that is kept", cs.bytes)
	}
}

// kept is how long the renderings are that are kept.
func kept(cs *contents) (n int) {
	for e := cs.recent.Front(); e != nil; e = e.Next() {
		n += e.Value.(*making).made.content.length
	}
	return n
}
