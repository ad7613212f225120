package main

import (
	"os"
	"path/filepath"

	"convene/list"
)

// textsDir is where the texts of notices may be changed, in the data folder.
const textsDir = "texts"

// texts reads what notices say: what is built in, and the files of the data folder over it. A backup keeps these, too.
func (d *decoder) texts(c *Config) {
	if c.Server.DataDir == "" {
		return // it is a fault of its own
	}
	dir := filepath.Join(c.Server.DataDir, textsDir)
	texts, err := list.LoadTexts(os.DirFS(dir))
	c.texts = texts
	if own, err := filepath.Glob(filepath.Join(dir, "*.tmpl")); err == nil { // no pattern of ours is malformed, but a folder's name may be
		c.Files = append(c.Files, own...)
	}
	for _, err := range flatten(err) {
		fault, ok := err.(*list.TextFault)
		if !ok {
			fault = &list.TextFault{Message: err.Error()}
		}
		d.faults = append(d.faults, Fault{File: filepath.Join(dir, fault.File), Line: fault.Line, Column: fault.Column, Message: fault.Message})
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
