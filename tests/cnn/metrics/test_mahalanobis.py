"""What photos look like, whatever they show."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from cnn.evaluation import ood_samples
from cnn.media import image_decoding
from cnn.metrics import mahalanobis

BEYOND = 0.1


def crops(count: int, seed: int) -> np.ndarray:
    """Cut pieces out of a sample photo, (n, 32, 32, 3)."""
    rng = np.random.default_rng(seed)
    pixels = image_decoding.decode_image((ood_samples.SAMPLE_PHOTOS / "cat.jpg").read_bytes(), "cat.jpg").pixels
    corners = rng.integers(0, min(pixels.shape[:2]) - 96, (count, 2))
    return np.stack([image_decoding.resize_for_network(pixels[y : y + 96, x : x + 96], 32, 32) for y, x in corners])


@pytest.fixture(scope="module")
def learned() -> mahalanobis.MahalanobisFit:
    return mahalanobis.fit_mahalanobis(crops(400, 0), BEYOND)


def test_a_share_of_the_pictures_lies_beyond_the_limit(learned: mahalanobis.MahalanobisFit) -> None:
    assert (learned.distance(crops(400, 0)) > learned.limit).mean() == pytest.approx(BEYOND, abs=0.005)


def test_more_pictures_of_the_kind_look_like_it(learned: mahalanobis.MahalanobisFit) -> None:
    assert (learned.distance(crops(400, 1)) > learned.limit).mean() < 3 * BEYOND


@pytest.mark.parametrize("kind", ["noise", "stripes"])
def test_noise_and_stripes_do_not(learned: mahalanobis.MahalanobisFit, kind: str) -> None:
    assert (learned.distance(ood_samples.noise_and_stripes(0)[kind][:100]) > learned.limit).all()


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_an_even_picture_does_not(learned: mahalanobis.MahalanobisFit, level: float) -> None:
    even = np.full((1, 32, 32, 3), level, np.float32)
    assert np.isfinite(mahalanobis.image_statistics(even)).all()
    assert learned.distance(even)[0] > learned.limit


def test_the_distance_is_squared_and_counts_what_goes_together() -> None:
    rows = mahalanobis.image_statistics(crops(50, 2))
    ruler = mahalanobis.fit_mahalanobis(crops(50, 2), BEYOND)
    wanted = [row @ np.linalg.inv(np.cov(rows.T)) @ row for row in rows - rows.mean(axis=0)]
    assert np.allclose(ruler.distance(crops(50, 2)), wanted, rtol=1e-2)


def test_a_card_keeps_them(learned: mahalanobis.MahalanobisFit) -> None:
    assert mahalanobis.mahalanobis_from_json(json.loads(json.dumps(asdict(learned)))) == learned
    assert mahalanobis.mahalanobis_from_json(None) is None
