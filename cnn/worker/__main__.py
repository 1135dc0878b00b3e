"""The child process that computes gradients: `python -m cnn.worker`. It ends when its parent does.

It reads questions from standard input and writes answers to standard output, each a pickle behind its length;
`cnn.worker.client` is the other end. Only the parent that started it can write to it.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from threading import Thread
from typing import BinaryIO, Final

from cnn.worker.protocol import READY_SIGNAL, receive_message, send_message
from cnn.worker.scheduler import Inbox, Scheduler

NICENESS: Final = 10  # answers to people go before evidence: loading TensorFlow alone takes 3 s


def main() -> None:
    """Answer for as long as the parent lives."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    entry, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # standard output is for answers: what else is printed goes to standard error
    from cnn.worker.handlers import RequestHandler  # seconds: TensorFlow

    inbox: Inbox = Inbox()
    send_message(out, READY_SIGNAL)
    Thread(target=_read, args=(entry, inbox), daemon=True).start()
    Scheduler(inbox, RequestHandler().start, partial(send_message, out)).run()


def _read(entry: BinaryIO, inbox: Inbox) -> None:
    """Hand on messages; when the parent is gone, end at once, whatever is being computed."""
    while (message := receive_message(entry)) is not None:
        inbox.put(message)
    os._exit(0)


if __name__ == "__main__":
    main()
