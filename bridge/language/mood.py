"""How a customer feels, from words of anger, shouting and exclamation marks. Pure, and coarse on purpose."""

import re
from collections.abc import Sequence

from bridge.i18n import t
from bridge.language.courtesy import courtesy
from bridge.language.words import fold

_UPSET = re.compile(
    r"(?<!\w)(?:angry|furious|frustrat\w+|annoy\w+|ridiculous|ridiculus|ridicilous|unacceptable|terrible|horrible"
    r"|awful|pathetic|useless"
    r"|disgust\w+|disappoint\w*|worst|scam|fraud|cheat\w*|outrage\w*|rubbish|nonsense|wtf|ffs|bullshit|bs|damn"
    r"|stupid|sick of"
    r"|fed up|waste of|wasted|fake|liars?|lying|lawyer|sue|joke|seriously|unbelievable|pissed|hate|idiots?|crap"
    r"|shit|fuck\w*"
    r"|bakwaas|bakwas|enojad[oa]|indignad[oa]|inaceptable|pesimo|estafa|verguenza|wutend|unverschamt|frechheit"
    r"|inakzeptabel|katastrophe|betrug|furieux|furieuse|inadmissible|scandaleux|honteux|arnaque|arrabbiat[oa]|vergogna"
    r"|inaccettabile|truffa|absurdo|ridiculo|vergonha|golpe|belachelijk|schandalig|oszustwo|skandal|rezalet|berbat"
    r"|ужас\w*|кошмар|обман|безобразие|возмут\w+|шахраи|жах)(?!\w)"
)
_SHOUTED = re.compile(r"\b[A-Z]{4,}\b")
MOODS = CALM, FRIENDLY, TENSE, UPSET = t("calm"), t("friendly"), t("tense"), t("upset")
_LAST = 4  # the mood is that of the latest messages


def mood(said: Sequence[str]) -> str:
    """`upset`, `tense`, `friendly` or `calm`, from what was said last; nothing when nothing was said."""
    latest = said[-_LAST:]
    if not latest:
        return ""
    signs = sum(_signs(text) for text in latest)
    if signs >= 3:
        return UPSET
    if signs:
        return TENSE
    return FRIENDLY if any(courtesy(text) == "thanks" for text in latest) else CALM


def _signs(text: str) -> int:
    angry = len(_UPSET.findall(fold(text)))
    shouted = len(_SHOUTED.findall(text)) >= 2
    return angry + shouted + (text.count("!") >= 3) + ("?!" in text or "??" in text)
