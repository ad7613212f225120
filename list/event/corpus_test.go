package event

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const corpus = "../../../shared/corpora/calendar"

// corpusFiles are all calendar files of the corpus, mails taken apart.
func corpusFiles(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(corpus, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		switch ext := filepath.Ext(path); {
		case ext == ".eml":
		case ext == ".ics", ext == ".txt" && strings.Contains(string(b), "BEGIN:V"):
			files[strings.TrimPrefix(path, corpus+"/")] = b
		}
		return err
	})
	if err != nil {
		t.Skip("the corpus is not there:", err)
	}
	return files
}

func TestCorpusIsRead(t *testing.T) {
	zone, _ := time.LoadLocation("Africa/Nairobi")
	for name, b := range corpusFiles(t) {
		start := time.Now()
		o, err := Read(b, zone)
		took := time.Since(start)
		var f *Fault
		if err != nil && !errors.As(err, &f) {
			t.Errorf("%s: %v is no sentence", name, err)
		}
		s := ""
		if o != nil {
			for _, i := range o.Items[:min(2, len(o.Items))] {
				d, more := i.Event.Dates(time.Time{}, time.Time{}, 3)
				s += fmt.Sprintf(" %q %s +%s %s %v %v %v", i.Event.Title.In(), i.Event.Start, i.Event.Length, i.Event.Rule, i.Doubts, len(d), more)
			}
		}
		t.Logf("%s %s: %v %s", took, name, err, s)
	}
}
