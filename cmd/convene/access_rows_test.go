package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// kind says whom something is for.
type kind int

const (
	forPosts      kind = iota // whoever may read the posts of the list
	forWorld                  // anybody, of a public list; of another one, at most whoever may read its posts
	forEvents                 // whoever may read its events
	forMembers                // who is a member, whatever can be read
	forThemselves             // who has a record on the list: it is about that
	forHolders                // who has a token that somebody was mailed, or made: tried in tests of their own
	forAll                    // anybody: nothing of a list is in it
)

// pageRow is one path of the pages.
type pageRow struct {
	route   string // as the log names it
	path    string // of what is there
	missing string // a path of the same kind of which nothing is there; empty: there is none
	shows   string // what an answer has that shows it
	kind    kind
}

// pageRows has one row at least for each route of the pages.
var pageRows = []pageRow{
	{"/", "/", "", "Peers of wells", forWorld},
	{"/LIST/", "/" + triedList + "/", "/" + noSuch + "/", "Depth of wells", forPosts},
	{"/LIST/", "/" + triedList + "/?page=1", "/" + noSuch + "/?page=1", "Depth of wells", forPosts},
	{"/LIST/topics/", "/" + triedList + "/topics/1", "/" + triedList + "/topics/7", "Forty metres", forPosts},
	{"/LIST/topics/", "/" + triedList + "/topics/1", "/" + noSuch + "/topics/1", "Forty metres", forPosts},
	{"/LIST/search", "/" + triedList + "/search?q=metres", "/" + noSuch + "/search?q=metres", "<mark>metres</mark>", forPosts},
	{"/LIST/search", "/" + triedList + "/search?q=", "/" + noSuch + "/search?q=", "Peers of wells", forPosts},
	{"/LIST/files/", "/" + triedList + "/files/", "/" + noSuch + "/files/", "plan.pdf", forPosts},
	{"/LIST/files/POST/", "/" + triedList + "/files/2/INDEX", "/" + triedList + "/files/7/INDEX", "a plan of the well", forPosts},
	{"/LIST/files/POST/", "/" + triedList + "/files/2/INDEX", "/" + noSuch + "/files/2/INDEX", "a plan of the well", forPosts},
	{"/m/", "/m/1%40people.test", "/m/7%40people.test", "Forty metres", forPosts},
	{"/LIST/calendar", "/" + triedList + "/calendar", "/" + noSuch + "/calendar", "Coffee at the wells", forEvents},
	{"/LIST/calendar.ics", "/" + triedList + "/calendar.ics", "/" + noSuch + "/calendar.ics", "Coffee at the wells", forEvents},
	{"/LIST/feed.atom", "/" + triedList + "/feed.atom", "/" + noSuch + "/feed.atom", "Depth of wells", forPosts},
	{"/LIST/settings", "/" + triedList + "/settings", "/" + noSuch + "/settings", "Peers of wells", forThemselves},
	{"/signin", "/signin", "", triedList, forThemselves},
	{"/healthz", "/healthz", "", "", forAll},
	{"other", "/nothing", "", "", forAll},
	{"/u/", "", "", "", forHolders},
	{"/c/", "", "", "", forHolders},
	{"/signin/c/", "", "", "", forHolders},
	{"/LIST/feed-", "", "", "", forHolders},
}

// commandRow is one thing that a mail program, or a mail, asks for.
type commandRow struct {
	name  string // of the method of list/imap's session, or of the command by mail
	ask   string // LIST stands for the address of the list; empty: nothing of a list comes of it
	shows string
	kind  kind
}

// readerRows has one row at least for each thing that package imap does for a session.
var readerRows = []commandRow{
	{"List", `LIST "" *`, "Lists/LIST", forPosts},
	{"List", `LSUB "" *`, "Lists/LIST", forPosts},
	{"List", `LIST "" Lists/LIST`, "Lists/LIST", forPosts},
	{"List", `LIST "" * RETURN (STATUS (MESSAGES UNSEEN))`, "Lists/LIST", forPosts},
	{"Status", "STATUS Lists/LIST (MESSAGES UIDNEXT UNSEEN)", "MESSAGES 2", forPosts},
	{"Select", "SELECT Lists/LIST", "* 2 EXISTS", forPosts},
	{"Select", "EXAMINE Lists/LIST", "* 2 EXISTS", forPosts},
	{"Select", `SELECT "lists/LIST"`, "NO [NONEXISTENT]", forAll},
	{"Namespace", "NAMESPACE", "", forAll},
	{"Create", "CREATE Lists/LIST", "NO [NOPERM]", forAll},
	{"Delete", "DELETE Lists/LIST", "NO [NOPERM]", forAll},
	{"Rename", "RENAME Lists/LIST mine", "NO [NOPERM]", forAll},
	{"Subscribe", "SUBSCRIBE Lists/LIST", "NO [NOPERM]", forAll},
	{"Unsubscribe", "UNSUBSCRIBE Lists/LIST", "NO [NOPERM]", forAll},
	{"Append", "APPEND Lists/LIST {1+}\r\nx", "NO [NOPERM]", forAll},
	{"Login", "", "", forHolders},
	{"Close", "", "", forAll},
}

// openRows are what is done in a mailbox that is selected, also long ago.
var openRows = []commandRow{
	{"Fetch", "FETCH 1:* (UID FLAGS ENVELOPE BODYSTRUCTURE RFC822.SIZE)", "Depth of wells", forPosts},
	{"Fetch", "FETCH 1 BODY.PEEK[]", "Forty metres", forPosts},
	{"Fetch", "UID FETCH 1:* (BODY.PEEK[TEXT] INTERNALDATE)", "Forty metres", forPosts},
	{"Fetch", "FETCH 2 BINARY.PEEK[2]", "a plan of the well", forPosts},
	{"Search", "SEARCH ALL", "* SEARCH 1 2", forPosts},
	{"Search", "SEARCH TEXT metres", "* SEARCH 1", forPosts},
	{"Search", "UID SEARCH RETURN (COUNT ALL) FROM member", "COUNT 2", forPosts},
	{"Store", `STORE 1 +FLAGS (\Flagged)`, "NO [NOPERM]", forAll},
	{"Expunge", "EXPUNGE", "NO [NOPERM]", forAll},
	{"Copy", "COPY 1 INBOX", "NO [NOPERM]", forAll},
	{"Poll", "NOOP", "", forAll},
	{"Idle", "", "", forAll}, // TestRightsEndAtOnce
	{"Unselect", "", "", forAll},
}

// mailRows has one row for each command by mail.
var mailRows = []commandRow{
	{"search", "search metres", "1: Depth of wells", forPosts},
	{"topics", "topics", "1: Depth of wells", forMembers},
	{"files", "files", "plan.pdf", forMembers},
	{"get", "get 1", "Forty metres", forMembers},
	{"events", "events", "Coffee at the wells", forMembers},
	{"who", "who", "- <bouncing@people.test>", forMembers},
	{"imap", "", "", forHolders},
	{"record", "", "", forHolders}, {"catchup", "", "", forHolders}, // of a discussion, for who is in it
}

// talk are the commands by mail that change or tell what is the asker's own.
var talk = strings.Fields(`help subscribe unsubscribe settings set_each set_digest set_summary set_special set_nomail set_language set_timezone set_name set_own set_duplicates set_attachments
	set_max set_format set_thanks set_quote set_follow mute unmute follow unfollow pause resume also not add remove invite`)

// TestEveryDoorHasARow: who adds a path, a command of mail programs or one by mail says in a row who may, and it is tried.
func TestEveryDoorHasARow(t *testing.T) {
	routes, commands, methods := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, r := range pageRows {
		routes[r.route] = true
	}
	for _, r := range mailRows {
		commands[r.name] = true
	}
	for _, name := range talk {
		commands[strings.ReplaceAll(name, "_", " ")] = true
	}
	for _, r := range append(readerRows, openRows...) {
		methods[r.name] = true
	}
	found := 0
	each := func(dir string, look func(ast.Node)) {
		t.Helper()
		files, err := filepath.Glob(filepath.Join("..", "..", "list", dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		var parsed []*ast.File
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			parsed = append(parsed, file)
		}
		for _, p := range parsed {
			ast.Inspect(p, func(n ast.Node) bool { look(n); return true })
		}
	}
	each("web", func(n ast.Node) {
		if name, ok := literal(n, "route"); ok && name != "" {
			if found++; !routes[name] {
				t.Errorf("the path %s is in no row", name)
			}
		}
	})
	each(".", func(n ast.Node) {
		if field, ok := n.(*ast.KeyValueExpr); ok {
			if key, ok := field.Key.(*ast.Ident); ok && key.Name == "name" {
				if value, ok := field.Value.(*ast.BasicLit); ok {
					name, _ := strconv.Unquote(value.Value)
					if found++; !commands[name] {
						t.Errorf("the command %q is in no row", name)
					}
				}
			}
		}
	})
	each("imap", func(n ast.Node) {
		f, ok := n.(*ast.FuncDecl)
		if !ok || f.Recv == nil || !f.Name.IsExported() {
			return
		}
		star, ok := f.Recv.List[0].Type.(*ast.StarExpr)
		if ok && star.X.(*ast.Ident).Name == "session" {
			if found++; !methods[f.Name.Name] {
				t.Errorf("what mail programs have by %s is in no row", f.Name.Name)
			}
		}
	})
	if found < 75 {
		t.Errorf("only %d doors were found", found)
	}
}

// literal is the first field of a composite literal of a type; the name of a route, for example.
func literal(n ast.Node, of string) (string, bool) {
	c, ok := n.(*ast.CompositeLit)
	if !ok || len(c.Elts) == 0 {
		return "", false
	}
	if id, ok := c.Type.(*ast.Ident); !ok || id.Name != of {
		return "", false
	}
	value, ok := c.Elts[0].(*ast.BasicLit)
	if !ok {
		return "?", true
	}
	name, err := strconv.Unquote(value.Value)
	return name, err == nil
}
