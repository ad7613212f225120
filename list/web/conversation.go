package web

import (
	"fmt"
	"slices"
	"strings"

	"convene/list"
)

// postView is a post on a page.
type postView struct {
	Number                                 uint32
	Path, Name, Address, Subject, Language string
	Reply                                  string // begins an answer in a mail program
	When                                   momentView
	Pieces                                 []piece
	Cut, New, Removed                      bool
	Files                                  []postFile
	MoreFiles                              bool
	// Answers is whom it answers, where that is not the post above it; AnswersPath is the address that leads there.
	Answers, AnswersPath string
}

// postFile is a file that came with a post.
type postFile struct{ Path, Name, Size, Media string }

// The most files that are listed with a post on the page of its topic, and on each of its own.
const filesInTopic, filesOfPost = 3, 20

// viewPost shows of a post as much as takes about most octets.
// library is the address of the list's page of files.
func viewPost(p list.PostText, library string, most, files int) postView {
	v := postView{Number: p.Number, Path: list.PostPath(p.MessageID), Name: p.Name, Address: p.Address, Subject: p.Subject, Language: p.Language, When: moment(p.Date), Cut: p.Cut, New: p.New, Removed: p.Removed, Reply: p.Reply}
	text := p.Text
	if n := portion(text, most); n < len(text) {
		text, v.Cut = text[:n], true
	}
	v.Pieces = pieces(text)
	for i, f := range p.Files {
		if i == files {
			v.MoreFiles = true
			break
		}
		v.Files = append(v.Files, postFile{Path: fmt.Sprintf("%s%d/%d", library, p.Number, f.Index), Name: f.File.Name, Size: f.Shown, Media: mediaWord(f.Media)})
	}
	return v
}

// viewTopic shows the posts of a page of a topic. One that answers another than the one above it says so.
func (v *visit) viewTopic(posts []list.PostText, address string) (views []postView) {
	costs := make([]int, len(posts))
	room := pageText
	for i, p := range posts {
		costs[i] = measure(p.Text)
		room -= aroundOne + weight(p.Name) + weight(p.Subject)
		room -= roomOf(p.Files[:min(len(p.Files), filesInTopic)]) + weight(p.Reply)
	}
	most := shares(costs, max(room, pageText/4))
	here := map[uint32]bool{}
	for i, p := range posts {
		view := viewPost(p, v.BaseURL+list.FilesPath(address), most, filesInTopic)
		if a := p.Answers; a.Number != 0 && (i == 0 || posts[i-1].Number != a.Number) {
			view.Answers, view.AnswersPath = a.Name, v.BaseURL+list.PostPath(a.MessageID)
			if here[a.Number] {
				view.AnswersPath = fmt.Sprintf("#p%d", a.Number)
			}
		}
		here[p.Number] = true
		views = append(views, view)
	}
	return views
}

// mediaWord is the kind of a file as a page names it: a word that words.html has, or the type itself.
func mediaWord(media string) string {
	kind, of, _ := strings.Cut(media, "/")
	switch {
	case kind == "image" || kind == "audio" || kind == "video":
		return kind
	case of == "pdf":
		return "PDF"
	case kind == "message":
		return "message"
	case kind == "text" || strings.Contains(of, "document") || of == "msword" || of == "rtf":
		return "text"
	case strings.Contains(of, "sheet") || strings.Contains(of, "excel"):
		return "table"
	}
	return ""
}

// leafOf is the text on a page of a post that takes several, from 1, where there is so much room for it; more says that another follows. It is empty behind the last.
func leafOf(text string, page, room int) (leaf string, more bool) {
	for ; page > 0; page-- {
		n := portion(text, room)
		leaf, text = text[:n], text[n:]
	}
	return leaf, text != ""
}

// leaf leaves of a post what stands on one of the pages that it takes; none: that is behind the last.
func leaf(p list.PostText, page int) (_ list.PostText, more, none bool) {
	room := pageText - weight(p.Name) - weight(p.Subject) - weight(p.Reply)
	var files []list.FileLine
	taken, n := 0, 0
	for some := range slices.Chunk(p.Files, filesOfPost) {
		taken = max(taken, roomOf(some))
		if n++; n == page {
			files = some
		}
	}
	text, rest := leafOf(p.Text, page, max(room-taken, pageText/4))
	more = rest || page*filesOfPost < len(p.Files)
	none = page > 1 && text == "" && files == nil
	p.Text, p.Files, p.Cut = text, files, p.Cut && !rest
	return p, more, none
}

// roomOf is about how many octets a list of files takes.
func roomOf(files []list.FileLine) (room int) {
	for _, f := range files {
		room += 250 + weight(f.File.Name)
	}
	return room
}
