package web

import (
	"net/http"
	"strconv"
	"strings"

	"convene/list"
)

// markRead answers the POST of the button that marks a topic as read, or the whole list where topic is zero, and leads back to the list. It marks what the page with that button
// could show: what has come since is still new.
func (v *visit) markRead(address string, topic uint32) {
	upTo, err := strconv.ParseUint(v.form.Get("upto"), 10, 32)
	if err != nil || v.crossSite() || v.form.Get("read") != "yes" {
		v.problem(http.StatusBadRequest)
		return
	}
	if err := v.engine.MarkRead(v.session(), address, topic, uint32(upTo)); err != nil {
		v.unread(err)
		return
	}
	v.goOn(list.TopicsPath(address))
}

// goOn leads on to another page of ours.
func (v *visit) goOn(path string) {
	v.w.Header().Set("Location", v.prefix+path)
	v.w.WriteHeader(http.StatusSeeOther)
}

// newWord asks, in the place of the number of a page, for the one on which the first post stands that the reader has not read.
const newWord = "new"

// newView is what a page says of what its reader has not read.
type newView struct {
	Count int
	More  bool   // there may be more
	Path  string // leads to the first of them
	UpTo  uint32 // what a button marks as read
}

// viewNew is nil where there is nothing new.
func (v *visit) viewNew(count int, path string, upTo uint32) *newView {
	if count == 0 {
		return nil
	}
	if strings.HasPrefix(path, "/") {
		path = v.BaseURL + path
	}
	return &newView{count, count >= list.NewMost, path, upTo}
}

// onPage makes of the path of a post in its topic that within the page, if it is the one that is shown.
func onPage(path, shown string, page int) string {
	of, anchor, _ := strings.Cut(path, "#")
	if here := shown + "?page=" + strconv.Itoa(page); of == here || of == shown && page == 1 {
		return "#" + anchor
	}
	return path
}
