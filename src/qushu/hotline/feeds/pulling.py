"""Pulling: new files of a source's folder, or what its address gives, read once, with receipts beside."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from qushu.kernel.errors import Missing, Refused
from qushu.kernel.table_reading import read_table
from qushu.kernel.tables import Column, csv_lines
from qushu.people.access import Actor, require

from ..importing.actions import digest_of
from ..importing.keeping import Outcome
from ..models import FeedBatch, FeedFile, FeedSource
from .fetching import NotFetched, fetch
from .reading import read_in
from .rules import is_below, is_readable

RECEIPTS = "receipts"
WORDS = {"accepted": "已受理", "unchanged": "已有", "refused": "拒收"}
COLUMNS = [
    Column("行", lambda outcome: outcome.line),
    Column("编号", lambda outcome: outcome.ref),
    Column("结果", lambda outcome: WORDS[outcome.result]),
    Column("受理编号", lambda outcome: outcome.number),
    Column("原因", lambda outcome: outcome.reason),
]


@dataclass
class Pulled:
    """What a look at a source's place gave: batches that were read, files that wait until they are whole."""

    batches: list[FeedBatch]
    waiting: list[str]


def pull_due(now: datetime) -> int:
    """Look at every active source that has a place to pull from; how many batches were read. One that fails stops none."""
    read = 0
    for source in FeedSource.objects.filter(active=True).exclude(location="").order_by("id"):
        try:
            read += len(_pull(source, now, at_once=False).batches)
        except Refused:
            continue  # said in the source's last_error
    return read


def pull(actor: Actor, code: str, now: datetime, *, at_once: bool = False) -> Pulled:
    """Look at one source's place now. `at_once` reads files that are seen for the first time too.

    Raises Forbidden; Missing; Refused when there is nothing to pull from, it can't be reached, or somebody pulls it now.
    """
    require(actor, "feeds.write")
    source = FeedSource.objects.filter(code=code).first()
    if source is None:
        raise Missing(f"没有代码为“{code}”的来源。")
    if not source.location:
        raise Refused("这个来源没有文件夹或地址，只接受推送。", code="no_location")
    return _pull(source, now, at_once=at_once)


def _pull(source: FeedSource, now: datetime, *, at_once: bool) -> Pulled:
    with connection.cursor() as cursor:
        key = f"pull:{source.pk}"
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [key])
        if not cursor.fetchone()[0]:
            raise Refused("正在拉取这个来源，请稍后再看。", code="pulling")
        try:
            is_address = source.location.startswith(("http://", "https://"))
            done = _pull_address(source, now) if is_address else _pull_folder(source, now, at_once=at_once)
        except (Refused, OSError) as error:
            why = (
                error.message
                if isinstance(error, Refused)
                else f"读写不了 {error.filename or source.location}：{error.strerror}"
            )
            _remember(source, now, why)
            raise Refused(f"{why}。已受理的件不受影响；改正后会自动再拉取。", code="not_pulled") from error
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [key])
    _remember(source, now, next((batch.error for batch in done.batches if batch.error), ""))
    return done


def _remember(source: FeedSource, now: datetime, error: str) -> None:
    FeedSource.objects.filter(pk=source.pk).update(pulled_at=now, last_error=error[:300], etag=source.etag)


def _pull_folder(source: FeedSource, now: datetime, *, at_once: bool) -> Pulled:
    """A file is read when it looks as at the last look, so that one still being written is left alone, and only once."""
    folder = Path(source.location)
    if not is_below(folder, settings.QUSHU_FEED_FOLDERS):
        raise Refused(f"文件夹 {folder} 不在允许的文件夹（QUSHU_FEED_FOLDERS）之内，没有读取")
    if not folder.is_dir():
        raise Refused(f"没有文件夹 {folder}")
    seen = {file.name: file for file in source.files.all()}
    done = Pulled([], [])
    for path in sorted(path for path in folder.iterdir() if is_readable(path.name) and path.is_file()):
        if not is_below(path, [folder]):
            continue  # a link to a file elsewhere
        stat = path.stat()
        file = seen.get(path.name) or FeedFile(source=source, name=path.name[:200], size=-1, modified_ns=-1)
        same = (file.size, file.modified_ns) == (stat.st_size, stat.st_mtime_ns)
        if same and file.batch_id is not None:
            continue
        file.size, file.modified_ns, file.batch = stat.st_size, stat.st_mtime_ns, None
        if same or at_once:
            file.batch = _read_file(source, path, folder / RECEIPTS, now, done)
        else:
            done.waiting.append(path.name)
        file.save()
    return done


def _pull_address(source: FeedSource, now: datetime) -> Pulled:
    place = settings.HOME / "feeds" / source.code
    place.mkdir(parents=True, exist_ok=True)
    done = Pulled([], [])
    try:
        fetched = fetch(source.location, source.etag, place)
    except NotFetched as error:
        raise Refused(str(error)) from error
    if fetched is not None:
        try:
            _read_file(source, fetched.path, place / RECEIPTS, now, done)
            source.etag = fetched.etag
        finally:
            fetched.path.unlink(missing_ok=True)
    return done


def _read_file(source: FeedSource, path: Path, receipts: Path, now: datetime, done: Pulled) -> FeedBatch:
    """Read a file that is whole; one whose content was read before gives that batch again."""
    digest = digest_of(path)
    before = FeedBatch.objects.filter(source=source, digest=digest, finished_at__isnull=False, way=FeedBatch.Way.pull)
    if (batch := before.order_by("-id").first()) is not None:
        return batch
    receipts.mkdir(exist_ok=True)
    unfinished = receipts / f"{path.name}.receipt.csv.part"
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        file.write(next(csv_lines([], COLUMNS)))

        def tell(outcomes: Sequence[Outcome]) -> None:
            file.writelines(list(csv_lines(sorted(outcomes, key=lambda outcome: outcome.line), COLUMNS))[1:])

        batch = read_in(
            source,
            FeedBatch.Way.pull,
            path.name,
            digest,
            lambda keeper: read_table(path, bad_row=lambda line, why: keeper.refuse(line, "", {}, why)),
            now,
            tell,
        )
        if batch.error:
            file.writelines(list(csv_lines([Outcome(0, "", "refused", reason=batch.error)], COLUMNS))[1:])
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(receipts / f"{path.name}.receipt.csv")
    done.batches.append(batch)
    return batch
