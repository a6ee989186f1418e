"""Compares what is told of the makefiles of fixtures/programs/makefiles.txt with what `make -n` runs: the first argument is the program.

A value that is told must be make's; one that is not told must be of a makefile that may be untold.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
TABLE = pathlib.Path(__file__).parent.parent / "fixtures/programs/makefiles.txt"
IDS = {
    "@A@": "5b0f6f0e-31f2-4c43-9d1e-6c1a3f2b7a01",
    "@B@": "c3c8a2d4-0b7e-4a55-8f60-2d9b1e4f5a02",
    "@C@": "9e7d4b16-5f28-4c9a-b3d1-7a6e0c8f2b03",
    "@PATH@": "services_connector/services_id/environment_id",
}
ID = re.compile("|".join(value for name, value in IDS.items() if name != "@PATH@"))


def made(folder, words):
    """The last id that make would hand to a command."""
    ran = subprocess.run(["make", "-n", "-s", *words], cwd=folder, capture_output=True, text=True)
    found = ID.findall(ran.stdout)
    return found[-1] if found else None


def told(folder):
    """The data space of production, and of what is not production."""
    ran = subprocess.run(
        [PROGRAM, "instances", folder, "--output-format", "json"], capture_output=True, text=True, check=True
    )
    spaces = {}
    for instance in json.loads(ran.stdout)["instances"]:
        name = "staging" if "staging" in instance["name"] else instance["name"]
        spaces[name] = instance["data_space"]
    return spaces


wrong, count = [], 0
for case in TABLE.read_text().split("## ")[1:]:
    head, text = case.split("\n", 1)
    name, way, *untold = head.split()
    for sign, value in IDS.items():
        text = text.replace(sign, value)
    with tempfile.TemporaryDirectory() as folder:
        first, *others = text.split("==> ")
        for part in [f"Makefile\n{first}", *others]:
            path, content = part.split("\n", 1)
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
        spaces = told(folder)
        for environment in ["production", "staging"]:
            words = [environment] if way == "goals" else ["deploy", f"ENV={environment}"]
            expected, found = made(folder, words), spaces.get(environment)
            count += 1
            if not expected:
                wrong.append(f"{name}: make runs nothing for {environment}")
            elif found != expected and (found or not untold):
                wrong.append(f"{name}: {environment} is said to have {found}, and make gives it {expected}")
print(*wrong, sep="\n", file=sys.stderr)
print(f"{count} values of makefiles, {len(wrong)} wrong")
sys.exit(1 if wrong else 0)
