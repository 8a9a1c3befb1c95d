"""Mutation testing of the engine: is a small change of the kernel or of the finite models noticed by the tests?

Places are drawn at random, with a seed; each is changed in a copy of the project, and the tests that mirror the file are run on
it.  A mutant that no test notices survives: it is printed, to be looked at.

    python -m benchmarks.mutants [--count 60] [--seed 0] [--seconds 1200] [--only kernel/algebra.py]
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic

ROOT = Path(__file__).resolve().parent.parent
TESTS = {
    "kernel": ["tests/kernel", "tests/rules/test_audit.py"],
    "witnesses": [
        "tests/witnesses/test_finite.py",
        "tests/witnesses/test_verify.py",
        "tests/witnesses/test_evaluate.py",
    ],
}
SIMULATION = "sim"  # not of the finite models
TIMEOUT = 240  # seconds; a mutant that runs for ever is noticed
COMPARED = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
COMPUTED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.BitOr: ast.BitAnd}
NAMED = {"any": "all", "all": "any", "min": "max", "max": "min"}


@dataclass(frozen=True)
class Mutant:
    file: Path
    line: int
    before: str
    after: str
    source: str


def places(file: Path) -> list[tuple[Path, int]]:
    """Every place of a file where something can be changed: the number of its node."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [(file, number) for number, node in enumerate(ast.walk(tree)) if any(True for _ in changes(node))]


def mutant(file: Path, number: int) -> Mutant:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    node = list(ast.walk(tree))[number]
    before, line = ast.unparse(node), getattr(node, "lineno", 0)
    new = next(changes(node))(deepcopy(node))
    after = "" if isinstance(new, ast.Pass) else ast.unparse(new)
    changed = ast.fix_missing_locations(_Replaced(node, new).visit(tree))
    return Mutant(file, line, before, after, ast.unparse(changed))


def changes(node: ast.AST) -> Iterator:
    """The ways in which one node can be changed: functions from its copy to what is put in its place."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in COMPARED:
            yield lambda n: ast.Compare(n.left, [COMPARED[type(n.ops[0])]()], n.comparators)
        case ast.BoolOp(op=ast.And()):
            yield lambda n: ast.BoolOp(ast.Or(), n.values)
        case ast.BoolOp(op=ast.Or()):
            yield lambda n: ast.BoolOp(ast.And(), n.values)
        case ast.UnaryOp(op=ast.Not()):
            yield lambda n: n.operand
        case ast.BinOp(op=op) if type(op) in COMPUTED:
            yield lambda n: ast.BinOp(n.left, COMPUTED[type(n.op)](), n.right)
        case ast.Constant(value=bool()):
            yield lambda n: ast.Constant(not n.value)
        case ast.Constant(value=int()):
            yield lambda n: ast.Constant(n.value + 1)
        case ast.Name(id=name) if name in NAMED:
            yield lambda n: ast.Name(NAMED[n.id], ast.Load())
        case ast.If() | ast.IfExp():
            yield lambda n: _with_test(n, ast.UnaryOp(ast.Not(), n.test))
        case ast.Return(value=ast.expr()) if not isinstance(node.value, ast.Constant):
            yield lambda n: ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call()) | ast.AugAssign():
            yield lambda n: ast.Pass()
        case ast.Continue():
            yield lambda n: ast.Break()


def _with_test(node: ast.If | ast.IfExp, test: ast.expr) -> ast.AST:
    new = deepcopy(node)
    new.test = test
    return new


class _Replaced(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST):
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else super().visit(node)


def drawn(files: list[Path], count: int, seed: int) -> list[Mutant]:
    """A sample over all places of all files, each place equally likely."""
    every = [place for file in files for place in places(file)]
    return [mutant(*place) for place in Random(seed).sample(every, min(count, len(every)))]


def noticed(mutant: Mutant, workshop: Path) -> bool:
    """Whether a test fails, or never ends, on the changed project."""
    place = workshop / mutant.file.relative_to(ROOT)
    original = place.read_text(encoding="utf-8")
    place.write_text(mutant.source, encoding="utf-8")
    tests = TESTS[mutant.file.parent.name]
    call = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]
    try:
        with subprocess.Popen(
            call,
            cwd=workshop,
            env={**os.environ, "PYTHONPATH": str(workshop), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as run:
            try:
                return run.wait(timeout=TIMEOUT) != 0
            except subprocess.TimeoutExpired:
                run.kill()
                return True
    finally:
        place.write_text(original, encoding="utf-8")


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--count", type=int, default=60, help="mutants")
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--seconds", type=float, default=1200, help="no new mutant is begun after so long")
    ask.add_argument("--only", help="part of a path: kernel, kernel/algebra.py, …")
    said = ask.parse_args()
    files = sorted((ROOT / "derive" / "kernel").glob("*.py"))
    files += [f for f in sorted((ROOT / "derive" / "witnesses").glob("*.py")) if not f.name.startswith(SIMULATION)]
    files = [f for f in files if said.only is None or said.only in str(f)]
    sample = drawn(files, said.count, said.seed)
    until, tried, survived = monotonic() + said.seconds, 0, 0
    with TemporaryDirectory() as folder:
        workshop = Path(folder)
        for part in ("derive", "tests", "proofs", "benchmarks"):
            shutil.copytree(ROOT / part, workshop / part, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("cli.py", "pyproject.toml", "README.md"):
            shutil.copy(ROOT / name, workshop / name)
        for one in sample:
            if monotonic() > until:
                break
            tried += 1
            if not noticed(one, workshop):
                survived += 1
                where = one.file.relative_to(ROOT)
                print(
                    f"survived: {where}:{one.line}\n    {one.before}\n    {one.after or 'left out'}",
                    flush=True,
                )
    print(f"{tried} mutants, {tried - survived} noticed, {survived} survived (seed {said.seed})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
