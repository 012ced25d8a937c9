"""The forms that are made from a disclosure (tables 11 and 12, as Word and as PDF) read back as what they were made from."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from qushu.ledger.actions import keep_document
from qushu.ledger.disclosure.files import WRITERS
from qushu.ledger.disclosure.twelve import tables_of
from qushu.ledger.models import BudgetVersion
from qushu.ledger.reading.document import read_document
from qushu.ledger.reading.files import text_of
from qushu.ledger.reading.parts import Document
from qushu.ledger.versions.actions import draft_from_document
from qushu.people.access import SYSTEM

from .made_full import full_document
from .test_reading import REAL

FORMS, NARRATIVE = re.compile(r"表\s?11"), " 第三部分"
GAPS = re.compile("^缺：.*$", re.MULTILINE)
"""What people still have to fill in; it stands below a table of a draft."""


def around(text: str) -> tuple[str, str]:
    """What a disclosure says before its forms and behind them."""
    narrative = text.rindex(NARRATIVE)
    return text[: text.index("表11.")], text[narrative:]


def read_again(text: str, version: BudgetVersion, form: str, folder: Path) -> Document:
    """The disclosure with its forms taken from a file of the version's tables."""
    path = folder / f"表.{form}"
    path.write_bytes(WRITERS[form](tables_of(version), version))
    tables = GAPS.sub("", FORMS.split(text_of(path))[1])
    before, behind = around(text)
    return read_document(f"{before}表11{tables}\n{behind}")


def plain(read: Any) -> Any:
    """A part without its line."""
    return replace(read, line=0)


def forms_of(read: Document) -> dict[str, Any]:
    """All that the forms say, without places."""
    whole = read.department
    return {
        "targets": [plain(one) for one in read.targets],
        "goals": [plain(one) for one in whole.goals],
        "listed": [plain(one) for one in whole.listed],
        "funds": {(one.name, one.amount, one.share, one.former) for one in whole.funds if one.amount},
        "groups": [plain(one) for one in whole.groups],
        "department": whole.name,
        "projects": {
            one.code: {
                "facts": one.facts,
                "words": (one.name, one.ground, one.plan, one.change),
                "money": (one.total, one.budget, one.former),
                "sources": {(source.name, source.amount) for source in one.sources if source.amount},
                "items": [plain(item) for item in one.items],
                "purchases": [plain(bought) for bought in one.purchases],
                "goals": [plain(goal) for goal in one.goals],
            }
            for one in read.projects
        },
        "unread": [(one.where, one.words, one.why) for one in read.unread],
    }


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["docx", "pdf"])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(full_document, id="made"),
        pytest.param(lambda: text_of(REAL), id="real", marks=pytest.mark.skipif(not REAL.exists(), reason="not here")),
    ],
)
def test_forms_read_back_as_what_they_were_made_from(text: Any, form: str, tmp_path: Path) -> None:
    said = text()
    path = tmp_path / "预算.txt"
    path.write_text(said, encoding="utf-8")
    document = keep_document(SYSTEM, path, timezone.now())
    version = draft_from_document(SYSTEM, document, timezone.now())
    wanted, found = forms_of(read_document(said)), forms_of(read_again(said, version, form, tmp_path))
    for part, there in wanted.items():
        assert found[part] == there, part
