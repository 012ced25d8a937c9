"""Settings fit the machine, keep acknowledged work, and keep citizens out of the log."""

from pathlib import Path

import pytest

from qushu.kernel.postgres_tuning import MIB, as_text, settings_for

GIB = 1024 * MIB


@pytest.mark.parametrize(
    ("memory", "buffers"), [(256 * MIB, "128MB"), (2 * GIB, "512MB"), (8 * GIB, "2048MB"), (24 * GIB, "2048MB")]
)
def test_a_quarter_of_the_memory_is_cached_up_to_two_gibibytes(memory: int, buffers: str) -> None:
    assert settings_for(memory, 2, GIB, Path("/s"))["shared_buffers"] == buffers


def test_a_container_with_little_shared_memory_gets_files_instead() -> None:
    assert settings_for(GIB, 2, 64 * MIB, Path("/s"))["dynamic_shared_memory_type"] == "mmap"
    assert settings_for(GIB, 2, GIB, Path("/s"))["dynamic_shared_memory_type"] == "posix"


def test_one_core_runs_no_query_in_parallel() -> None:
    assert settings_for(GIB, 1, GIB, Path("/s"))["max_parallel_workers_per_gather"] == "0"


def test_commits_wait_for_the_disk_and_statements_stay_out_of_the_log() -> None:
    settings = settings_for(GIB, 2, GIB, Path("/s"))
    assert settings["synchronous_commit"] == "on"
    assert "fsync" not in settings
    assert settings["log_min_error_statement"] == "panic"
    assert settings["log_parameter_max_length"] == "0"


def test_a_quote_in_a_path_cannot_end_the_value() -> None:
    assert "unix_socket_directories = '/it''s'" in as_text({"unix_socket_directories": "/it's"})
