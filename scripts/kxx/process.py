# SPDX-License-Identifier: GPL-2.0
"""Functions that all programs share: options, exit status, signals, progress, child processes"""

import argparse
import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path


TOP = Path(__file__).resolve().parents[2]
SCRIPTS = TOP / "scripts"
SIGNALS = signal.SIGINT, signal.SIGTERM, signal.SIGHUP

# modinfo, depmod, dkms, mkfs and others are in /sbin, which is not in an ordinary user's PATH.
os.environ["PATH"] += ":/usr/sbin:/sbin"


class Failure(Exception):
    """An error: a line for the user, lines that explain it, and the exit status"""

    def __init__(self, line, details=(), status=1, log=None):
        super().__init__(line + (f" (all of it: {log})" if log else ""))
        self.details = list(details)
        if log:
            self.details += ["...", *log.read_text(errors="replace").splitlines()[-25:]]
        self.status = status


class Stopped(BaseException):
    """Raised by a signal that terminates the program"""


def say(text, end="\n"):
    print(text, end=end, file=sys.stderr, flush=True)


def stop(number, _):
    raise Stopped(number)


def parser_of(doc):
    """Makes the option parser of a program; @doc is the program's docstring"""
    return argparse.ArgumentParser(description=doc, allow_abbrev=False,
                                   formatter_class=argparse.RawDescriptionHelpFormatter)


def main(program, body, quiet=False):
    """Runs @body and exits with the status that it returns; on Failure prints the error and exits"""
    for number in SIGNALS:
        signal.signal(number, stop)
    try:
        sys.exit(body())
    except Failure as failure:
        for line in failure.details:
            say("  | " + line)
        say(f"{program}: {failure}")
        sys.exit(failure.status)
    except Stopped as stopped:
        if not quiet:
            say(f"\n{program}: interrupted")
        # Die by the signal, so that a calling shell or make sees it.
        signal.signal(stopped.args[0], signal.SIG_DFL)
        os.kill(os.getpid(), stopped.args[0])


class Progress:
    """Shows progress on stderr: one line that is rewritten on a terminal, otherwise a line every 30 seconds"""

    INTERVAL = 30

    def __init__(self, name):
        self.name = name
        self.tty = sys.stderr.isatty()
        self.stage = None
        self.started = self.printed = 0

    def show(self, stage, detail=""):
        now = time.monotonic()
        if stage != self.stage:
            self.done()
            self.stage, self.started, self.printed = stage, now, -self.INTERVAL
        elapsed = f"{now - self.started:.0f} s" if now - self.started >= 1 else ""
        text = f"{self.name}: " + ", ".join(filter(None, [stage, detail, elapsed]))
        if self.tty:
            print(f"\r{text}\033[K", end="", file=sys.stderr, flush=True)
        elif now - self.printed >= self.INTERVAL:
            print(text, file=sys.stderr, flush=True)
            self.printed = now

    def done(self):
        if self.tty and self.stage:
            print(file=sys.stderr)
        self.stage = None


def end_group(*processes, patience=5):
    """Terminates @processes and their process groups, and kills those that have not exited after @patience seconds"""
    # Keep signals for later: another ^C would leave processes running.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    for number, patience in (signal.SIGTERM, patience), (signal.SIGKILL, 1):
        deadline = time.monotonic() + patience
        # Each group gets the signal at once, and only once: a test that gets SIGTERM again may stop cleaning up.
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                while time.monotonic() < deadline:
                    process.poll()
                    os.killpg(process.pid, 0)
                    time.sleep(0.05)
    for process in processes:
        process.wait()
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def run(command, log, watch, **options):
    """Runs @command with its output in @log; calls @watch meanwhile, to show progress"""
    with open(log, "ab") as output:
        # In a process group of its own, end_group() reaches all children of a make.
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, process_group=0, **options)
        try:
            while True:
                watch()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    if process.wait(0.3):
                        raise Failure(f"'{' '.join(map(str, command[:4]))} ...' failed", log=log)
                    return
        except BaseException:
            end_group(process)
            raise


def output_of(*command, env=None):
    return subprocess.run(command, env=(env or os.environ) | {"LC_ALL": "C"},
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True).stdout


def kernel_folder(name):
    """Returns the folder of a test kernel; makes it first if it is missing, and shows progress"""
    making = subprocess.Popen([SCRIPTS / "kernel", name], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, text=True)
    try:
        folder = making.communicate()[0].strip()
    except BaseException:
        # SIGTERM lets scripts/kernel remove what is half-made.
        making.terminate()
        making.wait()
        raise
    if making.returncode:
        raise Failure(f"no kernel {name}")
    return Path(folder)


def cache_folder():
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache).absolute() / "kxx"


@contextlib.contextmanager
def locked(folder, waiting):
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(waiting, file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
