package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// allowed is the import graph: a package may import what stands behind it, of our own packages, and nothing else.
var allowed = map[string][]string{
	"digest":          {"digest/calendar", "digest/facts", "digest/letter", "digest/plan", "digest/words", "list", "list/event", "list/message"},
	"cmd/convene":     {"digest", "digest/calendar", "digest/facts", "digest/letter", "digest/plan", "list", "list/archive", "list/event", "list/event/cafe", "list/imap", "list/message", "list/web", "mailer", "store"},
	"digest/calendar": {"digest/letter", "digest/plan", "list", "list/event", "list/event/cafe", "list/message"},
	"digest/facts":    {"digest/plan", "digest/words", "list", "list/event", "list/message"},
	"digest/letter":   {"digest/facts", "digest/plan", "digest/words", "list/event"},
	"digest/plan":     {"list/event"},
	"digest/words":    {},
	"list":            {"list/message"},
	"list/archive":    {"digest/words", "list", "list/message"},
	"list/event":      {},
	"list/event/cafe": {},
	"list/imap":       {"list", "list/message"},
	"list/message":    {},
	"list/web":        {"list", "list/message"},
	"mailer":          {"list", "list/message"},
	"mailer/mailtest": {},
	"store":           {"list"},
	"store/storetest": {"list"},
}

// eachFile parses every Go file of the project.
func eachFile(t *testing.T, tests bool, f func(dir, path string, file *ast.File)) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") != tests {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		f(filepath.ToSlash(dir), path, file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestImports(t *testing.T) {
	seen := map[string]bool{}
	eachFile(t, false, func(dir, path string, file *ast.File) {
		seen[dir] = true
		ours, ok := allowed[dir]
		if !ok {
			t.Errorf("%s: the package %s is not in the import graph", path, dir)
		}
		for _, imp := range file.Imports {
			name := strings.Trim(imp.Path.Value, `"`)
			if own, ok := strings.CutPrefix(name, "convene/"); ok && !slices.Contains(ours, own) {
				t.Errorf("%s imports %s, which the import graph does not have", path, name)
			}
		}
	})
	for dir := range allowed {
		if !seen[dir] {
			t.Errorf("the import graph has %s, and the project has not", dir)
		}
	}
}

func TestPackagesAreDocumented(t *testing.T) {
	docs := map[string]int{}
	eachFile(t, false, func(dir, path string, file *ast.File) {
		docs[dir] += len(file.Doc.Text())
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "init" && f.Recv == nil {
				t.Errorf("%s has an init", path)
			}
		}
	})
	for dir, n := range docs {
		if n < 200 {
			t.Errorf("package %s opens with %d characters of documentation", dir, n)
		}
	}
}

// TestClocks holds that time comes in as now: below the shell only socket deadlines may look at the clock.
func TestClocks(t *testing.T) {
	for _, dir := range []string{"list", "list/message", "store"} {
		files, err := filepath.Glob(filepath.Join("..", "..", dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files in %s: %v", dir, err)
		}
		for _, path := range files {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(path, "_test.go") && strings.Contains(string(b), "time.Now()") {
				t.Errorf("%s reads the clock", path)
			}
		}
	}
}
