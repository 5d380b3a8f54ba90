"""The ranker: weights found from examples, one order for every batch."""

import numpy as np
import pytest

from semantix.terminology.matching.ranker import Linear, Ranker, fit_choice, fit_yes, sigmoid, softmax


def choices(queries: int = 40, candidates: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Queries whose right candidate has the highest first feature; the second feature says nothing."""
    generator = np.random.default_rng(0)
    features = generator.random((queries, candidates, 2)).astype(np.float32)
    there = np.ones((queries, candidates), bool)
    there[:, -1] = False
    right = features[:, :, 0] == features[:, :-1, 0].max(1, keepdims=True)
    return features, there, right


def test_what_tells_right_from_wrong_gets_the_weight() -> None:
    features, there, right = choices()
    fitted = fit_choice(features, there, right)
    assert fitted.weights[0] > 10 * abs(fitted.weights[1])
    best = softmax(fitted(features), there).argmax(1)
    assert right[np.arange(len(best)), best].mean() > 0.95


def test_queries_without_their_right_candidate_teach_nothing() -> None:
    features, there, right = choices()
    more = np.concatenate([features, features[:5]])
    none = np.concatenate([right, np.zeros((5, right.shape[1]), bool)])
    fitted = fit_choice(more, np.concatenate([there, there[:5]]), none)
    assert fitted.weights.tolist() == fit_choice(features, there, right).weights.tolist()


def test_fitting_twice_gives_the_same_weights() -> None:
    assert fit_choice(*choices()).weights.tobytes() == fit_choice(*choices()).weights.tobytes()


def test_yes_and_no_are_told_apart() -> None:
    features = np.asarray([[0.0, 1.0], [0.1, 1.0], [0.9, 1.0], [1.0, 1.0]], np.float32)
    fitted = fit_yes(features, np.asarray([False, False, True, True]))
    found = sigmoid(fitted(features))
    assert found[:2].max() < 0.5 < found[2:].min()


def test_the_constant_carries_how_often_yes_is_right() -> None:
    features = np.asarray([[0.0, 1.0]] * 4, np.float32)
    fitted = fit_yes(features, np.asarray([True, True, True, False]))
    assert float(sigmoid(fitted(features))[0]) == pytest.approx(0.75, abs=0.02)


def test_shares_of_absent_candidates_are_nothing() -> None:
    shares = softmax(np.asarray([[1.0, 1.0, 50.0]]), np.asarray([[True, True, False]]))
    assert shares.tolist() == [[0.5, 0.5, 0.0]]
    assert softmax(np.asarray([[1.0]]), np.asarray([[False]])).tolist() == [[0.0]]


def test_the_sigmoid_survives_great_numbers() -> None:
    assert sigmoid(np.asarray([-1e9, 0.0, 1e9])).tolist() == [pytest.approx(0, abs=1e-9), 0.5, pytest.approx(1)]


def flat(weights: list[float]) -> Linear:
    size = len(weights)
    return Linear(np.asarray(weights, np.float32), np.zeros(size, np.float32), np.ones(size, np.float32))


def test_both_regimes_are_mixed_by_the_gate() -> None:
    features = np.asarray([[[1.0, 0.0], [0.0, 1.0]]], np.float32)
    for gate, first in ((9.0, 7), (-9.0, 3)):
        ranker = Ranker(flat([9.0, 0.0]), flat([0.0, 9.0]), flat([gate]), flat([0.0]))
        places, shares = ranker.order(np.asarray([[7, 3]]), features, np.ones((1, 1), np.float32))
        assert np.asarray([7, 3])[places[0, 0]] == first
        assert shares[0, 0] > 0.99


def test_equal_candidates_are_ordered_by_code_and_absent_ones_come_last() -> None:
    ranker = Ranker(flat([0.0]), flat([0.0]), flat([0.0]), flat([0.0]))
    codes = np.asarray([[9, 4, -1]])
    places, shares = ranker.order(codes, np.zeros((1, 3, 1), np.float32), np.ones((1, 1), np.float32))
    assert codes[0, places[0]].tolist() == [4, 9, -1]
    assert shares[0].tolist() == [0.5, 0.5, -1.0]


def test_weights_read_back_as_they_were_saved() -> None:
    saved = flat([1.0, 2.0]).arrays("gate")
    assert Linear.of(saved, "gate").weights.tolist() == [1.0, 2.0]
