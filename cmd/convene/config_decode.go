package main

import (
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// loadConfig reads, decodes and checks the config at path, and the texts of the site's own. When there are faults they are all of them, and the Config is
// nil.
func loadConfig(path string) (*Config, []Fault) { return readConfig(path, true) }

// readConfig is loadConfig, without the texts for who says nothing to anybody.
func readConfig(path string, texts bool) (*Config, []Fault) {
	g := gatherConfig(path)
	c := &Config{Files: g.files}
	d := &decoder{faultList: g.faults, places: map[string]position{}, partial: g.broken}
	d.table(g.root, reflect.ValueOf(c).Elem(), "", position{path, 1, 1})
	if len(g.files) > 0 {
		d.check(c)
		d.texts(c, texts)
	}
	if faults := d.sorted(); len(faults) > 0 {
		return nil, faults
	}
	return c, nil
}

// decoder fills the structs of the schema from a tree.
type decoder struct {
	*faultList
	places  map[string]position // of every value set, by its path: "list[0].owners[1]"
	partial bool                // part of the text could not be read: nothing is called missing
}

// field is one key of the schema.
type field struct {
	key   string
	is    string // the kind of value; empty: a table, or an array of tables
	tag   reflect.StructTag
	typ   reflect.Type
	index int
}

// fields returns the keys of a table in the order of its struct.
func fields(t reflect.Type) []field {
	var all []field
	for i := range t.NumField() {
		f := t.Field(i)
		if key := f.Tag.Get("key"); key != "" {
			all = append(all, field{key, f.Tag.Get("is"), f.Tag, f.Type, i})
		}
	}
	return all
}

// indexes are what a path has and the name of a key has not.
var indexes = regexp.MustCompile(`\[\d+\]`)

// keyName is how a path is called in a fault.
func keyName(path string) string { return indexes.ReplaceAllString(path, "") }

func joinKey(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// complain reports a fault of the value at a path; where it was not set, at the table it belongs to.
func (d *decoder) complain(path, format string, args ...any) {
	at, ok := d.places[path]
	for p := path; !ok && p != ""; at, ok = d.places[p] {
		p = p[:max(strings.LastIndexAny(p, ".["), 0)]
	}
	d.add(at, "%s: %s", keyName(path), fmt.Sprintf(format, args...))
}

// table decodes one table; a nil tree is one that is not in the file.
func (d *decoder) table(t *tomlTable, into reflect.Value, path string, at position) {
	d.places[path] = at
	known := fields(into.Type())
	for _, f := range known {
		var e *tomlEntry
		if t != nil {
			e = t.find(f.key)
		}
		full := joinKey(path, f.key)
		switch {
		case e != nil && f.is == "":
			d.section(f, e, into.Field(f.index), full)
		case e != nil:
			d.setting(f, e.value, into.Field(f.index), full)
		case f.is == "" && f.typ.Kind() == reflect.Struct:
			d.table(nil, into.Field(f.index), full, at)
		default:
			d.missing(f, into.Field(f.index), full, at)
		}
	}
	if t == nil {
		return
	}
	for _, e := range t.entries {
		if !slices.ContainsFunc(known, func(f field) bool { return f.key == e.key }) {
			d.unknown(e, known, path)
		}
	}
}

// missing gives a key that is not in the file its default, or says that it has none.
func (d *decoder) missing(f field, into reflect.Value, path string, at position) {
	if _, ok := f.tag.Lookup("default"); ok {
		into.Set(f.fallback(filepath.Dir(d.places[""].file)))
		return
	}
	if f.tag.Get("need") != "" && !d.partial {
		d.add(at, "%s: missing, and it has no default", keyName(path))
	}
}

// unknown reports a key that the schema has not got.
func (d *decoder) unknown(e *tomlEntry, known []field, path string) {
	what, names := "key", []string{}
	if e.value.kind == nodeTable || e.value.kind == nodeTables {
		what = "table"
	}
	for _, f := range known {
		names = append(names, f.key)
	}
	hint := suggest(e.key, names)
	if hint == "" && path == "" && what == "key" {
		hint = " (it stands before the first [table])"
	}
	d.add(e.position, "%s: unknown %s%s", printableKey(keyName(joinKey(path, e.key))), what, hint)
}

// section decodes a key that is a table, or an array of tables.
func (d *decoder) section(f field, e *tomlEntry, into reflect.Value, path string) {
	several := f.typ.Kind() == reflect.Slice
	v := e.value
	switch {
	case v.kind == nodeTables && !several:
		d.add(e.position, "%s: there is one such table only: write [%s]", keyName(path), keyName(path))
		return
	case v.kind == nodeTable && several && !v.table.header && !v.table.inline:
		d.add(e.position, "%s: this belongs below a [[%s]]", keyName(path), keyName(path))
		return
	case v.kind == nodeTable && several && !v.table.inline:
		d.add(e.position, "%s: there may be several: write [[%s]]", keyName(path), keyName(path))
		v = &tomlNode{position: v.position, kind: nodeTables, items: []*tomlNode{v}}
	case v.kind == nodeArray && several && !slices.ContainsFunc(v.items, func(n *tomlNode) bool { return n.kind != nodeTable }):
	case !several && v.kind != nodeTable, several && v.kind != nodeTables:
		d.add(v.position, "%s: must be a table, not %s", keyName(path), v.kind)
		return
	}
	if !several {
		d.table(v.table, into, path, e.position)
		return
	}
	d.places[path] = e.position
	into.Set(reflect.MakeSlice(f.typ, len(v.items), len(v.items)))
	for i, item := range v.items {
		if f.tag.Get("later") != "" {
			d.add(item.position, "%s: not in this version", keyName(path))
		}
		d.table(item.table, into.Index(i), fmt.Sprintf("%s[%d]", path, i), item.position)
	}
}

// setting decodes a key that is a value, an array of values, or (routes) a table of values by domain.
func (d *decoder) setting(f field, v *tomlNode, into reflect.Value, path string) {
	d.places[path] = v.position
	before := len(d.faults)
	switch {
	case f.typ.Kind() == reflect.Map && f.is != "texts" && f.is != "titles":
		d.routes(f, v, into, path)
	case f.many():
		d.array(f, v, into, path)
	default:
		d.scalar(f, v, f.typ, into, path)
	}
	if later := f.tag.Get("later"); later == "" || len(d.faults) > before {
		return
	} else if later == "*" {
		if fallback := f.fallback(""); !reflect.DeepEqual(into.Interface(), fallback.Interface()) {
			d.complain(path, "must be %s so far: %s is not in this version", f.off(), v.shown())
		}
	} else if slices.Contains(strings.Fields(later), into.String()) {
		d.complain(path, "%q is not in this version", into.String())
	}
}

// many reports whether the value is an array.
func (f field) many() bool { return f.typ.Kind() == reflect.Slice }

// off is the value of a key of a later version for now, as it is written.
func (f field) off() string {
	def := f.tag.Get("default")
	switch {
	case f.many():
		return "[]"
	case f.is == "bool":
		return def
	}
	return strconv.Quote(def)
}

func (d *decoder) array(f field, v *tomlNode, into reflect.Value, path string) {
	if v.kind != nodeArray {
		d.complain(path, "must be an array in brackets, each %s, not %s", f.wanted(), v.kind)
		return
	}
	if len(v.items) == 0 && f.tag.Get("need") == "one" {
		d.complain(path, "needs at least one item")
	}
	into.Set(reflect.MakeSlice(f.typ, len(v.items), len(v.items)))
	for i, item := range v.items {
		p := fmt.Sprintf("%s[%d]", path, i)
		d.places[p] = item.position
		d.scalar(f, item, f.typ.Elem(), into.Index(i), p)
	}
}

func (d *decoder) routes(f field, v *tomlNode, into reflect.Value, path string) {
	if v.kind != nodeTable {
		d.complain(path, "must be a table of next hops by domain, not %s", v.kind)
		return
	}
	for _, e := range v.table.entries {
		if into.IsNil() {
			into.Set(reflect.MakeMap(f.typ))
		}
		p := path + "." + strconv.Quote(e.key)
		d.places[p] = e.value.position
		if e.value.kind == nodeTable {
			d.add(e.position, `%s: a domain stands in quotes: "partner.example" = "10.0.0.5:25"`, path)
			continue
		}
		domain, err := parseDomain(e.key)
		if err != nil {
			d.add(e.position, "%s: %v", path, err)
			continue
		}
		if into.MapIndex(reflect.ValueOf(domain)).IsValid() {
			d.add(e.position, "%s: %s is there already", path, domain)
		}
		hop := reflect.New(f.typ.Elem()).Elem()
		d.scalar(f, e.value, f.typ.Elem(), hop, p)
		into.SetMapIndex(reflect.ValueOf(domain), hop)
	}
}

// scalar decodes one value.
func (d *decoder) scalar(f field, v *tomlNode, typ reflect.Type, into reflect.Value, path string) {
	if v.kind == nodeBroken {
		return
	}
	x, err := f.read(v, filepath.Dir(v.file))
	if err != nil {
		d.complain(path, "%v", err)
		return
	}
	if x != nil {
		into.Set(reflect.ValueOf(x).Convert(typ))
	}
}

// fallback is the default of a key. It panics on a default that is not a value of its own key: that is a mistake in the schema.
func (f field) fallback(dir string) reflect.Value {
	v := reflect.New(f.typ).Elem()
	def := f.tag.Get("default")
	items := []string{def}
	if f.many() {
		items = slices.DeleteFunc(strings.Split(def, ", "), func(s string) bool { return s == "" })
		v.Set(reflect.MakeSlice(f.typ, len(items), len(items)))
	}
	for i, text := range items {
		if text == "" || text == "0" {
			continue
		}
		n := &tomlNode{kind: nodeString, text: text}
		if k := plainKinds[f.is]; k != "" {
			n = defaultNode(k, text)
		}
		x, err := f.read(n, dir)
		if err != nil {
			panic(fmt.Sprintf("config: default of %s: %v", f.key, err))
		}
		into := v
		if f.many() {
			into = v.Index(i)
		}
		into.Set(reflect.ValueOf(x).Convert(into.Type()))
	}
	return v
}

// defaultNode is the node of a default that is not a text.
func defaultNode(k nodeKind, text string) *tomlNode {
	n := &tomlNode{kind: k, text: text}
	n.num, _ = strconv.ParseInt(text, 10, 64)
	n.float, _ = strconv.ParseFloat(text, 64)
	return n
}

// shown is a value as a fault quotes it.
func (n *tomlNode) shown() string {
	switch n.kind {
	case nodeString:
		return strconv.Quote(n.text)
	case nodeArray, nodeTable, nodeTables:
		return "what is asked for"
	}
	return n.text
}
