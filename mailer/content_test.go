package mailer

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
)

// cut is s in pieces of so many octets.
func cut(s string, size int) (p message.Pieces) {
	for b := range slices.Chunk([]byte(s), size) {
		p = append(p, b)
	}
	return p
}

func TestContentInPieces(t *testing.T) {
	const head = "From: ann@author.example\r\n\r\n"
	line := strings.Repeat("word ", 12) + "\r\n"
	long := strings.Repeat(line, block/len(line)+1)
	for name, mail := range map[string]string{
		"small":                         head + "x\r\n",
		"small with dots":               head + ".\r\n..x\r\n",
		"small without an end":          head + "x",
		"of one block":                  strings.Repeat("x", block-2) + "\r\n",
		"of one block and an octet":     strings.Repeat("x", block-1) + "\r\n",
		"large":                         head + long,
		"large with dots":               head + long + "." + long + "..\r\n" + long + ".\r\n",
		"large with a dot at the start": "." + long,
		"large, all dots":               head + strings.Repeat(".\r\n", block),
		"large with a bare LF":          head + long + "x\n.\r\n" + long,
		"large with a bare CR":          head + long + "x\r.\r\n" + long,
		"large with a CR at the end":    head + long + "\r",
		"large without an end":          head + long + "x",
		"large and 8-bit":               head + long + "caf\xc3\xa9\r\n",
		"large with an 8-bit header":    "Subject: caf\xc3\xa9\r\n" + head + long,
	} {
		t.Run(name, func(t *testing.T) {
			want, _ := dotStuff(nil, []byte(mail))
			for _, size := range []int{77, apart, block, 1 << 20} {
				c := NewContent(cut(mail, size)...)
				if !bytes.Equal(c.wire.Bytes(), want) || c.length != len(want) {
					t.Errorf("in pieces of %d: %d octets to be sent, want %d", size, c.wire.Len(), len(want))
				}
				if string(c.Message().Bytes()) != normal(mail) || c.Size() != int64(len(normal(mail))) {
					t.Errorf("in pieces of %d the message is another", size)
				}
				if c.EightBit() != strings.Contains(mail, "\xc3") || c.UTF8() != strings.HasPrefix(mail, "Subject: caf\xc3") {
					t.Errorf("in pieces of %d: 8-bit %v, UTF-8 %v", size, c.EightBit(), c.UTF8())
				}
				sent := sentPieces(t, c, "", "MAIL FROM:<>\r\n")
				if string(sent) != string(want)+"MAIL FROM:<>\r\n" {
					t.Errorf("in pieces of %d: other octets were sent", size)
				}
			}
			if len(mail) <= block && len(NewContent(cut(mail, 3)...).wire) != 1 {
				t.Error("a small one is not in one run")
			}
		})
	}
}

// sentPieces is what writePieces sends, which goes in whole blocks but for the last one.
func sentPieces(t *testing.T, c *Content, before, behind string) []byte {
	t.Helper()
	conn, peer := pair(t, "")
	var got bytes.Buffer
	done := make(chan error)
	go func() {
		_, err := io.Copy(&got, peer)
		done <- err
	}()
	conn.startPieces([]byte(before), c, []byte(behind))
	if err := conn.finish(); err != nil {
		t.Error(err)
	}
	if !conn.dotSent.Load() {
		t.Error("the end of data has left, and nobody knows")
	}
	conn.Abort()
	<-done // an error is how the connection ends
	return got.Bytes()
}

func TestTheHeadOfALargeMessageMayBeLarge(t *testing.T) {
	head := strings.Repeat("X-Long: "+strings.Repeat("y", 60)+"\r\n", 2000)
	content := strings.Repeat("line\r\n", block)
	got := sentPieces(t, NewContent([]byte(content)), head, "RSET\r\n")
	if string(got) != head+content+".\r\nRSET\r\n" {
		t.Errorf("%d octets, want %d", len(got), len(head)+len(content)+9)
	}
}

func FuzzStuffPieces(f *testing.F) {
	for _, seed := range []string{greetingMail, "", ".", "..\r\n.", "\r\n.\r\n", "a\r\n.b", "a\n", "a\r", "a\r\rb\r\n"} {
		f.Add(seed, uint8(0))
		f.Add(seed, uint8(2))
	}
	f.Fuzz(func(t *testing.T, in string, size uint8) {
		if got := hasCRLFOnly(cut(in, int(size)+1)); got != (normal(in) == in) {
			t.Errorf("%q in pieces of %d has only CRLF: %v", in, size+1, got)
		}
		want, _ := dotStuff(nil, []byte(normal(in)))
		if got := stuffPieces(cut(normal(in), int(size)+1)).Bytes(); !bytes.Equal(got, want) {
			t.Errorf("%q in pieces of %d is sent as %q, want %q", in, size+1, got, want)
		}
	})
}

// TestALargePostIsNotCopied is that the way from a post of 20 MB to the wire takes no second 20 MB, signatures and all.
func TestALargePostIsNotCopied(t *testing.T) {
	const header = "Received: by lists.example.org; Mon, 02 Mar 2026 09:00:00 +0000\r\nFrom: ann@author.example\r\nSubject: large\r\n"
	line := strings.Repeat("QUJD", 19) + "\r\n"
	body := []byte("\r\n" + strings.Repeat(line, 20<<20/len(line)) + ".dot\r\n")
	for _, personal := range []bool{false, true} {
		t.Run(fmt.Sprintf("personal %v", personal), func(t *testing.T) {
			cs := contents{source: pieceSource{message.Pieces{[]byte(header), body}, "List-Unsubscribe: <mailto:x@y.example>\r\n"}}
			out := &list.Outgoing{ID: 1, List: 1, Post: 1, Address: "dev@football.example.com", Accepted: time.Unix(1, 0),
				Style: list.Style{Personal: personal, Signing: []string{exampleKeys(t)[0].RecordName()}}}
			s := &settings{Delivery: Delivery{Signer: NewSigner(exampleKeys(t)), Hostname: "football.example.com"}}
			here, peer := net.Pipe()
			conn := newClient(here, Timeouts{}.withDefaults())
			sum, done := sha256.New(), make(chan error)
			go func() {
				_, err := io.Copy(sum, peer)
				done <- err
			}()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			made, _, err := cs.get(out, s, shape{})
			if err != nil {
				t.Fatal(err)
			}
			conn.startPieces(made.head, made.content, nil)
			if err := conn.finish(); err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			if took := after.TotalAlloc - before.TotalAlloc; took > uint64(len(body)/5) {
				t.Errorf("delivering %d octets allocated %d", len(body), took)
			}
			conn.Abort()
			<-done
			if made.seal == nil || made.content.Size() < int64(len(body)) {
				t.Error("it is not signed, or not whole")
			}
			want := sha256.New()
			fmt.Fprintf(want, "%s%s%s", made.head, bytes.TrimPrefix([]byte(header), made.trace), bytes.Replace(body, []byte("\n.dot"), []byte("\n..dot"), 1))
			fmt.Fprint(want, ".\r\n")
			if !bytes.Equal(sum.Sum(nil), want.Sum(nil)) {
				t.Error("other octets were sent")
			}
		})
	}
}

// pieceSource is a Source of one message, in pieces.
type pieceSource struct {
	mail message.Pieces
	own  string
}

func (s pieceSource) Copy(list.Outgoing, list.Form) (message.Pieces, error) { return s.mail, nil }

func (s pieceSource) Personal(*list.Outgoing, *list.Copy) (list.Personal, error) {
	return list.Personal{Fields: []byte(s.own)}, nil
}

func BenchmarkLargePost(b *testing.B) {
	line := strings.Repeat("QUJD", 19) + "\r\n"
	mail := message.Pieces{[]byte(dinner[:strings.Index(dinner, "\r\n\r\n")+2]), []byte("\r\n" + strings.Repeat(line, 20<<20/len(line)))}
	signer := NewSigner([]SigningKey{{"football.example.com", "e", ed25519Key(b)}})
	b.SetBytes(int64(mail.Len()))
	b.ReportAllocs()
	for b.Loop() {
		cs := contents{source: pieceSource{mail: mail}}
		s := &settings{Delivery: Delivery{Signer: signer, Hostname: "football.example.com"}}
		if _, _, err := cs.get(&list.Outgoing{ID: 1}, s, shape{}); err != nil {
			b.Fatal(err)
		}
	}
}
