"""Networks that a person brings in a file: checked, read in a process of its own, and put on the shelf.

What comes from outside is opened only in that process, whose memory and time are bounded (`file_process`); the server
runs what we wrote ourselves. May import `architectures`, `atomic_files`, `attribution`, `datasets`, `evaluation`,
`export`, `home`, `inference`, `keras_backend`, `keras_settings`, `media`, `metrics`, `shelf` and `zoo`.
"""

from cnn.importing.arrival import Arrival, ModelFacts
from cnn.importing.file_process import examine_file, shelve_arrival
from cnn.importing.guesses import GuessedAnswer, guess_answers
from cnn.importing.input_forms import INPUT_FORMS, InputForm

__all__ = [
    "INPUT_FORMS",
    "Arrival",
    "GuessedAnswer",
    "InputForm",
    "ModelFacts",
    "examine_file",
    "guess_answers",
    "shelve_arrival",
]
