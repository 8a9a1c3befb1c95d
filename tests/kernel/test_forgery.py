"""A proof is made by the kernel alone: every other way to one is tried, and the judge takes none of them."""

import copy
import dataclasses
import pickle

import pytest

from derive.judge.verdict import _proved
from derive.kernel.proof import Proof, is_genuine, prove, shows
from derive.witnesses.finite import Agreement

from .test_proof import FALSE, TRUE

CLAIM, OTHER, UNTRUE = TRUE["variance"], TRUE["scaling"], FALSE["square of the mean"]
FIELDS = {"claim": UNTRUE, "rules": ("linearity",), "uses": (), "presupposed": ()}


def test_the_kernels_own_is_genuine():
    proof = prove(CLAIM)
    assert is_genuine(proof) and shows(proof, CLAIM)
    assert not shows(proof, OTHER) and not shows(proof, UNTRUE)


@pytest.mark.parametrize("key", [None, object(), "prove", 0])
def test_the_constructor_asks_for_the_key(key):
    with pytest.raises(TypeError):
        Proof(key, UNTRUE, (), (), ())
    with pytest.raises(TypeError):
        Proof.__new__(Proof, key)
    with pytest.raises(TypeError):
        Proof.__init__(prove(CLAIM), key, UNTRUE, (), (), ())


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda p: pickle.loads(pickle.dumps(p))])
def test_it_cannot_be_copied(copied):
    with pytest.raises(TypeError):
        copied(prove(CLAIM))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_cannot_be_pickled(protocol):
    with pytest.raises(TypeError):
        pickle.dumps(prove(CLAIM), protocol)


def test_it_cannot_be_replaced():
    proof = prove(CLAIM)
    with pytest.raises(TypeError):
        dataclasses.replace(proof, claim=UNTRUE)
    if hasattr(copy, "replace"):  # from Python 3.13 on
        with pytest.raises(TypeError):
            copy.replace(proof, claim=UNTRUE)


@pytest.mark.parametrize("name", FIELDS)
def test_its_attributes_cannot_be_set(name):
    proof = prove(CLAIM)
    with pytest.raises(AttributeError):
        setattr(proof, name, FIELDS[name])
    with pytest.raises(AttributeError):
        delattr(proof, name)
    with pytest.raises(AttributeError):
        proof.more = 1
    assert is_genuine(proof)


def test_what_is_set_behind_its_back_is_not_genuine():
    proof = prove(CLAIM)
    object.__setattr__(proof, "claim", UNTRUE)
    assert not is_genuine(proof) and not shows(proof, UNTRUE)
    proof = prove(CLAIM)
    object.__delattr__(proof, "claim")
    assert not is_genuine(proof)


def bare():
    """A proof as `object.__new__` makes it: Python allows that of every class."""
    forged = object.__new__(Proof)
    for name, value in FIELDS.items():
        object.__setattr__(forged, name, value)
    return forged


def test_a_bare_object_is_not_genuine():
    assert isinstance(bare(), Proof)
    assert not is_genuine(bare()) and not shows(bare(), UNTRUE)
    assert not is_genuine(object.__new__(Proof))


def test_there_is_no_subclass():
    with pytest.raises(TypeError):

        class Mine(Proof):  # type: ignore[misc]
            def __init__(self):
                pass

    with pytest.raises(TypeError):
        type("Mine", (Proof,), {"__init__": lambda self: None, "__init_subclass__": classmethod(lambda cls: None)})


def test_what_looks_like_one_is_not():
    class Alike:
        claim, rules, uses, presupposed = UNTRUE, (), (), ()
        __class__ = Proof  # type: ignore[assignment]
        __hash__ = None

    assert isinstance(Alike(), Proof) and not is_genuine(Alike())


def test_no_other_object_equals_a_proof():
    assert prove(CLAIM) != prove(CLAIM)


@pytest.mark.parametrize("forged", [bare, lambda: prove(CLAIM)])
def test_the_judge_calls_nothing_proved_without_one(forged):
    with pytest.raises(TypeError):
        _proved(UNTRUE, forged(), Agreement(1, ""), 0.0)
