package event

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const corpus = "../../../shared/corpora/calendar"

// appleYear is where Apple's tests put a year.
var appleYear = regexp.MustCompile(`\$now\.year\.\d:`)

// corpusFiles are all calendar files of the corpus, those in mails taken out of them.
func corpusFiles(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(corpus, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if filepath.Ext(path) == ".eml" {
			b = calendarOf(b)
		}
		b = appleYear.ReplaceAll(b, []byte("2026"))
		if ext := filepath.Ext(path); ext == ".ics" || bytes.Contains(b, []byte("BEGIN:V")) && ext != ".jsonl" {
			files[strings.TrimPrefix(path, corpus+"/")] = b
		}
		return err
	})
	if err != nil {
		t.Skip("the corpus is not there:", err)
	}
	return files
}

// Every file of the corpus is an event that can be written and read again, or a sentence.
func TestCorpus(t *testing.T) {
	zone := mustZone(t, "Africa/Nairobi")
	var table []string
	for name, b := range corpusFiles(t) {
		o, err := Read(b, zone)
		var f *Fault
		if errors.As(err, &f) {
			table = append(table, name+": "+f.Error())
			continue
		} else if err != nil {
			t.Fatalf("%s: %v is no sentence", name, err)
		}
		said := fmt.Sprintf("%s: %d %s", name, len(o.Items), o.Method)
		for _, f := range o.Faults {
			said += "; " + f.Error()
		}
		doubts := map[Doubt]bool{}
		for _, i := range o.Items {
			if len(o.Items) < 20 {
				checkCalendar(t, i.Event.Calendar(now))
			}
			for _, d := range i.Doubts {
				if !doubts[d] {
					said += fmt.Sprintf("; %s %s", d.Kind, d.Text)
				}
				doubts[d] = true
			}
		}
		table = append(table, strings.TrimSpace(said))
	}
	slices.Sort(table)
	golden(t, "corpus", table)
}
