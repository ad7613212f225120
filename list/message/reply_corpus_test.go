package message

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// replyCase is a reply of one of the corpora, with what its project takes for the text of the writer.
type replyCase struct {
	set, name string
	raw       []byte // a message
	want      string
	begins    bool // want is how the text begins; otherwise it is all of it
	holds     bool // want stands somewhere in the text
}

// plainReply makes a message of a plain text.
func plainReply(text string) []byte {
	return []byte("Content-Type: text/plain; charset=utf-8\r\n\r\n" + text)
}

func readLines(t *testing.T, path string, f func(line string)) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			f(line)
		}
	}
}

// replyCases are all replies of the corpora of which somebody says what is the writer's own.
func replyCases(t *testing.T) []replyCase {
	dir := needShared(t, "corpora/replies")
	read := func(parts ...string) string {
		data, err := os.ReadFile(filepath.Join(append([]string{dir}, parts...)...))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	var cases []replyCase
	columns := func(set string, f func(col []string)) {
		readLines(t, filepath.Join(dir, set, "expected.tsv"), func(line string) {
			if col := strings.Split(line, "\t"); strings.Contains(col[0], "/") {
				f(col)
			}
		})
	}
	const discourse, talon = "discourse+email_reply_trimmer", "mailgun+talon"
	columns(discourse, func(col []string) {
		cases = append(cases, replyCase{set: discourse, name: col[0], raw: plainReply(read(discourse, col[0])), want: read(discourse, col[1])})
	})
	columns(talon, func(col []string) {
		raw := []byte(read(talon, col[0]))
		if strings.HasSuffix(col[0], ".html") {
			raw = append([]byte("Content-Type: text/html; charset=utf-8\r\n\r\n"), raw...)
		}
		cases = append(cases, replyCase{set: talon, name: col[0], raw: raw, want: strings.ReplaceAll(col[1], `\n`, "\n")})
	})
	rows := func(set, file string, f func(row map[string]any, get func(string) string)) {
		readLines(t, filepath.Join(dir, set, file), func(line string) {
			var row map[string]any
			if err := json.Unmarshal([]byte(line), &row); err != nil {
				t.Fatal(err)
			}
			f(row, func(key string) string { s, _ := row[key].(string); return s })
		})
	}
	const vectors, crisp, github, forwards = talon + " vectors", "crisp-oss+email-reply-parser", "github+email_reply_parser", "crisp-oss+email-forward-parser"
	rows(talon, "vectors.jsonl", func(_ map[string]any, get func(string) string) {
		c := replyCase{set: vectors, name: get("case"), raw: plainReply(get("input")), want: get("reply")}
		if get("kind") == "html" {
			c.raw = []byte("Content-Type: text/html; charset=utf-8\r\n\r\n" + get("input"))
			lines, _ := markupLines(get("reply"), replyLimit)
			c.want = joinLines(lines)
		}
		cases = append(cases, c)
	})
	rows(crisp, "expected.jsonl", func(_ map[string]any, get func(string) string) {
		if get("reply") != "" {
			cases = append(cases, replyCase{set: crisp, name: get("file"), raw: plainReply(read(crisp, get("file"))), want: get("reply")})
		}
	})
	rows(github, "expected.jsonl", func(_ map[string]any, get func(string) string) {
		if get("visible") != "" {
			cases = append(cases, replyCase{set: github, name: get("file"), raw: plainReply(read(github, get("file"))), want: get("visible"),
				begins: get("op") == "starts", holds: get("op") == "contains"})
		}
	})
	rows(forwards, "expected.jsonl", func(row map[string]any, get func(string) string) {
		if row["forwarded"] != true || get("message") == "not checked" || get("body_file") == "" {
			return
		}
		cases = append(cases, replyCase{set: forwards, name: get("body_file"), raw: plainReply(read(forwards, get("body_file"))), want: get("message")})
	})
	return cases
}

func joinLines(lines []replyLine) string {
	var out []string
	for _, l := range lines {
		if !l.quoted {
			out = append(out, l.text)
		}
	}
	return strings.Join(out, "\n")
}

// unquoted is what a project keeps of a reply, as Own has it: some leave quoted lines between the writer's own, and attributions above those.
func unquoted(s string) string {
	var out []string
	for line := range strings.Lines(s) {
		if line = visible(strings.TrimRight(line, "\r\n")); !isQuoted(line) {
			out = append(out, line)
		}
	}
	return strings.Join(strings.Fields(strings.Join(out, "\n")), " ")
}

func (c replyCase) agrees(own string) bool {
	own, want := strings.Join(strings.Fields(own), " "), unquoted(c.want)
	switch {
	case c.begins:
		return strings.HasPrefix(own, want)
	case c.holds:
		return strings.Contains(own, want)
	}
	return own == want
}

// TestReplyCorpora compares Own with what others take for the text of a reply. They differ in what is a signature, and some show a forwarded message;
// the share that agrees may not fall.
func TestReplyCorpora(t *testing.T) {
	seen, agreed := map[string]int{}, map[string]int{}
	for _, c := range replyCases(t) {
		seen[c.set]++
		own := Parse(c.raw).Own()
		if c.agrees(own) {
			agreed[c.set]++
		} else {
			t.Logf("%s %s:\n got %q\nwant %q", c.set, c.name, own, c.want)
		}
	}
	atLeast := map[string]int{"crisp-oss+email-forward-parser": 99, "crisp-oss+email-reply-parser": 22, "discourse+email_reply_trimmer": 33, "github+email_reply_parser": 16,
		"mailgun+talon": 10, "mailgun+talon vectors": 32}
	for _, set := range slices.Sorted(maps.Keys(seen)) {
		t.Logf("%s: %d of %d agree", set, agreed[set], seen[set])
		if floor, ok := atLeast[set]; !ok || agreed[set] < floor {
			t.Errorf("%s: only %d of %d agree", set, agreed[set], seen[set])
		}
	}
}

// TestNothingQuotedIsOwn puts a word behind each line that somebody else wrote, by the word of the project, and looks for it in what is the writer's.
func TestNothingQuotedIsOwn(t *testing.T) {
	const word = "veto"
	tried, first, anywhere := map[string]int{}, map[string]int{}, map[string]int{}
	for _, c := range replyCases(t) {
		if c.begins || c.holds || strings.Contains(string(c.raw), "text/html") || strings.HasSuffix(c.name, "/signatures.txt") {
			continue
		}
		lines := strings.Split(strings.ReplaceAll(Parse(c.raw).Text(replyLimit), "\r\n", "\n"), "\n")
		for i, line := range lines {
			mark := line[:len(line)-len(strings.TrimLeft(line, "> "))]
			if !strings.HasPrefix(mark, ">") {
				if i+1 < len(lines) || !endsUnmarked(lines, c.want) {
					continue // theirs, or nobody knows
				}
				mark = "" // the end of what is quoted without marks
			}
			poisoned := strings.Join(slices.Insert(slices.Clone(lines), i+1, mark+word), "\n")
			tried[c.set]++
			own := strings.Fields(Parse(plainReply(poisoned)).Own())
			if len(own) > 0 && own[0] == word {
				first[c.set]++
				t.Errorf("%s %s: the first word comes from the quoted line %d", c.set, c.name, i+1)
			}
			if slices.Contains(own, word) {
				anywhere[c.set]++
				t.Errorf("%s %s: a quoted word below line %d %q is taken for the writer's", c.set, c.name, i+1, line)
			}
		}
	}
	for _, set := range slices.Sorted(maps.Keys(tried)) {
		t.Logf("%s: of %d words, %d come first and %d are anywhere", set, tried[set], first[set], anywhere[set])
	}
}

// endsUnmarked reports whether lines end with what somebody else wrote, without marks: it is much longer than what is the writer's.
func endsUnmarked(lines []string, want string) bool {
	return !slices.ContainsFunc(lines, isQuoted) && len(strings.Fields(strings.Join(lines, " "))) > len(strings.Fields(want))+20
}

// TestRealPostsAreRead reads every mail of a list's archive as a reply.
func TestRealPostsAreRead(t *testing.T) {
	posts, quoting, empty := 0, 0, 0
	eachFile(t, needShared(t, "corpora/threads/twisted+pipermail"), func(path string, raw []byte) {
		for _, post := range strings.Split("\n"+string(raw), "\nFrom ") {
			_, post, ok := strings.Cut(post, "\n")
			if !ok || len(post) > 1<<18 {
				continue
			}
			posts++
			m := Parse([]byte(post))
			own := m.Own()
			checkOwn(t, path, own)
			text := m.Text(1 << 14)
			if strings.Contains(text, "\n> ") {
				quoting++
				if own == "" {
					empty++
				}
			}
		}
	})
	t.Logf("%d posts, %d quote, %d of these say nothing", posts, quoting, empty)
	if posts < 1000 || quoting < 100 || empty*50 > quoting {
		t.Errorf("%d posts, %d quote, %d of these say nothing: that cannot be", posts, quoting, empty)
	}
}

// checkOwn holds what Own promises for any mail.
func checkOwn(t *testing.T, name, own string) {
	t.Helper()
	if own == "" {
		return
	}
	for line := range strings.SplitSeq(own, "\n") {
		if isQuoted(line) {
			t.Errorf("%s: a quoted line is taken for the writer's: %q", name, line)
		}
	}
	if strings.Trim(own, "\n") != own || strings.ContainsAny(own, "\r\x00") || len(own) > replyLimit+1024 || validUTF8(own) != own {
		t.Errorf("%s: %.100q is not tidy", name, own)
	}
}
