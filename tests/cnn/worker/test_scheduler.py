"""Several questions at once: what is new comes first, long ones take turns and can be stopped."""

from __future__ import annotations

from typing import Any

from cnn.errors import BadInput
from cnn.progress import Progress, ProgressSteps, run_steps, timed_steps
from cnn.worker.protocol import CancelMessage, ReplyMessage, Request, RequestMessage, WorkerFailure
from cnn.worker.scheduler import Inbox, Scheduler


class Long(Request[str]):
    """Takes some steps; notes those that it took, and puts a message into the inbox at its first one."""

    def __init__(self, name: str, steps: int, later: RequestMessage | CancelMessage | None = None) -> None:
        self.name, self.steps, self.later = name, steps, later


class Bad(Request[str]):
    def __init__(self, error: Exception, begun: bool) -> None:
        self.error, self.begun = error, begun


class Room:
    """A desk whose answers are kept in order; it ends when all that it was asked is told or stopped."""

    def __init__(self) -> None:
        self.inbox: Inbox = Inbox()
        self.told: list[tuple[int, Any]] = []
        self.taken: list[str] = []
        self.closed: list[str] = []
        self.open = 0

    def ask(self, *questions: Request[Any]) -> None:
        self.open += len(questions)
        for number, question in enumerate(questions):
            self.inbox.put(RequestMessage(number, question))
        Scheduler(self.inbox, self.start, self.tell).run()

    def start(self, question: Any) -> ProgressSteps[str]:
        if isinstance(question, Bad) and not question.begun:
            raise question.error
        return self.steps(question)

    def steps(self, question: Any) -> ProgressSteps[str]:
        if isinstance(question, Bad):
            yield Progress(0.5)
            raise question.error
        try:
            for step in range(question.steps):
                self.taken.append(f"{question.name}{step}")
                if question.later and step == 0:
                    self.inbox.put(question.later)
                yield Progress((step + 1) / question.steps)
        except GeneratorExit:
            self.closed.append(question.name)
            self.done()
            raise
        return str(question.name)

    def tell(self, message: ReplyMessage) -> None:
        self.told.append((message.number, message.content))
        if not isinstance(message.content, Progress):
            self.done()

    def done(self) -> None:
        self.open -= 1
        if not self.open:
            self.inbox.put(None)


def test_long_questions_take_turns() -> None:
    room = Room()
    room.ask(Long("a", 3), Long("b", 2))
    assert room.taken == ["a0", "b0", "a1", "b1", "a2"]
    assert [(number, told) for number, told in room.told if isinstance(told, str)] == [(1, "b"), (0, "a")]


def test_a_quick_question_comes_before_the_next_step_of_a_long_one() -> None:
    room = Room()
    room.open = 1
    room.ask(Long("a", 3, RequestMessage(7, Long("quick", 0))))
    answers = [told if isinstance(told, str) else told.share for _, told in room.told]
    assert answers == [1 / 3, "quick", 2 / 3, 1.0, "a"]


def test_a_long_question_is_stopped_between_two_steps() -> None:
    room = Room()
    room.ask(Long("a", 1000, CancelMessage(0)), Long("b", 2))
    assert room.closed == ["a"]
    assert room.taken == ["a0", "b0", "b1"]
    assert [told for _, told in room.told if isinstance(told, str)] == ["b"]


def test_an_order_to_stop_what_is_done_changes_nothing() -> None:
    room = Room()
    room.ask(Long("a", 0), Long("b", 1, CancelMessage(0)))
    assert [told for _, told in room.told if isinstance(told, str)] == ["a", "b"]


def test_what_goes_wrong_is_told_in_words_and_the_rest_goes_on() -> None:
    room = Room()
    room.ask(Bad(BadInput("Not so."), False), Bad(ZeroDivisionError(), False), Bad(MemoryError(), True), Long("a", 1))
    troubles = {number: told.reason for number, told in room.told if isinstance(told, WorkerFailure)}
    assert troubles == {
        0: "Not so.",
        1: "This could not be computed (ZeroDivisionError).",
        2: "This could not be computed (MemoryError).",
    }
    assert (3, "a") in room.told


def test_steps_can_be_done_at_once_and_timed() -> None:
    shares: list[float] = []
    answer, milliseconds = run_steps(
        timed_steps(Room().steps(Long("a", 4))), lambda progress: shares.append(progress.share)
    )
    assert answer == "a"
    assert shares == [0.25, 0.5, 0.75, 1.0]
    assert milliseconds > 0


def test_askers_take_turns_however_much_one_of_them_asks() -> None:
    """Twenty long questions of one person delayed another's quick one from 0.02 to 12 s."""
    room = Room()
    room.open = 21
    for number in range(20):
        later = RequestMessage(20, Long("quick", 0), asker=2) if number == 0 else None
        room.inbox.put(RequestMessage(number, Long(f"long{number} ", 3, later), asker=1))
    Scheduler(room.inbox, room.start, room.tell).run()
    assert [number for number, _ in room.told][:2] == [0, 20]


def test_who_asks_again_and_again_does_not_keep_others_waiting() -> None:
    """One quick question after the other, each as soon as the last is answered, beside another's long one."""
    room = Room()
    room.open = 6

    def tell(message: ReplyMessage) -> None:
        room.tell(message)
        if message.content == "quick" and message.number < 4:
            room.inbox.put(RequestMessage(message.number + 1, Long("quick", 0), asker=2))

    room.inbox.put(RequestMessage(9, Long("long", 3), asker=1))
    room.inbox.put(RequestMessage(0, Long("quick", 0), asker=2))
    Scheduler(room.inbox, room.start, tell).run()
    assert room.taken == ["long0", "long1", "long2"]
    assert [number for number, _ in room.told].index(4) > [told for _, told in room.told].index("long")


def test_what_was_not_begun_yet_is_never_begun_once_it_is_stopped() -> None:
    room = Room()
    room.open = 1
    for message in (RequestMessage(0, Long("a", 2)), RequestMessage(1, Long("b", 2)), CancelMessage(1)):
        room.inbox.put(message)
    Scheduler(room.inbox, room.start, room.tell).run()
    assert room.taken == ["a0", "a1"]
