"""The library: the documents of the `proofs` package, found by name."""

from __future__ import annotations

from importlib.resources import files


def names() -> list[str]:
    """Names of all documents, `l2-noise` for `l2-noise.md`; the order is alphabetical."""
    found = (f.name for f in files("proofs").iterdir())
    return sorted(name.removesuffix(".md") for name in found if name.endswith(".md") and name != "README.md")


def text(name: str) -> str:
    """The document of that name.

    Raises:
        KeyError: no such document; the message names the nearest ones.
    """
    known = names()
    if name not in known:
        from difflib import get_close_matches

        near = get_close_matches(name, known, n=3)
        raise KeyError(
            f"the library has no derivation {name!r}"
            + (f"; did you mean {' or '.join(near)}?" if near else "; `derive list` shows what it has")
        )
    return files("proofs").joinpath(f"{name}.md").read_text(encoding="utf-8")
