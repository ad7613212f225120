package list

// subscribe makes whoever asks a member, as far as the list's policy lets it.
func (t *turn) subscribe(string) error {
	banned, err := isBanned(t.tx, t.rec.ID, t.from.Addr)
	if err != nil {
		return err
	}
	a := t.admission()
	if banned && (a == admitted || a == admitRequested) {
		a = admitBanned
	}
	switch a {
	case admitted:
		return t.enter()
	case admitRequested:
		t.say("join-requested")
		return t.request()
	default:
		t.say("join-"+string(a), "owner", t.list.Word("owner"))
	}
	return nil
}

// admission is what becomes of a request to join by who asks.
func (t *turn) admission() admission {
	return admit(t.list.Join, t.rec.Closed || t.list.Closed, t.proof, t.member != nil, t.invited)
}

// enter makes them a member.
func (t *turn) enter() error {
	m, err := NewMember(t.from.Addr, map[string]string{"name": memberName(t.from.Name)})
	if err != nil {
		return err
	}
	if err := t.e.checkMember(&m); err != nil {
		t.say("no-address", "asked", shownLine(t.from.Addr))
		return nil
	}
	m.List, m.Joined = t.rec.ID, t.now
	if err = t.e.revive(t.tx, m.Address, t.rec.ID, t.now); err != nil { // who joins reads what comes
		return err
	}
	if m, err = t.e.putMember(t.tx, m, t.now); err != nil {
		return err
	}
	t.member, t.joined, t.left = &m, true, false
	if err := t.settleInvitations("join-admitted"); err != nil {
		return err
	}
	t.log("member joined")
	return nil
}

func (t *turn) unsubscribe(string) error {
	if !t.isMember() {
		return nil
	}
	_, said, err := interestsOf(t.tx, t.rec.ID, t.member.Number, interestsBack)
	if err != nil {
		return err
	}
	if err := t.tx.DeleteMember(t.rec.ID, t.member.Address); err != nil {
		return err
	}
	t.left, t.joined = true, false
	t.log("member left")
	t.was, t.saidBefore, t.member = t.member, said, nil
	return nil
}
