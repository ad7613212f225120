package list

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"hash"
	"strings"
	"sync"
)

// purpose says what a mark may do. A mark of one purpose is none of another.
type purpose byte

const (
	forBounce purpose = 'b' // says whose copy of which post came back
	forLeave  purpose = 'l' // ends one membership
	forProbe  purpose = 'p' // says whose probe of which day came back; the day stands where a bounce mark has its post
	forSecret purpose = 's' // no mark at all: what may be the token of a secret, of whatever Purpose
)

// mark is what a token of ours says. Its numbers are whole; the token holds the low bits of some, and a tag over all.
type mark struct {
	purpose    purpose
	list       uint32
	member     uint32
	post       uint32 // zero: of no post, as for forLeave
	generation uint32 // of the member's marks when it was made
}

// A token is 26 characters of lower-case base32 (RFC 4648 §6, without padding): one is the key's id, nine are 45 bits of the numbers, sixteen
// are the first 80 bits of HMAC-SHA-256 over all of the mark. The numbers are masked with what the key makes of the tag, so that a token says
// nothing to whoever has no key, and two tokens of one member have nothing in common.
const (
	tokenLength   = 26
	payloadLength = 9
	tagBytes      = 10

	bouncePostBits   = 21 // beside 24 bits of the member
	bounceMemberBits = 24
	leaveMemberBits  = 25 // beside 20 bits of the list
	leaveListBits    = 20
)

const base32Alphabet = "abcdefghijklmnopqrstuvwxyz234567"

var tokenEncoding = base32.NewEncoding(base32Alphabet).WithPadding(base32.NoPadding)

// payload is the part of a mark that its token holds.
func (m mark) payload() uint64 {
	if m.purpose == forLeave {
		return low(m.list, leaveListBits)<<leaveMemberBits | low(m.member, leaveMemberBits)
	}
	return low(m.member, bounceMemberBits)<<bouncePostBits | low(m.post, bouncePostBits)
}

func low(n uint32, bits uint) uint64 { return uint64(n) & (1<<bits - 1) }

// sealedMark is a token taken apart, with its numbers still masked.
type sealedMark struct {
	key    uint8
	masked uint64
	tag    [tagBytes]byte
}

func (s sealedMark) token() string {
	var b [tokenLength]byte
	b[0] = base32Alphabet[s.key&31]
	for i := range payloadLength {
		b[1+i] = base32Alphabet[s.masked>>(5*(payloadLength-1-i))&31]
	}
	tokenEncoding.Encode(b[1+payloadLength:], s.tag[:])
	return string(b[:])
}

// parseToken takes a token apart, in whatever case it is written. Every string of 26 characters of the alphabet is one.
func parseToken(token string) (s sealedMark, ok bool) {
	if len(token) != tokenLength {
		return s, false
	}
	token = strings.ToLower(token)
	for i := range 1 + payloadLength {
		n := strings.IndexByte(base32Alphabet, token[i])
		if n < 0 {
			return s, false
		}
		if i == 0 {
			s.key = uint8(n)
		} else {
			s.masked = s.masked<<5 | uint64(n)
		}
	}
	_, err := tokenEncoding.Decode(s.tag[:], []byte(token[1+payloadLength:]))
	return s, err == nil
}

// isTokenByte reports whether c can stand in a token, in whatever case.
func isTokenByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '2' <= c && c <= '7'
}

// sealer makes and reads the tokens of one key. It may be used by many goroutines.
type sealer struct {
	MarkKey
	mask    cipher.Block
	taggers sync.Pool
}

// tagger is one HMAC on its way, with room for what goes in and comes out.
type tagger struct {
	mac hash.Hash
	in  [18]byte
	out [sha256.Size]byte
}

func newSealer(k MarkKey) *sealer {
	// The key of the mask is another one: nothing that a tag is made of has this length.
	mac := hmac.New(sha256.New, k.Secret[:])
	mac.Write([]byte("mask"))
	block, err := aes.NewCipher(mac.Sum(nil)[:16])
	if err != nil {
		panic(err) // 16 octets are a key
	}
	s := &sealer{MarkKey: k, mask: block}
	s.taggers.New = func() any { return &tagger{mac: hmac.New(sha256.New, k.Secret[:])} }
	return s
}

// tag is what shows that we made a mark.
func (s *sealer) tag(m mark) (tag [tagBytes]byte) {
	t := s.taggers.Get().(*tagger)
	t.in[0], t.in[1] = 1, byte(m.purpose) // the first layout
	binary.BigEndian.PutUint32(t.in[2:], m.list)
	binary.BigEndian.PutUint32(t.in[6:], m.member)
	binary.BigEndian.PutUint32(t.in[10:], m.post)
	binary.BigEndian.PutUint32(t.in[14:], m.generation)
	t.mac.Reset()
	t.mac.Write(t.in[:])
	copy(tag[:], t.mac.Sum(t.out[:0]))
	s.taggers.Put(t)
	return tag
}

// cover masks a payload, or takes the mask off again: 45 bits of the tag encrypted.
func (s *sealer) cover(p purpose, tag [tagBytes]byte, payload uint64) uint64 {
	t := s.taggers.Get().(*tagger)
	block := t.out[:aes.BlockSize]
	clear(block)
	copy(block, tag[:])
	block[tagBytes] = byte(p)
	s.mask.Encrypt(block, block)
	payload ^= binary.BigEndian.Uint64(block) >> (64 - 5*payloadLength)
	s.taggers.Put(t)
	return payload
}

// seal makes the token of a mark: the same one every time.
func (s *sealer) seal(m mark) string {
	tag := s.tag(m)
	return sealedMark{key: s.ID, masked: s.cover(m.purpose, tag, m.payload()), tag: tag}.token()
}
