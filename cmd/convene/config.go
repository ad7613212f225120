package main

import (
	"net/netip"
	"time"
	_ "time/tzdata" // a server without zone files must know Africa/Nairobi too

	"convene/digest/letter"
	"convene/list"
)

// Config is what the config file (and what it includes) says, checked and with every default filled in. It is immutable once made: a reload makes
// another one. The struct tags are the schema, and the only one: key is the name in the file; is names the kind of value (config_value.go), a table has
// none; of lists the words of an enum; default is the value of a key left out, without quotes, items of an array divided by ", "; need marks a key without
// default that must be there; min and max bound a number or a size; later lists the words that this version has not got, * for everything but the default.
//
// Paths are absolute. An empty string means "off" or "none" wherever it is allowed.
type Config struct {
	Server      ServerConfig       `key:"server"`
	SMTP        SMTPConfig         `key:"smtp"`
	TLS         TLSConfig          `key:"tls"`
	Delivery    DeliveryConfig     `key:"delivery"`
	DNS         DNSConfig          `key:"dns"`
	Limits      LimitsConfig       `key:"limits"`
	Store       StoreConfig        `key:"store"`
	DKIM        []DKIMConfig       `key:"dkim"`
	IMAP        IMAPConfig         `key:"imap"`
	HTTP        HTTPConfig         `key:"http"`
	Metrics     MetricsConfig      `key:"metrics"`
	Intake      []IntakeConfig     `key:"intake"`
	Lists       []ListConfig       `key:"list"`
	Summary     SummaryConfig      `key:"summary"`
	Discussions []DiscussionConfig `key:"discussion"`
	Events      []EventConfig      `key:"event"`

	// Files are the files that were read, the main one first, each once, and the texts last: what a backup keeps a copy of.
	Files []string
	texts *list.Texts // what notices say; nil: what is built in
	// letters is what the mails of discussions say; nil: what is built in.
	letters *letter.Book
}

// ServerConfig is [server].
type ServerConfig struct {
	Hostname string   `key:"hostname" is:"fqdn" need:"yes"`
	DataDir  string   `key:"data_dir" is:"path" default:"./data"`
	Admin    string   `key:"admin" is:"address" need:"yes"`
	Include  []string `key:"include" is:"line" default:""`
}

// SMTPConfig is [smtp].
type SMTPConfig struct {
	Listen         string         `key:"listen" is:"listen" default:"127.0.0.1:2525" empty:"ok"` // empty: no SMTP listener
	LMTP           string         `key:"lmtp" is:"lmtp" default:""`                              // host:port, or the absolute path of a Unix socket
	MaxMessage     int64          `key:"max_message" is:"size" default:"25MB" max:"1GB"`
	MaxConnections int            `key:"max_connections" is:"int" default:"1000" min:"1"`
	SpamHeader     string         `key:"spam_header" is:"header" default:""`
	TrustedRelays  []netip.Prefix `key:"trusted_relays" is:"prefix" default:"127.0.0.0/8, ::1/128"`
	AuthservID     string         `key:"authserv_id" is:"authserv" default:""`
}

// TLSConfig is [tls]: both files or none. They were readable and fitted together when the config was read.
type TLSConfig struct {
	Cert string `key:"cert" is:"file" default:""`
	Key  string `key:"key" is:"secret" default:""`
}

// DeliveryConfig is [delivery].
type DeliveryConfig struct {
	Transport            string            `key:"transport" is:"word" of:"maildir smarthost mx" default:"maildir"`
	Maildir              string            `key:"maildir" is:"path" default:"./data/sent"`
	Smarthost            string            `key:"smarthost" is:"hop" default:"127.0.0.1:25"`
	Username             string            `key:"smarthost_username" is:"line" default:""`
	PasswordFile         string            `key:"smarthost_password_file" is:"secret" default:""`
	TLS                  string            `key:"tls" is:"word" of:"none opportunistic required" default:"opportunistic"`
	Connections          int               `key:"connections" is:"int" default:"20" min:"1" max:"10000"`
	ConnectionsPerDomain int               `key:"connections_per_domain" is:"int" default:"4" min:"1" max:"10000"`
	RecipientsPerMessage int               `key:"recipients_per_message" is:"int" default:"100" min:"1" max:"10000"`
	Personalise          bool              `key:"personalise" is:"bool" default:"true"`
	Rate                 Rate              `key:"rate" is:"rate" default:""` // zero: no limit
	Retry                []time.Duration   `key:"retry" is:"duration" default:"15m, 30m, 1h, 2h, 3h" need:"one"`
	RetryFor             time.Duration     `key:"retry_for" is:"duration" default:"5d"`
	AlwaysMunge          []string          `key:"always_munge" is:"domain" default:"gmail.com, googlemail.com"`
	DANE                 bool              `key:"dane" is:"bool" default:"false"`
	Routes               map[string]string `key:"routes" is:"hop"` // next hop by recipient domain, in lower case
}

// DNSConfig is [dns].
type DNSConfig struct {
	Resolver string `key:"resolver" is:"resolver" default:""` // empty: the system's
}

// LimitsConfig is [limits]; but for the tags it is list.Limits, and is converted to it.
type LimitsConfig struct {
	RcptPerMessage           int           `key:"rcpt_per_message" is:"int" default:"1000" min:"1"`
	HeaderBytes              int64         `key:"header_bytes" is:"size" default:"256KB" max:"1GB"`
	HeaderFields             int           `key:"header_fields" is:"int" default:"1000" min:"1"`
	MIMEDepth                int           `key:"mime_depth" is:"int" default:"50" min:"1" max:"1000"`
	MIMEParts                int           `key:"mime_parts" is:"int" default:"1000" min:"1"`
	Received                 int           `key:"received" is:"int" default:"100" min:"1"`
	ErrorsPerSession         int           `key:"errors_per_session" is:"int" default:"20" min:"1"`
	ConnectionsPerIP         int           `key:"connections_per_ip" is:"int" default:"20" min:"1"`
	IdleTimeout              time.Duration `key:"idle_timeout" is:"duration" default:"5m"`
	DNSBudget                time.Duration `key:"dns_budget" is:"duration" default:"8s"`
	ConfirmsPerAddressPerDay int           `key:"confirms_per_address_per_day" is:"int" default:"3" min:"1"`
	CommandsPerMail          int           `key:"commands_per_mail" is:"int" default:"25" min:"1"`
	CommandsPerAddressPerHr  int           `key:"commands_per_address_per_hour" is:"int" default:"20" min:"1"`
	HeldNoticesPerHour       int           `key:"held_notices_per_hour" is:"int" default:"20" min:"1"`
}

// StoreConfig is [store].
type StoreConfig struct {
	Engine string `key:"engine" is:"word" of:"bbolt postgres" default:"bbolt" later:"postgres"`
	DSN    string `key:"dsn" is:"line" default:"" later:"*"`
}

// DKIMConfig is one [[dkim]].
type DKIMConfig struct {
	Domain   string `key:"domain" is:"domain" need:"yes"`
	Selector string `key:"selector" is:"selector" need:"yes"`
	KeyFile  string `key:"key_file" is:"secret" need:"yes"`
	ARC      bool   `key:"arc" is:"bool" default:"false"`
}

// IMAPConfig is [imap].
type IMAPConfig struct {
	Listen string `key:"listen" is:"listen" default:""` // empty: nobody reads by it; on port 993 TLS begins at once
}

// HTTPConfig is [http].
type HTTPConfig struct {
	Listen         string         `key:"listen" is:"listen" default:"127.0.0.1:8025" empty:"ok"` // empty: no pages
	BaseURL        string         `key:"base_url" is:"url" default:"http://127.0.0.1:8025"`
	TrustedProxies []netip.Prefix `key:"trusted_proxies" is:"prefix" default:"127.0.0.0/8"`
}

// MetricsConfig is [metrics].
type MetricsConfig struct {
	Listen string `key:"listen" is:"listen" default:""`
}

// IntakeConfig is one [[intake]]. Two that are equal are the same mailbox.
type IntakeConfig struct {
	IMAP         string `key:"imap" is:"imapurl" need:"yes"`
	Username     string `key:"username" is:"line" need:"yes"`
	PasswordFile string `key:"password_file" is:"secret" need:"yes"`
	Mailbox      string `key:"mailbox" is:"line" default:"INBOX"`
}

// SummaryConfig is [summary].
type SummaryConfig struct {
	Command string `key:"command" is:"line" default:""`
}

// ListConfig is one [[list]].
type ListConfig struct {
	Address      string           `key:"address" is:"listaddress" need:"yes"`
	Name         string           `key:"name" is:"line" default:""`
	Description  string           `key:"description" is:"line" default:""`
	Language     string           `key:"language" is:"language" default:"en"`
	Languages    []string         `key:"languages" is:"language" default:""` // empty: its own alone
	Location     *time.Location   `key:"timezone" is:"zone" default:"UTC"`
	WorkingDays  []string         `key:"working_days" is:"word" of:"MON TUE WED THU FRI SAT SUN" default:"MON, TUE, WED, THU, FRI" need:"one"`
	WorkingHours Hours            `key:"working_hours" is:"hours" default:"08:00-18:00"`
	SkipDates    []string         `key:"skip_dates" is:"date" default:""` // 2006-01-02
	Owners       []string         `key:"owners" is:"address" default:""`
	Moderators   []string         `key:"moderators" is:"address" default:""`
	Facilitators []string         `key:"facilitators" is:"address" default:""`
	Core         []string         `key:"core" is:"address" default:""`
	Attribution  string           `key:"attribution" is:"word" of:"names organisations none" default:"names"`
	EngineMails  int              `key:"engine_mails_per_day" is:"int" default:"1" min:"1"`
	MaxRecipient int              `key:"max_recipients" is:"int" default:"10" min:"0"` // zero: no limit
	Type         list.Type        `key:"type" is:"word" of:"discussion announce newsletter" default:"discussion" later:"newsletter"`
	Posting      list.Posting     `key:"posting" is:"word" of:"members hold_others moderated anyone roles" default:"members"`
	Join         list.Join        `key:"join" is:"word" of:"open confirm approve invite closed" default:"confirm"`
	NewModerated int              `key:"new_members_moderated_for" is:"int" default:"1" min:"0"`
	RequireAuth  list.RequireAuth `key:"require_auth" is:"word" of:"never policy always" default:"policy"`
	HeldFor      time.Duration    `key:"held_for" is:"duration" default:"14d"`
	Prefix       string           `key:"subject_prefix" is:"line" default:""`
	ReplyTo      list.ReplyTo     `key:"reply_to" is:"word" of:"list sender" default:"list"`
	Archive      list.Archive     `key:"archive" is:"word" of:"members public none" default:"members"`
	Parent       string           `key:"parent" is:"address" default:"" later:"*"`
	Was          []string         `key:"was" is:"alias" default:""`
	Aliases      []string         `key:"aliases" is:"alias" default:""`
	Roster       list.Roster      `key:"roster" is:"word" of:"owners members" default:"owners"`
	HoldAll      bool             `key:"hold_all" is:"bool" default:"false"`
	Phase        string           `key:"phase" is:"word" of:"pilot launch grow sustain closed" default:"grow" later:"pilot launch sustain"`
	MaxMessage   int64            `key:"max_message" is:"size" default:"5MB"` // never more than the site's
	Attachments  list.Attachments `key:"attachments" is:"word" of:"keep library strip" default:"keep"`
	AttachOver   int64            `key:"attachments_over" is:"size" default:"200KB" empty:"ok"` // zero: none is too large
	Footer       *list.Footer     `key:"footer" is:"template" default:"default"`                // nil: none
	CopyToAuthor bool             `key:"copy_to_author" is:"bool" default:"true"`

	Charter CharterConfig `key:"charter"`
	Digest  DigestConfig  `key:"digest"`
	RoundUp RoundUpConfig `key:"roundup"`
	Report  ReportConfig  `key:"report"`
}

// CharterConfig is [list.charter].
type CharterConfig struct {
	Domain    string   `key:"domain" is:"prose" default:""`
	Community string   `key:"community" is:"prose" default:""`
	Practice  string   `key:"practice" is:"prose" default:""`
	Values    []string `key:"values" is:"prose" default:""`
}

// DigestConfig is [list.digest].
type DigestConfig struct {
	Cron string `key:"cron" is:"cron" default:"0 7 * * *" empty:"ok"` // empty: members cannot choose it
}

// RoundUpConfig is [list.roundup].
type RoundUpConfig struct {
	Cron       string `key:"cron" is:"cron" default:"0 8 * * MON" empty:"ok"` // empty: there is none
	EveryWeeks int    `key:"every_weeks" is:"int" default:"2" min:"1" max:"52"`
	DaysAhead  int    `key:"days_ahead" is:"int" default:"30" min:"1" max:"1000"`
}

// ReportConfig is [list.report].
type ReportConfig struct {
	Cron string `key:"cron" is:"cron" default:"" later:"*"`
	To   string `key:"to" is:"word" of:"owners moderators facilitators core" default:"owners"`
}
