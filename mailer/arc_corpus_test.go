package mailer

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"convene/list"
	"convene/list/message"
)

// scenarios reads the documents of a test suite in YAML, in which a case may stand twice under one name.
func scenarios(t *testing.T, path string) []*yaml.Node {
	f, err := os.Open(shared(t, "corpora/dkim/"+path))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []*yaml.Node
	for d := yaml.NewDecoder(f); ; {
		var n yaml.Node
		if err := d.Decode(&n); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, n.Content[0])
	}
}

// entries calls f for each key of a mapping.
func entries(n *yaml.Node, f func(key string, value *yaml.Node)) {
	for i := 0; n != nil && i+1 < len(n.Content); i += 2 {
		f(n.Content[i].Value, n.Content[i+1])
	}
}

func entry(n *yaml.Node, name string) (found *yaml.Node) {
	entries(n, func(key string, value *yaml.Node) {
		if key == name {
			found = value
		}
	})
	return found
}

// TestARCSuite runs every case of the ARC test suite of ValiMail.
func TestARCSuite(t *testing.T) {
	cases := 0
	for _, s := range scenarios(t, "ValiMail+arc_test_suite/tests/arc-draft-validation-tests.yml") {
		z := &zone{records: map[string][]string{}}
		entries(entry(s, "txt-records"), func(name string, text *yaml.Node) { z.records["TXT "+name] = []string{text.Value} })
		entries(entry(s, "tests"), func(name string, c *yaml.Node) {
			cases++
			raw := crlf([]byte(entry(c, "message").Value))
			got, err := (&Authenticator{Resolver: z}).CheckARC(context.Background(), message.Parse(raw))
			want := strings.ToLower(strings.TrimSpace(entry(c, "cv").Value))
			if want == "" { // the last seal itself says that the chain is broken
				want = "fail"
			}
			if string(got) != want {
				t.Errorf("%s: %s (%v), want %s", name, got, err, want)
			}
		})
	}
	if cases < 170 {
		t.Errorf("%d cases, and there are more", cases)
	}
}

// TestRealChains validates chains of Google, the IETF and others, and the same with a word more.
func TestRealChains(t *testing.T) {
	files, _ := filepath.Glob(shared(t, "corpora/dkim/stalwartlabs+mail-auth/resources/arc") + "/*.txt")
	if len(files) == 0 {
		t.Fatal("no chains")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		z := &zone{records: map[string][]string{}}
		records, raw, _ := bytes.Cut(crlf(text), []byte("\r\n\r\n"))
		for line := range strings.Lines(string(records)) {
			name, record, _ := strings.Cut(strings.TrimSpace(line), " ")
			z.records["TXT "+name] = []string{record}
		}
		a := &Authenticator{Resolver: z}
		if got, err := a.CheckARC(context.Background(), message.Parse(raw)); got != list.Pass {
			t.Errorf("%s: %s (%v)", file, got, err)
		}
		changed := append(bytes.Clone(raw), "And more.\r\n"...)
		if got, _ := a.CheckARC(context.Background(), message.Parse(changed)); got != list.Fail {
			t.Errorf("%s with more: %s", file, got)
		}
		for name := range z.records {
			z.records[name] = []string{"SERVFAIL"}
		}
		if got, _ := a.CheckARC(context.Background(), message.Parse(raw)); got != list.TempError {
			t.Errorf("%s without DNS: %s", file, got)
		}
	}
}
