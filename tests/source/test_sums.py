"""What a sum runs over, as far as the text tells."""

import pytest

from derive.language import syntax as sx
from derive.source import read_document
from tests.source.shown import shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"y_j = \sum_{i \neq j} a_{ij} x_i", "sum<i!=j>{a_{i, j}*x_{i}}"),
        (r"y_i = \sum_{j \neq i} a_{ij} x_j", "sum<j!=i>{a_{i, j}*x_{j}}"),
        (r"s = \sum_{j \neq i} x_i x_j", "sum<j; i!=j>{x_{i}*x_{j}}"),
        (r"s = \sum_{i \neq j} x_i x_j", "sum<i; j!=i>{x_{i}*x_{j}}"),
        (r"s = \sum_{i \neq k} x_i", "sum<i!=k>x_{i}"),
        (r"s = \sum_i \sum_{j \neq i} x_i x_j", "sum<i>sum<j!=i>{x_{i}*x_{j}}"),
        (r"s = \sum_{i < j} x_i x_j", "sum<j; i<j>{x_{i}*x_{j}}"),
        (r"z_j = \sum_{i < j} x_i", "sum<i<j>x_{i}"),
        (r"s = \sum_{i < k} x_i", "sum<i<k>x_{i}"),
        (r"s = \sum_{i < n} x_i", "sum<i<n>x_{i}"),
        (r"s = \sum_j \sum_{i < j} x_{ij}", "sum<j>sum<i<j>x_{i, j}"),
        (r"s = \sum_{i < j < k} x_{ijk}", "sum<k; j<k; i<j>x_{i, j, k}"),
        (r"s = \sum_{1 \le i < j \le n} (j - i)", "sum<j=1..n; i=1..none<j>br((j + -i))"),
        (r"s = \sum_{i=1}^n \sum_{j=1}^m x_{ij}", "sum<i=1..n>sum<j=1..m>x_{i, j}"),
        (r"s = \sum_{i=1,j=1}^{n,m} x_{ij}", "sum<i=1..n; j=1..m>x_{i, j}"),
        (r"s = \sum_{i,j: i \neq j} x_{ij}", "sum<i; j!=i>x_{i, j}"),
        (r"s = \sum_{x \in \{0, 1\}} x", "sum<x in br{<0, 1>)>x"),
        (r"s = \sum_{i \in [n]} x_i", "sum<i=1..n>x_{i}"),
        (r"s = \sum_{i \in \{1, \dots, n\}} x_i", "sum<i=1..n>x_{i}"),
        (r"s = \sum_{k \le n} x_k", "sum<k=none..n>x_{k}"),
        (r"s = \sum_i^n x_i", "sum<i=none..n>x_{i}"),
        (r"s = \sum_{x^{(i)} = 0}^1 x^{(i)}", "sum<x^{i}=0..1>x^{i}"),
        (r"s = \prod_i a_i \prod_j b_j", "{prod<i>a_{i}*prod<j>b_{j}}"),
    ],
)
def test_ranges(text, expected):
    (chain,) = read_document("a.md", f"$$ {text} $$").items
    assert isinstance(chain, sx.Chain) and chain.members[1].problem is None, chain.members[1].problem
    assert shown(chain.members[1].syntax) == expected
