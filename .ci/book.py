"""The book of `docs/` and `rules/`: `book.py make FOLDER` writes its sources for mdBook, `finish` adds what is published beside its pages,
`check FOLDER RULES` holds that every link leads somewhere, that nothing is loaded from elsewhere, and that each rule's address is there.

Pages lie where they lie in the repository, so that their links need no change; a link to what is no page leads to the repository.
"""

import html.parser
import json
import os
import pathlib
import re
import shutil
import sys
import tomllib
import urllib.parse

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGE = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]
HOME = PACKAGE["homepage"]

# The parts of the book after its first page, each with its pages in the order of reading. Rules, decisions, what is new, and pages of `docs/` that
# nobody has put in order come by themselves.
PARTS = {
    "Using it": ["docs/instances.md", "docs/formats.md", "docs/configuration.md", "docs/history.md", "docs/ci.md", "docs/editors.md", "docs/mending.md",
                 "docs/review.md", "docs/cloud.md", "docs/packs/README.md", "docs/fleet.md", "docs/mcp.md"],
    "Working on it": ["CONTRIBUTING.md", "docs/architecture.md", "SECURITY.md"],
}
SCHEMAS = {
    "commerce-lint.schema.json": "commerce-lint.schema.json", "report.schema.json": "report-1.schema.json",
    "fleet/facts.schema.json": "facts.schema.json", "src/rules/page/schema.json": "page.schema.json",
}


def pages():
    """Every page by its path in the repository."""
    found = ["README.md", "CHANGELOG.md", *PARTS["Working on it"]]
    for pattern in ("docs/*.md", "docs/decisions/*.md", "docs/packs/README.md", "rules/*.md"):
        found += sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(pattern))
    return list(dict.fromkeys(found))


def title(path, text):
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    return found[1] if found else pathlib.Path(path).stem


def rule(path, text):
    """A rule's page with what its front matter says as text."""
    _, front, body = text.split("---\n", 2)
    front = yaml.safe_load(front)
    severity = {False: "off"}.get(front["severity"], front["severity"])
    tags = ", ".join(front["tags"])
    head = f"# {pathlib.Path(path).stem}\n\n**{front['summary']}**\n\n| severity | since | tags |\n| --- | --- | --- |\n"
    head += f"| {severity} | {front['since']} | {tags} |\n"
    references = "".join(f"- <{address}>\n" for address in front.get("references", []))
    return f"{head}{body}" + (f"\n## References\n\n{references}" if references else "")


def linked(path, text, known):
    """The text with links to what is no page leading to the repository; a file's name stands above its block."""
    place = pathlib.PurePosixPath(path).parent

    def link(found):
        target = found[1].partition("#")[0]
        if "://" in target or not target:
            return found[0]
        target = os.path.normpath(place / target)
        if target in known:
            # mdBook calls the page of a folder so.
            return re.sub(r"README\.md(?=[#)])", "index.md", found[0])
        kind = "tree" if (ROOT / target).is_dir() else "blob"
        name = SCHEMAS.get(target)
        return f"]({HOME}/{name})" if name else f"]({PACKAGE['repository']}/{kind}/v{PACKAGE['version']}/{target})"

    parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    for index, part in enumerate(parts):
        if index % 2:
            parts[index] = re.sub(r"\A```(\w+) ([^\n]+)\n", lambda found: f"`{found[2]}`\n```{found[1]}\n", part)
        else:
            parts[index] = re.sub(r"\]\(([^)\s]+)\)", link, part)
    return "".join(parts)


def make(folder):
    source, known = folder / "src", pages()
    texts = {path: (ROOT / path).read_text() for path in known}
    for path in known:
        if path.startswith("rules/") and path != "rules/README.md":
            texts[path] = rule(path, texts[path])
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_text(linked(path, texts[path], known))
    # Titles as they are, without marks.
    entry = {path: f"- [{title(path, texts[path]).replace('`', '')}]({path})\n" for path in known}
    summary = f"# Summary\n\n[commerce-lint](README.md)\n\n# Using it\n\n{''.join(entry.pop(path) for path in PARTS['Using it'])}"
    rules = [path for path in known if path.startswith("rules/") and path != "rules/README.md"]
    summary += f"\n# Rules\n\n{entry.pop('rules/README.md')}" + "".join("  " + entry.pop(path) for path in rules)
    summary += f"\n# Working on it\n\n{''.join(entry.pop(path) for path in PARTS['Working on it'])}"
    decisions = [path for path in known if path.startswith("docs/decisions/")]
    first = "docs/decisions/README.md"
    summary += entry.pop(first) + "".join("  " + entry.pop(path) for path in decisions if path != first)
    summary += f"{entry.pop('CHANGELOG.md')}"
    entry.pop("README.md")
    summary += "".join(entry.values())
    (source / "SUMMARY.md").write_text(summary)
    # What the program prints is a hundred columns wide.
    (folder / "wide.css").write_text(":root { --content-max-width: 980px; }\n")
    (folder / "book.toml").write_text(
        f'[book]\ntitle = "commerce-lint"\nlanguage = "en"\ndescription = {json.dumps(PACKAGE["description"])}\n\n'
        '[build]\nbuild-dir = "html"\n\n[output.html]\nno-section-label = true\nadditional-css = ["wide.css"]\n'
        f'git-repository-url = {json.dumps(PACKAGE["repository"])}\n\n[output.html.print]\nenable = false\n\n'
        "[output.html.fold]\nenable = true\nlevel = 0\n"
    )


def finish(folder):
    for path, name in SCHEMAS.items():
        shutil.copy(ROOT / path, folder / "html" / name)


class Reader(html.parser.HTMLParser):
    """The names that a page has, and the addresses that it links to or loads."""

    def __init__(self, text):
        super().__init__()
        self.names, self.links, self.loads = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        of = dict(attributes)
        self.names |= {of[key] for key in ("id", "name") if of.get(key)}
        if tag == "a" and of.get("href") is not None:
            self.links.append(of["href"])
        self.loads += [of[key] for key in ("src", "href") if tag != "a" and of.get(key)]


def check(folder, rules):
    site = (folder / "html").resolve()
    read = {path: Reader(path.read_text()) for path in sorted(site.rglob("*.html")) if path.name not in ("404.html", "toc.html")}
    dead, links = [], 0
    for page, of in read.items():
        for address in of.links + of.loads:
            at = urllib.parse.urlsplit(address)
            if at.scheme or at.netloc:
                if address in of.loads:
                    dead.append(f"{page.relative_to(site)} loads {address}")
                elif address.startswith(HOME + "/"):
                    links += 1
                    if not (site / address.removeprefix(HOME + "/")).is_file():
                        dead.append(f"{page.relative_to(site)}: {address}")
                continue
            links += 1
            target = (page.parent / urllib.parse.unquote(at.path)).resolve() if at.path else page
            target = target / "index.html" if target.is_dir() else target
            names = read[target].names if target in read else set()
            if not target.is_file() or at.fragment and target in read and urllib.parse.unquote(at.fragment) not in names:
                dead.append(f"{page.relative_to(site)}: {target.relative_to(site)}#{at.fragment}")
    for name in SCHEMAS.values():
        of = json.loads((site / name).read_text())
        assert of["$id"] == f"{HOME}/{name}", of["$id"]
    listed = json.loads(rules.read_text())["rules"]
    for of in listed:
        address = of["address"]
        path = site / address.removeprefix(HOME + "/")
        text = path.read_text() if path.is_file() else ""
        if not address.startswith(HOME + "/") or f'<h1 id="{of["id"]}">' not in text or "<th>severity</th>" not in text:
            dead.append(f"{of['id']}: {address} is not its page")
    if dead:
        sys.exit("\n".join(dead))
    print(f"the book has {len(read)} pages, {len(listed)} of them rules, and {links} links within, all of which lead somewhere")


command, *folders = sys.argv[1:]
folders = [pathlib.Path(folder) for folder in folders]
{"make": make, "finish": finish, "check": check}[command](*folders)
