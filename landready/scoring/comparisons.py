"""AHP: weights from comparisons two and two, by one judge or several, and how far they contradict themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landready.errors import Finding, choice_findings, refuse, require_kind, require_language, some
from landready.rules import random_indices
from landready.scoring.tables import LARGEST, Floats, Numbers, as_numbers
from landready.scoring.wording import percent
from landready.texts import Language, number, text

LIMIT = 0.10
"""A consistency ratio of this or more asks for a second look (Saaty 1980)."""
_RECIPROCAL = 0.02
"""How far a·b may be from 1: people write 0.33 for a third."""


class Pair(NamedTuple):
    """Two criteria, how many times more important the first is said to be, and what all other answers say."""

    first: str
    second: str
    given: float
    implied: float


@dataclass(frozen=True, eq=False)
class Ahp:
    """
    Weights from a matrix of comparisons, and its consistency.

    Parameters
    ----------
    weights
        Share by criterion: the principal eigenvector, divided by its sum.
    lambda_max
        The largest eigenvalue; n if the answers agree.
    consistency_index
        (λmax − n) / (n − 1).
    consistency_ratio
        The index over that of random answers; `nan` if the table does not go so far.
    random_index
        That of random answers.
    random_index_table
        The table it is from.
    reconsider
        The pair that contradicts the others most, if the ratio is ≥ 0.10.
    findings
        That the answers contradict each other; that the table does not go so far.
    """

    weights: pd.Series
    lambda_max: float
    consistency_index: float
    consistency_ratio: float
    random_index: float
    random_index_table: str
    reconsider: Pair | None
    findings: tuple[Finding, ...] = ()

    def in_words(self, language: Language = "sv") -> str:
        """Return weights, method, consistency and table as lines of plain text."""
        require_language(language)
        weights = ", ".join(f"{name} {percent(float(share), language)}" for name, share in self.weights.items())
        consistency = text(
            "ranking.consistency",
            language,
            lambda_max=number(self.lambda_max, language, decimals=4),
            index=number(self.consistency_index, language, decimals=4),
            ratio=number(self.consistency_ratio, language, decimals=4),
            random=number(self.random_index, language, decimals=2),
            table=self.random_index_table,
        )
        head = text("ranking.weights", language, weights=weights)
        return "\n".join([head, consistency, *(finding.text(language) for finding in self.findings)])


def ahp(matrix: Numbers, *, random_index: str = "saaty_1980") -> Ahp:
    """
    Return weights from comparisons two and two.

    Parameters
    ----------
    matrix
        Criteria × criteria: how many times more important the row is than the column, 1/9 to 9 by custom. The diagonal
        is 1 and mirrored cells are reciprocal, within 2 % of rounding; one of the two may be left out (`nan`). A frame
        names the criteria.
    random_index
        Table of `rules/random_index.toml`: `"saaty_1980"` (0.58 for three criteria) or `"saaty_later"` (0.52).

    Returns
    -------
    Ahp

    Raises
    ------
    InputError
        If the matrix is not square, not positive, not reciprocal, or if pairs are missing; with the pairs.

    Examples
    --------
    >>> judged = ahp([[1, 3, 5], [1 / 3, 1, 3], [1 / 5, 1 / 3, 1]])
    >>> judged.weights.round(3).to_list(), round(judged.consistency_ratio, 4)
    ([0.637, 0.258, 0.105], 0.0332)
    """
    refuse(choice_findings(random_index, name="random_index", choices=list(random_indices())))
    given, names = _matrix(matrix)
    refuse(_pair_findings("pairs_missing", np.isnan(given), names))
    return _judged(given, names, random_index)


def _judged(matrix: Floats, names: list[str], table: str) -> Ahp:
    """Return weights and consistency of a complete reciprocal matrix."""
    count = len(matrix)
    values, vectors = np.linalg.eig(matrix)
    first = int(np.argmax(values.real))
    principal = np.abs(vectors[:, first].real)
    weights = principal / principal.sum()
    largest = float(values[first].real)
    index = (largest - count) / (count - 1) if count > 1 else 0.0
    known = random_indices()[table]
    random = known[count - 1] if count <= len(known) else float("nan")
    ratio = index / random if random else 0.0
    findings, pair = [], None
    if count > len(known):
        values_told = {"count": count, "table": table, "longest": len(known)}
        findings.append(Finding("random_index_short", values_told, severity="warning"))
    if ratio >= LIMIT:
        pair = _worst(matrix, weights, names)
        told = {"first": pair.first, "second": pair.second, "ratio": float(ratio), "given": pair.given}
        findings.append(Finding("ahp_inconsistent", {**told, "implied": pair.implied}, severity="warning"))
    series = pd.Series(weights, index=pd.Index(names, name="criterion"), name="ahp")
    return Ahp(series, largest, float(index), float(ratio), float(random), table, pair, tuple(findings))


def _worst(matrix: Floats, weights: Floats, names: list[str]) -> Pair:
    """Return the pair whose answer is farthest from the ratio of the weights."""
    implied = weights[:, np.newaxis] / weights
    off = np.triu(np.abs(np.log(matrix / implied)), 1)
    row, column = (int(place) for place in np.unravel_index(np.argmax(off), off.shape))
    return Pair(names[row], names[column], float(matrix[row, column]), float(implied[row, column]))


@dataclass(frozen=True, eq=False)
class AhpGroup:
    """
    The comparisons of several judges taken together, and where they disagree.

    Parameters
    ----------
    combined
        Weights and consistency of the geometric means.
    judges
        Criteria × judges: the weights of each; `nan` for a judge who left pairs out.
    consistency_ratios
        By judge; `nan` for a judge who left pairs out.
    disagreement
        By criterion: `lowest`, `highest` and `spread` of the judges' weights.
    disputed
        Pairs by how far the judges are apart, the most disputed first: `first`, `second`, `mean`, `lowest`,
        `highest`, and `factor` (the geometric standard deviation; 1 if all agree).
    findings
        Judges who left pairs out, and those who contradict themselves.
    """

    combined: Ahp
    judges: pd.DataFrame
    consistency_ratios: pd.Series
    disagreement: pd.DataFrame
    disputed: pd.DataFrame
    findings: tuple[Finding, ...] = ()

    @property
    def weights(self) -> pd.Series:
        """Share by criterion, of all judges together."""
        return self.combined.weights


def ahp_group(matrices: Mapping[str, Numbers], *, random_index: str = "saaty_1980") -> AhpGroup:
    """
    Return weights from the comparisons of several judges, by the geometric mean of their answers.

    Parameters
    ----------
    matrices
        Judge → matrix as for `ahp`. Pairs that a judge left out (`nan`) rest on the answers of the others.
    random_index
        As for `ahp`.

    Returns
    -------
    AhpGroup

    Raises
    ------
    InputError
        If a matrix is not as `ahp` wants it, if they compare different criteria, or if nobody answered a pair.
    """
    refuse(choice_findings(random_index, name="random_index", choices=list(random_indices())))
    require_kind(matrices, Mapping, name="matrices", wanted="{str: matrix}")
    refuse([Finding("judges_none", {})] if not matrices else [])
    read = {str(judge): _matrix(matrix, judge=str(judge)) for judge, matrix in matrices.items()}
    names = next(iter(read.values()))[1]
    other = [judge for judge, (_, theirs) in read.items() if theirs != names]
    refuse([Finding("judges_differ", {"ids": some(other)})] if other else [])
    answers = np.stack([matrix for matrix, _ in read.values()])
    silent = np.isnan(answers)
    refuse(_pair_findings("pairs_missing", np.asarray(silent.all(axis=0)), names))
    logs = np.where(silent, 0.0, np.log(np.where(silent, 1.0, answers)))
    given = (~silent).sum(axis=0)
    means = np.exp(logs.sum(axis=0) / given)
    findings: list[Finding] = []
    alone: dict[str, Ahp] = {}
    for judge, left_out, matrix in zip(read, silent, answers, strict=True):
        if left_out.any():
            findings += _pair_findings("judge_left_out", left_out, names, judge=judge, severity="warning")
        else:
            alone[judge] = _judged(matrix, names, random_index)
            if alone[judge].reconsider is not None:
                told = {"judge": judge, "ratio": alone[judge].consistency_ratio}
                findings.append(Finding("judge_inconsistent", told, severity="warning"))
    criteria = pd.Index(names, name="criterion")
    weights = pd.DataFrame({j: result.weights for j, result in alone.items()}, index=criteria).reindex(
        columns=list(read)
    )
    weights = weights.astype("float64")
    spread = pd.DataFrame({"lowest": weights.min(axis=1), "highest": weights.max(axis=1)})
    return AhpGroup(
        combined=_judged(means, names, random_index),
        judges=weights,
        consistency_ratios=pd.Series(
            {judge: alone[judge].consistency_ratio if judge in alone else float("nan") for judge in read},
            name="consistency_ratio",
        ),
        disagreement=spread.assign(spread=spread["highest"] - spread["lowest"]),
        disputed=_disputed(answers, means, names),
        findings=tuple(findings),
    )


def _disputed(answers: NDArray[np.float64], means: Floats, names: list[str]) -> pd.DataFrame:
    rows, columns = np.triu_indices(len(names), 1)
    each = answers[:, rows, columns]
    logs = np.log(each / means[rows, columns])
    answered = (~np.isnan(each)).sum(axis=0)
    table = pd.DataFrame(
        {
            "first": [names[row] for row in rows],
            "second": [names[column] for column in columns],
            "mean": means[rows, columns],
            "lowest": np.fmin.reduce(each, axis=0),
            "highest": np.fmax.reduce(each, axis=0),
            "factor": np.exp(np.sqrt(np.nansum(logs**2, axis=0) / answered)),
        }
    )
    return table.sort_values("factor", ascending=False, kind="stable", ignore_index=True)


def _matrix(matrix: Numbers, *, judge: str = "matrix") -> tuple[Floats, list[str]]:
    """Return a matrix with what one of two mirrored cells says put into the other, and the names of its criteria."""
    given = as_numbers(matrix)
    if given.ndim != 2 or given.shape[0] != given.shape[1] or not len(given):
        shape = type(matrix).__name__ if given.ndim < 2 else " × ".join(map(str, given.shape))
        refuse([Finding("ahp_shape", {"name": judge, "shape": shape})])
    names = (
        [str(column) for column in matrix.columns]
        if isinstance(matrix, pd.DataFrame)
        else list(map(str, range(len(given))))
    )
    rows = [str(row) for row in matrix.index] if isinstance(matrix, pd.DataFrame) else names
    refuse([Finding("ahp_names", {"name": judge})] if rows != names or len(set(names)) < len(names) else [])
    wrong = ~np.isnan(given) & ~((given >= 1 / LARGEST) & (given <= LARGEST))
    refuse(_pair_findings("ahp_not_positive", wrong | wrong.T, names, name=judge, diagonal=True))
    filled = np.where(np.isnan(given), 1 / given.T, given)
    np.fill_diagonal(filled, np.where(np.isnan(given.diagonal()), 1.0, given.diagonal()))
    off = np.abs(filled * filled.T - 1) > _RECIPROCAL
    refuse(_pair_findings("ahp_not_reciprocal", off, names, name=judge, diagonal=True))
    return filled, names


def _pair_findings(
    key: str,
    wrong: NDArray[np.bool_],
    names: Sequence[str],
    *,
    diagonal: bool = False,
    severity: str = "error",
    **values: object,
) -> list[Finding]:
    """Return a finding that names the pairs that are wrong, if any are."""
    rows, columns = np.nonzero(np.triu(wrong, 0 if diagonal else 1))
    pairs = [f"{names[row]} – {names[column]}" for row, column in zip(rows.tolist(), columns.tolist(), strict=True)]
    told = {**values, "count": len(pairs), "pairs": some(pairs)}
    return [Finding(key, told, severity="warning" if severity == "warning" else "error")] if pairs else []
