package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// seededBug is a promise that is broken on purpose: edits of the source, each of a text that stands there exactly once, and the harness that has
// to notice.
type seededBug struct {
	edits []sourceEdit
	run   func(t *testing.T, bin string) []string
}

type sourceEdit struct{ file, old, new string }

var seededBugs = map[string]seededBug{
	"nothing is synced": {
		edits: []sourceEdit{
			{"store/segment.go", "return unix.Fdatasync(int(f.Fd()))", "_ = unix.Fdatasync\n\treturn nil"},
			{"store/open.go", "NoFreelistSync: true}", "NoFreelistSync: true, NoSync: true}"},
		},
		run: func(t *testing.T, bin string) []string {
			v := newVolume(t, "ext4", "commit=5")
			return powerCut(t, newFaultSite(t, faultOptions{bin: bin, members: 1000, data: filepath.Join(v.dir, "data")}), v, 3)
		},
	},
	"250 comes before the commit": {
		edits: []sourceEdit{{
			"store/db.go", "return db.submit(j)\n",
			"go db.submit(j)\n\treturn nil\n",
		}},
		run: func(t *testing.T, bin string) []string {
			return killed(t, newFaultSite(t, faultOptions{bin: bin, members: 1000}), 4)
		},
	},
	"a copy is settled as delivered before it is sent": {
		edits: []sourceEdit{
			{
				"mailer/courier_settle.go", "err := w.conn.Send(t, next, verdicts)",
				"var early []list.Settled\n\tfor _, copy := range copies {\n" +
					"\t\tearly = append(early, list.Settled{Copy: copy, Outcome: list.Delivered})\n\t}\n" +
					"\t_ = c.outbox.Settle(c.now(), claim.ID, early)\n\terr := w.conn.Send(t, next, verdicts)",
			},
			{"mailer/courier_settle.go", "err := c.outbox.Settle(j.now, claim.ID, j.results)", "var err error"},
		},
		run: func(t *testing.T, bin string) []string {
			return killed(t, newFaultSite(t, faultOptions{bin: bin, members: 500, personal: true, delay: 50 * time.Millisecond}), 4)
		},
	},
	"an error of a sync is ignored": {
		edits: []sourceEdit{{"store/segment.go", "return unix.Fdatasync(int(f.Fd()))", "_ = unix.Fdatasync(int(f.Fd()))\n\treturn nil"}},
		run: func(t *testing.T, bin string) []string {
			return failed(t, newFaultSite(t, faultOptions{bin: bin, members: 100}), diskErrors[:1])
		},
	},
	"a decision and the end of its tokens are two transactions": {
		edits: []sourceEdit{
			{"list/moderate.go", "\n\t}\n\treturn done, e.conclude(tx, l, &done.ruling, now)", "\n\t}\n\treturn done, tx.PutRuling(done.ruling)"},
			{
				"list/moderate.go", "e.logRuling(&h, &done, address)", "time.Sleep(300 * time.Millisecond)\n" +
					"\tif err := e.Store.Update(func(tx Tx) error { return e.conclude(tx, l, &done.ruling, now) }); err != nil {\n\t\treturn done, err\n\t}",
			},
		},
		run: func(t *testing.T, bin string) []string { return killedAmongPeople(t, newDeskSite(t, bin), 10) },
	},
	"a notice is forgotten before it is mail": {
		edits: []sourceEdit{
			{
				"list/notes.go", "mail, err := e.compose(n, now)", "if err := e.Store.Update(func(tx Tx) error { return tx.DeleteNote(n.ID) }); err != nil {\n" +
					"\t\treturn false, err\n\t}\n\ttime.Sleep(20 * time.Millisecond)\n\tmail, err := e.compose(n, now)",
			},
			{"list/notes.go", "if err = tx.DeleteNote(n.ID); err != nil {", "if err != nil {"},
		},
		run: func(t *testing.T, bin string) []string { return killedAmongPeople(t, newDeskSite(t, bin), 10) },
	},
}

// TestSeededBugs builds programs that break one promise each and has the harnesses of the other tests look at them. A harness that finds nothing
// wrong with such a program proves nothing of a good one. It takes a minute and runs where CONVENE_SEEDED is set.
func TestSeededBugs(t *testing.T) {
	if os.Getenv("CONVENE_SEEDED") == "" {
		t.Skip("CONVENE_SEEDED=1 builds six programs")
	}
	for name, bug := range seededBugs {
		t.Run(name, func(t *testing.T) {
			wrong := bug.run(t, buildEdited(t, bug.edits))
			if len(wrong) == 0 {
				t.Error("the harness found nothing wrong")
			}
			for _, w := range wrong {
				t.Log("found, as it must be: ", w)
			}
		})
	}
}

// buildEdited builds the program with edits that are nowhere but in this build, and returns where it is.
func buildEdited(t *testing.T, edits []sourceEdit) string {
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go command here")
	}
	dir := t.TempDir()
	replace, texts := map[string]string{}, map[string]string{}
	for _, e := range edits {
		path, err := filepath.Abs(filepath.Join("..", "..", e.file))
		if err != nil {
			t.Fatal(err)
		}
		if texts[path] == "" {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			texts[path] = string(b)
			replace[path] = filepath.Join(dir, strings.ReplaceAll(e.file, "/", "_"))
		}
		if n := strings.Count(texts[path], e.old); n != 1 {
			t.Fatalf("%s has %q %d times: the bug has to be seeded otherwise now", e.file, e.old, n)
		}
		texts[path] = strings.Replace(texts[path], e.old, e.new, 1)
	}
	for path, text := range texts {
		if err := os.WriteFile(replace[path], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "program")
	if out, err := exec.Command(tool, "build", "-ldflags=-w", "-overlay", filepath.Join(dir, "overlay.json"), "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
}
