package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"convene/digest/letter"
	"convene/list"
)

// textsDir is where the texts of notices may be changed, in the data folder.
const textsDir = "texts"

// texts names the files of the data folder with texts of the site's own, which a backup keeps, too, and reads them over what is built in.
func (d *decoder) texts(c *Config, read bool) {
	if c.Server.DataDir == "" {
		return // it is a fault of its own
	}
	dir := filepath.Join(c.Server.DataDir, textsDir)
	d.letters(c, dir, read)
	own, _ := fs.Glob(os.DirFS(dir), "*.tmpl") // a folder that cannot be read has none, and the pattern is right
	if len(own) == 0 {
		return
	}
	for _, file := range own {
		c.Files = append(c.Files, filepath.Join(dir, file))
	}
	if !read {
		return
	}
	texts, err := list.LoadTexts(os.DirFS(dir))
	c.texts = texts
	for _, err := range flatten(err) {
		fault, ok := err.(*list.TextFault)
		if !ok {
			fault = &list.TextFault{Message: err.Error()}
		}
		d.faults = append(d.faults, Fault{File: filepath.Join(dir, fault.File), Line: fault.Line, Column: fault.Column, Message: fault.Message})
	}
}

// letters names the texts of the mails of discussions that are the site's own, texts/LANGUAGE/NAME.md, and reads them over what is built in.
func (d *decoder) letters(c *Config, dir string, read bool) {
	own, _ := fs.Glob(os.DirFS(dir), "*/*.md")
	for _, file := range own {
		c.Files = append(c.Files, filepath.Join(dir, file))
	}
	if len(own) == 0 {
		return
	}
	book, faults := letter.Load(dir)
	if c.letters = book; !read {
		return // a preview shows what there is; what is wrong is for check
	}
	for _, err := range faults {
		fault, ok := errors.AsType[*letter.Fault](err)
		if !ok {
			fault = &letter.Fault{File: dir, Message: err.Error()}
		}
		d.faults = append(d.faults, Fault{File: fault.File, Line: fault.Line, Message: fault.Message})
	}
}

// flatten takes joined errors apart.
func flatten(err error) (all []error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		if err != nil {
			all = append(all, err)
		}
		return all
	}
	for _, e := range joined.Unwrap() {
		all = append(all, flatten(e)...)
	}
	return all
}
