package mailer

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"convene/list/message"
)

// benchmarkKeys are an RSA key of the usual size and an Ed25519 key.
func benchmarkKeys(b *testing.B) (SigningKey, SigningKey) {
	large, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	return SigningKey{"football.example.com", "r", large}, SigningKey{"football.example.com", "e", ed25519Key(b)}
}

// BenchmarkSign is what the signature of one copy costs, beside the bare cryptography of it.
func BenchmarkSign(b *testing.B) {
	large, small := benchmarkKeys(b)
	digest := sha256.Sum256([]byte(dinner))
	cases := []struct {
		name string
		sign func() error
	}{
		{"bare-rsa2048", func() error {
			_, err := rsa.SignPKCS1v15(nil, large.Key.(*rsa.PrivateKey), crypto.SHA256, digest[:])
			return err
		}},
		{"rsa2048", signWith(large)},
		{"bare-ed25519", func() error {
			ed25519.Sign(small.Key.(ed25519.PrivateKey), digest[:])
			return nil
		}},
		{"ed25519", signWith(small)},
		{"both", signWith(large, small)},
	}
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.sign(); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(c.name+"-parallel", func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := c.sign(); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

func signWith(keys ...SigningKey) func() error {
	seal := NewSigner(keys).Seal("football.example.com", message.Pieces{[]byte(dinner)}, time.Unix(1, 0))
	return func() error {
		_, err := seal.Sign([]byte(oneClick))
		return err
	}
}

// BenchmarkSeal is what all copies of a message of 1 MB share.
func BenchmarkSeal(b *testing.B) {
	large, small := benchmarkKeys(b)
	signer := NewSigner([]SigningKey{large, small})
	raw := []byte(dinner + strings.Repeat("A line of text as people write them, with two  spaces and all that.\r\n", 1<<20/70))
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		signer.Seal("football.example.com", message.Pieces{raw}, time.Unix(1, 0))
	}
}
