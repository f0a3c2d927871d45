import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigraph.vocab import AIG, UNIT, Iris, digest, kebab, normal_name, slug


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Nvidia", "nvidia"),
        ("NVIDIA Corp.", "nvidia"),
        ("The Nvidia Corporation", "nvidia"),
        ("Nvidia\u2019s", "nvidia"),
        ("Advanced Micro Devices, Inc.", "advanced micro devices"),
        ("SK hynix", "sk hynix"),
        ("GPT-4", "gpt 4"),
        ("Tom's Hardware", "tom's hardware".replace("'", " ")),
        ("C++", "c plus plus"),
        ("ＡＭＤ", "amd"),
        ("Co", "co"),
    ],
)
def test_spellings_of_one_name_share_a_key(name: str, key: str) -> None:
    assert normal_name(name) == key


@pytest.mark.parametrize(("one", "other"), [("MI300", "MI300X"), ("H100", "H200"), ("Groq", "Grok"), ("C++", "C")])
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert slug(one) != slug(other)


@given(st.text())
def test_normalising_twice_changes_nothing(name: str) -> None:
    assert normal_name(normal_name(name)) == normal_name(name)


def test_iris_follow_the_data_contract() -> None:
    iris = Iris()
    assert iris.thing("Company", "Nvidia Corp.").value == "https://w3id.org/aigraph/id/company/nvidia"
    assert iris.thing("AIModel", "GPT-4").value == "https://w3id.org/aigraph/id/ai-model/gpt-4"
    assert iris.article("a b/c").value == "https://w3id.org/aigraph/article/a%20b%2Fc"
    assert iris.graph("facts").value == "https://w3id.org/aigraph/graph/facts"
    assert Iris("http://localhost/").graph("facts").value == "http://localhost/graph/facts"


def test_a_part_depends_on_article_and_content() -> None:
    iris = Iris()
    assert iris.part("Claim", "a", 1, "x") == iris.part("Claim", "a", 1, "x")
    assert len({iris.part("Claim", "a", 1), iris.part("Claim", "b", 1), iris.part("Claim", "a", 2)}) == 3


def test_a_digest_keeps_its_parts_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert len(digest("x")) == 16


@pytest.mark.parametrize(
    ("camel", "kebabbed"),
    [("AIModel", "ai-model"), ("Company", "company"), ("LicensingAgreement", "licensing-agreement")],
)
def test_class_names_become_path_segments(camel: str, kebabbed: str) -> None:
    assert kebab(camel) == kebabbed


def test_an_undeclared_term_is_an_error() -> None:
    with pytest.raises(AttributeError, match="aig:Clam is not declared"):
        AIG.Clam  # noqa: B018
    assert AIG["Claim"] == AIG.Claim
    assert AIG.local(AIG.Claim) == "Claim"
    assert UNIT["BYTE-PER-SEC"].value == "http://qudt.org/vocab/unit/BYTE-PER-SEC"
