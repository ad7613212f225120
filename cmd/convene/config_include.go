package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxConfigFiles bounds how many files one config is made of.
const maxConfigFiles = 1000

// findConfig says which config file to read: the one of the --config flag, else ./convene.toml, else /etc/convene/convene.toml.
func findConfig(flag string) (string, error) {
	if flag != "" {
		return flag, nil
	}
	places := []string{"convene.toml", "/etc/convene/convene.toml"}
	for _, p := range places {
		if _, err := os.Stat(p); err == nil {
			return p, nil
		}
	}
	return "", fmt.Errorf("config: neither ./%s nor %s is there; name the file with --config", places[0], places[1])
}

// gathering follows the includes of a config.
type gathering struct {
	faults *faultList
	root   *tomlTable
	files  []string        // as they were named, in the order they were read
	seen   map[string]bool // by absolute path
	open   map[string]bool // the files between the main one and the one being read: to include one of these is a loop
	broken bool            // a file has a syntax error or could not be read
}

// gatherConfig reads a file and all that it includes into one tree.
func gatherConfig(path string) *gathering {
	g := &gathering{faults: &faultList{}, root: &tomlTable{}, seen: map[string]bool{}, open: map[string]bool{}}
	g.read(path, position{file: path})
	return g
}

// read adds one file and what it includes. from is where the file was asked for.
func (g *gathering) read(path string, from position) {
	id := identity(path)
	switch {
	case g.open[id]:
		g.faults.add(from, "server.include: %s includes itself, directly or by way of another file", path)
		return
	case g.seen[id]:
		return // two patterns match it
	case len(g.files) == maxConfigFiles:
		g.faults.add(from, "server.include: more than %d files", maxConfigFiles)
		return
	}
	g.seen[id], g.open[id] = true, true
	defer delete(g.open, id)
	data, err := readRegular(path, maxConfigBytes)
	if err != nil {
		g.broken = true
		text := inWords(err)
		if from.line > 0 {
			g.faults.add(from, "server.include: %s", text)
		} else {
			g.faults.add(from, "%s", strings.TrimPrefix(text, path+" "))
		}
		return
	}
	g.files = append(g.files, path)
	root, broken := readTOML(path, data, g.faults)
	g.broken = g.broken || broken
	g.root.merge(root, "", g.faults)
	for _, item := range includes(root) {
		g.include(item)
	}
}

// include reads what one pattern matches, in order of name.
func (g *gathering) include(item *tomlNode) {
	pattern := filepath.Join(filepath.Dir(item.file), item.text)
	if filepath.IsAbs(item.text) {
		pattern = item.text
	}
	if err := checkPattern(item.text); err != nil {
		g.broken = true
		g.faults.add(item.position, "server.include: %v", err)
		return
	}
	matches, err := filepath.Glob(pattern)
	if err != nil || len(matches) == 0 {
		g.broken = true
		g.faults.add(item.position, "server.include: %q matches no file", item.text)
		return
	}
	for _, m := range matches {
		g.read(m, item.position)
	}
}

// checkPattern keeps a pattern from walking the whole file system.
func checkPattern(pattern string) error {
	if pattern == "" {
		return errors.New("an empty text names no file")
	}
	wild := 0
	for part := range strings.SplitSeq(pattern, "/") {
		switch {
		case strings.ContainsAny(part, `*?[\`):
			wild++
		case part == ".." && wild > 0:
			return fmt.Errorf("%q has .. behind a wildcard", pattern)
		}
	}
	if wild > 2 {
		return fmt.Errorf("%q has wildcards in more than two parts", pattern)
	}
	if _, err := filepath.Match(pattern, ""); err != nil {
		return fmt.Errorf("%q is not a pattern: a [ has no ]", pattern)
	}
	return nil
}

// includes returns the texts of a file's own server.include; whatever else stands there is for the decoder to refuse.
func includes(root *tomlTable) []*tomlNode {
	server := root.find("server")
	if server == nil || server.value.kind != nodeTable {
		return nil
	}
	e := server.value.table.find("include")
	if e == nil || e.value.kind != nodeArray {
		return nil
	}
	var texts []*tomlNode
	for _, item := range e.value.items {
		if item.kind == nodeString && checkLine(item.text) == nil {
			texts = append(texts, item)
		}
	}
	return texts
}

// identity tells two names of the same file from two files.
func identity(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return path
}

// readRegular reads a file of at most limit octets. Devices and pipes are refused, since reading one may never end.
func readRegular(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a directory", path)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", path)
	case info.Size() > limit:
		return nil, fmt.Errorf("%s is larger than %d octets", path, limit)
	}
	return os.ReadFile(path)
}

// inWords says what is wrong with a file without the name of a system call.
func inWords(err error) string {
	var pe *fs.PathError
	switch {
	case !errors.As(err, &pe):
		return err.Error()
	case errors.Is(err, fs.ErrNotExist):
		return pe.Path + " is not there"
	case errors.Is(err, fs.ErrPermission):
		return pe.Path + " cannot be read: permission denied"
	}
	return fmt.Sprintf("%s: %v", pe.Path, pe.Err)
}
