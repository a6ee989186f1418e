"""Makes a folder of checkouts whose truth is known: what two of them share, what competes, what cannot be read, and what a later state changes."""

import collections
import os
import pathlib
import random
import shutil
import subprocess
import uuid

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

CONNECTOR = "services_connector/services_connector_integration/"
SERVICES = "services_connector/services_id/"
ALTERNATE = "services_connector/product_recommendations/alternate_environment_id"


class Repo:
    """One repository: what each of its environments is to end up with, in one of four layouts."""

    def __init__(self, name, layout):
        self.name, self.layout = name, layout
        self.settings = {"prod": {}, "staging": {}}

    def team(self):
        return self.name.rpartition("/")[0]

    def files(self):
        for kind, settings in self.settings.items():
            yield WRITERS[self.layout](kind, settings)
        yield "README.md", f"# {self.name}\n"
        yield "composer.json", '{"require": {"magento/product-enterprise-edition": "2.4.8"}}\n'
        yield "src/Plugin.php", "<?php\nnamespace Shop;\n\nclass Plugin\n{\n    public function run(): void\n    {\n    }\n}\n"


def variable(path):
    return "CONFIG__DEFAULT__" + path.upper().replace("/", "__")


def quoted(value):
    return '"' + value.replace("\\", "\\\\").replace("\n", "\\n") + '"'


def env_php(kind, settings):
    tree = {}
    for path, value in settings.items():
        *above, last = path.split("/")
        node = tree
        for part in above:
            node = node.setdefault(part, {})
        node[last] = value

    def written(node, depth):
        if isinstance(node, str):
            return f"getenv('{node[2:-1]}')" if node.startswith("${") else f"'{node}'"
        pad = "    " * depth
        return "[\n" + "".join(f"{pad}    '{key}' => {written(value, depth + 1)},\n" for key, value in node.items()) + pad + "]"

    return f"app/etc/env.{kind}.php", f"<?php\nreturn {written({'system': {'default': tree}}, 0)};\n"


def config_map(kind, settings):
    lines = "".join(f"  {variable(path)}: {quoted(value)}\n" for path, value in settings.items())
    return f"k8s/{kind}/configmap.yaml", f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop\ndata:\n{lines}"


def dotenv(kind, settings):
    return f"deploy/{kind}/.env", "".join(f"{variable(path)}={quoted(value)}\n" for path, value in settings.items())


def helm(kind, settings):
    lines = "".join(f"  {variable(path)}: {quoted(value)}\n" for path, value in settings.items())
    return f"helm/values-{kind}.yaml", f"replicas: 2\nenv:\n{lines}"


WRITERS = [env_php, config_map, dotenv, helm]


class Fleet:
    """All repositories, and what is true of them."""

    def __init__(self, count, seed):
        self.random = random.Random(seed)
        self.repos = [
            Repo(f"team-{number % 97:02}/shop-{number:06}", number % len(WRITERS)) for number in range(count)
        ]
        self.shared = collections.defaultdict(set)
        self.competing = collections.defaultdict(set)
        self.keys = []
        self.changed = {}
        self.unread = {}
        self.gone = set()
        self.plaintext = collections.Counter()
        self.fill()
        self.plant()

    def uuid(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def digits(self):
        return f"{self.random.getrandbits(128):032x}"

    def key(self):
        key = ec.derive_private_key(self.random.getrandbits(255) + 1, ec.SECP256R1())
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return key.private_bytes(*form).decode()

    def fill(self):
        """Every repository by itself: two data spaces, a project of one or three repositories with one pair, keys kept elsewhere."""
        for number, repo in enumerate(self.repos):
            if number % 3 == 0:
                project, api_keys = self.uuid(), {"prod": self.digits(), "staging": self.digits()}
            for kind, slot in (("prod", "production"), ("staging", "sandbox")):
                repo.settings[kind] = {
                    SERVICES + "project_id": project,
                    SERVICES + "environment_id": self.uuid(),
                    SERVICES + "environment": "Production" if kind == "prod" else "Testing",
                    f"{CONNECTOR}{slot}_api_key": api_keys[kind],
                    f"{CONNECTOR}{slot}_private_key": "${PRIVATE_KEY}",
                }
            # What only its pipeline knows is in nobody's way.
            if number % 5 == 0:
                repo.settings["staging"][SERVICES + "environment_id"] = "${DATA_SPACE}"

    def few(self, share, size):
        """Groups of repositories that nothing else was planted in, of different accounts."""
        wanted = max(2, int(len(self.repos) * share))
        for _ in range(wanted):
            group = []
            while len(group) < size and self.free:
                group.append(self.free.pop())
            if len(group) == size:
                yield group

    def plant(self):
        # One of each account, so that no plant disturbs another.
        self.free = self.repos[::3]
        self.random.shuffle(self.free)
        space = SERVICES + "environment_id"
        for group in self.few(0.002, 3):
            shared = self.uuid()
            for repo, kind in zip(group, ("prod", "prod", "staging")):
                repo.settings[kind][space] = shared if repo is not group[1] else shared.upper()
                self.shared[shared].add((repo.name, "production" if kind == "prod" else "non-production"))
        # Twins: shared within one repository, which its own check finds; read and not written.
        for (repo,) in self.few(0.002, 1):
            repo.settings["staging"][space] = repo.settings["prod"][space]
        for one, other in self.few(0.002, 2):
            one.settings["prod"][ALTERNATE] = other.settings["prod"][space]
            one.settings["prod"][ALTERNATE.replace("environment_id", "environment_enabled")] = "1"
        for one, other in self.few(0.002, 2):
            project = one.settings["prod"][SERVICES + "project_id"]
            for settings in other.settings.values():
                settings[SERVICES + "project_id"] = project
            for slot in ("production", "sandbox"):
                self.competing[project, slot, "api-key"] |= {one.name, other.name}
            # The others of the account have the first one's pair.
            at = self.repos.index(one)
            for repo in self.repos[at : at + 3]:
                for slot in ("production", "sandbox"):
                    self.competing[project, slot, "api-key"].add(repo.name)
        for group in self.few(0.002, 3):
            pem = self.key()
            for repo in group:
                repo.settings["prod"][f"{CONNECTOR}production_private_key"] = pem
                self.plaintext[repo.team()] += 1
            self.keys.append({repo.name for repo in group})
        for (repo,) in self.few(0.004, 1):
            repo.settings["prod"][f"{CONNECTOR}production_private_key"] = self.key()
            self.plaintext[repo.team()] += 1
        for number, (repo,) in enumerate(self.few(0.003, 1)):
            self.unread[repo.name] = ["partial", "failed", "empty"][number % 3]
        self.later = [repo for (repo,) in self.few(0.003, 1)]

    def write(self, root):
        """The first state."""
        template = root.parent / "template"
        shutil.rmtree(template, ignore_errors=True)
        git = ["git", "-c", "user.name=Tester", "-c", "user.email=tester@example.invalid", "-C", template]
        subprocess.run(["git", "init", "--quiet", "--initial-branch=main", "--template=", template], check=True)
        subprocess.run([*git, "commit", "--quiet", "--allow-empty", "--message=start"], check=True)
        parts = [path for path in (template / ".git").rglob("*") if path.is_file()]
        parts = [(path.relative_to(template), path.read_bytes()) for path in parts]
        for repo in self.repos:
            folder = root / repo.name
            is_empty = self.unread.get(repo.name) == "empty"
            for path, content in [] if is_empty else parts:
                put(folder / path, content)
            if not is_empty:
                (folder / ".git/refs").mkdir(exist_ok=True)
            for path, text in repo.files():
                put(folder / path, text.encode())
            if self.unread.get(repo.name) == "partial":
                put(folder / "config/broken.json", b'{"services_connector/services_id/project_id": ["a" }')
            if self.unread.get(repo.name) == "failed":
                put(folder / "commerce-lint.toml", b"colour = 1\n")

    def change(self, root):
        """The second state: some productions move, some only look as if they did, some repositories are gone."""
        space = SERVICES + "environment_id"
        for number, repo in enumerate(self.later):
            folder = root / repo.name
            if number % 4 == 0:
                shutil.rmtree(folder)
                self.gone.add(repo.name)
                continue
            if number % 4 == 1:
                before, after = repo.settings["prod"][space], self.uuid()
                repo.settings["prod"][space] = after
                self.changed[repo.name] = (before, after)
            elif number % 4 == 2:
                repo.settings["staging"][space] = self.uuid()
            else:
                # Written in another way, and the same.
                repo.settings["prod"][space] = "{" + repo.settings["prod"][space].upper() + "}"
            for path, text in repo.files():
                put(folder / path, text.encode())


def put(path, content):
    try:
        path.write_bytes(content)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def size(folder):
    return sum(os.path.getsize(path) for path in pathlib.Path(folder).rglob("*.ndjson"))
