r"""The vocabulary of facts in words: what each phrase states, and which words may stand between them."""

from __future__ import annotations

import re

MILD = frozenset(
    "gaussian normal normally discrete continuous two three four several some arbitrary positive white additive univariate multivariate "
    "bernoulli real-valued bounded square design covariance input output hidden i.e such finite-variance unbiased new other non-negative "
    "drawn sampled generated nonnegative different following own once again always still".split()
)
DIMS = re.compile(r"‹(\d+)›")
MARK = re.compile(r"⟦(\d+)⟧")
MARKS = re.compile(r"⟦\d+⟧(?:\s*(?:,\s*and|,|and|or|&|as well as)\s*(?:the\s+)?⟦\d+⟧)*")
PROPERTIES = {
    r"skew[- ]?symmetric|antisymmetric|anti-symmetric": "antisymmetric", r"symmetric": "symmetric",
    r"invertible|non-?singular|regular matri": "invertible", r"diagonal": "diagonal", r"orthogonal|orthonormal": "orthogonal",
    r"positive[- ]?semi-?[- ]?definite|positive semi|p\.?s\.?d\.?|pos\. semi-def\.?|non-?negative definite": "positive semidefinite",
    r"positive[- ]?definite|p\.?d\.?(?=\W|$)|pos\. def\.?": "positive definite",
    r"(?:of |has |have |with |a )*full column[- ]rank": "full column rank",
    r"(?:of |has |have |with |a )*full row[- ]rank": "full row rank",
    r"idempotent": "idempotent", r"non-?zero": "nonzero",
}  # fmt: skip
IID = r"\bi\.?\s?i\.?\s?d\b\.?|\bindependent(?:ly)?,? (?:and |& )?identical(?:ly)?(?: distributed| copies)?"
CONSTANT = r"(?:non-?random|not random|deterministic|constants?|fixed|known|non-?stochastic)"
FACTS: list[tuple[re.Pattern[str], tuple[str, str]]] = [
    (re.compile(pattern), fact)
    for pattern, fact in (
        (r"\b(?:(?:deterministic|measurable|arbitrary|real|unknown|fixed|known|smooth|differentiable)\s+)*functions?\b",
         ("kind", "function")),
        (rf"\bpairwise(?:ly)?[ -](?:{IID})", ("iid", "pairwise")),
        (rf"\bconditionally (?:{IID})", ("iid", "conditional")),
        (IID, ("iid", "")),
        (r"\bidentically distributed|\b(?:independent )?cop(?:y|ies)\b|\bidentical distributions?", ("iid", "identical")),
        (r"(?<!simple )(?<!stratified )(?<!systematic )(?<!weighted )\brandom samples?\b"
         r"(?! (?:\w+ )?(?:without|paths?|functions?|size))", ("sample", "")),
        (r"\b(?:pairwise(?:ly)?|two[ -]by[ -]two|(?:2|two)[ -]wise|any two(?: of (?:them|these|those))?(?: are)?)[ -]independent"
         r"|\bindependent (?:pairwise|in pairs|two by two)\b", ("independent", "pairwise")),
        (r"\bconditionally independent", ("conditional", "")),
        (r"\b(?:(?:mutually|jointly|statistically|stochastically|all)\s+)*indep(?:endent(?:ly)?)?\b", ("independent", "")),
        (r"\b(?:(?:pairwise|mutually)\s+)?uncorrelated\b", ("uncorrelated", "")),
        (r"\b(?:(?:zero[- ]mean|weak|discrete)\s+)*white noise(?: (?:process|sequence|terms?))?\b", ("noise", "")),
        (r"\b(?:zero|0)[- ]?mean\b|\bmean[- ](?:zero|0)\b|\bcent(?:er|r)ed\b|\b(?:expectation|expected value) (?:zero|0)\b",
         ("moment", "E0")),
        (r"\b(?:unit|1)[- ]variance\b|\bvariance (?:one|1)\b", ("moment", "Var1")),
        (r"\brademacher\b(?=\W*(?:$|random\b|variables?\b|distributed\b|signs?\b))", ("law", "Rademacher")),
        (r"\bindicators?\b(?=\W*(?:$|random\b|variables?\b|that\b|with\b|(?:of|for) the event\b))", ("number", "binary")),
        (r"\bstandard(?:ly)? (?:normal|gaussian)(?:ly)?(?: distributed)?\b", ("standard", "")),
        *((r"\b(?:" + pattern + ")", ("property", word)) for pattern, word in PROPERTIES.items()),
        (rf"\b(?:{CONSTANT}(?:\s*,\s*|\s+and\s+|\s+))*{CONSTANT}\b"
         r"(?!\s+(?:\w+\s+)?(?:variances?|means?|covariances?|expectations?|correlations?|probabilit|rates?|distribution|law)\b)",
         ("kind", "constant")),
        (r"\b(?:jointly |real[- ]valued |scalar |real |gaussian |normal )*random\b", ("kind", "random")),
        (r"\b(?:jointly |multivariate )*(?:normal|gaussian)(?:ly)?(?: distributed)?\b(?! noise)", ("kind", "random")),
        (r"\b(?:positive integers?|natural numbers?)\b", ("number", "natural")),
        (r"\bintegers?\b", ("number", "integer")),
        (r"\breal numbers?\b", ("kind", "constant")),
        (r"\b(?:unknown |true |fixed |model )*parameters?(?= vectors?\b)?\b(?! (?:estimat|space|vector of))", ("kind", "constant")),
        (r"\b(?:indices|index)\b", ("kind", "index")),
        (r"\bscalars?\b", ("scalar", "")),
        (r"\bunit(?:[- ](?:norm|length))?(?= vectors?\b)", ("length", "1")),
        (r"\b(?:column )?(?<!row )vectors?\b(?!\s+(?:spaces?|fields?|of\b))", ("array", "vector")),
        (r"\bmatri(?:x|ces)\b", ("array", "matrix")),
    )
]  # fmt: skip
HEDGED = re.compile(  # directly in front of a fact: something else, or less, is stated
    r"\b(?:almost|quasi|near|semi|non|piecewise|\w+[ -]wise|(?<!zero[ -])(?<!0[ -])mean"
    r"|(?!(?:mutually|jointly|statistically|stochastically|independently|identically|completely|totally|fully|truly|really"
    r"|strictly|perfectly|exactly|normally|randomly|uniformly|actually|only|simply|merely|generally|additionally|finally"
    r"|consequently|similarly|respectively|separately|individually|symmetrically|equally|family)\b)[a-z]+ly)[ -]$"
)
PARAMETERS = re.compile(
    r"\b(?:(?:hyper-?)?parameters?|coefficients?|weights?|numbers?)\b"
)  # in a given, constants by themselves
DENIED = re.compile(
    r"\bnot\b(?! random)|n't\b|\bneither\b|\bnever\b|\bno longer\b|(?<!in)\bdependent\b|\bunless\b|\bwhether\b|\bcorrelated\b"
    r"|\bindependent\b[^.;]*\b(?:up to|but for|apart from|on the event|on the set)\b"
    r"|(?:\beither\s+)⟦\d+⟧|⟦\d+⟧,? or ⟦\d+⟧,? (?:is|are|be|has|have)\b"
)
FILLERS = frozenset(
    "is are be being been was were a an the all and or with of both variable variables vector vectors matrix matrices each for any "
    "every real quantity quantities number numbers as to assumed that which assume let suppose finite terms noise parameter parameters "
    "in have has it they also too data sample samples observations jointly mutually column row rank but we set coefficients weights "
    "whose measurement error errors noises disturbances perturbations deviations increments coefficient "
    "distributed distribution distributions follow follows "
    "entries elements components coordinates valued event events given set sequence collection some several arbitrary discrete "
    "continuous real-valued bounded integrable square-integrable finite-variance moment moments second unknown , . ; : ( ) – — -".split()
)
STOP = re.compile(
    r"\b(?:which|where|then|if|because|but|while|so|when|whereas|since|hence|unless|whenever|under|such that|we)\b|[;:!?]|\.(?:\s|$)"
)
VERB = re.compile(
    r"\s*,?\s*(?:(?:\(.*?\)\s*)?(?:all |both |each )*(?:is|are|be|being|were|was|have|has|having|denotes?|denoting)\b)"
)
BARE = re.compile(  # “⟦X, Y⟧ independent”, “⟦X_1, …, X_n⟧, i.i.d. with mean ⟦μ⟧”: no verb between
    r"\s*,?\s*(?:all |both )?(?=(?:mutually )?(?:indep(?:endent)?|uncorrelated|iid|i\.i\.d)\b\.?\s*(?:$|[,;.]|with\b|and\b))"
)
NOUN = re.compile(
    r"(?:variables?|vectors?|matri(?:x|ces)|scalars?|constants?|functions?|numbers?|quantit(?:y|ies)|noises?|errors?|samples?|data|"
    r"observations?|draws?|copies|terms?|indices|index|input|inputs|estimators?|parameters?|coefficients?)\s*(?:\([^()]*\)\s*)?,?\s*$"
)
MOMENT_WORDS = (
    r"\s+(?:(?:an?|the|common|equal|finite|same)\s+)*(?:zero|unit|mean|means|variances?|expectation|covariance)"
)
ADJECTIVES = (
    r"(?:(?:an?|the|(?:symmetric,? )?positive[- ](?:semi-?)?definite|symmetric|invertible|non-?singular|unknown|known|finite|common|"
    r"same|true|some|constant|its|pairwise|equal|identical)\s+)*"
)
VALUE = re.compile(
    r"(?:^|\b)(?:(mean|expectation|expected value|means)|(variance|variances)|(covariance(?: matri(?:x|ces)| structures?)?|covariances|"
    r"variance-covariance matrix)|"
    r"(standard deviations?)|(correlation(?: coefficient)?))\s*(?:of\s*|equal to\s*|is\s*|vector\s*)?$"
)
OTHER = re.compile(
    r"\b(independent(?=\s+(?:of|from)\s)|uncorrelated(?=\s+(?:with|to|from)\s))\s+\w+\s+"
    r"(?:(?!(?:mean|variance|expectation|zero|unit|covariance)\b)(?!(?:of|in|on|for|given|and|or|with|to|from|that|which|if|when|whether|as|than|at|by|is|are|conditional)\b)[\w-]+\s+){0,4}$"
)
WORTHY = re.compile(
    r"\b(?:rows|columns|mean|variance|covariance|copies)\b|⟧\s+(?:is|are|of size|has (?:size|shape))\s+(?:an?\s+)?⟦"
)
ENTRIES = re.compile(r"\b(?:entries|elements|components|coordinates)\b")
KINSHIP = re.compile(r"\biid\b|i\.\s?i\.\s?d\.?|independent(?: and identically distributed)?|identically distributed")
LINES = re.compile(
    r"\b(?:with|has|have|having|whose|the)\s+(?:(?:the|i\.?i\.?d\.?|independent|its)\s+)*"
    r"(rows|columns)\s*(?:are\s*|given by\s*)*$"
)
LAW = re.compile(
    r"(?:\biid|i\.\s?i\.\s?d\.|\bas|\bis|\bare|\bfollows?|\bfollowing|\bdistributed|\bfrom|\baccording to|\bindependent|\ban?|\bthe|,)\s*$"
)
GIVEN = re.compile(r"\b(?:given|conditional(?:ly)? (?:on|given)|conditioned on)\s*$")
COPIES = re.compile(
    r"\b(?:copies|copy|draws|samples|realizations|realisations|replicates)\s+(?:of|from)\s*"
    r"(?:(?:the|an?|some|one)\s+)?(?:random\s+)?(?:variables?|vectors?|matri(?:x|ces)|quantity)?\s*$"
)
QUANTIFIER = re.compile(
    r"\b(?:for|forall|for all|for every|for each|for any|whenever|if|when|where|with|and)\s*(?:all|every|each|any)?\s*$"
)
OBLIQUE = re.compile(
    r"\b(?:of|in|from|by|to|on|between|than|under|at|into|like|using)\s+(?:(?:the|each|every|all|any|a|an)\s+)*(?:\w+\s+)?$"
)


def unmarked(text: str) -> str:
    """The user's text without the signs that stand for formulas here."""
    return text.replace("⟦", "[").replace("⟧", "]")


def hits(words: str) -> list[tuple[int, int, str, str]]:
    """Places and meanings of the fact words, in their order; none overlaps another."""
    found: list[tuple[int, int, str, str]] = []
    rest = words
    for pattern, (kind, word) in FACTS:
        hit = pattern.search(rest)
        if hit is None:
            continue
        if kind in ("independent", "iid", "uncorrelated", "property", "kind") and HEDGED.search(words[: hit.start()]):
            continue  # “linearly independent”, “almost independent”, “locally constant”
        behind = rest[hit.end() :]
        partner = {
            "independent": r"\s+(?:of|from)\b",
            "uncorrelated": rf"\s+(?:of|from|to|with(?!{MOMENT_WORDS}|\s*$))\b",
        }.get(kind)
        if partner and re.match(partner, behind):
            continue  # of something that is no mathematics
        if (
            kind == "kind"
            and word != "random"
            and re.match(r"\s+(?:of|on|in|with respect|as a|to|that|by|only|through)\b", behind)
        ):
            continue  # “a function of”, “constant in”, “known to be noisy”
        found.append((*hit.span(), kind, word))
        rest = rest[: hit.start()] + "\0" * (hit.end() - hit.start()) + rest[hit.end() :]
    found.extend((*m.span(), "dims", m.group(1)) for m in DIMS.finditer(words))
    return sorted(found)


def filler(gap: str) -> bool:
    words = re.findall(r"[\w'’.-]+", gap)
    return all(w.strip(".-") == "" or w.strip(".") in FILLERS or w.strip(".") in MILD for w in words)


def run_from_start(words: str, hits: list[tuple[int, int, str, str]]) -> list[tuple[int, int, str, str]]:
    place, run = 0, []
    for hit in hits:
        if not filler(words[place : hit[0]]):
            break
        run.append(hit)
        place = hit[1]
    return run


def run_from_end(words: str, hits: list[tuple[int, int, str, str]]) -> list[tuple[int, int, str, str]]:
    place, run = len(words), []
    for hit in reversed(hits):
        if not filler(words[hit[1] : place]):
            break
        run.append(hit)
        place = hit[0]
    return run[::-1]
