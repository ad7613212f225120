package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestWhatGoesByIsCountedAsItLies: what is to come is known by the sizes of files, so what went by is counted in the same octets, packed where they are packed.
func TestWhatGoesByIsCountedAsItLies(t *testing.T) {
	dir := t.TempDir()
	text := bytes.Repeat([]byte("From ann@a.example Mon Mar  2 09:00:00 2026\n"), 50_000)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(text); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	plain, zipped := filepath.Join(dir, "plain.mbox"), filepath.Join(dir, "packed.mbox.gz")
	for name, content := range map[string][]byte{plain: text, zipped: packed.Bytes()} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		open func(c *cli) error
		size int
		text int
	}{
		"a packed file":             {func(c *cli) error { return c.openFiles([]string{zipped}) }, packed.Len(), len(text)},
		"a packed file and another": {func(c *cli) error { return c.openFiles([]string{zipped, plain}) }, packed.Len() + len(text), 2 * len(text)},
		"a folder":                  {func(c *cli) error { return c.openFolder(dir) }, packed.Len() + len(text), 2 * len(text)},
	} {
		t.Run(name, func(t *testing.T) {
			var cmd cli
			if err := c.open(&cmd); err != nil {
				t.Fatal(err)
			}
			passed, most := 0, 0
			cmd.in.(*feeder).passed = func(n int) { passed, most = passed+n, max(most, n) }
			in, got := &fed{r: cmd.in}, 0
			for {
				f, err := in.next()
				if err == io.EOF {
					break
				} else if err != nil {
					t.Fatal(err)
				}
				n, err := io.Copy(io.Discard, f.Content)
				if err != nil {
					t.Fatal(err)
				}
				got += int(n)
			}
			if passed != c.size || got != c.text || most > feedPiece {
				t.Errorf("%d octets of %d went by, at most %d at once; %d of %d came out", passed, c.size, most, got, c.text)
			}
		})
	}
}
