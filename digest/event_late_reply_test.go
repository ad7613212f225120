package digest

import (
	"strings"
	"testing"
)

// What a calendar program answered before its owner answered in words says nothing any more when it arrives behind that; what it answers later does.
func TestEventReplyOlderThanAWord(t *testing.T) {
	for name, c := range map[string]struct {
		word, reply func(r *replied)
		say, want   string
	}{
		"an older yes behind a no":            {nil, func(r *replied) { r.stamp = "20260310T120500Z" }, "non", "no"},
		"an older yes of a later version":     {nil, func(r *replied) { r.stamp, r.sequence = "20260310T120500Z", 1 }, "non", "no"},
		"a later yes behind a no":             {nil, func(r *replied) { r.stamp = "20260310T121500Z" }, "non", "yes"},
		"a yes in the same second":            {nil, func(r *replied) { r.stamp = "20260310T121000Z" }, "non", "yes"},
		"a yes from a clock that is ahead":    {nil, func(r *replied) { r.stamp = "20260310T150000Z" }, "non", "yes"},
		"an older no behind a maybe":          {nil, func(r *replied) { r.stamp, r.partstat = "20260310T120500Z", "DECLINED" }, "peut-être", "maybe"},
		"a yes from a clock ahead, then word": {func(r *replied) { r.stamp = "20260310T180000Z" }, func(r *replied) { r.stamp, r.partstat = "20260310T121500Z", "TENTATIVE" }, "non", "maybe"},
	} {
		t.Run(name, func(t *testing.T) {
			s := answering(t)
			s.advance("2026-03-10 15:08")
			if c.word != nil {
				if _, err := s.hand(member(2), eventsAddress, asPart(member(2), yes(c.word))); err != nil {
					t.Fatal(err)
				}
			}
			s.advance("2026-03-10 15:10")
			s.say(s.circleOf(member(2)), member(2), c.say)
			s.advance("2026-03-10 15:20")
			object := strings.Replace(string(asPart(member(2), yes(c.reply))), "<a@example.org>", "<b@example.org>", 1)
			if _, err := s.hand(member(2), eventsAddress, []byte(object)); err != nil {
				t.Fatal(err)
			}
			s.tick()
			if got := s.guestsOf(len(s.mails("", ""))); got != "circle member2 "+c.want {
				t.Errorf("down is %q, want %s", got, c.want)
			}
		})
	}
}
