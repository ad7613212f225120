package main

import "time"

// Texts is a text of a plan by language; under the empty language is what was written without one.
type Texts map[string]string

// DiscussionConfig is one [[discussion]].
type DiscussionConfig struct {
	ID               string             `key:"id" is:"id" need:"yes"`
	List             string             `key:"list" is:"address" need:"yes"`
	Title            Texts              `key:"title" is:"titles" need:"yes"`
	Start            string             `key:"start" is:"date" need:"yes"` // 2006-01-02, in the list's zone
	Weeks            int                `key:"weeks" is:"int" default:"2" min:"1" max:"52"`
	Facilitators     []string           `key:"facilitators" is:"mailbox" need:"one"`
	FacilitatorIntro Texts              `key:"facilitator_intro" is:"texts" default:""`
	Introduction     Texts              `key:"introduction" is:"texts" default:"default"` // empty: none
	Hashtag          string             `key:"hashtag" is:"hashtag" default:""`
	Purpose          Texts              `key:"purpose" is:"texts" default:""`
	Evidence         Texts              `key:"evidence" is:"texts" default:""`
	CallToAction     Texts              `key:"call_to_action" is:"texts" default:""`
	Effort           Texts              `key:"effort" is:"texts" default:""`
	Questions        []Texts            `key:"questions" is:"texts" default:""`
	Ask              string             `key:"ask" is:"send" default:"day -14 10:00"`
	Midweek          MidweekConfig      `key:"midweek"`
	Weekly           WeeklyConfig       `key:"weekly"`
	QuietAfter       time.Duration      `key:"quiet_after" is:"duration" default:"12h"`
	Review           time.Duration      `key:"review" is:"duration" default:"6h" min:"0"`
	OnSilence        string             `key:"on_silence" is:"word" of:"plain send hold" default:"plain"`
	Thanks           string             `key:"thanks" is:"word" of:"summary personal both" default:"both"`
	Spotlights       int                `key:"spotlights" is:"int" default:"3" min:"0" max:"100"`
	Attribution      string             `key:"attribution" is:"word" of:"names organisations none" default:""` // empty: the list's
	FirstResponders  []RespondersConfig `key:"first_responders"`
	Emails           []EmailConfig      `key:"email"`
}

// MidweekConfig is the midweek of a discussion.
type MidweekConfig struct {
	Cron         string `key:"cron" is:"cron" default:"0 12 * * WED"`
	OnlyIfPosts  int    `key:"only_if_posts" is:"int" default:"10" min:"0"`
	OnlyIfPeople int    `key:"only_if_people" is:"int" default:"5" min:"0"`
}

// WeeklyConfig is the weekly of a discussion.
type WeeklyConfig struct {
	Cron string `key:"cron" is:"cron" default:"0 11 * * FRI"`
}

// RespondersConfig is one row of first_responders: for a question or an email, counted from 1.
type RespondersConfig struct {
	Question int               `key:"question" is:"int" min:"1"`
	Email    int               `key:"email" is:"int" min:"1"`
	Members  []ResponderConfig `key:"members"`
	Backup   []string          `key:"backup" is:"address" default:""`
}

// ResponderConfig is one first responder.
type ResponderConfig struct {
	Address string `key:"address" is:"address" need:"yes"`
	Why     Texts  `key:"why" is:"texts" default:""`
}

// EmailConfig is one [[discussion.email]].
type EmailConfig struct {
	Kind     string `key:"kind" is:"word" of:"announcement kickoff questions midweek weekly closing event_content event_summary follow_up message" need:"yes"`
	Send     string `key:"send" is:"send" need:"yes"`
	SentBy   string `key:"sent_by" is:"mailbox" default:""` // empty: the first facilitator
	Subject  Texts  `key:"subject" is:"titles" default:""`
	Body     Texts  `key:"body" is:"texts" default:""`
	BodyFile string `key:"body_file" is:"file" default:""`
}

// EventConfig is one [[event]]. Its times are 2006-01-02 15:04 in the list's zone.
type EventConfig struct {
	ID             string          `key:"id" is:"id" need:"yes"`
	Discussion     string          `key:"discussion" is:"id" default:""`
	Invite         time.Duration   `key:"invite" is:"duration" default:"14d"`
	List           string          `key:"list" is:"address" need:"yes"`
	Title          Texts           `key:"title" is:"titles" need:"yes"`
	Start          string          `key:"start" is:"time" need:"yes"`
	Repeat         string          `key:"repeat" is:"line" default:""` // an RRULE without its name; empty: once
	Except         []string        `key:"except" is:"date" default:""` // dates of it on which it does not take place
	Minutes        int             `key:"minutes" is:"int" default:"90" min:"1" max:"10080"`
	Format         string          `key:"format" is:"word" of:"world_cafe lunch_and_learn meeting" default:"meeting"`
	Where          string          `key:"where" is:"line" default:""`
	RegisterBy     string          `key:"register_by" is:"time" default:""`
	Reminders      []time.Duration `key:"reminders" is:"duration" default:"1d, 1h"`
	Agenda         []Texts         `key:"agenda" is:"texts" default:""`
	Presenters     []string        `key:"presenters" is:"mailbox" default:""`
	Places         int             `key:"places" is:"int" default:"0" min:"0"` // zero: no limit
	Languages      []string        `key:"languages" is:"language" default:""`
	Rounds         int             `key:"rounds" is:"int" default:"3" min:"1" max:"20"`
	RoundQuestions []Texts         `key:"round_questions" is:"texts" default:""`
	TableSize      int             `key:"table_size" is:"int" default:"5" min:"3" max:"12"`
	ExpectShow     float64         `key:"expect_show" is:"float" default:"1.0" min:"0.1" max:"1"`
}
