package plan

import "time"

// Calendar is the working time of a list: when drafts, alarms and nudges go to people. The hours are in the addressee's own zone where that is known.
type Calendar struct {
	Location *time.Location
	Days     [7]bool // by time.Weekday
	From, To int     // minutes from midnight
	Skip     map[Date]bool
}
