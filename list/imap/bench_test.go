package imap

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"convene/list"
	"convene/list/archive"
)

// manyPosts is how many posts the figures are of.
const manyPosts = 100_000

// full is a house with many posts of about 2 kB, and cards of all.
func full(b *testing.B) *house {
	h := newHouse(b)
	body := strings.Repeat("The quick brown fox jumps over the lazy dog, and nobody minds.\r\n", 20)
	for n := 1; n <= manyPosts; {
		var raws [][]byte
		for range 1000 {
			raws = append(raws, fmt.Appendf(nil, "From: Member %d <member%d@example.org>\r\nTo: Peers <peers@lists.example.org>\r\nSubject: Re: a question of number %d\r\nDate: Thu, 5 Mar 2026 10:00:00 +0000\r\n"+
				"Message-ID: <post%d@example.org>\r\nIn-Reply-To: <post%d@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s", n%500, n%500, n/7, n, n-1, body))
			n++
		}
		h.check(h.db.KeepAll(raws, func(tx list.Tx, refs []list.Ref) error {
			for _, ref := range refs {
				if _, err := tx.PutPost(list.Post{List: 1, Ref: ref, Arrived: h.now, Accepted: h.now, Head: "List-Id: <peers.lists.example.org>\r\nList-Post: <mailto:peers@lists.example.org>\r\n"}); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	file, err := archive.Open(archive.Options{Path: filepath.Join(b.TempDir(), "archive.db"), Source: h.db, Parts: []archive.Part{archive.Cards{}}, Log: slog.New(slog.DiscardHandler)})
	h.check(err)
	b.Cleanup(func() { h.check(file.Close()) })
	h.check(file.CatchUp(context.Background()))
	h.server.Cards = file
	return h
}

// drain sends a command and reads all that is said about it.
func (c *client) drain(command string) (octets int) {
	c.n++
	tag := fmt.Sprintf("t%d", c.n)
	if err := c.SetDeadline(time.Now().Add(5 * time.Minute)); err != nil {
		c.Fatal(err)
	}
	if _, err := io.WriteString(c, tag+" "+command+"\r\n"); err != nil {
		c.Fatal(err)
	}
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil && err != bufio.ErrBufferFull {
			c.Fatal(err)
		}
		if octets += len(line); strings.HasPrefix(string(line[:min(len(line), len(tag)+4)]), tag+" OK") {
			return octets
		}
	}
}

// BenchmarkMailbox has the figures of a mailbox with 100,000 posts: those of one command each, but for the last, which is 50 clients at once.
func BenchmarkMailbox(b *testing.B) {
	h := full(b)
	c := h.anonymous()
	begun := time.Now()
	c.drain("EXAMINE Lists/" + peers)
	b.Logf("the first EXAMINE since the start takes %v", time.Since(begun).Round(time.Millisecond))
	for _, command := range []string{"EXAMINE Lists/" + peers, "FETCH 1:* FLAGS", "FETCH 1:* (FLAGS ENVELOPE)", "UID FETCH 1:* (FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)", "FETCH 1:* BODYSTRUCTURE",
		"FETCH 1:20000 BODY.PEEK[HEADER.FIELDS (FROM DATE SUBJECT)]", "FETCH 1:20000 BODY.PEEK[]", "UID SEARCH SINCE 1-Jan-2020", "UID SEARCH SUBJECT nowhere", "SEARCH TEXT nowhere"} {
		b.Run(strings.ReplaceAll(command, " ", "_"), func(b *testing.B) {
			for b.Loop() {
				b.SetBytes(int64(c.drain(command)))
			}
		})
	}
	b.Run("50_clients_1000_envelopes", func(b *testing.B) {
		var all []*client
		for range 50 {
			c := h.anonymous()
			c.drain("EXAMINE Lists/" + peers)
			all = append(all, c)
		}
		for b.Loop() {
			var wg sync.WaitGroup
			for i, c := range all {
				wg.Go(func() { c.drain(fmt.Sprintf("FETCH %d:%d ENVELOPE", 1+1000*i, 1000+1000*i)) })
			}
			wg.Wait()
		}
	})
	b.Logf("memory, but for mapped files: %s", resident())
}

// BenchmarkIdle is what a connection costs that waits in IDLE, in octets of memory.
func BenchmarkIdle(b *testing.B) {
	h := newHouse(b)
	h.post(peers, mail)
	const many = 500
	before := heap()
	for range many {
		conn, err := net.Dial("tcp", h.at)
		h.check(err)
		b.Cleanup(func() { conn.Close() })
		_, err = io.WriteString(conn, "a LOGIN anonymous x\r\nb EXAMINE Lists/"+peers+"\r\nc IDLE\r\n")
		h.check(err)
		var p [4096]byte
		for said := ""; !strings.Contains(said, "idling"); {
			n, err := conn.Read(p[:])
			h.check(err)
			said += string(p[:n])
		}
	}
	each := float64(heap()-before) / many
	for b.Loop() {
		if each > 100<<10 {
			b.Fatalf("a connection costs %.0f octets", each)
		}
	}
	b.ReportMetric(each, "octets/conn")
}

// BenchmarkPush is how long it takes from before a post is kept until the last of 50 clients that idle has heard of it.
func BenchmarkPush(b *testing.B) {
	h := newHouse(b)
	n := 0
	var all []*client
	for range 50 {
		c := h.anonymous()
		c.ok("EXAMINE Lists/" + peers)
		fmt.Fprint(c, "i IDLE\r\n")
		c.wants("+ idling")
		h.check(c.SetDeadline(time.Now().Add(5 * time.Minute)))
		all = append(all, c)
	}
	for b.Loop() {
		h.post(peers, mail)
		n++
		for _, c := range all {
			c.wants(fmt.Sprintf("* %d EXISTS", n))
		}
	}
}

// heap is how much memory is in use, in octets.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

func resident() string {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.SplitSeq(string(status), "\n") {
		if v, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			return strings.TrimSpace(v)
		}
	}
	return "?"
}
