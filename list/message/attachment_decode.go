package message

import (
	"bytes"
	"encoding/base64"
	"io"
)

// decodeChunk is how much is decoded at a time, in octets.
const decodeChunk = 48 << 10

// writeDecoded writes what src holds. It takes no more memory than a chunk, unless there is a longer line of quoted-printable.
func writeDecoded(w io.Writer, src []byte, encoding string) (done int64, err error) {
	write := func(b []byte) bool {
		n := 0
		n, err = w.Write(b)
		done += int64(n)
		return err == nil
	}
	switch encoding {
	case "base64":
		eachBase64(src, write)
	case "quoted-printable":
		buf := make([]byte, 0, decodeChunk)
		for len(src) > 0 && err == nil {
			end := len(src)
			if end > decodeChunk {
				end = lineEnd(src, decodeChunk)
			}
			buf = appendQuotedPrintable(buf[:0], src[:end], 2*end)
			write(buf)
			src = src[end:]
		}
	default:
		write(src)
	}
	return done, err
}

// eachBase64 decodes as appendBase64 does, and hands over a chunk at a time until write says false.
func eachBase64(src []byte, write func([]byte) bool) {
	quads := make([]byte, 0, decodeChunk/3*4)
	out := make([]byte, decodeChunk)
	flush := func() bool {
		if len(quads)%4 == 1 { // a single one holds no octet
			quads = quads[:len(quads)-1]
		}
		n, _ := base64.RawStdEncoding.Decode(out, quads) // all are of the alphabet
		quads = quads[:0]
		return n == 0 || write(out[:n])
	}
	for len(src) > 0 {
		end := len(src)
		if i := bytes.IndexByte(src, '\n'); i >= 0 {
			end = i + 1
		}
		line := src[:end]
		src = src[end:]
		for _, c := range line {
			if isBase64(c) {
				quads = append(quads, c)
			} else if c != '=' {
				continue
			}
			if (c == '=' || len(quads) == cap(quads)) && !flush() {
				return
			}
		}
	}
	flush()
}

// decodedSize is how many octets writeDecoded writes.
func decodedSize(src []byte, encoding string) int64 {
	switch encoding {
	case "base64":
		return base64Size(src)
	case "quoted-printable":
		n, _ := writeDecoded(io.Discard, src, encoding)
		return n
	}
	return int64(len(src))
}

func base64Size(src []byte) int64 {
	var size int64
	run := 0
	for _, c := range src {
		run += int(base64Alphabet[c])
		if c == '=' {
			size += int64(run * 6 / 8)
			run = 0
		}
	}
	return size + int64(run*6/8)
}
