package list

import "testing"

// TestAdmit is the table of policy and authentication.
func TestAdmit(t *testing.T) {
	for name, c := range map[string]struct {
		policy  Join
		closed  bool
		by      proof
		member  bool
		invited bool
		want    admission
	}{
		"open takes an authenticated stranger at once":              {policy: JoinOpen, by: authenticated, want: admitted},
		"open asks whoever only claims to be somebody":              {policy: JoinOpen, by: claimed, want: admitAsked},
		"open takes who confirmed":                                  {policy: JoinOpen, by: confirmed, want: admitted},
		"confirm asks also who is authenticated":                    {policy: JoinConfirm, by: authenticated, want: admitAsked},
		"confirm asks whoever only claims to be somebody":           {policy: JoinConfirm, by: claimed, want: admitAsked},
		"confirm takes who confirmed":                               {policy: JoinConfirm, by: confirmed, want: admitted},
		"approve asks who is authenticated to confirm first":        {policy: JoinApprove, by: authenticated, want: admitAsked},
		"approve has the moderators decide on who confirmed":        {policy: JoinApprove, by: confirmed, want: admitRequested},
		"approve takes who was invited":                             {policy: JoinApprove, by: confirmed, invited: true, want: admitted},
		"invite takes who was invited and is authenticated":         {policy: JoinInvite, by: authenticated, invited: true, want: admitted},
		"invite takes who was invited and confirmed":                {policy: JoinInvite, by: confirmed, invited: true, want: admitted},
		"invite asks whoever only claims to have been invited":      {policy: JoinInvite, by: claimed, invited: true, want: admitAsked},
		"invite turns away who was not":                             {policy: JoinInvite, by: confirmed, want: admitUninvited},
		"closed takes nobody":                                       {policy: JoinClosed, by: confirmed, invited: true, want: admitNot},
		"no policy is closed":                                       {policy: "", by: confirmed, want: admitNot},
		"a list that is closed takes nobody whatever its policy":    {policy: JoinOpen, closed: true, by: authenticated, want: admitNot},
		"a member who is known to be one is told so":                {policy: JoinConfirm, by: authenticated, member: true, want: admitAlready},
		"nobody learns from a claim that the address is a member's": {policy: JoinConfirm, by: claimed, member: true, want: admitAsked},
		"nor on a closed list":                                      {policy: JoinClosed, by: claimed, member: true, want: admitNot},
	} {
		t.Run(name, func(t *testing.T) {
			if got := admit(c.policy, c.closed, c.by, c.member, c.invited); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
