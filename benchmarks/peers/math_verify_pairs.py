"""Runs Math-Verify over pairs of LaTeX expressions, under a Python that has it: JSON in, JSON out.

    python benchmarks/peers/math_verify_pairs.py < pairs.json

Of each pair: the CPU time to parse and verify, and its answer, or null where it reads nothing in a side.  The pairs are
gone through several times and the first time is not counted, as the tables of the grammar are built in it; whole passes,
as the last few texts are remembered.
"""

import json
import sys
import time

from math_verify import LatexExtractionConfig, parse, verify

PASSES = 3


def read(side):
    return parse(f"${side}$", extraction_config=[LatexExtractionConfig()], fallback_mode="no_fallback")


def answer(left, right):
    one, other = read(left), read(right)
    return bool(verify(one, other)) if one and other else None


def timed(pair):
    begun = time.process_time()
    said = answer(*pair)
    return time.process_time() - begun, said


def main():
    pairs = json.load(sys.stdin)
    passes = [[timed(pair) for pair in pairs] for _ in range(PASSES)][1:]
    best = [min(seen) for seen in zip(*passes, strict=True)]
    json.dump([{"seconds": seconds, "answer": said} for seconds, said in best], sys.stdout)


main()
