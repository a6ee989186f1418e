"""Completes in the shells themselves: each runs on a terminal of its own and is sent words, a tab and a return.

What is run in the end is not the program but a stand-in for it, which tells the words that it was given. The scripts are loaded as the help of `completions` says.
"""

import os
import pty
import re
import select
import shutil
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

SCRIPTS = os.path.abspath(sys.argv[1])

# What is typed before the tab, and the last word that the program is given then.
EVERYWHERE = [
    ("expl", "explain"),
    ("check --exit", "--exit-zero"),
    ("check --output-format sar", "sarif"),
    ("explain shared-d", "shared-data-space"),
]
FILES = [("check depl", "deploy/"), ("check --config deploy/po", "deploy/policy.toml")]
SHELLS = {
    "bash": (
        ["bash", "--norc", "--noprofile", "-i"],
        "source <(cat {})",
        # Nothing is typed where a folder is meant: options stay out of the way.
        [*EVERYWHERE, *FILES, ("check --output-format=sar", "--output-format=sarif"), ("check ", "deploy/")],
    ),
    "zsh": (["zsh", "-f", "-i"], "autoload -U compinit; compinit -u -D; source <(cat {})", [*EVERYWHERE, *FILES]),
    "fish": (["fish", "--no-config", "--interactive"], "cat {} | source", [*EVERYWHERE, *FILES]),
    # Values of options and files are not in what clap_complete writes for elvish.
    "elvish": (["elvish", "-norc"], "eval (cat {} | slurp)", [case for case in EVERYWHERE if case[1] != "sarif"]),
}


class Terminal:
    """A shell on a terminal."""

    def __init__(self, arguments, folder, environment):
        self.child, self.ours = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.execvpe(arguments[0], arguments, environment)

    def seen(self, seconds, until=None):
        """What is shown until a pattern is, or for so long."""
        out = ""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not (until and re.search(until, out)):
            if select.select([self.ours], [], [], left)[0]:
                try:
                    out += os.read(self.ours, 4096).decode(errors="replace")
                except OSError:  # the shell is gone
                    break
        return out

    def send(self, text):
        os.write(self.ours, text.encode())

    def close(self):
        os.close(self.ours)
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, "tree", "deploy"))
        tree, programs = os.path.join(folder, "tree"), os.path.join(folder, "bin")
        open(os.path.join(tree, "deploy", "policy.toml"), "w", encoding="utf-8").close()
        os.mkdir(programs)
        stand_in = os.path.join(programs, "commerce-lint")
        with open(stand_in, "w", encoding="utf-8") as file:
            file.write('#!/bin/sh\nfor last; do :; done\necho "given <$last>"\n')
        os.chmod(stand_in, 0o755)
        environment = {name: value for name, value in os.environ.items() if name not in ("BASH_ENV", "ENV", "PROMPT_COMMAND")}
        environment |= {
            "TERM": "xterm", "LC_ALL": "C.UTF-8", "HOME": folder, "XDG_STATE_HOME": folder, "XDG_DATA_HOME": folder,
            "PATH": programs + os.pathsep + os.environ["PATH"],
        }
        started = {}
        for shell, (arguments, load, cases) in SHELLS.items():
            assert shutil.which(shell), f"there is no {shell}"
            started[shell] = (Terminal(arguments, tree, environment), load, cases)
        with ThreadPoolExecutor() as pool:
            done = [pool.submit(complete, shell, *parts) for shell, parts in started.items()]
            for future in done:
                print(future.result())


def complete(shell, terminal, load, cases):
    """Holds a shell to what it is to complete."""
    terminal.seen(1)
    terminal.send(load.format(os.path.join(SCRIPTS, f"completions.{shell}")) + "; echo loa''ded\r")
    shown = terminal.seen(20, r"[\r\n]loaded")
    assert "loaded" in shown, (shell, shown)
    terminal.seen(0.3)
    for typed, expected in cases:
        terminal.send(f"commerce-lint {typed}\t")
        shown = terminal.seen(0.7)
        terminal.send("\r")
        shown += terminal.seen(10, r"given <[^>]*>")
        given = re.findall(r"given <([^>]*)>", shown)
        # zsh takes a slash away again before the line ends.
        assert [word.rstrip("/") for word in given] == [expected.rstrip("/")], (shell, typed, shown)
        terminal.seen(0.3)
    terminal.close()
    return f"{shell} completes"


main()
