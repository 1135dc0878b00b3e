"""The command line: `python -m cnn COMMAND`; `parser` has the commands."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from io import TextIOWrapper
from pathlib import Path

from cnn import commands, zoo
from cnn.errors import ConvScopeError

TRUNK = "imagenet/efficientnet_lite0"


def parser() -> ArgumentParser:
    """Say which commands there are and what they take."""
    top = ArgumentParser("python -m cnn", description="Train, ask and measure convolutional networks.")
    commands_ = top.add_subparsers(required=True, metavar="COMMAND")
    _train(commands_.add_parser("train", help="train an architecture and ship it"))
    _sweep(commands_.add_parser("sweep", help="train each of several architectures and rates from several seeds"))
    _teach(commands_.add_parser("teach", help="learn classes of your own from a folder of photos, in seconds"))
    _predict(commands_.add_parser("predict", help="answer pictures and drawings of digits, or photos"))
    _add(commands_.add_parser("add", help="bring a network of your own: a .keras, .h5, .tflite or .onnx file"))
    _export(commands_.add_parser("export", help="take a network home as Keras, LiteRT and ONNX, with proof"))
    _evaluate(commands_.add_parser("evaluate", help="measure shipped networks on the test pictures"))
    _calibrate(commands_.add_parser("calibrate", help="write the cards of shipped networks anew, as measured now"))
    runs = commands_.add_parser("runs", help="list the runs that keep frames, or go on with one")
    runs.add_argument("--resume", metavar="ID", help="go on with a run that was stopped or killed, in the foreground")
    runs.set_defaults(command=commands.runs_command)
    _json(runs)
    _shelf(commands_.add_parser("shelf", help="list the networks that you made, rename or delete them"))
    listing = commands_.add_parser("list", help="print the cards of the shipped networks")
    listing.set_defaults(command=commands.list_command)
    _json(listing)
    fetch = commands_.add_parser("fetch", help="fetch vgg16 or inception_v3, trained on ImageNet")
    fetch.add_argument("architecture")
    fetch.set_defaults(command=commands.fetch_command)
    bench = commands_.add_parser("bench", help="measure speed and memory against the peers")
    bench.add_argument("figures", nargs="*", help="names of figures; all of them if none is given")
    bench.set_defaults(command=commands.bench_command)
    _json(bench)
    doctor = commands_.add_parser("doctor", help="look for what keeps ConvScope from working, and say what to do")
    doctor.set_defaults(command=commands.doctor_command)
    _json(doctor)
    return top


def _train(command: ArgumentParser) -> None:
    command.add_argument("architecture")
    command.add_argument(
        "--data",
        default="mnist",
        help="a data set; with --frames or --name also digits, or a folder with a folder a class",
    )
    command.add_argument(
        "--epochs", type=_positive, help="of the first stage, trained alone; default: the recipe's stages"
    )
    command.add_argument(
        "--refine", type=Path, metavar="WEIGHTS", help="train the second stage alone, from what the first ended with"
    )
    command.add_argument("--batch", type=_positive, help="pictures a step; default: the recipe's")
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--limit", type=_positive, help="use only the first so many training pictures")
    command.add_argument("--out", type=Path, default=zoo.NETWORKS_FOLDER, help="folder of the networks")
    command.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    command.add_argument("--bfloat16", action="store_true", help="compute with half the bits: faster on new processors")
    command.add_argument("--frames", action="store_true", help="keep frames, to watch and scrub on the Train page")
    command.add_argument(
        "--name", help="of the run and of its network, which opens on every page; with it frames are kept"
    )
    command.add_argument("--rate", type=float, help="highest learning rate, with --frames; default: 0.05")
    command.set_defaults(command=commands.train_command)


def _sweep(command: ArgumentParser) -> None:
    command.add_argument("architectures", help="such as lenet,vgg")
    command.add_argument("--rates", type=_rates, required=True, help="learning rates, such as 1e-3,3e-3")
    command.add_argument("--seeds", type=_positive, default=3, help="trainings of each; default: 3")
    command.add_argument("--data", default="digits", help="a data set, or a folder with a folder a class")
    command.add_argument("--epochs", type=_positive)
    command.add_argument("--batch", type=_positive, help="pictures a step")
    command.add_argument("--optimizer", help="momentum, adam or sgd; default: momentum")
    command.add_argument("--seed", type=int, default=1, help="the first one")
    command.add_argument("--limit", type=_positive, help="use only the first so many training pictures")
    command.add_argument("--address", default="", help="of a Ray cluster; without it this machine does it")
    command.add_argument("--cpus", type=_positive, default=2, help="of a training; default: 2")
    command.set_defaults(command=commands.sweep_command)
    _json(command)


def _shelf(command: ArgumentParser) -> None:
    command.add_argument("--rename", nargs=2, metavar=("NAME", "NEW"))
    command.add_argument("--describe", nargs=2, metavar=("NAME", "WORDS"))
    command.add_argument("--delete", metavar="NAME", help="for a day it can be restored")
    command.add_argument("--restore", metavar="NAME")
    command.set_defaults(command=commands.shelf_command)
    _json(command)


def _teach(command: ArgumentParser) -> None:
    command.add_argument("folder", type=Path, help="holds a folder of photos for each class, named as the class")
    command.add_argument("--name", required=True, help="what it shall be called; one of that name is replaced")
    command.add_argument(
        "--trunk", default=TRUNK, help=f"the network whose features are used, also one of your own; default: {TRUNK}"
    )
    command.add_argument(
        "--fine-tune", action="store_true", help="let its last block learn, too, where held-out photos gain; minutes"
    )
    command.set_defaults(command=commands.teach_command)
    _json(command)


def _predict(command: ArgumentParser) -> None:
    command.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="a picture, or for digits .jsonl with drawings"
    )
    command.add_argument("--network", metavar="NAME", help="one of your own, as it is called; FILE may be a folder")
    command.add_argument(
        "--ray", metavar="ADDRESS", help="answer on a cluster with Ray Data, or on local; needs --network"
    )
    command.add_argument(
        "--out", type=Path, help="with --ray: a folder for the rows, as Parquet; what is there is kept"
    )
    command.set_defaults(command=commands.predict_command)
    _which(command)


def _add(command: ArgumentParser) -> None:
    command.add_argument("file", type=Path, help="of up to 200 MB; it is opened in a process of its own")
    command.add_argument("--name", help="what it shall be called; default: the file's name")
    command.add_argument("--input", metavar="FORM", help="how it takes pictures: unit, signed, bytes, imagenet, caffe")
    command.add_argument("--labels", metavar="FILE", help="names of its classes, one a line, or imagenet")
    command.add_argument("--digits", action="store_true", help="it knows drawn digits; else photos")
    command.add_argument("--side", type=_positive, help="height and width in px, where it takes any")
    command.add_argument("--photo", type=Path, help="only show what it answers for each form, to see which is right")
    command.set_defaults(command=commands.add_command)
    _json(command)


def _export(command: ArgumentParser) -> None:
    command.add_argument(
        "network", help="a shipped one, such as mnist/lenet, one that you made, or classes that you taught"
    )
    command.add_argument("--format", choices=(commands.ALL, *commands.EXPORT_FORMATS), default=commands.ALL)
    command.add_argument("--out", type=Path, help="the zip; default: NETWORK.zip here")
    command.set_defaults(command=commands.export_command)
    _json(command)


def _evaluate(command: ArgumentParser) -> None:
    command.set_defaults(command=commands.evaluate_command)
    _which(command)
    command.add_argument("--set", help="mnist, cifar10-2000 or cifar10; the largest that is on this machine by default")
    command.add_argument("--folder", type=Path, help="photos of your own: a folder for each class, named as it is")
    command.add_argument("--mirror", action="store_true", help="ask the mirror image of each test photo, too")


def _calibrate(command: ArgumentParser) -> None:
    command.set_defaults(command=commands.calibrate_command)
    _which(command)


def _which(command: ArgumentParser) -> None:
    command.add_argument("--data", default="mnist")
    command.add_argument("--architecture", default=commands.ALL)
    _json(command)


def _json(command: ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="one JSON object a line")


def _rates(text: str) -> list[float]:
    try:
        return [float(one) for one in text.split(",")]
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no list of numbers such as 1e-3,3e-3") from error


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; errors that a person can mend end in a sentence and exit code 1."""
    _print_any_name()
    options = parser().parse_args(arguments)
    try:
        code: int = options.command(options)
    except ConvScopeError as error:
        commands.print_error(str(error))
        return 1
    except KeyboardInterrupt:
        commands.print_error("Stopped. A training goes on from its last checkpoint with --resume.")
        return 130
    except BrokenPipeError:
        return 0
    except (ImportError, AttributeError):
        if not _explained():
            raise
        return 1
    return code


def _print_any_name() -> None:
    """Write what a terminal has no letters for as Python escapes it, such as 七 on one of cp1252 or ASCII."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _explained() -> bool:
    """Name the files that hide a package, where there are any: "'keras' is not a package" helps nobody."""
    from cnn.doctor import shadowed_imports

    for finding in shadowed_imports.check_shadowed_imports(hidden := shadowed_imports.find_shadowed_imports()):
        commands.print_error(str(finding))
    return bool(hidden)


if __name__ == "__main__":
    sys.exit(main())
