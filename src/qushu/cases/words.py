"""The words by which a statement is found. Imports no model: processes that load cases begin without Django's apps."""

from qushu.kernel.text import tsvector_of, words


def search_words(title: str, text: str, place: str) -> str:
    """What `Statement.words` holds, as text for `%s::tsvector`: the words of all three."""
    return tsvector_of(words(f"{title} {text} {place}"))
