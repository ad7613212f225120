package main

import (
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"convene/mailer"
	"convene/store"
)

// metrics is what Prometheus is told. Names end in their unit, counters in _total; what can be counted when it is asked for is not kept.
// No metric has an address in it; domains are named, but only so many of them.
type metrics struct {
	registry *prometheus.Registry
	now      func() time.Time // of what is stored
	clock    func() time.Time // of how long something takes: the real one, even where now stands still
	log      *slog.Logger

	deliveries *prometheus.CounterVec
	delay      prometheus.Histogram
	accept     *prometheus.HistogramVec
	posts      *prometheus.CounterVec

	domains sync.Map    // domain -> *outcomes
	full    atomic.Bool // no further domain gets a label
	naming  sync.Mutex  // held while one gets it
	named   int         // domains that have one
	other   *outcomes   // of all others
}

// metricsSources are whom the metrics ask.
type metricsSources struct {
	DB       *store.DB
	Now      func() time.Time
	Sessions func() int    // open SMTP and LMTP sessions
	Reading  func() int    // open IMAP sessions; nil: nobody reads by it
	HopsDown func() int    // next hops that mail waits for
	Health   func() health // what /healthz says
	// Behind is how many posts cannot be found yet; false: none can be searched. Nil: nobody knows.
	Behind func() (uint64, bool)
	// Mailboxes are those that mail is fetched from; nil: none.
	Mailboxes func() []mailer.PickupStatus
	Log       *slog.Logger
}

func newMetrics(s metricsSources) *metrics {
	m := &metrics{registry: prometheus.NewRegistry(), now: s.Now, clock: time.Now, log: s.Log}
	m.deliveries = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "convene_deliveries_total",
		Help: "Copies by what became of one attempt: delivered; deferred, to be tried again; failed for good; dropped by command. " +
			"By the recipient's domain; the first 200 domains have their own label, all further ones are other."}, []string{"result", "domain"})
	m.delay = prometheus.NewHistogram(prometheus.HistogramOpts{Name: "convene_delivery_delay_seconds",
		Help:    "How long it took from the acceptance of a post until a member's server had their copy.",
		Buckets: []float64{1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 24 * 3600, 5 * 24 * 3600}})
	m.accept = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "convene_accept_seconds",
		Help: "How long a sender waited between the end of a message and the answer to it: accepted (also mail for people behind an address, and " +
			"duplicates), held for a moderator, refused, or error, after which the sender tries again.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}}, []string{"result"})
	m.posts = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "convene_posts_total",
		Help: "Messages that came in, by what was decided: accept, hold, refuse, discard (duplicates and automatic mail), forward (to owners, " +
			"moderators, the admin), leave and the like for mail that the engine reads itself, or error."}, []string{"action"})
	m.other = m.newOutcomes("other")
	m.registry.MustRegister(m.deliveries, m.delay, m.accept, m.posts, newLevels(s),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler answers /metrics, and nothing else.
func (m *metrics) Handler() http.Handler {
	inner := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, ErrorLog: slog.NewLogLogger(m.log.Handler(), slog.LevelError)})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/metrics" {
			http.NotFound(w, r)
			return
		}
		if reads(w, r) {
			inner.ServeHTTP(w, r)
		}
	})
}

// Server serves the Handler with bounds on what a client may send and how long it may take.
func (m *metrics) Server() *http.Server {
	return &http.Server{
		Handler: m.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(m.log.Handler(), slog.LevelWarn),
	}
}
