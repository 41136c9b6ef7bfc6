"""The phrases by which customers accept, decline, ask to be called and opt out, and those that make it doubtful.

Written over sentences of `tokens.py`: small letters, no contractions, commas as words. Acceptance is a list of what is
clear; whatever else speaks of it is doubtful. So a phrase nobody thought of costs a specialist a minute, and never
makes an enrolment.
"""

from __future__ import annotations

import re

WANTED = (
    "(?:offers?|deal|plan|proposal|upgrade|promotion|package|subscription|discount|"
    "invitation|membership|trial|program|programme|renewal|extension|bundle|tariff|option|campaign|"
    "rate|voucher|special|product|insurance|one)"
)
"""What takes part in it who only wants it; the terms or a quote one may want to read."""

NOUN = rf"(?:{WANTED}|terms|conditions|contract|quote|service|agreement|policy)"
_NO_LINK = (
    r"and|but|that|if|or|no|not|nothing|none|such|never|is|was|to|of|at|in|on|off|out|about|over|into|for|from|"
    r"by|with|without|sans|except|minus|excluding|as|than|better|another|different|cheaper|other|old|previous|earlier|wrong|"
    r"competing|same|look|time|care|note|notice|issue|less|more|your|my|me|it|this|blame|fact|idea"
)
_ANOTHERS = (
    r"cancellation|termination|opt-out|exit|return|complaint|settlement|compensation|apology|payment|job|"
    r"competitors?|competition|rival|neighbou?rs?|"
    r"(?!(?:today|week|month|year|season|summer|autumn|winter|spring)'s\b)[a-z-]+'s"
)
_OF_TERMS = (
    r"(?:privacy|cookies?|data|recording|monitoring|calls?|refund|return|repair|warranty)\b(?: [a-z'-]+){0,2}? "
    r"(?:policy|agreement|terms|conditions|contract)"
)
_ANY = rf"(?:(?!(?:{_NO_LINK})\b)[a-z0-9'-]+ ){{0,3}}?"
BETWEEN = rf"(?:(?!(?:{_NO_LINK}|{_ANOTHERS}|{_OF_TERMS})\b)[a-z0-9'-]+ ){{0,3}}?"
"""Between an article and its noun: nothing that makes it another's, or one of the terms that everything has."""

_THE = r"(?:all )?(?:the|your|this|that|these) "
_OF = rf"(?: of (?:the|your|this|our) {NOUN})?"
_THE_WANTED = rf"{_THE}{BETWEEN}{WANTED}{_OF}"
OURS = re.compile(
    rf"{NOUN}|gold|silver|bronze|platinum|premium|basic|standard|plus|pro|family|student|business|annual|monthly|"
    r"yearly|summer|winter|spring|autumn|fall|christmas|easter|holiday|black|friday|new|year|tv|internet|wi-fi|wifi|"
    r"dsl|5g|accept|sign|enroll|register|subscribe|count|put|book|include|let|yes|a|the"
)
"""Words that may be written with a capital in an acceptance; any other may name another company ("the Acme plan")."""

_OFFER = rf"(?:{_THE}{BETWEEN}{NOUN}{_OF}|(?:all )?(?:the )?terms(?: and conditions)?)"
_AND = r"and (?:i|we|you|please|thank|thanks|would|look|looking|my (?:\w+ )?(?:name|number|phone|email|mail|address))\b"
_GAVE = (
    r"(?:you|i|we) (?:have |just )*(?:sent|offered|described|mailed|emailed|mentioned|explained|"
    r"(?:made|told) (?:me|us))\b"
)
_AS_IT_IS = r"(?!(?:(?! and (?:i|we)\b)[^,])*\b(?:with (?!pleasure|thanks|you\b|it\b)|from (?!you\b|now\b|today\b)))"
"""To the end of the clause nothing that it comes with, and nobody else whom it comes from."""

_TAIL = (
    rf"{_AS_IT_IS}(?= ?(?:$|,|please\b|thanks?\b|{_AND}|for (?:me|us|myself)\b|today\b|now\b|right\b|"
    r"too(?= ?(?:$|,|please\b|thanks?\b))|"
    r"as well\b|then\b|with (?:pleasure|thanks|you)\b|"
    rf"(?:(?:that|which) )?(?:{_GAVE})|thank you\b|from you\b|of yours\b|immediately\b|at once\b|straight away\b|"
    r"as (?:it|described|"
    r"discussed|offered)\b|gladly\b|"
    r"sir\b|madam\b|so\b|yes\b|on the phone\b|(?:i|we) (?:got|received)\b|(?:we|i) (?:spoke|talked)\b|"
    r"about\b|in full\b|by phone\b|over the phone\b|starting\b|from (?:now|today)\b|"
    r",? ?let us\b|sign me up\b|enroll me\b))"
)
_CLOSES = (
    rf"{_AS_IT_IS}(?= ?(?:$|,|please\b|thanks?\b|and (?:i|we|you|please|thank|would)\b|today\b|now\b|right\b|"
    r"too(?= ?(?:$|,|please\b|thanks?\b))|"
    r"then\b|gladly\b|with pleasure\b|for me\b))"
)
LEAD = (
    r"(?:(?:do|will|shall|gladly|happily|hereby|definitely|certainly|absolutely|fully|officially|formally|now|just|"
    r"also|really|of course|am going to|are going to|(?:am|are) (?:very |so |more than )?(?:happy|glad|"
    r"pleased|delighted|willing|"
    r"ready) to|am calling (?:you )?to|am (?:phoning|ringing|here) to|am|are|would (?:really |"
    r"very much |definitely |"
    r"certainly )?(?:like|love) to|would be (?:very |more than )?(?:happy|glad|delighted|"
    r"pleased) to|want to|wish to|"
    r"have decided to|decided to|can confirm(?: that)? i|confirm(?: that)? i|be|gladly) )*"
)
_IT = r"(?:it|this|that)"

ACCEPTED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:i|we) {LEAD}accept(?:ing)?(?:(?: {_IT})?{_CLOSES}| {_OFFER}{_TAIL}| with pleasure\b)",
        rf"\b(?:i|we) {LEAD}(?:sign|signing) up(?: (?:for|to) (?:{_IT}|{_OFFER}))?{_TAIL}",
        rf"\b(?:i|we) {LEAD}(?:enroll|join|subscribe|register)(?:ing)?(?: (?:(?:in|for|"
        rf"to) )?(?:{_IT}|{_OFFER}))?{_TAIL}",
        rf"\b(?:i|we) {LEAD}(?:take|choose|buy|order) {_OFFER}{_TAIL}",
        rf"\b(?:i|we) (?:will|would like to|would love to|want to|am going to) {LEAD}have {_THE_WANTED}{_TAIL}",
        rf"\b(?:i|we) will {LEAD}take it{_TAIL}",
        rf"\b(?:i|we) (?:will|would like to|would love to|want to|am going to) {LEAD}go (?:for|with|"
        rf"ahead with) (?:it|{_OFFER}){_TAIL}",
        rf"\b(?:i|we) (?:want|would like|would love) {_THE_WANTED}{_TAIL}",
        rf"\b(?:i|we) {LEAD}agree (?:to|with) {_OFFER}{_TAIL}",
        r"\byes ,? ?(?:i|we) (?:do |fully )?agree(?= ?(?:$|, (?:please|thank)))",
        rf"\bsign (?:me|us) up(?: (?:for|to) (?:{_IT}|{_OFFER}))?{_TAIL}",
        rf"\bput (?:me|us) (?:up|down|in) for (?:{_IT}|{_OFFER}){_TAIL}",
        rf"\b(?:enroll|register|subscribe) (?:me|us)(?: (?:in|for|to|into) (?:{_IT}|{_OFFER}))?{_TAIL}",
        rf"\b(?:count|book|include) (?:me|us) in(?: for (?:{_IT}|{_OFFER})| on (?:{_IT}|{_OFFER}))?{_TAIL}",
        r"\b(?:i|we) (?:am|are) (?:all |totally |definitely )?in(?= ?(?:$|, (?:sign|please|thank|"
        r"let|count|enroll)|for (?:it|the offer|this)\b|please\b))",
        r"\blet us (?:do (?:it|this)|go for it)(?= ?(?:$|,|please|today|now|right|then))",
        r"\b(?:you have|you got|you have got|we have|it is) a deal(?= ?(?:$|,))",
        r"\b(?:my|the|our) answer is (?:a )?(?:definite |clear )?yes(?= ?(?:$|,))",
        r"\b(?:it|that) is (?:a )?(?:definite |clear |big )?yes(?: from (?:me|us))?(?= ?(?:$|,))",
        rf"\b(?:i|we) (?:say|am saying) yes(?: to (?:it|{_OFFER}))?{_TAIL}",
        rf"\byes to {_OFFER}{_TAIL}",
    )
)

BOUNDARY = re.compile(r",|\b(?:and|so|then|because|plus)\b")
ABOUT_ACCEPTING = re.compile(
    rf"\b(?:accept\w*|sign(?:s|ed|ing)?(?: \w+)? up|enroll\w*|join(?:s|ed|ing)?|subscrib\w+|"
    rf"count \w+ in|take (?:the|your|this"
    rf"|that) {_ANY}{NOUN}|take it|agreed?|go for it|i am in(?= ?(?:$|,))|let us do (?:it|this)|a deal|"
    rf"(?:(?:want|like|love)(?: to have)?|will have) (?:the|your|this) {_ANY}{NOUN}|answer is yes|go ahead|"
    r"^(?:(?:yes|okay|please|,) )*(?:find|fine) (?:me|us|be|these) (?:that|up|the)(?= ?(?:$|, please)))\b"  # sign me up
)
ACCEPTANCE_DENIED = re.compile(
    r"\b(?:not|never|refuse to|decline to|unwilling to|unable to)(?: \w+){0,3} (?:accept|sign|"
    r"enroll|join|subscribe|"
    r"agree|take (?:it|the|your|this))\w*"
)

DECLINED = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?:,? ?(?:well|okay|oh) ,? ?)?no ,? ?(?:thanks|thank you)\b",
        r"\bnot (?:\w+ )?interested\b",
        r"\bi (?:have to |must |will have to |am going to |will |would |would rather |rather |prefer to |"
        r"would prefer to |would like to |am afraid i (?:have to|must) |want to |wish to |do )?"
        r"(?:decline|reject|refuse|turn (?:it|this|that|you|your offer|the offer) down)\b",
        r"\bi (?:have to |must |will |am going to )?say no\b",
        rf"\bi (?:really )?do not (?:really )?want (?:it|this|that|any of (?:it|this)|{_OFFER}|anything)\b",
        r"\bi (?:will|am going to|think i will) pass\b(?= ?(?:$|,|on|thanks?))",
        r"(?:\b(?:it is|that is|this is) |^)not for (?:me|us)\b",
        r"\bthanks ,? ?but no ,? ?thanks\b|^(?:no ,? ?)?(?:i|we) will (?:give it a miss|leave it)\b(?= ?(?:$|"
        r", (?:thanks?|please)))",
        r"^no ,? ?(?:i|we) (?:am|are) (?:all right|alright|okay|fine|good)\b",
        r"\bi would rather not\b",
        r"\bno deal\b",
        r"\bcount me out\b",
        rf"\bi (?:do not|will not) need (?:it|this|that|{_OFFER})\b",
        r"\b(?:my|the) answer is (?:a )?(?:clear |definite )?no\b",
    )
)

CALLBACK = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:call|ring|phone) (?:me|us) (?:back|again|later|tomorrow|tonight|another|next|on|at|"
        r"in|this|after|between)\b",
        r"\b(?:call|ring|phone) back\b",
        r"\b(?:give|gives|giving) (?:me|us) (?:a |another )?(?:call|ring|callback|call-back|call back)\b",
        r"\b(?:a|one|for) (?:callback|call-back|call back)\b",
        r"\breturn my call\b|\b(?:give|gives|giving) (?:me|us) a (?:bell|buzz|tinkle)\b",
        r"\b(?:would|do) you mind (?:calling|ringing|phoning) (?:me |us )?(?:back|later|again|tomorrow)\b|"
        r"\b(?:can|could) you try (?:me )?(?:again|later|another time)\b",
        r"\b(?:somebody|someone|anybody|anyone|colleague|you|him|her|"
        r"them) (?:please )?(?:to )?(?:call|ring|phone) (?:me|us)\b",
        r"^(?:please |,? ?yes ,? ?please )?(?:call|ring|phone) me(?= ?(?:$|,|please))",
    )
)
CALLBACK_UNMEANT = re.compile(
    r"\b(?:never|nobody|no one|stop|quit|if|unless|said|told|promised|would|was|were|did|keep|"
    r"keeps|supposed|already|"
    r"yesterday|always)\b|\bnot (?:\w+ ){0,3}$|\bi (?:will|can|am going to) call\b"
)

OPT_OUT = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:stop|quit) (?:calling|phoning|ringing|contacting|bothering|harassing|texting|emailing)\b",
        r"\b(?:do not|never|not to) (?:ever )?(?:call|phone|ring|contact|text|email|bother) (?:me|"
        r"us|this number|here)\b"
        r"(?= ?(?:$|,|again|any ?more|ever|please|about|at this|with|on this))",
        r"\b(?:take|remove|delete|strike|erase|get) (?:me|us|my \w+(?: \w+)?|this number) (?:off|from|out of)\b",
        r"\bunsubscribe\b",
        r"\b(?:opt|opting) (?:me )?out\b",
        r"\bno more (?:calls|phone calls|marketing|emails|messages|advertising)\b",
        r"\bdo[ -]not[ -]call list\b",
        r"\b(?:delete|erase|remove) (?:all )?(?:my|our) (?:data|number|details|information|name|records?)\b",
        r"\bmy (?:data|number|details) (?:to be )?(?:deleted|erased|removed)\b",
        r"\bto be (?:taken off|removed)\b",
        r"\bleave me alone\b",
        r"\b(?:do not|never) (?:you )?(?:ever )?(?:call|phone|ring|contact|text|email) (?:me |us |here |this number )?"
        r"(?:ever )?(?:again|any ?more)\b",
        r"\b(?:stop|quit) sending (?:me|us)\b",
        r"\bdo not (?:want|wish) (?:any more (?:calls|emails|messages|texts)|(?:you )?to (?:be )?(?:call|phone|ring|"
        r"contact|text|email)"
        r"(?:ed|ing)?(?: (?:me|us))?(?: (?:again|any ?more|ever))?(?= ?(?:$|,|by you|please)))",
        r"\bi (?:withdraw|revoke) my consent\b",
    )
)
OPT_OUT_UNMEANT = re.compile(
    r"\b(?:if|unless|maybe|perhaps|might|could(?! you\b)|should i|said|told|asked|wants?ed|thought|already|yesterday|"
    r"last|"
    r"was|were|how do i|what happens|wait|actually)\b|\b(?:do not|never|not want to|"
    r"not) (?:please )?(?:stop|unsubscribe|"
    r"opt|remove|take|delete|erase|get|to be)\b"
)

IDIOMS = (
    r"(?:i|we) do not need to think(?: about it| twice)?|no need to (?:explain|think|go on|say)(?: (?:any ?more|"
    r"further|about it))*|"
    r"(?:i|you|we) can not (?:say no|go wrong|complain|argue|beat)(?: (?:to|with))?(?: (?:it|that|this))?|"
    r"i do not mind if i do|(?:i )?would not say no(?: to (?:it|that))?"
)
"""What sounds like a no and is a yes."""

# What is said without a doubt, although it holds a word that makes doubtful.
HARMLESS = re.compile(
    rf"\b(?:{IDIOMS}|"
    r"no (?:problem|doubt|worries|questions?|objections?|issues?|hesitation|further \w+)|"
    r"why not|not a problem|can not wait|"
    r"do not hesitate|without (?:hesitation|a doubt|any doubt|reservations?)|would (?:really |"
    r"very much |definitely |"
    r"certainly )?(?:like|love)|would be (?:very |more than )?(?:happy|glad|delighted|pleased)|"
    r"terms and conditions|what (?:i|we) (?:was|were) looking for|have (?:now )?thought (?:about it|about this|"
    r"it over|this over|it through)|"
    r"(?:your|the|that) (?:letter|email|e-mail|mail|message|brochure|flyer|leaflet|call) (?:yesterday|last \w+)|"
    r"it was (?:a pleasure|(?:very )?nice|great|good) (?:to|talking|speaking)|i (?:have to|must) say|"
    r"if (?:you need|you have any|possible|you do not mind|(?:it|that) is (?:all right|alright|okay|fine)(?: with you)?"
    r"(?= ?(?:$|,|i\b|we\b)))|(?:of|in) may|will wait for (?:the|your|a) (?:letter|email|call|confirmation|post)|"
    r"may (?:the )?(?=nineteen|twenty|\d)|let me know if|before the (?:deadline|end|weekend))\b"
)

DOUBTS = {
    "it is negated": re.compile(
        r"\b(?:not|never|no|nothing|none|nobody|neither|nor|without|refus\w+|hardly|barely|instead|rather|"
        r"unwilling|unable|reluctan\w+|against|false|wrong|untrue|lie|absolutely no)\b"
    ),
    "it depends on something": re.compile(
        r"\b(?:if|unless|provided|providing|assuming|suppos\w+|would|could|might|may|maybe|perhaps|"
        r"possibly|probably|"
        r"depend\w*|otherwise|as long as|so long as|once|until|till|when|whenever|after|before|in case|on (?:the )?"
        r"condition|subject to|better|cheaper|lower|minus|contingent|conditional\w*|pending|approval|only|but|sans|"
        r"without|except|although|though|however|should|whether|wish|hypothetic\w+|theor\w+|later|as (?:much|well) as|"
        r"next (?:week|month|year|time)|some ?(?:day|time)|eventually|first|less|half|halves?)\b"
    ),
    "it is somebody else's word": re.compile(
        r"\b(?:said|says|saying|told|tells?|asked|asks|asking|wrote|writes|claim\w*|according|quot\w+|"
        r"want(?:s|ed)? me|made me|expect\w*|forc\w+|pretend\w*|supposed|think\w*|thought|guess|"
        r"believe\w*|imagine|mean|means|meant|goes|went|heard|hears|words|reads?|reading|repeat\w*|recit\w+|"
        r"rehears\w+|practi[cs]\w+|script|he|she|they|people|"
        r"everyone|everybody|someone|somebody|whoever|as (?:my|the|your|you|our)|apparently|allegedly|so called|"
        r"quote|unquote)\b"
    ),
    "it may be mocking": re.compile(
        r"\b(?:i am the (?:queen|king|pope|president|emperor)|santa(?: claus)?|mickey mouse|easter bunny|tooth fairy|"
        r"(?:cows|pigs) (?:can )?fly|my (?:foot|ass|arse|eye)|as if|yes ,? ?right(?! (?:away|now|here))|"
        r"^(?:good|nice) one$|(?:in )?your dreams|dream on|you wish|over my dead body|ha ha|blah|"
        r"very funny|sarcas\w+|iron(?:y|ic|ically)|psych)\b"
    ),
    "it is not of now": re.compile(
        r"\b(?:was|were|had|used to|almost|nearly|yesterday|ago|already|last (?:week|month|year|time)|did)\b"
    ),
}
ASKED = re.compile(
    r"^(?:(?:so|and|but|then|well|okay|yes|hello|hi|sorry|,) )*(?:do|does|did|can|could|should|"
    r"would|will|may|might|must|"
    r"am|is|are|was|were|have|has|had|what|why|how|when|where|who|whom|which|whose)\b"
)
ASKS_BACK = re.compile(r"(?<!\ball )(?<!\bis )\bright$|, (?:do|will|would|should|shall) (?:i|we)(?: not)?$")
"""At the end: "so I accept the offer, right", "…, do I"; it need not be heard as a question."""
WAVERS = re.compile(
    r"\b(?:no way|no ,? ?wait|wait|hold (?:on|it|your)|hang on|scratch that|never ?mind|changed? my mind|"
    r"second thoughts?|"
    r"(?:take|took) (?:it|that) back|forget (?:it|that|about)|cancel\w*|kidding|jok(?:e|ing)|"
    r"let me think|think about|think it over|"
    r"sleep on it|not (?:so |really |quite |entirely )?sure|unsure|not certain|not ready|"
    r"not yet|need (?:some |more )?time|"
    r"get back to you|(?:talk|speak) (?:to|with) my|ask my|check with|discuss|undecided|not decided|do not know|"
    r"maybe|perhaps|not really|no longer|actually|on the other hand|withdraw\w*|revoke\w*|retract\w*|mistake|"
    r"misunder\w+|what if|hypothetic\w+|i mean|correction|not (?:accept|agree|want|sign|enroll)|"
    r"can not|sorry ,? ?no|no ,? ?sorry|mis-?(?:spoke|spoken|said|stated)|"
    r"(?:strike|ignore|disregard|erase|delete|undo|drop|void|discard|skip|reverse|rescind) "
    r"(?:that|it|this|what i|my|the last|all that|everything)|(?:please )?do not(?= ?(?:$|,))|"
    r"rather (?:not|decline|refuse)|not what i|not (?:so|that) fast|as if|yes right|(?:in )?your dreams|dream on|"
    r"you wish|psych|gotcha|got you|fooled you|testing|rephrase|correct (?:myself|that|this)|(?:is|was|"
    r"said) (?:it |that )?wrong|"
    r"(?:leave|drop|skip|postpone) (?:it|this|that)|reflection|few (?:days|weeks|hours)|(?:one|a|"
    r"following) condition|"
    r"under (?:one|the|a)|though|i am out|i pass|"
    r"(?:call|ring|phone) me \S+ (?:\S+ )*about (?:it|this|that)|opposite|no one ever|nobody ever|sarcas\w+|"
    r"iron(?:y|ic|ically)|(?:did|do) you (?:really|seriously|honestly)|far from it|repeat after|"
    r"(?:told|asked|supposed|made|want|wants|wanted) (?:me )?to (?:say|repeat|read) (?:it|this|that))\b"
)
SAYS_NO = re.compile(r"^(?:(?:and|so|well|oh|but|okay|,) )*(?:no|not|never|nothing)\b")
