package mailer

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// Certificates holds the certificate of the [tls] section and reads it again when its files change or Reload is called. Files that do not
// make a certificate leave the one in use as it is.
type Certificates struct {
	certFile, keyFile string
	log               *slog.Logger

	mu      sync.Mutex
	current *tls.Certificate
	seen    [2]fileState // of the files when they were last read, whatever came of it
}

// fileState is how a file looks from outside.
type fileState struct {
	modified time.Time
	size     int64
}

// LoadCertificates reads a PEM certificate chain and its key. Both files must be good now.
func LoadCertificates(certFile, keyFile string, log *slog.Logger) (*Certificates, error) {
	c := &Certificates{certFile: certFile, keyFile: keyFile, log: log}
	if err := c.Reload(); err != nil {
		return nil, err
	}
	return c, nil
}

// Reload reads the files now. After an error the certificate that was in use still is.
func (c *Certificates) Reload() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reload(c.look())
}

func (c *Certificates) reload(now [2]fileState) error {
	c.seen = now
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("mailer: certificate %s: %w", c.certFile, err)
	}
	c.current = &pair
	return nil
}

// look notes the state of both files; one that cannot be looked at has the zero state.
func (c *Certificates) look() (now [2]fileState) {
	for i, name := range []string{c.certFile, c.keyFile} {
		if info, err := os.Stat(name); err == nil {
			now[i] = fileState{info.ModTime(), info.Size()}
		}
	}
	return now
}

// GetCertificate is for tls.Config. It looks at the files each time, which costs little beside a handshake, and says so once when new ones are bad.
func (c *Certificates) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.look(); now != c.seen {
		if err := c.reload(now); err != nil {
			c.log.Error("new certificate is not usable, keeping the old one", "error", err)
		} else {
			c.log.Info("certificate read again", "file", c.certFile)
		}
	}
	return c.current, nil
}

// TLSConfig is the configuration of our listeners: TLS 1.2 or later, since older is broken and plain text is what a peer without it falls back to.
func (c *Certificates) TLSConfig() *tls.Config {
	return &tls.Config{GetCertificate: c.GetCertificate, MinVersion: tls.VersionTLS12}
}
