"""Draws scripts that decide by what they are given, runs them in bash for each word, and asks the program what each environment ends up with.

The argument is the program, then how many scripts, then the seed. A value that bash does not set is wrong; one that is not known is counted.
"""
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import uuid

PROGRAM, COUNT, SEED = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
PATH = "services_connector/services_id/environment_id"
WORDS = ["production", "staging", "uat"]
SHIM = 'bin/magento() { printf "%s\\n" "$3"; }\nssh() { shift; eval "$1"; }\n'


class Script:
    """A drawn script; ids are drawn as they are needed."""

    def __init__(self, draw):
        self.draw = draw
        self.functions = 0

    def id(self):
        return str(uuid.UUID(int=self.draw.getrandbits(128), version=4))

    def word(self):
        return self.draw.choice(WORDS[:2])

    def asked(self):
        """A condition that asks for the word."""
        word, other = self.word(), self.word()
        name = self.draw.choice(["$1", "$ENV", "${ENV}"])
        return self.draw.choice([
            f'[ "{name}" = {word} ]', f'[ "{name}" != {word} ]', f'[[ {name} == {word} ]]', f'[[ "{name}" =~ ^{word}$ ]]',
            f'test "{word}" = "{name}"', f'[ "{name}" = "{word}" ] || [ "{name}" = {other} ]', f'! [ "{name}" = {word} ]',
            f'[[ {name} == {word}* ]]', f'[ -n "{name}" ] && [ "{name}" = {word} ]', f'[[ "{name}" == {word} || {name} == uat ]]',
        ])

    def assigned(self):
        return self.draw.choice(["ID={}", 'ID="{}"', "ID='{}'", "export ID={}"]).format(self.id())

    def set(self):
        return self.draw.choice(['bin/magento config:set {} "$ID"', "bin/magento config:set {} $ID", 'ssh web "bin/magento config:set {} \'$ID\'"',
                                 "bin/magento config:set {} " + self.id()]).format(PATH)

    def done(self, depth):
        """Something that an arm does."""
        kind = self.draw.randrange(10 if depth < 2 else 6)
        if kind < 4:
            return self.assigned()
        if kind == 4:
            return self.set()
        if kind == 5:
            return self.draw.choice([":", "echo x", "true"]) + " >/dev/null"
        return self.branch(depth + 1)

    def body(self, depth):
        return "\n".join(self.done(depth) for _ in range(self.draw.choice([1, 1, 2])))

    def branch(self, depth=0):
        kind = self.draw.randrange(7 if depth else 8)
        if kind == 0:
            return f"if {self.asked()}; then\n{self.body(depth)}\nfi"
        if kind == 1:
            return f"if {self.asked()}; then\n{self.body(depth)}\nelse\n{self.body(depth)}\nfi"
        if kind == 2:
            return f"if {self.asked()}; then\n{self.body(depth)}\nelif {self.asked()}; then\n{self.body(depth)}\nelse\n{self.body(depth)}\nfi"
        if kind == 3:
            last = self.draw.choice(["", f"\n*) {self.body(depth)} ;;"])
            return f'case "$ENV" in\nproduction) {self.body(depth)} ;;\nstaging|uat)\n{self.body(depth)}\n;;{last}\nesac'
        if kind == 4:
            return f"{self.asked()} && {self.assigned()}"
        if kind == 5:
            return f"{self.asked()} && {{ {self.assigned()}; {self.set()}; }}"
        if kind == 6:
            return f"[[ $ENV == {self.word()} ]] && {self.assigned()} || {self.assigned()}"
        self.functions += 1
        name = f"f{self.functions}"
        return f"{name}() {{\n{self.body(1)}\n}}\n" + name + self.draw.choice([' "$@"', " $ENV", " uat"])

    def text(self):
        lines = ["#!/usr/bin/env bash", self.draw.choice(['ENV=$1', 'ENV="${1:-staging}"', 'ENV="$1"'])]
        lines += [self.assigned()] if self.draw.random() < 0.5 else []
        lines += [self.branch() for _ in range(self.draw.choice([1, 2]))]
        if self.draw.random() < 0.2:
            lines.append(f"if {self.asked()}; then exit 0; fi")
        return "\n".join([*lines, self.set()]) + "\n"


def ran(text, word):
    """What bash sets last; none where it sets nothing."""
    shim = text.replace("#!/usr/bin/env bash\n", "", 1)
    out = subprocess.run(["bash", "-c", SHIM + shim, "deploy.sh", word], capture_output=True, text=True, timeout=20).stdout
    ids = [line for line in out.splitlines() if len(line) == 36]
    return ids[-1] if ids else None


def read(text, folder):
    """What the program says of each environment."""
    (folder / "deploy.sh").write_text(text)
    out = subprocess.run([PROGRAM, "check", "--no-config", "--no-waivers", "--output-format", "json", str(folder)], capture_output=True, text=True, timeout=60)
    return {one["name"]: one.get("data_space") for one in json.loads(out.stdout)["instances"]}


wrong, known, asked = [], 0, 0
with tempfile.TemporaryDirectory() as folder:
    for number in range(COUNT):
        text = Script(random.Random(f"{SEED} {number}")).text()
        found = read(text, pathlib.Path(folder))
        for word in WORDS[:2]:
            expected, told = ran(text, word), found.get(word)
            asked += expected is not None
            known += expected is not None and expected in found.values()
            if told is not None and len(told) == 36 and told != expected:
                wrong.append(f"--- {number}: {word} is said to have {told}, and has {expected}\n{text}")
print(f"{COUNT} scripts: {known} of {asked} values are told, {len(wrong)} wrong")
print(*wrong[:3], sep="\n", file=sys.stderr)
sys.exit(1 if wrong else 0)
