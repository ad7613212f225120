package mailer

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// ready reports whether a message may come now, and answers if not.
func (f *filterConn) ready() bool {
	switch {
	case !f.inMail:
		f.say(503, 5, 5, 1, "MAIL first")
	case f.rcpts == 0:
		f.say(503, 5, 5, 1, "No valid recipients")
	default:
		return true
	}
	return false
}

// data carries out DATA: it reads the message to its true end and only then answers.
func (f *filterConn) data(arg string) {
	switch {
	case arg != "":
		f.say(501, 5, 5, 4, "DATA has no parameters")
		return
	case f.chunks != nil:
		f.say(503, 5, 5, 1, "The message has begun in chunks")
		return
	case !f.ready():
		return
	}
	f.write("354 End data with <CR><LF>.<CR><LF>\r\n")
	f.begin(true, dataTime)
	b := f.newBody()
	if err := readData(f.in, b); err != nil {
		b.release()
		f.lost(err)
		return
	}
	f.complete(b)
}

func (f *filterConn) newBody() *body {
	return &body{limit: f.config.MaxMessage, budget: &f.server.memory}
}

// complete hands a message that was read to its end to the session, or refuses it.
func (f *filterConn) complete(b *body) {
	f.commands = 0
	if b.fault != nil {
		f.refuse(b)
		return
	}
	f.message = b
	// go-smtp gets an empty message: what it would make of dots, long lines and slow senders does not matter then.
	f.pass("DATA\r\n.", func(heard string) {
		// Refusing a message is no error of the sender's in the sense of errors_per_session.
		before := f.errors
		f.relayed(strings.TrimPrefix(heard, goAhead))
		f.errors = before
		f.endTransaction()
	})
}

// countedChunk is the size in octets below which a chunk counts as one of the commands that bring nothing.
const countedChunk = 1 << 10

// goAhead is what go-smtp says to DATA.
const goAhead = "354 Go ahead. End your data with <CR><LF>.<CR><LF>\r\n"

// refuse answers a message with a fault: once, or in LMTP once for each recipient (RFC 2033 §4.2).
func (f *filterConn) refuse(b *body) {
	var r reply
	ends := false
	switch b.fault {
	case errBareLine:
		// Who sends such may be sending what another server took for the end of a message: there is no common ground left with the peer.
		r, ends = reply{550, [3]int{5, 5, 2}, "CR or LF alone in the message; closing"}, true
	case errNUL:
		r, ends = reply{554, [3]int{5, 6, 0}, "NUL in the message; closing"}, true
	case errTooLarge:
		r = reply{552, [3]int{5, 3, 4}, fmt.Sprintf("Messages may have %d octets here", b.limit)}
	case errNoMemory:
		r = reply{452, [3]int{4, 3, 1}, "Too many messages at once; please try again later"}
	}
	f.log.Info("message refused", "code", r.code, "text", r.text)
	times := 1
	if f.lmtp {
		times = f.rcpts
	}
	for range times {
		f.write(r.line())
	}
	b.release()
	f.endTransaction()
	f.closing, f.linger = ends, ends
	f.pass("RSET", f.swallow)
}

// bdat carries out BDAT (RFC 3030 §2). Whatever becomes of a chunk, its octets are read: they must never be taken for commands.
func (f *filterConn) bdat(arg string) {
	words := strings.Fields(arg)
	if len(words) == 0 || words[0] == "" || strings.Trim(words[0], "0123456789") != "" {
		f.hangUp(reply{501, [3]int{5, 5, 4}, "Say BDAT octets [LAST]; closing"}) // who knows what follows
		return
	}
	size, err := strconv.ParseInt(words[0], 10, 64)
	if err != nil {
		f.hangUp(reply{552, [3]int{5, 3, 4}, "That chunk will never end; closing"})
		return
	}
	f.begin(true, dataTime)
	last := len(words) == 2 && strings.EqualFold(words[1], "LAST")
	if len(words) > 2 || len(words) == 2 && !last {
		if f.skip(size) {
			f.say(501, 5, 5, 4, "Say BDAT octets [LAST]")
		}
		return
	}
	if !f.inMail || f.rcpts == 0 {
		if f.skip(size) {
			f.ready()
		}
		return
	}
	f.chunk(size, last)
}

// chunk reads one chunk of the message.
func (f *filterConn) chunk(size int64, last bool) {
	if f.chunks == nil {
		f.chunks = f.newBody()
	}
	b := f.chunks
	if size >= countedChunk {
		f.commands-- // it brings the message on, and there may be thousands
	}
	for size > 0 {
		piece, err := f.in.Peek(1)
		if err == nil {
			piece, _ = f.in.Peek(int(min(size, int64(f.in.Buffered()))))
			b.add(piece)
			_, err = f.in.Discard(len(piece))
		}
		if err != nil {
			f.lost(err)
			return
		}
		size -= int64(len(piece))
	}
	if last {
		checkLines(b)
	}
	switch {
	case b.fault != nil:
		f.chunks = nil
		f.commands = 0
		f.refuseChunk(b, last)
	case last:
		f.chunks = nil
		f.complete(b)
	default:
		f.say(250, 2, 0, 0, "Chunk taken")
	}
}

// refuseChunk refuses the message in the middle: one reply for the chunk, and the transaction is gone.
func (f *filterConn) refuseChunk(b *body, last bool) {
	if !last {
		f.rcpts = 1 // so that LMTP too gets the one reply that this chunk is due
	}
	f.refuse(b)
}

// skip reads octets over and reports whether they all came.
func (f *filterConn) skip(size int64) bool {
	if _, err := io.CopyN(io.Discard, f.in, size); err != nil {
		f.lost(err)
		return false
	}
	return true
}
