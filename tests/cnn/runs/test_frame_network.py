"""What a moment gives without TensorFlow: the projection stays, and what was forgotten is counted."""

import numpy as np

from cnn.runs.embedding import fit_projection
from cnn.runs.frame_network import forgetting_events


def test_right_then_wrong_counts_as_forgotten() -> None:
    answers = np.array([[1, 0, 5], [1, 2, 5], [0, 0, 5], [1, 2, 0]])
    assert forgetting_events(answers, np.array([1, 2, 5])).tolist() == [1, 1, 1]
    assert forgetting_events(answers[:1], np.array([1, 2, 5])).tolist() == [0, 0, 0]


def test_the_projection_is_fixed_and_keeps_neighbours() -> None:
    rng = np.random.default_rng(0)
    groups = np.repeat(np.eye(2, 16, dtype=np.float32) * 9, 20, axis=0) + rng.standard_normal((40, 16), np.float32)
    project = fit_projection(groups)
    places = project(groups)
    assert places.min() >= 0
    assert places.max() <= 1
    assert np.array_equal(project(groups[:3]), places[:3])
    assert abs(places[:20].mean(0) - places[20:].mean(0)).max() > 4 * places[:20].std(axis=0).max()


def test_features_of_one_number_or_none_at_all_have_a_place() -> None:
    for features in (np.zeros((5, 1), np.float32), np.full((5, 3), np.nan, np.float32)):
        assert np.allclose(fit_projection(features)(features), 0.5)
