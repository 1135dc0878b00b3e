"""Rooms in which a class predicts: in the memory of this process alone, bounded, and gone after a lesson. No Streamlit.

No names and no accounts: a phone is a random number in its own address, a room four letters on the board.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Final

from cnn.errors import ConvScopeError

LETTERS: Final = "BCDFGHJKLMNPRSTVWXZ"  # no vowels: no words; no Q, which is read as O
CODE_LENGTH: Final = 4
MOST_ROOMS: Final = 32
MOST_PHONES: Final = 100  # in a room; one process holds as many at one answer every 3 s
IDLE_S: Final = 2 * 60 * 60  # a room that its teacher did not touch for this long is gone
HERE_S: Final = 10  # a phone that asked within this time is here; phones ask every 2 s
GONE_S: Final = 60  # a phone that did not ask for this long gives its place to another, unless it answered
MOST_PICTURE: Final = 300_000  # characters of a picture's data URI


class ClassError(ConvScopeError):
    """What keeps a teacher or a pupil from taking part, and what to do."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a class predicts, and what a network said.

    Attributes:
        ask: the question.
        picture: what is shown, a data URI; without its name, which may be the answer.
        options: what may be answered.
        answer: place of the right one in `options`.
        shares: how sure the network is of each option, in [0, 1].
        told: what the network said, shown with the counts; Markdown.
        page: where one looks on, such as "pages/layers.py".
        query: of its address.
    """

    ask: str
    picture: str
    options: tuple[str, ...]
    answer: int
    shares: tuple[float, ...]
    told: str
    page: str
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room at one moment, as one seat sees it.

    Attributes:
        code: of the room.
        number: of the question, from 1 on; 0 before the first.
        question: None before the first.
        revealed: the network's answer is shown.
        phones: how many are here.
        answered: how many have answered.
        counts: answers by option; () until they are revealed, so that none leads the others.
        own: the option that this phone chose.
    """

    code: str
    number: int
    question: Question | None
    revealed: bool
    phones: int
    answered: int
    counts: tuple[int, ...]
    own: int | None


@dataclass(slots=True)
class _Room:
    key: str  # of the teacher
    touched: float  # when the teacher last did something
    number: int = 0
    question: Question | None = None
    revealed: bool = False
    seen: dict[str, float] = field(default_factory=dict)  # phone -> when it last asked
    answers: dict[str, int] = field(default_factory=dict)  # phone -> option


class Rooms:
    """All rooms of this process; any thread may use it."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Begin without rooms; `clock` gives seconds that never go back."""
        self._clock = clock
        self._lock = Lock()
        self._rooms: dict[str, _Room] = {}

    def open(self) -> tuple[str, str]:
        """Open a room; return its code and the teacher's key.

        Raises: ClassError: there are too many.
        """
        with self._lock:
            now = self._clock()
            self._rooms = {code: room for code, room in self._rooms.items() if now - room.touched <= IDLE_S}
            if len(self._rooms) >= MOST_ROOMS:
                raise ClassError(f"{MOST_ROOMS} rooms are open here, and no more fit. Close one, or try again later.")
            code = new_code()
            while code in self._rooms:
                code = new_code()
            self._rooms[code] = _Room(secrets.token_urlsafe(12), now)
            return code, self._rooms[code].key

    def close(self, code: str, key: str) -> None:
        """Forget a room, with all answers."""
        with self._lock:
            self._led(code, key)
            del self._rooms[code]

    def ask(self, code: str, key: str, question: Question, number: int) -> None:
        """Ask the class; earlier answers are forgotten.

        Args:
            code: of the room.
            key: of its teacher.
            question: to be asked.
            number: of the question that the teacher saw last.
        Raises: ClassError: no such room, not its teacher, too large a picture, or another device asked meanwhile.
        """
        if len(question.picture) > MOST_PICTURE:
            raise ClassError("This picture is too large to send to a class. Choose a smaller one.")
        with self._lock:
            room = self._led(code, key)
            if room.number != number:
                raise ClassError(
                    "Another device of yours asked a question meanwhile: here it is. Ask again if you like."
                )
            room.number, room.question, room.revealed, room.answers = number + 1, question, False, {}

    def reveal(self, code: str, key: str) -> None:
        """Show the network's answer and the counts to everybody; from then on no answer is taken."""
        with self._lock:
            self._led(code, key).revealed = True

    def leads(self, code: str, key: str) -> bool:
        """Say whether `key` is the teacher's.

        Raises: ClassError: no such room.
        """
        with self._lock:
            return secrets.compare_digest(self._room(code).key.encode(), key.encode())

    def answer(self, code: str, phone: str, number: int, option: int) -> None:
        """Take a phone's answer to the question of that `number`; it may change it until the answer is shown.

        Raises: ClassError: no such room, it is full, or the answer comes too late.
        """
        with self._lock:
            room = self._room(code)
            self._seat(room, phone)
            if room.number != number or room.question is None or room.revealed:
                raise ClassError("That came too late: the answer is shown already. The next question is yours.")
            if not 0 <= option < len(room.question.options):
                raise ClassError("That is no answer to this question. Choose one of those on the screen.")
            room.answers[phone] = option

    def look(self, code: str, phone: str = "") -> RoomView:
        """See how a room stands.

        Args:
            code: of the room.
            phone: who asks, and so is here; "" for the teacher.
        Raises: ClassError: no such room, or it is full.
        """
        with self._lock:
            room = self._room(code)
            if phone:
                self._seat(room, phone)
            now = self._clock()
            chosen = list(room.answers.values())
            options = len(room.question.options) if room.question else 0
            return RoomView(
                code,
                room.number,
                room.question,
                room.revealed,
                sum(now - seen <= HERE_S for seen in room.seen.values()),
                len(chosen),
                tuple(map(chosen.count, range(options))) if room.revealed else (),
                room.answers.get(phone),
            )

    def _seat(self, room: _Room, phone: str) -> None:
        """Note that a phone is here, if there is a place for it."""
        now = self._clock()
        if phone not in room.seen and len(room.seen) >= MOST_PHONES:
            room.seen = {one: seen for one, seen in room.seen.items() if now - seen <= GONE_S or one in room.answers}
            if len(room.seen) >= MOST_PHONES:
                raise ClassError(f"This room is full: {MOST_PHONES} phones are in it. Look on with somebody.")
        room.seen[phone] = now

    def _room(self, code: str) -> _Room:
        room = self._rooms.get(code)
        if room is not None and self._clock() - room.touched > IDLE_S:
            del self._rooms[code]
            room = None
        if room is None:
            raise ClassError(
                f"There is no room {code or 'without letters'}. Compare the {CODE_LENGTH} letters with those on the "
                "board; a room also ends when its teacher closes it, or two hours after the last question."
            )
        return room

    def _led(self, code: str, key: str) -> _Room:
        room = self._room(code)
        if not secrets.compare_digest(room.key.encode(), key.encode()):
            raise ClassError(f"Room {code} is led from another device. You can take part with its four letters.")
        room.touched = self._clock()
        return room


def new_code() -> str:
    """Draw the four letters of a room."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def read_code(text: str) -> str:
    """Read four letters as people type them: " bcd-f " is "BCDF"; what else stands there is cut."""
    return "".join(letter for letter in text.upper() if letter.isalnum())[: CODE_LENGTH + 1]
