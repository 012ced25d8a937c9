"""新词: words that many texts use today and hardly any used before (a shop, a brand, a rumour)."""

from datetime import datetime, timedelta

from django.contrib.postgres.search import SearchQuery
from django.db import connection, transaction

from qushu.cases.models import Case, Statement
from qushu.kernel.text import query_of

from .actions import Found, end_warning, not_tuned_away, report
from .models import Kind, KnownWord, Warning, WarningRule
from .ruling import count_level, span_words

YEAR_HOURS = 365 * 24
MOST = 20
WITHIN = 0.7


def learn_words() -> int:
    """Count in how many texts each word stands, over all cases: once a night. Returns how many words are known."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM insight_warnings_knownword")
        cursor.execute(
            "INSERT INTO insight_warnings_knownword (word, texts) SELECT left(word, 60), max(ndoc) FROM"
            " ts_stat('SELECT words FROM cases_statement WHERE words IS NOT NULL') WHERE ndoc > 1 GROUP BY 1"
        )
        return int(cursor.rowcount)


def watch_words(now: datetime) -> int:
    """Raise a warning for each word that stands in so many texts of the rule's hours and in hardly any before."""
    rule = WarningRule.objects.get(kind=Kind.new_word)
    if not rule.active:
        return 0
    since = now - timedelta(hours=rule.hours)
    found = not_tuned_away(words_at(rule, now), rule)
    for one in found:
        report(one, rule, now)
    running = Warning.objects.filter(kind=Kind.new_word, ended_at__isnull=True)
    for warning in running.exclude(series__in=[one.series for one in found]).filter(since__lt=since):
        end_warning(warning, now)
    return len(found)


def words_at(rule: WarningRule, now: datetime) -> list[Found]:
    """New words of the rule's hours before a moment; nothing before words were learned once.

    Words that always come together are one. So many different people must have said a word: what one caller says again and
    again may be somebody's name, and a warning goes out by mail.
    """
    if not KnownWord.objects.exists():
        return []
    since = now - timedelta(hours=rule.hours)
    found: list[Found] = []
    for word, count, usual in _candidates(since, now, rule):
        ids = set(_cases_with(word, since, now))
        if any(len(ids.intersection(before.case_ids)) >= WITHIN * len(ids) for before in found):
            continue
        said = list(Case.objects.filter(pk__in=ids).values_list("pk", "caller_index", "accepted_at"))
        if len({bytes(caller) if caller else pk for pk, caller, _ in said}) < rule.least:
            continue
        past = "此前从未出现" if usual == 0 else f"此前同样长的时间平均 {usual:.2f} 件"
        first = min(at for _, _, at in said)
        found.append(
            Found(
                kind=Kind.new_word,
                series=word[:60],
                title=f"新词：{word}",
                ground=f"“{word}”{span_words(rule.hours)}内出现在 {count} 件诉求中，{past}。",
                level=count_level(count, rule.least),
                since=first,
                observed=count,
                expected=usual,
                word=word[:60],
                case_ids=sorted(ids),
            )
        )
    return found


def _candidates(since: datetime, now: datetime, rule: WarningRule) -> list[tuple[str, int, float]]:
    """(word, texts in the window, texts that were usual in as long a time), most texts first."""
    query = (
        "SELECT s.words FROM cases_statement s JOIN cases_case c ON c.id = s.case_id"
        f" WHERE c.accepted_at > '{since.isoformat()}' AND c.accepted_at <= '{now.isoformat()}'"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.word, w.ndoc, coalesce(k.texts, 0) FROM ts_stat(%s) w"
            " LEFT JOIN insight_warnings_knownword k ON k.word = left(w.word, 60)"
            " WHERE w.ndoc >= %s AND w.word !~ '^[0-9]' ORDER BY w.ndoc DESC, w.word",
            [query, rule.least],
        )
        rows = cursor.fetchall()
    share = rule.hours / YEAR_HOURS
    found = []
    for word, count, texts in rows:
        usual = max(0, texts - count) * share
        # The word must be rare as such, and most of its texts must lie in the window.
        if texts - count <= rule.least and count >= rule.ratio * max(usual, 0.5):
            found.append((word, count, usual))
    return found[:MOST]


def _cases_with(word: str, since: datetime, now: datetime) -> list[int]:
    found = Statement.objects.filter(case__accepted_at__gt=since, case__accepted_at__lte=now)
    wanted = SearchQuery(query_of([word]), config="simple", search_type="raw")
    # The index (entry_words) finds pairs of characters too; only the words as they were cut decide.
    return list(found.filter(case__entry__words=wanted, words=wanted).values_list("case_id", flat=True))
