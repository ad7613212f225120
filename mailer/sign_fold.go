package mailer

// foldColumn is how long lines of a signature field are at most, in octets without CRLF.
const foldColumn = 76

// folder writes a header field, folding it where that is allowed.
type folder struct {
	out    []byte
	column int
}

// word writes what cannot be broken, on the line where it fits.
func (f *folder) word(s string) {
	if f.column+len(s) > foldColumn && f.column > 1 {
		if n := len(f.out); n > 0 && f.out[n-1] == ' ' {
			f.out = f.out[:n-1]
		}
		f.line()
	}
	f.out = append(f.out, s...)
	f.column += len(s)
}

// line begins another line of the field.
func (f *folder) line() {
	f.out = append(f.out, "\r\n "...)
	f.column = 1
}

// mark writes what stays on the line of the word before it: punctuation, or the space that word takes back where the line ends.
func (f *folder) mark(c byte) {
	f.out = append(f.out, c)
	f.column++
}

// names writes a name of h= n times, with a colon before each but the first of all.
func (f *folder) names(name string, n int) {
	for range n {
		if f.out[len(f.out)-1] != '=' {
			f.mark(':')
		}
		f.word(name)
	}
}

// text writes what may be broken anywhere.
func (f *folder) text(s string) {
	for len(s) > 0 {
		n := min(len(s), max(foldColumn-f.column, 0))
		f.out = append(f.out, s[:n]...)
		f.column += n
		if s = s[n:]; len(s) > 0 {
			f.line()
		}
	}
}
