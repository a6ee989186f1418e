"""Holds what `fleet` and its questions find in generated checkouts against what was planted: `fleet PROGRAM FOLDER COUNT [--large COUNT]`.

DuckDB and Spark are asked the same questions in the same words, and must give the same rows.
"""

import collections
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import time
from functools import partial

import duckdb
import sqlglot
from checkouts import Fleet, size

PROGRAM, ROOT, COUNT = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), int(sys.argv[3])
LARGE = int(sys.argv[5]) if sys.argv[4:5] == ["--large"] else 0
QUESTIONS = pathlib.Path(__file__).resolve().parent.parent / "fleet"
ENGINES = {"duckdb.sql", "spark.sql", "trino.sql"}
KEY = "a key that is of no fleet"


def tell(what, seconds, more=""):
    print(f"{seconds:8.2f} s  {what}{more}", flush=True)


def used():
    """What the children took of the cores, in seconds."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def timed(what, call, more=lambda _: ""):
    started = time.monotonic()
    result = call()
    tell(what, time.monotonic() - started, more(result))
    return result


def questions():
    return {path.stem: path.read_text() for path in sorted(QUESTIONS.glob("*.sql")) if path.name not in ENGINES}


def statements(text):
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return [statement for statement in lines.split(";") if statement.strip()]


def survey(checkouts, facts, snapshot, count):
    command = [PROGRAM, "fleet", checkouts, "--output", facts, "--snapshot", snapshot]
    environment = {**os.environ, "COMMERCE_LINT_FLEET_KEY": KEY}
    started, before = time.monotonic(), used()
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    seconds = time.monotonic() - started
    assert done.returncode == 3 and not done.stderr, (done.returncode, done.stderr[-2000:])
    assert done.stdout.startswith(f"{count} repositories, "), done.stdout
    core = (used() - before) * 1000 / count
    tell(f"fleet, snapshot {snapshot}", seconds, f": {count * 60 / seconds:,.0f} repositories a minute, {core:.1f} ms of a core each")


class DuckDb:
    name = "DuckDB"

    def __init__(self, facts):
        os.chdir(facts)
        self.connection = duckdb.connect()
        for statement in statements((facts / "duckdb.sql").read_text()):
            self.connection.execute(statement)

    def ask(self, text):
        cursor = self.connection.execute(statements(text)[0])
        return [column[0] for column in cursor.description], cursor.fetchall()


class Spark:
    name = "Spark"

    def __init__(self, facts):
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        builder = builder.config("spark.sql.shuffle.partitions", "4").config("spark.driver.memory", "4g")
        builder = builder.config("spark.driver.host", "localhost").config("spark.driver.bindAddress", "127.0.0.1")
        self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("ERROR")
        # Who starts Spark in the folder needs no more than its name; a session that is there stays where it was started.
        for statement in statements((facts / "spark.sql").read_text()):
            self.session.sql(statement.replace("(path '", f"(path '{facts}/"))

    def ask(self, text):
        frame = self.session.sql(statements(text)[0])
        return frame.columns, [tuple(row) for row in frame.collect()]


def answers(engine):
    found = {}
    for name, text in questions().items():
        columns, rows = timed(f"{engine.name}: {name}", partial(engine.ask, text), lambda found: f": {len(found[1])} rows")
        found[name] = (columns, rows)
    return found


def plain(rows):
    return sorted(tuple("" if value is None else str(value) for value in row) for row in rows)


def rows(found, name, *columns):
    names, all_rows = found[name]
    return [tuple(row[names.index(column)] for column in columns) for row in all_rows]


def groups(pairs):
    """What is told a row each, put together by what stands first."""
    found = {}
    for group, *rest in pairs:
        found.setdefault(group, set()).add(tuple(rest) if len(rest) > 1 else rest[0])
    return found


def hold(what, found, planted):
    """All that was planted is found, and nothing else."""
    found, planted = dict(found) if isinstance(found, dict) else found, planted
    if found != planted:
        missed = [one for one in planted if one not in found][:5]
        wrong = [one for one in found if one not in planted][:5]
        sys.exit(f"{what}: {len(found)} found, {len(planted)} planted; missed {missed}, wrong {wrong}")
    print(f"          {what}: all {len(planted)} planted, nothing else")


def judge(found, fleet):
    shared = groups(rows(found, "shared-data-spaces", "data_space", "repo", "kind"))
    hold("shared data spaces", shared, dict(fleet.shared))
    competing = rows(found, "competing-key-pairs", "owner", "slot", "half", "repo")
    competing = groups(((owner, slot, half), repo) for owner, slot, half, repo in competing)
    hold("competing key pairs", competing, dict(fleet.competing))
    keys = groups(rows(found, "one-key-in-many-repositories", "fingerprint", "repo")).values()
    hold("keys of many", sorted(map(sorted, keys)), sorted(map(sorted, fleet.keys)))
    changed = rows(found, "changed-production", "repo", "data_space_before", "data_space")
    hold("changed productions", {repo: (before, now) for repo, before, now in changed}, fleet.changed)
    states = {"partial": "partial", "failed": "failed", "empty": "failed"}
    unread = {name: states[state] for name, state in fleet.unread.items()}
    unread |= {name: "gone" for name in fleet.gone}
    hold("not read whole", dict(rows(found, "not-read-whole", "repo", "state")), unread)
    rules = rows(found, "rules-by-team", "team", "rule", "open_findings")
    plaintext = {team: count for team, rule, count in rules if rule == "plaintext-private-key"}
    hold("keys in plaintext by team", plaintext, dict(fleet.plaintext))


def lines_of(facts, table):
    (path,) = facts.joinpath(table).glob("2027-01-02.ndjson")
    with path.open() as lines:
        return [json.loads(line) for line in lines]


def apart(facts, folder):
    """Snapshots in which a repository is missing for a while or for good, and parts that were named under other keys, or under none."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in ENGINES:
        shutil.copy(facts / name, folder)
    empty = {table: dict.fromkeys(lines_of(facts, table)[0]) for table in ("run", "instance", "secret")}
    written = {table: collections.defaultdict(list) for table in ("run", "instance", "setting", "secret", "finding", "storefront")}

    def repo(snapshot, name, space="u1", key="one", api="k1", secret="s1", complete=True):
        own = {"snapshot": snapshot, "repo": name, "team": ""}
        state = "whole" if complete else "failed"
        instances = 1 if complete else 0
        run = {"fact": "run", "key_name": key, "complete": complete, "state": state, "instances": instances, "secrets": instances, "unread": 0}
        written["run"][snapshot].append({**empty["run"], **own, **run})
        if complete:
            instance = {"fact": "instance", "instance": "production", "kind": "production", "same_as": "production", "project": "p"}
            instance |= {"data_space": space, "production_api_key": key and api}
            written["instance"][snapshot].append({**empty["instance"], **own, **instance})
            held = {"fact": "secret", "path": "key.pem", "line": 1, "fingerprint": key and secret}
            written["secret"][snapshot].append({**empty["secret"], **own, **held})

    for snapshot in ("1", "2", "3", "4"):
        for name in ("a", "b"):
            repo(snapshot, name, space=name)
        written["finding"][snapshot] = written["storefront"][snapshot] = written["setting"][snapshot] = []
    # Away for a snapshot, and half read in another: it comes back with another data space. One is gone for good, long ago.
    repo("1", "away", space="before", api="k1")
    repo("3", "away", complete=False)
    repo("4", "away", space="after")
    repo("1", "lost")
    # The same key and another one under two keys of fleets, of which nobody can tell which is which.
    repo("4", "other", space="o", key="two", api="k2", secret="s1")
    repo("4", "third", space="t", key="two", api="k3", secret="s1")
    repo("4", "bare", space="x", key=None)
    for table, snapshots in written.items():
        folder.joinpath(table).mkdir()
        for snapshot, facts_there in snapshots.items():
            text = "".join(json.dumps(fact) + "\n" for fact in facts_there)
            folder.joinpath(table, f"{snapshot}.ndjson").write_text(text)


def judge_apart(what, found):
    changed = rows(found, "changed-production", "repo", "data_space_before", "data_space", "snapshot_before")
    hold(f"{what}: changed while away", changed, [("away", "before", "after", "1")])
    unread = rows(found, "not-read-whole", "repo", "state")
    hold(f"{what}: known in part", sorted(unread), [("bare", "no key"), ("lost", "gone"), ("other", "other key"), ("third", "other key")])
    competing = rows(found, "competing-key-pairs", "repo", "name")
    hold(f"{what}: competing under one key", competing, [("other", "k2"), ("third", "k3")])
    keys = rows(found, "one-key-in-many-repositories", "repo", "repos")
    hold(f"{what}: one key under one key", sorted(keys), [("a", 3), ("away", 3), ("b", 3), ("other", 2), ("third", 2)])


def large(facts, count, times):
    """The same facts under so many other names, as Parquet: how long each question takes then."""
    folder = ROOT / "large"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    os.chdir(facts)
    connection = duckdb.connect()
    for statement in statements((facts / "duckdb.sql").read_text()):
        connection.execute(statement)
    other = {
        "run": "repo || '-' || k AS repo",
        "instance": "repo || '-' || k AS repo, md5(data_space || k) AS data_space, md5(project || k) AS project, "
        "md5(production_api_key || k) AS production_api_key, md5(sandbox_api_key || k) AS sandbox_api_key",
        "secret": "repo || '-' || k AS repo, md5(fingerprint || k) AS fingerprint",
        "finding": "repo || '-' || k AS repo",
    }
    for table, changes in other.items():
        copied = f"SELECT * EXCLUDE (k) REPLACE ({changes}) FROM {table}, range({times}) AS copies(k)"
        copy = f"COPY ({copied}) TO '{folder / table}.parquet' (FORMAT parquet, COMPRESSION zstd)"
        timed(f"{table} of {count * times:,} repositories", partial(connection.execute, copy))
    connection = duckdb.connect()
    for table in other:
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM '{folder / table}.parquet'")
    for name, text in questions().items():
        ask = partial(lambda text: connection.execute(statements(text)[0]).fetchall(), text)
        timed(f"DuckDB, {count * times:,} repositories: {name}", ask, lambda found: f": {len(found)} rows")
    print(f"          {sum(path.stat().st_size for path in folder.iterdir()) / 1e6:,.0f} MB of Parquet without settings")
    shutil.rmtree(folder)


def main():
    for text in questions().values():
        for dialect in ("duckdb", "spark", "trino"):
            sqlglot.parse(text, read=dialect)
    sqlglot.parse((QUESTIONS / "trino.sql").read_text(), read="trino")
    shutil.rmtree(ROOT, ignore_errors=True)
    checkouts, facts = ROOT / "checkouts", ROOT / "facts"
    checkouts.mkdir(parents=True)
    fleet = timed("made up", lambda: Fleet(COUNT, 18))
    timed(f"wrote {COUNT} checkouts", lambda: fleet.write(checkouts))
    survey(checkouts, facts, "2027-01-01", COUNT)
    print(f"          {size(facts) / COUNT:,.0f} bytes of facts a repository, {size(facts) / 1e6:,.1f} MB in all")
    fleet.change(checkouts)
    survey(checkouts, facts, "2027-01-02", COUNT - len(fleet.gone))
    duck = answers(DuckDb(facts))
    judge(duck, fleet)
    documented = subprocess.run("cat duckdb.sql shared-data-spaces.sql | duckdb -csv", shell=True, cwd=facts, capture_output=True, text=True, check=True)
    assert all(space in documented.stdout for space in fleet.shared), documented
    spark = answers(Spark(facts))
    for name, (columns, found) in duck.items():
        others, rows_there = spark[name]
        assert list(columns) == list(others), (name, columns, others)
        assert plain(found) == plain(rows_there), f"{name}: DuckDB and Spark give other rows"
    print("          DuckDB and Spark give the same rows")
    apart(facts, ROOT / "apart")
    for engine in (DuckDb, Spark):
        judge_apart(engine.name, answers(engine(ROOT / "apart")))
    if LARGE:
        large(facts, COUNT, LARGE // COUNT)


main()
