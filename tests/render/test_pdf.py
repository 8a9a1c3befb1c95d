from __future__ import annotations

import os
import stat

import pytest

from derive.render import pdf
from tests.render.texrun import needs_tex

PAGE = "\\documentclass{article}\n\\begin{document}\n%s\n\\end{document}\n"


def page(tmp_path, body: str):
    path = tmp_path / "a page.tex" if " " in body[:1] else tmp_path / "page.tex"
    path.write_text(PAGE % body, encoding="utf-8")
    return path


@needs_tex
def test_a_page_becomes_a_pdf_beside_it_and_nothing_else(tmp_path):
    result = pdf.compile(page(tmp_path, "Hello."))
    assert result.path == tmp_path / "page.pdf" and result.path.read_bytes().startswith(b"%PDF")
    assert result.message == "wrote page.pdf"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["page.pdf", "page.tex"]


@needs_tex
def test_the_first_error_is_told_in_one_line_with_its_source(tmp_path):
    result = pdf.compile(page(tmp_path, "one\n\ntwo \\nosuchthing three"))
    assert result.path is None
    assert result.message == r"page.tex:5: Undefined control sequence \nosuchthing in: two \nosuchthing three"


@needs_tex
def test_the_shell_cannot_be_reached(tmp_path):
    pdf.compile(page(tmp_path, r"\immediate\write18{touch owned} x"))
    assert not (tmp_path / "owned").exists()


@needs_tex
def test_a_latexmkrc_is_not_run(tmp_path):
    (tmp_path / ".latexmkrc").write_text("system('touch owned');\n")
    assert pdf.compile(page(tmp_path, "x")).path is not None
    assert not (tmp_path / "owned").exists()


@needs_tex
def test_a_run_without_end_is_stopped(tmp_path):
    result = pdf.compile(page(tmp_path, r"\def\a{\a}\a"), timeout=3)
    assert result == pdf.PdfResult(None, "TeX took longer than 3 s on page.tex and was stopped")


@needs_tex
def test_pdflatex_alone_will_do(tmp_path, monkeypatch):
    real = pdf.shutil.which
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None if name == "latexmk" else real(name))
    assert pdf.compile(page(tmp_path, "x")).path is not None


def test_without_tex_there_is_a_hint(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    result = pdf.compile(page(tmp_path, "x"))
    assert result.path is None and "install TeX Live" in result.message and "\n" not in result.message


@pytest.mark.skipif(os.name != "posix", reason="a shell script stands in for TeX")
def test_a_tex_that_leaves_no_log_is_said(tmp_path, monkeypatch):
    fake = tmp_path / "pdflatex"
    fake.write_text("#!/bin/sh\nexit 1\n")
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(pdf.shutil, "which", lambda name: str(fake) if name == "pdflatex" else None)
    assert pdf.compile(page(tmp_path, "x")).message == "TeX failed on page.tex and left no log"


@needs_tex
def test_files_elsewhere_cannot_be_read(tmp_path):
    (tmp_path / "secret.tex").write_text("the secret", encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    result = pdf.compile(page(inside, rf"x \input{{{tmp_path}/secret.tex}}"))
    assert result.path is None and "secret" in result.message
