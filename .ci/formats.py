"""Writes the reports of some trees and has others judge them: `formats PROGRAM MULTITOOL XSD FOLDER`."""

import collections
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as xml

import cmarkgfm
import cmarkgfm.cmark
import jsonschema
import xmlschema

PROGRAM, MULTITOOL, XSD, FOLDER = sys.argv[1:]
ROOT = pathlib.Path.cwd()
OUT = pathlib.Path(FOLDER)
FORMATS = ["sarif", "github", "gitlab", "gitlab-secrets", "junit", "rdjson", "markdown"]
SCHEMAS = {
    "sarif": "sarif-2.1.0",
    "gitlab": "gitlab-code-quality",
    "gitlab-secrets": "gitlab-secret-detection",
    "rdjson": "rdjson",
}
# What the Multitool says of every log of ours, and why it stays.
KNOWN = {
    "SARIF2002": "GitHub reads `text` alone, and refuses messages made of an id and arguments (GH1007)",
    "SARIF2003": "`upload-sarif` tells GitHub the commit and the root; a log with them would differ between two clones",
    "SARIF2005": "there is no address of the tool while Cargo.toml names no repository",
    "SARIF2009": "ids are the words that people write into waivers",
    "SARIF2010": "GitHub shows the lines of the checkout, and a snippet could be a secret's",
    "SARIF2011": "the same",
    "SARIF2012": "some rules rest on no document of Adobe's: there is nothing to link to",
}
# Names that mean something to a shell, a runner, a terminal, HTML, XML, Markdown, YAML or a URI, and one in no encoding.
HOSTILE = [
    b"a b", b"a\"b'c", b"100%25 #1?", b"]]><script>alert(1)<", b"::error file=x::y", b"##[group]x", b"\x1b[31m\x07", b"a\nb", b"a\rb",
    "\u202elmay\u200f".encode(), b"a|b`c`@team *d* [e](f) \\g", "é 日本😀".encode(), b"\xff\xfe\xe9", b"-rf", b"a;b&c$(d)", b"#12 !3 ~4",
    b"a,b:c=d", b"<b>&amp;", "\ufffe\uffff\ufeff".encode(), b"n" * 240, b"%2e%2e", b"C:\\x", b"http:", b"..a", b"a\x7f\xc2\x85",
]
PLACE = b"services_connector/services_id/environment_id: 0f4c1c61-ba29-4891-bdd1-b0ceb7c87afb\n"
OTHER = PLACE.replace(b"0f4c", b"0f4d")
BROKEN = b"<?php return ['system' => ['default' => ['services_connector' => [[\n"


def write(tree, path, text):
    full = os.path.join(os.fsencode(tree), path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as file:
        file.write(text)


def git(tree, *arguments):
    subprocess.run(["git", "-C", tree, *arguments], check=True, stdout=subprocess.DEVNULL)


def committed(tree):
    git(tree, "add", "--all")
    git(tree, "commit", "--quiet", "--message", "x")


def faulty(tree):
    shutil.copytree(ROOT / "fixtures/trees/shared-data-space-across-carriers", tree, dirs_exist_ok=True)
    return []


def clean(tree):
    write(tree, b"k8s/prod/settings.yaml", PLACE)
    write(tree, b"k8s/staging/settings.yaml", OTHER)
    return []


def empty(_tree):
    return []


def accepted(tree):
    faulty(tree)
    write(tree, b"k8s/qa/a.yaml", b"# commerce-lint: allow placeholder-value -- <soon> #1\nservices_connector/services_id/project_id: TODO\n")
    waiver = '[[waivers]]\nrule = "{}"\npath = "**"\nreason = "{}"\nexpires = 2030-01-01\n'
    waivers = [("shared-data-space", 'until `June` <b> | \\"x\\" %0A ::error::'), ("competing-key-pairs", "nothing")]
    write(tree, b"commerce-lint.toml", "".join(waiver.format(*of) for of in waivers).encode())
    return ["--now", "2029-12-01"]


def unread(tree):
    faulty(tree)
    write(tree, b"a b/env.php", BROKEN)
    write(tree, b"large.yaml", PLACE * 400)
    write(tree, b"commerce-lint.toml", b'[limits]\nfile-bytes = "16 KiB"\n')
    return []


def hostile(tree):
    for name in HOSTILE:
        write(tree, name + b"/prod/settings.yaml", PLACE)
        write(tree, name + b"/staging/" + name + b".yaml", PLACE)
        write(tree, b"broken/" + name + b"/env.php", BROKEN)
    return []


def compared(tree):
    """Findings in a commit that is gone, and of what the last commit changed."""
    key = (ROOT / "fixtures/keys/ec-pkcs8.pem").read_bytes()
    for name in HOSTILE:
        write(tree, name + b"/key.pem", key)
    clean(tree)
    committed(tree)
    git(tree, "rm", "--quiet", "-r", ".")
    write(tree, b"k8s/prod/settings.yaml", OTHER)
    committed(tree)
    return ["--base", "HEAD~1", "--history"]


def reports(make):
    """What the program writes of a tree, by format, and its exit code."""
    tree = OUT / "trees" / make.__name__
    tree.mkdir(parents=True)
    git(tree, "init", "--quiet")
    options = make(tree)
    folder = OUT / "reports" / make.__name__
    folder.mkdir(parents=True)
    for name in FORMATS:
        options += ["--output", f"{name}={folder / name}"]
    done = subprocess.run([PROGRAM, "check", tree, "--output-format", "line", *options], capture_output=True, check=False)
    # What is written is UTF-8 without controls, whatever stands in the tree.
    found = {name: (folder / name).read_bytes().decode() for name in FORMATS}
    for name, text in found.items():
        flaw = re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", text)
        assert not flaw, f"{make.__name__}: {name}: {flaw}"
        assert not re.search(r"^\s*::(?!error |warning )", text, re.M), f"{make.__name__}: {name} holds a command"
    return found, done.returncode, done.stdout.decode()


def judged(name, found):
    for of, schema in SCHEMAS.items():
        schema = json.loads((ROOT / f"tests/schemas/{schema}.json").read_text())
        jsonschema.validate(json.loads(found[of]), schema, jsonschema.validators.validator_for(schema))
    shutil.copy(OUT / "reports" / name / "sarif", OUT / f"{name}.sarif")
    rdjson = OUT / f"{name}.rdjson.json"
    shutil.copy(OUT / "reports" / name / "rdjson", rdjson)
    subprocess.run(["rdformat-validator", "--silent", "--strict", "--no-extra-fields", rdjson], check=True, stdout=subprocess.DEVNULL)
    suites = xml.fromstring(found["junit"])
    for case in suites.iter("testcase"):
        # GitLab and others show a case at its file and line; Jenkins does not know them.
        case.attrib.pop("file", None)
        case.attrib.pop("line", None)
    xmlschema.XMLSchema(XSD).validate(suites)
    comment = Comment(found["markdown"])
    known = set("p strong table thead tbody tr th td details summary code ul li".split())
    assert comment.tags <= known, comment.tags - known
    # reviewdog posts its messages as comments, and GitLab describes secrets in Markdown.
    messages = [of["message"] for of in json.loads(found["rdjson"])["diagnostics"]]
    messages += [of["description"] for of in json.loads(found["gitlab-secrets"])["vulnerabilities"]]
    comments = [Comment(message) for message in messages]
    assert not [comment.tags for comment in comments if comment.tags - {"p", "code", "em", "strong", "del", "ul", "ol", "li"}]
    comments += [comment]
    for comment in comments:
        assert not re.search(r"(?<!\w)[@#!~$%&][\w\[{]|://|\[\[", comment.text), comment.text
    # A runner reads a command a line, and one line for people.
    lines = found["github"].splitlines()
    assert len([line for line in lines if re.match("::(error|warning) ", line)]) == len(lines) - 1, lines


class Comment(html.parser.HTMLParser):
    """What a comment is once GitHub's Markdown is HTML: its tags, and the text that is no code, in which names and numbers become links."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.code = set(), "", 0
        self.feed(cmarkgfm.github_flavored_markdown_to_html(text, options=cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE))

    def handle_starttag(self, tag, attrs):
        # A list has the number that it begins with.
        assert {name for name, _ in attrs} <= {"start"}, (tag, attrs)
        self.tags.add(tag)
        self.code += tag == "code"

    def handle_endtag(self, tag):
        self.code -= tag == "code"
        self.text += "\0"

    def handle_data(self, data):
        self.text += "\0" if self.code else data


def multitool():
    """What the Multitool says of all logs, in words that are not known."""
    config = OUT / "multitool.xml"
    subprocess.run([MULTITOOL, "export-validation-config", config], check=True, stdout=subprocess.DEVNULL)
    # One rule asks the network for every address that a log names.
    rules = config.read_text()
    off = re.sub('(Key="SARIF2006.*?RuleEnabled" Value=")Default', r"\1Disabled", rules, count=1, flags=re.S)
    assert off != rules, "the Multitool has no rule SARIF2006"
    config.write_text(off)
    verdict = OUT / "verdict"
    logs = sorted(OUT.glob("*.sarif"))
    options = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note", "--config", config, "--output", verdict]
    done = subprocess.run([MULTITOOL, "validate", *options, *logs], capture_output=True, text=True, check=False)
    (run,) = json.loads(verdict.read_text("utf-8-sig"))["runs"]
    invocation = run["invocations"][0]
    assert done.returncode == 0 and invocation["executionSuccessful"], done.stdout + done.stderr
    told = collections.defaultdict(list)
    read = set()
    for result in run["results"]:
        where = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        read.add(where.rsplit("/", 1)[-1])
        told[result["ruleId"]].append(f"{where}: {result['level'] if 'level' in result else 'warning'}: {result['message']}")
    # Each log has something that is known: one that has nothing was not read.
    assert read == {log.name for log in logs}, read
    return {rule: texts for rule, texts in told.items() if rule not in KNOWN}


def test():
    sarif = {}
    for make, code in [(faulty, 1), (clean, 0), (empty, 0), (accepted, 1), (unread, 1), (hostile, 1), (compared, 1)]:
        found, actual, log = reports(make)
        assert actual == code, f"{make.__name__}: {actual}\n{log}"
        judged(make.__name__, found)
        (sarif[make.__name__],) = json.loads(found["sarif"])["runs"]
    # The trees are what they are for.
    results = {name: run["results"] for name, run in sarif.items()}
    assert results["clean"] == results["empty"] == [] and sarif["clean"]["invocations"][0]["executionSuccessful"]
    accepted_by = [kind["kind"] for result in results["accepted"] for kind in result["suppressions"]]
    assert {"inSource", "external"} <= set(accepted_by), accepted_by
    notifications = sarif["unread"]["invocations"][0]["toolExecutionNotifications"]
    assert len(notifications) == 2 and not sarif["unread"]["invocations"][0]["executionSuccessful"], notifications
    rules = {result["ruleId"] for result in results["compared"]}
    assert {"private-key-in-history", "production-data-space-change"} <= rules, rules
    # No byte of a key is in a hash: GitHub's own upload makes that of its line.
    for result in results["compared"]:
        is_hashed = "primaryLocationLineHash" in result["partialFingerprints"]
        assert is_hashed or "private-key" in result["ruleId"], result
        assert is_hashed or result["ruleId"] != "production-data-space-change", result
    assert len(sarif["hostile"]["invocations"][0]["toolExecutionNotifications"]) == len(HOSTILE)
    flaws = multitool()
    assert not flaws, json.dumps(flaws, indent=1)
    print(f"the reports of {len(sarif)} trees are what their readers take")


test()
