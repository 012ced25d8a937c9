"""Settings of the embedded PostgreSQL, fitted to the machine it finds."""

import os
from collections.abc import Mapping
from pathlib import Path

MIB = 1024 * 1024
SETTINGS_FILE = "qushu.conf"
LOCAL_FILE = "local.conf"


def memory_bytes() -> int:
    """Memory this process may use: the machine's, or its container's when that is less."""
    physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.exists() and (word := limit.read_text().strip()).isdigit():
        return min(physical, int(word))
    return physical


def settings_for(memory: int, cores: int, shared_memory: int, socket: Path) -> dict[str, str]:
    """Settings for ``memory`` bytes, ``cores`` and ``shared_memory`` bytes of /dev/shm.

    ``synchronous_commit`` stays on: a case the citizen got a receipt for survives kill -9. Statements, parameters and
    error details stay out of the log, for they carry citizens' words and numbers. The write-ahead log isn't compressed:
    this PostgreSQL only knows pglz, which took three times the processor time of writing a page as it is.
    """
    buffers = max(128 * MIB, min(memory // 4, 2048 * MIB))
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(socket),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": f"{buffers // MIB}MB",
        "effective_cache_size": f"{max(memory // 2, 256 * MIB) // MIB}MB",
        "work_mem": "32MB" if memory > 8192 * MIB else "8MB",
        "maintenance_work_mem": f"{max(64 * MIB, min(memory // 16, 512 * MIB)) // MIB}MB",
        "dynamic_shared_memory_type": "posix" if shared_memory >= 512 * MIB else "mmap",
        "max_parallel_workers_per_gather": str(min(2, max(cores - 1, 0))),
        "max_parallel_maintenance_workers": str(min(2, max(cores - 1, 0))),
        "synchronous_commit": "on",
        "min_wal_size": "256MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "Asia/Shanghai",
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "postgres-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_line_prefix": "%m [%p] ",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
    }


def settings_here(socket: Path) -> dict[str, str]:
    """Settings for this machine."""
    shared = Path("/dev/shm")
    room = os.statvfs(shared) if shared.is_dir() else None
    return settings_for(
        memory_bytes(), os.cpu_count() or 1, room.f_bsize * room.f_blocks if room is not None else 0, socket
    )


def as_text(settings: Mapping[str, str]) -> str:
    """The settings as a file PostgreSQL reads."""
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()]
    head = f"# Written by Qushu at every start. Put your own settings into {LOCAL_FILE} beside this file; they win.\n"
    return head + "\n".join(lines) + "\n"
