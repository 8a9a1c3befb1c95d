"""Pages of theorems with proofs, as encyclopaedias of statistics have them: nothing is declared, all is true."""

from pathlib import Path

import pytest

from derive.judge.check import check_texts

PAGES = sorted((Path(__file__).parent / "pages").glob("*.*"))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_what_is_true_is_proved_or_lacks_an_assumption(page: Path) -> None:
    report = check_texts([(page.name, page.read_text(encoding="utf-8"))], simulation=False).documents[0]
    steps = [s for d in report.derivations for s in d.steps]
    assert steps and not report.error
    assert [(s.rhs, s.verdict) for s in steps if s.verdict not in ("proved", "defines", "assumed", "needs")] == []
