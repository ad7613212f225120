package letter

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// partsName is the file of the blocks that a language's texts share: {{template "footer" .}}.
const partsName = "parts"

// maxFaults is the most that is told of the texts of a site.
const maxFaults = 50

// layer is a tree of texts, LANGUAGE/NAME.md.
type layer struct {
	fsys fs.FS
	dir  string // where it is, for what is said of it
	own  bool
}

// Load reads the texts that are built in, and in their place, file by file, those of a directory: LANGUAGE/NAME.md, and LANGUAGE/parts.md, whose blocks
// stand in the place of ours one by one. Each of its texts is tried with sample data of every kind. What is wrong is told as *Fault, "file:line: message",
// and what is built in stays in its place; so the book can always be written from. An empty dir is Built.
func Load(dir string) (*Book, []error) {
	built := Built()
	if dir == "" {
		return built, nil
	}
	if info, err := os.Stat(dir); err != nil {
		return built, []error{&Fault{File: dir, Message: err.Error()}}
	} else if !info.IsDir() {
		return built, []error{&Fault{File: dir, Message: "this is no directory"}}
	}
	ours, err := fs.Sub(builtTexts, "texts")
	if err != nil {
		return built, []error{err}
	}
	b, faults := readBook(layer{fsys: ours}, layer{fsys: os.DirFS(dir), dir: dir, own: true})
	b.built = built
	faults = append(faults, b.try()...)
	return b, first(faults, maxFaults)
}

// languageTag is what a directory of texts may be named after.
var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// readBook reads layers of texts, of which a later one stands over an earlier one.
func readBook(layers ...layer) (*Book, []error) {
	b := &Book{texts: map[string]map[string]*text{}}
	var faults []error
	files := map[string]map[string]source{} // by language and name
	shared := map[string][]source{}         // parts by language
	for _, l := range layers {
		for _, language := range l.languages(&faults) {
			tag := strings.ToLower(language)
			if files[tag] == nil {
				files[tag] = map[string]source{}
			}
			for name, s := range l.files(language, &faults) {
				if name == partsName {
					shared[tag] = append(shared[tag], s)
				} else {
					files[tag][name] = s
				}
			}
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(files)) {
		sources := shared[tag]
		if base := shared[baseLanguage][0]; tag != baseLanguage && (len(sources) == 0 || sources[0].own) {
			sources = append([]source{base}, sources...) // a language of the site's own may call what English has
		}
		faults = append(faults, b.readLanguage(tag, files[tag], sources)...)
	}
	return b, faults
}

// readLanguage reads the texts of one language. Where its shared blocks cannot be read, those that are built in are there.
func (b *Book) readLanguage(tag string, files map[string]source, sources []source) (faults []error) {
	all, err := parseParts(tag, sources)
	ownParts := sources[len(sources)-1].own
	if err != nil {
		faults = append(faults, joinedErrors(err)...)
		ownParts = false
		sources = slices.DeleteFunc(slices.Clone(sources), func(s source) bool { return s.own })
		if all, err = parseParts(tag, sources); err != nil {
			return append(faults, err)
		}
	}
	b.texts[tag] = map[string]*text{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		s := files[name]
		t, err := parseText(tag, s, all)
		if err != nil {
			faults = append(faults, joinedErrors(err)...)
			continue
		}
		t.own = s.own || ownParts
		b.texts[tag][name] = t
	}
	return faults
}

// joinedErrors are the errors that one is made of.
func joinedErrors(err error) []error {
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		return all.Unwrap()
	}
	return []error{err}
}

// languages are the names of the directories of a layer.
func (l layer) languages(faults *[]error) (names []string) {
	entries, err := fs.ReadDir(l.fsys, ".")
	if err != nil {
		*faults = append(*faults, &Fault{File: l.dir, Message: err.Error()})
	}
	for _, e := range entries {
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case !e.IsDir():
			if path.Ext(e.Name()) == ".md" {
				*faults = append(*faults, &Fault{File: filepath.Join(l.dir, e.Name()), Message: "texts stand in a directory for each language, like fr or pt-BR"})
			}
		case !languageTag.MatchString(e.Name()):
			*faults = append(*faults, &Fault{File: filepath.Join(l.dir, e.Name()), Message: "the directory is not named after a language, like fr or pt-BR"})
		default:
			names = append(names, e.Name())
		}
	}
	return names
}

// files are the texts of a layer in one language, by name.
func (l layer) files(language string, faults *[]error) map[string]source {
	all := map[string]source{}
	names, err := fs.Glob(l.fsys, path.Join(language, "*.md"))
	if err != nil {
		*faults = append(*faults, fmt.Errorf("letter: %w", err))
	}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".md")
		where := filepath.Join(l.dir, file)
		if _, known := samples[name]; !known && name != partsName {
			*faults = append(*faults, &Fault{File: where, Message: "nothing is written from a text of this name; there are " +
				strings.Join(slices.Sorted(maps.Keys(samples)), ", ")})
			continue
		}
		s, err := readSource(l.fsys, file)
		if err != nil {
			var f *Fault
			if errors.As(err, &f) {
				f.File = where
			}
			*faults = append(*faults, err)
			continue
		}
		s.file, s.own = where, l.own
		all[name] = s
	}
	return all
}
