package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestABounceComesThroughAHostedMailbox: a report that the provider files counts for the member whose copy came back, and for no other; metrics and status tell of it.
func TestABounceComesThroughAHostedMailbox(t *testing.T) {
	h := newHosted(t)
	metrics := reservedAddr(t)
	config, err := os.ReadFile(filepath.Join(h.dir, "convene.toml"))
	if err != nil {
		t.Fatal(err)
	}
	h.write(t, "convene.toml", strings.Replace(string(config), "[[intake]]", fmt.Sprintf("[metrics]\nlisten = %q\n[[intake]]", metrics), 1))
	h.write(t, "members.csv", "address,name\ndede@example.org,Dede\nawa@example.org,Awa\n")
	h.run(t, "member", "import", "peers@lists.example.org", "members.csv")
	if err := h.launch(); err != nil {
		t.Fatal(err)
	}
	h.file("peers@lists.example.org", "dede@example.org", "Subject: from the field\n", "what I saw")
	copied := h.await("awa@example.org", "from the field")
	if !strings.HasPrefix(copied.from, "peers+bounce-") {
		t.Fatalf("the copy came from %q", copied.from)
	}
	report := dsnAbout(copied.msg.MessageID(), "550 5.1.1 no such user")
	head, body, _ := strings.Cut(strings.ReplaceAll(report, "\r\n", "\n"), "\n\n")
	mime := head[strings.Index(head, "MIME-Version:"):]
	h.file(copied.from, "", "Subject: Undelivered Mail Returned to Sender\n"+mime+"\n", body)
	h.file("someone@elsewhere.example", "dede@example.org", "Subject: for nobody here\n", "x")
	h.until(func() bool {
		return strings.Contains(h.run(t, "status"), "INBOX at 127.0.0.1: watched, 2 taken, 1 left there")
	}, "the report was not taken")
	log, err := os.ReadFile(filepath.Join(h.dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	counted := regexp.MustCompile(`bounce counted.*?address[=":]+([^ ",]+)`).FindAllStringSubmatch(string(log), -1)
	if len(counted) != 1 || counted[0][1] != "awa@example.org" {
		t.Errorf("counted for %v by\n%s", counted, log[max(0, len(log)-3000):])
	}
	resp, err := http.Get("http://" + metrics + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"convene_mailboxes 1", "convene_mailboxes_watched 1", "convene_mailbox_messages_waiting 0", `convene_mailbox_messages_total{result="taken"} 2`,
		`convene_mailbox_messages_total{result="left"} 1`, `convene_mailbox_messages_total{result="refused"} 0`, `convene_mailbox_messages_total{result="duplicate"} 0`} {
		if !strings.Contains(string(page), "\n"+want+"\n") {
			t.Errorf("the metrics lack %s", want)
		}
	}
}
