import pytest

from derive import library


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
