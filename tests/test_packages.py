"""What is installed: every package of the project, not only those that a checkout finds by itself."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_package_is_installed():
    listed = re.search(r"^packages = (\[.*\"derive\".*\])$", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert listed is not None
    found = {str(p.parent.relative_to(ROOT)).replace("/", ".") for p in (ROOT / "derive").rglob("__init__.py")}
    assert found <= set(re.findall(r'"([\w.]+)"', listed.group(1)))


def test_the_kernel_and_the_verifier_are_typed_strictly():
    text = (ROOT / "pyproject.toml").read_text()
    settings = text[text.index("[tool.mypy]") :].split("\n[")[0]
    assert "strict = true" in settings and '"derive.kernel"' in settings and '"derive.verify"' in settings
    assert not [p.name for p in (ROOT / "derive/verify").glob("*.py") if "type: ignore" in p.read_text()]
