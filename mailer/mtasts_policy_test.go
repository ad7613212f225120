package mailer

import (
	"reflect"
	"strings"
	"testing"
)

func TestParseSTSPolicy(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		want  stsPolicy
		fails string
	}{
		"as in the RFC": {"version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmx: backupmx.example.com\nmax_age: 604800\n",
			stsPolicy{Mode: stsEnforce, MX: []string{"mail.example.com", "*.example.net", "backupmx.example.com"}, MaxAge: 604800}, ""},
		"with CRLF, without blanks, without an end": {"version:STSv1\r\nmode:testing\r\nmx:A.Example.\r\nmax_age:1",
			stsPolicy{Mode: stsTesting, MX: []string{"a.example"}, MaxAge: 1}, ""},
		"keys that nobody knows are passed over": {"version: STSv1\nfuture: yes: indeed\nno colon\nmode: enforce\nmx: a.example\nmax_age: 5\nMode: none\n",
			stsPolicy{Mode: stsEnforce, MX: []string{"a.example"}, MaxAge: 5}, ""},
		"of duplicates the first counts": {"version: STSv1\nmode: enforce\nmode: none\nmx: a.example\nmax_age: 5\nmax_age: 0\nversion: STSv2\n",
			stsPolicy{Mode: stsEnforce, MX: []string{"a.example"}, MaxAge: 5}, ""},
		"max_age ends after a year":  {"version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 9999999999\n", stsPolicy{Mode: stsEnforce, MX: []string{"a.example"}, MaxAge: 31557600}, ""},
		"none needs no mx":           {"version: STSv1\nmode: none\nmax_age: 86400\n", stsPolicy{Mode: stsNone, MaxAge: 86400}, ""},
		"enforce does":               {"version: STSv1\nmode: enforce\nmax_age: 86400\n", stsPolicy{}, "no mx"},
		"another version":            {"version: STSv2\nmode: none\nmax_age: 1\n", stsPolicy{}, `version "STSv2"`},
		"no version":                 {"mode: none\nmax_age: 1\n", stsPolicy{}, `version ""`},
		"another mode":               {"version: STSv1\nmode: Enforce\nmx: a.example\nmax_age: 1\n", stsPolicy{}, `mode "Enforce"`},
		"no max_age":                 {"version: STSv1\nmode: none\n", stsPolicy{}, `max_age ""`},
		"max_age below zero":         {"version: STSv1\nmode: none\nmax_age: -1\n", stsPolicy{}, `max_age "-1"`},
		"max_age of too many digits": {"version: STSv1\nmode: none\nmax_age: 00000000001\n", stsPolicy{}, `max_age "0`},
		"a page":                     {"<!doctype html>\n<title>404</title>\n", stsPolicy{}, "version"},
		"nothing":                    {"", stsPolicy{}, "version"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := parseSTSPolicy(c.text)
			if c.fails != "" {
				if err == nil || !strings.HasPrefix(err.Error(), c.fails) {
					t.Errorf("got %+v, %v", p, err)
				}
				return
			}
			if err != nil || !reflect.DeepEqual(*p, c.want) {
				t.Errorf("got %+v, %v; want %+v", p, err, c.want)
			}
		})
	}
}

func TestPolicyNamesHosts(t *testing.T) {
	p := &stsPolicy{MX: []string{"mail.a.example", "*.b.example"}}
	for host, want := range map[string]bool{"mail.a.example": true, "MAIL.A.example.": true, "a.example": false, "x.mail.a.example": false, "evil.example": false,
		"x.b.example": true, "b.example": false, "x.y.b.example": false, ".b.example": false, "*.b.example": true, "": false, "xb.example": false} {
		if got := p.allows(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
	if (&stsPolicy{}).allows("") || (&stsPolicy{}).allows("a") {
		t.Error("a policy without hosts names one")
	}
}

func TestSTSRecord(t *testing.T) {
	for name, c := range map[string]struct {
		texts []string
		want  string
	}{
		"as in the RFC":                  {[]string{"v=STSv1; id=20160831085700Z;"}, "20160831085700Z"},
		"without blanks and end":         {[]string{"v=STSv1;id=1"}, "1"},
		"with more fields":               {[]string{"v=STSv1 ; x=y; id=2; id=3"}, "2"},
		"among other records":            {[]string{"v=spf1 -all", "v=STSv1; id=4;"}, "4"},
		"two records are none":           {[]string{"v=STSv1; id=1;", "v=STSv1; id=1;"}, ""},
		"a record without id":            {[]string{"v=STSv1;"}, ""},
		"a record with an id of signs":   {[]string{"v=STSv1; id=a-b;"}, ""},
		"a record with too long an id":   {[]string{"v=STSv1; id=" + strings.Repeat("x", 33)}, ""},
		"another version":                {[]string{"v=STSv2; id=1"}, ""},
		"what only begins like a record": {[]string{"v=STSv1x; id=1"}, ""},
		"the version is not first":       {[]string{"id=1; v=STSv1"}, ""},
		"nothing":                        {nil, ""},
	} {
		if got := stsRecordID(c.texts); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func FuzzSTSPolicy(f *testing.F) {
	f.Add("version: STSv1\r\nmode: enforce\r\nmx: *.example.net\r\nmax_age: 604800\r\n", "mx.example.net")
	f.Add("version: STSv1\nmode: none\nmax_age: 0", "")
	f.Fuzz(func(t *testing.T, text, host string) {
		p, err := parseSTSPolicy(text)
		if err != nil {
			return
		}
		if p.MaxAge < 0 || p.MaxAge > stsMaxAge {
			t.Errorf("max_age %d", p.MaxAge)
		}
		if p.allows(host) && !strings.Contains(strings.ToLower(text), "mx") {
			t.Error("a policy without mx names a host")
		}
	})
}
