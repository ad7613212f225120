package imap

import (
	"bufio"
	"bytes"
	"errors"
	"strconv"
	"strings"
)

// readLine reads a line without its end, of at most so many octets. What is longer is read to its end, within bounds.
func (c *conn) readLine(most int) (line []byte, err error) {
	for {
		part, err := c.in.ReadSlice('\n')
		if len(line)+len(part) > most+2 {
			if err == bufio.ErrBufferFull {
				err = c.skipLine()
			}
			if err != nil {
				return line, err
			}
			return line, errTooLong
		}
		line = append(line, part...)
		if err == bufio.ErrBufferFull {
			continue
		}
		return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), err
	}
}

func (c *conn) skipLine() error {
	for n := 0; n < mostPassed; {
		part, err := c.in.ReadSlice('\n')
		if n += len(part); err != bufio.ErrBufferFull {
			return err
		}
	}
	return errTooLong
}

// literal reads what ends a line that a literal follows: its size, whether the client sends it without being asked, and where that stands.
func literal(line []byte) (size int64, direct bool, at int, ok bool) {
	body, ok := bytes.CutSuffix(line, []byte("}"))
	if !ok {
		return 0, false, 0, false
	}
	body, direct = bytes.CutSuffix(body, []byte("+"))
	if at = bytes.LastIndexByte(body, '{'); at < 0 {
		return 0, false, 0, false
	}
	n, err := strconv.ParseUint(string(body[at+1:]), 10, 62) // what is beyond is the largest number
	if at > 0 && body[at-1] == '~' {
		at--
	}
	return int64(n), direct, at, err == nil || errors.Is(err, strconv.ErrRange)
}

// appendQuoted appends a quoted string.
func appendQuoted(line, text []byte) []byte {
	line = append(line, '"')
	for _, b := range text {
		if b == '"' || b == '\\' {
			line = append(line, '\\')
		}
		line = append(line, b)
	}
	return append(line, '"')
}

// split finds the tag and the name of a command.
func (cmd *command) split() {
	tag, rest, _ := strings.Cut(string(cmd.line), " ")
	if tag == "" || len(tag) > longestTag || strings.ContainsFunc(tag, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`(){%*"\]+`, r) }) {
		return
	}
	cmd.tag = tag
	name, rest, _ := strings.Cut(rest, " ")
	if cmd.name = strings.ToUpper(name); cmd.name == "UID" {
		name, rest, _ = strings.Cut(rest, " ")
		cmd.name += " " + strings.ToUpper(name)
	}
	cmd.rest = rest
}

// inString reports whether a line ends within a quoted string: go-imap would look for the rest of it in the next.
func inString(line []byte) bool {
	in := false
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '"':
			in = !in
		case line[i] == '\\' && in:
			i++
		}
	}
	return in
}
