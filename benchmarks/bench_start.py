"""From the shell: help against `import click, rich`, a page of scalars against `import sympy`.

python -m benchmarks.bench_start
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Row, process, ratio, table

PAGE = r"""# One page of scalars

```given
X, Y \in \mathbb{R}
X \perp Y
\mathbb{E}[Y] = 0
a, b \text{ constant}
```

$$
\begin{aligned}
\mathbb{E}[(aX + bY)^2] &= \mathbb{E}[a^2 X^2 + 2ab XY + b^2 Y^2] \\
&= a^2 \mathbb{E}[X^2] + 2ab \mathbb{E}[XY] + b^2 \mathbb{E}[Y^2] \\
&= a^2 \mathbb{E}[X^2] + 2ab \mathbb{E}[X]\mathbb{E}[Y] + b^2 \mathbb{E}[Y^2] \\
&= a^2 \mathbb{E}[X^2] + b^2 \mathbb{E}[Y^2]
\end{aligned}
$$

$$
\operatorname{Var}(X) = \mathbb{E}[(X - \mathbb{E}[X])^2] = \mathbb{E}[X^2] - \mathbb{E}[X]^2
$$
"""
CALL = "import sys; from cli import main; main(sys.argv[1:])"


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.md")
        page.write_text(PAGE, encoding="utf-8")

        def python(*arguments: str) -> Callable[[], object]:
            return process([sys.executable, "-c", *arguments], str(Path(folder, "cache")))

        begun = ratio(python(CALL, "--help"), python("import click, rich"))
        checked = ratio(python(CALL, "check", str(page), "--no-simulation"), python("import sympy"), repeats=5)
    return [
        Row("`derive --help`", begun, 1.5, "×", "`import click, rich`"),
        Row("`derive check` of a page, no simulation", checked, 1.3, "×", "`import sympy`"),
    ]


if __name__ == "__main__":
    print(table(rows()))
