package mailer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// dovecot is a maildir that Dovecot's IMAP server is started on for each connection, as whoever runs the tests, or as nobody for root.
type dovecot struct {
	t   *testing.T
	dir string
	uid int
	// running are its processes.
	running sync.WaitGroup
}

const dovecotIMAP = "/usr/lib/dovecot/imap"

func newDovecot(t *testing.T) *dovecot {
	if _, err := os.Stat(dovecotIMAP); err != nil {
		t.Skip("no Dovecot (Debian: dovecot-imapd)")
	}
	dir, err := os.MkdirTemp("", "dovecot")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	d := &dovecot{t: t, dir: dir, uid: os.Getuid()}
	if d.uid == 0 {
		d.uid = 65534
	}
	conf := fmt.Sprintf("log_path = %[1]s/log\nmail_location = maildir:%[1]s/mail\nssl = no\nbase_dir = %[1]s/run\nmail_uid = %[2]d\nmail_gid = %[2]d\nfirst_valid_uid = 1\n"+
		"namespace inbox {\n inbox = yes\n}\n", dir, d.uid)
	d.own(os.MkdirAll(filepath.Join(dir, "mail/new"), 0o755), "mail", "mail/new")
	d.own(os.MkdirAll(filepath.Join(dir, "mail/cur"), 0o755), "mail/cur")
	d.own(os.MkdirAll(filepath.Join(dir, "mail/tmp"), 0o755), "mail/tmp")
	d.own(os.Chmod(dir, 0o755), ".")
	d.own(os.WriteFile(filepath.Join(dir, "conf"), []byte(conf), 0o644), "conf")
	return d
}

// own gives files to who Dovecot runs as.
func (d *dovecot) own(err error, names ...string) {
	d.t.Helper()
	for _, name := range names {
		if err == nil && os.Getuid() == 0 {
			err = os.Chown(filepath.Join(d.dir, name), d.uid, d.uid)
		}
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *dovecot) deliver(n int) {
	d.t.Helper()
	name := fmt.Sprintf("%d.%d.host", time.Now().UnixNano(), n)
	d.own(os.WriteFile(filepath.Join(d.dir, "mail/tmp", name), []byte(mail(n, "")), 0o644), "mail/tmp/"+name)
	if err := os.Rename(filepath.Join(d.dir, "mail/tmp", name), filepath.Join(d.dir, "mail/new", name)); err != nil {
		d.t.Fatal(err)
	}
}

// dial starts the server over pipes: over a socket it would want to be started by its master.
func (d *dovecot) dial(context.Context, string) (net.Conn, error) {
	in, said, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	heard, out, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	defer out.Close()
	cmd := exec.Command(dovecotIMAP, "-c", filepath.Join(d.dir, "conf"))
	cmd.Stdin, cmd.Stdout, cmd.Dir = in, out, d.dir
	cmd.Env = []string{"USER=nobody", "HOME=" + d.dir}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	d.running.Go(func() { cmd.Wait() })
	return &pipedConn{heard, said}, nil
}

// pipedConn is a connection of two pipes.
type pipedConn struct{ in, out *os.File }

func (c *pipedConn) Read(p []byte) (int, error)  { return c.in.Read(p) }
func (c *pipedConn) Write(p []byte) (int, error) { return c.out.Write(p) }
func (c *pipedConn) Close() error                { return errors.Join(c.in.Close(), c.out.Close()) }
func (c *pipedConn) LocalAddr() net.Addr         { return &net.UnixAddr{} }
func (c *pipedConn) RemoteAddr() net.Addr        { return &net.UnixAddr{} }
func (c *pipedConn) SetDeadline(at time.Time) error {
	return errors.Join(c.in.SetDeadline(at), c.out.SetDeadline(at))
}
func (c *pipedConn) SetReadDeadline(at time.Time) error { return c.in.SetReadDeadline(at) }
func (c *pipedConn) SetWriteDeadline(at time.Time) error {
	return c.out.SetWriteDeadline(at)
}

func TestDovecot(t *testing.T) {
	d := newDovecot(t)
	o := newIMAPHost(t)
	var p *Pickup
	await := func(want ...string) {
		t.Helper()
		for deadline := time.Now().Add(10 * time.Second); len(o.desk.subjects()) < len(want) && time.Now().Before(deadline); {
			<-time.After(5 * time.Millisecond) // another process has no other way to say that it is there
		}
		if got := o.desk.subjects(); !slices.Equal(got, want) {
			log, _ := os.ReadFile(filepath.Join(d.dir, "log"))
			t.Fatalf("taken %q, want %q; %+v\n%s", got, want, p.Status(), log)
		}
	}
	start := func() (stop func()) {
		p = o.pickup()
		p.Dial = d.dial
		return o.run(p)
	}
	d.deliver(1)
	d.deliver(2)
	stop := start()
	await("m1", "m2")
	d.deliver(3)
	await("m1", "m2", "m3")
	stop()
	stop = start() // marks what was not marked when it was stopped
	d.deliver(4)
	await("m1", "m2", "m3", "m4")
	stop()
	before, err := p.readState()
	if err != nil {
		t.Fatal(err)
	}
	d.running.Wait()
	// The provider loses its index: UIDs begin anew under another UIDVALIDITY.
	for _, pattern := range []string{"mail/dovecot*", "mail/maildirfolder"} {
		names, err := filepath.Glob(filepath.Join(d.dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	<-time.After(1100 * time.Millisecond) // Dovecot's UIDVALIDITY is the time in seconds
	d.deliver(5)
	stop = start()
	await("m1", "m2", "m3", "m4", "m5")
	stop()
	if now, err := p.readState(); err != nil || now.Validity == before.Validity {
		t.Errorf("it was not numbered anew: %+v (%v)", now, err)
	}
	read, err := filepath.Glob(filepath.Join(d.dir, "mail/cur/*:2,*S*"))
	if err != nil || len(read) < 4 {
		all, _ := os.ReadDir(filepath.Join(d.dir, "mail/cur"))
		t.Errorf("marked as read are %s of %v", strings.Join(read, " "), all)
	}
}
