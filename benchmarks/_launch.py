"""Runs one command and writes what it used, in a process of its own.

A process inherits the peak memory of the one that starts it, so the starter has to be small: this file is run by a
bare interpreter (``python -I -S _launch.py RESULT ANSWERS OUTPUT COMMAND...``) and imports next to nothing.
"""

import os
import resource
import sys
import time

UNLIMITED = resource.RLIM_INFINITY


def _become(answers: str, output: str, command: "list[str]") -> None:
    hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
    resource.setrlimit(resource.RLIMIT_STACK, (hard, hard))  # the original keeps large grids on the stack
    os.dup2(os.open(answers, os.O_RDONLY), 0)
    log = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.execvp(command[0], command)


def main() -> None:
    result, answers, output, *command = sys.argv[1:]
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            _become(answers, output, command)
        finally:
            os._exit(127)
    _, status, usage = os.wait4(child, 0)
    wall = time.monotonic() - start
    numbers = (os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss)
    with open(result, "w") as out:  # noqa: PTH123
        out.write(" ".join(repr(n) for n in numbers))


main()
