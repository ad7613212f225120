package main

import (
	"bytes"
	"fmt"
	"io"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// benchPlan is the config of a discussion of two weeks, with an event behind it.
const benchPlan = `[server]
hostname = "lists.example.org"
admin = "admin@example.org"
data_dir = "./data"
[http]
base_url = "https://lists.example.org"
[[list]]
address = "web@lists.example.org"
name = "Twisted Web"
owners = ["amina@example.org"]
timezone = "Europe/London"
languages = ["en"]
[[discussion]]
id = "web"
list = "web@lists.example.org"
title = "Serving the web with Twisted"
start = 2005-07-04
weeks = 2
facilitators = ["Luis Prieto <luis@example.org>", "noor@example.org"]
facilitator_intro = "I am Luis Prieto and I have run small servers for ten years."
hashtag = "#web"
purpose = "What makes a web page feel alive, and what does it cost?"
effort = "10 minutes, twice a week"
call_to_action = "What will you try?"
questions = ["What are you building with Nevow, and what stops you?", "What worked for you?", "What should the next release have?"]
[[event]]
id = "cafe"
discussion = "web"
list = "web@lists.example.org"
title = "World Café"
start = "2005-07-20 15:00"
format = "world_cafe"
where = "https://meet.example.org/cafe"
register_by = "2005-07-19 18:00"
`

// BenchmarkRehearse plays two weeks with 500 posts of a real list to 200 members, every fifth of whom reads digests. The CPU is that of the whole process.
func BenchmarkRehearse(b *testing.B) {
	const posts, members = 500, 200
	dir := b.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			b.Fatal(err)
		}
		return path
	}
	csv := bytes.NewBufferString("address,name,mode\n")
	for i := range members {
		fmt.Fprintf(csv, "m%03d@example.net,Member %[1]d,%s\n", i, []string{"digest", "each", "each", "each", "each"}[i%5])
	}
	config, mbox, people := write("convene.toml", []byte(benchPlan)), write("posts.mbox", twoWeeks(b, posts)), write("members.csv", csv.Bytes())
	used, mails := cpu(), 0
	for i := 0; b.Loop(); i++ {
		out := filepath.Join(dir, fmt.Sprint("out", i))
		c := &cli{streams: streams{out: io.Discard, err: io.Discard}, args: []string{"rehearse", "web", "--config", config, "--posts", mbox, "--members", people, "--out", out}}
		if status := c.run(b.Context()); status != 0 {
			b.Fatal("the rehearsal ended with", status)
		}
		all, err := os.ReadDir(out)
		if err != nil || len(all) < posts*3/4 {
			b.Fatalf("%d mails, %v", len(all), err)
		}
		mails = len(all) - 1
	}
	b.ReportMetric((cpu()-used).Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(float64(mails), "mails")
}

// twoWeeks are so many posts of a real list, of a year, as they might have been written in two weeks: at equal distances, each once.
func twoWeeks(b *testing.B, posts int) []byte {
	begin := time.Date(2005, 7, 4, 9, 30, 0, 0, time.UTC)
	date, known := regexp.MustCompile(`(?mi)^Date:[^\r\n]*`), map[string]bool{}
	var mbox bytes.Buffer
	for _, m := range readArchive(b, "twisted-web/2005-*.txt") {
		_, body, _ := strings.Cut(string(m.raw), "\r\n\r\n")
		if _, err := mail.ParseAddress(m.from); err != nil || m.id == "" || known[m.id] || known[body] || len(known) >= 2*posts {
			continue
		}
		known[m.id], known[body] = true, true
		at := begin.Add(time.Duration(len(known)/2-1) * (13*24*time.Hour + 6*time.Hour) / time.Duration(posts))
		once := true
		raw := date.ReplaceAllFunc(m.raw, func(old []byte) []byte {
			if once {
				once, old = false, []byte("Date: "+at.Format(time.RFC1123Z))
			}
			return old
		})
		fmt.Fprintf(&mbox, "From %s %s\n%s\n", m.from, at.Format(time.ANSIC), bytes.ReplaceAll(raw, []byte("\r"), nil))
	}
	if len(known) < 2*posts {
		b.Fatalf("%d posts", len(known)/2)
	}
	return mbox.Bytes()
}
