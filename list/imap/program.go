package imap

import (
	"bytes"
	"errors"
	"strings"
)

// mostNested is how deep a search may be nested.
const mostNested = 50

var errProgram = errors.New("imap: a search that cannot be read")

// searchKeys has how many arguments the keys of SEARCH take that are served (RFC 9051 §6.4.4). OR and NOT have keys behind them.
var searchKeys = map[string]int{"ALL": 0, "ANSWERED": 0, "DELETED": 0, "DRAFT": 0, "FLAGGED": 0, "RECENT": 0, "SEEN": 0, "UNANSWERED": 0, "UNDELETED": 0, "UNDRAFT": 0, "UNFLAGGED": 0,
	"UNSEEN": 0, "NEW": 0, "OLD": 0, "UID": 1, "KEYWORD": 1, "UNKEYWORD": 1, "BCC": 1, "CC": 1, "FROM": 1, "SUBJECT": 1, "TO": 1, "HEADER": 2, "SINCE": 1, "BEFORE": 1, "ON": 1,
	"SENTSINCE": 1, "SENTBEFORE": 1, "SENTON": 1, "BODY": 1, "TEXT": 1, "LARGER": 1, "SMALLER": 1, "NOT": 0, "OR": 0}

// searchProgram makes of what stands behind SEARCH what go-imap reads rightly: keys that it has no answer for are refused here, nesting is bounded, and SMALLER stands in an OR of
// its own, since go-imap forgets it over other keys.
func searchProgram(rest string) (string, error) {
	p := program{s: rest}
	if word := p.peek(); strings.EqualFold(word, "RETURN") {
		p.copy()
		if p.at >= len(p.s) || p.s[p.at] != '(' {
			return "", errProgram
		}
		end := strings.IndexByte(p.s[p.at:], ')')
		if end < 0 {
			return "", errProgram
		}
		p.out = append(append(p.out, p.s[p.at:p.at+end+1]...), ' ')
		p.at += end + 1
		p.space()
	}
	if strings.EqualFold(p.peek(), "CHARSET") {
		p.copy()
		p.copy()
	}
	err := p.keys(0)
	if err == nil && p.at < len(p.s) {
		err = errProgram
	}
	return strings.TrimSuffix(string(p.out), " "), err
}

type program struct {
	s   string
	at  int
	out []byte
}

func (p *program) space() {
	for p.at < len(p.s) && p.s[p.at] == ' ' {
		p.at++
	}
}

// peek is the next word, without moving.
func (p *program) peek() string {
	end := p.at
	if end < len(p.s) && p.s[end] == '"' {
		for end++; end < len(p.s) && p.s[end] != '"'; end++ {
			if p.s[end] == '\\' {
				end++
			}
		}
		return p.s[p.at:min(end+1, len(p.s))]
	}
	for end < len(p.s) && !strings.ContainsRune(" ()\"", rune(p.s[end])) {
		end++
	}
	return p.s[p.at:end]
}

// copy takes one word over as it is.
func (p *program) copy() string {
	word := p.peek()
	p.out = append(append(p.out, word...), ' ')
	p.at += len(word)
	p.space()
	return word
}

// keys reads keys up to the end, or to the parenthesis that ends them.
func (p *program) keys(depth int) error {
	for n := 0; ; n++ {
		if p.space(); p.at == len(p.s) || p.s[p.at] == ')' {
			if n == 0 {
				return errProgram
			}
			return nil
		}
		if err := p.key(depth); err != nil {
			return err
		}
	}
}

func (p *program) key(depth int) error {
	if depth >= mostNested || p.at == len(p.s) {
		return errProgram
	}
	if p.s[p.at] == '(' {
		p.at++
		p.out = append(p.out, '(')
		if err := p.keys(depth + 1); err != nil || p.at == len(p.s) {
			return errProgram
		}
		p.at++
		p.out = append(bytes.TrimSuffix(p.out, []byte(" ")), ") "...)
		p.space()
		return nil
	}
	word := strings.ToUpper(p.peek())
	switch args, known := searchKeys[word]; {
	case word == "NOT":
		p.copy()
		return p.key(depth + 1)
	case word == "OR":
		p.copy()
		return errors.Join(p.key(depth+1), p.key(depth+1))
	case word == "SMALLER":
		p.at += len(word)
		p.space()
		size := p.peek()
		p.out = append(p.out, "OR SMALLER "+size+" SMALLER "...)
		return p.argument()
	case known:
		p.copy()
		for range args {
			if err := p.argument(); err != nil {
				return err
			}
		}
		return nil
	case word != "" && strings.Trim(word, "0123456789:,*$") == "":
		p.copy()
		return nil
	}
	return errProgram
}

func (p *program) argument() error {
	if p.copy() == "" {
		return errProgram
	}
	return nil
}
