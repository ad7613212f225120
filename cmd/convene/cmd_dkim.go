package main

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"convene/mailer"
)

// rsaBits is the size of new RSA keys: what verifiers advise, and what DNS still carries in one UDP answer (RFC 8301 §3.2).
const rsaBits = 2048

func (c *cli) dkimCmd() *cobra.Command {
	return group("dkim", "keys that sign outgoing mail", c.dkimKeygenCmd())
}

func (c *cli) dkimKeygenCmd() *cobra.Command {
	var modern bool
	var out string
	cmd := &cobra.Command{Use: "keygen DOMAIN SELECTOR", Short: "writes a new key, and prints the DNS record and the config that go with it", Args: exactly(2),
		Long: "Writes a new private key that signs mail of DOMAIN (RFC 6376), and prints the DNS record that publishes it and the [[dkim]] table for the\n" +
			"config. SELECTOR is a name of your choice, such as c1; take another one for each new key. No config is needed, and no key is ever\n" +
			"overwritten. An RSA key is read by every verifier. An Ed25519 key, of which few know, is for signatures beside those of an RSA key.",
		RunE: func(_ *cobra.Command, args []string) error {
			domain, err := parseDomain(args[0])
			if err != nil {
				return usageError{err}
			}
			selector, err := parseSelector(args[1])
			if err != nil {
				return usageError{err}
			}
			key := mailer.SigningKey{Domain: domain, Selector: selector}
			if len(key.RecordName()) > 253 {
				return usageError{fmt.Errorf("%s is too long for a name in DNS", key.RecordName())}
			}
			dir, err := c.configDir()
			if err != nil {
				return err
			}
			if out == "" {
				out = filepath.Join(dir, "dkim", domain+"."+selector+".pem")
			}
			if key.Key, err = newKey(modern); err != nil {
				return err
			}
			if err := writeKey(key, out); err != nil {
				return err
			}
			return c.printKey(key, out, dir)
		}}
	cmd.Flags().BoolVar(&modern, "ed25519", false, "make an Ed25519 key (RFC 8463) instead of RSA")
	cmd.Flags().StringVar(&out, "out", "", "the key's `file` (default dkim/DOMAIN.SELECTOR.pem beside the config, or here when there is none)")
	return cmd
}

// configDir is the directory that paths in the config are relative to: the working directory when there is no config.
func (c *cli) configDir() (string, error) {
	path, err := findConfig(c.configPath)
	if err != nil {
		return ".", nil
	}
	if _, err := os.Stat(path); err != nil {
		return "", usageError{fmt.Errorf("config: %w", err)}
	}
	return filepath.Dir(path), nil
}

func newKey(modern bool) (crypto.Signer, error) {
	if modern {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	}
	return rsa.GenerateKey(rand.Reader, rsaBits)
}

// writeKey makes the file of a key, for its owner alone, and never one that is there.
func writeKey(key mailer.SigningKey, path string) error {
	text, err := key.PEM()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already, and a key is never overwritten: take another selector, or --out", path)
	} else if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// keyRow is what dkim keygen --json tells.
type keyRow struct {
	Domain   string `json:"domain"`
	Selector string `json:"selector"`
	KeyFile  string `json:"key_file"`
	Name     string `json:"name"`  // of the TXT record, without a final dot
	Value    string `json:"value"` // of the TXT record, in one piece
}

// printKey says where a key is, and what to publish and configure. dir is what a path in the config is relative to.
func (c *cli) printKey(key mailer.SigningKey, path, dir string) error {
	inConfig, err := pathFrom(dir, path)
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(keyRow{key.Domain, key.Selector, inConfig, key.RecordName(), key.Record()})
	}
	_, err = fmt.Fprintf(c.out, "The key is in %s.\n\nPublish it in DNS, as a zone file has it:\n\n%s\n\nWhen that can be looked up, sign with it by putting into the config:\n\n"+
		"[[dkim]]\ndomain = %q\nselector = %q\nkey_file = %q\n", path, mailer.TXTRecord(key.RecordName(), key.Record()), key.Domain, key.Selector, inConfig)
	return err
}

// pathFrom is a path as a config in dir names it: relative if the file is in dir or below.
func pathFrom(dir, path string) (string, error) {
	dir, err1 := filepath.Abs(dir)
	path, err2 := filepath.Abs(path)
	if err := errors.Join(err1, err2); err != nil {
		return "", err
	}
	if rel, err := filepath.Rel(dir, path); err == nil && filepath.IsLocal(rel) {
		return "./" + filepath.ToSlash(rel), nil
	}
	return path, nil
}
