package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var updateConfigFaults = flag.Bool("update-config-faults", false, "rewrite the want sections of testdata/config")

// configFile is one file of an archive in the txtar format: "-- name --" and what follows.
type configFile struct{ name, text string }

// archived divides an archive; the first is the comment before all files and has no name.
func archived(archive string) []configFile {
	all := []configFile{{}}
	for line := range strings.Lines(archive) {
		if name, ok := strings.CutPrefix(line, "-- "); ok && strings.HasSuffix(name, " --\n") {
			all = append(all, configFile{name: strings.TrimSuffix(name, " --\n")})
			continue
		}
		all[len(all)-1].text += line
	}
	return all
}

// unpackConfig writes files into a new directory and makes it the current one. What ends in .secret is for its owner alone.
func unpackConfig(t *testing.T, files []configFile) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		path, mode := filepath.Join(dir, f.name), os.FileMode(0o644)
		if strings.HasSuffix(f.name, ".secret") {
			mode = 0o600
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(f.text), mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	return dir
}

// Every archive of testdata/config is a bad config, and says in its want section what convene check says about it: every fault, and nothing else.
func TestBadConfigsAreRefusedWithEveryFault(t *testing.T) {
	cases, err := filepath.Glob("testdata/config/*.txtar")
	if err != nil || len(cases) < 60 {
		t.Fatalf("%d bad configs, want at least 60 (%v)", len(cases), err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			full, err := filepath.Abs(path)
			if err != nil {
				t.Fatal(err)
			}
			archive, err := os.ReadFile(full)
			if err != nil {
				t.Fatal(err)
			}
			files := archived(string(archive))
			want := files[len(files)-1]
			if want.name != "want" {
				t.Fatal("the last section is not want")
			}
			dir := unpackConfig(t, files[1:len(files)-1])
			c, faults := loadConfig("convene.toml")
			if c != nil || len(faults) == 0 {
				t.Fatal("loaded without a fault")
			}
			var out strings.Builder
			reportFaults(&out, faults)
			got := strings.ReplaceAll(out.String(), dir, "$DIR")
			if *updateConfigFaults {
				head, _, _ := strings.Cut(string(archive), "-- want --\n")
				if err := os.WriteFile(full, []byte(head+"-- want --\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got != want.text {
				t.Errorf("faults:\n%swant:\n%s", got, want.text)
			}
		})
	}
}
