"""Two samples of times beside each other: the Mann-Whitney U test.

It asks for no particular distribution, which times of answers never have, and outliers count as one
value each. Mann and Whitney, Annals of Mathematical Statistics 18 (1947); the normal approximation
with its correction for ties holds from some twenty values on.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, median


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the times of `known` and `unknown`, in milliseconds, have to say."""

    known: float  # their median
    unknown: float
    slower: float  # how often a known one is slower than an unknown one; 0.5: never to be told
    chance: float  # how likely such a difference is if there is none (the p-value, two-sided)


def compare(known: Sequence[float], unknown: Sequence[float]) -> Comparison:
    """The test; both need values, and not all the same one."""
    pairs = len(known) * len(unknown)
    statistic = _rank_sum([*known], [*unknown]) - len(known) * (len(known) + 1) / 2
    deviation = _deviation(len(known), len(unknown), Counter([*known, *unknown]))
    distance = abs(statistic - pairs / 2) / deviation
    chance = 2 * (1 - NormalDist().cdf(distance))
    return Comparison(median(known), median(unknown), statistic / pairs, chance)


def _rank_sum(of: list[float], others: list[float]) -> float:
    """The sum of the ranks of `of` among all; equal values share the mean of their ranks."""
    counts = Counter([*of, *others])
    rank, ranks = 0, {}
    for value in sorted(counts):
        ranks[value] = rank + (counts[value] + 1) / 2
        rank += counts[value]
    return sum(ranks[value] for value in of)


def _deviation(first: int, second: int, counts: Counter[float]) -> float:
    total = first + second
    ties = sum(count**3 - count for count in counts.values()) / (total * (total - 1))
    return math.sqrt(first * second / 12 * (total + 1 - ties))
