"""Named features: their places, their gaps, what the gate and the belief read."""

import numpy as np
import pytest

from semantix.terminology.matching import features, kernels


def test_every_feature_has_one_name_and_one_place() -> None:
    assert len(set(features.NAMES)) == len(features.NAMES)
    assert features.NAMES[: len(kernels.FEATURES)] == kernels.FEATURES
    assert features.QUERY_NAMES[-1] == features.BELIEF_NAMES[-1] == "constant"


def test_letters_compare_folded_texts_and_leave_absent_candidates_at_zero() -> None:
    found = features.letters(["grippe", "rein"], np.asarray([[0, -1], [1, 0]], np.int32), ["grippe", "reins"])
    assert found.tolist() == [[1.0, 0.0], [pytest.approx(8 / 9), pytest.approx(2 / 5)]]


def test_a_gap_is_the_distance_from_the_best_of_the_query() -> None:
    values, power, gap = features.with_gap(np.asarray([[0.5, 0.25]], np.float32), 2)
    assert (values.tolist(), power.tolist(), gap.tolist()) == ([[0.5, 0.25]], [[0.25, 0.0625]], [[0.0, -0.25]])


def stacked(queries: int = 2, candidates: int = 3) -> np.ndarray:
    described = np.zeros((queries, candidates, len(kernels.FEATURES)), np.float32)
    order = np.full((queries, candidates, 3), 0.5, np.float32)
    ratios = np.full((queries, candidates), 0.25, np.float32)
    return features.stack(described, order, order * 2, ratios, ratios * 2)


def test_stacked_features_stand_where_their_names_say() -> None:
    table = stacked()
    assert table.shape == (2, 3, len(features.NAMES))
    read = dict(zip(features.NAMES, table[0, 0].tolist(), strict=True))
    assert (read["lcs"], read["label_lcs"], read["ratio"], read["label_ratio"]) == (0.5, 1.0, 0.25, 0.5)
    assert (read["lcs_cubed"], read["ratio_to_the_4"], read["gap_lcs"], read["gap_ratio"]) == (0.125, 0.25**4, 0.0, 0.0)


def test_the_gate_reads_the_best_of_the_candidates_and_the_words() -> None:
    words = np.asarray([[2, 0.5, 0, 0], [1, 0, 0.25, 1]], np.float32)
    found = features.of_queries(stacked(), words)
    read = dict(zip(features.QUERY_NAMES, found[1].tolist(), strict=True))
    assert found.shape == (2, len(features.QUERY_NAMES))
    assert read["best_label_ratio"] == 0.5
    assert (read["unknown"], read["guessed"], read["shortened"], read["constant"]) == (0.0, 0.25, 1.0, 1.0)


@pytest.mark.parametrize("candidates", [1, 3])
def test_the_belief_reads_the_first_candidate_and_its_lead(candidates: int) -> None:
    table = stacked(1, candidates)
    places = np.arange(candidates, dtype=np.int32)[None]
    shares = np.asarray([[0.8, 0.15, 0.05][:candidates]], np.float32)
    queries = np.zeros((1, len(features.QUERY_NAMES)), np.float32)
    found = features.of_belief(table, places, shares, queries, np.asarray([0.75], np.float32))
    read = dict(zip(features.BELIEF_NAMES, found[0].tolist(), strict=True))
    assert read["logit"] == pytest.approx(np.log(4), abs=1e-5)
    assert read["margin"] == pytest.approx(0.8 - (0.15 if candidates > 1 else 0))
    assert (read["near"], read["constant"]) == (0.75, 1.0)
