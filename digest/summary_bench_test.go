package digest

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"convene/digest/facts"
	"convene/digest/plan"
)

// BenchmarkWeekly composes a weekly summary of 1,000 posts from the store on: reading the posts as they came, finding out what was said, writing the mail. An op is
// one summary, of an editor that has read nothing before.
func BenchmarkWeekly(b *testing.B) {
	const posts = 1000
	s := newStage(b, func(up *setUp) { up.Members = 200; up.Now = "2026-03-02 08:00" })
	first := s.post(luis, "Question 1 #remote", "What made a quiet group talk?", "")
	for n := range posts {
		text := fmt.Sprintf("In our village group number %d we call one person before the meeting. ", n%37) + strings.Repeat(benchSentences[n%len(benchSentences)]+" ", 3) +
			"\n\nOn Monday, Luis wrote:\n> What made a quiet group talk?\n\n-- \nMember\n"
		s.post(member(1+n%200), "Re: Question 1 #remote", text, first.MessageID)
		s.set(s.time().Add(5 * time.Minute))
	}
	var before, after runtime.MemStats
	b.ResetTimer()
	for range b.N {
		s.editor.texts, s.editor.reader = readings{}, facts.Reader{}
		runtime.GC()
		runtime.ReadMemStats(&before)
		_, f, err := s.editor.Digest(s.list, plan.Weekly, "", s.clock("2026-03-06 11:00"))
		if err != nil {
			b.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if f.Counts.Posts < posts*9/10 {
			b.Fatalf("%d posts are told of", f.Counts.Posts)
		}
		b.ReportMetric(float64(after.HeapSys)/1e6, "heap-MB")
		b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/1e6, "allocated-MB")
	}
}

var benchSentences = []string{
	"The phone call makes the shy ones feel that somebody waits for their answer.",
	"Our women's group began to write when the chief's wife sent a voice message first.",
	"Nobody answered until we asked for a failure instead of a success.",
	"A short question on Monday morning works better than a long text on Friday.",
	"What do you do when only the teachers write and the farmers stay silent?",
	"We read the messages aloud at the market and write down what people say.",
}
