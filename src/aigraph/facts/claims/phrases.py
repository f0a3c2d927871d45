"""Phrases around a figure that name what it measures by their form: "€4 million in fines", "a fee of €4 million"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from aigraph.facts.claims.measures import Anchor, empty
from aigraph.facts.claims.metricwords import MetricWords, Token, Tokens, noun_phrase, spoken
from aigraph.records import Span

_RATES = frozenset({"month", "quarter", "week", "year"})
_OFTEN = {"day": "daily", "month": "monthly", "quarter": "quarterly", "week": "weekly", "year": "annual"}
_DEALING, _BEHIND = 14, 10
"""Words before a sum that tell what it is paid for, and behind it."""
_NO_PURCHASE = frozenset({"100", "all", "every", "outright", "remaining", "rest", "sell", "selling", "sells", "sold"})
"""Words by which a sum is that of a whole company, or what somebody gets for a part of it."""
_WRITING = frozenset({"write", "writes", "writing", "written", "wrote"})
_AGEING = ("amortis", "amortiz", "depreciat")
_NEARLY = frozenset({"about", "almost", "around", "nearly", "only", "roughly", "some"})
_PAST = frozenset({"ago", "before", "earlier", "later"})
_POINTING = frozenset({"its", "our", "the", "their", "your"})
_STAKED, _RANKED = 8, 8
"""Words before a share that tell whether it is a stake, or comes with a place in a market."""
_HAVING = frozenset({"had", "has", "have", "held", "hold", "holds", "keep", "keeps", "kept", "own", "owned", "owns"})
_OWN = frozenset({"her", "his", "its", "their", "whose"})
_AFTER = frozenset({"and", "but", "had", "has", "in", "is", "to", "was", "went", "will", "would"})
_HOLDERS = frozenset({"owner", "owners", "shareholder", "shareholders"})
_PLACES = frozenset({"ahead", "first", "follows", "followed", "lead", "leading", "leads", "led", "place", "ranks"})
_ANY = frozenset({"amount", "figure", "level", "number", "sum", "total"})
_COSTS = frozenset({"cost", "costs", "paid", "pay", "pays"})
_DEGREES = frozenset({"as", "less", "more", "too"})
_TRADING = ("bought", "buy", "deliver", "order", "provid", "purchas", "sell", "sold", "suppl")
_OF_THOSE = re.compile(r"\s+of\s+(?:them|these|those)\b")
_MULTIPLE = re.compile(
    r"\s+(?:(?:as|so)\s+(?:many|much)(?=\s*(?:$|[.,;:)]|as\b|a\b|per\b|for\b|in\b))|what\b"
    r"|(?:of\s+)?(?:that|this)(?:\s+(?:amount|figure|number|sum))?(?=\s*(?:$|[.,;:)]|and\b|but\b|to\b)))"
)
_OF_WHICH = re.compile(r"(?:^|[,;(]\s*|\band\s+)of\s+(?:it|that|this|which)\b,?\s*(?:[\w-]+\s+){0,4}$", re.IGNORECASE)


def in_kind(tokens: Tokens, words: MetricWords) -> str:
    """The noun of "$17 million a year in taxes"; empty for a place, a time and "in cash"."""
    behind = list(tokens.behind())
    if len(behind) > 2 and behind[0].text in ("a", "per") and behind[1].text in _RATES:
        behind = behind[2:]
    if len(behind) < 2 or behind[0].text != "in":
        return ""
    phrase = noun_phrase(behind[1:])
    bare = bool(phrase) and phrase[0] is behind[1]
    last = {phrase[-1].text, phrase[-1].text.removesuffix("s")} if phrase else set()
    mass = bare and _common(phrase) and not last & (words.forms | empty())
    return spoken(phrase) if mass else ""


def worth_of(tokens: Tokens) -> str:
    """The noun of "bought $3 billion worth of accelerators"."""
    behind = tokens.behind()
    if [token.text for token in behind[:2]] != ["worth", "of"]:
        return ""
    phrase = noun_phrase(behind[2:])
    return spoken(phrase)


def worth_before(tokens: Tokens) -> Tokens | None:
    """The noun of "has ordered 400 chips worth some $3 billion"."""
    before = tokens.tokens[max(0, tokens.first - 4) : tokens.first]
    at = next((n for n, token in enumerate(before) if token.text == "worth"), 0)
    traded = any(token.text.startswith(_TRADING) for token in tokens.tokens[: max(0, tokens.first - 2)])
    if not at or not traded or not before[at - 1].raw.islower() or not before[at - 1].text.endswith("s"):
        return None
    return tokens.within(before[at - 1].span)


def built(tokens: Tokens, words: MetricWords) -> bool:
    """Is a sum that of something built: "the $500 billion network of sites"?"""
    phrase = noun_phrase(tokens.behind())
    return bool(phrase) and phrase[-1].text in words.projects


def measured(anchors: Sequence[Anchor]) -> str:
    """The noun of "an upfront fee of €48 million"."""
    return next((anchor.label for anchor in anchors if anchor.role == "of"), "")


def more_of(behind: Sequence[Token]) -> str:
    """The noun of "2.25 times more output per watt"."""
    if not behind or behind[0].text not in ("more", "less", "fewer", "greater", "higher", "better"):
        return ""
    phrase = noun_phrase(behind[1:])
    return spoken(phrase) if _common(phrase) else ""


def rate(tokens: Tokens) -> str:
    """How often a sum is paid: "annual" for "€3 million a year"; empty for what is paid once."""
    behind = [token.text for token in tokens.behind()[:3]]
    once = len(behind) < 2 or behind[0] not in ("a", "every", "per") or _PAST.intersection(behind[2:])
    return "" if once else _OFTEN.get(behind[1], "")


def for_stake(tokens: Tokens, words: MetricWords) -> bool:
    """Is a sum paid for a part of a company: "took 5% of X for $3 million", "bought shares for $3 million"?"""
    before = tokens.tokens[max(0, tokens.first - _DEALING) : tokens.first]
    parts = [token.span.start for token in before if token.text in words.stakes or token.text in ("%", "percent")]
    whole = any(token.text in _NO_PURCHASE for token in before)
    return bool(parts) and not whole


def traded_for(tokens: Tokens) -> bool:
    """Is a sum what something was got for: "for $3 million"?"""
    before = [t.text for t in tokens.tokens[max(0, tokens.first - 2) : tokens.first] if t.text not in _NEARLY]
    return before[-1:] == ["for"]


def for_company(tokens: Tokens, words: MetricWords) -> bool:
    """Is a sum paid for a company: "paid $2 billion for Corvid", "the buyer will pay $2 billion, half in cash"?"""
    behind = tokens.behind()[:_BEHIND]
    texts = [token.text for token in behind]
    ahead = [token.text for token in tokens.tokens[: tokens.first]]
    if any(a == "in" and b in words.tender for a, b in pairwise(texts)) or ("for", "which") in pairwise(ahead):
        return True
    if words.buyers.intersection(ahead):
        return True
    at = texts.index("for") if "for" in texts else -1
    phrase = behind[at + 1 :] if at >= 0 else ()
    named = bool(phrase) and phrase[0].raw[:1].isupper()
    return named or any(token.text in words.firms for token in noun_phrase(phrase))


def lasts(tokens: Tokens) -> bool:
    """Is a time how long a thing is used: "its servers will last six years", "writes its cards off over six years"?"""
    before = [token.text for token in tokens.tokens[max(0, tokens.first - _DEALING) : tokens.first]]
    written = _WRITING.intersection(before) and "off" in before
    spread = before[-1:] == ["over"] and (written or any(text.startswith(_AGEING) for text in before))
    return bool(spread) or bool({"last", "lasts", "lasted"}.intersection(before[-4:]))


def reached(tokens: Tokens) -> bool:
    """Is a share the level before or after a change: "fell from 19 to 6 percent"?"""
    before = [token.text for token in tokens.tokens[max(0, tokens.first - 2) : tokens.first]]
    behind = [token.text for token in tokens.behind()[:2]]
    words = [text for text in before if text not in _NEARLY]
    return words[-1:] == ["to"] or (words[-1:] == ["from"] and "to" in behind)


def dearer(tokens: Tokens, words: MetricWords) -> bool:
    """Does a share or factor compare what things cost: "40% cheaper", "twice as dear", "costs a third less"?"""
    behind = [token.text for token in tokens.behind()[:2]]
    before = [token.text for token in tokens.tokens[max(0, tokens.first - 3) : tokens.first]]
    degree = behind[1:] if behind and behind[0] in _DEGREES else behind
    if degree and degree[0] in words.dearer:
        return True
    if before[-1:] == ["by"] and words.dearer.intersection(before):
        return True
    less = behind[:1] in (["less"], ["more"]) and not noun_phrase(tokens.behind()[1:])  # not "9% more electricity"
    return less and bool(_COSTS.intersection(before))


def staked(tokens: Tokens) -> bool:
    """Is a share a stake by its phrase: "in which the trust has 60%", "in return for 14%", "with its 29%"?"""
    words = _before_list(tokens, _STAKED)
    behind = [token.text for token in tokens.behind()[:1]]
    traded = words[-2:] in (["return", "for"], ["exchange", "for"])
    held = "which" in words[1:] and words[words.index("which") - 1] == "in" and words[-1] in _HAVING
    shared = words[-1:] == ["with"] and bool(_HOLDERS.intersection(words[-3:]))
    whole = not behind or not behind[0][:1].isalpha() or behind[0] in _AFTER
    owned = words[-1:] != [] and words[-1] in _OWN and whole
    return behind != ["of"] and (traded or held or shared or owned)


def _before_list(tokens: Tokens, count: int) -> list[str]:
    """The words before a figure and before those that it is listed behind: "shareholders with 30% and 44%"."""
    before = list(tokens.tokens[max(0, tokens.first - count) : tokens.first])
    while before:
        figure = any(before[-1].span.overlaps(other) for other in tokens.others)
        if not figure and before[-1].text not in (",", "and", *_NEARLY):
            break
        before.pop()
    return [token.text for token in before]


def ranked(tokens: Tokens) -> bool:
    """Is a share the part of a market that a place in it comes with: "is first with 13.5%, ahead of Acme with 10.2"?"""
    words = _before_list(tokens, _RANKED)
    of = [token.text for token in tokens.behind()[:1]] == ["of"]
    return not of and words[-1:] == ["with"] and bool(_PLACES.intersection(words))


def factored(tokens: Tokens) -> tuple[Token, ...]:
    """The words of "network ports" in "twice the network ports": what a factor stands right before, names left off."""
    behind = tokens.behind()
    if not behind or behind[0].text not in _POINTING:
        return ()
    phrase = noun_phrase(behind[1:])
    names = [n for n, t in enumerate(phrase) if t.raw.istitle() or t.raw.endswith(("'s", "’s"))]
    own = phrase[names[-1] + 1 :] if names else phrase
    plain = bool(own) and own[-1].raw.islower() and all(t.raw[:1].isalpha() for t in own)
    return tuple(own) if plain and own[-1].text not in _ANY | empty() else ()


def continues(text: str, sentence: Span, figure: Span) -> bool:
    """Is a figure a part or a multiple of the one before it: "of which 30% …", "…, twice as much", "ten of them"?"""
    before, behind = text[sentence.start : figure.start], text[figure.end : sentence.end]
    return bool(_MULTIPLE.match(behind) or _OF_WHICH.search(before))


def among(text: str, figure: Span) -> bool:
    """Does a count count what was counted before: "29 turbines … ten of them"?"""
    return _OF_THOSE.match(text, figure.end) is not None


def _common(phrase: Sequence[Token]) -> bool:
    """Is a phrase a common noun in the plural or for a mass, in words alone?"""
    return bool(phrase) and all(token.raw[:1].islower() and token.raw[:1].isalpha() for token in phrase)
