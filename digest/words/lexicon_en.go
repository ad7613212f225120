package words

var englishWords = Lexicon{
	tag: "en", props: englishProps, stem: stemEnglish, join: set("of for one"), articles: set("the a an"),
	manner: set("by on without via"),
	before: set(`the a an of in on for with from by about into this these those my our your their its his her any some no each every another more other via without which using between against`),
	doing:  set(`i you we they he she to can could will would should may might must don't doesn't didn't can't won't not let's cannot shall who never just please`),
	stop: set(`a about above across actually after again against ago ah all almost along already also although always am among an and another any anybody anyhow anymore anyone anything anyway are aren't around as at away back
		be because been before behind being below beside besides between beyond both but by can can't cannot could couldn't did didn't do does doesn't doing don't done down during each either else enough especially etc even
		ever every everybody everyone everything except few for from further gone had hadn't has hasn't have haven't having he he'd he'll he's hence her here here's hers herself hi him himself his how how's however i i'd i'll
		i'm i've if in indeed instead into is isn't it it'd it'll it's its itself just last less let let's like likely lot lots made make many may maybe me might mightn't mine more most mostly much must mustn't my myself
		near nearly neither never nevertheless new next no nobody none nor not nothing now of off often oh ok okay on once one ones only onto or other others otherwise our ours ourselves out over own per perhaps please plus
		pretty probably quite rather really right said same say says see seems several shall shan't she she'd she'll she's should shouldn't since so some somebody somehow someone something sometimes somewhat somewhere soon
		still such sure than that that's the their theirs them themselves then there there's therefore these they they'd they'll they're they've this those though through thus till to together too toward towards under unless
		until up upon us use used using usually very via want was wasn't we we'd we'll we're we've well were weren't what what's whatever when when's whenever where where's whether which while who who's whoever whole whom
		whose why why's will with within without won't would wouldn't yes yet you you'd you'll you're you've your yours yourself yourselves ain't gonna wanna isnt dont doesnt im ive id`),
	weak: set(`api apis code codes script scripts file files version versions error errors bug bugs patch patches web server servers ability able add aim approach area aspect attempt bad basis best better big bit bunch case cases chance change changes choice common comment comments
		complete correct couple current currently day days default detail details difference different difficult direct easy effort end example examples exact
		exactly extra fact false fine first follow following form full fun fundamental future general good great group hand handle happy hard help high hope
		hour hours hug idea ideas important interest interested interesting issue issues item items job key kind kinds large later latest left less level line
		lines list little local long look low main major manner matter mean means meantime mention message messages method minor minute minutes moment month
		months mail mails email emails e-mail e-mails moral morning multiple necessary nice normal note number numbers obvious old open opinion option options order original paper part
		particular parts past people person pieces place places plenty point points poor possible post posts present previous problem problems proper purpose
		question questions quick reading real reason reasons recent regular related response rest result results road second sense separate set short side
		similar simple simply single situation size small something soon sort special specific standard start state step steps story stuff subject suggestion
		suggestions surprise talk term terms test text thing things third thought thoughts three time times today tomorrow tool top topic total true try turn
		two type types unable usual value values various version view way ways week weeks weird word words work working world wrong year years yesterday
		information info thanks lack amount rest course favor favour behalf regard regards respect mind instance addition advance sake spite account terms
		role feature features support guys guy folks person man user users answer answers use uses works need needs reply return run move sets pass wait
		show hold break build drop fix lead miss offer pick refer request worry wish cover cause care fail cut deal`),
	verbs: set(`try tries good great nice bad big small long short high low easy difficult simple different similar important interesting main major minor old whole real true wrong particular specific special general common normal usual various several
		multiple single little large fine quick slow actual current recent previous possible necessary available able better best worse worst full complete additional further separate entire proper correct later latest early earlier accept added adding agree agreed allow allowed allows answered apply appears appreciate argue ask asked asking assume assuming based became become
		becomes began begin believe bother breaks bring brought building built called calling calls came causes changed check checked choose come comes coming
		compare consider contain contains continue convert create created creates decide decided define defined depend depending depends did discuss discussed
		do doing ended expect expected explain fails feel felt find finding finds follow forget found gave get gets getting give given gives giving go
		goes going got guess handles happen happened happening happens hear heard held hoping imagine imply include included includes including introduce
		involve involved join keep keeps kept knew know knowing known knows leads learned leave leaving let lets live looked looking looks lose lost loved
		make makes making managed mean meant mentioned missing moved needed noticed obtain occur opened ought passed passing passes perform please prefer
		prevent produce propose prove provide provided provides put puts raise ran read realize received recommend reject rely remain remember remove removed
		replace replied require required requires returned returns running runs saw saying seem seemed seen send sending sends sent serve setting showed shown
		shows speak spend spent started starting starts stay stop stopped suggest suggested suppose supposed take taken takes taking talked talking tell
		telling tells tend think thinking thinks told took tried tries trying turned turns understand understood used using waiting wanted wants went wonder
		wondering worked writes writing written wrote asks became stands seems doing got-to exists exist existed apologize apologise avoid`),
	numbers: set(`two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds
		thousand thousands million millions dozen dozens half quarter twice first second third fourth fifth sixth seventh eighth ninth tenth`),
	pointing: set(`it it's its this that that's thats these those they they're them he she he's she's his her their such but and or nor yet then thus therefore hence however otherwise instead also besides moreover furthermore meanwhile
		nevertheless still anyway anyhow yes yeah yep yup no nope ok okay well right sure true exactly agreed indeed actually ah oh hm hmm hmmm err uh um similarly likewise consequently either neither which who whose whom where
		because plus additionally additionaly alternatively finally secondly thirdly lastly next same another both first second third for there here here's not maybe perhaps only even aha btw fwiw imo imho afaik hey wow cool nice great
		fine good basically although though after before unlike like if-so obviously apparently unfortunately fortunately hopefully hi hello dear just if-not note`),
	leaning:    set(`it it's its it'd it'll they they're they've them their theirs he he's him his she she's her hers one ones thread`),
	adding:     set("another other current existing original"),
	addressing: set(`you your you're you've you'd you'll yours`),
	anybody:    set(`anybody anyone somebody someone others everybody everyone`),
	echoes:     set(`meant above below following attached attachment aforementioned former latter previous`),
	leads: turns(`
		too bad
		too late
		here's
		here is
		here are
		i even
		i also
		i'm not
		we also
		my answer
		the answer is
		the next
		another question
		i was talking
		i was referring
		i was thinking
		i was saying
		i said
		i meant
		as i
		as an example
		as far as
		as to
		as with
		if we were
		if it were
		if so
		let me
		a workaround
		one workaround
		a solution
		one solution
		one way
		another way
		on a related
		on a side
		anything wrong
		one option
		one use
		one usecase
		i know
		one alternative
		an alternative
		a better way
		one problem
		another problem
		my first attempt
		my problem is
		my concern
		my point
		i don't see why
		i don't see how
		one perfect example
		one example of this
		why didn't you
		why don't you
		want to
		who are you
		do you really
		do you mean
		you mean
		could you
		can you
		the question is
		if you are
		are you really
		did you
		have you
		what do you mean
		what did you
		if so
		if not
		if that
		in that
		in this
		in which
		of course
		in fact
		as said
		as well
		at least
		at that
		by the way
		what i mean
		on the other
		the other
		the same
		the former
		the latter
		the only thing
		for example
		for instance
		in other words
		in short
		in any case
		in addition
		as a result
		as for
		like that
		like this
		with that
		with this
		after that
		due to this
		because of this
		i agree
		i disagree
		i think so
		i don't think so
		i see
		i guess so
		i mean
		i'm not sure what you
		what you
		if you mean
		unless you
		when you say
		rather than that
		the point is
		the problem is
		the key here
		the trick is
		the reason is
		to do so
		to do that
		to do this`),
	turns: turns(`
		yes but
		no but
		i mean
		my example
		as demonstrated
		as shown
		i meant
		be appreciated
		much appreciated
		very appreciated
		comments welcome
		stated above
		and if not
		if that
		if this
		when that
		when this
		since that
		since this
		because that
		with that
		with this
		like that
		like this
		all that
		at that
		think that's
		think this
		other issues
		only other
		other alternative
		know as well
		as you
		like you
		you said
		you say
		you mention
		you mentioned
		you suggest
		you suggested
		you describe
		you described
		your question
		your post
		your message
		your mail
		your email
		your code
		your problem
		your example
		in question
		do that
		do this
		does that
		does this
		did that
		did this
		done that
		about that
		about this
		of that
		of this
		for that
		for this
		to this
		the former
		the latter
		the above
		above mentioned
		said above
		see below
		that way
		this way
		the other one
		what's meant
		in this case
		in that case
		this one
		that one
		this thread
		this list
		this mail
		this email
		this message
		my previous
		last mail
		so that may`),
	telling: set(`because lesson lessons learned learnt worked works helped helps instead before until unless when whenever if without mistake mistakes failure failed success never always allowed allows found discovered changed change
		realised realized began started stopped asked tried every each most hardly only better matters need needed trust safe`),
	starts:     set(`so try check see look use provide note make please read put add consider ensure remember get run go have be let start set send ask take change replace install write create subclass`),
	askers:     set(`who which whose whom where how what when why does do is are can could should would has have did will`),
	contrast:   set(`but however although whereas unlike except disagree never don't doesn't didn't won't can't cannot isn't aren't not nobody nothing contrary opposite wrong instead yet despite rather`),
	short:      set(`mr mrs ms dr prof sr jr st no nos vs e.g i.e eg ie cf fig figs approx dept est al vol pp p inc ltd co corp gen gov hon rev sgt capt jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun tel ext ref resp incl ca etc viz ca.`),
	courtesies: set(`thanks thank thankyou thx cheers regards sincerely hello hi dear hey greetings welcome bye goodbye sorry apologies congratulations congrats kudos best yours ciao salut`),
	idle: lines(`
		how are you
		how are you all
		how are you doing
		how is everybody
		how is everyone
		how's it going
		how do you do
		what's up
		what is up
		who knows
		who cares
		who am i
		what do you think
		what do you all think
		what do others think
		what does everyone think
		what do people think
		any ideas
		any idea
		any thoughts
		any thoughts on this
		any thoughts about this
		any comments
		any help
		any suggestions
		any hints
		any opinions
		any other ideas
		any takers
		any one
		anyone
		anybody
		anything else
		thoughts
		comments
		ideas
		suggestions
		opinions
		why not
		why is that
		why
		how
		how so
		so what
		now what
		what now
		what for
		what else
		what then
		what gives
		what is wrong
		what's wrong
		what am i missing
		what am i doing wrong
		what's the point
		what is the point
		really
		right
		ok
		okay
		yes
		no
		eh
		huh
		hm
		see
		see what i mean
		you know
		you see
		know what i mean
		make sense
		makes sense
		does that make sense
		does this make sense
		does that help
		does this help
		is that right
		is this right
		is that so
		is that ok
		is this ok
		is this correct
		is that correct
		isn't it
		isn't that so
		am i right
		am i wrong
		am i missing something
		can you help
		can you help me
		can anyone help
		can anybody help
		can someone help
		can someone help me
		could you help me
		could anybody help me
		please help
		can you believe it
		guess what
		remember
		remember me
		are you sure
		are you there
		is anybody there
		did you try it
		do you agree
		do you mind
		would you mind
		may i
		shall we
		what did i do wrong
		how come
		is it possible
		is there a way
		who's with me
		what are you waiting for`),
}
