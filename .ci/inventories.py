"""Draws trees of Ansible's and holds what is said of them against what Ansible gives their hosts: `inventories.py PROGRAM COUNT SEED DIR`."""

import json
import pathlib
import random
import subprocess
import sys
import uuid

import yaml
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.vars.manager import VariableManager

PROGRAM, COUNT, SEED, FOLDER = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), pathlib.Path(sys.argv[4])
draw = random.Random(SEED)
PLAY = "- hosts: all\n  tasks:\n    - command: bin/magento config:set services_connector/services_id/environment_id {{ space }}\n"
ENVIRONMENTS = ["production", "staging", "uat"]


def space():
    return str(uuid.UUID(int=draw.getrandbits(128), version=4))


def given(chance, known):
    return {"space": draw.choice([*known, space()])} if draw.random() < chance else {}


# Groups by their names: what each holds, some with children; a host stands in as many groups as name it.
def groups_of(hosts, chance, known):
    def group(names=(), children=()):
        own = {name: given(chance / 3, known) for name in names}
        return {"hosts": own, "children": list(children), "vars": given(chance, known) | ({"ansible_group_priority": draw.choice(["1", "2", "10"])} if draw.random() < 0.15 else {})}

    groups = {}
    for environment, names in hosts.items():
        within = names[: draw.randint(1, len(names))]
        if environment and draw.random() < 0.3:
            groups[f"beryl{len(groups)}"] = group(within)
            groups[environment] = group(names[len(within) :], [f"beryl{len(groups) - 1}"])
        else:
            groups[environment or "magento"] = group(names)
    if draw.random() < 0.5:
        groups["shops"] = group(children=[name for name in hosts if name] or ["magento"])
    if draw.random() < 0.4:
        groups["web"] = group([draw.choice(names) for names in hosts.values()])
    if draw.random() < 0.5:
        groups["all"] = group()
    return groups


def quoted(value):
    quote = draw.choice(["", "", '"', "'"])
    return f"{quote}{value}{quote}"


# A range stands for hosts of which none has variables.
def in_ranges(hosts):
    if draw.random() < 0.4 and len(hosts) > 1 and not any(hosts.values()):
        stem = min(hosts)[:-1]
        numbers = sorted(int(name[-1]) for name in hosts)
        if all(name[:-1] == stem for name in hosts) and numbers == list(range(numbers[0], numbers[-1] + 1)):
            return {f"{stem}[{numbers[0]}:{numbers[-1]}]": {}}
    return hosts


def in_sections(groups):
    sections = []
    for name, group in groups.items():
        lines = [" ".join([host, *(f"{key}={quoted(value)}" for key, value in own.items())]) for host, own in in_ranges(group["hosts"]).items()]
        if lines or not group["children"] and name != "all":
            sections.append([f"[{name}]", *lines])
        if group["children"]:
            sections.append([f"[{name}:children]", *group["children"]])
        if group["vars"]:
            sign = draw.choice(["=", " = "])
            sections.append([f"[{name}:vars]", *(f"{key}{sign}{quoted(value)}" for key, value in group["vars"].items())])
    draw.shuffle(sections)
    between = draw.choice(["\n", "\n\n", "\n# a remark\n", "\n; another\n\n"])
    return between.join("\n".join(lines) for lines in sections) + "\n"


def in_keys(groups):
    def written(name):
        group = groups[name]
        found = {}
        if group["vars"]:
            found["vars"] = group["vars"]
        if group["hosts"]:
            found["hosts"] = {host: own or draw.choice([None, {}]) for host, own in in_ranges(group["hosts"]).items()}
        if group["children"]:
            found["children"] = {child: written(child) for child in group["children"]}
        return found or None

    nested = {child for group in groups.values() for child in group["children"]}
    outer = {name: written(name) for name in groups if name not in nested | {"all"}}
    whole = written("all") or {} if "all" in groups else {}
    if draw.random() < 0.7:
        return yaml.safe_dump({"all": whole | {"children": outer}}, sort_keys=False, default_flow_style=draw.choice([False, None]))
    return yaml.safe_dump({"all": whole or None} | outer, sort_keys=False)


def inventory(groups, name):
    is_yaml = name.endswith((".yml", ".yaml"))
    return in_keys(groups) if is_yaml else in_sections(groups)


def variables(root, names, hosts, chance, known, files):
    for name in ["all", *names]:
        if draw.random() < chance:
            path = draw.choice(["group_vars/{}.yml", "group_vars/{}", "group_vars/{}.yaml", "group_vars/{}/main.yml"]).format(name)
            if any(known.startswith(f"{root}group_vars/{name}") for known in files):
                continue
            files[root + path] = yaml.safe_dump(given(0.8, known) | {"php": "8.3"})
    for name in hosts:
        if draw.random() < chance / 4:
            files[f"{root}host_vars/{name}.yml"] = yaml.safe_dump(given(0.9, known) | {"php": "8.4"})


def tree():
    """The files, and the inventories among them: each with the environment that its path says, if it says one."""
    known = [space()]
    chance = draw.choice([0.1, 0.3, 0.6])
    environments = ENVIRONMENTS[: draw.randint(2, 3)]
    hosts = {environment: [f"{environment[0]}{number}" for number in range(1, draw.randint(2, 4))] for environment in environments}
    files, inventories = {"site.yml": PLAY}, {}
    if draw.random() < 0.5:
        path = draw.choice(["hosts", "hosts.ini", "hosts.yml", "inventory/hosts", "inventory/hosts.yaml", "inventories/machines.yml", "inv/machines"])
        groups = groups_of(hosts, chance, known)
        files[path] = inventory(groups, path)
        inventories[path] = None
        variables(path.rpartition("/")[0] + "/" if "/" in path else "", sorted(groups.keys() - {"all"}), sum(hosts.values(), []), chance, known, files)
        names = groups.keys() - {"all"}
    else:
        form = draw.choice(["inventories/{}/hosts", "inventories/{}/hosts.yml", "inv/{}", "inv/{}.yml", "inventory/{}.ini", "{}.ini"])
        names = set()
        for environment in environments:
            path = form.format(environment)
            groups = groups_of({"": hosts[environment]}, chance, known)
            files[path] = inventory(groups, path)
            inventories[path] = environment
            names |= groups.keys() - {"all"}
            if path.count("/") > 1:
                variables(path.rpartition("/")[0] + "/", sorted(groups.keys() - {"all"}), hosts[environment], chance, known, files)
    if draw.random() < 0.4:
        variables("", sorted(names), [], chance, known, files)
    return files, inventories, hosts


def of_ansible(root, inventories, hosts):
    """What the hosts of each environment have."""
    found = {}
    for path, environment in inventories.items():
        loader = DataLoader()
        loader.set_basedir(str(root))
        manager = InventoryManager(loader=loader, sources=[str(root / path)])
        values = VariableManager(loader=loader, inventory=manager)
        for name in [environment] if environment else hosts:
            found[name] = {values.get_vars(host=manager.get_host(host)).get("space") for host in hosts[name]}
    return found


def check(number):
    files, inventories, hosts = tree()
    root = FOLDER / str(number)
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    ran = subprocess.run([PROGRAM, "instances", "--no-config", "--output-format", "json", str(root)], capture_output=True, text=True)
    said = {one["name"]: one["data_space"] for one in json.loads(ran.stdout)["instances"]}
    wrong = []
    for name, values in of_ansible(root, inventories, hosts).items():
        # Where the hosts of one environment differ, one of them may speak for it, or one of its groups, or none.
        named = [yaml.safe_load(text).get("space") for path, text in files.items() if "group_vars/" in path]
        if said.get(name) not in (values if len(values) == 1 else {None, *values, *named}):
            wrong.append(f"{name}: {said.get(name)}, and Ansible gives {sorted(map(str, values))}")
    extra = said.keys() - hosts.keys()
    if any(said[name] for name in extra):
        wrong.append(f"nobody deploys {sorted(extra)}")
    if wrong:
        print(f"tree {number}:", *wrong, *(f"--- {path}\n{text}" for path, text in files.items()), sep="\n", file=sys.stderr)
    return not wrong


missed = [number for number in range(COUNT) if not check(number)]
print(f"inventories: {COUNT - len(missed)} of {COUNT}", file=sys.stderr)
sys.exit(1 if missed else 0)
