"""What the language model takes for names, set against the candidates of the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from aigraph.mentions.known import Match
from aigraph.mentions.masked import Item
from aigraph.mentions.text import Stretch
from aigraph.records import EntityType, RecognizedName
from aigraph.vocab import normal_name

_SURE = 0.5
"""From which score a recognised name is a candidate of its own."""
_SURE_STYLED = 0.8
"""The same in headings set in title case, where the model errs more often."""
_BOUNDS = 0.6
"""From which score its bounds replace those of a run of capitals."""
_WEIGHT = 3.0
"""What a certain recogniser says of a type, in votes of the rules; each further place adds a fifth, up to five."""
_MORE = 0.2


@dataclass(slots=True)
class Recognition:
    """What the model says of each name of an article, over all its places."""

    _chances: dict[str, dict[EntityType, float]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(float))
    )
    _places: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, key: str, name: RecognizedName) -> None:
        """Take note of one place."""
        self._places[key] += 1
        for kind, chance in name.types:
            self._chances[key][kind] += chance * name.score

    def votes(self, key: str) -> dict[EntityType, float]:
        """The weight of evidence for each type of a name; empty for one that the model never saw."""
        places = self._places.get(key, 0)
        if not places:
            return {}
        weight = _WEIGHT * (1 + _MORE * (min(places, 6) - 1))
        return {kind: weight * total / places for kind, total in self._chances[key].items() if total / places > 0.05}

    def __contains__(self, key: object) -> bool:
        return key in self._places


def with_recognized(
    stretch: Stretch,
    items: Sequence[Item],
    matches: Sequence[Match],
    is_name: Callable[[str], bool],
    recognition: Recognition,
) -> list[Item]:
    """The items of a stretch with those that the model adds or bounds otherwise; all are noted in `recognition`.

    Listed names stay as they are. A recognised name replaces supposed ones that it overlaps where the model is sure.
    """
    kept = list(items)
    sure = _SURE_STYLED if stretch.styled else _SURE
    for name in stretch.recognized:
        start, end = name.span.start - stretch.offset, name.span.end - stretch.offset
        text = stretch.text[start:end]
        if not is_name(text) or not name.types:
            continue
        key = normal_name(text)
        listed = [m for m in matches if m.start < end and start < m.end]
        rivals = [item for item in kept if item.supposed and item.start < end and start < item.end]
        if any((item.start, item.end) == (start, end) for item in rivals):
            recognition.add(key, name)
        elif not listed and name.score >= (_BOUNDS if rivals else sure):
            kept = [item for item in kept if item not in rivals]
            kept.append(Item(start, end, text, key, None, supposed=True))
            recognition.add(key, name)
        elif rivals and not listed:
            for item in rivals:
                recognition.add(item.key, name)
    return sorted(kept, key=lambda item: item.start)
