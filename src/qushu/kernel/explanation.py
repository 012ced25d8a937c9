"""A deadline explains itself, line by line, in the words of the people who live by it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from .calendar import SHANGHAI, WorkCalendar
from .clock_rules import CLOCK_NAMES, ClockRule
from .deadlines import Measure, Shift, deadline, shift_deadline, time_between

_WEEKDAYS = "一二三四五六日"
_LIST_AT_MOST = 2


def explain(
    rule: ClockRule,
    start: datetime,
    due: datetime,
    calendar: WorkCalendar,
    shifts: Sequence[Shift] = (),
    now: datetime | None = None,
) -> list[str]:
    """Why a clock that started at ``start`` is due at ``due`` (aware): Chinese lines, in order of time.

    ``shifts``: what moved the deadline, oldest first. With ``now`` the last line says how much time is left. When the
    calendar or the table changed since, so that the figures no longer give ``due``, a line says so and ``due`` stands.
    """
    computed = deadline(start, rule.amount, rule.measure, calendar)
    lines = [_headline(rule)]
    if rule.source:
        lines.append(f"依据：{rule.source}")
    lines.append(f"从 {full_words(start)} 起算")
    lines += _count_lines(rule.measure, start, computed, calendar)
    if shifts:
        lines.append(f"原到期 {full_words(computed)}")
        for shift in shifts:
            computed, line = _shift_line(computed, shift, rule.measure, calendar)
            lines.append(line)
    if rule.measure != Measure.natural_minutes:
        years = calendar.unknown_years(start, max(computed, due))
        lines += [f"日历缺少 {year} 年，按周一至周五计算" for year in years]
    if computed != due:
        lines.append(f"按现在的日历和规则应为 {full_words(computed)}；计时后有过改动，仍以登记的期限为准")
    lines.append(f"到期 {full_words(due)}")
    if now is not None and not any(shift.kind == "pause" and shift.until is None for shift in shifts):
        lines.append(_rest_line(rule.measure, due, calendar, now))
    return lines


def amount_words(amount: int, measure: Measure) -> str:
    """An amount in words: 2 个工作小时, 24 小时, 5 个工作日."""
    if measure == Measure.working_days:
        return f"{amount} 个工作日"
    work = "个工作" if measure == Measure.working_minutes else ""
    hours, minutes = divmod(amount, 60)
    if not minutes and hours:
        return f"{hours} {work}小时"
    if not hours:
        return f"{minutes} {work}分钟"
    return f"{hours} {work}小时 {minutes} 分钟"


def duration_words(time: timedelta) -> str:
    """A length of time: 1 小时 30 分; seconds only when there are some."""
    seconds = time.days * 86400 + time.seconds
    parts = [(seconds // 3600, "小时"), (seconds // 60 % 60, "分"), (seconds % 60, "秒")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 分"


def full_words(moment: datetime) -> str:
    """A moment on screen: 2024-03-08（周五）16:30."""
    local = moment.astimezone(SHANGHAI)
    return f"{local.date()}（周{_WEEKDAYS[local.weekday()]}）{_clock_words(local)}"


def _headline(rule: ClockRule) -> str:
    title = f"（{rule.title}）" if rule.title else ""
    name = CLOCK_NAMES.get(rule.clock, rule.clock)
    return f"{name} {amount_words(rule.amount, rule.measure)}：规则 {rule.id}{title}"


def _count_lines(measure: Measure, start: datetime, due: datetime, calendar: WorkCalendar) -> Iterator[str]:
    start, due = start.astimezone(SHANGHAI), due.astimezone(SHANGHAI)
    days = [start.date() + timedelta(n) for n in range((due.date() - start.date()).days + 1)]
    if measure == Measure.natural_minutes:
        yield f"连续计 {duration_words(due - start)}，夜间和节假日不扣除"
    elif measure == Measure.working_days:
        yield from _counted_days(days, calendar)
    else:
        yield from _counted_time(days, start, due, calendar)


def _counted_days(days: list[date], calendar: WorkCalendar) -> Iterator[str]:
    if calendar.is_workday(days[0]):
        yield f"{_day_words(days[0], calendar)}当天不计入"
        del days[0]
    for worked, group in groupby(days, calendar.is_workday):
        run = list(group)
        yield f"{_run_words(run, calendar)}计 {len(run)} 个工作日" if worked else _skip_line(run, calendar)


def _counted_time(days: list[date], start: datetime, due: datetime, calendar: WorkCalendar) -> Iterator[str]:
    def kind(day: date) -> tuple[bool, bool]:
        whole = start <= calendar.start_of_workday(day) and calendar.end_of_workday(day) <= due
        return calendar.is_workday(day), whole

    for (worked, whole), group in groupby(days, kind):
        run = list(group)
        if not worked:
            yield _skip_line(run, calendar)
        elif whole and len(run) > 1:
            opens, closes = calendar.start_of_workday(run[0]), calendar.end_of_workday(run[0])
            each = calendar.working_time_between(opens, closes)
            total = duration_words(each * len(run))
            yield f"{_run_words(run, calendar)}每天 {duration_words(each)}，计 {total}"
        else:
            yield from _span_lines(run, start, due, calendar)


def _span_lines(run: list[date], start: datetime, due: datetime, calendar: WorkCalendar) -> Iterator[str]:
    begins = max(start, calendar.start_of_workday(run[0]))
    ends = min(due, calendar.end_of_workday(run[-1]))
    for begin, end in calendar.working_spans(begins, ends):
        day = _day_words(begin.date(), calendar)
        yield f"{day}{_clock_words(begin)}–{_clock_words(end)} 计 {duration_words(end - begin)}"


def _skip_line(run: list[date], calendar: WorkCalendar) -> str:
    names = _names(run, calendar)
    if len(run) <= _LIST_AT_MOST:
        return f"跳过 {_run_words(run, calendar)}"
    return f"跳过 {_stretch(run)}共 {len(run)} 天{f'（{names}）' if names else ''}"


def _run_words(run: list[date], calendar: WorkCalendar) -> str:
    """One or two days are listed, more are a stretch with what is special about it."""
    if len(run) <= _LIST_AT_MOST:
        return "、".join(_day_words(day, calendar) for day in run)
    names = _names(run, calendar)
    return _stretch(run) + (f"（含{names}）" if names else "")


def _stretch(run: list[date]) -> str:
    return f"{_bare_day(run[0])}至 {_bare_day(run[-1])}"


def _names(run: list[date], calendar: WorkCalendar) -> str:
    return "、".join(dict.fromkeys(calendar.names[day] for day in run if day in calendar.names))


def _bare_day(day: date) -> str:
    return f"{day.month} 月 {day.day} 日（周{_WEEKDAYS[day.weekday()]}）"


def _day_words(day: date, calendar: WorkCalendar) -> str:
    name = calendar.names.get(day)
    return f"{_bare_day(day)[:-1]}，{name}）" if name else _bare_day(day)


def _clock_words(moment: datetime) -> str:
    return moment.strftime("%H:%M:%S" if moment.second else "%H:%M")


def _shift_line(due: datetime, shift: Shift, measure: Measure, calendar: WorkCalendar) -> tuple[datetime, str]:
    reason = f"：{shift.reason}" if shift.reason else ""
    if shift.kind == "pause" and shift.until is None:
        return due, f"{full_words(shift.from_)} 起暂停计时，恢复后顺延{reason}"
    after = shift_deadline(due, shift, measure, calendar)
    if shift.kind == "extension":
        amount = "" if shift.until else f" {amount_words(shift.added, shift.added_measure)}"
        return after, f"{full_words(shift.from_)} 批准延期{amount}，延至 {full_words(after)}{reason}"
    passed = duration_words(time_between(shift.from_, shift.until or shift.from_, measure, calendar))
    work = "" if measure == Measure.natural_minutes else "工作时间 "
    stretch = f"{full_words(shift.from_)} 至 {full_words(shift.until or shift.from_)}"
    return after, f"{stretch} 暂停，{work}{passed}不计，顺延至 {full_words(after)}{reason}"


def _rest_line(measure: Measure, due: datetime, calendar: WorkCalendar, now: datetime) -> str:
    left = time_between(now, due, measure, calendar)
    work = "" if measure == Measure.natural_minutes else "工作时间"
    if now > due:
        return f"现已超期{work} {duration_words(-left)}"
    return f"现在还剩{work} {duration_words(left)}"
