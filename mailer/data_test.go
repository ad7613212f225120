package mailer

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// naive is readData in its simplest form: an octet at a time, all in memory.
func naive(wire []byte, limit int) (content []byte, fault error, left []byte, err error) {
	end := bytes.Index(append([]byte("\r\n"), wire...), []byte("\r\n.\r\n"))
	if end < 0 {
		return nil, nil, nil, io.ErrUnexpectedEOF
	}
	body := wire[:end]
	left = wire[end+3:]
	for i := range body {
		switch {
		case body[i] == 0:
			fault = errNUL
		case body[i] == '\r' && (i+1 == len(body) || body[i+1] != '\n'), body[i] == '\n' && (i == 0 || body[i-1] != '\r'):
			fault = errBareLine
		default:
			continue
		}
		break
	}
	start := true
	for i, c := range body {
		if start && c == '.' {
			start = false
			continue
		}
		content = append(content, c)
		start = c == '\n' && i > 0 && body[i-1] == '\r'
	}
	if fault == nil && len(content) > limit {
		fault = errTooLarge
	}
	return content, fault, left, nil
}

func readAll(wire []byte, r io.Reader, limit int64) (b *body, left []byte, err error) {
	b = &body{limit: limit, budget: &budget{limit: 1 << 30}}
	in := bufio.NewReaderSize(r, 16)
	if err = readData(in, b); err != nil {
		return b, nil, err
	}
	left, _ = io.ReadAll(in)
	return b, left, nil
}

func TestReadData(t *testing.T) {
	for name, c := range map[string]struct {
		wire, want string
		fault      error
		left       string
	}{
		"plain":                               {"a\r\nb\r\n.\r\n", "a\r\nb\r\n", nil, ""},
		"what follows is left":                {"a\r\n.\r\nQUIT\r\n", "a\r\n", nil, "QUIT\r\n"},
		"S01 LF.LF":                           {"x\n.\nMAIL\r\n.\r\n", "", errBareLine, ""},
		"S01 LF.CRLF":                         {"x\n.\r\nMAIL\r\n.\r\n", "", errBareLine, ""},
		"S01 CRLF.LF":                         {"x\r\n.\nMAIL\r\n.\r\n", "", errBareLine, ""},
		"S01 CR.CR":                           {"x\r.\rMAIL\r\n.\r\n", "", errBareLine, ""},
		"S01 CRLF.CR":                         {"x\r\n.\rMAIL\r\n.\r\n", "", errBareLine, ""},
		"S01 CR.CRLF":                         {"x\r.\r\nMAIL\r\n.\r\n", "", errBareLine, ""},
		"S01 CRLF NUL.CRLF":                   {"x\r\n\x00.\r\nMAIL\r\n.\r\n", "", errNUL, ""},
		"S01 CRLF..CRLF is a line with a dot": {"x\r\n..\r\n.\r\n", "x\r\n.\r\n", nil, ""},
		"CRCRLF.CRLF is an end":               {"x\r\r\n.\r\nMAIL\r\n", "", errBareLine, "MAIL\r\n"},
		"a dot first of all":                  {".\r\nQUIT\r\n", "", nil, "QUIT\r\n"},
		"a long line with a CR where the buffer ends":      {strings.Repeat("x", 15) + "\r\n.\r\n", strings.Repeat("x", 15) + "\r\n", nil, ""},
		"a long line with a bare CR where the buffer ends": {strings.Repeat("x", 15) + "\rx\r\n.\r\n", "", errBareLine, ""},
		"a dot behind a full buffer is text":               {strings.Repeat("x", 16) + ".\r\n.\r\n", strings.Repeat("x", 16) + ".\r\n", nil, ""},
		"too large is read to the end":                     {strings.Repeat("x", 2000) + "\r\n.\r\nQUIT", "", errTooLarge, "QUIT"},
	} {
		t.Run(name, func(t *testing.T) {
			for way, r := range map[string]io.Reader{"at once": strings.NewReader(c.wire), "by octets": iotest.OneByteReader(strings.NewReader(c.wire))} {
				b, left, err := readAll([]byte(c.wire), r, 1000)
				if err != nil {
					t.Fatalf("%s: %v", way, err)
				}
				if string(b.raw) != c.want || b.fault != c.fault || string(left) != c.left {
					t.Errorf("%s: got %q, fault %v, left %q", way, b.raw, b.fault, left)
				}
				if b.fault != nil && b.held != 0 {
					t.Errorf("%s: %d octets held after a fault", way, b.held)
				}
			}
		})
	}
}

func TestReadDataCutShort(t *testing.T) {
	for _, wire := range []string{"", "a", "a\r", "a\r\n", "a\r\n.", "a\r\n.\r"} {
		if _, _, err := readAll([]byte(wire), strings.NewReader(wire), 1000); err != io.ErrUnexpectedEOF {
			t.Errorf("%q: got %v, want unexpected EOF", wire, err)
		}
	}
}

func FuzzData(f *testing.F) {
	for _, eod := range []string{"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\r\r\n.\r\n", "\r\n.\r\r\n", "\n\n.\r\n", "\r\n\x00.\r\n", "\r\n.\x00\r\n", "\n.\r", "\r.\n", "\r\r\n.\r\r\n"} {
		f.Add([]byte("outer" + eod + "MAIL FROM:<>\r\n.\r\nQUIT\r\n"))
	}
	f.Add([]byte("..a\r\n" + strings.Repeat("x", 40) + "\r\n.\r\n"))
	f.Fuzz(func(t *testing.T, wire []byte) {
		want, fault, left, wantErr := naive(wire, 100)
		b, gotLeft, err := readAll(wire, bytes.NewReader(wire), 100)
		if !errors.Is(err, wantErr) {
			t.Fatalf("got %v, want %v", err, wantErr)
		}
		if err != nil {
			return
		}
		// A message with several faults has one answer; which of them it names does not matter.
		if (b.fault != nil) != (fault != nil) || !bytes.Equal(gotLeft, left) {
			t.Fatalf("fault %v, want %v; left %q, want %q", b.fault, fault, gotLeft, left)
		}
		if fault == nil && !bytes.Equal(b.raw, want) {
			t.Fatalf("got %q, want %q", b.raw, want)
		}
		again := &body{limit: 1 << 20, budget: &budget{limit: 1 << 20}}
		again.add(want)
		checkLines(again)
		if fault == nil && again.fault != nil {
			t.Fatalf("as a chunk: fault %v, want none", again.fault)
		}
	})
}

func BenchmarkData(b *testing.B) {
	wire := []byte(strings.Repeat(strings.Repeat("x", 74)+"\r\n", 10000/76) + ".\r\n")
	memory := &budget{limit: 1 << 30}
	src := bytes.NewReader(nil)
	in := bufio.NewReaderSize(src, readBuffer)
	b.SetBytes(int64(len(wire)))
	b.ReportAllocs()
	for b.Loop() {
		src.Reset(wire)
		in.Reset(src)
		c := &body{limit: 1 << 20, budget: memory}
		if err := readData(in, c); err != nil || c.fault != nil {
			b.Fatal(err, c.fault)
		}
		c.release()
	}
}
