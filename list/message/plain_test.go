package message

import "testing"

func TestPlainField(t *testing.T) {
	for in, want := range map[string]string{
		"Subject: caf\xc3\xa9\r\n":                             "Subject: =?utf-8?q?caf=C3=A9?=\r\n",
		"Subject: caf\xe9 =?utf-8?q?=C3=A9?=\r\n":              "Subject: =?utf-8?q?caf=C3=A9_=C3=A9?=\r\n",
		"X-Note: \xff\r\n":                                     "X-Note: =?utf-8?b?w78=?=\r\n",
		"From: Zo\xeb <zoe@author.example>\r\n":                "From: =?utf-8?q?Zo=C3=AB?= <zoe@author.example>\r\n",
		"To: \"Zo\xc3\xab, A\" <z@a.example>, b@a.example\r\n": "To: =?utf-8?q?Zo=C3=AB=2C_A?= <z@a.example>, b@a.example\r\n",
		"Subject: cafe\r\n":                                    "",
		"To: zo\xc3\xab@author.example\r\n":                    "", // the address itself
		"To: zo\xeb@author.example\r\n":                        "",
		"To: Freunde \xc3\xbc: a@b.example;\r\n":               "",
		"References: <\xc3\xa9@a.example>\r\n":                 "",
		"Content-Type: text/plain; name=\xc3\xa9\r\n":          "",
		"Received: from \xc3\xa9\r\n":                          "",
		"no field \xc3\xa9\r\n":                                "",
	} {
		m := Parse([]byte(in + "\r\n"))
		got, ok := m.PlainField(m.Fields[0])
		if got != want || ok != (want != "") {
			t.Errorf("PlainField(%q) = %q, %v; want %q", in, got, ok, want)
		}
		if ok && Parse([]byte(got)).Value(Parse([]byte(got)).Fields[0]) == "" {
			t.Errorf("%q came out empty", in)
		}
	}
}
