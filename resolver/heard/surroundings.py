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
    r"madam|(?:my name is|this is) [a-z'-]+(?: [a-z'-]+)?(?: speaking| here| calling)?|i am calling|"
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
    r"sounds? (?:good|great|fine)|(?:will|do) (?:definitely|certainly|absolutely|gladly|happily))\b"
)
"""What nobody says in one breath with `won't`: before it, or between it and its verb."""

MAY_COME_BEFORE = re.compile(
    r"(?:(?:i|we)(?: \S+)+|(?:my name|my answer|this is|it is|that is|it sounds|that sounds|(?:the|your|this) \w+ "
    r"(?:is|sounds|looks|seems|works))(?: \S+)*|\S+(?: \S+)? (?:here|speaking|calling)|"
    r"you (?:called|phoned|rang|sent|emailed|mailed|explained|offered|described|have|are|can|may|convinced)(?: \S+)*|"
    r"my (?:wife|husband|partner|family|son|daughter|mother|father|brother|sister|boss|team|company|colleague)|"
    r"(?:thanks|thank you)(?: \S+)*|please (?:send|note|register|enroll|sign|put|confirm|record)(?: \S+)*)"
)
"""A clause before it, of the same sentence: a greeting, who is speaking, what the caller did. Not what we should do."""

MAY_FOLLOW = re.compile(
    r"(?:(?:yes|okay|sure|well|oh|great|fine|good|perfect|wonderful|fantastic|excellent|lovely|super|alright|right|"
    r"absolutely|definitely|certainly|gladly|please|so|and|then|now|just|really|very|much|a|the|lot|nice|day|evening|"
    r"afternoon|morning|weekend|one|bye|goodbye|bye-bye|cheers|thanks?|thank|you|your|to|for|have|see|soon|tomorrow|"
    r"that|this|it|is|was|all|sounds?|looks?|looking|forward|excited|happy|glad|i|am|we|are|my|name|number|address|"
    r"email|phone|mail|sir|madam|help|time|call|deal|offer|accepted|accept|again|do|hear|talk|speak|later|speaking|"
    r"sign|me|us|up|in|enroll|register|count|send|go|ahead|of|course|indeed|yours|too|as|well|everything|today|"
    r"hello|hi|at|dot|here|let|wait|can|not|with|on|from|already|on|ready|way|take|care|any|time|confirmed?|"
    r"[a-z]|\d\S*|,)(?: |$))*|"
    r"(?:and |yes |okay |, |so )*(?:(?:my|our) (?:\w+ )?(?:name|number|phone|email|mail|address|birthday|"
    r"date of birth)\b|this is\b|"
    r"please (?:send|call|email|ring|mail|confirm|sign|enroll|register|put|do|go)\b|you (?:can|may) (?:reach|"
    r"call|email|"
    r"send|find|contact|ring|text|sign|enroll|register|put|go)\b|(?:send|call|email|ring|text) (?:me|it|the)\b|"
    r"i (?:live|was born|look forward|am (?:calling|from|at|very|really|so|looking))\b|have a\b|see you\b).*"
)
"""A short sentence after it."""

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
    r"that) by|playing|unfortunately|regret\w*|(?:that|those|it|this) (?:was|were))\b"
)
"""What takes an acceptance back in one of the two sentences after it, whatever else these say."""

ASKS_WHOSE = re.compile(
    r"\b(?:says|said|want to hear|joking|kidding|no|not|never|should (?:i|we)|what am i|good one)\b"
)
"""The same in a question."""
