"""Makes a repository that wants to break its reader, and runs every command and every format on it."""

import base64
import gzip
import json
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import sys
import time
import uuid
import xml.etree.ElementTree

PATH = "services_connector/services_id/environment_id"
VARIABLE = "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID"
SHARED = "0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11"
# Somebody waits for the small ones.
IS_SMALL = "--small" in sys.argv
DEEP, LONG, MANY = (20_000, 1 << 20, 500) if IS_SMALL else (100_000, 5 << 20, 5_000)
# Of memory, of the processor's time, and of the clock, by which a busy machine is not held to blame.
MEMORY, SECONDS, PATIENCE = 2 << 30, 60, 600

# What each format is called, how it sets a data space beside something else, and how that something is a text.
FORMATS = {
    "a.yaml": (f"{PATH}: @ID@\nx: FILL\n", '"{}"'),
    "a.json": (f'{{"{PATH}": "@ID@", "x": FILL}}', '"{}"'),
    "env.php": (f"<?php return ['{PATH}' => '@ID@', 'x' => FILL];", "'{}'"),
    "a.toml": (f"\"{PATH}\" = '@ID@'\nx = FILL\n", '"{}"'),
    ".env": (f"{VARIABLE}=@ID@\nX=FILL\n", "'{}'"),
    "dump.sql": (f"INSERT INTO core_config_data VALUES (1,'default',0,'{PATH}','@ID@'),(2,'default',0,'x',FILL);\n", "'{}'"),
    "a.tf": (f'locals {{\n {VARIABLE} = "@ID@"\n x = FILL\n}}\n', '"{}"'),
    "a.xml": (f'<a><env name="{VARIABLE}" value="@ID@"/><x>FILL</x></a>', "{}"),
    "a.sh": (f"bin/magento config:set {PATH} @ID@\necho FILL\n", "'{}'"),
    "Makefile": (f"prod:\n\tbin/magento config:set {PATH} @ID@\n\techo FILL\n", "'{}'"),
    "Dockerfile": (f"FROM a\nENV {VARIABLE}=@ID@\nENV X=FILL\n", "'{}'"),
    "Jenkinsfile": (f"node {{ sh 'bin/magento config:set {PATH} @ID@'\n echo FILL }}", '"{}"'),
    "justfile": (f"prod:\n    bin/magento config:set {PATH} @ID@\n    echo FILL\n", "'{}'"),
    "httpd.conf": (f"SetEnv {VARIABLE} @ID@\nSetEnv X FILL\n", "'{}'"),
}

# What stands beside the setting.
FILLERS = {
    "square": lambda text: "[" * DEEP,
    "curly": lambda text: "{" * DEEP,
    "round": lambda text: "(" * DEEP,
    "closed": lambda text: "[" * DEEP + "]" * DEEP,
    "pairs": lambda text: '{"a":' * DEEP,
    "long": lambda text: text.format("x" * LONG),
    "bidi": lambda text: text.format("\u202e\u2066\u200f\x1b[31m\x07\x00\u0085\u2028\ufeff::error::x ##[error]x"),
    "bytes": lambda text: text.encode().replace(b"{}", b"caf\xe9 \xff\xfe\xc0\x80\xed\xa0\x80"),
    "open": lambda text: text.split("{}")[0] + "x\n",
    "escapes": lambda text: text.format("\\" * (DEEP + 1)),
    "holes": lambda text: text.format("${a:-" * (DEEP // 2)),
    "calls": lambda text: "$(" * (DEEP // 2),
    "templates": lambda text: "{{ " * (DEEP // 2),
    "quotes": lambda text: "'\"`" * (DEEP // 2),
    "breaks": lambda text: text.format("\r\x0b\x0c\u2029" * 1000),
}


def data_space(number):
    return str(uuid.UUID(int=number + (1 << 120), version=4))


def formats():
    """Every format with every filler: a file, its bytes, and the data space that it sets."""
    number = 0
    for name, (document, text) in FORMATS.items():
        for filler, make in FILLERS.items():
            number += 1
            filled, space = make(text), data_space(number)
            before, after = document.replace("@ID@", space).split("FILL")
            filled = filled if isinstance(filled, bytes) else filled.encode()
            yield f"k8s/{filler}-{number:03}/{name}", before.encode() + filled + after.encode(), space


def bombs(pem):
    """Files that grow, that lead to themselves, that are no text: a file and its bytes."""
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
    yield "bombs/alias.yaml", f"a0: &a0 {{ {PATH}: {SHARED} }}\n{levels}"
    merges = "".join(f"b{n}: &b{n} {{<<: [*b{n - 1}, *b{n - 1}], k{n}: 1}}\n" for n in range(1, 400))
    yield "bombs/merge.yaml", f"b0: &b0 {{ {PATH}: x }}\n{merges}"
    yield "bombs/self.yaml", f"a: &a [*a, {{ {PATH}: x, <<: *a }}]\n"
    yield "bombs/documents.yaml", f"---\n{PATH}: x\n" * MANY
    yield "bombs/steps.yaml", f"{PATH}: x\n" + "".join(" " * n + "a:\n" for n in range(5000))
    yield "bombs/keys.yaml", "".join(f"k{n}: {{{PATH}: x}}\n" for n in range(MANY))
    yield "bombs/tabs.yaml", f"{PATH}: x\n" + "\t" * LONG
    yield "bombs/numbers.json", f'{{"{PATH}": 1e99999, "x": [{",".join(["-0", "1e-999999", "9" * 10_000] * 1000)}]}}'
    yield "bombs/same.json", "{" + ",".join([f'"{PATH}": "x"'] * MANY) + "}"
    yield "bombs/dotted.toml", f"\"{PATH}\" = 'x'\n" + ".".join(["a"] * 10_000) + " = 1\n"
    yield "bombs/tables.toml", "".join(f"[[a]]\n\"{PATH}\" = 'x'\n" for _ in range(MANY))
    yield "bombs/joined/env.php", f"<?php return ['{PATH}' => {' . '.join([chr(39) + 'x' + chr(39)] * MANY)}];"
    yield "bombs/spread/env.php", f"<?php $a = ['{PATH}' => 'x']; " + "$a = [...$a, ...$a, $a];" * 200 + " return $a;"
    yield "bombs/heredoc/env.php", f"<?php return ['{PATH}' => " + "".join(f"<<<A{n}\n" for n in range(5000))
    yield "bombs/itself/env.php", f"<?php return array_merge(require __FILE__, require 'env.php', ['{PATH}' => 'x']);"
    yield "bombs/branches/env.php", "<?php $a = [];\n" + f"if (x()) {{ $a['{PATH}'] = 'x'; }} else {{\n" * 2000 + "return $a;"
    yield "bombs/documents.sh", "".join(f"cat <<E{n} > .env\n{VARIABLE}=x\n" for n in range(5000))
    yield "bombs/nested.sh", f"bin/magento config:set {PATH} " + "$(echo \"" * 10_000
    yield "bombs/functions.sh", "".join(f"f{n}() {{ f{n - 1}; f{n - 1}; bin/magento config:set {PATH} x; }}\n" for n in range(1, 300)) + "f299\n"
    yield "bombs/variables.sh", "A0=x\n" + "".join(f"A{n}=$A{n - 1}$A{n - 1}\n" for n in range(1, 100)) + f"bin/magento config:set {PATH} $A99\n"
    yield "bombs/growing.env", "A0=x\n" + "".join(f"A{n}=${{A{n - 1}}}${{A{n - 1}}}\n" for n in range(1, 100)) + f"{VARIABLE}=$A99\n"
    yield "bombs/rows.sql", "INSERT INTO core_config_data VALUES " + ",".join([f"(1,'default',0,'{PATH}','x')"] * MANY) + ";"
    yield "bombs/quotes.sql", f"UPDATE core_config_data SET value = {'CONCAT(' * 10_000} WHERE path = '{PATH}'"
    yield "bombs/templates.tf", f'{VARIABLE} = "{"${" * 20_000}x"\n'
    yield "bombs/loop.tf", f'variable "a" {{ default = var.b }}\nvariable "b" {{ default = var.a }}\nlocals {{ {VARIABLE} = "${{var.a}}" }}\nmodule "me" {{ source = "./" }}\n'
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    yield "bombs/laughs.xml", f'<!DOCTYPE a [<!ENTITY e0 "x">{entities}]><a><env name="{VARIABLE}" value="&e11;"/></a>'
    yield "bombs/deep.xml", f'<env name="{VARIABLE}" value="x"/>' + "<a>" * DEEP
    yield "bombs/zeros.sql.gz", gzip.compress(bytes((16 if IS_SMALL else 256) << 20), 6)
    yield "bombs/twice.sql.gz", gzip.compress(gzip.compress(f"{PATH} x".encode() * MANY))
    yield "bombs/cut.sql.gz", gzip.compress(f"INSERT INTO core_config_data VALUES (1,'default',0,'{PATH}','x');".encode() * 999)[:-40]
    yield "bombs/empty.zip", b"PK\x05\x06" + bytes(18)
    yield "bombs/begin.txt", "-----BEGIN PRIVATE KEY-----\n" * MANY
    yield "bombs/end.pem", "-----END PRIVATE KEY-----\n" * MANY
    yield "bombs/long.pem", "-----BEGIN PRIVATE KEY-----\n" + "QUJD" * (LONG // 4) + "\n-----END PRIVATE KEY-----\n"
    yield "bombs/nested.pem", "-----BEGIN PRIVATE KEY-----\n" + base64.b64encode(b"\x30\x80" * MANY).decode() + "\n-----END PRIVATE KEY-----\n"
    yield "bombs/run.txt", base64.b64encode(b"MII" * (LONG // 4))
    yield "bombs/key.jwk", '{"kty":"EC","d":' * 5000
    yield "bombs/allow.yaml", "# commerce-lint: allow shared-data-space -- x\n" * MANY + f"{PATH}: x\n"
    yield "bombs/names.txt", f"{VARIABLE} " * MANY
    yield "bombs/paths.yaml", "".join(f"{PATH[:n]}\n" for n in range(len(PATH))) * 500
    packed = pem.encode()
    for depth in range(20):
        secret = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: s{depth}}}\ndata:\n  a.yaml: "
        packed = secret.encode() + base64.b64encode(packed) + b"\n"
    yield "bombs/packed.yaml", packed
    maps = f"{PATH}: x\n"
    for depth in range(20):
        body = "".join(f"    {line}\n" for line in maps.splitlines())
        maps = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m{depth}}}\ndata:\n  a.yaml: |\n{body}"
    yield "bombs/maps.yaml", maps
    for one, other in (("a", "b"), ("b", "a")):
        yield f"loops/{one}/kustomization.yaml", f"resources: [../{other}, ., ../../loops]\nconfigMapGenerator:\n- name: x\n  literals: [{VARIABLE}={SHARED}]\n"
        yield f"loops/{one}/compose.yaml", f"include: [../{other}/compose.yaml]\nservices:\n  web:\n    extends: {{file: ../{other}/compose.yaml, service: web}}\n    env_file: ../{other}/compose.yaml\n    environment: {{{VARIABLE}: {SHARED}}}\n"
        yield f"loops/{one}/values.yaml", f"env: {{{VARIABLE}: '{{{{ .Values.env.{VARIABLE} }}}}'}}\n"
        yield f"loops/{one}/main.yml", f"- include_vars: ../{other}/main.yml\n- import_tasks: ../{other}/main.yml\n- vars: {{{VARIABLE}: '{{{{ {VARIABLE} }}}}'}}\n"
        yield f"loops/{one}/run.sh", f". ../{other}/run.sh\nsource ./run.sh\nexport {VARIABLE}=${VARIABLE}\n"
    yield ".gitlab-ci.yml", f"include: [.gitlab-ci.yml, {{local: /.gitlab-ci.yml}}]\n.a: &a {{extends: [.b], variables: {{{VARIABLE}: ${VARIABLE}}}}}\n.b: {{extends: .a}}\nx: {{extends: [.a, .b, x], script: !reference [x, script], parallel: {{matrix: [{{A: [{','.join('0' * 200)}], B: [{','.join('1' * 200)}], C: [{','.join('2' * 200)}]}}]}}}}\n"
    yield ".github/workflows/a.yml", f"on: push\njobs:\n  x:\n    strategy: {{matrix: {{a: [{','.join(map(str, range(300)))}], b: [{','.join(map(str, range(300)))}], c: [{','.join(map(str, range(300)))}]}}}}\n    env: {{{VARIABLE}: '${{{{ matrix.a }}}}'}}\n    uses: ./.github/workflows/a.yml\n"
    yield "wide/a.yaml", ("\ufeff" + f"{PATH}: x\n").encode("utf-16-le") + b"\x00\xd8\x00\xd8"
    yield "wide/b.yaml", f"{PATH}: x\n".encode("utf-32")
    yield "wide/c.yaml", b"\xff\xfe" + f"{PATH}: x\n".encode()
    yield "wide/pointer.yaml", "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12\n"
    yield "stores/a.p12", b"\x30\x82\xff\xff" + bytes(range(256)) * 64
    yield "stores/a.jks", b"\xfe\xed\xfe\xed" + bytes(range(256)) * 64
    yield "stores/deep.der", b"\x30\x80" * 30_000


def names():
    """Files whose names are the trouble; each sets the data space that production has."""
    for name in (
        "new\nline", "\x1b[2J", "\u202elmay", "::error::x", "##[error]x", "-rf", "--output=sarif=x", " blank ", "a'b\"c`d$(id)", "%0A%0D",
        "<script>alert(1)<", "&lt;", "x" * 240, "é" * 120, "\x7f\x01\x02", "[a](b)", "|a|b|", "@here #1", "a,b;c", "=cmd()", "{{ x }}", "${x}",
    ):  # fmt: skip
        yield f"names/{name}.yaml".encode(), name
    yield b"names/\xff\xfe\x80.yaml", "bytes"
    yield b"names/env.php", "php"


def make(root, pem):
    """Writes the tree; returns the files that set something, each with its data space where the file could be read to it."""
    set_by = {}

    def write(path, content):
        path = os.path.join(os.fsencode(root), path if isinstance(path, bytes) else path.encode())
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())

    for path, content, space in formats():
        write(path, content)
        set_by[path] = space
    for path, content in bombs(pem):
        write(path, content)
        if PATH.encode() in (content if isinstance(content, bytes) else content.encode()):
            set_by.setdefault(path, None)
    for path, _ in names():
        write(path, f"{PATH}: {SHARED}\n")
    for place in ("prod", "staging"):
        write(f"planted/{place}/settings.yaml", f"{PATH}: {SHARED}\n")
    write("planted/key.pem", pem)
    return set_by


def make_special(root):
    """What is no file, or cannot be listed; git takes none of it."""
    os.mkfifo(root / "planted/prod/fifo.yaml")
    with socket.socket(socket.AF_UNIX) as listener:
        here = os.getcwd()
        os.chdir(root / "planted")
        listener.bind("socket.yaml")
        os.chdir(here)
    for name, target in (("loop", "."), ("self.yaml", "self.yaml"), ("passwd.yaml", "/etc/passwd"), ("zero.yaml", "/dev/zero"),
                         ("mem.yaml", "/proc/self/mem"), ("up", "../.."), ("nowhere.yaml", "/nowhere")):  # fmt: skip
        (root / "planted" / name).symlink_to(target)
    (root / "folders/env.php").mkdir(parents=True)
    (root / "folders/.env").mkdir()
    # Longer than the system takes in one piece.
    here = os.getcwd()
    os.chdir(root)
    for _ in range(25):
        os.mkdir("d" * 200)
        os.chdir("d" * 200)
    pathlib.Path("a.yaml").write_text(f"{PATH}: {SHARED}\n")
    os.chdir(here)


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


failures = []


def expect(holds, what):
    if not holds:
        failures.append(what)
        print(f"FAILED: {what}", file=sys.stderr)


class Runner:
    """Runs the program and holds what every run must."""

    def __init__(self, program, pem):
        self.program = program
        body = "".join(line for line in pem.splitlines() if "-----" not in line)
        self.parts = {body[at : at + 8] for at in range(len(body) - 7)}
        self.slowest = (0, "")
        self.runs = 0

    def run(self, where, *arguments, given=None, codes=(0, 1, 2, 3)):
        what = f"{where.name}: {' '.join(map(str, arguments))}"
        environment = {name: value for name, value in os.environ.items() if not re.match("COMMERCE_LINT_|CI|GITHUB_|PRE_COMMIT_", name)}
        begun = time.monotonic()
        self.runs += 1
        try:
            done = subprocess.run(
                [self.program, *arguments], cwd=where, env=environment | {"COMMERCE_LINT_FLEET_KEY": "a key of no fleet at all"}, input=given or b"", capture_output=True, timeout=PATIENCE, preexec_fn=limited
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            expect(False, f"{what} still runs after {PATIENCE} s")
            return b"", 2
        self.slowest = max(self.slowest, (time.monotonic() - begun, what))
        expect(done.returncode in codes, f"{what} ends with {done.returncode}: {done.stderr[-500:]!r}")
        # A server speaks of its own texts' ends by carriage returns.
        self.text(done.stdout.replace(b"\r\n", b"\n"), f"{what}, its output")
        self.text(done.stderr, f"{what}, its remarks")
        return done.stdout, done.returncode

    def text(self, content, what):
        try:
            text = content.decode()
        except UnicodeDecodeError:
            expect(False, f"{what} is not UTF-8")
            return
        for words in ("internal error", "panicked", "made a reader of this tool fail", "memory allocation"):
            at = text.find(words)
            expect(at < 0, f"{what} says: {text[max(at - 200, 0) : at + 100]!r}")
        raw = re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", text)
        expect(raw is None, f"{what} holds {raw and text[max(raw.start() - 80, 0) : raw.end()]!r}")
        leak = next((text[at : at + 8] for at in range(len(text) - 7) if text[at : at + 8] in self.parts), None) if len(text) < 1 << 21 else None
        expect(leak is None, f"{what} holds a part of the key: {leak}")


FILES = ("sarif", "github", "gitlab", "gitlab-secrets", "junit", "rdjson", "markdown", "html")


def everything(runner, tree, out):
    """Every command and every format on one tree; returns the report in JSON."""
    outputs = [f"--output={name}={out / name}" for name in FILES]
    report, code = runner.run(tree, "check", "--output-format", "json", *outputs, codes=(1, 3))
    for name in FILES:
        content = (out / name).read_bytes()
        runner.text(content, f"{tree.name}: {name}")
        if name == "junit":
            xml.etree.ElementTree.fromstring(content)
        elif name in ("sarif", "gitlab", "gitlab-secrets", "rdjson"):
            json.loads(content)
        elif name == "html":
            expect(b"<script>alert" not in content, "a name is read as HTML")
        elif name == "github":
            odd = [line for line in content.split(b"\n") if re.match(rb"\s*::", line) and not re.match(rb"::(error|warning|notice|debug) (file|title)=", line)]
            expect(not odd, f"a name is a command: {odd[:1]}")
    runner.run(tree, "check", codes=(1, 3))
    runner.run(tree, "check", "--output-format", "line", "--all", codes=(1, 3))
    runner.run(tree, "check", "--diff", codes=(0, 1))
    runner.run(tree, "report", "--html", out / "page", codes=(1, 3))
    for form in ("table", "json", "mermaid", "dot"):
        runner.run(tree, "instances", "--output-format", form)
    listed, _ = runner.run(tree, "instances", "--output-format", "json", "--explain")
    runner.run(tree, "facts", "--repo", "a")
    runner.run(tree, "init", "--print", codes=(0, 2, 3))
    runner.run(tree, "config")
    runner.run(tree, "test-rules", ".", codes=(0, 1, 2))
    runner.run(tree, "baseline", "--force", codes=(0, 2, 3))
    (tree / "commerce-lint.baseline.toml").unlink(missing_ok=True)
    asked = [{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "a", "version": "1"}}}]
    asked += [{"jsonrpc": "2.0", "id": n, "method": "tools/call", "params": {"name": name, "arguments": {}}} for n, name in ((2, "check"), (3, "instances"), (4, "facts"))]
    runner.run(tree, "mcp", given="".join(json.dumps(one) + "\n" for one in asked).encode())
    return json.loads(report), listed.decode()


def main():
    program, pem, scratch = sys.argv[1], pathlib.Path(sys.argv[2]).read_text(), pathlib.Path(sys.argv[3])
    runner = Runner(os.path.abspath(program), pem)
    folder, repository, out = scratch / "folder", scratch / "repository", scratch / "out"
    for place in (folder, repository, out):
        place.mkdir()
    set_by = make(folder, pem)
    expect(len(set_by) > 100, "there are more than a hundred entries")
    make_special(folder)
    report, listed = everything(runner, folder, out)
    expect(report["summary"]["complete"] is False, "what cannot be read is told")
    found = {(one["rule"], one["location"]["path"]) for one in report["diagnostics"]}
    rules = {rule for rule, _ in found}
    expect({"shared-data-space", "plaintext-private-key", "unreadable-config"} <= rules, f"what was planted is found among {rules}")
    # What sets something is either read or told.
    told = {path for _, path in found}
    for path, space in set_by.items():
        # What code works out is not known.
        if path in ("bombs/spread/env.php", "bombs/branches/env.php", "bombs/quotes.sql"):
            continue
        expect(path in told or space and space in listed or f'"{path}"' in listed, f"{path} is lost without a word")

    make(repository, pem)
    git = ["git", "-c", "user.name=Tester", "-c", "user.email=tester@example.invalid", "-c", "core.autocrlf=false", "-C", repository]
    for arguments in (["init", "--quiet"], ["add", "--all", "--force"], ["commit", "--quiet", "--message", "first"]):
        subprocess.run([*git, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    (repository / "planted/staging/settings.yaml").write_text(f"{PATH}: {data_space(7)}\n")
    subprocess.run([*git, "add", "--update"], check=True)
    for arguments in (["--staged"], ["--base", "HEAD"], ["--from", "HEAD", "--to", "HEAD"], ["--history"]):
        runner.run(repository, "check", *arguments, "--output-format", "json")
    runner.run(scratch, "fleet", ".", "--output", out / "facts")

    policies = scratch / "policies"
    (policies / "prod").mkdir(parents=True)
    (policies / "prod/a.yaml").write_text(f"{PATH}: {SHARED}\n")
    waiver = '[[waivers]]\nrule = "shared-data-space"\npath = "**"\nreason = "x"\nexpires = 2999-01-01\n'
    for text in (
        "[" * DEEP, "a = " + "[" * DEEP, ".".join(["a"] * MANY) + " = 1", waiver * 5000, "exclude = [" + '"**/**/**/**/**/*a",' * 5000 + "]",
        'exclude = ["' + "{a,{b," * 5000 + '"]', f'exclude = ["{"[" * DEEP}"]', "\x00\x1b\u202e", "x" * (2 << 20),
        f'[instances."{"x" * MANY}"]\nfiles = ["**"]\n', "".join(f"[instances.i{n}]\nfiles = ['**']\n" for n in range(2000)),
        'extends = ["commerce-lint.toml"]\n', 'extends = ["/dev/zero"]\n', '[policy]\nbaseline = "../../../etc/passwd"\n',
    ):  # fmt: skip
        (policies / "commerce-lint.toml").write_text(text)
        for command in (["check"], ["check", "--output-format", "json"], ["config"], ["instances"]):
            runner.run(policies, *command)
    (policies / "commerce-lint.toml").unlink()
    os.mkfifo(policies / "commerce-lint.toml")
    runner.run(policies, "check", codes=(2,))
    for page in ("---\nseverity: " + "[" * DEEP, "---\n" + "a: &a [*a]\n" * 999, "# x\n" * MANY, "\x00\xff"):
        (policies / "pack").mkdir(exist_ok=True)
        (policies / "pack/a-b.md").write_text(page)
        runner.run(policies, "test-rules", "pack", codes=(0, 1, 2))
        runner.run(policies, "rules", "--rules", "pack", codes=(0, 2))

    document = {"uri": folder.as_uri() + "/a.yaml", "languageId": "yaml", "version": 1, "text": "a: " + "[" * DEEP}
    spoken = [{"id": 1, "method": "initialize", "params": {"rootUri": folder.as_uri(), "capabilities": {}}}, {"method": "initialized", "params": {}},
              {"method": "textDocument/didOpen", "params": {"textDocument": document}}, {"id": 2, "method": "shutdown"}, {"method": "exit"}]  # fmt: skip
    texts = (json.dumps({"jsonrpc": "2.0"} | one) for one in spoken)
    runner.run(folder, "lsp", given="".join(f"Content-Length: {len(text)}\r\n\r\n{text}" for text in texts).encode())
    print(f"{len(set_by)} entries, {runner.runs} runs; the slowest took {runner.slowest[0]:.1f} s: {runner.slowest[1][:80]}")
    sys.exit(1 if failures else 0)


signal.signal(signal.SIGPIPE, signal.SIG_DFL)
main()
