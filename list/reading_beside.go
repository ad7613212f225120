package list

import "errors"

// beside is what stands beside the text of a post on a page.
func (r *reading) beside(p *Post, member bool, sizes string) (b Beside, err error) {
	if b.Number = p.Number; !p.Shown() {
		return b, nil
	}
	filed, err := r.reader.Filed(p.List, p.Number)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return b, err
	}
	for _, f := range filed.Files {
		f.Name = lineFor(member, f.Name)
		b.Files = append(b.Files, FileLine{File: f, Post: p.Number, Shown: sizeIn(f.Size, sizes)})
	}
	if filed.Hidden {
		b.Files = nil
	}
	b.Answers, err = r.answered(p)
	return b, err
}

// answered is the post that another answers by its place in the forest.
func (r *reading) answered(p *Post) (a Answered, err error) {
	node, err := r.reader.Node(p.List, p.Node)
	if err != nil || node.Parent == (NodeID{}) {
		return a, orNothing(err)
	}
	parent, err := r.reader.Node(p.List, node.Parent)
	if err != nil || parent.Post == 0 {
		return a, orNothing(err)
	}
	post, err := r.reader.Post(p.List, parent.Post)
	if err != nil || !post.Shown() || post.Topic != p.Topic {
		return a, orNothing(err)
	}
	return Answered{Number: post.Number, MessageID: post.MessageID, Name: shownName(&post)}, nil
}

// orNothing is an error that says more than that there is nothing.
func orNothing(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
