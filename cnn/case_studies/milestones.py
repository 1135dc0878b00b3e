"""Five architectures that made history: who, where, when, what it cost, what it won. Facts, and where they are from.

Costs are those that were published; `cnn.case_studies.paper_networks` derives the same from the rows of the papers.
"""

# ruff: noqa: RUF001  the phonetic alphabet looks like ours

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Laboratory:
    """Where it was made: the laboratory, the town, the country and its two letters (ISO 3166); who was elsewhere."""

    laboratory: str
    town: str
    country: str
    code: str
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """How a name is said: in plain letters, the loud part in capitals, and in the phonetic alphabet."""

    name: str
    plain: str
    ipa: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """An architecture and its story.

    Attributes:
        title: the network of the paper, such as "LeNet-5".
        year: when it was made known.
        people: as the paper names them.
        place: where they worked.
        said: names, and how to say them.
        paper, link: what to read, and where.
        idea: the one idea, in a sentence.
        how: what it means, in two or three plain sentences.
        won: what it was the first or the best at.
        right: share of right answers of one network, so that it stands beside one network's cost.
        effort: what training it took.
        parameters, multiply_adds: as published, in the source's words and digits.
        cost_source: of these two.
        corrected: what is often told wrongly, and what is right.
        full: what the diagram at full size shows.
    """

    title: str
    year: int
    people: str
    place: Laboratory
    said: tuple[Pronunciation, ...]
    paper: str
    link: str
    idea: str
    how: str
    won: str
    right: str
    effort: str
    parameters: str
    multiply_adds: str
    cost_source: str
    corrected: str
    full: str


MILESTONES: Final[Mapping[str, Milestone]] = {
    "lenet": Milestone(
        title="LeNet-5",
        year=1998,
        people="Yann LeCun, Léon Bottou, Yoshua Bengio, Patrick Haffner",
        place=Laboratory(
            "AT&T Labs", "Red Bank, New Jersey", "United States", "US", "Bengio: University of Montreal, Canada"
        ),
        said=(Pronunciation("LeNet", "luh-NET", "/ləˈnɛt/"), Pronunciation("LeCun", "luh-KUHN", "/ləˈkʌn/")),
        paper="Gradient-Based Learning Applied to Document Recognition, Proceedings of the IEEE 86(11), 1998",
        link="https://doi.org/10.1109/5.726791",
        idea="Let the network learn its own filters: small ones that slide over the picture.",
        how="The same few weights are used at every place, so a stroke is found wherever it lies. Pooling then makes "
        "the maps smaller, and the exact place matters less and less.",
        won="99.05 % of MNIST's test digits; by then such networks read several million bank cheques a day.",
        right="99.05 % of MNIST",
        effort="Two to three days on one 200 MHz processor, 20 passes over 60,000 digits.",
        parameters="60,000",
        multiply_adds="340,908 connections",
        cost_source="the paper, section II.B",
        corrected="LeNet-5 was not the first: LeCun and others at Bell Labs read zip codes with a smaller network in "
        "1989. And it has no ReLU, no max pooling and no softmax; copies often do.",
        full="LeNet-5 as in the paper, for 32x32 pixels",
    ),
    "alexnet": Milestone(
        title="AlexNet",
        year=2012,
        people="Alex Krizhevsky, Ilya Sutskever, Geoffrey Hinton",
        place=Laboratory("University of Toronto", "Toronto", "Canada", "CA"),
        said=(
            Pronunciation("AlexNet", "AL-iks-net", "/ˈælɪksnɛt/"),
            Pronunciation("Krizhevsky", "krih-ZHEF-skee", "/krɪˈʒɛfski/"),
        ),
        paper="ImageNet Classification with Deep Convolutional Neural Networks, NIPS 2012; reprinted in "
        "Communications of the ACM 60(6), 2017",
        link="https://doi.org/10.1145/3065386",
        idea="Go bigger, on graphics cards, with ReLU and dropout: 1.2 million photos can train 60 million weights.",
        how="ReLU lets what is above 0 pass and nothing else, which trains several times faster than tanh. Dropout "
        "switches half of the dense units off at random, so that none relies on the others.",
        won="ImageNet's challenge of 2012 in image classification: the right name was not among five guesses for "
        "15.3 % of the photos, with seven networks together, two of them pretrained on more photos; the next best had "
        "26.2 %. One network alone: 18.2 %.",
        right="81.8 % of ImageNet, five guesses, one network",
        effort="Five to six days on two graphics cards of 3 GB (GTX 580), 90 passes over 1.2 million photos.",
        parameters="60 million",
        multiply_adds="724 million",
        cost_source="the paper, section 1 (parameters); Sze et al. 2017, arXiv:1703.09039, table II (multiply-adds)",
        corrected="It won image classification (and finding where the one named thing is), not object detection: "
        "ImageNet's challenge had no contest in detection before 2013. And kernels of 11 in steps of 4 do not fit its "
        "224x224 pixels evenly: Krizhevsky's code rounds up and gets the paper's 55 places, most others take 227x227.",
        full="AlexNet as in the paper, for 227x227 pixels",
    ),
    "vgg": Milestone(
        title="VGG-16",
        year=2014,
        people="Karen Simonyan, Andrew Zisserman",
        place=Laboratory("Visual Geometry Group, University of Oxford", "Oxford", "United Kingdom", "GB"),
        said=(Pronunciation("VGG", "vee-jee-JEE", "/ˌviːdʒiːˈdʒiː/"),),
        paper="Very Deep Convolutional Networks for Large-Scale Image Recognition, arXiv:1409.1556",
        link="https://arxiv.org/abs/1409.1556",
        idea="Use nothing but 3x3 kernels, and stack them: depth itself helps.",
        how="Two 3x3 convolutions see as far as one 5x5, three as far as a 7x7, with fewer weights and a ReLU in "
        "between. Each time the picture halves the number of maps doubles, up to 512; after that it stays.",
        won="Second in classification at ImageNet's challenge of 2014 (7.3 % wrong with five guesses, seven networks "
        "together), first in localisation.",
        right="93.0 % of ImageNet, five guesses, one network",
        effort="Two to three weeks on four graphics cards (Titan Black).",
        parameters="138 million",
        multiply_adds="15.5 billion",
        cost_source="the paper, table 2 (parameters); Sze et al. 2017, arXiv:1703.09039, table II (multiply-adds)",
        corrected="It did not win classification in 2014: GoogLeNet did. And most of its weights are not in the "
        "convolutions: the first dense layer alone holds 103 of 138 million.",
        full="VGG-16 (column D of the paper), for 224x224 pixels",
    ),
    "inception": Milestone(
        title="GoogLeNet (Inception v1)",
        year=2014,
        people="Christian Szegedy, Wei Liu, Yangqing Jia, Pierre Sermanet, Scott Reed, Dragomir Anguelov, Dumitru "
        "Erhan, Vincent Vanhoucke, Andrew Rabinovich",
        place=Laboratory(
            "Google",
            "Mountain View, California",
            "United States",
            "US",
            "Liu: University of North Carolina; Reed: University of Michigan",
        ),
        said=(
            Pronunciation("GoogLeNet", "GOO-guhl-net", "/ˈɡuːɡəlnɛt/"),
            Pronunciation("Inception", "in-SEP-shuhn", "/ɪnˈsɛpʃən/"),
            Pronunciation("Szegedy", "SEH-geh-dee", "/ˈsɛɡɛdi/"),
        ),
        paper="Going Deeper with Convolutions, arXiv:1409.4842",
        link="https://arxiv.org/abs/1409.4842",
        idea="Look at several sizes at once: 1x1, 3x3, 5x5 and pooling side by side, their maps joined.",
        how="In front of the large kernels, 1x1 convolutions mix many maps into few, so that looking at everything "
        "stays cheap. At the end a mean over each map takes the place of the huge dense layers.",
        won="ImageNet's challenge of 2014 in classification (6.67 % wrong with five guesses, seven networks together, "
        "144 crops of each photo) and in detection.",
        right="89.93 % of ImageNet, five guesses, one network, one crop",
        effort="On Google's processors, no graphics cards; the paper guesses a week on a few of those.",
        parameters="7 million",
        multiply_adds="1.5 billion",
        cost_source="Sze et al. 2017, arXiv:1703.09039, table II (parameters); the paper, section 1 (multiply-adds). "
        "The first row of its table says 34 million multiply-adds where the row's own sizes give 118; with these the "
        "total is 1.58 billion",
        corrected="GoogLeNet of 2014 is Inception v1. InceptionV3, which the Photo page can fetch, came in December "
        "2015: other branches, 299x299 pixels, 23,851,784 parameters. The paper's twelve times fewer "
        "parameters than AlexNet are nine by its own table. The L in GoogLeNet bows to LeNet.",
        full="GoogLeNet as in the paper, for 224x224 pixels",
    ),
    "resnet": Milestone(
        title="ResNet",
        year=2015,
        people="Kaiming He, Xiangyu Zhang, Shaoqing Ren, Jian Sun",
        place=Laboratory("Microsoft Research Asia", "Beijing", "China", "CN"),
        said=(
            Pronunciation("ResNet", "REZ-net", "/ˈrɛznɛt/"),
            Pronunciation("residual", "ri-ZID-yoo-uhl", "/rɪˈzɪdjuəl/"),
            Pronunciation("Kaiming He", "kye-ming HUH", "/kʰaɪ mɪŋ xɤ/"),
        ),
        paper="Deep Residual Learning for Image Recognition, arXiv:1512.03385",
        link="https://arxiv.org/abs/1512.03385",
        idea="Let each block only add to what it was given: then a network may be 152 layers deep.",
        how="A plain stack of layers gets worse when it grows beyond some twenty: even on what it is trained with. "
        "Its authors saw that gradients had not vanished there; such a stack is hard to optimise all the same. With a "
        "shortcut around every two or three layers, a block that does nothing is easy to learn, and depth pays.",
        won="ImageNet's challenge of 2015: classification (3.57 % wrong with five guesses, six networks together), "
        "detection and localisation; and COCO's detection and segmentation.",
        right="93.29 % of ImageNet, five guesses, one network of 50 layers, ten crops",
        effort="Up to 600,000 steps of 256 photos.",
        parameters="25.5 million (50 layers)",
        multiply_adds="3.8 billion (50 layers); 11.3 with 152",
        cost_source="the paper, table 1 (multiply-adds); Sze et al. 2017, arXiv:1703.09039, table II (parameters)",
        corrected="Residual means what is left over: the block learns what to add to its input, not an error that "
        "remains at the end. Depth is no cure-all: 1,202 layers did worse than 110 in the paper. And a shortcut is no "
        "skipped layer: every layer is computed, its result added.",
        full="ResNet-50 (table 1 of the paper), for 224x224 pixels",
    ),
}


@dataclass(frozen=True, slots=True)
class DataSetStory:
    """A data set: who collected it, when, and what is in it."""

    title: str
    year: int
    people: str
    content: str


DATA_SET_STORIES: Final = (
    DataSetStory(
        "MNIST",
        1998,
        "Yann LeCun, Corinna Cortes, Christopher Burges",
        "70,000 digits, written by clerks and pupils, 28x28 pixels, from NIST's forms",
    ),
    DataSetStory(
        "CIFAR-10 and CIFAR-100",
        2009,
        "Alex Krizhevsky, Vinod Nair, Geoffrey Hinton",
        "60,000 photos each, 32x32 pixels, of 10 or 100 things, chosen from the 80 million tiny images; "
        "named after the Canadian Institute for Advanced Research, which funded it",
    ),
    DataSetStory(
        "ImageNet",
        2009,
        "Jia Deng, Wei Dong, Richard Socher, Li-Jia Li, Kai Li, Li Fei-Fei",
        "millions of photos; the yearly challenge (2010 to 2017) took 1.2 million of 1,000 kinds of things",
    ),
)
