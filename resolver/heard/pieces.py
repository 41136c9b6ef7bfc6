"""Of what an acceptance is made whose every word is known: what accepts, and what stands around it and turns nothing.

Written over sentences without commas, names as one word each (`introduced.py`). A piece is a list of whole phrases; an
`OPEN` one has a place for words of the customer's own, which are looked at for anything that may turn it round.
"""

from __future__ import annotations

import re

from vitograph.resolver.heard import asked
from vitograph.resolver.heard.introduced import NAME
from vitograph.resolver.heard.phrases import IDIOMS, LEAD

GOOD = (
    r"(?:good|great|fine|nice|fair|okay|perfect|wonderful|fantastic|excellent|lovely|brilliant|amazing|awesome|super|"
    r"cool|reasonable|ideal|right|marvellous|marvelous|splendid|terrific|beautiful|grand|sweet|neat|generous|tempting|"
    r"interesting|smashing|magic|superb|fab|fabulous|spot on|ace|champion|much better|exactly right|all right|alright|"
    r"clear|attractive|appealing|decent|handy|useful|suitable|affordable)"
)
_VERY = r"(?:(?:very|really|so|quite|all|just|absolutely|a|an|pretty|rather|bloody|totally|perfectly|actually a) )*"
_ME = r"(?:me|us)"
_FOLK = (
    r"(?:sir|madam|ma'am|mam|miss|mate|dear|love|darling|pet|duck|my (?:dear|love|friend)|buddy|man|guys|boss|bro|"
    r"brother|sister|ji|sirji|folks|pal|son|young (?:man|lady)|yaar)"
)
_FAMILY = (
    r"(?:wife|husband|partner|family|son|daughter|mother|father|mum|mom|dad|brother|sister|boss|kids|children|"
    r"grandchildren|grandkids|"
    r"grandson|granddaughter|friend|neighbou?r|colleague|missus|girlfriend|boyfriend)"
)
_FOR = (
    r"for (?:(?:the|your|this|all your) (?:\w+ )?(?:offer|call|help|letter|email|message|information|explanation|"
    r"time|patience|"
    r"reminder)|(?:calling|ringing|phoning|waiting|explaining|letting (?:me|us) know|thinking of (?:me|us)|your help)"
    r"(?: (?:it|that|me|us|back|today|everything))*)"
)
"""What somebody is thanked for."""
PIECE = "|".join(
    (
        # yes, and what goes with it
        r"yes|yea|yah|aye|okay|sure(?: thing)?|you bet|absolutely|definitely|certainly|gladly|happily|indeed|of course|"
        r"naturally|by all means|for sure|without (?:a )?doubt|go ahead|go on(?: then)?|please(?: do)?|kindly|"
        r"deal|sold|done|agreed|fair enough|makes sense|why not|very well|all good|no brainer|it is a no brainer|"
        r"(?:it|that) is a yes(?: from me)?|that is a deal|i (?:totally |fully |completely )?agree|"
        r"my answer is yes|i say yes|the answer is yes|uh-huh|mhm|mmhm|mm-hmm|with pleasure",
        # how people begin and go on
        r"well|oh|ah|aha|ooh|wow|right|alright|all right|right then|look|listen|then|so|and|now|just|anyway|because|"
        r"since|as|huh|but (?:yes|okay)|honestly|to be (?:\w+ )?honest|frankly|basically|"
        r"(?:to cut a )?long story short|all things considered|"
        r"(?:at|for) (?:that|this) price|yo|och|heck|oi|o|ma|lah|you got it|that is me(?: sold)?|you know(?: what)?|"
        r"you see|i tell you what|tell you what|"
        r"in that case|i see|i understand|understood|got it|i got it|as i said|quick one|obviously|"
        r"hello(?: there| again)?|hi(?: there| again)?|hiya|hey(?: there)?|hullo|namaste|good day|"
        r"good (?:morning|afternoon|evening)|greetings|how (?:are|do) you(?: do| doing)?(?: today)?|"
        r"i hope you are (?:well|fine|good)|please do the needful|nice to (?:meet|hear from|talk to|speak to) you|"
        r"sorry to (?:keep|bother) you",
        rf"(?:thanks|thank you)(?: (?:a (?:lot|million|bunch)|(?:so|very) (?:much|kindly)|indeed|again))*(?: {_FOR})?|"
        rf"what (?:a|an) (?:\w+ly )?{GOOD} (?:offer|deal|price|idea|surprise)|let us go ahead|"
        rf"many thanks|cheers|ta|bless you|god bless(?: you)?|much appreciated|{_FOLK}",
        # that it is good
        rf"(?:(?:a|very|really|quite|pretty) )?{GOOD}(?: (?:deal|offer|price|idea|news|surprise|choice|stuff|value))?",
        rf"(?:i think )?(?:that|this|it|which|everything|(?:the|your|this|that) (?:offer|price|deal|plan))(?: all)? "
        rf"(?:is|sounds?|looks?|seems?|would be|will be|does sound|does look) {_VERY}{GOOD}"
        rf"(?: (?:deal|offer|price|idea|surprise|choice|value))?(?: (?:to|for|with|by) {_ME})?",
        rf"would be {_VERY}{GOOD}|(?:is|sounds?|looks?) {_VERY}{GOOD}(?: (?:to|for|with|by) {_ME})?|"
        rf"(?:fine|good|okay) (?:by|with|for) {_ME}|(?:it|that) (?:does|is)|for me (?:it|that|this) is {_VERY}{GOOD}|"
        rf"(?:that|it|this) (?:works|suits|will do|is (?:okay|fine))(?: (?:for )?{_ME})?(?: (?:just )?{GOOD})?",
        r"(?:that|it) is (?:exactly |just )?what i (?:need|want|wanted|was looking for|have been looking for)|"
        rf"(?:it|that) sounds like a (?:{GOOD} )?(?:deal|plan|offer|bargain)|you can count on me|"
        r"i have been (?:waiting|hoping|looking) for (?:something like )?(?:it|that|this)|"
        r"(?:(?:that|it) is |sounds like )?a (?:plan|deal|bargain|steal)|that is (?:very |so )?(?:good|kind|"
        r"nice) of you|"
        r"(?:that|this|it) is (?:very |so |really )?(?:good|kind|nice|generous)(?: of you)?|you are (?:very|so|"
        r"too) kind|"
        r"that is (?:all )?(?:i (?:needed|wanted) to (?:hear|know)|what i wanted to hear)|"
        r"i (?:would|do|really) appreciate (?:it|that)|that helps(?: me)?(?: a lot)?|i (?:really )?need (?:it|that|"
        r"this)|"
        r"i (?:really )?(?:like|love|fancy)(?: very much)? "
        r"(?:it|that|this|the sound of (?:it|that|this)|(?:the|this|your|that) (?:offer|deal|price|"
        r"plan))(?: very much| a lot)?",
        # how it stands with the customer
        r"(?:i am|we are|(?:i|we) would be)(?: (?:so|all|very|really|quite|more than|totally|perfectly))* "
        r"(?:happy|pleased|glad|interested|convinced|sold|ready|on board|delighted|keen|impressed|in favou?r|"
        r"up for it)"
        r"(?: with (?:it|that|this|(?:the|your) (?:offer|price|terms|deal)))?|very happy|happy",
        r"(?:you have|you) (?:got|convinced|sold|persuaded|talked) me(?: into it)?|you have twisted my arm|"
        r"let us (?:do|go for) (?:it|that|this)|let us get (?:it|that|this) (?:sorted|done|going|started)|can not wait|"
        r"no (?:objections?|worries|questions?|doubt|problem)|"
        r"i have (?:heard|read|understood) (?:everything|it all|enough)",
        IDIOMS,
        rf"after (?:talking|speaking|chatting)(?: it over)? (?:to|with) my {_FAMILY}(?: about it)?",
        r"(?:(?:this|it) is|i am (?:calling|ringing|phoning)|i (?:just )?(?:want|would like)) to (?:confirm|say|"
        r"tell you|let you "
        r"know)(?: that)?|i was (?:just )?(?:hoping|waiting for) (?:you (?:would|to) call|your call)(?: me)?|"
        r"(?:she|he|they) (?:is|are) (?:(?:very|so|really) )*(?:happy|pleased|satisfied)(?: with (?:it|you|that))?",
        rf"(?:\S+ )?(?:percent|pounds|euros|dollars|quid|months?|half price)(?: (?:off|free|a month|per month|a year|"
        rf"less))*"
        rf" (?:is|sounds?|looks?) {_VERY}{GOOD}",
        r"(?:i|we) (?:have )?(?:just |already )?(?:read|read through|seen|understand|understood|agree (?:to|with)|"
        r"got|received|am happy with) (?:all )?(?:the|your) (?:terms(?: and conditions)?|offer|letter|email|leaflet|"
        r"brochure|message|flyer|details)(?: and (?:the|your) (?:terms(?: and conditions)?|details))?",
        r"(?:i|we) have (?:thought (?:about it|it over|it through)|made (?:up )?my (?:mind|decision)|decided)|"
        r"(?:i|we) have (?:had a (?:think|look)|talked (?:about )?it (?:over|through)|talked about it)(?: at home)?",
        # why they call, and who they are
        rf"(?:my|the) name is {NAME}|{NAME}|(?:this is|it is|i am) {NAME}|(?:here|speaking|calling|again)",
        r"(?:(?:i am|we are) )?(?:just )?(?:calling|ringing|phoning|getting in touch|on the phone)(?: (?:you|in|up))?"
        r"(?: (?:about|regarding|for|because of|in response to|with regard to|concerning) "
        r"(?:the|your|this|that) (?:[a-z]+ ){0,2}(?:offer|deal|letter|email|plan|promotion|leaflet|message|advert))?|"
        r"(?:i am|we are) (?:just )?(?:calling|ringing|phoning)(?: you)?|the reason i am (?:calling|ringing|"
        r"phoning) is(?: that)?",
        r"i have (?:got )?(?:to|got to) (?:run|go|dash|rush|leave)(?: now)?|i must (?:run|go|dash|rush)|"
        r"i am (?:at work|at the office|driving|on the bus|on the train|in a hurry|in a rush|a bit busy|busy|"
        r"in a meeting|"
        r"on my (?:way|break)|outside)|i will be (?:quick|brief)|do not worry|take your time",
        r"if (?:it|that) is (?:all right|okay|fine|alright)(?: (?:with|by) you)?|"
        rf"my (?:{_FAMILY} )?and (?:i|me)|my {_FAMILY} and (?:i|me)|(?:it is )?(?:{GOOD} )?value for money|"
        r"(?:it|that) is (?:much |a lot |even )?(?:cheaper|less|better) than (?:what )?(?:i|we) (?:pay|have|get|"
        r"have got)"
        r"(?: (?:now|at the moment|today|currently))?",
    )
)
_THE_OFFER = (
    r"(?:the|your|this|that) (?:offer|deal|price|plan|letter|email|leaflet|brochure|message|flyer|advert|rate|package|"
    r"discount)"
)
_ALREADY = r"(?:(?:have|had|just|already|also|really|both|all|was|was just|finally) )*"
OPEN = (
    rf"(?:my|our|the) {_FAMILY} (?:loves?|likes?|needs?|uses?|has|has had|will (?:be|love|like|enjoy)|is|recommended|"
    r"swears by) (?P<own>\S+(?: \S+){0,5})",
    r"(?:she|he|they|we|i) (?:(?:will|really|all) )?(?:loves?|likes?|recommended|swears? by|uses?) (?:it|this|that|"
    r"you|them)"
    r"(?P<own>(?: \S+){0,3})",
    rf"(?:i|we) {_ALREADY}(?:got|received|saw|seen|looked at|looking at|been looking|been thinking|been waiting|"
    r"been (?:a|an|your|with)|compared|heard (?:good|great|nice) things|had (?:a|an|your)|read|reading|opened|"
    r"checked|found|"
    r"(?:spoken|talked|spoke) (?:to|with) my \w+)(?P<own>(?: \S+){0,8})",
    r"(?:i|we) (?:(?:really|both|all) )*(?:live|work|travel|use|love|like|enjoy) (?P<own>\S+(?: \S+){0,5})",
    r"(?:i am|we are) (?:moving|tired of|fed up with|treating|retired|(?:a|an|your) (?:\S+ )?(?:customer|client|member|"
    r"subscriber|user|fan|student|pensioner|teacher|nurse|driver|builder|farmer))(?P<own>(?: \S+){0,6})",
    rf"(?:it|this|that|there|everything|{_THE_OFFER}) (?:comes (?:with|at)|includes|(?:will )?saves?|suits|covers|fits|"
    r"is (?:cheaper|less|half|better|free|within|in my|only|just))(?P<own>(?: \S+){0,7})",
    rf"{_THE_OFFER} (?:came|arrived)(?P<own>(?: \S+){{0,4}})",
)
"""Each with words of the customer's `own`, which may turn an acceptance round."""

CLOSING = (
    r"today|very much|right (?:now|away)|straight away|immediately|as well|too|with pleasure|for (?:me|us|myself)|"
    r"from (?:now|today)|at once|bye(?: bye)?|bye-bye|goodbye|see you|over the phone|by phone|here and now|"
    r"have a (?:nice|good|great|lovely|wonderful) (?:day|evening|afternoon|weekend|one|time)|"
    r"from (?:me|us|my side|our side)|(?:i am )?looking forward(?: to it)?|good work|take care|"
    r"what (?:else )?do you need(?: from me)?|what do i (?:have|need) to do(?: now| next)?|for the (?:whole )?year|"
    r"for (?:a year|(?:twelve|six|three|12|6|3) months)|if (?:i|we) may|if (?:you do not mind|possible)|"
    r"(?:and )?(?:when|how) does (?:it|that) (?:start|begin|work)|what happens (?:now|next)|"
    rf"put {_ME} down|"
    r"(?:that |which )?(?:you|i|we) (?:have |just )*(?:sent|offered|emailed|mentioned|told|described|got|received|saw|"
    r"posted|gave|explained|had)(?: (?:me|us|on))?(?: (?:about|there|now|at the moment|going|today|yesterday|"
    r"last week|this (?:morning|week)|in the post|"
    r"(?:by|through|in) (?:the |an? |my )?(?:email|post|mail|letter)|on the (?:phone|website|telly|tv)))*|"
    r"on (?:those|these|your) terms|that would be (?:all|great|lovely)|that is (?:all|it|settled)"
)
TELLS = (
    r"(?:(?:and )?(?:my|our) (?:\w+ )?(?:name|number|phone|email|mail|address|mobile|cell|landline|telephone|postcode|"
    r"birthday|date of birth|dob) is|(?:and )?you can (?:reach|call|ring|phone|text|email) me|call me on|"
    r"my (?:number|name|email) (?:again )?is|(?:and )?date of birth|i was born|it is on) .+"
)
SHORT = (
    r"you (?:can|may)|i (?:would )?say yes|you have my (?:okay|yes)|"
    rf"(?:i|we) (?:am|are|do|would|will|shall)(?: (?:indeed|please))?|how {GOOD}|correct|exactly|{GOOD} (?:job|stuff)"
)
"""What is a yes where we asked."""
IT = r"(?:it|this|that|that one|this one)"

_I = (
    r"(?:i|we) (?:have decided (?:that )?(?:i|we) )?"
    r"(?:am calling because (?:i|we) )?"
)
_GLADLY = (
    r"(?:just|gladly|happily|definitely|certainly|absolutely|also|really|formally|hereby|now|please|"
    r"can confirm that i|confirm that i)"
)
_TO = (
    r"(?:will|shall|want to|wish to|(?:would|should) (?:really |very much |\w+ly )?(?:like|love) to|"
    r"(?:am|are) (?:going|wanting|happy|ready|willing) to|(?:have )?decided to|"
    r"(?:would|will) be (?:very |more than |only too )?(?:happy|glad|delighted|pleased) to|"
    r"(?:am|are) (?:just )?(?:calling|phoning|ringing|here)(?: you)?(?: up)? to)"
)
_WOULD = rf"(?:{_GLADLY} )*{_TO} (?:(?:{_GLADLY}|{_TO}|go ahead and) )*"
_SIGN = rf"(?:sign {_ME} up|enroll {_ME}|register {_ME}|subscribe {_ME}|put {_ME} (?:down|up|in|forward)|include {_ME})"

REQUESTS = re.compile(r"(?:could|can|would|will) you\b")
"""Where it is asked for; a bare "could you sign me up" may only ask whether it can be done."""
POLITE = re.compile(r"\b(?:please|kindly)\b")


def accepts(offer: str, wanted: str) -> tuple[str, ...]:
    """What accepts whatever was asked."""
    what = rf"(?:{IT}|{offer})"
    return (
        rf"(?:i|we) {LEAD}accept(?: {offer})?",
        rf"{_I}{_WOULD}accept(?:ing)? {what}(?: {offer})?",
        rf"{_I}{_WOULD}be (?:enrolled|signed up|registered|included)(?: (?:for|to|in) {what})?",
        rf"(?:i|we) {LEAD}(?:sign up|enroll|join|subscribe|register)(?: (?:for|to|in) {what})?",
        rf"{_I}{_WOULD}(?:sign up|enroll|join|subscribe|register)(?: (?:for|to|in) {what})?",
        rf"(?:i|we) {LEAD}(?:take|choose) {offer}",
        rf"{_I}{_WOULD}(?:take|choose|have|get|go (?:for|with|ahead with)|take up|switch(?: over)? to|"
        rf"move(?: over)? to|"
        rf"change(?: over)? to|upgrade to|go on|take you up on|take advantage of|opt for|make use of|say yes to|"
        rf"proceed with|take part in|be part of|benefit from|activate|agree to|buy|order) {wanted}",
        rf"(?:i|we) (?:will|want to|would (?:like|love) to|am going to) "
        rf"(?:have|get|go (?:for|with|ahead with)) {wanted}",
        rf"(?:i|we) (?:would (?:really |\w+ly )?(?:like|love)|(?:do )?(?:\w+ly )?want) {wanted}",
        rf"{_I}{_WOULD}take {IT}|(?:i|we) (?:will|shall|am going to) (?:{_GLADLY} )*(?:have|go for|go with|"
        rf"choose) {IT}",
        rf"(?:i|we) take {IT}(?! (?:that|you|as|for|to)\b)",
        rf"(?:i|we) (?:am|are) (?:taking|going for|going with|accepting) {what}",
        rf"i (?:am saying|say) yes to {what}",
        rf"sign {_ME} up(?: (?:for|to) {what})?",
        rf"put (?:{_ME}|my name|our names) (?:up|down|in) for {what}",
        rf"(?:enroll|register|subscribe) (?:{_ME}|my name)(?: (?:in|for|to|into) {what})?",
        rf"count {_ME} in(?: for {what})?",
        rf"(?:activate|start|set up|book) {offer}(?: (?:for|on) (?:{_ME}|my (?:account|number)))?",
        rf"(?:i|we) {LEAD}(?:take you up on|take advantage of|opt for) {offer}",
        rf"(?:i|we) will take you up on {what}|{_I}{_WOULD}be (?:a )?part of {what}|{_I}{_WOULD}take part in {what}",
        rf"(?:i|we) {LEAD}agree(?:ing)? (?:to|with) {wanted}|consider {_ME} (?:in|signed up)|(?:i|we) want in",
        rf"add {_ME} to {offer}|put {_ME} down for one",
        rf"(?:you (?:can|may)|i (?:would|want) (?:like )?you to|go ahead and) {_SIGN}(?: (?:for|in|to) {what})?",
        rf"(?:could|can|would|will) you (?:please |kindly |just )*{_SIGN} (?:for|in|to) {what}",
        rf"(?:yes|yes please) to {what}",
        rf"{_I}{_WOULD}(?:go ahead|proceed)(?: with {what})?",
        rf"let us go ahead(?: (?:with {what}|and do {IT}))",
        r"i am (?:all |totally )?(?:in|on board)|(?:you have|you have got|we have|it is) a deal",
    )


def answers(wanted: str) -> tuple[str, ...]:
    """What accepts where we asked for it just before, and means anything elsewhere."""
    what = rf"(?:{IT}|{wanted})"
    return (
        rf"(?:i|we) {LEAD}(?:take|accept|choose|go (?:for|with)) {what}",
        rf"(?:i|we) (?:will|want to|would (?:like|love) to|am going to) (?:have|get|try|do|start|give) {what}"
        r"(?: a (?:go|try))?",
        rf"(?:i|we) (?:would (?:really )?(?:like|love)|want) {what}",
        rf"(?:i|we) {LEAD}(?:go ahead|proceed|go for it|upgrade|switch|change|move|take part|be enrolled|"
        rf"be part of it|sign up)(?: (?:to|with|for|in) {what})?",
        rf"{_I}{_WOULD}(?:go ahead|proceed|do it|do that)(?: (?:to|with|for|in) {what})?",
        rf"(?:i|we) {LEAD}(?:take you up on|take advantage of|opt for) {what}",
        rf"(?:i|we) (?:am|are) (?:going (?:for|with)|taking|accepting|all for|up for) {what}",
        r"(?:i|we) (?:would (?:love|like)|want|am (?:happy|glad)|would be (?:happy|glad|delighted)) to",
        r"(?:i|we) (?:(?:am|are) (?:all )?|want )in",
        r"put (?:it|that|the order) through",
        rf"(?:let us )?(?:do|{asked.ACTS.pattern}) (?:it|that)",
        r"(?:get|set|sort|book) (?:me|us|it|that) (?:started|up|out|in)",
        r"(?:you (?:can|may) )?take (?:it|that) as a yes",
        rf"(?:give me|let me have) {what}",
        r"you (?:can|may) (?:do (?:it|that)|go ahead)",
        rf"(?:i|we) would (?:like|love) you to (?:sign me up|enroll me|put me down|go ahead|do (?:it|that))"
        rf"(?: for {what})?",
        rf"(?:very |more than )?happy to (?:accept|go ahead|proceed|join|take {what}|do {IT})(?: with {what})?",
        rf"(?:put|move|switch|upgrade|change|add|set) {_ME}(?: (?:down|in|on|over|up|across))?"
        rf"(?: (?:to|for|on|onto|with) {what})?",
        rf"(?:let us )?(?:go ahead|proceed)(?: (?:with {what}|and do {IT}))?",
        r"(?:renew|register|upgrade|include) (?:me|us)",
        rf"you (?:can|may) (?:register|renew|upgrade|switch|sign|put) {_ME}(?: (?:up|down|over))?"
        rf"(?: (?:for|to|on) {what})?",
    )


YES = (
    r"go on then|absolutely|please do|yes (?:please|thank you|thanks|indeed|of course|absolutely|definitely|"
    r"certainly|sure|"
    r"okay|go ahead|why not|(?:i|we) (?:(?:certainly|definitely|really) )?(?:would|do|will|shall)|you (?:can|may)|"
    r"(?:that |it )?(?:is|would be|sounds) (?:good|great|fine|okay|lovely|perfect))|(?:absolutely|definitely|"
    r"certainly|of course|sure|okay) yes|"
    r"(?:i|we) (?:would|do) yes|you (?:can|may) yes|sure (?:why not|go ahead)"
)
"""A yes of more than one word: what accepts where we asked for nothing but that."""
