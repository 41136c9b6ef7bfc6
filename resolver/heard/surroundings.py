"""What may stand before and after a clear acceptance, and what takes it back: by lists of what is harmless.

A list of what is harmful would be one longer with every caller. So an unknown clause before it, and a short unknown
sentence after it, make it doubtful; of longer sentences, those that say no, decide later or tell another's words.
"""

from __future__ import annotations

import re

MAY_PRECEDE = re.compile(
    r"(?:(?:yes|yea|okay|sure thing|sure|well|oh|great|fine|good|perfect|wonderful|fantastic|excellent|lovely|super|"
    r"alright|all right|"
    r"right|absolutely|definitely|certainly|gladly|of course|please|thanks?|thank you|hello there|hello|"
    r"hi there|hi|hey|"
    r"good (?:morning|afternoon|"
    r"evening)|go ahead|you (?:can|may)|just|now|today|ha|wow|great news|indeed|very well|hereby|"
    r"in that case|for sure|sir|"
    r"madam|(?:my name is|this is) (?!(?:an?|the|my|your|not|no)\b)[a-z'-]+(?: [a-z'-]+)?(?: speaking| here| calling)?|"
    r"i am calling|"
    r"to confirm|sounds? "
    r"(?:good|great|fine|perfect|wonderful|fantastic)|that sounds? (?:good|great|fine|perfect|wonderful|"
    r"fantastic)(?: to me)?|"
    r"no (?:problem|questions?|doubt)|why not) ?)*"
)
"""What may stand between the beginning of a clause and an acceptance in it; anything else may turn it round."""

SOUNDS_DENIED = frozenset(("will", "do", "can", "are"))
"""Down a telephone line these can stand for `won't`, `don't`, `can't`, `aren't`: a syllable each, and the model is as
sure of them as of others."""

AFFIRMS = re.compile(
    r"\b(?:yes|gladly|happily|with pleasure|great|perfect|wonderful|fantastic|excellent|lovely|"
    r"sounds? (?:(?:very|really|so) )?(?:good|great|fine)|(?:will|do) (?:definitely|certainly|absolutely|gladly|"
    r"happily))\b"
)
"""What nobody says in one breath with `won't`: before it, or between it and its verb."""

_LIKED = (
    r"(?:(?:very|really|so|quite|all|just|totally|pretty|absolutely|completely|perfectly|a|an|the|exactly) )*(?:good|"
    r"great|fine|nice|fair|clear|okay|perfect|wonderful|fantastic|excellent|lovely|amazing|reasonable|attractive|"
    r"generous|right|best|what (?:i|we) (?:need|want|wanted)|yes)"
)
_DID = (
    r"got|received|read|saw|seen|looked|checked|compared|watched|talked|spoke|spoken|called|rang|phoned|thought|"
    r"considered|decided|chose|chosen|understood|(?:made (?:up )?(?:my|our|a|the) (?:mind|minds|decision|choice))|"
    r"been (?:a|an|your|with|waiting|looking|interested|very)"
)
_IS = (
    r"calling|phoning|ringing|interested|ready|convinced|persuaded|sold|happy|glad|pleased|satisfied|impressed|excited|"
    r"delighted|sure|certain|on board|(?:a|an|your) (?:\w+ )?(?:customer|client|member|subscriber)"
)
_FEELS = r"like|love|understand|agree|confirm|trust|(?:live|work) (?:in|at|as)"
_OF_NOBODY = (
    r"(?:(?:it|this) is )?(?:about|regarding|concerning) (?:the|your|this|that) (?:\w+ )?(?:offer|deal|plan|letter|"
    r"message|email|call|leaflet|brochure)|to be (?:clear|honest|brief|quick)|in short|for the record|ready|all clear|"
    r"no (?:more|further|other) questions?|(?:very|how|so) (?:kind|generous|nice)|(?:perfect|good|great) timing|"
    r"(?:an? )?(?:easy|good|simple|final|clear) (?:decision|choice)|"
    r"the (?:answer|choice|decision) is (?:easy|simple|clear)|"
    r"(?:good|great|excellent|nice|easy) (?:question|point|letter)|(?:lovely|nice|beautiful) (?:weather|day)|"
    r"(?:an? )?(?:loyal|happy|old|new|long ?time) customer|happy days|nice to hear"
)
MAY_COME_BEFORE = re.compile(
    rf"(?:(?:i|we) (?:(?:have|just|already|now|both|all|do|really|also|carefully|finally|very much) )*"
    rf"(?:(?:{_DID}|{_FEELS})\b(?: \S+)*|see)|"
    rf"(?:i am|we are) (?:(?:very|so|really|quite|totally|now|just|all) )*(?:{_IS})\b(?: \S+)*|"
    r"my answer is yes|my name is(?: \S+)+|"
    rf"(?:it|this|that|everything|(?:the|your|this|that) \w+(?: \w+)?) (?:all )?(?:is|sounds?|looks?|seems?|works?) "
    rf"(?:{_LIKED}|for (?:me|us))(?: \S+){{0,4}}|"
    r"\S+(?: \S+)? (?:here|speaking|calling)|"
    r"you (?:called|phoned|rang|sent|emailed|mailed|explained|offered|described|convinced)(?: \S+)*|"
    r"my (?:wife|husband|partner|family|son|daughter|mother|father|brother|sister|boss|team|company|colleague)|"
    rf"{_OF_NOBODY}|"
    r"(?:thanks|thank you)(?: \S+)*|please (?:send|note|register|enroll|sign|put|confirm|record)(?: \S+)*)"
)
"""A clause before it, of the same sentence: a greeting, what somebody did or likes. Not what somebody gets, nor what we
should do: that is a condition ("I get a month free and I accept")."""

INTRODUCES = re.compile(
    r"(?:this is|it is|i am|we are) ([a-z'-]+(?: [a-z'-]+){0,2}?)(?: (?:here|speaking|calling|again|from(?: \S+)+))?"
)
"""Who speaks, where all the words in between were written as a name."""

NAMES_OFFER = re.compile(
    r"\b(?:offer|deal|plan|proposal|renewal|program|programme|package|trial|promotion|upgrade|discount|invitation)s?\b"
)
"""What an `it` that is accepted must stand for; else it may be put up with ("You do your job and I accept that")."""

MAY_FOLLOW = re.compile(
    r"(?:(?:yes|okay|sure|well|oh|great|fine|good|perfect|wonderful|fantastic|excellent|lovely|super|alright|right|"
    r"absolutely|definitely|certainly|gladly|please|so|and|then|now|just|really|very|much|a|the|lot|nice|day|evening|"
    r"afternoon|morning|weekend|one|bye|goodbye|bye-bye|cheers|thanks?|thank|you|your|to|for|have|see|"
    r"that|this|it|is|was|all|sounds?|looks?|looking|forward|excited|happy|glad|i|am|we|are|my|name|number|address|"
    r"email|phone|mail|sir|madam|help|time|call|deal|offer|accepted|accept|again|do|hear|talk|speak|speaking|"
    r"sign|me|us|up|in|enroll|register|count|send|go|ahead|of|course|indeed|yours|too|as|well|everything|today|"
    r"hello|hi|at|dot|here|let|wait|can|not|with|on|from|already|on|ready|way|take|care|any|time|confirmed?|"
    r"[a-z]|\d\S*|,|(?:(?:see|talk|speak|hear)(?: (?:to|from))?(?: you)?|bye) (?:soon|later|tomorrow))(?: |$))*|"
    r"(?:and |yes |okay |, |so )*(?:(?:my|our) (?:\w+ )?(?:name|number|phone|email|mail|address|birthday|"
    r"date of birth)\b|this is\b|"
    r"please (?:send|call|email|ring|mail|confirm|sign|enroll|register|put|do|go)\b|you (?:can|may) (?:reach|"
    r"call|email|"
    r"send|find|contact|ring|text|sign|enroll|register|put|go)\b|(?:send|call|email|ring|text) (?:me|it|the)\b|"
    r"i (?:live|was born|look forward|am (?:calling|from|at|very|really|so|looking))\b|have a\b|see you\b|"
    r"you will (?:get|receive|have)\b|(?:we|i) will (?:send|post|email|put|sign|enroll|register|process|set)\b|"
    r"you are (?:all set|enrolled|signed|registered|very welcome|welcome|in)\b|welcome\b|"
    r"(?:i|we) have (?:signed|enrolled|put|registered|noted) you\b|"
    r"greetings\b|i (?:have been|was) (?:hoping|waiting|looking)\b|i can start\b|(?:thanks|thank you)\b).*"
)
"""A short sentence after it. `Later.` by itself puts it off."""

SHORT = 6
"""Words of a sentence that may be a whole change of mind ("I pass"): unknown ones make an acceptance doubtful."""

OPENS_THEN = re.compile(r"^(?!(?:okay|alright|fine) then ,)(?:(?:well|okay|yes|,) )*then\b")
"""After what we should do first ("Waive the fee. Then I accept."); "Okay then, I accept" is no more than a yes."""

OPENS_CONDITION = re.compile(
    r"^(?:(?:and|so|well|yes|,) )*(?:if|unless|but|only|provided|providing|as long as|"
    r"on (?:the )?condition|assuming|once|"
    r"until|depending|except|though|although|however|or|subject to|contingent|conditional|pending|in case|"
    r"as soon as|so long as|suppos\w+|after|before|not (?:if|unless|until|before)|"
    r"when(?:ever)? (?:it|you|i|we|they|he|she|the|this|that|my|your))\b"
)
TURNS = re.compile(
    r"\b(?:not|never|nothing|nobody|none|neither|nor|no|refus\w+|declin\w+|reject\w+|oppos\w+|unless|otherwise|"
    r"if|only|"
    r"impossible|depend\w*|possibly|probably|perhaps|maybe|provided|decid\w+|let you know|let me check|"
    r"check (?:my|our)|"
    r"talking to|speaking to|sleep|forget|when (?:you|it)|other offers|accountant|lawyer|run (?:it|this|"
    r"that) by|playing|unfortunately|regret\w*|(?:that|those|it|this) (?:was|were)|"
    r"(?:that|this|it) is what|printed|written|(?:rid|out) of|"
    r"(?:is|are) your (?:right|job|decision|duty))\b"
)
"""What takes an acceptance back in one of the two sentences after it, whatever else these say."""

BARGAINS = re.compile(
    r"\b(?:must|ha(?:ve|s|d) to|needs? (?:to|an?|some)|would|could|should|will have|approv\w*|agrees?|price[sd]?|"
    r"costs?|expensive|cheap\w*|better|empty|save|"
    r"give (?:me|us)|let (?:me|us) (?:see|look|ask|read|check|talk|think|call)|"
    r"afford\w*|lower\w*|discount\w*|percent|free|fees?|loan|money|pays?|contract|bound|provider|broke|owes?|bill|"
    r"charged|promised|late|weeks ago|"
    r"too (?!(?:and|please|thank|thanks|,|so)\b)\w+)\b"
)
"""What bargains, puts off or quarrels, in a sentence after it that is not known to be harmless."""

DEMANDS = re.compile(
    r"^(?:(?:well|okay|so|first|please|just|yes|,) )*(?:you (?:have to|must|need to|should|could|would)|give (?:me|us)|"
    r"(?:you )?(?:lower|drop|waive|halve|reduce|cut|match|remove|pay|throw in|take (?:\w+ ){0,4}off))\b"
)
"""What makes a sentence right before it a condition: it asks something of us."""

MAY_ASK = re.compile(
    r"(?:(?:and|so|okay|great|good|yes|thanks|thank you|hello|hi|sorry|now|then|,) )*(?:"
    r"when (?:do|does|will|is|are|can) .*|"
    r"how (?:do (?:i|we) (?:get|receive|pay|start|use|do|proceed|log|install|activate)|(?:does|will) (?:it|that|this) "
    r"(?:work|go|start|arrive)|long (?:does|will|do)|soon (?:does|will|do|can))\b.*|"
    r"where (?:do|can|should|shall) (?:i|we) (?:send|sign|go|find|get|pay)\b.*|"
    r"what (?:happens|comes) (?:next|now|then)|what (?:is|are) the next steps?|what is next|"
    r"what (?:else )?do (?:you|i|we) (?:need|have to do|do)(?: (?:from me|from us|for that|to do|next|now|else))*|"
    r"(?:can|could|will|would) you (?:please )?(?:send|email|mail|text|call|ring|confirm|repeat)\b.*|"
    r"(?:do|will) (?:i|we|you) (?:get|receive|need|have|send)(?: me)? (?:a|an|the|my|our|any|anything|me)\b"
    r"(?!.* (?:discount|refund|free|choice)).*|"
    r"(?:can|may) (?:i|we) pay (?:by|with|in|via)\b.*|"
    r"is (?:there )?(?:anything|something)(?: else)?"
    r"(?: (?:that )?(?:i|we|you) (?:\w+ ){0,2}(?:need|do|sign|send)(?: .*)?)?|"
    r"anything else(?: (?:i|we|you) need)?|"
    r"(?:is there )?anything else (?:i|we) can .*|"
    r"(?:can|could|may) (?:i|we) (?:just |please )*(?:have|take|get|confirm|check) your .*|"
    r"(?:and )?what is (?:your|the best) (?:\w+ )?(?:name|number|email|address|date of birth|postcode)\b.*|"
    r"is that (?:all|everything|okay|enough)(?: you need)?|(?:can|do|did) you (?:hear|get|understand) (?:me|that|it)|"
    r"are you (?:still )?there|hello|okay|all right|alright)(?: ,? ?(?:please|then|now|today|sir|madam))*"
)
"""A question after it that asks how it goes on. What any other asks may turn it round ("Or do I?")."""
