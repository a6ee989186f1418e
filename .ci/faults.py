"""Makes the system fail under the program, one call at a time, and holds that it never looks clean, panics, or leaves half a file."""

import argparse
import collections
import contextlib
import gzip
import itertools
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import tomllib

PATH = "services_connector/services_id/environment_id"
SPACES = ("0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11", "5a1f6c1e-6d0b-4a57-9a35-2f4f0a9c8d11")

# The calls by which files are found, read and written, and others started; and how each can fail.
ERRORS = {
    "openat": ("ENOENT", "EIO", "EMFILE", "EACCES", "EINTR"),
    "open": ("ENOENT", "EIO", "EMFILE", "EACCES", "EINTR"),
    "read": ("EIO", "EINTR", "EISDIR"),
    "pread64": ("EIO", "EINTR"),
    # ENOENT is the end of a folder that was taken away, for the system's library as well.
    "getdents64": ("EIO", "EINTR"),
    "statx": ("ENOENT", "EIO", "EACCES"),
    "stat": ("ENOENT", "EIO", "EACCES"),
    "lstat": ("ENOENT", "EIO", "EACCES"),
    "fstat": ("EIO",),
    "newfstatat": ("ENOENT", "EIO", "EACCES"),
    "lseek": ("EINVAL", "EIO"),
    "readlink": ("EIO",),
    "write": ("ENOSPC", "EIO", "EINTR", "EPIPE"),
    "writev": ("ENOSPC", "EIO", "EINTR", "EPIPE"),
    "rename": ("ENOSPC", "EIO", "EACCES"),
    "renameat2": ("ENOSPC", "EIO", "EACCES"),
    "linkat": ("ENOSPC", "EPERM"),
    "link": ("ENOSPC", "EPERM"),
    "fsync": ("EIO", "ENOSPC"),
    "mkdir": ("ENOSPC", "EACCES"),
    "clone": ("EAGAIN",),
    "clone3": ("EAGAIN",),
    "vfork": ("EAGAIN",),
    "fork": ("EAGAIN",),
    "execve": ("ENOENT", "EACCES"),
    "pipe2": ("EMFILE",),
    "poll": ("EINTR", "ENOMEM"),
    "wait4": ("ECHILD",),
    "waitid": ("ECHILD",),
}
CALLS = ",".join(f"?{call}" for call in ERRORS)
PATIENCE = 60
failures = []
runs = 0


def expect(holds, what):
    if not holds:
        failures.append(what)
        print(f"FAILED: {what}", file=sys.stderr)


def environment():
    kept = {name: value for name, value in os.environ.items() if not re.match("COMMERCE_LINT_|CI|GITHUB_|GIT_|PRE_COMMIT_", name)}
    names = {"GIT_AUTHOR_NAME": "Tester", "GIT_AUTHOR_EMAIL": "tester@example.invalid", "GIT_COMMITTER_NAME": "Tester", "GIT_COMMITTER_EMAIL": "tester@example.invalid"}
    return kept | names | {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "SOURCE_DATE_EPOCH": "1800000000"}


def write(root, path, text):
    path = root / path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def git(root, *arguments):
    subprocess.run(["git", *arguments], cwd=root, check=True, env=environment(), stdout=subprocess.DEVNULL)


def setting(space):
    return f"{PATH}: {space}\n"


def shared(root):
    for kind in ("prod", "staging"):
        write(root, f"k8s/{kind}/settings.yaml", setting(SPACES[0]))


def dumps(root):
    row = f"INSERT INTO core_config_data VALUES (1,'default',0,'{PATH}','{SPACES[0]}');\n"
    write(root, "prod/dump.sql.gz", gzip.compress(row.encode()))
    write(root, "staging/large.sql", f"-- {'x' * 600_000}\n{row}")


def repository(root):
    write(root, "k8s/prod/settings.yaml", setting(SPACES[1]))
    write(root, "k8s/staging/settings.yaml", setting(SPACES[0]))
    git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "first")
    shared(root)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "second")


def staged(root):
    repository(root)
    write(root, "k8s/uat/settings.yaml", setting(SPACES[0]))
    git(root, "add", "--all")


def policy(root):
    shared(root)
    write(root, "commerce-lint.toml", 'exclude = ["vendor/**"]\n')
    write(root, "base.toml", '[rules]\nblank-override = "error"\n')


def links(root):
    write(root, "env/values.env", f"CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID={SPACES[0]}\n")
    for kind in ("prod", "staging"):
        write(root, f"{kind}/kustomization.yaml", "configMapGenerator:\n- name: shop\n  envs: [../env/values.env]\n")


# What is run on which tree, and the files that it writes.
SCENARIOS = {
    "folder": (shared, ["check", "--output-format", "json"], []),
    "dumps": (dumps, ["check", "--output-format", "json"], []),
    "links": (links, ["check", "--output-format", "json"], []),
    "repository": (repository, ["check", "--output-format", "json"], []),
    "revisions": (repository, ["check", "--from", "HEAD~1", "--to", "HEAD", "--output-format", "json"], []),
    "staged": (staged, ["check", "--staged", "--output-format", "json"], []),
    "history": (repository, ["check", "--history", "--output-format", "json"], []),
    "policy": (policy, ["check", "--policy", "base.toml", "--output-format", "json"], []),
    "reports": (shared, ["check", "--output-format", "json", "--output", "sarif=out.sarif", "--output", "html=out.html"], ["out.sarif", "out.html"]),
    "baseline": (shared, ["baseline"], ["commerce-lint.baseline.toml"]),
    "init": (shared, ["init"], ["commerce-lint.toml"]),
    "facts": (shared, ["facts", "--repo", "a"], []),
}


class Tree:
    """A tree that is as before for every run."""

    def __init__(self, scratch, make):
        self.kept, self.root = scratch / "kept", scratch / "tree"
        shutil.rmtree(self.kept, ignore_errors=True)
        self.kept.mkdir()
        make(self.kept)

    def renew(self):
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.kept, self.root, symlinks=True)


def ran(command, cwd, **more):
    global runs
    runs += 1
    return subprocess.run(command, cwd=cwd, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, **more)


def written(root, names):
    """What stands in the files; a salt is another one each time."""
    read = {name: (root / name).read_text() for name in names if (root / name).exists()}
    return {name: re.sub("[0-9a-f]{16,}", "", text) for name, text in read.items()}


def is_ended(report):
    if report.startswith("#"):
        # Nothing that begins in a file of TOML is left open in it.
        return report.endswith("\n") and isinstance(tomllib.loads(report), dict)
    return report.rstrip().endswith(("}", "</html>"))


def is_told(done):
    # What is not read whole, or cannot be done, says so.
    return done.returncode in (2, 3) or b'"complete":false' in done.stdout.replace(b" ", b"")


def holds(what, done, clean, tree, files, whole):
    # The start of a program, which no program can tell.
    if done.returncode == 127 and b"error while loading shared libraries" in done.stderr:
        return
    expect(done.returncode in (0, 1, 2, 3), f"{what}: ends with {done.returncode}: {done.stderr[-300:]!r}")
    for word in (b"internal error", b"panicked"):
        expect(word not in done.stderr + done.stdout, f"{what}: {done.stderr[-300:]!r}")
    is_same = (done.returncode, done.stdout) == (clean.returncode, clean.stdout)
    expect(is_same or is_told(done), f"{what}: ends with {done.returncode} and says {done.stdout[-300:]!r} {done.stderr[-200:]!r}")
    left = written(tree.root, files)
    for name in files:
        is_whole = left.get(name) in (None, whole[name]) or is_told(done) and is_ended(left[name])
        expect(is_whole, f"{what}: {name} is half written")
        expect(done.returncode >= 2 or name in left, f"{what}: {name} is not there, and nobody is told")


def traced(program, arguments, tree, log):
    """How often each call is made by one of the threads and processes at most."""
    tree.renew()
    ran(["strace", "-f", "-qq", "-o", log, "-e", f"trace={CALLS}", program, *arguments], tree.root)
    counts = collections.Counter()
    for line in log.read_text(errors="replace").splitlines():
        match = re.match(r"(\d+)\s+(?:<\.\.\. )?(\w+)(?: resumed|\()", line)
        if match and "resumed" not in line:
            counts[match[1], match[2]] += 1
    most = collections.Counter()
    for (_, call), count in counts.items():
        most[call] = max(most[call], count)
    return most


def can_trace(scratch):
    # Some systems let nobody trace, whoever asks.
    done = subprocess.run(["strace", "-f", "-qq", "-o", scratch / "log", "-e", "trace=execve", "true"], stderr=subprocess.DEVNULL)
    return done.returncode == 0 and "execve" in (scratch / "log").read_text(errors="replace")


def faults(program, scratch, is_all):
    if not can_trace(scratch):
        # What was not tried did not hold.
        expect(False, "faults: this system lets nobody trace, so that its calls were not made to fail: allow ptrace here (CAP_SYS_PTRACE in a container)")
        return
    errors = {call: itertools.cycle(names) for call, names in ERRORS.items()}
    for name, (make, arguments, files) in SCENARIOS.items():
        tree = Tree(scratch, make)
        tree.renew()
        clean = ran([program, *arguments], tree.root)
        whole = written(tree.root, files)
        expect(clean.returncode in (0, 1) and set(whole) == set(files), f"{name}: is sound: {clean}")
        calls = traced(program, arguments, tree, scratch / "log")
        expect(calls["openat"] > 5 and calls["read"] > 5, f"{name}: is traced: {calls}")
        for call, count in sorted(calls.items()):
            for number in range(1, min(count, 60) + 1):
                for error in ERRORS[call] if is_all else [next(errors[call])]:
                    tree.renew()
                    inject = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={number}"]
                    what = f"{name}: {call} {number} fails with {error}"
                    try:
                        done = ran([*inject, program, *arguments], tree.root)
                    except subprocess.TimeoutExpired:
                        expect(False, f"{what}: still runs after {PATIENCE} s")
                        continue
                    # The start of the program itself, which no program can tell.
                    if (call, number) == ("execve", 1):
                        continue
                    holds(what, done, clean, tree, files, whole)


def limits(program, scratch):
    """Few files, threads, bytes; and as nobody, who has no privileges."""

    def under(kind, value, is_nobody=False):
        def lower():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(kind, (value, value))
            if is_nobody and os.getuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)

        return lower

    for name in ("folder", "repository", "staged", "reports"):
        make, arguments, files = SCENARIOS[name]
        tree = Tree(scratch, make)
        tree.renew()
        clean = ran([program, *arguments], tree.root)
        whole = written(tree.root, files)
        for count in range(3, 24):
            tree.renew()
            done = ran([program, *arguments], tree.root, preexec_fn=under(resource.RLIMIT_NOFILE, count))
            holds(f"{name}: {count} files at once", done, clean, tree, files, whole)
        for size in (0, 1, 100, 5000):
            tree.renew()
            done = ran([program, *arguments], tree.root, preexec_fn=under(resource.RLIMIT_FSIZE, size))
            expect(done.returncode != -signal.SIGXFSZ or files, f"{name}: files of {size} bytes: {done}")
            if done.returncode >= 0:
                holds(f"{name}: files of {size} bytes", done, clean, tree, files, whole)
    tree = Tree(scratch, shared)
    tree.renew()
    clean = ran([program, "check", "--output-format", "json"], tree.root)
    for threads in (0, 1, 2, 4):
        done = ran([program, "check", "--output-format", "json"], tree.root, preexec_fn=under(resource.RLIMIT_NPROC, threads, True))
        holds(f"{threads} threads at once", done, clean, tree, [], {})
    for megabytes in (8, 16, 32, 64, 128):
        done = ran([program, "check", "--output-format", "json"], tree.root, preexec_fn=under(resource.RLIMIT_AS, megabytes << 20))
        # Who has no memory left is ended, and says nothing.
        expect(done.returncode < 0 and not done.stdout or done.returncode in (2, 3, 127) or (done.returncode, done.stdout) == (clean.returncode, clean.stdout), f"{megabytes} MB: {done}")


def streams(program, scratch):
    """Outputs that are full, closed, or left; and signals."""
    tree = Tree(scratch, shared)
    tree.renew()
    for stream in ("1", "2"):
        for to in (f"{stream}>/dev/full", f"{stream}>&-"):
            done = ran(["sh", "-c", f'"$0" check --output-format json {to}', program], tree.root)
            expect(done.returncode in (1, 2) and b"panicked" not in done.stderr, f"{to}: {done}")
    for command in (["check"], ["check", "--output-format", "json"], ["explain", "shared-data-space"], ["rules"], ["man"], ["instances"]):
        done = ran(["bash", "-c", '"$@" | true; exit "${PIPESTATUS[0]}"', "-", program, *command], tree.root)
        expect(done.returncode in (0, 1) and not done.stderr, f"{command} | true: {done}")
    for number in range(400):
        write(tree.root, f"shops/s{number}/prod/a.yaml", setting(SPACES[0]) * 50)
    for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for wait in (0.005, 0.02, 0.05, 0.1, 0.2):
            for name in ("out.sarif", "out.html"):
                (tree.root / name).unlink(missing_ok=True)
            command = [program, "check", "--threads", "1", "--output", "sarif=out.sarif", "--output", "html=out.html"]
            child = subprocess.Popen(command, cwd=tree.root, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            time.sleep(wait)
            child.send_signal(sent)
            out, err = child.communicate(timeout=PATIENCE)
            expect(child.returncode in (-sent, 1), f"{sent} after {wait} s: {child.returncode}")
            expect(b"panicked" not in err and b"no findings" not in out, f"{sent} after {wait} s: {err[-200:]!r}")
            for name in ("out.sarif", "out.html"):
                text = written(tree.root, [name]).get(name)
                expect(text is None or is_ended(text), f"{sent} after {wait} s: {name} is half written")
            odd = {path.name for path in tree.root.iterdir()} - {"k8s", "shops", "out.sarif", "out.html"}
            expect(not odd, f"{sent} after {wait} s: {odd} is left behind")


def same(program, trees):
    """The same bytes on every run, on one thread and on many."""
    for tree in trees:
        for command in (["check", "--output-format", "json"], ["instances", "--output-format", "json", "--explain"]):
            first = ran([program, *command, "--threads", "1", tree], None)
            for threads in ("64", "64"):
                again = ran([program, *command, "--threads", threads, tree], None)
                is_same = (again.returncode, again.stdout, again.stderr) == (first.returncode, first.stdout, first.stderr)
                expect(is_same, f"{tree} is not the same on {threads} threads")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("scratch", type=pathlib.Path)
    parser.add_argument("--all", action="store_true")
    asked = parser.parse_args()
    # The tree is readable for whoever runs without privileges.
    asked.scratch.chmod(0o755)
    took = []
    trees = sorted(path for path in pathlib.Path("fixtures/trees").iterdir() if path.is_dir())
    for name, part in (
        ("faults", lambda: faults(asked.program, asked.scratch, asked.all)),
        ("limits", lambda: limits(asked.program, asked.scratch)),
        ("streams", lambda: streams(asked.program, asked.scratch)),
        ("threads", lambda: same(asked.program, trees[:: 1 if asked.all else 8])),
    ):
        begun = time.monotonic()
        part()
        took.append(f"{name} {time.monotonic() - begun:.0f} s")
    print(f"{runs} runs: {', '.join(took)}")
    sys.exit(1 if failures else 0)


with contextlib.suppress(KeyboardInterrupt):
    main()
