package mailer

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
)

// steppedConn tells of every read and write.
type steppedConn struct {
	net.Conn
	step func() error
}

func (c steppedConn) Read(p []byte) (int, error) {
	if err := c.step(); err != nil {
		return 0, errors.Join(err, c.Close())
	}
	return c.Conn.Read(p)
}

func (c steppedConn) Write(p []byte) (int, error) {
	if err := c.step(); err != nil {
		return 0, errors.Join(err, c.Close())
	}
	return c.Conn.Write(p)
}

// TestPickupDiesBetweenAnyTwoSteps ends a Pickup before every single read, write and transaction, and after every transaction; the next one goes on.
func TestPickupDiesBetweenAnyTwoSteps(t *testing.T) {
	for last, died := 0, true; died; last++ {
		synctest.Test(t, func(t *testing.T) {
			o := newIMAPHost(t, imap.CapIdle)
			o.put(mail(0, ""), imap.FlagSeen)
			for n := 1; n <= 3; n++ {
				o.put(mail(n, ""))
			}
			var mu sync.Mutex
			steps := 0
			died = false
			step := func() error {
				mu.Lock()
				defer mu.Unlock()
				if steps++; steps > last {
					died = true
					return errors.New("killed")
				}
				return nil
			}
			o.store.step = step
			o.wrap = func(c net.Conn) net.Conn { return steppedConn{c, step} }
			_, stop := o.start()
			synctest.Wait()
			stop()
			o.store.step, o.wrap = nil, nil
			o.put(mail(4, ""))
			_, stop = o.start()
			synctest.Wait()
			wantSubjects(t, o, "m1", "m2", "m3", "m4")
			if n := o.unseen(); n != 0 {
				t.Errorf("%d are not marked as read", n)
			}
			stop()
			o.server.Close()
			if t.Failed() {
				t.Fatalf("when it died after step %d", last)
			}
		})
		if last > 500 {
			t.Fatal("it has no end")
		}
		if !died {
			t.Logf("died after each of %d steps", last)
		}
	}
}

// holeConn is a connection through a firewall that forgets it.
type holeConn struct {
	net.Conn
	hole   *atomic.Bool
	lost   atomic.Bool
	closed chan struct{}
	once   sync.Once
}

func (c *holeConn) gone() bool {
	if c.hole.Load() {
		c.lost.Store(true)
	}
	return c.lost.Load()
}

func (c *holeConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.gone() {
		<-c.closed
		return 0, net.ErrClosed
	}
	return n, err
}

func (c *holeConn) Write(p []byte) (int, error) {
	if c.gone() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

func (c *holeConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

func TestAFirewallThatDropsEverythingForTenMinutes(t *testing.T) {
	for name, caps := range map[string][]imap.Cap{"in the middle of IDLE": {imap.CapIdle}, "while polling": nil} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newIMAPHost(t, caps...)
				var hole atomic.Bool
				o.wrap = func(c net.Conn) net.Conn { return &holeConn{Conn: c, hole: &hole, closed: make(chan struct{})} }
				o.put(mail(1, ""))
				p, stop := o.start()
				time.Sleep(time.Minute)
				wantSubjects(t, o, "m1")
				hole.Store(true)
				for n := 2; n <= 11; n++ {
					o.put(mail(n, ""))
					time.Sleep(time.Minute)
				}
				wantSubjects(t, o, "m1")
				if s := p.Status(); s.Connected || s.Problem == "" {
					t.Errorf("after ten minutes of silence: %+v", s)
				}
				hole.Store(false)
				o.put(mail(12, ""))
				began := time.Now()
				for len(o.desk.subjects()) < 12 && time.Since(began) < time.Hour {
					time.Sleep(time.Second)
				}
				wantSubjects(t, o, "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11", "m12")
				if took := time.Since(began); took > 6*time.Minute+30*time.Second {
					t.Errorf("it took %v after the firewall was open again", took)
				}
				stop()
				o.server.Close()
			})
		})
	}
}

func TestConnectionsThatBreakAreMadeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newIMAPHost(t, imap.CapIdle)
		var mu sync.Mutex
		var conn net.Conn
		o.wrap = func(c net.Conn) net.Conn {
			mu.Lock()
			defer mu.Unlock()
			conn = c
			return c
		}
		var want []string
		_, stop := o.start()
		for n := range 50 {
			synctest.Wait()
			mu.Lock()
			conn.Close()
			mu.Unlock()
			o.put(mail(n, ""))
			want = append(want, fmt.Sprintf("m%d", n))
			time.Sleep(time.Minute)
		}
		synctest.Wait()
		wantSubjects(t, o, want...)
		stop()
		o.server.Close()
	})
}

func TestAWrongPasswordIsNotTriedOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newIMAPHost(t, imap.CapIdle)
		p := o.pickup()
		var asked atomic.Int32
		p.Password = func() (string, error) {
			if asked.Add(1) > 10 {
				return "secret", nil
			}
			return "wrong", nil
		}
		o.put(mail(1, ""))
		stop := o.run(p)
		time.Sleep(10 * time.Minute)
		if n := asked.Load(); n > 7 {
			t.Errorf("tried %d times in ten minutes", n)
		}
		if s := p.Status(); s.Connected || s.Problem == "" {
			t.Errorf("status %+v", s)
		}
		time.Sleep(time.Hour)
		wantSubjects(t, o, "m1")
		stop()
		o.server.Close()
	})
}
