package web

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"convene/list"
)

// What answers the pages of an archive: of a post, of a topic, of a list. All are read through the engine, which knows who may; to whom it says that there is none, they
// get the page that offers to sign in, whether there is none or it is not for them.

// readRoute is the route of a page of an archive, if the path is one's.
func readRoute(path string) (route, string, bool) {
	if id, ok := strings.CutPrefix(path, "/m/"); ok {
		return route{"/m/", "GET, HEAD", slog.LevelInfo, (*visit).post}, id, true
	}
	if found, rest, ok := fileRoute(path); ok {
		return found, rest, true
	}
	if found, rest, ok := calendarRoute(path); ok {
		return found, rest, true
	}
	address, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if !strings.Contains(address, "@") {
		return route{}, "", false
	}
	if _, ok := strings.CutPrefix(rest, "topics/"); ok {
		return route{"/LIST/topics/", "GET, HEAD, POST", slog.LevelInfo, (*visit).topic}, path[1:], true
	}
	if rest == settingsWord {
		return route{"/LIST/settings", "GET, HEAD, POST", slog.LevelInfo, (*visit).settingsPage}, address, true
	}
	if rest == atomWord {
		return route{"/LIST/feed.atom", "GET, HEAD", slog.LevelInfo, (*visit).atom}, address, true
	}
	if rest == "search" {
		return route{"/LIST/search", "GET, HEAD", slog.LevelInfo, (*visit).search}, address, true
	}
	if rest == "" {
		return route{"/LIST/", "GET, HEAD, POST", slog.LevelInfo, (*visit).topics}, address, true
	}
	return route{}, "", false
}

// maxLeaves is how many pages a long post takes at most.
const maxLeaves = 1000

// post answers /m/MESSAGE-ID, which is what Archived-At says.
func (v *visit) post() {
	n := v.sheaf()
	if n == 0 || n > maxLeaves {
		v.unread(list.ErrNotFound)
		return
	}
	var p list.PostPage
	var err error
	if !v.read(func() { p, err = v.engine.PostPage(v.session(), v.rest) }) {
		v.problem(http.StatusServiceUnavailable)
		return
	}
	if err != nil {
		v.unread(err)
		return
	}
	part, more, none := leaf(p.Post, n)
	if none {
		v.unread(list.ErrNotFound)
		return
	}
	view := viewPost(part, v.BaseURL+list.FilesPath(p.Address), 2*pageText, filesOfPost)
	shown := shelfPage(p.Shelf)
	shown.AtomPath, shown.TopicPath, shown.Subject, shown.Post = atomOf(p.Shelf), list.TopicPath(p.Address, p.Topic), p.Post.Subject, &view
	shown.leaf(view.Path, list.Sheaf{Page: n, Older: more})
	v.page(http.StatusOK, "post", shown)
}

// topic answers /LIST/topics/ID.
func (v *visit) topic() {
	address, number, _ := strings.Cut(v.rest, "/topics/")
	id, err := strconv.ParseUint(number, 10, 32)
	first := v.r.URL.Query().Get("page") == newWord
	n := 1
	if !first {
		n = v.sheaf()
	}
	if err != nil || n == 0 || strconv.FormatUint(id, 10) != number {
		v.unread(list.ErrNotFound)
		return
	}
	if v.r.Method == http.MethodPost {
		v.markRead(address, uint32(id))
		return
	}
	var t list.TopicPage
	if !v.read(func() { t, err = v.engine.TopicPage(v.session(), address, uint32(id), n) }) {
		v.problem(http.StatusServiceUnavailable)
		return
	}
	if err != nil {
		v.unread(err)
		return
	}
	if first && t.First != "" {
		v.goOn(t.First)
		return
	}
	path := list.TopicPath(t.Address, t.ID)
	p := shelfPage(t.Shelf)
	p.AtomPath, p.TopicPath, p.Subject = atomOf(t.Shelf), path, t.Subject
	p.Posts, p.New = v.viewTopic(t.Posts, t.Address), v.viewNew(t.New, onPage(t.First, path, t.Page), t.UpTo)
	p.leaf(path, t.Sheaf)
	v.page(http.StatusOK, "topic", p)
}

// topics answers /LIST/.
func (v *visit) topics() {
	if v.r.Method == http.MethodPost {
		v.markRead(v.rest, 0)
		return
	}
	query := v.r.URL.Query()
	t, err := v.engine.TopicsFrom(v.session(), v.rest, query.Get("before"), query.Get("after"))
	if err != nil {
		v.unread(err)
		return
	}
	path := list.TopicsPath(t.Address)
	p := shelfPage(t.Shelf)
	p.AtomPath, p.Description = atomOf(t.Shelf), t.Description
	for _, one := range t.Topics {
		at := list.TopicPath(t.Address, one.ID)
		view := topicView{Path: at, Subject: one.Subject, Posts: one.Posts, When: moment(one.Last), New: v.viewNew(one.New, at+"?page="+newWord, t.UpTo)}
		if p.Topics = append(p.Topics, view); view.New != nil {
			p.New = view.New
		}
	}
	if t.Newer != "" {
		p.Newer = path + "?after=" + t.Newer
	}
	if t.Older != "" {
		p.Older = path + "?before=" + t.Older
	}
	v.page(http.StatusOK, "topics", p)
}

// sheaf is which page of several is asked for; zero: that is no number.
func (v *visit) sheaf() int {
	asked := v.r.URL.Query().Get("page")
	if asked == "" {
		return 1
	}
	n, err := strconv.ParseUint(asked, 10, 16)
	if err != nil {
		return 0
	}
	return int(n)
}

// leaf links a page with those before and behind it. path may have a query.
func (p *page) leaf(path string, s list.Sheaf) {
	sign := "?"
	if strings.Contains(path, "?") {
		sign = "&"
	}
	if s.Page > 1 {
		p.Newer = path + sign + "page=" + strconv.Itoa(s.Page-1)
	}
	if s.Older {
		p.Older = path + sign + "page=" + strconv.Itoa(s.Page+1)
	}
}

// unread answers for a page that cannot be shown.
func (v *visit) unread(err error) {
	if errors.Is(err, list.ErrRemoved) {
		v.page(http.StatusGone, "removed", page{})
		return
	}
	if !errors.Is(err, list.ErrNotFound) {
		v.log.Error("page not read", "error", err)
		v.problem(http.StatusServiceUnavailable)
		return
	}
	if who := v.signedIn(); who != "" {
		v.page(http.StatusNotFound, "unread", page{Member: masked(who)})
		return
	}
	v.page(http.StatusNotFound, "closed", page{Next: v.asked()})
}

// asked is the path that is asked for, with its query, behind the base URL; empty: it is none to come back to.
func (v *visit) asked() string {
	path := strings.TrimPrefix(v.r.URL.EscapedPath(), v.prefix)
	if v.r.URL.RawQuery != "" {
		path += "?" + v.r.URL.RawQuery
	}
	return localPath(path)
}

// maxNext is the longest path that signing in returns to, in octets: a form that has it must not become too large.
const maxNext = 700

// localPath is a path, perhaps with a query, if it is of a page of an archive here; empty: it is not, and nobody is sent there.
func localPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || len(path) > maxNext || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || u.IsAbs() || u.Host != "" || u.Fragment != "" {
		return ""
	}
	for _, r := range path {
		if r <= ' ' || r >= 0x7f || r == '\\' {
			return ""
		}
	}
	if _, _, ok := readRoute(u.Path); !ok {
		return ""
	}
	return path
}

// topicView is a topic on the page of its list.
type topicView struct {
	Path, Subject string
	Posts         uint32
	When          momentView
	New           *newView
}
