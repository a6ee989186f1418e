"""Writes what each target of `fuzz/` begins with: files of the fixtures, the pages of rules and packs.

    fuzz.py FOLDER MOST SEED TARGET...
"""

import random
import shutil
import sys
from fnmatch import fnmatch
from pathlib import Path

# The largest seed, in bytes: longer ones teach no more and take longer.
LARGEST = 12_000

# The names of the files of each format.
NAMES = {
    "attributes": ["*.rb", "*.pp", "vagrantfile"],
    "directives": ["*.ini", "*.conf", "*.cnf", "*.properties", "hosts", "inventory"],
    "docker": ["dockerfile*", "containerfile*"],
    "dotenv": ["*.env", ".env.*", "*.env.*"],
    "hcl": ["*.tf", "*.tfvars", "*.hcl", "*.tofu"],
    "jenkins": ["jenkinsfile*", "*.groovy"],
    "json": ["*.json", "*.jsonc", "*.json5"],
    "just": ["justfile*", "*.just"],
    "make": ["makefile*", "*.mk"],
    "php": ["*.php", "*.phtml"],
    "powershell": ["*.ps1", "*.psm1"],
    "python": ["*.py"],
    "script": ["*.sh", "*.bash", "*.zsh"],
    "sql": ["*.sql"],
    "toml": ["*.toml"],
    "xml": ["*.xml"],
    "yaml": ["*.yaml", "*.yml"],
    "configuration": ["commerce-lint.toml", ".commerce-lint.toml"],
    "baseline": ["*baseline*.toml"],
}
# What stands beside files that are checked.
GOLDEN = (".out", ".tree")


def files(folder):
    """The files of a folder that are checked, with their paths in it."""
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file() and not path.name.endswith(GOLDEN):
            yield path.relative_to(folder), path.read_bytes()


def archive(folder):
    """A tree as one text."""
    return b"".join(b"-- %s --\n%s\n" % (str(path).encode(), text.rstrip(b"\n")) for path, text in files(folder))


def main():
    folder, most, seed, targets = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    trees = [path for path in sorted(Path("fixtures/trees").iterdir()) if path.is_dir()]
    single = [found for tree in trees for found in files(tree)]
    single += [found for kind in ("syntax", "php", "programs") for found in files(f"fixtures/{kind}")]
    pages = [text for kind in ("rules", "docs/packs") for path, text in files(kind) if path.suffix == ".md"]
    drawn = random.Random(seed)
    shutil.rmtree(folder, ignore_errors=True)
    for target in targets:
        if target == "tree":
            seeds = [archive(tree) for tree in trees]
        elif target == "recognise":
            seeds = [str(path).encode() + b"\n" + text for path, text in single]
        elif target == "page":
            seeds = pages
        else:
            names = NAMES.get(target, [])
            seeds = [text for path, text in single if any(fnmatch(path.name.lower(), name) for name in names)]
        seeds = sorted({text for text in seeds if len(text) <= LARGEST})
        (folder / target).mkdir(parents=True)
        for number, text in enumerate(drawn.sample(seeds, min(most, len(seeds)))):
            (folder / target / f"{number:04}").write_bytes(text)


main()
