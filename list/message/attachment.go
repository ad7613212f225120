package message

import (
	"cmp"
	"io"
	"strconv"
	"strings"
)

// Attachment is a file that came with a message.
type Attachment struct {
	// Index counts the attachments of a message from 1, in the order in which they stand. It is the same however often the message is read, and
	// whatever becomes of the attachment in a copy.
	Index int
	// Name is the name of the file, safe to be shown and to be stored under: no control characters, nothing that turns the direction of writing, no
	// path, at most 120 octets. One that came without a name has one that is made: "attachment-2.png".
	Name  string
	Media string // lower case
	Size  int64  // of what is in it, decoded, in octets
	// Inline says that it is shown within the text (a part of multipart/related), under this Content-ID, which has no brackets.
	Inline    bool
	ContentID string
	// Signed says that it is in what its author has signed (RFC 1847): it can be read, and never taken out.
	Signed bool

	node     int
	encoding string
	content  []byte // as it is encoded
}

// Attachments are all files of the message, in order: parts that are marked as attachments, or have the name of a file and are not the text that was
// written, or are nothing that is read as text. An enclosed message is one file; what is in it is not looked at. Signatures, invitations, what is
// encrypted and the parts of a report are none. It takes one pass, and reading the content of none but for its size.
func (m *Message) Attachments() []Attachment {
	t, _ := growTree(m.Raw) // what was found before a limit was hit is good
	all := t.attachments()
	for i := range all {
		all[i].Size = decodedSize(all[i].content, all[i].encoding)
	}
	return all
}

// Path is where the attachment is found below the page of its message: its Index.
func (a Attachment) Path() string { return strconv.Itoa(a.Index) }

// WriteTo writes what is in the attachment, decoded, as it goes along (io.WriterTo).
func (a Attachment) WriteTo(w io.Writer) (int64, error) {
	return writeDecoded(w, a.content, a.encoding)
}

// attachments finds them all. Their Size is not counted yet.
func (t *tree) attachments() []Attachment {
	var all []Attachment
	alone := t.namedText()
	for i := range t.nodes {
		n := &t.nodes[i]
		if i == alone || !t.isAttachment(i) {
			continue
		}
		header := t.header(i)
		a := Attachment{
			Index: len(all) + 1, Media: n.media, Signed: n.sealed, Inline: t.isIn(i, "multipart/related"), ContentID: contentID(header),
			node: i, encoding: n.encoding, content: t.raw[n.body:n.end],
		}
		if enclosesMessage(n.media) && isIdentity(n.encoding) {
			a.encoding = ""
		}
		a.Name = cmp.Or(safeName(fileName(header)), "attachment-"+strconv.Itoa(a.Index)+extension(n.media))
		all = append(all, a)
	}
	return all
}

// namedText is the one text of a message when it has the name of a file, as all has that some programs send; -1: there is no such.
func (t *tree) namedText() int {
	found, texts := -1, 0
	for i := range t.nodes {
		if n := &t.nodes[i]; n.leaf && !n.opaque && isBodyText(n.media) && !n.attachment {
			texts++
			if fileName(t.header(i)) != "" {
				found = i
			}
		}
	}
	if texts > 1 {
		return -1
	}
	return found
}

// isBodyText reports whether people read such a part as the text of a mail.
func isBodyText(media string) bool { return media == "text/plain" || media == "text/html" }

func (t *tree) isAttachment(i int) bool {
	n := &t.nodes[i]
	if n.enclosed || t.inside(i, "multipart/report") || t.inside(i, "multipart/encrypted") || isKept(n.media) {
		return false
	}
	if enclosesMessage(n.media) {
		return i > 0 && !t.isIn(i, "multipart/digest")
	}
	if !n.leaf || strings.HasPrefix(n.media, "message/") || t.inside(i, "multipart/digest") {
		return false
	}
	if !strings.HasPrefix(n.media, "text/") {
		return true
	}
	if i == 0 || t.isRoot(i) {
		return false
	}
	return n.attachment || fileName(t.header(i)) != "" && !t.isIn(i, "multipart/alternative")
}

// isRoot reports whether i is what a multipart/related shows.
func (t *tree) isRoot(i int) bool {
	return t.isIn(i, "multipart/related") && t.root(t.nodes[i].parent) == i
}

// isKept reports whether such a part is never taken out: a signature without which nothing can be verified (RFC 3156, RFC 8551 §3.1), what is
// encrypted, or an invitation, which is a message to programs (RFC 6047).
func isKept(media string) bool {
	switch media {
	case "application/pgp-signature", "application/pgp-encrypted", "application/pkcs7-signature", "application/x-pkcs7-signature",
		"application/pkcs7-mime", "application/x-pkcs7-mime", "text/calendar", "application/ics":
		return true
	}
	return false
}
