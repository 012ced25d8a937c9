"""Whether a word of the table marks a text. Pure; the desk, the citizen's page, imports and the generated district ask it."""

from collections.abc import Iterable

from qushu.kernel.how_said import only_denied


def is_marked_by(text: str, word: str, mark: str) -> bool:
    """Whether the text says the word. An urgent word that is only denied (没有爆炸) doesn't count; one that is feared does.

    For the other marks a denial changes nothing: who says 不要曝光 speaks of it all the same.
    """
    return word in text and not (mark == "urgent" and only_denied(text, word))


def marks_of(text: str, words: Iterable[tuple[str, str]]) -> list[str]:
    """The marks of a text, each once, in the order of the table's (word, mark) rows."""
    said = [(word, mark) for word, mark in words if word in text]
    return list(dict.fromkeys(mark for word, mark in said if is_marked_by(text, word, mark)))
