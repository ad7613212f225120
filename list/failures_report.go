package list

import (
	"context"
	"errors"
	"strings"
	"time"
)

// What one notice of failures has room for. Beyond that it counts.
const (
	postsReported     = 20
	addressesReported = 50 // of one post
	groupsReported    = 20 // of one post
	failuresPerView   = 500
)

// failureReport is what failed at one list before a morning, by post and by what the servers said.
type failureReport struct {
	list    *List
	site    *Site
	morning time.Time
	all     []failureName
	changes []AddressChange // of addresses, in order of time
	posts   []*postFailures // the earliest first
	byOut   map[uint64]*postFailures
}

// failureName is what names a Failure of one list; there may be many.
type failureName struct {
	at       time.Time
	outgoing uint64
	number   uint32
}

func (n *failureName) failure(list uint32) Failure {
	return Failure{List: list, At: n.at, Outgoing: n.outgoing, Number: n.number}
}

// postFailures is what failed of one post.
type postFailures struct {
	outgoing uint64
	post     Post
	tally    Tally
	copies   int            // that the owners are told of now
	named    int            // of them with their address
	groups   []*statusGroup // none: there is no room for this post
}

// statusGroup is the copies that failed for the same reason.
type statusGroup struct {
	code      string // "550 5.1.1"; empty: none, or one of those for which there is no room
	status    string // what was said about the first of them
	addresses []string
	copies    int
}

// reportFailures gathers what is to be told, some at a time.
func (e *Engine) reportFailures(ctx context.Context, l *List, id uint32, morning time.Time) (*failureReport, error) {
	r := &failureReport{list: l, site: e.Site(), morning: morning, byOut: map[uint64]*postFailures{}}
	var last Failure
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		more = false
		n := 0
		err := e.Store.View(func(tx Reader) error {
			return tx.Failures(id, last, func(f Failure) error {
				if !f.At.Before(morning) {
					return ErrStop
				}
				r.add(&f)
				last = f
				if n++; n == failuresPerView {
					more = true
					return ErrStop
				}
				return nil
			})
		})
		if err != nil {
			return nil, err
		}
	}
	if err := e.Store.View(func(tx Reader) error { return r.readChanges(tx, id) }); err != nil {
		return nil, err
	}
	for _, p := range r.reported() {
		if err := e.Store.View(func(tx Reader) error { return p.read(tx, id) }); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *failureReport) add(f *Failure) {
	r.all = append(r.all, failureName{f.At, f.Outgoing, f.Number})
	p := r.byOut[f.Outgoing]
	if p == nil {
		p = &postFailures{outgoing: f.Outgoing}
		r.byOut[f.Outgoing] = p
		r.posts = append(r.posts, p)
	}
	if p.copies++; len(r.posts) <= postsReported || p.groups != nil {
		p.add(f)
	}
}

// reported are the posts that the notice has room for.
func (r *failureReport) reported() []*postFailures { return r.posts[:min(len(r.posts), postsReported)] }

func (p *postFailures) add(f *Failure) {
	code := statusCode(f.Status)
	var g *statusGroup
	for _, one := range p.groups {
		if one.code == code || one.code == "" {
			g = one
			break
		}
	}
	if g == nil {
		g = &statusGroup{code: code, status: f.Status}
		if len(p.groups) == groupsReported-1 {
			g.code = ""
		}
		p.groups = append(p.groups, g)
	}
	g.copies++
	if p.named < addressesReported {
		p.named++
		g.addresses = append(g.addresses, f.Address)
	}
}

// read completes what is known of a post.
func (p *postFailures) read(r Reader, list uint32) error {
	out, err := r.Outgoing(p.outgoing)
	if err != nil {
		return err
	}
	if p.tally, err = r.Tally(p.outgoing); err != nil {
		return err
	}
	p.post, err = r.Post(list, out.Post)
	if errors.Is(err, ErrNotFound) {
		p.post, err = Post{Number: out.Post, Accepted: out.Accepted}, nil
	}
	return err
}

// statusCode takes the reply code and the enhanced code (RFC 3463) out of a status: "550 5.1.1", "550", "4.4.7", or nothing.
func statusCode(status string) string {
	code, rest, _ := strings.Cut(status, " ")
	if len(code) == 3 && digits(code) {
		if enhanced, _, _ := strings.Cut(rest, " "); isEnhanced(enhanced) {
			return code + " " + enhanced
		}
		return code
	}
	if isEnhanced(code) {
		return code
	}
	return ""
}

func isEnhanced(s string) bool {
	parts := strings.Split(s, ".")
	if len(parts) != 3 || len(s) > len("5.999.999") {
		return false
	}
	for _, p := range parts {
		if p == "" || !digits(p) {
			return false
		}
	}
	return parts[0] == "4" || parts[0] == "5"
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }
