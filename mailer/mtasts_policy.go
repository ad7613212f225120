package mailer

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// stsMode is what a policy asks of senders.
type stsMode string

// The modes of RFC 8461 §5.
const (
	stsEnforce stsMode = "enforce" // hosts that are not named, or do not prove to be who they are, get no mail
	stsTesting stsMode = "testing" // they do, and it is told
	stsNone    stsMode = "none"    // there is no policy any more
)

// stsPolicy is a domain's policy, as it is also kept on disk.
type stsPolicy struct {
	Domain  string    `json:"domain"`
	ID      string    `json:"id"`      // of the TXT record under which it was fetched
	Fetched time.Time `json:"fetched"` // last
	Mode    stsMode   `json:"mode"`
	MX      []string  `json:"mx"`      // patterns, in lower case
	MaxAge  int64     `json:"max_age"` // seconds for which it holds from Fetched
}

// stsMaxAge is the longest that a policy can hold, in seconds (RFC 8461 §3.2). One that says more wants to hold for long.
const stsMaxAge = 31557600

func (p *stsPolicy) until() time.Time { return p.Fetched.Add(time.Duration(p.MaxAge) * time.Second) }

// allows reports whether a policy names a host. In *.example.org the * stands for exactly one label (RFC 8461 §4.1).
func (p *stsPolicy) allows(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, pattern := range p.MX {
		parent, wild := strings.CutPrefix(pattern, "*.")
		if !wild && host == pattern {
			return true
		}
		if label, rest, _ := strings.Cut(host, "."); wild && label != "" && rest == parent {
			return true
		}
	}
	return false
}

// parseSTSPolicy reads a policy file (RFC 8461 §3.2). Keys that it does not know are passed over, and of those that may stand there once the
// first counts.
func parseSTSPolicy(text string) (*stsPolicy, error) {
	var p stsPolicy
	first := map[string]string{}
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if key == "mx" {
			p.MX = append(p.MX, strings.ToLower(strings.TrimSuffix(value, ".")))
		} else if _, seen := first[key]; !seen {
			first[key] = value
		}
	}
	if v := first["version"]; v != "STSv1" {
		return nil, fmt.Errorf("version %q, not STSv1", v)
	}
	switch p.Mode = stsMode(first["mode"]); p.Mode {
	case stsEnforce, stsTesting:
		if len(p.MX) == 0 {
			return nil, errors.New("no mx")
		}
	case stsNone:
	default:
		return nil, fmt.Errorf("mode %q", p.Mode)
	}
	age := first["max_age"]
	n, err := strconv.ParseUint(age, 10, 64)
	if err != nil || len(age) > 10 {
		return nil, fmt.Errorf("max_age %q", age)
	}
	p.MaxAge = int64(min(n, stsMaxAge))
	return &p, nil
}

// stsRecordID reads the id of the one policy record among TXT records (RFC 8461 §3.1); empty: there is none, or not one that can be read.
func stsRecordID(texts []string) string {
	id, records := "", 0
	for _, text := range texts {
		version, fields, _ := strings.Cut(text, ";")
		if strings.TrimRight(version, " \t") != "v=STSv1" {
			continue
		}
		records++
		for field := range strings.SplitSeq(fields, ";") {
			if key, value, _ := strings.Cut(strings.TrimSpace(field), "="); key == "id" && id == "" {
				id = value
			}
		}
	}
	wrong := func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }
	if records != 1 || len(id) > 32 || strings.ContainsFunc(id, wrong) {
		return ""
	}
	return id
}
