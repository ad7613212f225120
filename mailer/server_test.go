package mailer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convene/list"
)

func TestConnectionLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, &inbox{}, func(c *ServerConfig) { c.MaxConnections = 4; c.Limits.ConnectionsPerIP = 2 })
		a, b := s.dial(t, "192.0.2.1"), s.dial(t, "192.0.2.1")
		a.play(introduced)
		b.play(introduced)
		s.dial(t, "192.0.2.1").play("<- 421 4.7.0 mx.lists.example.org takes 2 connections at once from one address\n<!")
		s.dial(t, "127.0.0.1").play(introduced)
		s.dial(t, "127.0.0.1").play(introduced)
		s.dial(t, "127.0.0.1").play("<- 421 4.3.2…\n<!")
		if n := s.Open(); n != 4 {
			t.Errorf("%d sessions open, want 4", n)
		}
		a.play("-> QUIT\n<- 221…\n<!")
		synctest.Wait() // the peer knows of the end of a session before the books do
		s.dial(t, "192.0.2.1").play(introduced)
	})
}

func TestErrorsPerSession(t *testing.T) {
	p := newSite(t, &inbox{}, func(c *ServerConfig) { c.Limits.ErrorsPerSession = 3 }).dial(t, "192.0.2.1")
	p.play(introduced + "-> X\n<- 500…\n-> MAIL FROM:<>\n<- 250…\n-> RCPT TO:<x@y.example>\n<- 550…\n-> RCPT TO:<x@y.example>\n<- 550…\n<- 421 4.7.0 Too many errors; closing\n<!")
}

func TestRefusedMessagesAreNoErrors(t *testing.T) {
	b := &inbox{receive: func(context.Context, *list.Incoming) (list.Receipt, error) {
		return list.Receipt{}, list.Refuse(list.NotMember, "Members only")
	}}
	p := newSite(t, b, func(c *ServerConfig) { c.Limits.ErrorsPerSession = 3 }).dial(t, "192.0.2.1")
	p.play(introduced)
	for range 10 {
		p.play("-> MAIL FROM:<>\n<- 250…\n-> RCPT TO:<dev@lists.example.org>\n<- 250…\n-> DATA\n<- 354…\n=> x\\r\\n.\\r\\n\n<- 550 5.7.2 Members only")
	}
}

func TestCommandsWithoutAMessage(t *testing.T) {
	p := newSite(t, &inbox{}, nil).dial(t, "192.0.2.1")
	p.play(opened)
	for range 900 {
		p.play("-> NOOP\n<- 250…")
	}
	p.play("-> DATA\n<- 354…\n=> x\\r\\n.\\r\\n\n<- 250…")
	for range 1100 {
		p.play("-> NOOP\n<- 250…")
	}
	p.play("<- 421 4.7.0 Too many commands without a message; closing\n<!")
}

// TestSlowPeers is T19: silence ends a session, and so does an octet now and then.
func TestSlowPeers(t *testing.T) {
	for name, c := range map[string]struct {
		script  string
		trickle time.Duration // between octets; zero: silence
		want    string
		after   time.Duration
	}{
		"silence before a command":            {introduced, 0, "421 4.4.2 ", 5 * time.Minute},
		"an octet now and then":               {introduced, time.Minute, "421 4.4.2 ", 5 * time.Minute},
		"silence in a message":                {opened + "-> DATA\n<- 354…\n=> x", 0, "421 4.4.2 ", 5 * time.Minute},
		"a message octet by octet":            {opened + "-> DATA\n<- 354…\n=> x", time.Minute, "421 4.4.2 ", 30 * time.Minute},
		"a chunk octet by octet":              {opened + "=> BDAT 100000\\r\\n", time.Minute, "421 4.4.2 ", 30 * time.Minute},
		"silence before the greeting is read": {"", 0, "220 mx.lists.example.org ESMTP\r\n421 4.4.2 ", 5 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSite(t, &inbox{}, nil)
				p := s.dial(t, "192.0.2.1")
				p.play(c.script)
				began := time.Now()
				if c.trickle > 0 {
					go func() {
						for err := error(nil); err == nil; time.Sleep(c.trickle) {
							_, err = p.conn.Write([]byte("y"))
						}
					}()
				}
				if said := p.rest(); !strings.HasPrefix(said, c.want) {
					t.Errorf("said %q, want %q", said, c.want)
				}
				if took := time.Since(began); took != c.after {
					t.Errorf("closed after %s, want %s", took, c.after)
				}
				p.conn.Close()
				time.Sleep(time.Hour) // the trickle ends
				if s.Open() != 0 || s.Busy() != 0 || len(s.messages()) != 0 {
					t.Errorf("left: %d open, %d busy, %d messages", s.Open(), s.Busy(), len(s.messages()))
				}
				s.end()
			})
		})
	}
}

// TestSlowButSteady is a body that takes longer than the idle timeout in all: it is a message, and nothing in it a command.
func TestSlowButSteady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, &inbox{}, nil)
		p := s.dial(t, "192.0.2.1")
		p.play(opened + "-> DATA\n<- 354…")
		for range 6 {
			time.Sleep(4 * time.Minute)
			p.send("RSET\r\nMAIL FROM:<e@x.example>\r\n")
		}
		p.play("=> .\\r\\n\n<- 250 2.0.0…")
		if len(s.messages()) != 1 {
			t.Errorf("%d messages, want 1", len(s.messages()))
		}
		s.end()
	})
}

// TestPeerThatDoesNotRead fills the pipe with replies that nobody takes.
func TestPeerThatDoesNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, &inbox{}, func(c *ServerConfig) { c.Limits.RcptPerMessage = 1000000 })
		p := s.dial(t, "192.0.2.1")
		p.play(introduced)
		go func() { _, _ = p.conn.Write([]byte(strings.Repeat("NOOP\r\n", 1000000))) }()
		time.Sleep(10 * time.Minute)
		if n := s.Open(); n != 0 {
			t.Errorf("%d sessions open, want none", n)
		}
		p.conn.Close()
		s.end()
	})
}

func TestShutdown(t *testing.T) {
	t.Run("idle sessions are told", func(t *testing.T) {
		s := newSite(t, &inbox{}, nil)
		idle, busy := s.dial(t, "192.0.2.1"), s.dial(t, "192.0.2.2")
		idle.play(introduced)
		busy.play(opened)
		if s.Open() != 2 || s.Busy() != 1 {
			t.Errorf("%d open, %d busy", s.Open(), s.Busy())
		}
		if err := s.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		idle.play("<- 421 4.3.2…\n<!")
		busy.play("<- 421 4.3.2…\n<!")
		if s.Open() != 0 || s.Busy() != 0 {
			t.Errorf("%d open, %d busy", s.Open(), s.Busy())
		}
		if _, err := s.l.Dial(); err == nil {
			t.Error("the listener still takes connections")
		}
	})
	t.Run("a message under way is finished", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newSite(t, &inbox{}, nil)
			p := s.dial(t, "192.0.2.1")
			p.play(opened + "-> DATA\n<- 354…\n=> x\\r\\n")
			synctest.Wait()
			done := make(chan error)
			go func() { done <- s.Shutdown(context.Background()) }()
			synctest.Wait()
			p.play("=> .\\r\\n\n<- 250 2.0.0 Queued…\n<- 421 4.3.2…\n<!")
			if err := <-done; err != nil {
				t.Error(err)
			}
			if len(s.messages()) != 1 {
				t.Errorf("%d messages, want 1", len(s.messages()))
			}
		})
	})
	t.Run("patience ends", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newSite(t, &inbox{}, nil)
			p := s.dial(t, "192.0.2.1")
			p.play(opened + "-> DATA\n<- 354…\n=> x\\r\\n")
			synctest.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			began := time.Now()
			if err := s.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			if took := time.Since(began); took != 10*time.Second {
				t.Errorf("took %s", took)
			}
			if s.Open() != 0 || len(s.messages()) != 0 {
				t.Errorf("%d open, %d messages", s.Open(), len(s.messages()))
			}
		})
	})
	t.Run("the engine is waited for", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			release := make(chan struct{})
			b := &inbox{receive: func(context.Context, *list.Incoming) (list.Receipt, error) { <-release; return list.Receipt{}, nil }}
			s := newSite(t, b, nil)
			p := s.dial(t, "192.0.2.1")
			p.play(opened + "-> DATA\n<- 354…\n=> x\\r\\n.\\r\\n")
			synctest.Wait()
			done := make(chan error, 1)
			go func() { done <- s.Shutdown(context.Background()) }()
			synctest.Wait()
			select {
			case <-done:
				t.Fatal("Shutdown returned while Receive runs")
			default:
			}
			close(release)
			p.play("<- 250…\n<- 421 4.3.2…\n<!")
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	})
}

// TestReload: a new config is for new connections.
func TestReload(t *testing.T) {
	s := newSite(t, &inbox{}, nil)
	old := s.dial(t, "192.0.2.1")
	old.play(introduced)
	s.Server.mu.Lock() // admit reads the config before it takes the lock: nobody connects now
	s.config.Hostname = "new.example.org"
	s.Server.mu.Unlock()
	s.dial(t, "192.0.2.1").play("<- 220 new.example.org ESMTP")
	old.play("-> HELO x\n<- 250 mx.lists.example.org")
}

func TestIDs(t *testing.T) {
	clock := testTime
	s := IDs{now: func() time.Time { return clock }, random: zeros{}}
	last := ""
	for i := range 1000 {
		switch i {
		case 300:
			clock = clock.Add(time.Millisecond)
		case 600:
			clock = clock.Add(-time.Hour)
		}
		id, err := s.Next()
		if err != nil || len(id) != 26 || id <= last || strings.ToLower(id) != id {
			t.Fatalf("%d: %q after %q, %v", i, id, last, err)
		}
		last = id
	}
	broken := IDs{now: time.Now, random: strings.NewReader("")}
	if _, err := broken.Next(); err == nil {
		t.Error("an id without randomness")
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// BenchmarkIntake posts 10 kB over ten connections to an engine that keeps nothing.
func BenchmarkIntake(b *testing.B) {
	took := &inbox{receive: func(_ context.Context, in *list.Incoming) (list.Receipt, error) {
		return list.Receipt{ID: in.ID, Action: "accept"}, nil
	}}
	s := newSite(b, took, nil)
	post := "MAIL FROM:<a@b.example>\r\nRCPT TO:<dev@lists.example.org>\r\nDATA\r\n"
	text := strings.Repeat(strings.Repeat("x", 74)+"\r\n", 10000/76) + ".\r\n"
	const connections = 10
	var wg sync.WaitGroup
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	b.ResetTimer()
	for i := range connections {
		p := s.dial(b, "127.0.0.1")
		n := (b.N + i) / connections
		wg.Go(func() {
			p.reply()
			p.send("EHLO x\r\n")
			p.reply()
			for range n {
				p.send(post)
				p.reply()
				p.reply()
				p.reply()
				p.send(text)
				if got := p.reply(); !strings.HasPrefix(got, "250") {
					panic(fmt.Sprint("intake: ", got))
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
}
