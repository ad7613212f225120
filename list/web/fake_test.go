package web

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"convene/list"
)

const (
	// token is one that the engine of these tests knows; stranger is as long and is none of its.
	token    = "abcdefghijklmnopqrstuvwx27"
	stranger = "abcdefghijklmnopqrstuvwx22"
	member   = "amina.diallo@example.org"

	oneClick   = "List-Unsubscribe=One-Click"
	urlencoded = "application/x-www-form-urlencoded"
)

var _ Engine = (*list.Engine)(nil)

// engine is a list of one member who can leave it.
type engine struct {
	mu    sync.Mutex
	who   list.Leaving
	what  list.Confirmation
	said  string // what comes of a confirmation
	asked int
	left  []string      // how, for each Leave with the member's token
	err   error         // of every call
	wait  chan struct{} // Leave waits until it is closed
	began chan struct{} // Leave sends when it begins to wait

	archive archive
}

func newEngine() *engine {
	return &engine{who: list.Leaving{List: "peers@lists.example.org", Title: "Peer Learning", Member: member},
		what: list.Confirmation{List: "peers@lists.example.org", Title: "Peer Learning", Address: member, Question: "Join Peer Learning?",
			Text: "You get its posts by email, and can write to it.", Button: "Join"},
		said: "You are a member of the list now.", archive: newArchive()}
}

// fakeFiles are what the library has.
var fakeFiles = []list.FileLine{
	{File: list.File{Index: 1, Name: "Übersicht \"2026\".pdf", Media: "application/pdf", Size: 300_000}, Post: 7, Page: "/m/7%40example.org", Name: "Dede <b>", Shown: "300 kB",
		Date: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)},
	{File: list.File{Index: 2, Name: "evil.html", Media: "text/html", Size: 25}, Post: 7, Name: "Dede", Shown: "25 bytes", Date: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)},
}

func (e *engine) FilesPage(_, address string, before uint32) (list.FilesPage, error) {
	p := list.FilesPage{Shelf: list.Shelf{Address: e.who.List, Title: e.who.Title, Language: e.who.Language}, Files: fakeFiles, Older: 7}
	switch {
	case e.err != nil:
		return p, e.err
	case address != e.who.List:
		return p, list.ErrNotFound
	case before > 0:
		p.Files, p.Older = nil, 0
	}
	return p, nil
}

// fakeContent is what each of them holds.
var fakeContent = strings.Repeat("<script>", 4)

type content string

func (c content) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, string(c))
	return int64(n), err
}

func (e *engine) OpenFile(_, address string, post uint32, index int) (list.FileContent, error) {
	if e.err != nil {
		return list.FileContent{}, e.err
	}
	if address != e.who.List || post != 7 || index < 1 || index > len(fakeFiles) {
		return list.FileContent{}, list.ErrNotFound
	}
	f := fakeFiles[index-1].File
	f.Size = int64(len(fakeContent))
	return list.FileContent{File: f, WriterTo: content(fakeContent), Tag: fmt.Sprint("7-", index), Public: e.archive.public}, nil
}

// speak has the engine's texts come in a language, as the list's own.
func (e *engine) speak(language string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.who.Language, e.what.Language = language, language
	switch language {
	case "fr":
		e.what.Question, e.what.Text, e.what.Button = "S’inscrire à Peer Learning\u00a0?", "Vous recevrez par courriel ce qui s’écrit sur la liste.", "S’inscrire"
		e.said = "Vous êtes sur la liste."
	case "es":
		e.what.Question, e.what.Text, e.what.Button = "¿Entrar en Peer Learning?", "Recibirá por correo lo que se escribe en la lista.", "Entrar"
		e.said = "Está en la lista."
	}
}

func (e *engine) find(t string) (list.Leaving, error) {
	e.asked++
	if e.err != nil {
		return list.Leaving{}, e.err
	}
	if t != token {
		return list.Leaving{}, fmt.Errorf("list: link: %w", list.ErrNotFound)
	}
	return e.who, nil
}

func (e *engine) Leaving(t string) (list.Leaving, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.find(t)
}

func (e *engine) Leave(t, how string) (list.Leaving, error) {
	if e.wait != nil {
		e.began <- struct{}{}
		<-e.wait
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	who, err := e.find(t)
	if err == nil {
		e.left = append(e.left, how)
		e.who.Gone, e.who.Member = true, "" // who has left is forgotten
	}
	return who, err
}

func (e *engine) confirmation(t string) (list.Confirmation, error) {
	e.asked++
	if e.err != nil {
		return list.Confirmation{}, e.err
	}
	if t != token {
		return list.Confirmation{}, fmt.Errorf("list: secret: %w", list.ErrNotFound)
	}
	return e.what, nil
}

func (e *engine) Confirming(t string) (list.Confirmation, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.confirmation(t)
}

func (e *engine) Confirm(t, how string) (list.Confirmation, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	what, err := e.confirmation(t)
	if err != nil || what.Said != "" {
		return what, err
	}
	e.left = append(e.left, how)
	what.Question, what.Text, what.Button, what.Said = "", "", "", e.said
	e.what, e.what.Late = what, true
	return what, nil
}

func (e *engine) Answer(t, answer string) (list.Confirmation, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	what, err := e.confirmation(t)
	if err == nil && !what.Invites {
		err = list.ErrNotFound
	}
	if err != nil {
		return list.Confirmation{}, err
	}
	e.left = append(e.left, answer)
	e.what.Answer, e.what.Text = answer, "Noted: "+answer
	return e.what, nil
}

// gone lists how the member left, one word for each time that the engine was told to act.
func (e *engine) gone() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return strings.Join(e.left, " ")
}

// site is a server of pages, its engine, and what it logged.
type site struct {
	*Server
	engine *engine
	log    *bytes.Buffer
	time   time.Time
}

func newSite(change ...func(*Options)) *site {
	s := &site{engine: newEngine(), log: &bytes.Buffer{}, time: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	o := Options{
		Settings: Settings{
			BaseURL:        "https://lists.example.org",
			Hostname:       "lists.example.org",
			TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		},
		Engine: s.engine,
		Health: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "fine\n") }),
		Log:    slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now:    func() time.Time { return s.time },
	}
	for _, f := range change {
		f(&o)
	}
	s.Server = New(o)
	return s
}

// ask hands the server a request; fields are "Name: value". It comes from 192.0.2.1 unless a field X-From says otherwise.
func (s *site) ask(t testing.TB, method, path, body string, fields ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.RemoteAddr = "192.0.2.1:4711"
	for _, f := range fields {
		name, value, _ := strings.Cut(f, ": ")
		if name == "X-From" {
			r.RemoteAddr = value
			continue
		}
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w.Result()
}

// text is the whole body of an answer.
func text(t testing.TB, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
