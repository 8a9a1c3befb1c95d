import os

import pytest

from derive.gather import Unreadable, paths, read


def put(folder, name, data=b"x"):
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return str(target)


def test_a_folder_is_its_documents_by_name(tmp_path):
    wanted = [put(tmp_path, n) for n in ("a.md", "b.TEX", "c/d.txt")]
    for name in ("e.py", ".git/f.md", "c/.g.md"):
        put(tmp_path, name)
    assert paths([str(tmp_path)]) == wanted


def test_the_order_is_kept_and_repeats_too(tmp_path):
    a, b = put(tmp_path, "a.md"), put(tmp_path, "b.md")
    assert paths([b, "-", a, b]) == [b, "-", a, b]


@pytest.mark.parametrize("name", ["none.md", "none/", "\0"])
def test_what_does_not_exist(tmp_path, name):
    with pytest.raises(Unreadable):
        paths([str(tmp_path / name)])


def test_line_ends_and_encodings(tmp_path):
    assert read(put(tmp_path, "a.md", "α\r\nβ\rγ".encode())) == "α\nβ\nγ"
    assert read(put(tmp_path, "b.md", "α".encode("utf-8-sig"))) == "α"
    assert read(put(tmp_path, "c.md", "α\n".encode("utf-16"))) == "α\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"a\0b", "binary"), (b"a\n\xff\xfc", "line 2"), (b"\xff\xfea", "UTF-8"), (b"\x89PNG\r\n\x1a\n", "UTF-8")],
)
def test_what_is_no_text(tmp_path, data, said):
    with pytest.raises(Unreadable, match=said):
        read(put(tmp_path, "a.md", data))


def test_a_file_that_may_not_be_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "loop.md").symlink_to("loop.md")
    with pytest.raises(Unreadable):
        read(str(tmp_path / "loop.md"))
    with pytest.raises(Unreadable, match="no documents"):
        paths([str(tmp_path)])
