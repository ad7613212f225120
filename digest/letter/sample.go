package letter

import (
	"reflect"
	"time"

	"convene/digest/facts"
	"convene/digest/plan"
)

// samples has values of the data of every text, by its name. A text is tried with each of them, once with all its empty fields filled and once as it is; so
// a value says only what a text makes a difference by. A text without samples is not accepted.
var samples = map[string][]any{
	"message":       {messageData{}},
	"announcement":  {plannedData{}, plannedData{Quoting: "organisations", Place: Place{Archive: "public"}}, plannedData{Quoting: "none", Place: Place{Archive: "none"}}},
	"kickoff":       {plannedData{}},
	"questions":     {plannedData{}},
	"midweek":       {plannedData{}},
	"weekly":        {plannedData{Spotlights: everyReason, Next: everyStep}},
	"closing":       {plannedData{Spotlights: everyReason}},
	"event_content": {plannedData{}},
	"event_summary": {plannedData{}},
	"event-notes":   {notesData{}, notesData{Notes: []wholeNotes{{}}}},
	"follow_up":     {plannedData{Next: everyStep}},
	"plain":         {plannedData{}},
	"draft": {draftData{Silence: "plain", Verbs: everyVerb, Doubts: everyDoubt, Remarks: everyRemark}, draftData{Silence: "send", Verbs: everyVerb},
		draftData{Silence: "hold", Verbs: everyVerb}},
	"draft-tail": {draftData{}},
	"draft-note": {DraftNote{What: DraftLate, Kind: plan.Weekly}, DraftNote{What: DraftOut, Kind: plan.Questions}, DraftNote{What: DraftLeft, Kind: plan.Midweek},
		DraftNote{What: DraftDecided, Kind: plan.Weekly}},
	"short":     {shortData{}},
	"synthesis": {synthesisData{}, synthesisData{Tables: []TableNotes{{}}}, synthesisData{Public: true, Quoting: "none"}, synthesisData{Quoting: "organisations"}},
	"thanks":    {thanksData{}, thanksData{TakenUpBy: []string{"Awa"}}},

	"anonymous":      anonymousSamples(),
	"anonymous-post": {Anonymous{}},

	"digest":  {Digest{}},
	"catchup": {CatchUp{}},

	"passed-on":   {PassedOn{}},
	"passed-told": {PassedOn{}},
	"plan":        planSamples(),
	"plan-faults": planFaultSamples(),
	"preview":     previewSamples(),
	"record":      recordSamples(),

	"invitation":     invitationSamples(),
	"event-reminder": reminderSamples(),
	"rsvp":           rsvpSamples(),
	"roundup":        roundupSamples(),

	"event-draft":   eventDraftSamples(),
	"event-told":    eventToldSamples(),
	"event-missing": {EventMissing{}, EventMissing{Remark: "unread"}, EventMissing{Invited: 1, Yes: 1}},
	"event-faults":  {EventFaults{}},
	"events":        {EventIndex{}, EventIndex{Events: []Coming{{Going: true, Answer: "yes"}}}, EventIndex{Feed: "https://lists.example.org/peers@lists.example.org/calendar.ics"}, EventIndex{OwnFeed: true}},

	"tables":        tablesSamples(),
	"table-sheet":   {TableSheet{}},
	"table-notes":   {NotesAsked{}},
	"table-letters": {TableLetters{}, TableLetters{Closed: true}},
	"table-mail":    {TableByMail{}, TableByMail{Shared: true}},
	"table-heard":   notesHeardSamples(),
	"event-page":    rsvpSamples(),

	"presenter-reminder": {Presenting{}, Presenting{Days: 1}},
	"presenting":         presentingSamples(),
	"going":              {Going{}},

	"newcomer":           {Newcomer{}, Newcomer{Quoting: "organisations", Place: Place{Archive: "public"}}, Newcomer{Quoting: "none", Place: Place{Archive: "none"}}},
	"commitment":         {Commitment{}},
	"morning-note":       morningSamples(),
	"morning-done":       {MorningDone{}, MorningDone{Ruled: []MorningRuled{{}}}},
	"quiet":              {Quiet{}, Quiet{People: []Contact{{Why: WroteHere}, {Why: WroteBefore}}}, Quiet{Past: 2}, Quiet{Past: 1, PastQuiet: 1}},
	"quiet-done":         {QuietDone{Did: "asked"}, QuietDone{Did: "again"}, QuietDone{Did: "forward"}, QuietDone{Did: "fine"}, QuietDone{Did: "before"}, QuietDone{Did: "unknown"}, QuietDone{}},
	"revival":            {Revival{}},
	"responder-ask":      {Responder{}},
	"responder-question": {Responder{}, Responder{Moved: true}},
	"responder-nudge":    {Responder{}},
	"responder-heard":    {Responder{Said: "yes"}, Responder{Said: "other day"}, Responder{Said: "tomorrow"}, Responder{Said: "no"}},
}

// What texts have words for, one by one.
var (
	everyRemark = []Remark{{What: RemarkUnread}, {What: RemarkEmpty}, {What: RemarkNoText}, {What: RemarkLater}, {What: RemarkPast}, {What: RemarkNobody}, {What: RemarkLanguage},
		{What: RemarkTorn}, {What: RemarkUnchanged}, {What: RemarkItem}, {What: RemarkFiles}, {What: RemarkUntested}, {What: RemarkUnheard}, {What: RemarkKind(plan.OffDay)}, {What: RemarkKind(plan.AfterEvent)}, {What: RemarkKind(plan.BeforeEvent)},
		{What: RemarkKind(plan.OutOfOrder)}}
	everyVerb = []string{"send", "now", "say TEXT", "drop 2", "drop q3", "rename 1 TEXT", "add 1", "ask TEXT", "t2: TEXT", "drop t2", "spotlight NAME",
		"no spotlight", "edit", "later +1d", "hold", "skip", "handover ADDRESS"}
	everyDoubt  = []doubtData{{What: "one post"}, {What: "no theme"}, {What: "ask first"}, {What: "say"}, {What: "edit"}, {}}
	everyReason = []spotlightData{{For: facts.ForAnswering}, {For: facts.ForBeginning}, {For: facts.ForWelcoming}, {For: facts.ForComingBack},
		{For: facts.ForFirstTime}, {For: facts.ForSharing}, {For: facts.ForTakingItOn}}
	everyStep = []stepData{{Kind: plan.Announcement}, {Kind: plan.Kickoff}, {Kind: plan.Questions}, {Kind: plan.Midweek}, {Kind: plan.Weekly},
		{Kind: plan.Closing}, {Kind: plan.EventContent}, {Kind: plan.EventSummary}, {Kind: plan.FollowUp}}
)

// messageData is what the text "message" is written from: a planned email whose words the config has.
type messageData struct {
	Subject string
	Body    string `letter:"markdown"`
	Place   Place
	Voice   plan.Person
}

// filled is a copy of a value in which words stand in every empty text, Markdown in every empty text that is said to be that (letter:"markdown"), and
// something in everything else that is empty.
func filled(v any, words, markdown string) any {
	all := reflect.New(reflect.TypeOf(v)).Elem()
	all.Set(reflect.ValueOf(v))
	filling{words, markdown}.fill(all, 0)
	return all.Interface()
}

type filling struct{ words, markdown string }

func (f filling) fill(v reflect.Value, depth int) {
	if _, ok := v.Interface().(time.Time); ok {
		if v.IsZero() {
			v.Set(reflect.ValueOf(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)))
		}
		return
	}
	if depth > 8 {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			inner := f
			if v.Type().Field(i).Tag.Get("letter") == "markdown" {
				inner.words = f.markdown
			}
			inner.fill(v.Field(i), depth+1)
		}
	case reflect.String:
		if v.Len() == 0 {
			v.SetString(f.words)
		}
	case reflect.Int, reflect.Int64:
		if v.IsZero() {
			v.SetInt(3)
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		f.fillSlice(v, depth)
	case reflect.Map:
		if v.Type() == reflect.TypeFor[plan.Texts]() && v.Len() == 0 {
			v.Set(reflect.ValueOf(plan.Texts{"": f.words}))
		}
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		f.fill(v.Elem(), depth+1)
	}
}

// fillSlice gives a slice two elements where it has none. Those that it has are copied first.
func (f filling) fillSlice(v reflect.Value, depth int) {
	n := max(v.Len(), 2)
	all := reflect.MakeSlice(v.Type(), n, n)
	reflect.Copy(all, v)
	for i := range n {
		f.fill(all.Index(i), depth+1)
	}
	v.Set(all)
}
