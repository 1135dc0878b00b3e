"""Many people who bring a photo of 12 megapixels at once: `python -m bench.photo_crowd --people 50 --format png`.

Each comes to the Photo page at the websocket and brings a photo of their own, all in the same moment. What is told: how
long until the answer stands, how long until the first word, how many were told their place in the queue, and the most
memory that the server took.
"""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
from PIL import Image

from bench.crowd import come, cookie_of, visit
from bench.server import APP, served

SIDES = 4000, 3000  # px: 12 megapixels, as phones take them
QUEUE = "Waiting to be read"  # how the notice of `ui.resources.photos` begins


@dataclass(slots=True)
class PhotoCrowd:
    """What happened to all.

    Attributes:
        took: seconds from each photo to the end of its answer.
        first: seconds to the first word.
        queued: people who were told how many come before them.
        lost: people who got no answer.
    """

    took: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    queued: int = 0
    lost: int = 0


def photos(people: int, form: str) -> list[bytes]:
    """Make a photo, and for everybody one with other bytes behind its end, which decoders do not read."""
    generator = np.random.default_rng(0)
    rough = Image.fromarray(generator.integers(0, 256, (30, 40, 3), np.uint8)).resize(SIDES, Image.Resampling.BICUBIC)
    content = BytesIO()
    rough.save(content, form, **({"compress_level": 1} if form == "png" else {"quality": 90}))
    return [content.getvalue() + number.to_bytes(4, "big") for number in range(people)]


async def bring_together(url: str, people: int, form: str) -> PhotoCrowd:
    """Let `people` bring a photo each in the same moment, after all of them have come."""
    crowd, start, arrived = PhotoCrowd(), asyncio.Event(), list[int]()
    brought = photos(people, form)

    async def one(number: int) -> None:
        try:
            cookie = await asyncio.to_thread(cookie_of, url)
            async with visit(url, cookie, "photo") as person:
                arrived.append(number)
                await start.wait()
                said = await person.bring(brought[number], f"{number}.{form}")
                crowd.first.append(said[0][0])
                crowd.took.append(said[-1][0])
                crowd.queued += any(words.startswith(QUEUE) for _, words in said)
        except (OSError, TimeoutError, EOFError) as error:
            crowd.lost += 1
            print(f"{number}: {error!r}")

    tasks = await come(people, one, lambda: len(arrived) + crowd.lost)
    start.set()
    await asyncio.gather(*tasks)
    return crowd


def main() -> None:
    """Measure, and say it in a line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--format", default="jpeg", choices=("jpeg", "png"))
    options = parser.parse_args()
    with served(APP) as server:
        asyncio.run(bring_together(server.url, 1, options.format))  # opens the network
        before = server.peak_megabytes()
        crowd = asyncio.run(bring_together(server.url, options.people, options.format))
        peak = server.peak_megabytes()
    took, first = (np.quantile(of or [0.0], (0.5, 1.0)) for of in (crowd.took, crowd.first))
    print(
        f"{options.people} people with a {options.format} of 12 megapixels each: answer after {took[0]:.1f} s in the "
        f"median, {took[1]:.1f} at most; first word after {first[0]:.1f} s, {first[1]:.1f} at most; {crowd.queued} "
        f"were told their place; {crowd.lost} lost. Most memory of the server and its processes: {peak:.0f} MB, "
        f"{before:.0f} with one."
    )


if __name__ == "__main__":
    main()
