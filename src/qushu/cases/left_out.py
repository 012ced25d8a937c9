"""剔除: the measures of assessment that a case may be left out of, by code."""

EVERY_MEASURE = "全部指标"

MEASURES: dict[str, str] = {}
"""Code → name. The room that assesses puts in its own when Django starts; "" stands for all of them."""


def choices() -> list[tuple[str, str]]:
    """What a person who asks may choose from."""
    return [("", EVERY_MEASURE), *MEASURES.items()]


def measure_name(code: str) -> str:
    """What is left out of, in words."""
    return MEASURES.get(code, code) if code else EVERY_MEASURE
