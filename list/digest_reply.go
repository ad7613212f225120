package list

import (
	"regexp"
	"strings"
)

// What a digest looks like in a reply (RFC 1153), quoted: its contents, in the languages of our own, as text or as a program writes the HTML as text; or messages
// between lines of exactly 30 hyphens. People quote rows of hyphens of other lengths, and for other reasons.
var (
	quotedContents  = regexp.MustCompile(`(?m)^(?:> ?)+\*?(?:Today's Topics:|Sujets du jour :|Temas de hoy:)\*?[ \t]*$`)
	quotedSeparator = regexp.MustCompile(`(?m)^(?:> ?)+-{30}[ \t]*$`)
	quotedMessage   = regexp.MustCompile(`(?m)^(?:> ?)+(Message: \d+|Date: .*)$`)
)

// The first and the last line of our own, which are the same in all languages: some programs put a mail below the answer without a mark on its lines. And its subject,
// with or without what says that it was answered or passed on.
var (
	digestFirstLine = regexp.MustCompile(`(?m)^[> ]*\S.* Digest {2,}[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4}(?: +Volume \d+ : Issue \d+)?[ \t]*$`)
	digestLastLine  = regexp.MustCompile(`(?m)^[> ]*End of .* Digest(?: V\d+ Issue #\d+)?[ \t]*\n[> ]*\*{10,}[ \t]*$`)
	digestSubject   = regexp.MustCompile(`(?i) digest, vol \d+, issue \d+$`)
)

// digestReply holds a reply to a digest that still has the digest's subject, or quotes it.
func digestReply(a *Arrival) Verdict {
	subject := strings.TrimSpace(a.Message.Subject())
	if isReply(subject) && strings.Contains(strings.ToLower(subject), " digest, vol ") || digestSubject.MatchString(subject) {
		return hold("it replies to a digest and has the digest's subject")
	}
	if parents := a.Message.References(); len(parents) > 0 && isDigestID(a.List, parents[len(parents)-1]) {
		return hold("it replies to a digest, and not to a post in it")
	}
	if text := a.text(); quotesDigest(text) {
		return hold("it quotes a digest with several messages")
	}
	return Verdict{}
}

// isDigestID reports whether a Message-ID is one that we gave to a digest.
func isDigestID(l *List, id string) bool {
	local, domain, _ := strings.Cut(id, "@")
	return strings.HasPrefix(local, KindDigest+".") && strings.EqualFold(domain, l.Domain())
}

// quotesDigest looks for the plain words first: the expressions cost a hundred times as much, and hardly any post has the words.
func quotesDigest(text string) bool {
	has := func(words string, e *regexp.Regexp) bool { return strings.Contains(text, words) && e.MatchString(text) }
	switch {
	case has("Today's Topics:", quotedContents), has("Sujets du jour :", quotedContents), has("Temas de hoy:", quotedContents),
		has(" Digest  ", digestFirstLine), has("End of ", digestLastLine):
		return true
	}
	return has("------------------------------", quotedMessage) && len(quotedSeparator.FindAllStringIndex(text, 2)) > 1
}
