from derive.judge import messages
from derive.report import Exact, Misconception, Simulation


def test_lists() -> None:
    assert messages.listed(["a", "b", "c"]) == "a, b and c"
    assert messages.listed([]) == ""


def test_proved_names_a_few_rules() -> None:
    text = messages.proved(["linearity", "independence", "mean", "transpose", "expand"], ["X \\perp Y"])
    assert text == "Follows by linearity, independence, mean, transpose and other rules, using $X \\perp Y$."
    assert messages.proved([], []) == "Both sides are the same expression."


def test_wrong_is_one_paragraph() -> None:
    mistake = Misconception("m", "t", "Variance is quadratic.")
    text = messages.wrong(mistake, "x", "y")
    assert text == "The two sides differ by $x$. Variance is quadratic. The right side should be $y$."
    assert messages.wrong(None, None, None) == "The two sides differ."


def test_unproved_says_what_was_tried() -> None:
    agree = Exact(4, True)
    simulation = Simulation(1000, 0, True, 0.1)
    assert "4 exact finite models find no difference and neither does the simulation" in messages.unproved(
        "", agree, simulation
    )
    assert "z = 9.0" in messages.unproved("", agree, Simulation(1000, 0, False, 9.0))
    assert "not modelled" in messages.unproved("", Exact(0, None, "", "not modelled: f"), None)


def test_summary() -> None:
    assert messages.summary([], True) == ""
    assert messages.summary([3], None) == ""
    assert messages.summary([3], True) == "line 3 is wrong, yet the last expression equals the first"
    assert messages.summary([3, 4], False).startswith("lines 3 and 4 are wrong")
