package mailer

import (
	"context"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// postfixMain and postfixMaster are a Postfix of its own that takes a.test.
const postfixMain = `compatibility_level = 3.6
queue_directory = DIR/queue
data_directory = DIR/data
mail_owner = postfix
setgid_group = postdrop
maillog_file = DIR/maillog
maillog_file_prefixes = DIR
myhostname = mx.a.test
mydestination =
local_recipient_maps =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = reject_unauth_destination
smtpd_peername_lookup = no
relay_domains = a.test
relay_transport = lmtp:inet:127.0.0.1:SINK
lmtp_tls_security_level = none
smtpd_tls_security_level = may
smtpd_tls_cert_file = DIR/cert.pem
smtpd_tls_key_file = DIR/key.pem
smtpd_tls_received_header = yes
`

const postfixMaster = `127.0.0.1:PORT inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`

func beginPostfix(t *testing.T, s *realSite) func(context.Context) (net.Conn, error) {
	t.Helper()
	program, err := exec.LookPath("postfix")
	if err != nil {
		t.Skip("no postfix:", err)
	}
	owner, err := user.Lookup("postfix")
	if os.Getuid() != 0 || err != nil {
		t.Skip("Postfix needs root and a user postfix:", err)
	}
	uid, err := strconv.Atoi(owner.Uid)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"queue", "data"} {
		if err := os.Mkdir(filepath.Join(s.dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chown(filepath.Join(s.dir, "data"), uid, -1); err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("no loopback:", err)
	}
	address := free.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	free.Close()
	s.write(t, "main.cf", postfixMain)
	s.write(t, "master.cf", strings.ReplaceAll(postfixMaster, "PORT", port))
	if out, err := exec.Command(program, "-c", s.dir, "start").CombinedOutput(); err != nil {
		t.Skipf("postfix start: %v\n%s\n%s", err, out, s.logs())
	}
	t.Cleanup(func() {
		if out, err := exec.Command(program, "-c", s.dir, "stop").CombinedOutput(); err != nil {
			t.Errorf("postfix stop: %v\n%s", err, out)
		}
	})
	return func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", address)
	}
}

// eximConfig is an Exim that takes a.test.
const eximConfig = `primary_hostname = mx.a.test
spool_directory = DIR/spool
log_file_path = DIR/spool/%slog
keep_environment =
host_lookup =
rfc1413_hosts =
tls_advertise_hosts = *
tls_certificate = DIR/cert.pem
tls_privatekey = DIR/key.pem
pipelining_advertise_hosts = *
chunking_advertise_hosts =
acl_smtp_rcpt = rcpt
never_users = nobody
begin acl
rcpt:
  accept domains = a.test
  deny message = no mail for that domain here
begin routers
sink:
  driver = manualroute
  domains = a.test
  route_list = * 127.0.0.1
  self = send
  transport = lmtp
begin transports
lmtp:
  driver = smtp
  protocol = lmtp
  port = SINK
  allow_localhost
  hosts_avoid_tls = *
`

// beginExim has a process for each connection, as under inetd: there is no port to wait for.
func beginExim(t *testing.T, s *realSite) func(context.Context) (net.Conn, error) {
	t.Helper()
	program := os.Getenv("CONVENE_EXIM")
	for _, name := range []string{"exim4", "exim"} {
		if path, err := exec.LookPath(name); program == "" && err == nil {
			program = path
		}
	}
	if program == "" {
		t.Skip("no exim: neither $CONVENE_EXIM nor in the PATH")
	}
	spool := filepath.Join(s.dir, "spool")
	if err := os.Mkdir(spool, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(spool, 0o777); err != nil {
		t.Fatal(err)
	}
	config := s.write(t, "exim.conf", eximConfig)
	if out, err := exec.Command(program, "-C", config, "-bV").CombinedOutput(); err != nil {
		t.Skipf("exim -bV: %v\n%s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("no loopback:", err)
	}
	t.Cleanup(func() { l.Close() })
	return func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		conn, err := d.DialContext(ctx, "tcp", l.Addr().String())
		if err != nil {
			return nil, err
		}
		there, err := l.Accept()
		if err != nil {
			return nil, err
		}
		defer there.Close()
		socket, err := there.(*net.TCPConn).File()
		if err != nil {
			return nil, err
		}
		defer socket.Close()
		cmd := exec.Command(program, "-C", config, "-odf", "-bs")
		cmd.Stdin, cmd.Stdout = socket, socket
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		t.Cleanup(func() {
			conn.Close()
			if err := cmd.Wait(); err != nil {
				t.Logf("exim: %v %s", err, s.logs())
			}
		})
		return conn, nil
	}
}
