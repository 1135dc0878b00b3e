"""Tables for spreadsheets: what is a word stays one, what is a number too."""

import csv
import io

import pytest

from ui.text.csv_table import write_csv


@pytest.mark.parametrize("word", ["=1+1", "+cmd", "-x", "@SUM(A1)", "\tx", "\rx", "-1.png"])
def test_no_word_becomes_a_formula(word: str) -> None:
    ((_, written),) = list(csv.reader(io.StringIO(write_csv(["a", "b"], [(1, word)]), newline="")))[1:]
    assert written == f"'{word}"


def test_numbers_and_other_words_stay_as_they_are() -> None:
    rows = [("-0.050000", -0.5, 'say "hi", cat\nand dog', "1e-9", "-")]
    read = list(csv.reader(io.StringIO(write_csv(["a", "b", "c", "d", "e"], rows), newline="")))
    assert read == [["a", "b", "c", "d", "e"], ["-0.050000", "-0.5", 'say "hi", cat\nand dog', "1e-9", "-"]]
