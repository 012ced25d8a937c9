"""Files import each other in no circle, not inside functions either. Which room stands on which, `lint-imports` holds."""

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest


def circle_in(imports: dict[str, set[str]]) -> list[str]:
    """Modules of which each imports the one before it, the first and the last being the same; [] when there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_file_imports_what_imports_it() -> None:
    graph = grimp.build_graph("qushu", cache_dir=None)
    assert len(graph.modules) > 500
    assert circle_in({module: graph.find_modules_directly_imported_by(module) for module in graph.modules}) == []


@pytest.mark.parametrize("imports", [{"a": {"b"}, "b": {"a"}}, {"a": {"b"}, "b": {"c"}, "c": {"a"}}])
def test_a_circle_is_named(imports: dict[str, set[str]]) -> None:
    assert set(circle_in(imports)) == set(imports)
