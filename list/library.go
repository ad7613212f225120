package list

import (
	"strconv"
	"strings"
)

// File is one attachment of a post that is in the library of its list. What is in it is in the post as it came: nothing is kept twice.
type File struct {
	Index int    // message.Attachment.Index
	Name  string // safe to show, at most 120 octets
	Media string // lower case
	Size  int64  // decoded, in octets
}

// Filed is a post with attachments in the library. There is one for no other post, so that the library is read without reading all posts.
type Filed struct {
	List, Post uint32
	Files      []File // by Index
	// Hidden says that the author wants the post in no archive: it stands in no index, and is got by its number alone.
	Hidden bool
}

// pathFiles is where the library of a list is, behind its address.
const pathFiles = "/files/"

// FilesPath is the path of the page with the library of a list, behind the base URL.
func FilesPath(address string) string { return "/" + address + pathFiles }

// takes reports whether copies go out without an attachment of a size, and library whether it is to be had from there.
func (s *Style) takes(size int64) (taken, library bool) {
	over := s.AttachmentsOver > 0 && size > s.AttachmentsOver
	switch s.Attachments {
	case StripAttachments:
		return true, over
	case LibraryAttachments:
		return true, true
	}
	return over, true
}

// files are the attachments of a post that its list's library has: all, but for those that go nowhere.
func (p *pending) files(s *Style) (all []File) {
	for _, a := range p.arrival.Message.Attachments() {
		if _, library := s.takes(a.Size); library {
			all = append(all, File{Index: a.Index, Name: a.Name, Media: a.Media, Size: a.Size})
		}
	}
	return all
}

// shelve puts what a post has into the library, and says in its copies where: on a page, or where there is none by mail.
func (p *pending) shelve(tx Tx, out *Outgoing) error {
	s := &out.Style
	files := p.files(s)
	if len(files) == 0 {
		return nil
	}
	hidden := keptOut(p.arrival.Message)
	s.Files = p.filesLink(out.Post, hidden)
	return tx.PutFiled(Filed{List: out.List, Post: out.Post, Files: files, Hidden: hidden})
}

// filesLink is what the Index of an attachment is put behind: the link of a page, or of a mail that asks for the post.
func (p *pending) filesLink(post uint32, hidden bool) string {
	number := strconv.FormatUint(uint64(post), 10)
	if link := p.site.BaseURL + FilesPath(p.list.Address) + number + "/"; p.site.BaseURL != "" && p.list.archived() && !hidden && len(link) <= maxLink {
		return link
	}
	local, domain, _ := strings.Cut(p.list.Address, "@")
	return "mailto:" + local + "-request@" + domain + "?subject=get%20" + number + "%20"
}
