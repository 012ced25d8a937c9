"""What of the words of a case is masked wherever it is drawn: all that somebody sees who reveals them."""

from collections.abc import Iterable

from django.utils import timezone

from qushu.kernel.free_text import in_the_clear
from qushu.kernel.personal import mask_free_text

from .models import Case
from .rules import SHANGHAI
from .telling import Told


def masked_words(case: Case, timeline: Iterable[Told] = ()) -> list[tuple[str, str]]:
    """Where it stands and the text in the clear, of each that holds personal data: the statement's, then the history's."""
    said = case.statement
    texts = [("标题", case.title), ("诉求内容", said.text), ("地点", said.place), ("答复", said.answer)]
    for told in timeline:
        where = f"{told.title}（{timezone.localtime(told.at, SHANGHAI):%m-%d %H:%M}）"
        texts += [(where, text) for text in (*told.lines, told.quote)]
    found: dict[str, str] = {}
    for where, text in texts:
        if mask_free_text(text) != text:
            found.setdefault(in_the_clear(text), where)
    return [(where, text) for text, where in found.items()]
