// Package mailtest has what tests of mail need in place of a network: a listener whose connections live in memory, and peers that play a script.
//
// Nothing of it opens a socket, and what waits in it does so where testing/synctest can see it. It is imported by tests only.
package mailtest
