"""Which words of a sentence are finite verbs, as far as their forms and neighbours tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from aigraph.facts.words.grammar import function_words
from aigraph.facts.words.inflections import Form, Inflections, load_inflections
from aigraph.facts.words.sentences import Word

GENERAL_VERBS = Path(__file__).with_name("clauses.yaml")
RULE_VERBS = Path(__file__).parents[1] / "rules" / "verbs.yaml"


_TOLD = 7
_KEPT = 20_000
"""Words whose forms are kept."""
_NUMERALS = frozenset({"two", "three", "four", "five", "six"})
_CODE_PLURAL = re.compile(r"\d[a-z]?s$")  # "H200s fetch $21,000"


@cache
def general_verbs() -> Inflections:
    """The verbs by which clauses are told apart, beside those of rules and of speech."""
    return load_inflections(GENERAL_VERBS)


@cache
def rule_verbs() -> Inflections:
    """The verbs that relation rules name."""
    return load_inflections(RULE_VERBS)


class VerbReader:
    """Tells finite verbs; `speech` are verbs beside those of the two lists above."""

    def __init__(self, speech: Inflections) -> None:
        self._sources = (general_verbs(), rule_verbs(), speech)
        self._forms: dict[str, frozenset[Form]] = {}
        self._auxiliaries = function_words("auxiliaries")
        self._determiners = function_words("determiners")
        self._prepositions = function_words("prepositions")
        self._no_past_behind = (
            self._auxiliaries | self._determiners | self._prepositions | function_words("be") | {"not", "n't"}
        )

    def forms(self, text: str) -> frozenset[Form]:
        """The forms of verbs that a word may be; an unknown word in -ed is a past form."""
        known = self._forms.get(text)
        if known is None:
            found = {reading.form for source in self._sources for reading in source.readings(text)}
            if not found and text.endswith("ed") and len(text) > 4 and "-" not in text:
                found = {Form.PAST, Form.PARTICIPLE}
            if len(self._forms) >= _KEPT:
                self._forms.clear()
            known = self._forms[text] = frozenset(found)
        return known

    def verbal(self, text: str) -> bool:
        """True for auxiliaries and any word that can be a form of a verb."""
        return text in self._auxiliaries or bool(self.forms(text))

    def finite(self, words: Sequence[Word], index: int) -> bool:
        """True where a word is the finite verb of a clause."""
        word = words[index]
        if word.mention is not None:
            return False
        previous = words[index - 1].text if index else ""
        if word.text in self._auxiliaries:
            infinitive = word.text in ("have", "do") and previous in function_words("modals")
            month = word.text == "may" and previous in self._prepositions | {"since", "until", "last"}
            return not infinitive and not month
        if word.text == "'s":
            return previous in function_words("singular_pronouns")
        forms = self.forms(word.text) if word.text[0].isalpha() else frozenset()
        return (
            (Form.THIRD in forms and self._third(words, index))
            or (Form.PAST in forms and self._past(words, index, forms))
            or (Form.BASE in forms and self._plural_before(words, index))
        )

    def any_finite(self, words: Sequence[Word], indices: Sequence[int]) -> bool:
        """True where one of some words is a finite verb."""
        return any(self.finite(words, i) for i in indices)

    def _third(self, words: Sequence[Word], index: int) -> bool:
        """Is a form in -s a verb and no plural: does it stand behind a singular subject?"""
        following = words[index + 1].text if index + 1 < len(words) else ""
        if not index or following in ("of", "'s"):
            return False
        before = words[index - 1]
        if before.mention is not None:
            return before.text not in function_words("possessives")
        if before.text in function_words("singular_starts"):
            return True
        if before.text in self._determiners | self._prepositions | self._auxiliaries | function_words("noun_markers"):
            return False
        past = Form.PARTICIPLE in self.forms(before.text)
        return before.text.isalpha() and not past and not before.text.endswith("ing")

    def _past(self, words: Sequence[Word], index: int, forms: frozenset[Form]) -> bool:
        """Is a past form no participle: neither behind an auxiliary nor with "by"?"""
        previous = words[index - 1].text if index else ""
        following = words[index + 1].text if index + 1 < len(words) else ""
        if not index or previous in self._no_past_behind:
            return False
        ambiguous = Form.PARTICIPLE in forms
        if previous == "," and self._told(words, index):
            return True
        if ambiguous and previous in (",", "(") and (following in self._prepositions or following == "up"):
            return False
        if (
            index > 1
            and words[index - 1].mention is None
            and (previous.endswith("ly") or previous in ("also", "already"))
        ):
            return words[index - 2].text not in self._auxiliaries | function_words("be")
        return following != "by" or not ambiguous

    def _told(self, words: Sequence[Word], index: int) -> bool:
        """Is a verb of saying behind an aside followed by what is said: ", by contrast, announced in April that"?"""
        if not self._sources[-1].readings(words[index].text):
            return False
        for at in range(index + 1, min(index + _TOLD, len(words))):
            if words[at].text == "that":
                return True
            if words[at].mention is None and not words[at].solid:
                return False
        return False

    def _speaks(self, words: Sequence[Word], index: int) -> bool:
        """Does a verb of saying stand behind a plural with an attribute: "people in the industry say"?"""
        if words[index].text not in ("argue", "believe", "expect", "say", "tell", "think"):
            return False
        for at in range(index - 1, max(-1, index - _TOLD), -1):
            word = words[at]
            if not word.solid or (word.mention is None and word.text in self._auxiliaries):
                return False
            following = words[at + 1].text
            plural = word.text == "people" or (word.mention is None and word.text.endswith("s") and len(word.text) > 3)
            if plural and following in self._prepositions | {"close", "familiar"}:
                return True
        return False

    def _plural_before(self, words: Sequence[Word], index: int) -> bool:
        """Does a base form stand behind a plural subject: "analysts expect", "A and B plan"?"""
        if not index:
            return False
        before = words[index - 1]
        if before.mention is not None and _CODE_PLURAL.search(before.text):
            return True
        if before.mention is not None:
            joined = (
                index > 2 and words[index - 2].text in ("and", "or", "nor") and words[index - 3].mention is not None
            )
            return joined or before.text in ("they", "who")
        if self._speaks(words, index):
            return True
        plural = before.text.endswith("s") and before.text.isalpha() and not before.text.endswith("ss")
        numbered = index > 1 and words[index - 2].text in ("the", "these", "those") and before.text in _NUMERALS
        return numbered or before.text in function_words("plural_subjects") or (plural and len(before.text) > 3)
