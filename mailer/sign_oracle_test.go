package mailer

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// verifyAll prints, for each message of standard input, whether each of its first signatures holds, as dkimpy finds.
const verifyAll = `
import base64, dkim, json, sys
task = json.load(sys.stdin)
def txt(name, timeout=5):
    return task["records"].get(name.decode().rstrip("."), "").encode()
for message in task["messages"]:
    raw = base64.b64decode(message)
    found = []
    for i in range(task["signatures"]):
        try:
            found.append(dkim.DKIM(raw, minkey=1024).verify(idx=i, dnsfunc=txt))
        except Exception as e:
            found.append(repr(e))
    print(json.dumps(found))
`

// oddMessages are copies that other programs have to agree with us about.
func oddMessages(t *testing.T) [][]byte {
	const head = "From: a@football.example.com\r\nTo: x@y.example\r\nSubject:\r\n a \t b\r\n\tc\r\nDate: Fri, 11 Jul 2003 21:00:37 -0700\r\nMessage-ID: <1@football.example.com>\r\n"
	var all [][]byte
	for _, raw := range []string{dinner, head + "\r\n", head + "\r\n\r\n\r\n", head + "\r\nx \t y \r\n\t\r\n z\r\n\r\n \r\n", head + "\r\nB\xc3\xbccher \xff\r\n",
		head + "To: second@y.example\r\nCc: z@y.example\r\nReferences: <1@x>\r\n <2@x>\r\n\r\n.\r\n..x\r\n", oneClick + head + "\r\nx\r\n"} {
		all = append(all, sealed(t, []byte(raw), nil), sealed(t, []byte(raw), []byte(oneClick)))
	}
	return all
}

func exampleRecords(t *testing.T) map[string]string {
	records := map[string]string{}
	for _, k := range exampleKeys(t) {
		records[k.RecordName()] = k.Record()
	}
	return records
}

// TestDkimpyAgrees has both signatures of each message verified by dkimpy (Debian: python3-dkim).
func TestDkimpyAgrees(t *testing.T) {
	messages := oddMessages(t)
	broken := bytes.Replace(messages[1], []byte("Subject:"), []byte("Subject: Buy!\r\nSubject:"), 1)
	lines := dkimpy(t, verifyAll, map[string]any{"messages": append(messages, broken), "records": exampleRecords(t), "signatures": 2})
	if len(lines) != len(messages)+1 || lines[len(messages)] != "[false, false]" {
		t.Fatalf("dkimpy said:\n%s", strings.Join(lines, "\n"))
	}
	for i, line := range lines[:len(messages)] {
		if line != "[true, true]" {
			t.Errorf("dkimpy says %s of\n%s", line, messages[i])
		}
	}
}

// TestOpenDKIMAgrees has each message verified by opendkim, which reads keys from a file for tests.
func TestOpenDKIMAgrees(t *testing.T) {
	program := ""
	for _, name := range []string{"opendkim", "/usr/sbin/opendkim"} {
		if path, err := exec.LookPath(name); err == nil {
			program = path
			break
		}
	}
	if program == "" {
		t.Skip("no opendkim")
	}
	dir := t.TempDir()
	var keys strings.Builder
	for name, record := range exampleRecords(t) {
		fmt.Fprintf(&keys, "%s %s\n", name, record)
	}
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	conf := write("opendkim.conf", []byte("Mode v\nTestPublicKeys "+write("keys", []byte(keys.String()))+"\n"))
	messages := oddMessages(t)
	result := regexp.MustCompile(`dkim=(\w+) .*header\.a=(\S+)`)
	for i, raw := range append(messages, bytes.Replace(messages[1], []byte("Hi."), []byte("Ho."), 1)) {
		out, err := exec.Command(program, "-x", conf, "-v", "-v", "-t", write(fmt.Sprintf("%d.eml", i), raw)).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		want := map[string]string{"rsa-sha256": "pass", "ed25519-sha256": "pass"}
		if i == len(messages) {
			want = map[string]string{"rsa-sha256": "fail", "ed25519-sha256": "fail"}
		}
		got := map[string]string{}
		for _, m := range result.FindAllStringSubmatch(string(out), -1) {
			got[m[2]] = m[1]
		}
		if !maps.Equal(got, want) {
			t.Errorf("opendkim says %v, want %v, of\n%s\n%s", got, want, raw, out)
		}
	}
}
