"""What is over by its place, by a departure or by a later sale: "closed the plant where it made the Q7"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aigraph.facts.speech.hedges import DEALS, LASTING, Hedge, is_denied, lemmas_of, load_hedges, verbal
from aigraph.facts.speech.routes import Route
from aigraph.facts.words.trees import child, children, is_predicate

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_UP = 5
"""How many words may stand between a person and the noun of a departure: "the death of its chair, Ann Lee"."""
_SPAN = 4
"""How many words "from 2015 to 2019" has."""
_LINKS = frozenset({"appos", "compound", "flat", "nmod", "nmod:desc", "nmod:poss"})
_SERVED = DEALS | {"worksFor"}
_ITSELF = frozenset({"it", "them"})


def ended(route: Route) -> Iterator[Hedge]:
    """What tells that it is over, from outside the words that join two names."""
    clauses = [t for t in _clauses(route) if t.dep_ in ("acl", "acl:relcl", "advcl:relcl") and _is_told_of_past(t)]
    if any(_is_site_gone(t) or _is_done_by_others(t, route) for t in clauses):
        yield Hedge(over=True)
    if route.label in DEALS and any(_is_deal_gone(t) or _is_what_was(t) for t in _clauses(route)):
        yield Hedge(over=True)
    first, second = route.ends
    if route.label == "worksFor" and (_is_bereft(route, first, second) or _is_succeeded(first)):
        yield Hedge(over=True)
    for one, other in ((first, second), (second, first)):
        if route.label == "acquisition" and _is_let_go_again(route, buyer=one, bought=other):
            yield Hedge(over=True)
        if route.label in DEALS and _is_ousted(one):
            yield Hedge(over=True)
    words = {step.word.i: step.word for step in route.steps}.values()
    verbs = [t for t in words if is_predicate(t)]
    if route.label not in LASTING and any(_is_of_a_time(t) for t in verbs):
        yield Hedge(over=True)
    if route.label in _SERVED and any(_is_out(t) for t in words):
        yield Hedge(over=True)
    if route.label == "investment" and any(_is_emptied(t) for t in verbs):
        yield Hedge(over=True)
    if route.label in ("manufactures", "supply") and any(_is_done_last(t) for t in verbs):
        yield Hedge(over=True)
    if route.label in DEALS and (_is_ended_together(route) if route.listed else _is_ended_with(route)):
        yield Hedge(over=True)


def _clauses(route: Route) -> list[Token]:
    """The predicates among the words that join two names."""
    words = {step.word.i: step.word for step in route.steps}
    return [t for t in words.values() if is_predicate(t) and not route.tree.named(t)]


def _is_told_of_past(clause: Token) -> bool:
    bare = clause.tag_ == "VBN" and child(clause, "aux", "aux:pass") is None
    return clause.tag_ == "VBD" or bare or any(t.tag_ == "VBD" for t in children(clause, "aux", "aux:pass"))


def _is_site_gone(clause: Token) -> bool:
    """Is the place of a deed closed, or burnt: "has mothballed the line on which it made the Q7"?"""
    words, site = load_hedges(), clause.head
    verb = site.head
    if site.lemma_.lower() not in words["sites"] | words["shops"] or is_denied(verb):
        return False
    lemmas = lemmas_of(verb)
    if site.dep_ in ("obj", "nsubj:pass"):
        return bool(lemmas & (words["closing"] | words["ending"] | words["perishing"]))
    return site.dep_ == "nsubj" and bool(lemmas & words["perishing"])


def _is_done_by_others(clause: Token, route: Route) -> bool:
    """Does somebody else do by now what was done: "the boards that Acme made for Beta are made by Gamma now"?"""
    verb = clause.head.head
    agent = child(verb, "obl:agent")
    if clause.head.dep_ != "nsubj:pass" or agent is None or agent.i in route.on or is_denied(verb):
        return False
    today = any(t.lower_ in load_hedges()["nowadays"] for t in children(verb, "advmod"))
    return today and any(t.tag_ in ("VBP", "VBZ") for t in children(verb, "aux:pass", "aux"))


def _is_of_a_time(verb: Token) -> bool:
    """Was it done for some years, or between two of them: "used it for two years", "ran it from 2015 to 2019"?"""
    copula = child(verb, "cop")
    told = copula if copula is not None else verb
    if (
        child(verb, "aux") is not None
        or told.tag_ != "VBD"
        or told.lemma_ not in load_hedges()["lasting_once"]
        or is_denied(verb)
    ):
        return False
    after = [t for kid in verb.children if kid.dep_ != "nsubj" for t in kid.subtree]
    for n, token in enumerate(after[:-2]):
        opened, behind = token.lower_, [t.lower_ for t in after[n + 1 : n + _SPAN]]
        if opened == "for" and token.dep_ == "case" and token.head.lemma_ in ("decade", "month", "year"):
            return token.head.head.i == verb.i
        closing = {"from": ("to", "until", "till", "through"), "between": ("and",)}.get(opened, ())
        if len(behind) == _SPAN - 1 and _is_year(behind[0]) and behind[1] in closing and _is_year(behind[2]):
            return True
    return False


def _is_year(text: str) -> bool:
    return len(text) == len("2021") and text.isdigit() and text[:2] in ("19", "20")


def _is_out(word: Token) -> bool:
    """True for "is out as its supplier"."""
    outs = (t for t in (word, *word.children) if t.lower_ == "out" and 0 < t.i < len(t.doc) - 1)
    return any(t.nbor(-1).lemma_ == "be" and t.nbor(1).lower_ == "as" for t in outs)


def _is_emptied(verb: Token) -> bool:
    """Does an investor take out what it has put in: "cut its stake to zero", "pulled its money out of Beta"?"""
    words, held = load_hedges(), child(verb, "obj")
    if held is None or is_denied(verb) or child(held, "nmod:poss") is None:
        return False
    if held.lemma_ in words["funds"]:
        return bool(lemmas_of(verb) & {"keep_out", "pull", "pull_out", "take_out", "withdraw"})
    left = (t for t in (*children(verb, "obl"), *children(held, "nmod")) if t.lower_ in words["come_to_nothing"])
    return held.lemma_ in words["holdings"] and any(c.lower_ == "to" for t in left for c in children(t, "case"))


def _is_done_last(verb: Token) -> bool:
    """Is it done for the last time: "shipped its last board to Beta"?"""
    done = child(verb, "obj")
    if done is None or verb.tag_ not in ("VBD", "VBN") or is_denied(verb) or child(done, "nmod:poss") is None:
        return False
    return any(t.lower_ in ("final", "last") for t in children(done, "amod"))


def _is_deal_gone(clause: Token) -> bool:
    """Is the deal over by which it was so: "the contract that made Acme a supplier of Beta ran out"?"""
    words, deal = load_hedges(), clause.head
    if clause.dep_ not in ("acl", "acl:relcl") or deal.lemma_ not in words["deals"] or is_denied(deal.head):
        return False
    lemmas = lemmas_of(deal.head)
    if deal.dep_ == "nsubj":
        return bool(lemmas & words["failing"])
    return deal.dep_ in ("obj", "nsubj:pass") and bool(lemmas & (words["dissolving"] | words["ending"]))


def _is_what_was(side: Token) -> bool:
    """Is somebody told to have been a party of a deal: "had been an investor", "was a client before it left"?"""
    copula = child(side, "cop")
    if side.lemma_ not in load_hedges()["sides"] or copula is None or is_denied(side):
        return False
    if copula.lower_ == "been":
        return any(t.lower_ == "had" for t in children(side, "aux"))
    before = (t for t in children(side, "advcl") if any(m.lower_ == "before" for m in children(t, "mark")))
    return copula.lower_ in ("was", "were") and any(True for _ in before)


def _is_bereft(route: Route, person: Token, body: Token) -> bool:
    """Does somebody die, or leave, by a noun: "the death of its chair, Ann Lee", "Ann Lee's exit from Acme"?"""
    words, word = load_hedges()["departures"], person
    for _ in range(_UP):
        if word.dep_ not in _LINKS or word.head.i == word.i:
            return False
        word = word.head
        if word.lemma_.lower() in words and not route.tree.named(word):
            # "his departure for Acme", "its exit from Acme"
            return not any(t.lower_ in ("for", "to") for t in children(body, "case"))
    return False


def _is_succeeded(person: Token) -> bool:
    """Does somebody else take a person's post: "Bo Holm succeeds Ann Lee", "Bo Holm took over from Ann Lee"?"""
    verb, words = person.head, load_hedges()
    if verb.tag_ not in ("VBD", "VBN", "VBZ", "VBG") or not verbal(verb) or is_denied(verb):
        return False
    if any(t.tag_ == "MD" or t.lower_ == "to" for t in children(verb, "aux", "mark")):
        return False
    case = child(person, "case")
    if person.dep_ == "obl" and case is not None and case.lower_ == "from":
        return bool(lemmas_of(verb) & words["taking_over"])
    return person.dep_ in ("obj", "nsubj:pass") and verb.lemma_ in words["succeeding"]


def _is_ousted(opening: Token) -> bool:
    """Does a sentence open with somebody's being left for another: "Supplanted at Beta by Gamma, …"?"""
    if opening.tag_ != "VBN" or opening.dep_ != "advcl" or is_denied(opening):
        return False
    words = load_hedges()
    return child(opening, "obl:agent") is not None and bool(
        lemmas_of(opening) & (words["ending"] | words["succeeding"])
    )


def _is_let_go_again(route: Route, buyer: Token, bought: Token) -> bool:
    """Is a company that was bought sold again, or given back: "bought Beta in 2019 and sold it in 2022"?"""
    words = load_hedges()
    for verb in route.tree.tokens:
        if not verbal(verb) or is_denied(verb) or verb.tag_ not in ("VBD", "VBN"):
            continue
        let_go = child(verb, "obj", "nsubj:pass")
        if let_go is None:
            continue
        lemmas = lemmas_of(verb)
        if let_go.i == bought.i and lemmas & words["giving_back"]:
            return not any(route.tree.named(t) for t in children(verb, "obl", "obl:agent"))
        between = (t for t in route.tree.tokens if bought.i < t.i < let_go.i)
        again = (let_go.lower_ in _ITSELF or _is_the_company(let_go)) and let_go.i > bought.i
        again = again and not any(t.dep_ in ("obj", "nsubj") and t.pos_ in ("NOUN", "PROPN") for t in between)
        if again and lemmas & (words["giving_back"] | words["unloading"]) and _is_done_by(verb, buyer):
            return True
    return False


def _is_the_company(noun: Token) -> bool:
    return noun.lemma_ in load_hedges()["taken_for_names"] and any(t.lower_ == "the" for t in children(noun, "det"))


def _is_done_by(verb: Token, who: Token) -> bool:
    """Is somebody the subject of a verb, or of the one beside which it stands?"""
    clause = verb.head if verb.dep_ == "conj" and child(verb, "nsubj") is None else verb
    subject = child(clause, "nsubj")
    if subject is None:
        return False
    if subject.lower_ in ("that", "which"):
        return clause.head.i == who.i or who.lower_ in ("that", "which")
    return subject.i == who.i or subject.lower_ == "it" or who.lower_ == "it"


def _is_ended_together(route: Route) -> bool:
    """Do those who stand in one list end what is theirs: "Acme and Beta have wound up their chip programme"?"""
    verb = route.top.head
    if route.top.dep_ not in ("nsubj", "nsubj:pass") or not verbal(verb) or not _ends(verb):
        return False
    return any(t.lower_ == "their" for noun in _undertaken(verb) for t in noun.children)


def _is_ended_with(route: Route) -> bool:
    """Does one end a deal with the other, which the tree hangs on the verb: "pulled out of its venture with Beta"?"""
    verb = route.top
    other = next((end for end in route.ends if end.dep_ == "obl" and end.head.i == verb.i), None)
    if not verbal(verb) or other is None or not _ends(verb):
        return False
    together = any(t.lower_ in ("from", "with") for t in children(other, "case"))
    return together and any(verb.i < noun.i < other.i for noun in _undertaken(verb))


def _ends(verb: Token) -> bool:
    """Does a verb bring something to an end?"""
    words = load_hedges()
    ended_ = words["dissolving"] | words["ending"] | words["denying"] - words["disowning"]
    return bool(lemmas_of(verb) & (ended_ | words["closing"])) and not is_denied(verb)


def _undertaken(verb: Token) -> list[Token]:
    """The deals and undertakings that are the objects of a verb, without deals that it may mean are done: "closed"."""
    words = load_hedges()
    nouns = words["undertakings"] | words["sites"]
    nouns = nouns if lemmas_of(verb) & words["closing"] else nouns | words["deals"]
    return [t for t in children(verb, "obj", "obl") if t.lemma_.lower() in nouns]
