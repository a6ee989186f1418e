"""Runs the constructs of fixtures/programs/python.txt: each must run the shop's program with NEW, as the tests take for granted."""
import pathlib
import sys

TABLE = pathlib.Path(__file__).parent.parent / "fixtures/programs/python.txt"
START = "import os, subprocess\nran = []\ndef run(words):\n    ran.append(words[1])\n"

wrong = []
for case in TABLE.read_text().split("## ")[1:]:
    name, code = case.split("\n", 1)
    scope = {}
    exec(START + code, scope)
    if scope["ran"] != ["NEW"]:
        wrong.append(f"{name}: {scope['ran']}")
print(*wrong, sep="\n", file=sys.stderr)
sys.exit(1 if wrong else 0)
