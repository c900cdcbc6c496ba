"""Learning types from closed cases, and saying honestly how well. Needs the extra ``ai``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wangge.classify.alike import alike
from wangge.classify.features import Floats, Told, learned, seen
from wangge.classify.model import Model
from wangge.kernel.errors import Invalid

MOST_RUNS = 60_000
LEAST_TEXTS = 2
MOST_FOR_SCORES = 6000
# Of what it calls certain, so much must be right where it was tried; else it says 不确定.
WANTED = 0.9
Labels = NDArray[np.str_]


class Example(NamedTuple):
    told: Told
    code: str


@dataclass(frozen=True)
class Scores:
    """``certain`` is the share that it was certain of, ``certain_right`` how much of it was so."""

    examples: int
    types: int
    folds: int
    macro_f1: float
    accuracy: float
    certain: float
    certain_right: float
    least: float


Fit = Callable[[Sequence[Told], Labels], Callable[[Sequence[Told]], Floats]]


def _sklearn() -> Any:
    try:
        import sklearn.metrics  # noqa: PLC0415 - an extra that most installations do without
        import sklearn.model_selection  # noqa: PLC0415
        import sklearn.svm  # noqa: PLC0415
    except ImportError:
        raise Invalid(
            "ai_needed",
            "训练和评估需要可选组件：pip install 'wangge[ai]'；没有它，建议照样按关键词给出",
            "training and evaluating need the extra: pip install 'wangge[ai]'; without it the"
            " suggestions rest on keywords",
        ) from None
    return sklearn


def matrix(space: Any, texts: Sequence[Told]) -> Any:
    """Rows of runs as a sparse matrix of 32-bit numbers."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - comes with the extra

    rows = [seen(space, told) for told in texts]
    starts = np.cumsum([0, *(len(places) for places, _ in rows)])
    places = np.concatenate([places for places, _ in rows]) if rows else np.zeros(0, np.int64)
    values = np.concatenate([values for _, values in rows]) if rows else np.zeros(0, np.float32)
    return csr_matrix((values, places, starts), shape=(len(texts), len(space.places)))


def fitted(texts: Sequence[Told], labels: Labels, *, least: float = 0.0) -> Model:
    """A linear model; the same texts in the same order give the same numbers."""
    svm = _sklearn().svm
    space = learned(texts, least=LEAST_TEXTS if len(texts) > 2000 else 1, most=MOST_RUNS)
    machine = svm.LinearSVC(class_weight="balanced", random_state=0)
    machine.fit(matrix(space, texts), labels)
    weights, bias = machine.coef_.astype(np.float32), machine.intercept_.astype(np.float32)
    if len(machine.classes_) == 2:  # it gives one row, for the second
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    return Model(tuple(map(str, machine.classes_)), space, weights, bias, least)


def folds(texts: Sequence[Told], labels: Labels, count: int, seed: int) -> Any:
    """Splits of even shares of each type; texts that are nearly the same lie on one side."""
    split = _sklearn().model_selection.StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    return split.split(np.zeros(len(texts)), labels, alike([told.text for told in texts]))


def ours(texts: Sequence[Told], labels: Labels) -> Callable[[Sequence[Told]], Floats]:
    model = fitted(texts, labels)
    at = [model.codes.index(code) if code in model.codes else -1 for code in model.codes]
    assert at == list(range(len(at)))  # noqa: S101 - classes come sorted, as columns do
    return lambda asked: np.asarray(
        matrix(model.space, asked) @ model.weights.T + model.bias, dtype=np.float32
    )


def plain(texts: Sequence[Told], labels: Labels) -> Callable[[Sequence[Told]], Floats]:
    """The plain baseline: TF-IDF of one to three characters and a linear machine, as they come."""
    sklearn = _sklearn()
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    runs = TfidfVectorizer(analyzer="char", ngram_range=(1, 3))
    known = runs.fit_transform([f"{told.title} {told.text}" for told in texts])
    machine = sklearn.svm.LinearSVC(random_state=0).fit(known, labels)

    def scores(asked: Sequence[Told]) -> Floats:
        found = machine.decision_function(
            runs.transform([f"{told.title} {told.text}" for told in asked])
        )
        return np.asarray(found, dtype=np.float32)

    return scores


def crossed(examples: Sequence[Example], *, count: int, seed: int = 0, fit: Fit = ours) -> Scores:
    """What comes of ``count`` folds; every fold must know every type."""
    texts = [one.told for one in examples]
    labels: Labels = np.array([one.code for one in examples])
    classes = np.unique(labels)
    right: Labels = np.empty_like(labels)
    leads = np.zeros(len(texts))
    for train, test in folds(texts, labels, count, seed):
        scores = fit([texts[n] for n in train], labels[train])([texts[n] for n in test])
        known = np.unique(labels[train])
        if scores.ndim == 1:
            scores = np.column_stack([-scores, scores])
        right[test] = known[np.argmax(scores, axis=1)]
        best = np.sort(scores, axis=1)
        leads[test] = best[:, -1] - best[:, -2]
    hits = right == labels
    least = _least(leads, hits)
    certain = leads >= least
    macro = _sklearn().metrics.f1_score(labels, right, average="macro", zero_division=0)
    return Scores(
        examples=len(texts),
        types=len(classes),
        folds=count,
        macro_f1=round(float(macro), 4),
        accuracy=round(float(hits.mean()), 4),
        certain=round(float(certain.mean()), 4),
        certain_right=round(float(hits[certain].mean()) if certain.any() else 0.0, 4),
        least=round(float(least), 6),
    )


def _least(leads: NDArray[np.float64], hits: NDArray[np.bool_]) -> float:
    """The smallest lead from which on ``WANTED`` of the guesses were right."""
    order = np.argsort(-leads)
    share = np.cumsum(hits[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(share >= WANTED)
    return float(leads[order[enough[-1]]]) if len(enough) else float(leads.max() + 1)


def sampled(examples: Sequence[Example], most: int = MOST_FOR_SCORES) -> list[Example]:
    """So many of them, always the same, for scores that need not take an hour."""
    if len(examples) <= most:
        return list(examples)
    chosen = np.random.default_rng(0).choice(len(examples), most, replace=False)
    return [examples[n] for n in sorted(chosen)]
