package list

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"text/template/parse"
)

//go:embed texts/*.tmpl
var ownTexts embed.FS

// Texts are what notices say, in every language that there is a file for: two blocks of text/template for each notice, NAME.subject and
// NAME.body. A paragraph is one line there; it is folded when it is sent. They do not change. Where a text of the site's own fails, the one that is
// built in is said in its place, and the fault is kept for who wrote it.
type Texts struct {
	byLanguage map[string]*textSet // by tag in lower case
	built      *Texts              // that a site wrote others over; nil: these are they
	failed     textFaults
}

// TextFault is one thing that is wrong in a file of texts.
type TextFault struct {
	File         string // its name in the file system that was given
	Line, Column int    // from 1; zero: of no place in it
	Message      string
}

func (f *TextFault) Error() string {
	if f.Line == 0 {
		return f.File + ": " + f.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Message)
}

// baseLanguage is the language in which every notice exists.
const baseLanguage = "en"

// LoadTexts reads the texts that are built in, and those in fsys (nil: there are none) over them, block by block: LANG.tmpl, LANG being a tag of
// BCP 47 like fr or pt-BR. Every text is looked through for what could make it endless, and tried on sample values. The error joins a *TextFault for
// each thing that is wrong.
func LoadTexts(fsys fs.FS) (*Texts, error) {
	t, err := parseBuiltTexts()
	if err != nil {
		return nil, err
	}
	built := map[string]bool{}
	before := map[string]map[string]*parse.Tree{}
	for language, set := range t.byLanguage {
		built[language], before[language] = true, set.trees()
	}
	if fsys != nil {
		err = t.load(fsys, built)
		t.built = builtTexts()
	}
	if err = errors.Join(err, t.check(before)); err != nil { // a file that cannot be read keeps no fault of another from being told
		return nil, err
	}
	return t, nil
}

// parseBuiltTexts reads the texts that are built in. They are neither tried nor metered.
func parseBuiltTexts() (*Texts, error) {
	t := &Texts{byLanguage: map[string]*textSet{}}
	own, err := fs.Sub(ownTexts, "texts")
	if err == nil {
		err = t.load(own, nil)
	}
	return t, err
}

// builtTexts are the texts that are built in, for a site that has no others.
var builtTexts = sync.OnceValue(func() *Texts {
	t, err := parseBuiltTexts()
	if err != nil {
		panic(err) // embedded, and a test tries them
	}
	for _, set := range t.byLanguage {
		set.meter()
	}
	return t
})

// Languages are the tags of the languages that there are texts in, in lower case and in order.
func (t *Texts) Languages() []string { return slices.Sorted(maps.Keys(t.byLanguage)) }

// languageTag is what a file may be named after, and a note may ask for.
var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// maxTexts is the largest file of texts that is read, in octets.
const maxTexts = 256 << 10

// load reads every file *.tmpl of one directory. A directory that is not there has none.
func (t *Texts) load(fsys fs.FS, over map[string]bool) error {
	files, err := fs.Glob(fsys, "*.tmpl")
	if err != nil {
		return fmt.Errorf("list: texts: %w", err)
	}
	var faults []error
	for _, file := range files {
		if err := t.read(fsys, file, over); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

func (t *Texts) read(fsys fs.FS, file string, over map[string]bool) error {
	language := strings.TrimSuffix(path.Base(file), ".tmpl")
	if !languageTag.MatchString(language) {
		return &TextFault{File: file, Message: "the file is not named after a language, like fr.tmpl or pt-BR.tmpl"}
	}
	if info, err := fs.Stat(fsys, file); err == nil && info.Size() > maxTexts {
		return &TextFault{File: file, Message: fmt.Sprintf("larger than %d octets", maxTexts)}
	}
	b, err := fs.ReadFile(fsys, file)
	if err != nil {
		return &TextFault{File: file, Message: err.Error()}
	}
	language = strings.ToLower(language)
	set := t.byLanguage[language]
	if set != nil && !over[language] {
		return &TextFault{File: file, Message: "there is another file for this language"}
	}
	delete(over, language)
	if set == nil {
		set = newTextSet(language)
		t.byLanguage[language] = set
	}
	one, err := set.New(file).Parse(string(b))
	if err != nil {
		return textFault(file, err)
	}
	return outside(file, one)
}

// outside reports text that stands outside of all blocks, where nobody would see it.
func outside(file string, one *template.Template) error {
	if one.Tree == nil || parse.IsEmptyTree(one.Tree.Root) {
		return nil
	}
	for _, n := range one.Tree.Root.Nodes {
		if !parse.IsEmptyTree(n) {
			where, _ := one.Tree.ErrorContext(n)
			return textFault(file, fmt.Errorf("template: %s: this stands outside of all blocks", where))
		}
	}
	return nil
}

// faultPlace is where text/template says that something is wrong: "template: FILE:LINE:COLUMN: …".
var faultPlace = regexp.MustCompile(`^template: (.*?\.tmpl):(\d+):(?:(\d+):)? ?((?s).*)$`)

// textFault makes of an error of text/template a fault with its place, which may be in another file than the one that is looked at: an error
// within a block that one file took over from the other.
func textFault(file string, err error) *TextFault {
	m := faultPlace.FindStringSubmatch(err.Error())
	if m == nil {
		return &TextFault{File: file, Message: strings.TrimPrefix(err.Error(), "template: ")}
	}
	line, _ := strconv.Atoi(m[2])
	column, _ := strconv.Atoi(m[3]) // of what cannot be parsed there is none
	return &TextFault{File: m[1], Line: line, Column: max(column, 1), Message: strings.TrimPrefix(m[4], "template: ")}
}
