"""A bill of materials in CycloneDX: it is one by its own schema, and names every crate that the program is compiled from."""

import json
import pathlib
import subprocess
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

text = pathlib.Path(sys.argv[1]).read_text()
bill = json.loads(text)
flaw = JsonStrictValidator(SchemaVersion.from_version(bill["specVersion"])).validate_str(text)
assert flaw is None, flaw
names = {(of["name"], of["version"]) for of in bill["components"]}
tree = ["cargo", "tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"]
lines = subprocess.run(tree, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
linked = {tuple(line.removesuffix(" (proc-macro)").split(" v", 1)) for line in lines if line}
linked = {(name, version.split(" ")[0]) for name, version in linked if name != "commerce-lint"}
assert len(linked) > 40, linked
assert linked <= names, linked - names
assert all(of.get("licenses") for of in bill["components"]), [of["name"] for of in bill["components"] if not of.get("licenses")]
print(f"the bill of materials names {len(names)} crates, {len(linked)} of them in the program")
