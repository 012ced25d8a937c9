"""The cells of a workbook's first sheet (xlsx, xlsm, xls, ods), read apart: a cell at the far end of a sheet or a packed
desert of them would fill the memory of the process that reads it."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, BinaryIO

import python_calamine

from .apart import TooMuch, apart
from .errors import BadTable

_AT_ONCE = 500
_HALF_SECOND = timedelta(microseconds=500_000)


def cells_of(file: BinaryIO, most: int) -> Iterator[tuple[int, list[Any]]]:
    """Each row as (line, cells). Raises BadTable for what can't be read, or is larger than ``most`` bytes when unpacked."""
    _check_size(file, most)
    with tempfile.NamedTemporaryFile() as copy:
        shutil.copyfileobj(file, copy)
        copy.flush()
        try:
            for rows in apart(f"{__name__}:rows", copy.name):
                yield from rows
        except TooMuch as error:
            raise BadTable(
                "表格展开后太大或已损坏，没有读完；请只留下要导入的行和列另存一份，或另存为 CSV 后再试"
            ) from error


def rows(path: str) -> Iterator[list[tuple[int, list[Any]]]]:
    """The rows, some at a time. Raises BadTable."""
    try:
        sheet = python_calamine.load_workbook(path).get_sheet_by_index(0)
        some = []
        for line, row in enumerate(sheet.iter_rows(), start=1):
            some.append((line, [*map(_plain, row)]))
            if len(some) == _AT_ONCE:
                yield some
                some = []
        yield some
    except python_calamine.PasswordError as error:
        raise BadTable("表格有密码保护，请去掉密码后再试") from error
    except (python_calamine.CalamineError, python_calamine.WorksheetNotFound, OSError) as error:
        raise BadTable("不是可以读取的 Excel 文件，或文件已损坏，请用 Excel 打开后另存为 xlsx") from error


def _check_size(file: BinaryIO, most: int) -> None:
    """Refuse a workbook that would fill the memory once unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        size = 0  # an old .xls, or broken: the reader says so
    if size > most:
        raise BadTable(f"表格展开后超过 {most >> 20} MB，请另存为 CSV 后再试")
    file.seek(0)


def _plain(cell: Any) -> Any:
    """Excel keeps every number as a float; a whole one is meant as an integer (a telephone number, a code)."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, datetime) and cell.microsecond:
        return (cell + _HALF_SECOND).replace(microsecond=0)  # Excel's moments are fractions of a day
    return cell
