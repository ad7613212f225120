package archive

import (
	"encoding/binary"
	"errors"
	"slices"
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
)

func (d document) encode(to []byte) {
	binary.BigEndian.PutUint32(to, d.post)
	binary.BigEndian.PutUint32(to[4:], d.minute)
	binary.BigEndian.PutUint16(to[8:], d.length)
	to[10] = 0
	if d.live {
		to[10] |= 1
	}
	if d.attachment {
		to[10] |= 2
	}
}

func decodeDocument(v []byte) document {
	return document{post: binary.BigEndian.Uint32(v), minute: binary.BigEndian.Uint32(v[4:]), length: binary.BigEndian.Uint16(v[8:]), live: v[10]&1 != 0, attachment: v[10]&2 != 0}
}

// minuteOf is a moment as documents have it: what lies outside of what they can have is at its end.
func minuteOf(t time.Time) uint32 {
	return uint32(min(max(t.Unix()/60, 0), 1<<32-1))
}

// documents reads the records of a list; the value that was read last is at hand.
type documents struct {
	b     *bolt.Bucket
	id    uint32
	at    uint32
	value []byte
	begun bool
}

// get is a document; the zero one where there is none.
func (d *documents) get(n uint32) document {
	if v := d.record(n); v != nil {
		return decodeDocument(v)
	}
	return document{}
}

// length is that of a document, in words.
func (d *documents) length(n uint32) uint16 {
	if v := d.record(n); v != nil {
		return binary.BigEndian.Uint16(v[8:])
	}
	return 0
}

// record is the record of a document; nil: there is none.
func (d *documents) record(n uint32) []byte {
	if at := n / recordsPerKey; !d.begun || at != d.at {
		d.read(at)
	}
	if i := int(n%recordsPerKey) * recordSize; i+recordSize <= len(d.value) {
		return d.value[i : i+recordSize]
	}
	return nil
}

func (d *documents) read(at uint32) {
	d.at, d.begun = at, true
	d.value = d.b.Get(indexKey(ofDocs, d.id, at))
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

// survey is what is known of a list as a whole.
type survey struct {
	docs    uint64 // that are live
	words   uint64 // in them
	nextRun uint32
	moved   uint32 // number of the last document that is not numbered as its post, less firstMoved
	runs    []run
	tongues []tongue
	dirty   []uint32 // documents that are gone, whose words are still there
}

// run is postings that were written together. It is never changed, but replaced.
type run struct {
	id          uint32
	docs        uint32
	first, last uint32 // documents
}

// tongue is a language, and how many documents are in it.
type tongue struct {
	tag  string
	docs uint64
}

func (s *survey) encode() []byte {
	var v []byte
	for _, n := range []uint64{s.docs, s.words, uint64(s.nextRun), uint64(s.moved), uint64(len(s.runs))} {
		v = binary.AppendUvarint(v, n)
	}
	for _, r := range s.runs {
		for _, n := range []uint32{r.id, r.docs, r.first, r.last} {
			v = binary.AppendUvarint(v, uint64(n))
		}
	}
	v = binary.AppendUvarint(v, uint64(len(s.tongues)))
	for _, t := range s.tongues {
		v = binary.AppendUvarint(append(binary.AppendUvarint(v, uint64(len(t.tag))), t.tag...), t.docs)
	}
	v = binary.AppendUvarint(v, uint64(len(s.dirty)))
	for _, n := range s.dirty {
		v = binary.AppendUvarint(v, uint64(n))
	}
	return v
}

// readSurvey is that of a list; an empty one where there is none.
func readSurvey(b *bolt.Bucket, id uint32) (s survey, err error) {
	v := b.Get(indexKey(ofSurvey, id))
	if v == nil {
		return s, nil
	}
	d := decoder{rest: v}
	s.docs, s.words, s.nextRun, s.moved = d.uvarint(), d.uvarint(), d.uint32(), d.uint32()
	for range d.count() {
		s.runs = append(s.runs, run{d.uint32(), d.uint32(), d.uint32(), d.uint32()})
	}
	for range d.count() {
		s.tongues = append(s.tongues, tongue{string(d.bytes(d.count())), d.uvarint()})
	}
	for range d.count() {
		s.dirty = append(s.dirty, d.uint32())
	}
	if d.broken {
		return s, errIndex
	}
	return s, nil
}

func (s *survey) write(b *bolt.Bucket, id uint32) error {
	return b.Put(indexKey(ofSurvey, id), s.encode())
}

// speaks counts a document of a language.
func (s *survey) speaks(tag string) {
	for i := range s.tongues {
		if s.tongues[i].tag == tag {
			s.tongues[i].docs++
			return
		}
	}
	s.tongues = append(s.tongues, tongue{tag, 1})
}

// languages are those of a list, that of most posts first.
func (s *survey) languages() (tags []string) {
	all := slices.Clone(s.tongues)
	slices.SortStableFunc(all, func(a, b tongue) int { return int(b.docs) - int(a.docs) })
	for _, t := range all {
		tags = append(tags, t.tag)
	}
	return tags
}

// decoder reads numbers; broken says that they were none.
type decoder struct {
	rest   []byte
	broken bool
}

func (d *decoder) uvarint() uint64 {
	n, size := binary.Uvarint(d.rest)
	if size <= 0 {
		d.broken, d.rest = true, nil
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

func (d *decoder) uint32() uint32 {
	n := d.uvarint()
	if n > 1<<32-1 {
		d.broken = true
	}
	return uint32(n)
}

// count is a number of things that follow, each of an octet at least.
func (d *decoder) count() int {
	n := d.uvarint()
	if n > uint64(len(d.rest)) {
		d.broken, d.rest = true, nil
		return 0
	}
	return int(n)
}

func (d *decoder) bytes(n int) []byte {
	if n > len(d.rest) {
		d.broken, d.rest = true, nil
		return nil
	}
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b
}
