import pytest

from derive import library
from derive.judge.check import check_texts
from derive.report import FINDINGS
from derive.rules.book import RULES


def test_every_document_has_a_head():
    assert "l2-noise" in library.names() and "README" not in library.names()
    for name in library.names():
        text = library.text(name)
        assert text.startswith("---\ntitle: "), name


def test_a_name_that_is_nearly_right():
    with pytest.raises(KeyError, match="did you mean l2-noise"):
        library.text("l2-nose")
    with pytest.raises(KeyError, match="derive list"):
        library.text("../pyproject")


@pytest.fixture(scope="module")
def reports():
    return {d.path: d for d in check_texts([(n, library.text(n)) for n in library.names()], simulation=False).documents}


@pytest.mark.parametrize("name", library.names())
def test_every_derivation_comes_out_as_its_head_says(reports, name):
    report = reports[name]
    found = [s for d in report.derivations for s in d.steps if s.verdict in FINDINGS]
    assert report.derivations and not report.remarks and not report.error
    assert {s.verdict for s in found} == ({report.metadata["expects"]} if "expects" in report.metadata else set()), [
        f"line {s.line}: {s.verdict}: {s.message}" for s in found
    ]


def test_every_rule_that_is_named_can_be_explained(reports):
    steps = [s for r in reports.values() for d in r.derivations for s in d.steps]
    assert {name for s in steps for name in s.rules} <= set(RULES)
