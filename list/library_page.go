package list

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"convene/list/message"
)

// filesShown is how many files stand on one page, or in one mail; the last post stands there with all that it has.
const filesShown = 50

// FilesPage is a page of the library of a list, the latest first.
type FilesPage struct {
	Shelf
	Files []FileLine
	// Older is the post before which the next page begins; zero: there is none.
	Older uint32
}

// FileLine is one file on it.
type FileLine struct {
	File
	Post uint32
	Page string // path of the page of its post; empty: there is none
	Name string // of who sent it; never an address, but for its local part where there is no name
	Date time.Time
	// Shown is its Size as people read it, in the language of the list: "300 kB".
	Shown string
}

// FileContent is what is in a file.
type FileContent struct {
	File
	io.WriterTo
	Tag    string // says the same of the same octets
	Public bool   // anybody may have it
}

// FilesPage tells whoever has the session what is in the library of a list, of the posts before a number; zero: of the latest. ErrNotFound: there is
// no such list, or it is not for them.
func (e *Engine) FilesPage(session, address string, before uint32) (p FilesPage, err error) {
	err = e.reading(session, func(r *reading) error {
		shelf, rec, member, err := r.shelf(address)
		if err != nil {
			return err
		}
		words := e.sizeWords(shelf.Language)
		p.Shelf = shelf
		zone := r.site.zoneOf(shelf.Address)
		return eachFiled(r.reader, rec.ID, before, func(f Filed, post *Post) error {
			if len(p.Files) >= filesShown {
				p.Older = f.Post + 1
				return ErrStop
			}
			for _, one := range f.Files {
				one.Name = lineFor(member, one.Name)
				p.Files = append(p.Files, FileLine{File: one, Post: f.Post, Page: PostPath(post.MessageID), Name: shownName(post), Date: post.Date.In(zone), Shown: sizeIn(one.Size, words)})
			}
			return nil
		})
	})
	return p, err
}

// sizeWords are the words for sizes in a language, as in Style.Sizes.
func (e *Engine) sizeWords(language string) string {
	var s Style
	s.freezeWords(e.Site().Texts, language)
	return s.Sizes
}

// eachFiled calls f for the posts of the library that stand in its index, latest first.
func eachFiled(r Reader, list, before uint32, f func(Filed, *Post) error) error {
	return r.FiledPosts(list, before, func(filed Filed) error {
		if filed.Hidden {
			return nil
		}
		post, err := r.Post(list, filed.Post)
		if err != nil || !post.Shown() {
			return err
		}
		return f(filed, &post)
	})
}

// fileGone says of a post that has no files whether it had some that were removed.
func fileGone(r Reader, rec Record, number uint32) error {
	gone := ErrNotFound
	err := r.Removals(0, func(one Removal) error {
		if one.List == rec.ID && one.Post == number {
			gone = ErrRemoved
			return ErrStop
		}
		return nil
	})
	return errors.Join(err, fmt.Errorf("list: files of post %d of %s: %w", number, rec.Address, gone))
}

// OpenFile is one attachment of a post, by its Index. It is read from the post as it came.
func (e *Engine) OpenFile(session, address string, number uint32, index int) (c FileContent, err error) {
	var post Post
	err = e.reading(session, func(r *reading) error {
		shelf, rec, member, err := r.shelf(address)
		if err != nil {
			return err
		}
		c.Public = shelf.Public
		filed, err := r.reader.Filed(rec.ID, number)
		if errors.Is(err, ErrNotFound) {
			return fileGone(r.reader, rec, number)
		} else if err != nil {
			return err
		}
		for _, f := range filed.Files {
			if f.Index == index && !filed.Hidden {
				c.File = f
				c.Name = lineFor(member, f.Name)
			}
		}
		if c.Index == 0 {
			return fmt.Errorf("list: file %d of post %d of %s: %w", index, number, address, ErrNotFound)
		}
		post, err = r.reader.Post(rec.ID, number)
		return err
	})
	if err != nil {
		return c, err
	}
	raw, err := e.Store.Raw(post.Ref)
	if err != nil {
		return c, fmt.Errorf("list: post %d of %s: %w", number, address, err)
	}
	for _, a := range message.Parse(raw).Attachments() {
		if a.Index == index && a.Size == c.Size {
			c.WriterTo, c.Tag = a, fileTag(&post, index)
			return c, nil
		}
	}
	return c, fmt.Errorf("list: post %d of %s has no file %d any more", number, address, index)
}

// fileTag names a file by the post that it is in: what is stored of one never changes, and one that has lost files has a UID of its own.
func fileTag(p *Post, index int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %d %d %d %d %q", p.List, p.Number, p.MailboxUID(), p.Ref.Segment, p.Ref.Offset, index, p.MessageID))
	return hex.EncodeToString(sum[:12])
}
