package list

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// postsPerMail is how many posts one mail may ask for: each answer has all the files of one.
const postsPerMail = 5

// files tells what is in the library, for who reads no pages; nothing while history is imported, when nobody reads it.
func (t *turn) files(string) error {
	if !t.isMember() {
		return nil
	}
	words := t.e.sizeWords(t.languageOf(t.member))
	var b strings.Builder
	n := 0
	err := eachFiled(t.tx, t.rec.ID, 0, func(f Filed, p *Post) error {
		if n >= filesShown || t.rec.Importing {
			return ErrStop
		}
		for _, one := range f.Files {
			n++
			fmt.Fprintf(&b, "\n%d: %s, %s, %s, %s", f.Post, one.Name, sizeIn(one.Size, words), shownName(p), p.Date.In(t.zoneOf(t.member)).Format("2006-01-02"))
		}
		return nil
	})
	if err == nil {
		t.say("files", "files", strings.TrimPrefix(b.String(), "\n"))
	}
	return err
}

// getPost sends a post as it came, with all its files, in a mail of its own. Whoever follows the link of one file asks for "12 2": that gets the whole post, too.
func (t *turn) getPost(arg string) error {
	if !t.isMember() {
		return nil
	}
	word, _, _ := strings.Cut(arg, " ")
	number, err := strconv.ParseUint(word, 10, 32)
	var post Post
	if err == nil {
		post, err = t.kept(uint32(number))
	} else {
		err = ErrNotFound // more than there can be
	}
	switch {
	case errors.Is(err, ErrNotFound):
		t.say("get-none", "number", word)
		return nil
	case err != nil:
		return err
	}
	switch {
	case slices.Contains(t.sent, post.Number): // two links of one post, in one mail
		t.say("get", "number", word)
		return nil
	case len(t.sent) >= postsPerMail:
		t.say("get-many", "number", word)
		return nil
	}
	t.sent = append(t.sent, post.Number)
	_, err = t.tx.PutNote(Note{List: t.rec.ID, Text: notePost, To: t.from.Addr, ToName: t.member.Name, Language: t.member.Language, Created: t.now, Answers: true,
		Enclosed: post.Ref, Values: map[string]string{"number": word, "subject": shownLine(post.Subject), "from": shownName(&post)}})
	if err == nil {
		t.say("get", "number", word)
	}
	return err
}

// kept is a post that members may get: of a list without an archive, or by somebody who wants it in none, only one whose copies say that its files are got so.
func (t *turn) kept(number uint32) (Post, error) {
	post, err := t.tx.Post(t.rec.ID, number)
	switch {
	case err != nil:
	case !post.Removed.IsZero():
		err = fmt.Errorf("list: post %d of %s: %w", number, t.list.Address, ErrNotFound)
	case !t.list.archived() || t.rec.Importing || post.NoArchive:
		_, err = t.tx.Filed(t.rec.ID, number)
	}
	return post, err
}

// notePost is the note that has a post with its files.
const notePost = "post"

// enclosable is a stored post as members may have it: without what its copies have not got either, as hidden recipients.
func enclosable(raw []byte) []byte {
	p, _ := Transform([]Step{{"strip", strip}}, raw, Style{}, Form{})
	return p.Bytes()
}
