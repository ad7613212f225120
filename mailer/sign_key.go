package mailer

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"
)

// minRSABits and maxRSABits are what verifiers must be able to take (RFC 8301 §3.2); outside of it nobody can be asked to.
const (
	minRSABits = 1024
	maxRSABits = 4096
)

// SigningKey is a key for DKIM signatures, published in DNS at Selector._domainkey.Domain.
type SigningKey struct {
	Domain, Selector string
	// Key is an *rsa.PrivateKey, whose precomputed values make it several times as fast, or an ed25519.PrivateKey.
	Key crypto.Signer
}

// LoadSigningKey reads the private key of a domain and selector from a PEM file: RSA of 1024 to 4096 bits in PKCS #1 or PKCS #8 form, or Ed25519 in
// PKCS #8 form. The error says what is wrong with the file. Who may read the file is not looked at.
func LoadSigningKey(domain, selector, path string) (SigningKey, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return SigningKey{}, fmt.Errorf("mailer: DKIM key: %w", err)
	}
	key, err := parseSigningKey(text)
	if err != nil {
		return SigningKey{}, fmt.Errorf("mailer: DKIM key %s: %w", path, err)
	}
	return SigningKey{Domain: domain, Selector: selector, Key: key}, nil
}

func parseSigningKey(text []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("it is not in PEM form")
	}
	var key any
	var err error
	switch block.Type {
	case "RSA PRIVATE KEY":
		if block.Headers["DEK-Info"] != "" {
			return nil, errors.New("it is encrypted with a passphrase, which nobody can be asked for")
		}
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "ENCRYPTED PRIVATE KEY":
		return nil, errors.New("it is encrypted with a passphrase, which nobody can be asked for")
	case "PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE":
		return nil, errors.New("it holds a public key, and the private one is needed")
	default:
		return nil, fmt.Errorf("it holds %q, and an RSA or Ed25519 private key is needed", strings.ToLower(block.Type))
	}
	if err != nil {
		return nil, fmt.Errorf("it cannot be read: %w", err)
	}
	switch k := key.(type) {
	case *rsa.PrivateKey:
		if bits := k.N.BitLen(); bits < minRSABits || bits > maxRSABits {
			return nil, fmt.Errorf("it is an RSA key of %d bits, and verifiers take %d to %d (2048 is right)", bits, minRSABits, maxRSABits)
		}
		return k, nil
	case ed25519.PrivateKey:
		return k, nil
	}
	return nil, errors.New("it is neither an RSA nor an Ed25519 key")
}

// rank puts RSA first: a verifier that looks at one signature alone is old, and knows nothing else.
func (k SigningKey) rank() int {
	if _, ok := k.Key.Public().(*rsa.PublicKey); ok {
		return 0
	}
	return 1
}

// algorithm is the a= of the key's signatures.
func (k SigningKey) algorithm() string {
	if k.rank() == 0 {
		return "rsa-sha256"
	}
	return "ed25519-sha256"
}

// RecordName is where the key is published, without a final dot.
func (k SigningKey) RecordName() string { return k.Selector + "._domainkey." + k.Domain }

// Record is the TXT record that publishes the key (RFC 6376 §3.6.1, RFC 8463 §4): of an RSA key more than the 255 octets that one string of a TXT
// record holds. It is empty for a key that is neither RSA nor Ed25519.
func (k SigningKey) Record() string {
	switch public := k.Key.Public().(type) {
	case *rsa.PublicKey:
		der, err := x509.MarshalPKIXPublicKey(public)
		if err != nil {
			return ""
		}
		return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der)
	case ed25519.PublicKey:
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
	}
	return ""
}

// PEM is the private key as LoadSigningKey reads it: PKCS #8.
func (k SigningKey) PEM() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(k.Key)
	if err != nil {
		return nil, fmt.Errorf("mailer: DKIM key: %w", err)
	}
	var b bytes.Buffer
	err = pem.Encode(&b, &pem.Block{Type: "PRIVATE KEY", Bytes: der})
	return b.Bytes(), err
}
