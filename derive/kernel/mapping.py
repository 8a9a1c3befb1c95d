"""Moving the indices of factors: renaming, substituting, and going into nested polynomials."""

from __future__ import annotations

from collections.abc import Callable

from derive.kernel.monomials import Factor, Ix, Poly, bound_names, sorted_powers, total

Move = Callable[[Ix], Ix]


def substitution(values: dict[str, Ix]) -> Move:
    """The move that puts `values[b]` for each index with base b: (b, 1) becomes values[b] + 1."""

    def move(ix: Ix) -> Ix:
        to = values.get(ix[0])
        return ix if to is None or not ix[0] else (to[0], to[1] + ix[1])

    return move


def map_factor(factor: Factor, move: Move) -> Factor:
    """The factor with `move` applied to each of its indices, inside nested polynomials too."""
    tag = factor[0]
    match tag:
        case "s" | "r":
            return _symbol(factor, move) if factor[2] else factor
        case "v":
            return ("v", move(factor[1]))
        case "d":
            return ("d", *sorted((move(factor[1]), move(factor[2]))))
        case "lt":
            return ("lt", move(factor[1]), move(factor[2]))
        case "m":
            contents = sorted_powers((map_factor(f, move), e) for f, e in factor[1])
            return ("m", contents, tuple(map_poly(p, move) for p in factor[2]))
        case "i":
            return ("i", _map_matrix(factor[1], move), *_oriented(factor, move))
        case "f":
            args = tuple(map_poly(p, move) for p in factor[3])
            return ("f", factor[1], factor[2], args, tuple(move(s) for s in factor[4]))
        case "x":
            return ("x", map_poly(factor[1], move), map_poly(factor[2], move))
        case "1":
            return ("1", factor[1], map_poly(factor[2], move))
        case "E":
            return ("E", map_poly(factor[1], move), tuple(map_poly(p, move) for p in factor[2]))
        case "P":
            return ("P", _map_matrix(factor[1], move), tuple(move(s) for s in factor[2]))
        case "D":
            return ("D", _map_matrix(factor[1], move), *factor[2:])
        case _:
            return (tag, map_poly(factor[1], move), *factor[2:])


def _symbol(factor: Factor, move: Move) -> Factor:
    """A component; the last two slots of a symmetric matrix (a fourth item says so) are kept in order."""
    slots = (move(factor[2][0]),) if len(factor[2]) == 1 else tuple([move(s) for s in factor[2]])
    if len(factor) == 3:
        return (factor[0], factor[1], slots)
    return (factor[0], factor[1], (*slots[:-2], *sorted(slots[-2:])), factor[3])


def _oriented(factor: Factor, move: Move) -> tuple[object, ...]:
    """Row and column of an inverse; those of a symmetric matrix are kept in order."""
    row, column, symmetric = move(factor[2]), move(factor[3]), factor[4]
    if symmetric and column < row:
        row, column = column, row
    return (row, column, symmetric)


def _map_matrix(poly: Poly, move: Move) -> Poly:
    """As `map_poly`, for a polynomial that binds ROW and COLUMN itself."""
    return map_poly(poly, lambda ix: ix if ix[0] in ("$r", "$c") else move(ix))


def map_poly(poly: Poly, move: Move) -> Poly:
    """As `map_factor`; bound indices stay, and the result is normal again (deltas may have met)."""
    from derive.kernel.algebra import build

    if all(move(ix) == ix for ix in poly.free):
        return poly
    parts = []
    for (powers, ranges), coefficient in poly.terms.items():
        names = {n for n, _ in bound_names(powers, len(ranges))}

        def inside(ix: Ix, names: set[str] = names) -> Ix:
            return ix if ix[0] in names else move(ix)

        moved = [(map_factor(f, inside), e) for f, e in powers]
        bounds = [
            (n, (move(low), move(high)))
            for (n, _), (low, high) in zip(bound_names(powers, len(ranges)), ranges, strict=True)
        ]
        parts.append(build(moved, bounds, coefficient))
    return total(parts)


def map_symbols(factor: Factor, change: Callable[[Factor], Factor]) -> Factor:
    """The factor with `change` applied to each component of a symbol in it, inside nested polynomials too.

    An expectation without a condition is a number: it is left as it is.
    """
    match factor[0]:
        case "s" | "r":
            return change(factor)
        case "m" | "E" if not factor[2]:
            return factor
        case "m":
            contents = sorted_powers((map_symbols(f, change), e) for f, e in factor[1])
            return ("m", contents, tuple(symbols_in(p, change) for p in factor[2]))
        case "f":
            return ("f", factor[1], factor[2], tuple(symbols_in(p, change) for p in factor[3]), factor[4])
        case "x":
            return ("x", symbols_in(factor[1], change), symbols_in(factor[2], change))
        case "1":
            return ("1", factor[1], symbols_in(factor[2], change))
        case "E":
            return ("E", symbols_in(factor[1], change), tuple(symbols_in(p, change) for p in factor[2]))
        case "p" | "i" | "D" | "P":
            return (factor[0], symbols_in(factor[1], change), *factor[2:])
        case _:
            return factor


def symbols_in(poly: Poly, change: Callable[[Factor], Factor]) -> Poly:
    """As `map_symbols`, for a polynomial."""
    from derive.kernel.algebra import build, opened

    parts = []
    for mono, number in poly.terms.items():
        powers, bounds = opened(mono)
        parts.append(build([(map_symbols(f, change), e) for f, e in powers], bounds, number))
    return total(parts)


def map_values(poly: Poly, value: Callable[[Factor], Poly | None]) -> Poly:
    """The polynomial with each factor for which `value` gives a polynomial replaced by it, in exponents too."""
    from derive.kernel.algebra import build, multiply, opened, power, symbolic_power

    result = Poly({})
    for mono, number in poly.terms.items():
        powers, bounds = opened(mono)
        if bounds:
            result = result + Poly({mono: number})
            continue
        product = build([], [], number)
        for factor, exponent in powers:
            new = value(factor)
            if new is not None:
                product = multiply(product, power(new, exponent))
            elif factor[0] == "x":
                product = multiply(product, symbolic_power(factor[1], map_values(factor[2], value).scale(exponent)))
            else:
                product = multiply(product, build([(factor, exponent)], []))
        result = result + product
    return result
