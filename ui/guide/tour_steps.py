"""The tour's twelve steps, from pixels to the answer: words, a live page each, and one small question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

NETWORK: Final = "mnist/vgg"  # 3x3 convolutions, ReLU, pooling, dense: each of the steps is a layer of it


@dataclass(frozen=True, slots=True)
class TourStep:
    """One step.

    Attributes:
        page: that it is told on.
        title, text: its words; Markdown.
        question: asked beside it.
        options: to choose from.
        right: place of the right one in `options`.
        because: why it is right; one or two sentences.
        address: what the page's address chooses, beside the network and the input.
    """

    page: str
    title: str
    text: str
    question: str
    options: tuple[str, ...]
    right: int
    because: str
    address: Mapping[str, str] = field(default_factory=dict)


TOUR: Final = (
    TourStep(
        "draw",
        "A picture comes in",
        "Draw a digit below. Five networks say what it is while you draw. How can a machine know? "
        "Follow your digit from here to the answer, one step at a time.",
        "What does a network get to see of it?",
        ("The path of your pen", "784 numbers", "The word for it"),
        1,
        "It gets 28x28 pixels, each a number between 0 (paper) and 1 (ink): 784 of them, and nothing else.",
    ),
    TourStep(
        "draw",
        "Made to fit",
        "The networks learned from digits of one size, in the middle of the paper. So yours is cut out, scaled and "
        "centred first. Scroll down to the x-ray, switch a step off, and watch the answers.",
        "Why is a digit moved to the middle?",
        ("It looks tidier", "To save memory", "It learned from digits in the middle"),
        2,
        "A network is good at what is like the pictures that it learned from, and at little else.",
    ),
    TourStep(
        "layers",
        "Pixels are numbers",
        "This is your digit as the network gets it: a **map** of 28x28 numbers. "
        "From here on every layer turns maps into new maps.",
        "How many such maps has a photo in colour?",
        ("256", "1", "3"),
        2,
        "One each for red, green and blue; 256 is how many shades each of them may have.",
        {"layer": "image"},
    ),
    TourStep(
        "arithmetic",
        "One number is one sum",
        "A **kernel** is a small grid of weights. Lay it on a patch of the picture, multiply each pixel with the "
        "weight above it, add up, add one number more (the **bias**): that is **convolution**. Watch it slide, or "
        "move it.",
        "How many products make one number here, with a kernel of 3x3?",
        ("3", "9", "784"),
        1,
        "One for each weight of the kernel: 3 x 3 = 9.",
        {"layer": "conv1_1"},
    ),
    TourStep(
        "layers",
        "A kernel makes a map",
        "One kernel, slid over the whole picture, leaves one map, called a **channel**: bright where its pattern was "
        "found. This layer has 32 kernels, so it has 32 channels. Click through some of them.",
        "Who decided what each kernel looks for?",
        ("Nobody: it was learned", "The people who built it", "The picture"),
        0,
        "People chose how many kernels there are. Their weights began at random; training on tens of thousands of "
        "digits made them what they are.",
        {"layer": "conv1_1_relu"},
    ),
    TourStep(
        "arithmetic",
        "Below zero becomes zero",
        "After each convolution stands **ReLU**, the simplest layer of all: a number above 0 passes, anything below "
        "becomes 0. Without it many layers could do no more than one.",
        "-1.8 comes in. What goes out?",
        ("-1.8", "0", "1.8"),
        1,
        "Everything below 0 becomes 0: the channel is silent there.",
        {"layer": "conv1_1_relu"},
    ),
    TourStep(
        "arithmetic",
        "Smaller, on purpose",
        "**Pooling** takes four neighbours and keeps the largest. That something was found stays; where exactly "
        "matters less. And there is less to compute from here on.",
        "A map of 28x28 goes in, with windows of 2x2. What comes out?",
        ("14x14", "26x26", "7x7"),
        0,
        "Each window of 2x2 leaves one number, so both sides are halved.",
        {"layer": "pool1"},
    ),
    TourStep(
        "layers",
        "Deeper layers see more",
        "Click into a map: the box on the picture is the **receptive field**, all that this one place can see. In the "
        "first layer it was 3x3 pixels; here it is 14x14. Small patterns have become parts of digits.",
        "Why does one place see so much more here?",
        ("Its kernel is larger", "It was trained longer", "Each layer reads what the one before gathered"),
        2,
        "The kernel is 3x3 here, too. But each of those nine places has already seen a patch of its own.",
        {"layer": "conv2_2_relu"},
    ),
    TourStep(
        "arithmetic",
        "Weighing it all up",
        "At the end stands a **dense** layer: all that was found, each weighed for or against a digit, makes one sum a "
        "digit. Such a sum is called a **logit**. Choose another class and see what speaks against it.",
        "How many sums does this last layer make?",
        ("1", "256", "10"),
        2,
        "One for each digit from 0 to 9. The largest one is the answer.",
        {"layer": "logits"},
    ),
    TourStep(
        "arithmetic",
        "From sums to shares",
        "**Softmax** turns the ten sums into ten shares that add up to 1. The largest is called **confidence**: how "
        "sure the network is.",
        "Can the network be 90 % sure of a 3 and 90 % sure of a 5?",
        ("Yes", "No"),
        1,
        "The ten shares add up to 1: what one digit gets, the others lose. It has to choose, even among ten bad "
        "answers.",
        {"layer": "softmax"},
    ),
    TourStep(
        "evidence",
        "Why this answer?",
        "What in the picture speaks for the answer lights up. Then click another digit: which pixels would speak for "
        "that one?",
        "What does a bright place mean?",
        ("It speaks for the chosen class", "There is ink", "The network is sure there"),
        0,
        "Choose another class and the bright places move, though the ink stays where it is.",
    ),
    TourStep(
        "robustness",
        "And when it is wrong?",
        "Turn the digit with the slider until an answer changes. You still know it. Some of the five do not, and say "
        "something else: often without a doubt.",
        "A network is 99 % sure that this is a 7. Is it one?",
        ("Yes", "Only if it looks like what it learned from"),
        1,
        "Confidence only weighs the ten answers against each other. On what is unlike anything it learned it can be "
        "wrong and sure. That was the tour: now fool them, switch parts off, or train a network yourself.",
    ),
)
