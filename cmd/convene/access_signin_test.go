package main

import (
	"bufio"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// session signs somebody in on the web.
func (h *openHouse) session(address string) string {
	h.t.Helper()
	h.page("", "/signin", url.Values{"address": {address}})
	token := h.found(h.settle(address), `/signin/c/([a-z2-7]{26})`)
	_, _, cookies := h.page("", "/signin/c/"+token, url.Values{"confirm": {"yes"}})
	if len(cookies) != 1 {
		h.t.Fatalf("%s is not signed in: %v", address, cookies)
	}
	return cookies[0].Value
}

// password has somebody ask a list for one.
func (h *openHouse) password(address, of string) string {
	h.t.Helper()
	h.mail(address, strings.Replace(of, "@", "+imap@", 1), "imap", "", "")
	return h.found(h.settle(address), `(imap-[a-z2-7]{26})`)
}

// reader is a mail program.
type reader struct {
	*openHouse
	net.Conn
	in *bufio.Reader
}

// open connects a mail program; an empty name is anybody's.
func (h *openHouse) open(name, password string) *reader {
	h.t.Helper()
	conn, err := net.Dial("tcp", h.imap)
	h.check(err)
	h.t.Cleanup(func() { conn.Close() })
	r := &reader{h, conn, bufio.NewReader(conn)}
	if name == "" {
		name, password = "anonymous", "x"
	}
	if said := r.do("LOGIN " + name + " " + password); !strings.Contains(said, "a7 OK ") {
		h.t.Fatalf("%s: %s", name, said)
	}
	return r
}

// do does a command, and returns what was said up to its end.
func (r *reader) do(command string) string {
	r.t.Helper()
	r.check(r.SetDeadline(time.Now().Add(patience)))
	_, err := fmt.Fprintf(r, "a7 %s\r\n", command)
	r.check(err)
	return r.until("a7 ")
}

func (r *reader) until(begins string) string {
	r.t.Helper()
	var all strings.Builder
	for {
		line, err := r.in.ReadString('\n')
		r.check(err)
		if all.WriteString(line); strings.HasPrefix(line, begins) {
			return all.String()
		}
	}
}
