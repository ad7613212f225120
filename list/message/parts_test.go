package message

import (
	"fmt"
	"strings"
	"testing"
)

const reportOfThreeParts = "From: <MAILER-DAEMON@mx.example>\r\nContent-Type: multipart/report; boundary=b\r\n\r\npreamble\r\n--b\r\n\r\nSorry.\r\n" +
	"--b\r\nContent-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\nQWN0aW9uOiBmYWlsZWQNCg==\r\n" +
	"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <a@b.example>\r\nContent-Type: text/html\r\n\r\n<p>Hi<p>there\r\n--b--\r\n"

func TestPartsAreAllEntitiesInOrder(t *testing.T) {
	var got []string
	for _, p := range Parse([]byte(reportOfThreeParts)).Parts() {
		got = append(got, fmt.Sprintf("%s whole=%t enclosed=%t leaf=%t %q %q", p.Media, p.Whole, p.Enclosed, p.Leaf, p.Fields.Get("Message-ID"), p.Text(100)))
	}
	want := []string{
		`multipart/report whole=true enclosed=false leaf=false "" ""`,
		`text/plain whole=false enclosed=false leaf=true "" "Sorry."`,
		`message/delivery-status whole=false enclosed=false leaf=true "" "Action: failed\n"`,
		`message/rfc822 whole=false enclosed=false leaf=false "" ""`,
		`text/html whole=true enclosed=true leaf=true "<a@b.example>" "Hi\nthere"`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestPartsAreBounded(t *testing.T) {
	raw := "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", 5000)
	if n := len(Parse([]byte(raw)).Parts()); n < 900 || n > textParts+1 {
		t.Errorf("%d parts, want about %d", n, textParts)
	}
}
