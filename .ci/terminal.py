"""Runs the program on a terminal of its own: progress shows on a long run, is drawn over, goes away, and shows nowhere else.

A run is long where git is slow: a `git` that sleeps first stands before the real one on the path.
"""

import fcntl
import os
import pty
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import termios

PROGRAM = os.path.abspath(sys.argv[1])


def on_terminal(arguments, folder, stop=None, columns=None, **variables):
    """What a terminal at the program's standard error is sent; standard output goes elsewhere.

    Once files are being read, the terminal can become narrower, or a signal stop the run.
    """
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "NO_COLOR", "TERM", "COLUMNS")}
    # What is not read again shows no progress.
    environment |= {"TERM": "xterm", "COMMERCE_LINT_NO_CACHE": "1"} | variables
    child = subprocess.Popen(
        [PROGRAM, *arguments], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs
    )
    os.close(theirs)
    sent = b""
    while True:
        try:
            more = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        sent += more
        if b"files read" in sent and stop:
            child.send_signal(stop)
        elif b"listing" in sent and columns:
            fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 25, columns, 0, 0))
    out = child.stdout.read().decode()
    expected = -stop if stop else 0
    assert child.wait(timeout=60) == expected, (arguments, child.returncode, out, sent)
    os.close(ours)
    return sent.decode(), out


def screen(sent):
    """What a terminal shows in the end of what it was sent."""
    lines = [[]]
    column = 0
    for letter in sent:
        if letter == "\r":
            column = 0
        elif letter == "\n":
            lines.append([])
        else:
            assert letter.isprintable(), repr(letter)
            line = lines[-1]
            line.extend(" " * (column + 1 - len(line)))
            line[column] = letter
            column += 1
    return "\n".join("".join(line).rstrip() for line in lines)


def main():
    with tempfile.TemporaryDirectory() as folder:
        tree, slow, fast = (os.path.join(folder, name) for name in ("tree", "slow", "fast"))
        for path in (tree, slow, fast):
            os.mkdir(path)
        git = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.com", "-C", tree]
        subprocess.run([*git, "init", "--quiet"], check=True)
        for number in range(300):
            with open(os.path.join(tree, f"{number}.yaml"), "w", encoding="utf-8") as file:
                file.write(f"number: {number}\n")
        subprocess.run([*git, "add", "."], check=True)
        subprocess.run([*git, "commit", "--quiet", "--message", "Add files"], check=True)
        shim = os.path.join(slow, "git")
        with open(shim, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\ncase "$*" in *cat-file*) sleep 1 ;; *ls-files*) sleep 1 ;; esac\nexec {shutil.which("git")} "$@"\n')
        os.chmod(shim, os.stat(shim).st_mode | stat.S_IXUSR)
        path = slow + os.pathsep + os.environ["PATH"]

        sent, out = on_terminal(["check", "--staged"], tree, PATH=path)
        assert "\rlisting files" in sent, repr(sent)
        assert "of 300 files read" in sent, repr(sent)
        assert "\n" not in sent and screen(sent) == "", repr(sent)
        assert "no settings" in out and "files read" in out, out

        sent, _ = on_terminal(["check", "--staged"], tree, PATH=path, COLUMNS="20")
        assert all(len(part) < 20 for part in sent.split("\r")), repr(sent)

        sent, _ = on_terminal(["check", "--staged"], tree, columns=20, PATH=path)
        assert all(len(part) < 20 for part in sent.split("\r")[2:]), repr(sent)
        assert screen(sent) == "", repr(sent)

        for stop in (signal.SIGINT, signal.SIGTERM):
            sent, out = on_terminal(["check", "--staged"], tree, stop=stop, PATH=path)
            assert "files read" in sent and screen(sent) == "" and out == "", (sent, out)

        for arguments, variables in (
            (["check", "--staged", "--no-progress"], {}),
            (["check", "--staged"], {"COMMERCE_LINT_NO_PROGRESS": "1"}),
            (["check", "--staged"], {"CI": "true"}),
            (["check", "--staged"], {"TERM": "dumb"}),
        ):
            sent, _ = on_terminal(arguments, tree, PATH=path, **variables)
            assert sent == "", (arguments, variables, sent)
        # A short run shows nothing.
        sent, _ = on_terminal(["check", "--no-config"], fast)
        assert sent == "", repr(sent)
        # A pipe is no terminal.
        environment = os.environ | {"PATH": path, "COMMERCE_LINT_NO_CACHE": "1"}
        piped = subprocess.run(
            [PROGRAM, "check", "--staged"], cwd=tree, env=environment, capture_output=True, text=True, timeout=60, check=True
        )
        assert piped.stderr == "", piped.stderr


main()
