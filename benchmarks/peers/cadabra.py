"""Runs index algebra in Cadabra, under a Python that has it: JSON in, JSON out.

    /usr/bin/python3 benchmarks/peers/cadabra.py < tasks.json

A task is {"expression": …, "rules": […], "repeats": n}: the product is distributed, the rules are substituted in turn,
deltas eliminated, the rest sorted, canonicalised and collected.  Parsing is not timed.
"""

import json
import sys
import time

import cadabra2 as cdb

__cdbkernel__ = cdb.__cdbkernel__  # Cadabra looks for it in the calling module


def collected(expression, rules):
    cdb.distribute(expression)
    for rule in rules:
        cdb.substitute(expression, rule)
    cdb.eliminate_kronecker(expression)
    cdb.sort_product(expression)
    cdb.canonicalise(expression)
    cdb.rename_dummies(expression)
    cdb.collect_terms(expression)
    return expression


def timed(task):
    rules = [cdb.Ex(rule) for rule in task["rules"]]
    expressions = [cdb.Ex(task["expression"]) for _ in range(task["repeats"])]
    times = []
    for expression in expressions:
        begun = time.process_time()
        collected(expression, rules)
        times.append(time.process_time() - begun)
    return {"seconds": min(times), "result": str(expressions[-1])}


def main():
    cdb.Indices(cdb.Ex("{" + ",".join("ijklmnpqrstu") + "}"), cdb.Ex("vector"))
    cdb.KroneckerDelta(cdb.Ex(r"\delta_{i j}"))
    json.dump([timed(task) for task in json.load(sys.stdin)], sys.stdout)


main()
