package main

import (
	"runtime"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"convene/list"
)

// levels collects what is so at the moment, from whoever knows it.
type levels struct {
	metricsSources
	build prometheus.Metric

	healthy, oldest, messages, copies, paused, hops, sessions, reading *prometheus.Desc
	lists, members, held, behind                                       *prometheus.Desc
	commits, writes, syncs, index, segments, free                      *prometheus.Desc
	mailboxes, watched, fetched, waiting                               *prometheus.Desc
}

func newLevels(s metricsSources) *levels {
	d := func(name, help string) *prometheus.Desc { return prometheus.NewDesc("convene_"+name, help, nil, nil) }
	return &levels{
		metricsSources: s,
		build: prometheus.MustNewConstMetric(prometheus.NewDesc("convene_build_info", "Which version runs; always 1.", nil,
			prometheus.Labels{"version": versionText(), "go_version": runtime.Version()}), prometheus.GaugeValue, 1),
		healthy: d("healthy", "1 while mail moves, 0 when a person should look; /healthz and convene status say why."),
		oldest: d("oldest_undelivered_seconds",
			"How long ago the oldest message was accepted that is not with everybody yet, 0 when there is none. Days are normal where one member's server is down."),
		messages:  d("outbox_messages", "Messages that are not with everybody yet."),
		copies:    d("outbox_copies", "Copies that wait to be delivered, about: members who will turn out to get none are among them."),
		paused:    d("outbox_paused", "1 while all deliveries are paused, by command or after a restore."),
		hops:      d("hops_down", "Servers that mail waits for, since they cannot be reached, refuse our password, or refuse a post whoever it is for."),
		sessions:  d("sessions", "Connections over which mail is being handed in."),
		reading:   d("imap_sessions", "Connections of mail programs that read archives."),
		lists:     d("lists", "Lists that there are records of; also those that are gone from the config."),
		members:   d("members", "Memberships of all lists together."),
		held:      d("held_posts", "Posts that wait for a moderator."),
		behind:    d("search_behind_posts", "Posts that a search does not find yet; absent where nothing can be searched."),
		commits:   d("store_commits_total", "Transactions of the store. Several messages share one when they come together."),
		writes:    d("store_writes_total", "Changes in these transactions."),
		syncs:     d("store_syncs_total", "How often the store waited until the disk had everything."),
		index:     d("store_index_bytes", "Size of the index."),
		segments:  d("store_segments_bytes", "Size of the stored messages, compressed."),
		free:      d("store_free_bytes", "Room left on the disk of the store. Mail is refused for now before it is all used up."),
		mailboxes: d("mailboxes", "Hosted mailboxes that mail is fetched from."),
		watched:   d("mailboxes_watched", "How many of them are connected."),
		fetched: prometheus.NewDesc("convene_mailbox_messages_total", "Messages in them by what became of each: taken; duplicate, taken before; refused, as a sender "+
			"would have been told by SMTP; left, since too large or for nobody here.", []string{"result"}, nil),
		waiting: d("mailbox_messages_waiting", "Messages in them that could not be taken and are tried again."),
	}
}

// Describe implements prometheus.Collector.
func (l *levels) Describe(c chan<- *prometheus.Desc) {
	c <- l.build.Desc()
	for _, d := range []*prometheus.Desc{l.healthy, l.oldest, l.messages, l.copies, l.paused, l.hops, l.sessions, l.reading, l.lists, l.members, l.held, l.behind,
		l.commits, l.writes, l.syncs, l.index, l.segments, l.free, l.mailboxes, l.watched, l.fetched, l.waiting} {
		c <- d
	}
}

// Collect implements prometheus.Collector. What cannot be read is left out: that the store failed is what convene_healthy says.
func (l *levels) Collect(c chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64) { c <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v) }
	c <- l.build
	gauge(l.healthy, truth(l.Health().Status == healthOK))
	messages, copies, oldest := l.DB.Pending()
	age := time.Duration(0)
	if !oldest.IsZero() {
		age = max(0, l.Now().Sub(oldest))
	}
	gauge(l.oldest, age.Seconds())
	gauge(l.messages, float64(messages))
	gauge(l.copies, float64(copies))
	gauge(l.paused, truth(slices.Contains(l.DB.Paused(), "")))
	gauge(l.hops, float64(l.HopsDown()))
	gauge(l.sessions, float64(l.Sessions()))
	if l.Reading != nil {
		gauge(l.reading, float64(l.Reading()))
	}
	lists, members := 0, 0
	err := l.DB.View(func(r list.Reader) error {
		return r.Lists(func(rec list.Record) error { lists++; members += int(rec.Members); return nil })
	})
	if err == nil {
		gauge(l.lists, float64(lists))
		gauge(l.members, float64(members))
	}
	if held, err := l.DB.CountHeld(); err == nil {
		gauge(l.held, float64(held))
	}
	if l.Behind != nil {
		if posts, ok := l.Behind(); ok {
			gauge(l.behind, float64(posts))
		}
	}
	l.collectStore(c)
	l.collectMailboxes(c)
}

func (l *levels) collectMailboxes(c chan<- prometheus.Metric) {
	if l.Mailboxes == nil {
		return
	}
	all := l.Mailboxes()
	watched, waiting := 0, 0
	results := map[string]uint64{"taken": 0, "duplicate": 0, "refused": 0, "left": 0}
	for _, s := range all {
		if s.Connected {
			watched++
		}
		waiting += s.Waiting
		results["taken"] += s.Taken
		results["duplicate"] += s.Duplicates
		results["refused"] += s.Refused
		results["left"] += s.Left
	}
	for d, n := range map[*prometheus.Desc]int{l.mailboxes: len(all), l.watched: watched, l.waiting: waiting} {
		c <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(n))
	}
	for result, n := range results {
		c <- prometheus.MustNewConstMetric(l.fetched, prometheus.CounterValue, float64(n), result)
	}
}

func (l *levels) collectStore(c chan<- prometheus.Metric) {
	s, err := l.DB.Stats()
	for d, n := range map[*prometheus.Desc]uint64{l.commits: s.Groups, l.writes: s.Jobs, l.syncs: s.Syncs} {
		c <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n))
	}
	if err != nil {
		return
	}
	for d, n := range map[*prometheus.Desc]int64{l.index: s.Index, l.segments: s.Segments, l.free: s.Free} {
		c <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(n))
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
