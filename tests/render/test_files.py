import pytest

from derive.render import files
from derive.render.files import Choices, build, plot_steps
from derive.report import Derivation, DocumentReport, Figure, Points, Simulation, Step
from tests.render.hand_made import FALSE, FINE, document

GAP = Figure("squares.md", "gap", r"\alpha", (Points("", (0.1, 0.5), (0.0, 0.2), (0.01, 0.01)),))
VALUES = Figure(
    "squares.md", "values", "n", (Points("0", (1, 2), (1, 0.5)), Points("", (1, 2), (1.01, 0.5), (0.01, 0.01))), "c"
)


def names(built):
    return [f.name for f in built.files]


def test_one_file_a_document_and_form(tmp_path):
    built = build([document(FINE)], ["article", "beamer", "html", "markdown"], tmp_path / "new" / "folder", Choices())
    assert names(built) == ["squares.tex", "squares-beamer.tex", "squares.html", "squares.md"]
    assert all(f.stat().st_size > 200 for f in built.files)
    assert built.remarks == [] and not built.failed


def test_several_documents_have_one_deck_and_an_index(tmp_path):
    built = build([document(FINE), document(FALSE, path="b.md")], ["beamer", "html"], tmp_path, Choices())
    assert names(built) == ["slides.tex", "squares.html", "b.html", "index.html"]
    assert 'href="b.html"' in (tmp_path / "index.html").read_text()


def test_file_names_stay_in_the_folder_and_apart(tmp_path):
    paths = ["../../etc/passwd.md", "a/x.md", "b/x.md", "-", "sp ace$.tex"]
    built = build([document(FINE, path=p) for p in paths], ["markdown"], tmp_path / "in", Choices())
    assert names(built) == ["passwd.md", "x.md", "x-2.md", "stdin.md", "sp-ace.md"]
    assert all(f.parent == tmp_path / "in" for f in built.files)


def test_a_fragment_is_no_document(tmp_path):
    build([document(FINE)], ["article"], tmp_path, Choices(fragment=True))
    text = (tmp_path / "squares.tex").read_text()
    assert r"\documentclass" not in text and r"\mathbb{E}" in text


@pytest.mark.parametrize("choices", [Choices(style="no such"), Choices(theme="../x")])
def test_what_cannot_be_chosen(tmp_path, choices):
    with pytest.raises(ValueError):
        build([document(FINE)], ["article", "beamer"], tmp_path, choices)


@pytest.mark.parametrize("figure", [GAP, VALUES])
def test_figures(tmp_path, figure):
    built = build([document(FALSE)], ["article", "html"], tmp_path, Choices(), [figure])
    assert names(built)[0] == "squares-figure.pdf" and (tmp_path / "squares-figure.pdf").read_bytes()[:4] == b"%PDF"
    assert "squares-figure.pdf" in (tmp_path / "squares.tex").read_text()
    assert "<svg" in (tmp_path / "squares.html").read_text()


def test_equal_reports_give_equal_files(tmp_path):
    for folder in ("a", "b"):
        build([document(FALSE)], ["article", "html", "beamer"], tmp_path / folder, Choices(), [GAP])
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_without_tex_there_is_one_hint(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    built = build([document(FINE), document(FALSE, path="b.md")], ["article"], tmp_path, Choices(pdf=True))
    assert len(built.remarks) == 1 and "TeX" in built.remarks[0] and not built.failed


def test_convergence_is_drawn_step_by_step(tmp_path):
    trace = tuple((n, 1.0, 0.1, 1.1, 0.1, -0.1, 0.02) for n in (100, 1000, 10000))
    step = Step(5, 1, "=", "a", "b", "proved", simulation=Simulation(10000, 0, True, 0.1, trace=trace))
    files = plot_steps(document(step, FINE), tmp_path)
    assert [f.name for f in files] == ["squares-line-5.png"]
    assert files[0].read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("form", ["article", "beamer", "html"])
def test_a_document_that_fails_is_told_and_the_others_go_on(form, tmp_path):
    steps = (Derivation(1, (Step(1, 1, "=", "a", "a", "proved"),)),)
    broken = DocumentReport("broken.md", derivations=steps, metadata={"network": "nonsense"})
    good = [DocumentReport(f"{name}.md", derivations=steps) for name in ("first", "last")]
    built = build([good[0], broken, good[1]], (form,), tmp_path, Choices())
    assert built.failed and len(built.files) >= 1
    assert built.remarks[0].startswith("broken.md: not a network")
    assert built.remarks[-1] == f"{len(built.files)} files written, 1 failed"
    assert not any("broken" in f.name for f in built.files)


def test_a_file_that_cannot_be_written_does_not_stop_the_others(tmp_path):
    (tmp_path / "first.md").mkdir()
    documents = [DocumentReport("first.md"), DocumentReport("second.md")]
    built = build(documents, ("markdown",), tmp_path, Choices())
    assert [f.name for f in built.files] == ["second.md"] and built.failed
    assert built.remarks[0].startswith("first.md: ")


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(files.os, "access", lambda path, mode: False)
    with pytest.raises(OSError, match="cannot be written"):
        build([], ("markdown",), tmp_path, Choices())


def test_the_index_links_to_pages_that_were_written(tmp_path, monkeypatch):
    from derive.render import html

    def page(document, **_):
        if document.path == "bad.md":
            raise ValueError("it cannot be shown")
        return "fine"

    monkeypatch.setattr(html, "page", page)
    documents = [DocumentReport(f"{name}.md", title=name) for name in ("good", "bad")]
    built = build(documents, ["html"], tmp_path, Choices())
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert built.failed and 'href="good.html"' in index and "bad.html" not in index and ">bad<" in index


def test_a_file_in_the_place_of_the_folder_is_said_plainly(tmp_path):
    from click.testing import CliRunner

    from cli import cli

    (tmp_path / "file").write_text("")
    (tmp_path / "d.md").write_text("$$ a = a $$\n")
    said = CliRunner().invoke(
        cli, ["build", str(tmp_path / "d.md"), "--to", "html", "-o", str(tmp_path / "file" / "sub")]
    )
    assert said.exit_code == 2 and "cannot write" in said.output and "Errno" not in said.output
