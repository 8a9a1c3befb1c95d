from __future__ import annotations

import pytest

from derive.render.network import network, network_of, network_svg, read_network


def test_a_network_has_its_neurons_weights_and_crosses():
    tikz = network([3, 3, 2], [(1, 2), (2, 2)])
    assert tikz.count(r"\node[neuron]") == 6
    assert tikz.count(r"\node[dropped]") == 2
    assert tikz.count(r"\draw[weight]") == 2 * 2 + 2 * 2
    assert tikz.count(r"\draw[cut]") == (9 - 4) + (6 - 4)


def test_the_svg_says_the_same():
    svg = network_svg([3, 3, 2], [(1, 2), (2, 2)])
    assert svg.count('class="dropped"') == 2 and svg.count("<line") == 15
    assert 'role="img"' in svg and "aria-label" in svg


@pytest.mark.parametrize("text", ["", "3", "3-3 dropped 3:1", "3-3 dropped 1:4", "0-2", "9-99", r"3-3 \input{x}"])
def test_what_is_no_network_is_refused(text):
    with pytest.raises(ValueError):
        read_network(text)


def test_a_document_without_a_network_has_no_picture():
    assert network_of({}) == ""
    assert "tikzpicture" in network_of({"network": "2-1"})
