"""Whether a word of the table marks a text. Pure; the desk, the citizen's page, imports and the generated district ask it."""

from qushu.kernel.how_said import only_denied


def is_marked_by(text: str, word: str, mark: str) -> bool:
    """Whether the text says the word. An urgent word that is only denied (没有爆炸) doesn't count; one that is feared does.

    For the other marks a denial changes nothing: who says 不要曝光 speaks of it all the same.
    """
    return word in text and not (mark == "urgent" and only_denied(text, word))
