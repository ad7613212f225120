package main

import "strings"

// nodeKind is what a TOML value is.
type nodeKind string

// The kinds of TOML values, as they are called in a fault. Floats, dates and times keep their text and are read by the kind that wants them.
const (
	nodeString  nodeKind = "a text"
	nodeInteger nodeKind = "a whole number"
	nodeFloat   nodeKind = "a number with a decimal point"
	nodeBool    nodeKind = "true or false"
	nodeDate    nodeKind = "a date"
	nodeTime    nodeKind = "a time of day"
	nodeMoment  nodeKind = "a date and time"
	nodeArray   nodeKind = "an array"
	nodeTable   nodeKind = "a table"
	nodeTables  nodeKind = "an array of tables" // [[name]] headers
	nodeBroken  nodeKind = ""                   // not a value at all, and reported as such
)

// tomlNode is one value of a config file and where it stands.
type tomlNode struct {
	position
	kind  nodeKind
	text  string      // of a text; of everything but tables and arrays as it stands in the file
	num   int64       // of a whole number
	float float64     // of a number with a decimal point
	items []*tomlNode // of an array or an array of tables
	table *tomlTable  // of a table
}

// tomlTable is one table: its keys in the order of the file.
type tomlTable struct {
	entries []*tomlEntry
	byKey   map[string]*tomlEntry
	header  bool // a [header] of its own was seen
	inline  bool // written as { … }: nothing can be added
	full    bool // has had as many keys as it may
}

// tomlEntry is one key of a table.
type tomlEntry struct {
	position // of the key
	key      string
	value    *tomlNode
}

func (t *tomlTable) find(key string) *tomlEntry { return t.byKey[key] }

// maxTableKeys bounds the keys of one table: the TOML library compares each with each.
const maxTableKeys = 10_000

func (t *tomlTable) put(e *tomlEntry, faults *faultList) {
	if len(t.entries) >= maxTableKeys {
		if !t.full {
			faults.add(e.position, "%s: more than %d keys in one table", printableKey(e.key), maxTableKeys)
		}
		t.full = true
		return
	}
	if t.byKey == nil {
		t.byKey = map[string]*tomlEntry{}
	}
	t.byKey[e.key] = e
	t.entries = append(t.entries, e)
}

// keyPart is one part of a dotted key.
type keyPart struct {
	position
	text string
}

func dotted(names []keyPart) string {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = n.text
	}
	return strings.Join(parts, ".")
}

// descend finds the table that names leads to, making what is not there. Behind [[name]] headers it is the last table so far. On a key that is something
// else it says so and returns nil.
func (t *tomlTable) descend(names []keyPart, path string, faults *faultList) *tomlTable {
	for _, n := range names {
		path = joinKey(path, n.text)
		e := t.find(n.text)
		if e == nil {
			e = &tomlEntry{position: n.position, key: n.text, value: &tomlNode{position: n.position, kind: nodeTable, table: &tomlTable{}}}
			t.put(e, faults)
		}
		v := e.value
		if v.kind == nodeTables {
			v = v.items[len(v.items)-1]
		}
		if v.kind != nodeTable || v.table.inline {
			faults.add(n.position, "%s: already set in line %d, as %s", path, e.line, v.kind)
			return nil
		}
		t = v.table
	}
	return t
}

// enter opens the table of a [header].
func (t *tomlTable) enter(names []keyPart, faults *faultList) *tomlTable {
	last := names[len(names)-1]
	parent := t.descend(names[:len(names)-1], "", faults)
	if parent == nil {
		return nil
	}
	if e := parent.find(last.text); e != nil && e.value.kind == nodeTables {
		faults.add(last.position, "%s: written as [[%s]] in line %d: write it so here too", dotted(names), dotted(names), e.line)
		return nil
	}
	table := parent.descend(names[len(names)-1:], dotted(names[:len(names)-1]), faults)
	if table == nil {
		return nil
	}
	if table.header {
		faults.add(last.position, "[%s]: this table stands in line %d already", dotted(names), parent.find(last.text).line)
		return nil
	}
	table.header = true
	return table
}

// extend opens the next table of a [[header]].
func (t *tomlTable) extend(names []keyPart, faults *faultList) *tomlTable {
	last := names[len(names)-1]
	parent := t.descend(names[:len(names)-1], "", faults)
	if parent == nil {
		return nil
	}
	e := parent.find(last.text)
	if e == nil {
		e = &tomlEntry{position: last.position, key: last.text, value: &tomlNode{position: last.position, kind: nodeTables}}
		parent.put(e, faults)
	}
	if e.value.kind != nodeTables {
		faults.add(last.position, "%s: already set in line %d, as %s", dotted(names), e.line, e.value.kind)
		return nil
	}
	next := &tomlNode{position: last.position, kind: nodeTable, table: &tomlTable{header: true}}
	e.value.items = append(e.value.items, next)
	return next.table
}

// set gives a key its value. path is what the table is called.
func (t *tomlTable) set(names []keyPart, v *tomlNode, path string, faults *faultList) {
	last := names[len(names)-1]
	parent := t.descend(names[:len(names)-1], path, faults)
	if parent == nil {
		return
	}
	if e := parent.find(last.text); e != nil {
		faults.add(last.position, "%s: set twice, the first time in line %d", joinKey(path, dotted(names)), e.line)
		return
	}
	parent.put(&tomlEntry{position: last.position, key: last.text, value: v}, faults)
}

// merge adds what another file says: tables grow together, arrays of tables are joined, and everything else may be said in one file only.
func (t *tomlTable) merge(other *tomlTable, path string, faults *faultList) {
	for _, e := range other.entries {
		mine := t.find(e.key)
		full := joinKey(path, e.key)
		switch {
		case mine == nil:
			t.put(e, faults)
		case mine.value.kind == nodeTable && e.value.kind == nodeTable:
			mine.value.table.merge(e.value.table, full, faults)
		case mine.value.kind == nodeTables && e.value.kind == nodeTables:
			mine.value.items = append(mine.value.items, e.value.items...)
		case full == "server.include": // each file may include more; the reading follows them all
		default:
			faults.add(e.position, "%s: set twice, the first time in %s", full, mine.position)
		}
	}
}
