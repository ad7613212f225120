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
)

// maxSource is the largest file of a text that is read, in octets.
const maxSource = 64 << 10

// source is a file as it was read.
type source struct{ file, text string }

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
	return source{file, strings.ReplaceAll(string(b), "\r\n", "\n")}, nil
}

const subjectMark = "Subject: "

// parseText reads a text: its first line is the subject, what stands behind it the body.
func parseText(language string, s source, parts []source) (*text, error) {
	first, rest, _ := strings.Cut(s.text, "\n")
	line, ok := strings.CutPrefix(first, subjectMark)
	if !ok {
		return nil, &Fault{File: s.file, Line: 1, Message: `the first line is not "` + subjectMark + `…"`}
	}
	t := &text{name: strings.TrimSuffix(path.Base(s.file), ".md"), language: language, file: s.file}
	w := &writing{language: language}
	var err error
	if t.subject, err = parseTemplate(source{s.file, line}, parts, plainFuncs(w)); err == nil {
		t.body, err = parseTemplate(source{s.file, "\n" + rest}, parts, markdownFuncs(w)) // the line numbers stay
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// parseTemplate reads a template with the parts that it may call, guards every step of it, and looks whether it keeps to what texts may do.
func parseTemplate(s source, parts []source, funcs template.FuncMap) (*template.Template, error) {
	all := template.New("").Funcs(funcs).Option("missingkey=error")
	for _, p := range parts {
		if _, err := all.New(p.file).Parse(p.text); err != nil {
			return nil, faultOf(p.file, err)
		}
	}
	one, err := all.New(s.file).Parse(s.text)
	if err != nil {
		return nil, faultOf(s.file, err)
	}
	var faults []error
	for _, each := range one.Templates() {
		if each.Tree != nil {
			faults = append(faults, guard(each.Tree, funcs)...)
		}
	}
	return one, errors.Join(faults...)
}

// faultPlace is where text/template says that something is wrong: "template: FILE:LINE:COLUMN: …".
var faultPlace = regexp.MustCompile(`^template: (.*?\.md):(\d+):(?:\d+:)? ?((?s).*)$`)

// faultOf makes of an error of text/template a fault with its place, which may be in another file than the one that is looked at.
func faultOf(file string, err error) *Fault {
	m := faultPlace.FindStringSubmatch(err.Error())
	if m == nil {
		return &Fault{File: file, Message: strings.TrimPrefix(err.Error(), "template: ")}
	}
	line, _ := strconv.Atoi(m[2])
	return &Fault{File: m[1], Line: line, Message: m[3]}
}
