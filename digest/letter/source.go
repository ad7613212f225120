package letter

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"
)

// maxSource is the largest file of a text that is read, in octets.
const maxSource = 64 << 10

// source is a file as it was read.
type source struct {
	file, text string
	own        bool // a site's
}

// Fault is one thing that is wrong in a file of texts.
type Fault struct {
	File    string
	Line    int // from 1; zero: of no place in it
	Message string
}

func (f *Fault) Error() string {
	if f.Line == 0 {
		return f.File + ": " + f.Message
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Message)
}

func readSource(fsys fs.FS, file string) (source, error) {
	if info, err := fs.Stat(fsys, file); err == nil && info.Size() > maxSource {
		return source{}, &Fault{File: file, Message: fmt.Sprintf("larger than %d octets", maxSource)}
	}
	b, err := fs.ReadFile(fsys, file)
	if err != nil {
		return source{}, &Fault{File: file, Message: err.Error()}
	}
	return source{file: file, text: strings.ReplaceAll(string(b), "\r\n", "\n")}, nil
}

const subjectMark = "Subject: "

// parts are the blocks that the texts of a language share, read once for subjects and once for bodies.
type parts struct{ plain, body *template.Template }

// parseParts reads the blocks that texts share, in sources of which a later one takes the place of an earlier one, block by block.
func parseParts(language string, sources []source) (p parts, err error) {
	w := &writing{language: language}
	if p.plain, err = parseTemplates(plainFuncs(w), sources); err == nil {
		p.body, err = parseTemplates(markdownFuncs(w), sources)
	}
	return p, err
}

func parseTemplates(funcs template.FuncMap, sources []source) (*template.Template, error) {
	all := template.New("").Funcs(funcs).Option("missingkey=error")
	var faults []error
	for _, s := range sources {
		before := map[*parse.Tree]bool{}
		for _, one := range all.Templates() {
			before[one.Tree] = true
		}
		if _, err := all.New(s.file).Parse(s.text); err != nil {
			return nil, faultOf(s.file, err)
		}
		for _, one := range all.Templates() {
			if one.Tree != nil && !before[one.Tree] {
				faults = append(faults, guard(one.Tree, funcs)...)
			}
		}
	}
	return all, errors.Join(faults...)
}

// parseText reads a text: its first line is the subject, what stands behind it the body.
func parseText(language string, s source, shared parts) (*text, error) {
	first, rest, _ := strings.Cut(s.text, "\n")
	line, ok := strings.CutPrefix(first, subjectMark)
	if !ok {
		return nil, &Fault{File: s.file, Line: 1, Message: `the first line is not "` + subjectMark + `…"`}
	}
	t := &text{name: strings.TrimSuffix(path.Base(s.file), ".md"), language: language, file: s.file}
	w := &writing{language: language}
	var err error
	if t.subject, err = parseTemplate(source{file: s.file, text: line}, shared.plain, plainFuncs(w)); err == nil {
		t.body, err = parseTemplate(source{file: s.file, text: "\n" + rest}, shared.body, markdownFuncs(w)) // the line numbers stay
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// parseTemplate reads a template beside the parts that it may call, guards every step of it, and looks whether it keeps to what texts may do. A block that
// it defines is its own, whatever the parts have.
func parseTemplate(s source, shared *template.Template, funcs template.FuncMap) (*template.Template, error) {
	all, err := shared.Clone()
	if err != nil {
		return nil, err
	}
	before := map[*parse.Tree]bool{}
	for _, one := range all.Templates() {
		before[one.Tree] = true
	}
	one, err := all.New(s.file).Parse(s.text)
	if err != nil {
		return nil, faultOf(s.file, err)
	}
	var faults []error
	for _, each := range one.Templates() {
		if each.Tree != nil && !before[each.Tree] {
			faults = append(faults, guard(each.Tree, funcs)...)
		}
	}
	return one, errors.Join(faults...)
}

// faultPlace is where text/template says that something is wrong: "template: FILE:LINE:COLUMN: …".
var faultPlace = regexp.MustCompile(`^template: (.*?\.md):(\d+):(?:\d+:)? ?(?:executing ".*?" )?((?s).*)$`)

// faultOf makes of an error of text/template a fault with its place, which may be in another file than the one that is looked at.
func faultOf(file string, err error) *Fault {
	m := faultPlace.FindStringSubmatch(err.Error())
	if m == nil {
		return &Fault{File: file, Message: strings.TrimPrefix(err.Error(), "template: ")}
	}
	line, _ := strconv.Atoi(m[2])
	return &Fault{File: m[1], Line: line, Message: m[3]}
}
