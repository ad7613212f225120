package web

import (
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"convene/list"
)

// Library is what the pages of a list's files are read through, as Archive is for its posts.
type Library interface {
	FilesPage(session, address string, before uint32) (list.FilesPage, error)
	OpenFile(session, address string, post uint32, index int) (list.FileContent, error)
}

// filesInfix stands behind the address of a list in the paths of its library.
const filesInfix = "/files/"

// fileRoute is the route of the library of a list, or of one file in it, if the path is of one.
func fileRoute(path string) (route, string, bool) {
	address, rest, ok := strings.Cut(strings.TrimPrefix(path, "/"), filesInfix)
	if !ok || !strings.Contains(address, "@") || strings.Contains(address, "/") {
		return route{}, "", false
	}
	if rest == "" {
		return route{"/LIST/files/", "GET, HEAD", slog.LevelInfo, (*visit).files}, address, true
	}
	return route{"/LIST/files/POST/", "GET, HEAD", slog.LevelInfo, (*visit).file}, path[1:], true
}

// fileView is a file on the page of the library.
type fileView struct {
	Path, Page, Name, Media, From, Size string
	When                                momentView
}

// files answers /LIST/files/, and with before=POST what is older.
func (v *visit) files() {
	before := uint64(0)
	if asked := v.r.URL.Query().Get("before"); asked != "" {
		var err error
		if before, err = strconv.ParseUint(asked, 10, 32); err != nil {
			v.unread(list.ErrNotFound)
			return
		}
	}
	f, err := v.engine.FilesPage(v.session(), v.rest, uint32(before))
	if err != nil {
		v.unread(err)
		return
	}
	path := list.FilesPath(f.Address)
	p := shelfPage(f.Shelf)
	p.Files = []fileView{}
	for _, one := range f.Files {
		p.Files = append(p.Files, fileView{Path: path + strconv.FormatUint(uint64(one.Post), 10) + "/" + strconv.Itoa(one.Index), Page: one.Page,
			Name: one.File.Name, Media: mediaWord(one.Media), From: one.Name, When: dayOf(one.Date), Size: one.Shown})
	}
	if f.Older > 0 {
		p.Older = path + "?before=" + strconv.FormatUint(uint64(f.Older), 10)
	}
	v.page(http.StatusOK, "files", p)
}

// file answers /LIST/files/POST/INDEX, behind which the name of the file may stand. What is sent is never a page of ours: a browser is to save it, under
// a type that it shows nothing of by itself, and to let it do nothing if it opens it all the same.
func (v *visit) file() {
	address, rest, _ := strings.Cut(v.rest, filesInfix)
	number, rest, _ := strings.Cut(rest, "/")
	word, _, _ := strings.Cut(rest, "/")
	post, err1 := strconv.ParseUint(number, 10, 32)
	index, err2 := strconv.ParseUint(word, 10, 16)
	if err1 != nil || err2 != nil {
		v.unread(list.ErrNotFound)
		return
	}
	near := neighbourhood(v.asker())
	if !v.downloads.begin(near) {
		v.problem(http.StatusServiceUnavailable)
		return
	}
	defer v.downloads.end(near)
	f, err := v.engine.OpenFile(v.session(), address, uint32(post), int(index))
	if err != nil {
		v.unread(err)
		return
	}
	h := v.w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	tag := `W/"` + f.Tag + `"`
	h.Set("ETag", tag)
	if f.Public { // anything else is to leave no trace on a machine that several people use
		h.Set("Cache-Control", "no-cache") // asked for again each time: it may have been removed
	}
	if matches(v.r.Header.Values("If-None-Match"), tag) {
		v.w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", safeType(f.Media))
	h.Set("Content-Disposition", disposition(f.Name))
	h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	v.w.WriteHeader(http.StatusOK)
	if v.r.Method == http.MethodHead {
		return
	}
	if _, err := f.WriteTo(&patient{w: v.w, control: http.NewResponseController(v.w.ResponseWriter)}); err != nil {
		panic(http.ErrAbortHandler) // the rest cannot follow, and a file that is cut short must not look whole
	}
}

// matches reports whether a program has what a tag names (RFC 9110 §13.1.2, by the weak comparison).
func matches(known []string, tag string) bool {
	for one := range strings.SplitSeq(strings.Join(known, ","), ",") {
		if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// safeType is the type that a file is sent under: its own where that is one of pictures, sounds, films and documents that hold no script that a browser runs
// in the name of a page.
func safeType(media string) string {
	switch media {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "audio/mpeg", "audio/ogg", "video/mp4", "application/pdf", "application/zip", "text/csv":
		return media
	case "text/plain":
		return "text/plain; charset=utf-8"
	}
	return "application/octet-stream"
}

// disposition has a browser save a file under its name (RFC 6266).
func disposition(name string) string {
	if d := mime.FormatMediaType("attachment", map[string]string{"filename": name}); d != "" {
		return d
	}
	return "attachment"
}
