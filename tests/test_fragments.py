"""A saying is a statement: names of who speaks and relative clauses that only tell which thing is meant are none."""

from __future__ import annotations

import pytest

from test_denials import name, read

LEE = "[Ann Lee|Person]"


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        (f"Demand will grow, it shows, said {LEE}.", ["Demand will grow"]),
        (f"He hoped, {LEE} said, that prices would rise.", ["prices would rise"]),
        (
            f"[Orrin|Company] says prices that are coming will be high, according to {LEE}.",
            ["prices that are coming will be high"],
        ),
        (
            f"It had first wanted a machine, its director {LEE} recalls, but the answer took long.",
            ["It had first wanted a machine", "the answer took long"],
        ),
        (f"{LEE} rejected the claim that the plant was late.", ["the plant was late"]),
        # quotations, and what is all that somebody says
        (f'"No market, no customers," {LEE} said.', ["No market", "no customers"]),
        (f"Not over money, {LEE} said.", ["Not over money"]),
        (f"{LEE} called it a joke.", ["a joke"]),
        # who asks, hopes or signs in somebody's words does so there
        (f'"They have asked us in," {LEE} said.', ["They have asked us in"]),
        (
            f"{LEE} said that she would stay at the plant, which opened in May.",
            ["she would stay at the plant", "which opened in May"],
        ),
    ],
)
def test_a_saying_has_a_subject_and_a_verb_or_is_quoted(text: str, statements: list[str]) -> None:
    claims = [claim for claim in read(text).claims if claim.quantity is None]
    assert sorted(claim.text for claim in claims) == sorted(statements)
    assert {name(claim.claimant) for claim in claims} == {"ann-lee"}
