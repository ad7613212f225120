package archive

import (
	"encoding/binary"
	"errors"
	"time"

	bolt "go.etcd.io/bbolt"
)

// The keys of the index begin with what they are of, and the list.
const (
	ofSurvey byte = 'a' // what is known of the list as a whole
	ofDocs   byte = 'd' // records of posts, recordsPerKey in one value
	ofMoved  byte = 'o' // number of a post -> its document, where that is not its number
	ofRun    byte = 'r' // blocks of postings
	ofUntidy byte = 'u' // lists of which removed posts have words left
)

// errIndex: what is read there is nothing that the index has written.
var errIndex = errors.New("archive: the index is damaged")

func indexKey(kind byte, id uint32, more ...uint32) []byte {
	k := binary.BigEndian.AppendUint32([]byte{kind}, id)
	for _, n := range more {
		k = binary.BigEndian.AppendUint32(k, n)
	}
	return k
}

// document is what a search knows of a post without its words. Documents are numbered as their posts; one that is entered again, after something was taken
// from it, gets a number from firstMoved on, so that its earlier words are not taken for its own.
type document struct {
	post       uint32
	minute     uint32 // of its date, since 1970
	length     uint16 // in words
	attachment bool
	live       bool
}

const (
	firstMoved    = 1 << 31
	recordSize    = 12
	recordsPerKey = 128
	// Where in a record the length stands, and the octet with what is known of a document by one bit each.
	recordLength, recordLives = 8, 10
	isLive, hasAttachment     = 1, 2
)

func (d document) encode(to []byte) {
	binary.BigEndian.PutUint32(to, d.post)
	binary.BigEndian.PutUint32(to[4:], d.minute)
	binary.BigEndian.PutUint16(to[recordLength:], d.length)
	to[recordLives] = 0
	if d.live {
		to[recordLives] |= isLive
	}
	if d.attachment {
		to[recordLives] |= hasAttachment
	}
}

func decodeDocument(v []byte) document {
	return document{post: binary.BigEndian.Uint32(v), minute: binary.BigEndian.Uint32(v[4:]), length: binary.BigEndian.Uint16(v[recordLength:]), live: v[recordLives]&isLive != 0,
		attachment: v[recordLives]&hasAttachment != 0}
}

// minuteOf is a moment as documents have it: what lies outside of what they can have is at its end.
func minuteOf(t time.Time) uint32 {
	return uint32(min(max(t.Unix()/60, 0), 1<<32-1))
}

// documents reads the records of a list; the value that was read last is at hand. For a search, which asks for many in their order and more than once, and changes none, those
// that were read are all at hand, and the next one near.
type documents struct {
	b    *bolt.Bucket
	c    *bolt.Cursor // of a search
	id   uint32
	next uint32            // the key at which c stands when it goes on
	read [][]byte          // by the last part of the key; nil: not read
	more map[uint32][]byte // of keys that are far behind: of documents that have moved
	at   uint32
	// value is that at at, where begun.
	value []byte
	begun bool
}

// newDocuments is for a search.
func newDocuments(b *bolt.Bucket, id uint32) *documents {
	return &documents{b: b, c: b.Cursor(), id: id, more: map[uint32][]byte{}}
}

// get is a document; the zero one where there is none.
func (d *documents) get(n uint32) document {
	if v := d.record(n); v != nil {
		return decodeDocument(v)
	}
	return document{}
}

// record is the record of a document; nil: there is none.
func (d *documents) record(n uint32) []byte {
	if at := n / recordsPerKey; !d.begun || at != d.at {
		d.turn(at)
	}
	if i := int(n%recordsPerKey) * recordSize; i+recordSize <= len(d.value) {
		return d.value[i : i+recordSize]
	}
	return nil
}

func (d *documents) turn(at uint32) {
	d.at = at
	key := indexKey(ofDocs, d.id, at)
	if d.c == nil {
		d.value, d.begun = d.b.Get(key), true
		return
	}
	if d.value = d.kept(at); d.value != nil {
		return
	}
	var k []byte
	if d.begun && at == d.next {
		k, d.value = d.c.Next()
	}
	if string(k) != string(key) {
		k, d.value = d.c.Seek(key)
	}
	if string(k) != string(key) {
		d.value = []byte{}
	}
	d.begun, d.next = true, at+1
	if at >= mostInOrder {
		d.more[at] = d.value
		return
	}
	for int(at) >= len(d.read) {
		d.read = append(d.read, nil)
	}
	d.read[at] = d.value
}

// mostInOrder is of how many keys the values are kept in their order.
const mostInOrder = 1 << 20

// kept is a value that was read before; nil: it was not.
func (d *documents) kept(at uint32) []byte {
	if at >= mostInOrder {
		return d.more[at]
	}
	if int(at) < len(d.read) {
		return d.read[at]
	}
	return nil
}

// together are the records that stand with that of a document, and the document that the first of them is of: who asks for many finds most of them there.
func (d *documents) together(n uint32) (value []byte, first uint32) {
	at := n / recordsPerKey
	if !d.begun || at != d.at {
		d.turn(at)
	}
	return d.value, at * recordsPerKey
}

// each calls f for all that are live, by their numbers.
func (d *documents) each(f func(n uint32, one document)) {
	prefix := indexKey(ofDocs, d.id)
	c := d.b.Cursor()
	for k, v := c.Seek(prefix); len(k) == len(prefix)+4 && string(k[:len(prefix)]) == string(prefix); k, v = c.Next() {
		first := binary.BigEndian.Uint32(k[len(prefix):]) * recordsPerKey
		for i := 0; i+recordSize <= len(v); i += recordSize {
			if one := decodeDocument(v[i:]); one.live {
				f(first+uint32(i/recordSize), one)
			}
		}
	}
}

// records changes the records of a list: the value that was changed last is written when another one is, or by flush.
type records struct {
	b     *bolt.Bucket
	id    uint32
	at    uint32
	value []byte // nil: none
}

func (r *records) set(n uint32, d document) error {
	if at := n / recordsPerKey; r.value == nil || at != r.at {
		if err := r.flush(); err != nil {
			return err
		}
		r.at, r.value = at, append([]byte{}, r.b.Get(indexKey(ofDocs, r.id, at))...)
	}
	end := int(n%recordsPerKey+1) * recordSize
	if len(r.value) < end {
		r.value = append(r.value, make([]byte, end-len(r.value))...)
	}
	d.encode(r.value[end-recordSize:])
	return nil
}

func (r *records) flush() error {
	if r.value == nil {
		return nil
	}
	v := r.value
	r.value = nil
	return r.b.Put(indexKey(ofDocs, r.id, r.at), v)
}
