package list

import (
	"regexp"
	"strings"
)

// command is one row of the table of what people may ask for by mail. A line is a command when it begins with the name of one, in any case, and
// goes on as its argument says; anything else is no command, however much it looks like one.
type command struct {
	name  string
	also  []string // other names for the same
	takes argument
	// owners says that it is for owners, in a mail that is theirs beyond doubt.
	owners bool
	// proven says that it gives or takes away a right to act for somebody: what only claims to be from them does not even have them asked, since a
	// careless yes would hand all that they may do to somebody else.
	proven bool
	do     func(*turn, string) error // nil: it is one of a later version
}

// argument is what follows the name of a command.
type argument int

// The arguments.
const (
	takesNothing    argument = iota
	takesWord                // one word
	takesText                // the rest of the line
	takesAddress             // an address and nothing else
	takesPerson              // an address, and a name that may be left out
	takesUntil               // nothing, or the day on which it ends, or begins
	takesYes                 // on or off
	takesSize                // a size, or off
	takesTopic               // the id of a topic
	takesWordOrNone          // one word, or nothing
	takesNumber              // one number, or two
	takesPost                // what a post is called by, and more that may be left out
)

// commandTable is what may be asked for. The help names every row that has a handler.
func commandTable() []command {
	return []command{
		{name: "help", do: (*turn).help},
		{name: "subscribe", also: []string{"join", "subscribe me"}, do: (*turn).subscribe},
		{name: "unsubscribe", also: []string{"leave", "signoff", "unsubscribe me", "remove me", "please unsubscribe", "please unsubscribe me",
			"please remove me"}, do: (*turn).unsubscribe},
		{name: "settings", do: (*turn).settings},
		{name: "set each", also: []string{"each"}, do: (*turn).setEach},
		{name: "set digest", also: []string{"digest"}, takes: takesWordOrNone, do: (*turn).setDigest},
		{name: "set summary", also: []string{"summary"}, do: (*turn).setSummary},
		{name: "set special", also: []string{"special"}, do: (*turn).setSpecial},
		{name: "set nomail", also: []string{"nomail"}, do: (*turn).setNoMail},
		{name: "set language", takes: takesWord, do: (*turn).setLanguage},
		{name: "set timezone", takes: takesWord, do: (*turn).setTimezone},
		{name: "set name", takes: takesText, do: (*turn).setName},
		{name: "set own", takes: takesYes, do: (*turn).setOwn},
		{name: "set duplicates", takes: takesYes, do: (*turn).setDuplicates},
		{name: "set attachments", takes: takesYes, do: (*turn).setAttachments},
		{name: "set max", takes: takesSize, do: (*turn).setMax},
		{name: "set format", takes: takesWord, do: (*turn).setFormat},
		{name: "set thanks", takes: takesWord, do: (*turn).setThanks},
		{name: "set quote", takes: takesWord, do: (*turn).setQuote},
		{name: "set follow", takes: takesYes, do: (*turn).setFollow},
		{name: "mute", takes: takesTopic, do: (*turn).mute},
		{name: "unmute", takes: takesTopic, do: (*turn).unmute},
		{name: "follow", takes: takesTopic, do: (*turn).follow},
		{name: "unfollow", takes: takesTopic, do: (*turn).unfollow},
		{name: "pause", takes: takesUntil, do: (*turn).pause},
		{name: "resume", do: (*turn).resume},
		{name: "catchup", takes: takesUntil, do: (*turn).catchUp},
		{name: "record", do: (*turn).record},
		{name: "topics", do: (*turn).topics},
		{name: "events", do: (*turn).toCome},
		{name: "files", do: (*turn).files},
		{name: "get", takes: takesNumber, do: (*turn).getPost},
		{name: "who", do: (*turn).who},
		{name: "also", takes: takesAddress, proven: true, do: (*turn).alsoAddress},
		{name: "not", takes: takesAddress, proven: true, do: (*turn).notAddress},

		{name: "add", takes: takesPerson, owners: true, do: (*turn).add},
		{name: "remove", takes: takesAddress, owners: true, do: (*turn).remove},
		{name: "invite", takes: takesPerson, owners: true, do: (*turn).invite},

		{name: wordRemovePost, takes: takesPost, owners: true, do: (*turn).removePost},
		{name: wordWithdrawFiles, also: []string{"remove files"}, takes: takesPost, owners: true, do: (*turn).withdrawFiles},

		{name: "search", takes: takesText, do: (*turn).search},
		{name: wordImap, do: (*turn).imap},
	}
}

// endWords end the commands of a mail.
var endWords = []string{"end", "stop", "quit"}

// commandBook is the table in the form in which lines are looked up.
type commandBook map[string]*command

func newCommandBook() commandBook {
	book := commandBook{}
	for _, c := range commandTable() {
		for _, name := range append([]string{c.name}, c.also...) {
			book[name] = &c
		}
	}
	return book
}

// argumentMost is how long an argument may be, in octets: an address of 254, or one with a name behind it. What is longer is no command.
const argumentMost = 320

// reasonMost is the same where it has the address of a page, and a reason.
const reasonMost = 1000

// longestName is how many words the name of a command has at most.
const longestName = 3

// find reads one line. It is no command (nil) unless all of it fits.
func (b commandBook) find(line string) (*command, string) {
	words := strings.Fields(line)
	for n := min(longestName, len(words)); n > 0; n-- {
		c := b[strings.ToLower(strings.TrimRight(strings.Join(words[:n], " "), ".!,;:"))]
		if c == nil {
			continue
		}
		if arg := words[n:]; c.takes.fits(arg) {
			all := strings.Join(arg, " ")
			if len(all) > argumentMost && (c.takes != takesPost || len(all) > reasonMost) {
				return nil, ""
			}
			return c, all
		}
	}
	return nil, ""
}

func (a argument) fits(words []string) bool {
	switch a {
	case takesNothing:
		return len(words) == 0
	case takesWord:
		return len(words) == 1
	case takesWordOrNone:
		return len(words) <= 1
	case takesText:
		return len(words) > 0
	case takesAddress:
		return len(words) == 1 && looksLikeAddress(words[0])
	case takesPerson:
		return len(words) > 0 && looksLikeAddress(words[0])
	case takesUntil:
		return len(words) == 0 || len(words) == 1 && dayPattern.MatchString(words[0]) ||
			len(words) == 2 && strings.EqualFold(words[0], "until") && dayPattern.MatchString(words[1])
	case takesNumber:
		return len(words) == 1 && postNumber.MatchString(words[0]) || len(words) == 2 && postNumber.MatchString(words[0]) && postNumber.MatchString(words[1])
	case takesPost:
		if len(words) == 0 {
			return false
		}
		number, id := namedPost(words[0])
		return number != 0 || id != ""
	case takesYes:
		return len(words) == 1 && (strings.EqualFold(words[0], "on") || strings.EqualFold(words[0], "off"))
	case takesSize:
		_, ok := memberSize(strings.Join(words, ""))
		return ok
	case takesTopic:
		if len(words) != 1 {
			return false
		}
		_, ok := topicID(strings.TrimPrefix(words[0], "#"))
		return ok
	}
	return true
}

// postNumber is a number as commands have it.
var postNumber = regexp.MustCompile(`^[0-9]{1,10}$`)

// looksLikeAddress tells an address, with or without angle brackets, from the words of a sentence.
func looksLikeAddress(word string) bool { return strings.Contains(strings.Trim(word, "<>"), "@") }
