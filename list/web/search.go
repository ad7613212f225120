package web

import (
	"net/http"
	"net/url"

	"convene/list"
)

// hitView is a post that was found, on the page of a search.
type hitView struct {
	Path, TopicPath, Name string
	Subject, Text         []list.Segment
	When                  momentView
}

// search answers /LIST/search?q=. Without words it is the form alone.
func (v *visit) search() {
	n := v.sheaf()
	if n == 0 {
		v.unread(list.ErrNotFound)
		return
	}
	var s list.SearchPage
	var err error
	if !v.read(func() { s, err = v.engine.SearchPage(v.session(), v.rest, v.r.URL.Query().Get("q"), n) }) {
		v.problem(http.StatusServiceUnavailable)
		return
	}
	if err != nil {
		v.unread(err)
		return
	}
	p := shelfPage(s.Shelf)
	p.Query, p.Total, p.Off = s.Query, s.Total, s.Off
	for _, h := range s.Hits {
		p.Hits = append(p.Hits, hitView{Path: list.PostPath(h.MessageID), TopicPath: list.TopicPath(s.Address, h.Topic), Name: h.Name, Subject: h.Subject, Text: h.Text, When: moment(h.Date)})
	}
	p.leaf(list.SearchPath(s.Address)+"?q="+url.QueryEscape(s.Query), s.Sheaf)
	v.page(http.StatusOK, "search", p)
}
