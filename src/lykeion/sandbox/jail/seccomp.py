"""The filter of system calls: computing, reading what is visible and writing in one's own folder; nothing else.

Everything that is not on the list answers "operation not permitted", so an author reads a PermissionError with a line
instead of a killed process. There is no way to make a process, a socket, a signal or a mount, or to trace anything.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from typing import Final

from lykeion.sandbox.jail import kernel

_ARCHITECTURES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT: Final = 0x40000000
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
_SECOND_ARGUMENT_AT: Final = 24
_SECCOMP_MODE_FILTER: Final = 2
_FCNTL: Final = (72, 25)
_FCNTL_ALLOWED: Final = (0, 1, 2, 3, 1030)  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC; others send signals

# name: (number on x86_64, number on aarch64); None where the machine has no such call
_ALLOWED: Final[dict[str, tuple[int | None, int | None]]] = {
    # reading and writing what is open already
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "pread64": (17, 67),
    "pwrite64": (18, 68), "lseek": (8, 62), "close": (3, 57),
    "close_range": (436, 436), "dup": (32, 23),
    "dup2": (33, None), "dup3": (292, 24), "fsync": (74, 82),
    "fdatasync": (75, 83), "ftruncate": (77, 46),
    "flock": (73, 32), "poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72),
    # files that can be seen: the library, read only, and the own folder
    "open": (2, None), "openat": (257, 56), "stat": (4, None), "fstat": (5, 80), "lstat": (6, None),
    "newfstatat": (262, 79), "statx": (332, 291), "statfs": (137, 43), "fstatfs": (138, 44), "access": (21, None),
    "faccessat": (269, 48), "faccessat2": (439, 439), "readlink": (89, None), "readlinkat": (267, 78),
    "getdents64": (217, 61), "getcwd": (79, 17), "chdir": (80, 49), "mkdir": (83, None), "mkdirat": (258, 34),
    "unlink": (87, None), "unlinkat": (263, 35), "rmdir": (84, None), "rename": (82, None), "renameat": (264, 38),
    "renameat2": (316, 276), "umask": (95, 166),
    # memory and threads of its own
    "mmap": (9, 222), "munmap": (11, 215), "mremap": (25, 216), "mprotect": (10, 226), "madvise": (28, 233),
    "brk": (12, 214), "futex": (202, 98), "set_robust_list": (273, 99), "rseq": (334, 293), "membarrier": (324, 283),
    # time, chance, and facts about itself
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115), "nanosleep": (35, 101),
    "gettimeofday": (96, 169), "time": (201, None), "times": (100, 153), "getrandom": (318, 278),
    "getrusage": (98, 165), "getpid": (39, 172), "gettid": (186, 178),
    "getppid": (110, 173), "getuid": (102, 174), "geteuid": (107, 175),
    "getgid": (104, 176), "getegid": (108, 177), "uname": (63, 160), "sysinfo": (99, 179),
    "sched_yield": (24, 124), "sched_getaffinity": (204, 123),
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "sigaltstack": (131, 132),
    "restart_syscall": (219, 128), "exit": (60, 93), "exit_group": (231, 94),
}  # fmt: skip


def is_known_machine() -> bool:
    """Whether there is a list for this kind of processor."""
    return kernel.machine in _ARCHITECTURES


def apply() -> None:
    """Puts the filter on this process for good. Raises OSError where the kernel has none."""
    program = b"".join(_program())
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1))
    kernel.prctl(
        kernel.PR_SET_SECCOMP, ctypes.c_ulong(_SECCOMP_MODE_FILTER), ctypes.create_string_buffer(header, len(header))
    )


def _program() -> list[bytes]:
    column = 0 if kernel.machine == "x86_64" else 1
    numbers = sorted(number for pair in _ALLOWED.values() if (number := pair[column]) is not None)
    steps = [
        _step(_LOAD, 0, 0, _ARCHITECTURE_AT),
        _step(_JUMP_EQUAL, 1, 0, _ARCHITECTURES[kernel.machine]),
        _step(_RETURN, 0, 0, _KILL),
        _step(_LOAD, 0, 0, _NUMBER_AT),
        _step(_JUMP_AT_LEAST, 0, 1, _X32_BIT),
        _step(_RETURN, 0, 0, _REFUSE),
    ]
    for number in numbers:
        steps += [_step(_JUMP_EQUAL, 0, 1, number), _step(_RETURN, 0, 0, _ALLOW)]
    steps += [_step(_JUMP_EQUAL, 1, 0, _FCNTL[column]), _step(_RETURN, 0, 0, _REFUSE)]
    steps.append(_step(_LOAD, 0, 0, _SECOND_ARGUMENT_AT))
    for command in _FCNTL_ALLOWED:
        steps += [_step(_JUMP_EQUAL, 0, 1, command), _step(_RETURN, 0, 0, _ALLOW)]
    return [*steps, _step(_RETURN, 0, 0, _REFUSE)]


def _step(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
