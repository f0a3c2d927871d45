"""What leaves a matter open by the shape of its sentence: choices, trials, demands, what depends on something else.

The words stand in `hedges.yaml`; each rule looks at one word that the path between two names passes, or that governs
it, and at what hangs on that word.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from aigraph.facts.speech.asides import is_negated_merely
from aigraph.facts.speech.framing import titled
from aigraph.facts.speech.hedges import DEALS, Hedge, is_denied, lemmas_of, load_hedges, verbal
from aigraph.facts.speech.routes import PRESUPPOSED, Route
from aigraph.facts.words.trees import Tree, child, children, is_negated, is_predicate
from aigraph.records import Modality

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_TRIED = DEALS | {"componentOf", "uses", "usesArchitecture"}
"""What does not hold yet where a thing is only tried out or weighed."""
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_OPEN = Hedge(modality=Modality.HYPOTHETICAL)


def unsettled(route: Route, *, told: bool) -> Iterator[Hedge]:
    """What leaves open, or takes back, what joins two names, whatever the sentence has for granted.

    `told` tells that a word of the route means the relation: what is told by the way is not what is left open.
    """
    yield from titled(route.tree, route.ends)
    if _is_yet_to_be_put_in(route):
        yield Hedge(modality=Modality.FORECAST)
    if route.label == "worksFor" and _is_asked_to_be(route):
        yield _OPEN
    if not told:
        return
    links = _links(route)
    words = {word.i: word for word, _ in links}.values()
    open_ = (
        any(_leaves_open(route, word, below) for word, below in links)
        or any(_is_condition_met(word) or _is_promised(route.tree, word) or _is_one_day(word) for word in words)
        or _is_either(route)
        or _is_mooted(route)
    )
    if open_:
        yield _OPEN
    if any(_is_instead(end, route) for end in route.ends):
        yield Hedge(-1, sure=True)
    for word in {word.i: word for word, below in links if below.dep_ != "parataxis"}.values():
        yield from _clefts(word)
    if _is_gone_with(route):
        yield Hedge(over=True)
    if any(_is_gossip(route, word, below) for word, below in links):
        yield Hedge(modality=Modality.REPORTED)


def _is_yet_to_be_put_in(route: Route) -> bool:
    """Is a part yet to be sold, or used, in something: "intends to offer the Q7 in its Z2"?"""
    verb, ends = route.top, {end.i for end in route.ends}
    if route.label != "componentOf" or not verbal(verb):
        return False
    part = any(t.i in ends for t in children(verb, "obj", "nsubj:pass"))
    whole = next((t for t in children(verb, "obl") if t.i in ends), None)
    if not part or whole is None:
        return False
    first = min(t.i for t in whole.subtree if t.dep_ != "case")  # parsers may hang "in" on what follows
    if whole.doc[first - 1].lower_ not in ("in", "inside", "into", "within"):
        return False
    ahead = any(t.lower_ in ("shall", "will", "wo", "'ll", "’ll") for t in children(verb, "aux"))
    return ahead or (verb.dep_ == "xcomp" and verb.head.lemma_ in load_hedges()["intending"])


def _is_asked_to_be(route: Route) -> bool:
    """Is somebody only asked to take a post, which may hang on either verb: "has been asked to become its chair"?"""
    words = load_hedges()
    for word, below in _links(route):
        post = below.dep_ == "xcomp" and below.lemma_.lower() in words["posts"]
        passive = child(word, "aux:pass") is not None and not is_denied(word)
        if post and passive and lemmas_of(word) & words["wishing"] and verbal(word):
            return True
    return False


def _links(route: Route) -> list[tuple[Token, Token]]:
    """The words of a route, and those that govern it, each with what it governs there."""
    own = [(step.word, step.below) for step in route.steps if step.below is not None]
    above = list(pairwise((route.top, *_governors(route))))
    return [*own, *((word, below) for below, word in above), *([] if own or above else [(route.top, route.top)])]


def _governors(route: Route) -> Iterator[Token]:
    """What governs a route, up to where it is told beside a name; a deal or a doing is told by what is said of it."""
    word = route.top
    beside = any(t.dep_ in ("acl:relcl", "advcl:relcl", "appos") for t in route.belows())
    if not verbal(word) and (beside or route.tree.named(word)):
        return
    while word.head.i != word.i and word.dep_ not in PRESUPPOSED:
        word = word.head
        yield word


def _leaves_open(route: Route, word: Token, below: Token) -> bool:
    """Does a word leave open what hangs on it?"""
    if route.tree.named(word):
        return False
    return (
        _is_demanded(word, below)
        or _is_contingent(word, below)
        or (route.label in _TRIED and _is_tried(word, below, route.label))
        or _is_choice(word, below)
        or _is_within_reach(word, below)
        or _is_not_excluded(word, below)
    )


def _is_demanded(word: Token, below: Token) -> bool:
    """Is a deed only asked for, by a bare verb: "resolved that Acme buy Beta", "insists that she be its chair"?"""
    clausal = below.dep_ in ("acl", "ccomp", "csubj", "parataxis")
    if not clausal or word.lemma_.lower() not in load_hedges()["mandating"]:
        return False
    subject = child(below, "nsubj", "nsubj:pass")
    if subject is None or not any(t.lower_ == "that" for t in children(below, "mark")):
        return False
    helpers = children(below, "aux", "aux:pass", "cop")
    if helpers:
        return all(t.lower_ == "be" for t in helpers)
    bare = below.tag_ == "VB" or (below.tag_ == "VBP" and subject.tag_ in ("NN", "NNP"))
    return bare and below.lower_ == below.lemma_.lower()


def _is_contingent(word: Token, below: Token) -> bool:
    """Does a deed depend on something: "delivery to Acme hinges on a permit", "when it buys Beta will depend on"?"""
    words = load_hedges()
    if not lemmas_of(word) & words["depending"] or not verbal(word) or is_denied(word):
        return False
    if below.dep_ == "advcl":
        first = min(t.i for t in below.subtree)  # the parser may hang "when" on either verb
        opened = [*children(below, "mark", "advmod"), *([below.doc[first - 1]] if first else [])]
        return any(t.lower_ in ("how", "when", "whether") for t in opened)
    deed = is_predicate(below) or below.lemma_.lower() in words["deals"] | words["doings"]
    return below.dep_ in ("nsubj", "csubj") and deed


def _is_tried(word: Token, below: Token, label: str) -> bool:
    """Is a thing only tried out, or thought about: "is testing Beta's boards"? Who tests a chip has some in use."""
    words = load_hedges()
    trying = words["thinking"] if label == "uses" else words["thinking"] | words["trying"]
    if not verbal(word) or not lemmas_of(word) & trying or is_predicate(below) or below.lemma_ in words["deals"]:
        return False
    if below.dep_ == "obl" and label == "supply":
        return child(word, "obj") is not None and any(t.lower_ in ("by", "from") for t in children(below, "case"))
    return below.dep_ == "obj" or (below.dep_ == "nsubj:pass" and child(word, "aux:pass") is not None)


def _is_choice(word: Token, below: Token) -> bool:
    """Is a thing one of several to choose from: "has narrowed it down to the Q7 and the Q8", "torn between"?"""
    words, case = load_hedges(), child(below, "case")
    if case is None or below.dep_ not in ("obl", "nmod"):
        return False
    if case.lower_ == "to" and lemmas_of(word) & words["narrowing"]:
        return True
    return case.lower_ == "between" and word.lemma_.lower() in words["deciding"]


def _is_within_reach(word: Token, below: Token) -> bool:
    """Has somebody no more than what it takes: "the means to buy Beta", "every reason to use the Q7"?"""
    infinitive = below.dep_ in ("acl", "advcl", "xcomp") and any(t.lower_ == "to" for t in children(below, "mark"))
    return infinitive and word.pos_ == "NOUN" and word.lemma_.lower() in load_hedges()["enabling"]


def _is_not_excluded(word: Token, below: Token) -> bool:
    """Is a deed or deal only not ruled out?"""
    deed = is_predicate(below) or below.lemma_.lower() in load_hedges()["deals"]
    governed = deed and below.dep_ in ("advcl", "ccomp", "obj", "xcomp")
    return governed and is_denied(word) and bool(lemmas_of(word) & load_hedges()["excluding"])


def _is_condition_met(word: Token) -> bool:
    """Is it what would follow from a condition: "if the court agrees, then Acme owns Beta"?"""
    then = any(t.lower_ == "then" for t in children(word, "advmod"))
    return then and any(t.lower_ == "if" for clause in children(word, "advcl") for t in children(clause, "mark"))


def _is_promised(tree: Tree, word: Token) -> bool:
    """Is it what comes of a command: "give it a year and Acme buys Beta"?"""
    command = word.head
    if word.dep_ != "conj" or child(word, "nsubj", "nsubj:pass") is None or child(word, "cc") is None:
        return False
    told = child(command, "nsubj", "nsubj:pass", "aux", "mark") is not None
    opening = next((t for t in tree.tokens if t.dep_ != "punct"), command)
    return opening.i == command.i and command.dep_ == "ROOT" and command.tag_ == "VB" and not told


def _is_one_day(word: Token) -> bool:
    """Is it told of a day to come: "the day when Acme can call itself a rival of Beta"?"""
    when = next((t for t in children(word, "advmod", "mark") if t.lower_ in ("that", "when")), None)
    if when is None or not when.i or not is_predicate(word):
        return False
    day = when.nbor(-1)
    definite = day.lemma_ in ("day", "moment") and any(t.lower_ == "the" for t in children(day, "det"))
    ahead = any(t.lower_ in ("can", "could", "will", "would") for t in children(word, "aux"))
    return definite and (ahead or word.tag_ in ("VBZ", "VBP"))


def _is_either(route: Route) -> bool:
    """Is it one of two things that "either … or" offers?"""
    above = {t.i for t in (*route.ends, route.top, *route.governors())} | set(route.on)
    above |= {end.head.i for end in route.ends if end.dep_ == "conj"}
    for token in route.tree.tokens:
        if token.lower_ == "either" and token.dep_ in ("cc", "cc:preconj", "advmod") and token.head.i in above:
            links = (t for other in children(token.head, "conj") for t in children(other, "cc"))
            return any(t.lower_ == "or" for t in links)
    return False


def _is_mooted(route: Route) -> bool:
    """Is it told without a verb of what is only thought of: "the feasibility of a Q7 with the Z core"?"""
    word, mooting = route.top, load_hedges()["mooting"]
    if route.tree.named(word) or is_predicate(word):
        return False
    if route.label == "develops" and word.lemma_.lower() not in mooting and child(word, "nmod:poss") is not None:
        return False  # "the feasibility of a version of its Q7"
    while word.lemma_.lower() not in mooting and word.dep_ == "nmod" and not route.tree.named(word.head):
        word = word.head
    return word.pos_ == "NOUN" and word.lemma_.lower() in mooting


def _is_instead(end: Token, route: Route) -> bool:
    """Is it so of the second of "is not based on A, as many thought, but on B"?"""
    link, verb = child(end, "cc"), route.top
    if end.dep_ != "conj" or link is None or link.lower_ != "but" or not verbal(verb) or not is_negated(verb):
        return False
    if any(is_negated_merely(t) for t in verb.children) or end.head.head.i != verb.i:
        return False
    first, second = ({t.lower_ for t in children(each, "case")} for each in (end.head, end))
    return not second or first == second


def _clefts(word: Token) -> Iterator[Hedge]:
    """What a clause with "what" makes of its predicate: "what they fear is Acme's buying Beta"."""
    words = load_hedges()
    for subject in children(word, "nsubj", "nsubj:pass"):
        clause = child(subject, "acl:relcl") if subject.lower_ in ("all", "everything", "what", "whatever") else None
        if clause is None or clause.i > word.i:
            continue
        lemmas = lemmas_of(clause)
        if is_denied(clause) and lemmas & (words["disowning"] | words["doubting"]) - words["excluding"]:
            yield Hedge(-1, sure=True)
        elif lemmas & words["denying"]:
            yield Hedge(1)
        elif lemmas & (words["wishing"] | words["thinking"] | {"intend", "plan", "want"}):
            yield _OPEN
        elif lemmas & words["rumouring"]:
            yield Hedge(modality=Modality.REPORTED)


def _is_gone_with(route: Route) -> bool:
    """Has something ended with another thing: "the pilot lapsed, and with it Acme's use of the Q7"?"""
    first = min(end.i for end in route.ends)
    before = [t for t in route.tree.tokens if t.i < first]
    if any(t.tag_ in _FINITE for t in route.tree.tokens if t.i in route.on):
        return False
    for n, token in enumerate(before[:-1]):
        ended = n > 0 and before[n - 1].lower_ == "and" and token.lower_ == "with"
        if not ended or before[n + 1].lower_ not in ("her", "him", "it", "that", "them", "this"):
            continue
        words = load_hedges()
        ends = words["failing"] | words["ending"] | words["dissolving"] | words["leaving"] | words["denying"]
        told = any(verbal(t) and lemmas_of(t) & ends for t in before[:n])
        return told and not any(t.tag_ in _FINITE for t in before[n + 2 :])
    return False


def _is_gossip(route: Route, word: Token, below: Token) -> bool:
    """Is it the kind of thing that is told: "that Acme bought Beta is what they say", "is anybody's guess"?"""
    words = load_hedges()
    opened = any(t.lower_ == "that" and (t.i == 0 or t.nbor(-1).text in ('"', "“", ".", ":")) for t in below.children)
    told = {t.i for t in below.subtree}
    if not opened or child(word, "cop") is None or word.i < below.i or not {end.i for end in route.ends} <= told:
        return False
    if word.lemma_.lower() in words["conjectures"]:
        return True
    heard = words["hearing"] | words["guessing"] | {"say", "tell", "whisper", "dream"}
    clauses = (t for t in word.subtree if t.i > word.i and t.dep_ == "acl:relcl" and t.lemma_ in heard)
    tellers = (child(t, "nsubj") for t in clauses)
    return any(t is not None and t.lower_ in ("i", "one", "people", "they", "we", "you") for t in tellers)
