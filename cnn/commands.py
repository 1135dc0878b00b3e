"""What `python -m cnn` does, one function a command; each returns the exit code.

Packages are imported inside the functions: the doctor must work where one of them does not.
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnn import zoo
from cnn.architectures import ARCHITECTURES
from cnn.errors import BadInput, NotFetched, UnknownName
from cnn.zoo import Card, Network, pretrained

if TYPE_CHECKING:
    from rich.progress import Progress

    from cnn.array_types import Array
    from cnn.datasets.evaluation_sets import PictureSet
    from cnn.importing import Arrival
    from cnn.runs.table import RunRow, RunTable
    from cnn.shelf import ShelfEntry
    from cnn.sweeps.sweep import Sweep
    from cnn.teach import TaughtClassifier

ALL = "all"
DIGITS = "mnist"  # its inputs are drawings and digits; all others are photos
OWNER = "command line"  # of runs that are started here
TOLD = 10  # doubtful photos, and near duplicates, that are named; with --json all are
EXPORT_FORMATS = ("keras", "tflite", "onnx")
RUNS = Path("runs")  # checkpoints, below the folder one works in


def train_command(options: Namespace) -> int:
    """Train one architecture and put it in the zoo; with frames or a name, as a run that one can watch."""
    if options.frames or options.name:
        return _train_run(options)
    if options.architecture not in ARCHITECTURES:
        raise UnknownName("architecture", options.architecture, ARCHITECTURES)
    from cnn.datasets.dataset import find_data_set
    from cnn.training.recipes import RECIPES

    data = find_data_set(options.data)
    if options.data not in RECIPES:
        raise BadInput(f"No network of {data.title} comes with the app. Train one as a run: add --frames.")
    splits = data.load()
    training = splits["train"].first(options.limit)

    from cnn.training import run as job
    from cnn.training.trainer import TrainingOptions

    stages = job.plan_training(
        options.architecture, options.data, options.seed, options.epochs, options.batch, len(training.labels)
    )
    if options.refine and len(stages) < 2:
        raise BadInput(f"{options.architecture} has no second stage on {options.data}, or --epochs leaves it out.")
    folder = options.out / options.data
    with job.progress_bar(f"{options.data}/{options.architecture}") as show:
        parts = splits | {"train": training}
        how = TrainingOptions(options.resume, options.bfloat16, on_batch=show)
        card = job.train_and_ship(stages, parts, RUNS, folder, how, options.refine)
    print(f"{card.name}: {card.accuracy:.2%} on {card.measured_on}, in {card.seconds:.0f} s. Written to {folder}.")
    return 0


def _train_run(options: Namespace) -> int:
    from cnn.home import check_room
    from cnn.runs.estimate import needed_bytes
    from cnn.runs.settings import RunSettings
    from cnn.runs.table import RunTable

    asked = {"epochs": options.epochs, "batch": options.batch, "rate": options.rate, "pictures": options.limit}
    given = {name: value for name, value in asked.items() if value is not None}
    settings = RunSettings(options.architecture, _training_data(options.data), seed=options.seed, **given)
    check_room(needed_bytes(settings))
    table = RunTable()
    row = table.add(settings, options.name or "", OWNER)
    code = _carry_out(table, row)
    return code or (_keep(table.get(row.id), options.name) if options.name else 0)


def sweep_command(options: Namespace) -> int:
    """Train every architecture at every rate from several seeds, and say which did best; 1 where one is not over."""
    from cnn.runs.settings import RunSettings
    from cnn.sweeps.ray_tune import run_sweep
    from cnn.sweeps.sweep import plan_sweep, summarize

    asked = {"epochs": options.epochs, "batch": options.batch, "optimizer": options.optimizer}
    given = {name: value for name, value in asked.items() if value is not None}
    names = options.architectures.split(",")
    base = RunSettings(
        names[0],
        _training_data(options.data),
        rate=options.rates[0],
        seed=options.seed,
        pictures=options.limit,
        **given,
    )
    sweep = plan_sweep(names, options.rates, options.seeds, base)
    with _sweep_bar(sweep) as tell:
        results = run_sweep(sweep, tell, options.address, options.cpus)
    for one in summarize(sweep, results):
        row = {"sweep": sweep.id, "architecture": one.architecture, "rate": one.rate, "accuracies": one.accuracies}
        row |= {"mean": one.mean, "failed": one.failed, "waiting": one.waiting}
        said = f"{one.mean:.2%} ({min(one.accuracies):.2%} to {max(one.accuracies):.2%})" if one.mean else "no result"
        failed = f"   {one.failed} failed" if one.failed else ""
        print(json.dumps(row) if options.json else f"{one.architecture:10} rate {one.rate:<8g} held out {said}{failed}")
    return int(len(results) < len(sweep.settings))


@contextmanager
def _sweep_bar(sweep: Sweep) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Show a bar over the steps of all trials."""
    from rich.console import Console
    from rich.progress import Progress

    from cnn.sweeps.sweep import read_results

    done = dict.fromkeys(range(len(sweep.settings)), 0)
    done |= {one.at: sweep.settings[one.at].steps for one in read_results(sweep)}  # before it was interrupted
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task(f"sweep {sweep.id}, {len(done)} trainings", total=sum(one.steps for one in sweep.settings))

        def tell(result: dict[str, Any]) -> None:
            at = result.get("at")
            if at in done:
                over = result["state"] != "running"
                done[at] = sweep.settings[at].steps if over else int(result["step"])
                bar.update(task, completed=sum(done.values()))

        yield tell


def _training_data(given: str) -> str:
    """Name the data set that is meant: itself, or the set that is made of a folder of pictures."""
    from cnn.datasets import own_pictures

    folder = Path(given).expanduser()
    if not folder.is_dir():
        return given
    files = own_pictures.files_of_folder(folder)
    kept, skipped = own_pictures.keep_pictures(folder.resolve().name, files, OWNER)
    for said in skipped:
        print_error(said)
    print(
        f"{kept.name}: {kept.title}, {len(kept.classes)} classes; {kept.training} pictures to learn from, "
        f"{kept.validation + kept.test} held out."
    )
    return kept.name


def _keep(row: RunRow, title: str) -> int:
    """Put the network that a run ended with on the shelf."""
    from cnn.runs.keep import keep_network
    from cnn.shelf import Shelf, read_own_card

    entry = keep_network(row, row.settings.steps, title, Shelf(), owner=OWNER)
    print(network_sentence(entry, read_own_card(entry.name, entry.title)))
    return 0


def shelf_command(options: Namespace) -> int:
    """List the networks that a person made, or rename, describe, delete or restore one."""
    from cnn.shelf import Shelf, read_own_card

    shelf = Shelf()
    if options.rename:
        shelf.rename(shelf.get(options.rename[0]), options.rename[1])
    if options.describe:
        shelf.describe(shelf.get(options.describe[0]), options.describe[1])
    if options.delete:
        shelf.delete(shelf.get(options.delete))
    if options.restore:
        gone = {name: one for one in reversed(shelf.deleted()) for name in (one.id, one.title)}
        if options.restore not in gone:
            raise UnknownName("network that was deleted within the last day", options.restore, gone)
        shelf.restore(gone[options.restore])
    for entry in shelf.entries():
        card = read_own_card(entry.name, entry.title)
        row = {"id": entry.id, "title": entry.title, "description": entry.description, "accuracy": card.accuracy}
        row |= {"measured_on": card.measured_on, "protocol": card.protocol, "seed": card.seed}
        print(json.dumps(row) if options.json else network_sentence(entry, card))
    return 0


def network_sentence(entry: ShelfEntry, card: Card) -> str:
    """Say in a line what a network on the shelf is."""
    said = (
        f"{card.accuracy:.2%} on {card.measured_on}" if card.measured_on else f"brought as {card.brought}, not measured"
    )
    return f"{entry.id}  {entry.title}: {said}  {entry.description}".rstrip()


def _carry_out(table: RunTable, row: RunRow) -> int:
    """Train in the foreground and say what came of it; 1 where it was not finished."""
    from cnn.runs.foreground import train_in_foreground

    ended = train_in_foreground(table, row)
    print(run_sentence(ended))
    if ended.state == "stopped":
        print(f"Go on with: python -m cnn runs --resume {ended.id}")
    return int(ended.state != "done")


def runs_command(options: Namespace) -> int:
    """List the runs, or go on with one."""
    from cnn.runs.table import RESUMABLE, RunTable

    table = RunTable()
    if options.resume:
        row = table.get(options.resume)
        if row.state not in RESUMABLE:
            raise BadInput(f"{row.name} is {row.state}; only one that was stopped, killed or failed can go on.")
        return _carry_out(table, row)
    for row in table.newest():
        print(json.dumps(row.as_dict()) if options.json else run_sentence(row))
    return 0


def run_sentence(row: RunRow) -> str:
    """Say in a line how a run stands."""
    test = f"   {row.test[0]} of {row.test[1]:,} test pictures right" if row.test else ""
    return f"{row.id}  {row.state:8} step {row.step:,} of {row.settings.steps:,}  {row.name}{test}  {row.why}".rstrip()


def teach_command(options: Namespace) -> int:
    """Learn classes from a folder of photos, and put them on the shelf; 1 where a photo could not be read."""
    from rich.console import Console
    from rich.progress import Progress

    from cnn.bundle.source import find_source
    from cnn.teach import embed_folder, near_duplicates, teach_classes
    from cnn.teach.background import background_of

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("photos", total=None)
        trunk = find_source(options.trunk).network
        photos = embed_folder(trunk, options.folder, lambda done, of: bar.update(task, completed=done, total=of))
        for path, why in photos.skipped.items():
            print_error(f"{path}: {why}")
        taught = teach_classes(trunk.name, photos.classes, photos.features, photos.labels, background_of(trunk))
        doubtful, figures, weights = taught.doubtful(), None, None
        if options.fine_tune:
            taught, weights, figures = _fine_tuned(taught, photos.files, bar)
    entry = _keep_taught(taught, options.name, weights)
    right, asked = taught.validation
    row = {
        "name": entry.title,
        "id": entry.id,
        "trunk": taught.trunk,
        "classes": {name: int((photos.labels == i).sum()) for i, name in enumerate(taught.classes)},
        "skipped": len(photos.skipped),
        "cross_validated": round(right / asked, 4),
        "interval": [round(taught.interval.low, 4), round(taught.interval.high, 4)],
        "more_for_half": taught.more_for_half(),
        "fine_tuning": figures,
        "doubtful": [str(photos.files[i]) for i in doubtful],
        "near_duplicates": [
            [str(photos.files[i]), str(photos.files[j])] for i, j in near_duplicates(photos.thumbnails)
        ],
    }
    print(json.dumps(row) if options.json else taught_sentences(row))
    return int(bool(photos.skipped))


def _fine_tuned(
    taught: TaughtClassifier, files: Sequence[Path], bar: Progress
) -> tuple[TaughtClassifier, list[Array] | None, dict[str, Any]]:
    from cnn.media import image_decoding
    from cnn.teach.collection import KEPT_PX
    from cnn.teach.fine_tuning import fine_tune  # seconds: TensorFlow

    task = bar.add_task("fine-tuning", total=None)
    tuned = fine_tune(
        taught,
        lambda at: image_decoding.decode_image_file(files[at], least_px=KEPT_PX).pixels,
        lambda done, of: bar.update(task, completed=done, total=of),
    )
    return tuned.taught, tuned.weights, tuned.figures()


def _keep_taught(taught: TaughtClassifier, title: str, weights: list[Array] | None) -> ShelfEntry:
    """Put it on the shelf, in the place of what is called so: that can be restored for a day."""
    from cnn.shelf import Shelf
    from cnn.teach.keep import keep_classifier  # seconds: TensorFlow

    shelf = Shelf()
    before = [one for one in shelf.entries() if one.title.casefold() == title.casefold()]
    entry = keep_classifier(taught, title, shelf, weights=weights)
    for one in before:
        shelf.delete(one)
        shelf.rename(entry, title)
    return shelf.get(entry.name)


def taught_sentences(row: dict[str, Any]) -> str:
    """Say how good a taught classifier is, and which of its photos to look at first."""
    low, high = row["interval"]
    lines = [
        f"{row['name']}: {row['cross_validated']:.0%} of {sum(row['classes'].values()):,} photos right where they were "
        f"left out; the truth lies between {low:.0%} and {high:.0%}, and {row['more_for_half']:,} more photos would "
        "halve that.",
        f"It is on your shelf as {row['id']}. Ask it with: python -m cnn predict PHOTO --network {row['name']!r}",
    ]
    if tuned := row["fine_tuning"]:
        before, after = tuned["frozen"] / tuned["asked"], tuned["tuned"] / tuned["asked"]
        kept = "kept" if after > before else "not kept, for it is no better"
        lines.insert(
            1,
            f"Fine-tuned it reads {after:.1%} of {tuned['asked']:,} held-out photos right, {before:.1%} as the network "
            f"was: {kept}.",
        )
    lines += [f"Perhaps under the wrong name: {one}" for one in row["doubtful"][:TOLD]]
    lines += [f"The same picture twice: {one}, {other}" for one, other in row["near_duplicates"][:TOLD]]
    return "\n".join(lines)


def add_command(options: Namespace) -> int:
    """Read a network's file in a process of its own, and put it on the shelf, or show what each guess answers."""
    from cnn.importing import arrival as arrivals
    from cnn.importing import class_names, examine_file, file_answers, input_forms, shelve_arrival
    from cnn.shelf import Shelf, checked_title

    named = checked_title(options.name) if options.name else ""
    try:
        content = options.file.read_bytes()
    except OSError as error:
        raise BadInput(f"{options.file} cannot be read ({error.strerror}).") from error
    arrival = arrivals.receive_file(content, options.file.name)
    try:
        facts = examine_file(arrival, options.side)
        print(file_answers.facts_sentence(facts), file=sys.stderr)
        labels = _class_labels(options.labels, facts.labels, facts.classes, options.digits)
        data = class_names.data_set_of(labels, facts.shape, options.digits)
        if options.photo:
            return _print_guesses(arrival, options.photo, facts.shape[2], labels)
        form = options.input or facts.likely
        if form not in (known := input_forms.forms_for(facts.shape[2])):
            raise UnknownName("way to take pictures", form, known)
        name = shelve_arrival(arrival, known[form].form, data, labels, named or arrival.title)
    finally:
        arrival.forget()
    entry = Shelf().get(name)
    row = {"id": entry.id, "title": entry.title, "data": data, "input": form, "classes": list(labels)}
    print(json.dumps(row) if options.json else f"{entry.title} is on the shelf ({entry.id}): pictures as {form}.")
    return 0


def _class_labels(named: str | None, own: Sequence[str], classes: int, digits: bool) -> tuple[str, ...]:
    """Choose names of classes: ImageNet's, those in a file, the model's own, the digits, or numbers."""
    from cnn.importing import class_names

    if named == pretrained.PRETRAINED_DATA:
        return class_names.clean_labels(class_names.imagenet_names(), classes)
    if named:
        try:
            return class_names.read_labels(Path(named).read_text("utf-8", "replace"), classes)
        except OSError as error:
            raise BadInput(f"{named} cannot be read ({error.strerror}). It holds a name a line.") from error
    return tuple(own) or (class_names.DIGIT_CLASSES if digits else class_names.clean_labels((), classes))


def _print_guesses(arrival: Arrival, photo: Path, channels: int, labels: Sequence[str]) -> int:
    from cnn.importing import file_answers, guess_answers, input_forms
    from cnn.importing.guesses import open_core, photo_for
    from cnn.media import image_decoding

    core = open_core(arrival)
    picture = photo_for(core, image_decoding.decode_image_file(photo).pixels)
    forms = {name: guess.form for name, guess in input_forms.forms_for(channels).items()}
    for guess in guess_answers(core, picture, forms):
        print(file_answers.guess_line(guess, labels))
    print("Choose the one that is right: --input NAME, without --photo.")
    return 0


def predict_command(options: Namespace) -> int:
    """Answer files; 1 where one of them could not be read."""
    if options.ray:
        return _predict_on_cluster(options)
    if options.network:
        from cnn.shelf import Shelf, load_own_network

        network = load_own_network(Shelf().get(options.network).name)
        rows = _answers(network.card.data, tuple(_photos(options.files)), [network])
    else:
        networks = [_loaded(name) for name in chosen_networks(options.data, options.architecture)]
        rows = _answers(options.data, options.files, networks)
    bad = False
    for row in rows:
        bad = bad or "error" in row
        print(json.dumps(row) if options.json else _sentence(row), flush=False)
    return int(bad)


def _predict_on_cluster(options: Namespace) -> int:
    """Answer photos on Ray, and write the rows as Parquet; 1 where one of them could not be read."""
    from dataclasses import asdict

    from cnn.cluster import predict_on_cluster
    from cnn.shelf import Shelf

    if options.out is None:
        raise BadInput("--ray writes Parquet: name a folder for it with --out.")
    name = options.network or ""
    if name not in zoo.answering_networks() and name not in pretrained.PRETRAINED:
        name = Shelf().get(name).name
    photos = _photos(options.files)
    found = predict_on_cluster(photos, [_loaded(name).name], options.ray, options.out, print_error)
    said = (
        f"{found.photos:,} photos in {found.seconds:,.0f} s by {found.actors} actors, {found.errors:,} of them "
        f"unreadable; {found.before:,} were answered before. Rows: {options.out}"
    )
    print(json.dumps(asdict(found)) if options.json else said)
    return int(found.errors > 0)


def _photos(paths: Sequence[Path]) -> Iterator[Path]:
    """Put the files below a folder in its place."""
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.is_file() and not one.name.startswith("."))
        else:
            yield path


def _answers(data: str, files: Sequence[Path], networks: Sequence[Network]) -> Iterator[dict[str, Any]]:
    if data == DIGITS:
        from cnn.inference import digit_rows
        from cnn.inference.digit_files import read_digit_files

        return digit_rows.classify_digit_inputs(read_digit_files(files), networks)
    from cnn.inference import photo_classification

    return photo_classification.classify_photo_files(files, networks)


def export_command(options: Namespace) -> int:
    """Write the zip of a network that one takes home; 1 where a format does not answer as the pages do."""
    from rich.console import Console
    from rich.progress import Progress

    from cnn.bundle import card_files, client
    from cnn.bundle.source import find_source

    source = find_source(options.network)
    target = options.out or Path(f"{card_files.folder_name(source)}.zip")
    kinds = client.FORMATS if options.format == ALL else (options.format,)
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None)
        show = lambda done, of, words: bar.update(task, completed=done, total=of, description=words)  # noqa: E731
        client.export_network(source.name, target, show, files=[client.FORMATS[kind] for kind in kinds])
    card = client.read_card(target)
    for one in card["proof"]:
        said = (
            f"{one['file']:15} {one['bytes'] / 2**20:6.1f} MB   answered {one['pictures']} pictures as the pages do, "
            f"to {one['largest_difference']:.1e}"
        )
        print(json.dumps(one | {"network": source.name, "zip": str(target)}) if options.json else said)
    for why in card["missing"].values():
        print_error(why)
    if not options.json:
        print(f"Written to {target}.")
    return 0


def evaluate_command(options: Namespace) -> int:
    """Measure networks on test pictures, or on a folder of one's own photos."""
    wanted = chosen_networks(options.data, options.architecture)
    if options.mirror and (options.folder or options.data == "mnist"):
        raise BadInput(
            "--mirror is for test photos: the mirror image of a digit is none, and a folder is asked as it is."
        )
    if options.folder:
        return _evaluate_folder(wanted, options)
    from cnn.datasets.dataset import find_data_set
    from cnn.evaluation.evaluate import evaluate_network

    of = _evaluation_set(options)
    test = of.read() if of.here else find_data_set(of.data).read("test")  # Keras downloads it
    print(f"{of.title}. {of.note}".rstrip(), file=sys.stderr)
    for name in wanted:
        result = evaluate_network(_loaded(name), test, options.mirror)
        row = {
            "network": name,
            "accuracy": round(result.accuracy, 4),
            "pictures": result.pictures,
            "false_alarms": round(result.false_alarms, 4),
            "milliseconds": round(result.milliseconds, 4),
        }
        print(json.dumps(row) if options.json else f"{name:20} {result.accuracy:.2%} of {result.pictures:,}")
    return 0


def _evaluation_set(options: Namespace) -> PictureSet:
    """Choose a set of pictures: the one that was named, else the largest that is here."""
    from cnn.datasets.evaluation_sets import evaluation_sets_for

    sets = {one.name: one for one in evaluation_sets_for(options.data)}
    if not sets:
        raise BadInput(
            f"No pictures of {options.data} may be passed on. Name a folder of your own with --folder: in it a folder "
            "of photos for each class, named as the class is, by its label or, for ImageNet, by its synset."
        )
    if options.set and options.set not in sets:
        raise UnknownName("set of pictures", options.set, sets)
    return sets[options.set] if options.set else max((one for one in sets.values() if one.here), key=_pictures)


def _pictures(of: PictureSet) -> int:
    return of.pictures


def _evaluate_folder(names: Sequence[str], options: Namespace) -> int:
    from cnn.evaluation.photo_folder import evaluate_photo_folder

    if options.data == DIGITS:
        raise BadInput("--folder takes photos: choose --data imagenet or cifar10.")
    networks = [_loaded(name) for name in names]
    for name, found in evaluate_photo_folder(networks, options.folder).items():
        low, high = found.interval.low, found.interval.high
        row = {
            "network": name,
            "accuracy": round(found.right / found.photos, 4),
            "among_five": round(found.among_five / found.photos, 4),
            "pictures": found.photos,
            "interval": [round(low, 4), round(high, 4)],
            "unreadable": found.unreadable,
        }
        sentence = (
            f"{name:28} {found.right / found.photos:.2%} of {found.photos:,} ({low:.1%} to {high:.1%}), "
            f"among five {found.among_five / found.photos:.2%}; {found.unreadable} could not be read"
        )
        print(json.dumps(row) if options.json else sentence)
    return 0


def calibrate_command(options: Namespace) -> int:
    """Measure confidence and accuracy of shipped networks anew, and write their cards."""
    from cnn.datasets.dataset import find_data_set
    from cnn.evaluation.calibration import calibrate_and_measure

    wanted = chosen_networks(options.data, options.architecture)
    splits = find_data_set(options.data).load()
    for name in wanted:
        card = calibrate_and_measure(zoo.load_network(name), splits)
        card.write(zoo.NETWORKS_FOLDER / f"{name}.json")
        caught = ", ".join(f"{kind} {share:.0%}" for kind, share in card.caught.items())
        row = {"network": name, "accuracy": card.accuracy, "false_alarms": card.false_alarms, "caught": card.caught}
        print(json.dumps(row) if options.json else f"{name:20} {card.accuracy:.2%}   told as strange: {caught}")
    return 0


def list_command(options: Namespace) -> int:
    """Print the cards."""
    from dataclasses import asdict

    for name in zoo.network_names():
        card = zoo.read_card(name)
        right = f"{card.accuracy:.2%}" if card.answers else "names nothing"
        line = f"{name:28} {card.title:18} {card.parameters:>11,} parameters   {right}"
        print(json.dumps({"network": name} | asdict(card)) if options.json else line)
    return 0


def fetch_command(options: Namespace) -> int:
    """Fetch a large network of ImageNet, with a progress bar; Ctrl+C stops, the next fetch goes on."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    from cnn.zoo.fetch import fetch_network

    name = f"{pretrained.PRETRAINED_DATA}/{options.architecture}"
    with Progress(BarColumn(), DownloadColumn(), TimeRemainingColumn()) as bar:
        task = bar.add_task("", total=None)
        fetch_network(name, lambda done, total: bar.update(task, completed=done, total=total), lambda: False)
    data = pretrained.PRETRAINED_DATA
    print(f"{name} is here: python -m cnn predict PHOTO --data {data} --architecture {options.architecture}")
    return 0


def bench_command(options: Namespace) -> int:
    """Measure against the peers, one figure a line."""
    from bench import figures

    for figure in figures(options.figures or None):
        print(json.dumps(figure.as_dict()) if options.json else figure, flush=True)
    return 0


def doctor_command(options: Namespace) -> int:
    """Say what is wrong with this machine and what to do; 1 where something is."""
    from dataclasses import asdict

    from cnn.doctor import examine_machine

    bad = 0
    for finding in examine_machine():
        bad += finding.state == "bad"
        print(json.dumps(asdict(finding)) if options.json else finding, flush=True)
    if not options.json:
        print(f"\n{bad} to mend." if bad else "\nNothing to mend.")
    return int(bad > 0)


def _loaded(name: str) -> Network:
    from cnn.shelf import is_own, load_own_network

    return load_own_network(name) if is_own(name) else pretrained.load_available(name)


def chosen_networks(data: str, wanted: str) -> Sequence[str]:
    """Name the networks of a data set that are here: all that come with the app, one architecture's, or one's own.

    Raises: NotFetched: it can be fetched.
        UnknownName: there is none of that name.
    """
    names = pretrained.available_networks(data)
    if not names:
        from cnn.datasets.dataset import find_data_set

        find_data_set(data)
    if wanted == ALL and names:
        return names
    if (missing := pretrained.PRETRAINED.get(f"{data}/{wanted}")) and missing.name not in names:
        raise NotFetched(
            f"{missing.title} is not here. Fetch it ({missing.megabytes} MB): python -m cnn fetch {wanted}"
        )
    if f"{data}/{wanted}" not in names:
        from cnn.shelf import Shelf

        own = {name: one.name for one in Shelf().entries(data) for name in (one.id, one.title)}
        if wanted in own:
            return (own[wanted],)
        raise UnknownName(f"network trained on {data}", wanted, [name.split("/")[1] for name in names])
    return (f"{data}/{wanted}",)


def _sentence(row: dict[str, Any]) -> str:
    if "error" in row:
        return f"{row['input']}: {row['error']}"
    if not row["top"]:
        return f"{row['input']}  {row['network']:18} nothing to read ({row['nothing']})"
    best = row["top"][0]
    doubt = "" if row.get("is_digit", True) and row.get("known", True) else "   unlike anything it learned"
    return f"{row['input']}  {row['network']:18} {best['label']}  {best['probability']:.1%}{doubt}"


def print_error(message: str) -> None:
    """Say on standard error what went wrong."""
    print(message, file=sys.stderr)
