package mailer

import "strings"

// way is how a line of text names a recipient: it returns the address, or nothing.
type way func(line string) string

// leading finds an address at the start of a line, behind bullets and brackets: "<ann@b.example>: unknown user", "  * ann@b.example".
func leading(line string) string {
	line = strings.TrimLeft(line, " \t*->•=|#")
	if strings.HasPrefix(line, "<") {
		if end := strings.IndexByte(line, '>'); end > 0 {
			return addressOf(line[:end+1])
		}
		return ""
	}
	word, _, _ := strings.Cut(line, " ")
	word, _, _ = strings.Cut(word, "\t")
	return addressOf(word)
}

// alone finds an address that has a line for itself.
func alone(line string) string {
	words := strings.Fields(strings.TrimLeft(line, " \t*->•=|#"))
	if len(words) != 1 {
		return ""
	}
	return addressOf(words[0])
}

// headed finds "<address>:" at the very start of a line, as qmail's format has it (cr.yp.to/proto/qsbmf.txt).
func headed(line string) string {
	if !strings.HasPrefix(line, "<") {
		return ""
	}
	end := strings.Index(line, ">:")
	if end < 0 {
		return ""
	}
	return addressOf(line[:end+1])
}

// angled finds an address in angle brackets anywhere but behind MAIL FROM.
func angled(line string) string {
	for rest := line; ; {
		open := strings.IndexByte(rest, '<')
		if open < 0 {
			return ""
		}
		end := strings.IndexByte(rest[open:], '>')
		if end < 0 {
			return ""
		}
		if !fromAhead(rest[:open]) {
			if addr := addressOf(rest[open : open+end+1]); addr != "" {
				return addr
			}
		}
		rest = rest[open+end+1:]
	}
}

func fromAhead(s string) bool {
	s = strings.ToLower(s[max(0, len(s)-8):])
	return strings.HasSuffix(strings.TrimRight(s, " "), "from:") || strings.HasSuffix(strings.TrimRight(s, " "), "from")
}

// anywhere finds the first address in a line, in brackets or not, but for those of senders.
func anywhere(line string) string {
	if addr := angled(line); addr != "" {
		return addr
	}
	words := strings.FieldsFunc(line, func(r rune) bool {
		return r == ' ' || r == '\t' || r == ',' || r == '<' || r == '>' || r == '(' || r == ')'
	})
	for i, word := range words {
		if strings.IndexByte(word, '@') > 0 && (i == 0 || !fromAhead(words[i-1])) {
			if addr := addressOf(word); addr != "" {
				return addr
			}
		}
	}
	return ""
}

// noRole finds an address anywhere in a line that is not of somebody to turn to.
func noRole(line string) string {
	addr := anywhere(line)
	local, _, _ := strings.Cut(strings.ToLower(addr), "@")
	switch local {
	case "postmaster", "abuse", "support", "help", "helpdesk", "admin", "administrator", "webmaster", "hostmaster",
		"mailer-daemon", "noreply", "no-reply":
		return ""
	}
	return addr
}

// transcript finds the recipient in the replies that a sendmail of old wrote down: "550 <ann@b.example>... User unknown".
func transcript(line string) string {
	if len(line) < 8 || (line[0] != '4' && line[0] != '5') || line[3] != ' ' {
		return ""
	}
	word, _, ok := strings.Cut(line[4:], "...")
	if !ok {
		return ""
	}
	return addressOf(word)
}

// refused finds the recipient in what a client said that was refused: ">>> RCPT TO:<ann@b.example>".
func refused(line string) string {
	i := strings.Index(strings.ToLower(line), "rcpt to:")
	if i < 0 {
		return ""
	}
	return anywhere(line[i+len("rcpt to:"):])
}

// screenName finds what AOL once called its members: a word that has a line for itself, without a domain.
func screenName(line string) string {
	words := strings.Fields(line)
	if len(words) != 1 || strings.Contains(words[0], "@") {
		return alone(line)
	}
	return addressOf(words[0] + "@aol.com")
}

// behind finds an address that follows one of these words, which are in lower case.
func behind(words ...string) way {
	return func(line string) string {
		low := strings.ToLower(line)
		for _, w := range words {
			if i := strings.Index(low, w); i >= 0 && len(low) == len(line) {
				if addr := anywhere(line[i+len(w):]); addr != "" {
					return addr
				}
			}
		}
		return ""
	}
}
