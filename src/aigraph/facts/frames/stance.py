"""What the tree says of how a predicate is put forward: denials, conditions, plans and rumours above it."""

from __future__ import annotations

from dataclasses import replace

from aigraph.facts.frames.rules import load_frame_words
from aigraph.facts.frames.trees import Tree
from aigraph.facts.speech.hedges import MODALS
from aigraph.facts.speech.stance import WEAKEST_FIRST, Stance
from aigraph.records import MentionKind, Modality, Polarity

_DEPTH = 8
_EMBEDDED = frozenset({"xcomp", "ccomp", "csubj", "csubj:pass", "acl", "obj", "obl", "nmod", "conj"})
_NEGATIONS = frozenset({"not", "n't", "never", "no", "neither", "nor"})
_CONDITIONS = frozenset({"if", "unless", "whether"})
_KINDS = (
    ("wishing", Modality.HYPOTHETICAL),
    ("rumouring", Modality.REPORTED),
    ("planning", Modality.FORECAST),
)


def weighed(stance: Stance, tree: Tree, at: int) -> Stance:
    """A stance with what the tree adds: it can only become weaker, or denied."""
    words = load_frame_words()
    if _is_taken_for_granted(stance, tree, at):
        stance = replace(stance, modality=Modality.ASSERTED, polarity=Polarity.AFFIRMED)
    modality, denials = stance.modality, 0
    for _ in range(_DEPTH):
        denials += any(_denies(tree, kid) for kid in tree.kids[at])
        if any(tree.texts[kid] in _CONDITIONS for kid in tree.under(at, "mark")):
            modality = Modality.HYPOTHETICAL
        head, label = tree.heads[at], tree.labels[at]
        if head == at or label not in _EMBEDDED or (label == "conj" and tree.has(at, "nsubj", "nsubj:pass")):
            break
        lemma = tree.lemmas[head]
        if label != "conj":
            denials += lemma in words["denying"]
            found = [m for name, m in _KINDS if lemma in words[name]]
            modality = min((modality, *found), key=WEAKEST_FIRST.index)
        elif any(_denies(tree, kid) for kid in tree.kids[head]) and tree.kinds[at] == "VERB":
            break  # "did not buy A but sold B": the denial is that of the first alone
        at = head
    negated = stance.polarity == Polarity.NEGATED or denials % 2 == 1
    return replace(stance, modality=modality, polarity=Polarity.NEGATED if negated else Polarity.AFFIRMED)


def _is_taken_for_granted(stance: Stance, tree: Tree, at: int) -> bool:
    """Does a predicate tell of a named thing beside what is hedged: "may use Maia, the chip that Microsoft designed"?

    So does a relative clause or a participle of the past, where all words that hedge stand outside of it.
    """
    relative = tree.labels[at] == "acl:relcl" or (tree.labels[at] == "acl" and tree.tags[at] == "VBN")
    if not relative or stance.claimant is not None:
        return False
    noun = tree.heads[at]
    named = tree.mentions[noun] or (tree.mentions[tree.heads[noun]] if tree.labels[noun] == "appos" else None)
    if named is None or named.kind != MentionKind.NAME or any(tree.texts[t] in MODALS for t in tree.under(at, "aux")):
        return False
    inside = [tree.spans[word] for word in tree.within(at)]
    return not any(cue.overlaps(span) for cue in stance.cues for span in inside)


def _denies(tree: Tree, kid: int) -> bool:
    if tree.texts[kid] not in _NEGATIONS or tree.labels[kid] not in ("advmod", "det", "cc:preconj", "cc"):
        return False
    return not (kid + 1 < len(tree) and tree.texts[kid + 1] in ("only", "just", "merely"))
