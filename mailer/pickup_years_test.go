package mailer

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
)

// TestAMailboxWithYearsOfMail: what had been read before is left alone without being fetched, and what was not is taken.
func TestAMailboxWithYearsOfMail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &oddServer{validity: 1, read: 10_000}
		for n := 1; n <= 10_003; n++ {
			s.mails = append(s.mails, mail(n, ""))
		}
		o := newIMAPHost(t)
		p := o.pickup()
		p.Now = func() time.Time { return time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC) }
		dials := 0
		p.Dial = pipeTo(s, &dials)
		stop := o.run(p)
		time.Sleep(time.Minute)
		synctest.Wait()
		wantSubjects(t, o, "m10001", "m10002", "m10003")
		stop()
		s.mu.Lock()
		defer s.mu.Unlock()
		if bodies := slices.DeleteFunc(slices.Clone(s.said), func(cmd string) bool { return !strings.Contains(cmd, "BODY.PEEK[") }); len(bodies) != 3 {
			t.Errorf("%d bodies were fetched, %q first", len(bodies), bodies[0])
		}
		if st := p.Status(); st.Taken != 3 || st.Left != 0 {
			t.Errorf("status %+v", st)
		}
	})
}

// TestAMessageThatVanishesWhileItIsFetched: somebody has deleted it, or moved it away; it is asked for again a few times, and what is behind it is taken at once.
func TestAMessageThatVanishesWhileItIsFetched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &oddServer{validity: 1, mails: []string{mail(1, ""), mail(2, ""), mail(3, "")}, gone: 2}
		o := newIMAPHost(t)
		p := o.pickup()
		dials := 0
		p.Dial = pipeTo(s, &dials)
		stop := o.run(p)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		wantSubjects(t, o, "m1", "m3")
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		wantSubjects(t, o, "m1", "m3")
		stop()
		if st := p.Status(); st.Waiting != 0 || st.Taken != 2 || dials != 1 {
			t.Errorf("status %+v over %d connections", st, dials)
		}
	})
}

// TestIdleIsRenewed: no IDLE lasts as long as the 29 minutes after which servers may end it (RFC 2177).
func TestIdleIsRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &oddServer{validity: 1, mails: []string{mail(1, "")}}
		o := newIMAPHost(t)
		p := o.pickup()
		dials := 0
		p.Dial = pipeTo(s, &dials)
		stop := o.run(p)
		time.Sleep(4 * time.Hour)
		synctest.Wait()
		stop()
		s.mu.Lock()
		defer s.mu.Unlock()
		for i, d := range s.idled {
			if d >= 29*time.Minute {
				t.Errorf("IDLE %d lasted %v", i, d)
			}
		}
		if len(s.idled) < 9 || len(s.idled) > 100 || dials != 1 {
			t.Errorf("%d times IDLE over %d connections", len(s.idled), dials)
		}
	})
}

// TestALoginThatIsRefusedIsSaid: in the log and the status, in one line, and not over and over.
func TestALoginThatIsRefusedIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newIMAPHost(t, imap.CapIdle)
		p := o.pickup()
		var log bytes.Buffer
		p.Log = slog.New(slog.NewTextHandler(&log, nil))
		p.Password = func() (string, error) { return "wrong horse", nil }
		stop := o.run(p)
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		stop()
		lines := strings.Count(log.String(), "\n")
		if said := fmt.Sprint(log.String(), p.Status().Problem); strings.Count(said, "the login was refused") != lines+1 || lines > 7 || strings.Contains(said, "wrong horse") {
			t.Errorf("%d lines: %s", lines, said)
		}
		o.server.Close()
	})
}
