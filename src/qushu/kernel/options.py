"""Choices of long pickers, whose HTML is written once and not once per page."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from html import escape
from typing import Any

from django.utils.choices import BaseChoiceIterator


class Options(BaseChoiceIterator):
    """Pairs of value and words for a `ChoiceField`; `html` are its `<option>` elements, none of them selected."""

    def __init__(self, pairs: Iterable[tuple[Any, str]]) -> None:
        self.pairs = tuple(pairs)
        self._after: dict[tuple[tuple[Any, str], ...], Options] = {}

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        return iter(self.pairs)

    def offers(self, value: object) -> bool:
        """Whether this value is among them, whatever its words."""
        return value in self._values

    def __len__(self) -> int:
        return len(self.pairs)

    def after(self, *first: tuple[Any, str]) -> "Options":
        """These options below others, kept like these."""
        if first not in self._after:
            joined = Options((*first, *self.pairs))
            joined.html = "\n".join(part for part in (Options(first).html, self.html) if part)
            self._after[first] = joined
        return self._after[first]

    def with_blank(self, words: str) -> "Options":
        """These options below the empty choice."""
        return self.after(("", words))

    @cached_property
    def _values(self) -> frozenset[Any]:
        return frozenset(value for value, _ in self)

    @cached_property
    def html(self) -> str:
        """`<option value="…">…</option>` per line, escaped."""
        return "\n".join(f'<option value="{escape(str(value))}">{escape(str(words))}</option>' for value, words in self)

    def html_with(self, selected: str) -> str:
        """`html` with the option of this value selected; a value that is not offered selects none."""
        mark = f'<option value="{escape(selected)}"'
        return self.html.replace(f"{mark}>", f"{mark} selected>", 1)
