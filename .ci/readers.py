"""Draws texts of several formats with what others' readers give for them: `readers.py COUNT SEED DIR` writes one table a format."""

import io
import json
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import tomllib

import dotenv
import hcl2
import yaml

COUNT, SEED, FOLDER = int(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
draw = random.Random(SEED)
WORDS = ["a", "b c", "u-1", "0f3c2a51", "x=y", "#", "a#b", "a #b", "é", "1.50", "true", "null", "", " ", "a,b", "k: v", "- x", "[a]", "{b}", "a/b", "@", "%", "~", "C:\\x", "it's", 'say "a"', "&", "*", "|", "!"]


def words(most=4, without=""):
    text = "".join(draw.choice(WORDS) for _ in range(draw.randint(1, most)))
    return "".join(letter for letter in text if letter not in without)


def case(name, text, *given):
    return {"name": name, "text": text, "given": list(given)}


# What both libraries of dotenv files give is so; where they differ, either.
def dotenvs(count):
    def value():
        kind = draw.random()
        if kind < 0.3:
            return words(3, "'\"`\n\\")
        if kind < 0.5:
            return f"'{words(4, chr(39))}'"
        if kind < 0.75:
            text = words(4, '"').replace("\\", draw.choice(["\\\\", "\\n", ""]))
            return '"' + text + draw.choice(["", "", "\nnext", " end"]) + '"'
        return draw.choice(["", "''", '""', "a'b", 'a"b', "'a'b", "a  ", "  a", "$A", "${A}", "\\$A", "a\\nb", "a\tb", "'a' # c", '"a" # c', "a # 'c'", "#a", " #a"])

    drawn = []
    for _ in range(count):
        lines = []
        for name in "ABCD"[: draw.randint(1, 4)]:
            sign = draw.choice(["=", "=", "=", " = ", "= ", " ="])
            lines.append(f"{draw.choice(['', '', 'export ', '  '])}{name}{sign}{value()}")
            lines.extend(draw.choice([[], [], [""], ["# a comment", ""], ["#X=y"]]))
        drawn.append("\n".join(lines) + draw.choice(["\n", "\n", ""]))
    script = "const d = require('dotenv'); console.log(JSON.stringify(JSON.parse(require('fs').readFileSync(0, 'utf8')).map(t => d.parse(t))))"
    ran = subprocess.run(["node", "-e", script], input=json.dumps(drawn), capture_output=True, text=True, check=True)
    for text, other in zip(drawn, json.loads(ran.stdout)):
        mine = dotenv.dotenv_values(stream=io.StringIO(text), interpolate=False)
        if None not in mine.values():
            yield case("a.env", text, dict(mine), other)


# Bash itself says which words a command has. Nothing that is drawn starts a program.
def scripts(count):
    pieces = ["a", "b-c", "'x y'", '"x y"', "'it'\\''s'", '"a\\"b"', '"a\\nb"', "a\\ b", "\\\\", "'\\n'", '"$A"', "${A}", "$A", '"${A}"', '"${Z:-d e}"', "${Z:-d}", '"${A:-d}"', '"${A:+y}"', "$'a\\tb'", "''", '""',
              "=", ":", "/", "#b", '"#"', "a\\\nb", '"a\\\nb"', "{", "}", ",", "é", "%s", "'$A'", '"\\$A"', "\\$A", "\"'\"", "1", '"$B"', "${B}", "--x=", '"$"', "\\'", '\\"', "\\#"]  # fmt: skip
    drawn = []
    for _ in range(count):
        values = ["x", "'y z'", '"w"', "''", "a\\ b", "'*'"]
        before = "".join(f"{name}={draw.choice(values)}\n" for name in "AB" if draw.random() < 0.8)
        command = " ".join("".join(draw.choice(pieces) for _ in range(draw.randint(1, 4))) for _ in range(draw.randint(1, 4)))
        drawn.append(f"{before}f {command}{draw.choice(['', '', ' # c', ' ; :', ' && :', ' > /dev/null'])}\n")
    with tempfile.TemporaryDirectory() as folder:
        for text in drawn:
            # Into a stream of its own, whatever the command does with its output.
            script = "exec 9>&1\nf() { printf '%s\\0' f \"$@\" >&9; }\n" + text
            ran = subprocess.run([shutil.which("bash"), "--noprofile", "--norc", "-f", "-c", script], cwd=folder, env={"PATH": "/nowhere", "LC_ALL": "C.UTF-8"}, capture_output=True, timeout=10)
            if ran.returncode == 0 and not ran.stderr:
                yield case("a.sh", text, ran.stdout.decode().split("\0")[:-1])


def yamls(count):
    def scalar(depth):
        kind = draw.random()
        if kind < 0.3:
            return draw.choice(["a", "b c", "1.50", "true", "null", "~", "a#b", "x-y", "a:b", "-1", "'", '"x" y', "0x1F", "2026-01-01", "é", "a, b"])
        if kind < 0.5:
            return "'" + words(3).replace("'", "''") + "'"
        if kind < 0.7:
            return json.dumps(words(3), ensure_ascii=draw.random() < 0.5)
        pad = "  " * (depth + 1)
        mark = draw.choice(["|", "|-", "|+", ">", ">-", ">+", "|2" if depth == 0 else "|"])
        lines = [draw.choice(["a", "b c", "  more", "", "# no comment", "k: v", "- x", "\tt"]) for _ in range(draw.randint(1, 4))]
        lines[0] = "first"
        return mark + draw.choice(["", " # c"]) + "\n" + "\n".join(pad + line if line else "" for line in lines)

    def flow(depth):
        kind = draw.random()
        if kind < 0.4 or depth > 2:
            return draw.choice(["a", "'b, c'", '"d"', "1", "x: y" if depth else "a", ""]) or "z"
        if kind < 0.7:
            return "[" + ", ".join(flow(depth + 1) for _ in range(draw.randint(0, 3))) + draw.choice(["", ","]) + "]" if draw.random() < 0.9 else "[]"
        return "{" + ", ".join(f"k{n}: {flow(depth + 1)}" for n in range(draw.randint(0, 3))) + "}"

    def block(depth):
        pad = "  " * depth
        out = ""
        if draw.random() < 0.7:
            for number in range(draw.randint(1, 4)):
                key = draw.choice([f"k{number}", f'"k {number}"', f"'k{number}'"])
                out += f"{pad}{key}:{tail(depth)}"
        else:
            for _ in range(draw.randint(1, 3)):
                out += f"{pad}-{tail(depth)}"
        return out

    def tail(depth):
        kind = draw.random()
        if kind < 0.25 and depth < 3:
            return draw.choice(["", " # c", " &x" if draw.random() < 0.3 else ""]) + "\n" + block(depth + 1)
        if kind < 0.35:
            return draw.choice(["\n", " *x\n", "  # nothing\n"])
        if kind < 0.5:
            return f" {flow(0)}\n"
        return f" {scalar(depth)}{draw.choice(['', '', ' # c'])}\n".replace("\n # c\n", "\n")

    def plain(node):
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag.endswith(":null") and node.style is None else node.value
        if isinstance(node, yaml.SequenceNode):
            return [plain(item) for item in node.value]
        return {key.value: plain(value) for key, value in node.value}

    for _ in range(count):
        text = draw.choice(["", "---\n", "# c\n"]) + block(0)
        if draw.random() < 0.3:
            at = draw.randint(0, len(text))
            text = text[:at] + draw.choice(["\n", "  ", "'", '"', ": ", "#", "- ", "]", "\t"]) + text[at:]
        try:
            yield case("a.yaml", text, plain(yaml.compose(text, Loader=yaml.SafeLoader)))
        except (yaml.YAMLError, AttributeError, RecursionError, TypeError, ValueError):
            continue


def tomls(count):
    def value(depth):
        kind = draw.random()
        if kind < 0.3:
            return json.dumps(words(3, "\x7f"))
        if kind < 0.5:
            return "'" + words(3, "'") + "'"
        if kind < 0.6:
            return '"""' + draw.choice(["\n", ""]) + words(3, '"\\') + draw.choice(["\\\n  x", "\nx", ""]) + '"""'
        if kind < 0.7:
            return "'''" + draw.choice(["\n", ""]) + words(3, "'") + "\ny'''"
        if kind < 0.8 or depth > 2:
            return draw.choice(["1", "-2", "true", "false"])
        if kind < 0.9:
            return "[" + ", ".join(value(depth + 1) for _ in range(draw.randint(0, 3))) + "]"
        return "{ " + ", ".join(f"{name} = {value(3)}" for name in ("a", "b")) + " }"

    def text_of(node):
        if isinstance(node, dict):
            return {key: text_of(value) for key, value in node.items()}
        if isinstance(node, list):
            return [text_of(item) for item in node]
        return str(node).lower() if isinstance(node, bool) else str(node)

    for _ in range(count):
        names = [draw.choice(["a{}", "b{}", '"c d{}"', "e.f{}", "'g{}'"]).format(number) for number in range(draw.randint(1, 4))]
        lines = [f"{name} = {value(0)}{draw.choice(['', ' # c'])}" for name in names]
        lines += draw.choice([[], ["[t]", f"x = {value(0)}"], ["[[t]]", f"x = {value(0)}", "[[t]]", "y = 1"], ["[t.u]", f"x = {value(0)}"]])
        text = "\n".join(lines) + "\n"
        if draw.random() < 0.2:
            at = draw.randint(0, len(text))
            text = text[:at] + draw.choice(["\n", "'", '"', "=", "#", "]", "\\"]) + text[at:]
        try:
            yield case("a.toml", text, text_of(tomllib.loads(text)))
        except tomllib.TOMLDecodeError:
            continue


# SQLite knows no escapes in strings, MySQL does: of those it says nothing.
def sqls(count):
    base = sqlite3.connect(":memory:")
    for _ in range(count):
        parts = []
        for _ in range(draw.randint(1, 2)):
            parts.append(draw.choice([lambda: "'" + words(4, "\\").replace("'", "''") + "'", lambda: "X'" + words(3).encode().hex() + "'", lambda: str(draw.randint(0, 99)), lambda: "NULL"])())
        literal = parts[0] if draw.random() < 0.8 else f"CAST({parts[0]} AS CHAR)"
        literal = draw.choice(["", " ", "/* c */ "]) + literal + draw.choice(["", " ", " -- c\n", " /* ' */"])
        (value,) = base.execute(f"SELECT CAST({literal} AS TEXT)".replace("-- c\n", "-- c\n ")).fetchone()
        columns = {"config_id": "1", "scope": "default", "scope_id": "0", "path": "a/b/c"}
        text = f"INSERT INTO core_config_data VALUES (1,'default',0,'a/b/c',{literal});\n"
        yield case("a.sql", text, [{"insert": [columns | {"value": value}]}])


def jsons(count):
    def value(depth):
        kind = draw.random()
        if kind < 0.5 or depth > 3:
            return words(4)
        if kind < 0.6:
            return draw.choice([1, -2, True, False, None])
        if kind < 0.8:
            return [value(depth + 1) for _ in range(draw.randint(0, 3))]
        return {words(1) + str(number): value(depth + 1) for number in range(draw.randint(0, 3))}

    def text_of(node):
        if isinstance(node, dict):
            return {key: text_of(item) for key, item in node.items()}
        if isinstance(node, list):
            return [text_of(item) for item in node]
        return node if node is None or isinstance(node, str) else json.dumps(node)

    for _ in range(count):
        node = {"a": value(0), "b": value(0)}
        text = json.dumps(node, ensure_ascii=draw.random() < 0.5, indent=draw.choice([None, 2, "\t"]))
        yield case("a.json", text, text_of(node))


# A string of HCL is one of JSON but for its interpolations; python-hcl2 says whether the whole is HCL, and gives strings as they are written.
def hcls(count):
    def value(depth):
        kind = draw.random()
        if kind < 0.5 or depth > 2:
            text = words(4)
            written = json.dumps(text, ensure_ascii=draw.random() < 0.5)
            sign = draw.choice(["", "", "$", "%"])
            return (sign + "{" + text if sign else text), ('"' + sign * 2 + "{" + written[1:] if sign else written)
        if kind < 0.6:
            return draw.choice([("1", "1"), ("true", "true"), ("false", "false"), (None, "null")])
        if kind < 0.75 and depth == 0:
            lines = [draw.choice(["a", "b c", "  more", "", 'say "x"', "k: v", "# no comment", "\\n"]) for _ in range(draw.randint(1, 4))]
            if draw.random() < 0.5:
                return "".join(f"{line}\n" for line in lines), "<<EOT\n" + "".join(f"{line}\n" for line in lines) + "EOT"
            lines[0] = "first"
            return "".join(f"{line}\n" for line in lines), "<<-EOT\n" + "".join(f"    {line}\n" if line else "\n" for line in lines) + "    EOT"
        many = [value(depth + 1) for _ in range(draw.randint(0, 3))]
        if kind < 0.87:
            return [one for one, _ in many], "[" + ", ".join(written for _, written in many) + draw.choice(["", ","] if many else [""]) + "]"
        sign = draw.choice([" = ", ": "])
        return {f"k{n}": one for n, (one, _) in enumerate(many)}, "{" + ", ".join(draw.choice(["k{}", '"k{}"']).format(n) + sign + written for n, (_, written) in enumerate(many)) + "}"

    for _ in range(count):
        drawn = {name: value(0) for name in "abcd"[: draw.randint(1, 4)]}
        text = "".join(f"{name} {draw.choice(['=', ' ='])} {written}{'' if 'EOT' in written else draw.choice(['', ' # c', ' // c', ' /* c */'])}\n" for name, (_, written) in drawn.items())
        try:
            hcl2.loads(text)
        except Exception:  # Its parser has errors of its own, and of others.
            continue
        yield case("a.tfvars", text, {name: one for name, (one, _) in drawn.items()})


FOLDER.mkdir(parents=True, exist_ok=True)
for name, make in {"dotenv": dotenvs, "shell": scripts, "yaml": yamls, "toml": tomls, "sql": sqls, "json": jsons, "hcl": hcls}.items():
    cases = list(make(COUNT))
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in cases)
    (FOLDER / f"{name}.json").write_text(f"[\n{lines}\n]\n")
    print(f"{name}: {len(cases)}", file=sys.stderr)
