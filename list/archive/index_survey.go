package archive

import (
	"encoding/binary"
	"slices"

	bolt "go.etcd.io/bbolt"
)

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
