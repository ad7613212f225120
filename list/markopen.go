package list

import (
	"crypto/hmac"
	"errors"
)

// goneGenerations is how many generations are tried for a member who left and whose own is forgotten with them.
const goneGenerations = 16

// openMark is a mark that was read back, with what it is about.
type openMark struct {
	mark
	record Record
	member Member // the zero Member when gone
	gone   bool   // nobody has that number any more
}

// errNoMark: a token is none of ours, or counts no longer.
var errNoMark = errors.New("no mark of ours")

// opener reads one token. It tries what the low bits in it may stand for against its tag, so that no list and no site outgrows its marks.
type opener struct {
	*sealer
	reader Reader
	want   purpose
	sealed sealedMark
	known  bool // the token's key is one of ours
	tried  bool
}

// open reads a token back. list is the record of the list that it must be of; with ID zero it may be of any, which only a leave mark can tell.
// errNoMark: it is none, or it was revoked, or its key is gone. All wrong tokens cost the same: one tag at least is made and compared.
func (r *markRing) open(reader Reader, want purpose, token string, list Record) (openMark, error) {
	sealed, ok := parseToken(token)
	if !ok || len(r.sealers) == 0 {
		return openMark{}, errNoMark
	}
	o := opener{reader: reader, want: want, sealed: sealed}
	if o.sealer, o.known = r.byID(sealed.key); !o.known {
		o.sealer = r.sealers[len(r.sealers)-1]
	}
	found, err := o.find(o.cover(want, sealed.tag, sealed.masked), list)
	if errors.Is(err, errNoMark) && !o.tried {
		o.matches(mark{})
	}
	return found, err
}

func (o *opener) find(payload uint64, list Record) (openMark, error) {
	if o.want == forProbe {
		return o.member(payload>>bouncePostBits, bounceMemberBits, list, []uint32{uint32(payload & (1<<bouncePostBits - 1))})
	}
	if o.want == forBounce {
		posts := latest(payload&(1<<bouncePostBits-1), list.Posts)
		return o.member(payload>>bouncePostBits, bounceMemberBits, list, posts)
	}
	for id := payload >> leaveMemberBits; id < 1<<32; id += 1 << leaveListBits {
		rec, err := o.reader.ListByID(uint32(id))
		if errors.Is(err, ErrNotFound) {
			if id == 0 {
				continue // no list has it
			}
			break // ids have no gaps
		}
		if err != nil {
			return openMark{}, err
		}
		if list.ID != 0 && list.ID != rec.ID {
			continue
		}
		found, err := o.member(payload&(1<<leaveMemberBits-1), leaveMemberBits, rec, []uint32{0})
		if !errors.Is(err, errNoMark) {
			return found, err
		}
	}
	return openMark{}, errNoMark
}

// latest are the two highest numbers up to last with these low bits. What is further back left more than two million posts ago.
func latest(bits uint64, last uint32) (posts []uint32) {
	n := int64(uint64(last)&^(1<<bouncePostBits-1) | bits)
	if n > int64(last) {
		n -= 1 << bouncePostBits
	}
	for range 2 {
		if n > 0 {
			posts = append(posts, uint32(n))
		}
		n -= 1 << bouncePostBits
	}
	return posts
}

// member tries the members of a list whose number ends in these bits.
func (o *opener) member(number uint64, bits uint, list Record, posts []uint32) (openMark, error) {
	for ; number <= uint64(list.LastMember); number += 1 << bits {
		if number == 0 {
			continue
		}
		m, err := o.reader.MemberByNumber(list.ID, uint32(number))
		from, to := m.Generation, m.Generation
		gone := errors.Is(err, ErrNotFound)
		if gone {
			m, from, to = Member{}, 0, goneGenerations-1
		} else if err != nil {
			return openMark{}, err
		}
		for g := uint64(from); g <= uint64(to); g++ {
			for _, post := range posts {
				k := mark{o.want, list.ID, uint32(number), post, uint32(g)}
				if o.matches(k) {
					return openMark{mark: k, record: list, member: m, gone: gone}, nil
				}
			}
		}
	}
	return openMark{}, errNoMark
}

// matches compares in constant time.
func (o *opener) matches(m mark) bool {
	o.tried = true
	tag := o.tag(m)
	return hmac.Equal(tag[:], o.sealed.tag[:]) && o.known
}
