package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestACommandEndsWhenItIsToldTo: also one that waits for what never comes.
func TestACommandEndsWhenItIsToldTo(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "convene.toml")
	text := "[server]\nhostname = \"mx.example.org\"\nadmin = \"admin@example.org\"\ndata_dir = \"" + filepath.Join(dir, "data") + "\"\n[[list]]\naddress = \"peers@lists.example.org\"\nowners = [\"amina@example.org\"]\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	in, input := io.Pipe()
	defer input.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var out, errs bytes.Buffer
	ended := make(chan int)
	go func() {
		ended <- run(ctx, []string{"--config", config, "member", "import", "peers@lists.example.org", "-"}, streams{in: in, out: &out, err: &errs})
	}()
	if _, err := input.Write([]byte("address\n")); err != nil { // it reads
		t.Fatal(err)
	}
	cancel()
	if code := <-ended; code != exitFailed || errs.String() != "convene: stopped before it was done\n" {
		t.Errorf("ended with %d: %s", code, errs.String())
	}
	// What was cut off goes on until it sees the end of its input; the next command waits for the store.
	input.Close()
	if code := run(t.Context(), []string{"--config", config, "list", "ls"}, streams{in: in, out: &out, err: &errs}); code != exitDone {
		t.Errorf("list ls ended with %d: %s", code, errs.String())
	}
}
