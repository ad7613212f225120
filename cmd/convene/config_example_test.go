package main

import (
	"crypto/ed25519"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"convene/mailer"
)

const exampleConfig = "../../config.example.toml"

// commentedOut are the settings of the example that stand behind a #: those without default, and whole tables of later versions.
var commentedOut = regexp.MustCompile(`(?m)^# (\[|"?[a-z_.]+"? *= )`)

// testSigningKey is a DKIM key in PEM form.
func testSigningKey(t *testing.T) string {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := mailer.SigningKey{Key: key}.PEM()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func readExample(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(exampleConfig)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func parsedTree(t *testing.T, text string) *tomlTable {
	t.Helper()
	faults := &faultList{}
	root, _ := readTOML("config.example.toml", []byte(text), faults)
	for _, f := range faults.sorted() {
		t.Error(f)
	}
	return root
}

func TestTheExampleWorksAsItStands(t *testing.T) {
	c, faults := loadConfig(exampleConfig)
	for _, f := range faults {
		t.Error(f)
	}
	if c == nil || len(c.Lists) != 1 || c.Lists[0].Address != "peers@lists.example.org" {
		t.Fatal("the example has not the list peers@lists.example.org and no other")
	}
}

// What the example says is what is true without it: a config of the three keys that must be there is the same config.
func TestTheExampleGivesExactlyTheDefaults(t *testing.T) {
	want, faults := loadConfig(exampleConfig)
	if faults != nil {
		t.Fatal(faults)
	}
	bare := filepath.Join(t.TempDir(), "convene.toml")
	text := "[server]\nhostname = \"lists.example.org\"\nadmin = \"admin@example.org\"\n[[list]]\naddress = \"peers@lists.example.org\"\n"
	if err := os.WriteFile(bare, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	got, faults := loadConfig(bare)
	if faults != nil {
		t.Fatal(faults)
	}
	// Paths begin where the file stands, and the two stand in different places.
	home, err := filepath.Abs(filepath.Dir(exampleConfig))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*string{&got.Server.DataDir, &got.Delivery.Maildir} {
		rel, err := filepath.Rel(filepath.Dir(bare), *p)
		if err != nil {
			t.Fatal(err)
		}
		*p = filepath.Join(home, rel)
	}
	got.Files, got.texts = want.Files, want.texts // texts hold functions, of which no two are equal
	if !reflect.DeepEqual(got, want) {
		t.Errorf("a bare config is\n%+v\nthe example is\n%+v", *got, *want)
	}
}

// reach walks to a key; arrays of tables are looked through for the first that has it.
func (t *tomlTable) reach(path []string) *tomlNode {
	e := t.find(path[0])
	if e == nil || len(path) == 1 {
		if e == nil {
			return nil
		}
		return e.value
	}
	for _, v := range append([]*tomlNode{e.value}, e.value.items...) {
		if v.table != nil {
			if n := v.table.reach(path[1:]); n != nil {
				return n
			}
		}
	}
	return nil
}

// eachKey calls f with every key of the schema.
func eachKey(typ reflect.Type, path []string, f func(path []string, f field)) {
	for _, k := range fields(typ) {
		here := append(append([]string{}, path...), k.key)
		switch {
		case k.is != "":
			f(here, k)
		case k.typ.Kind() == reflect.Slice:
			eachKey(k.typ.Elem(), here, f)
		default:
			eachKey(k.typ, here, f)
		}
	}
}

// laterTables are the tables of later versions.
var laterTables = map[string]bool{}

// optionalTables are those of which the example has nothing that is in force.
var optionalTables = map[string]bool{"intake": true, "discussion": true, "event": true, "dkim": true}

func TestTheExampleHasEveryKeyWithItsDefault(t *testing.T) {
	text := readExample(t)
	live, all := parsedTree(t, text), parsedTree(t, commentedOut.ReplaceAllString(text, "$1"))
	count := 0
	eachKey(reflect.TypeFor[Config](), nil, func(path []string, f field) {
		count++
		key := strings.Join(path, ".")
		n := all.reach(path)
		if n == nil {
			t.Errorf("%s is not in the example", key)
			return
		}
		def, has := f.tag.Lookup("default")
		if has && !optionalTables[path[0]] && live.reach(path) == nil {
			t.Errorf("%s has a default, and is commented out in the example", key)
		}
		if !has {
			return
		}
		into := reflect.New(f.typ).Elem()
		d := &decoder{faultList: &faultList{}, places: map[string]position{}}
		f.tag = reflect.StructTag(strings.ReplaceAll(string(f.tag), "later:", "was-later:"))
		d.setting(f, n, into, key)
		if want := f.fallback("."); len(d.faults) > 0 || !reflect.DeepEqual(into.Interface(), want.Interface()) {
			t.Errorf("%s is %v in the example, and its default is %q (%v)", key, into.Interface(), def, d.faults)
		}
	})
	if count < 150 {
		t.Errorf("the schema has %d keys only", count)
	}
}

// The commented tables of later versions are right but for not being in this one.
func TestTheExamplesCommentedTablesAreRight(t *testing.T) {
	text := commentedOut.ReplaceAllString(readExample(t), "$1")
	dir := unpackConfig(t, []configFile{{"convene.toml", text}, {"dkim/lists.example.org.c1.pem", testSigningKey(t)}, {"imap.secret", "secret\n"}})
	for _, secret := range []string{"dkim/lists.example.org.c1.pem", "imap.secret"} {
		if err := os.Chmod(filepath.Join(dir, secret), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, faults := loadConfig("convene.toml")
	later := map[string]bool{}
	for _, f := range faults {
		name, ok := strings.CutSuffix(f.Message, ": not in this version")
		if !ok || later[name] {
			t.Error(f)
		}
		later[name] = true
	}
	if !reflect.DeepEqual(later, laterTables) {
		t.Errorf("not in this version are %v, want %v", later, laterTables)
	}
}

func TestEveryKeyOfTheExampleHasAComment(t *testing.T) {
	setting := regexp.MustCompile(`^(# )?([a-z_]+|\[+[a-z_.]+\]+) *(=|$)`)
	for i, line := range strings.Split(readExample(t), "\n") {
		if m := setting.FindStringSubmatch(line); m != nil && m[3] == "=" && strings.Count(line[len(m[1]):], " # ") != 1 {
			t.Errorf("line %d has no comment: %s", i+1, line)
		}
	}
}
