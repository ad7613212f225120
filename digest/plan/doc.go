// Package plan is the plan of an e-discussion: which emails go out, when, in whose name, and who answers first.
//
// A Discussion is what the config file, or a facilitator's mail, says: a title, a start, weeks, questions. Changes are what its facilitators said since, by
// mail. From the two Rows makes the planned emails, each with its time; that is a pure function, so that a plan can be shown, tried and compared before
// anything is sent, and made again after a change. A row has a key that stays the same whatever is postponed or added: what was done is remembered by it,
// so that it happens once.
//
// Times are of the list's own zone. A time of day that the spring's change of clocks leaves out is the first instant after it; one that autumn has twice
// is the first of the two. Working time (Calendar) is what is asked of facilitators and nobody else.
//
// Nothing here reads a clock, a file or a store, and nothing knows what a mail looks like: that is package letter.
package plan
