"""The page for a security review in a real browser: it renders, filters, prints, loads nothing, and runs nothing of the tree's."""

import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from chromium import PATIENCE, Browser, Page

SPACE = "services_connector/services_id/environment_id"
KEYS = "services_connector/services_connector_integration"

HOSTILE = [
    "\"><script>document.title='owned';alert(1)<!--",
    "' onmouseover='alert(2)' x='",
    "<img src=x onerror=alert(3)>",
    "javascript:alert(4)",
    "\u202elmay",
    "\x1b[31m\n",
    "n" * 240,
    "%3Cscript%3Ealert(10)%3C%2Fscript%3E",
    "${constructor.constructor('alert(11)')()}",
    "<textarea><b id=x>",
]


def write(root, path, text):
    path = pathlib.Path(root, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def space(number):
    return f"0f3c2a51-9b1e-4d5c-8f62-{number:012x}"


def forty(root):
    """Ten shops with four instances each; the first four share a data space, and each shop has one key."""
    for shop in range(10):
        for number, instance in enumerate(["prod", "staging", "uat", "dev"]):
            own = space(0 if shop == 0 else shop * 10 + number)
            write(root, f"sites/s{shop}/{instance}.yaml", f"{SPACE}: {own}\n{KEYS}/production_api_key: {shop + 0xabc123:032x}\n")


def hostile(root):
    """Files, instances and values with names that mean something to a browser."""
    key = pathlib.Path("fixtures/keys/ec-pkcs8.pem").read_text().replace("\n", "\\n")
    for name in HOSTILE:
        write(root, f"{name}/prod.yaml", f"{SPACE}: \"</style></svg>{HOSTILE[2]}\"\n{KEYS}/production_private_key: \"{key}\"\n")
    long = HOSTILE[0] + "x" * 100_000
    for name in [long, HOSTILE[2] + "-prod", "</title><svg onload=alert(5)>-uat"]:
        name = name.replace("'", "''")
        data = f"CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID: {space(1)}"
        config = f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: '{name}'\ndata:\n  {data}\n"
        write(root, f"k8s/{len(name)}.yaml", config)
    write(root, "broken/staging.yaml", f"{SPACE}: [ '{HOSTILE[2]}'\nb: - c\n")
    write(root, "commerce-lint.toml", "exclude = [\"<img src=x onerror=alert(6)>\"]\n[rules]\nmalformed-data-space-id = \"warning\"\n")


# Names that mean something to the languages of the pictures.
MARKS = [
    'a"]-->b["c', "]]; click i0 href \"javascript:alert(7)\"", "%%{init: {'theme': 'dark'}}%%", "end", "-->|x| y", "subgraph z",
    "<b onclick=alert(8)>bold</b>", "&lt;i&gt;", "#35;#quot;", "`**bold** _it_`", "$$x^2$$", "fa:fa-car", "a\nb", "\\N\\l\\", "\\\"", "<script>alert(9)</script>",
    "\u05d0\u05d1", "\U0001f525 \u65e5\u672c", "n" * 40, "{{x}}", "http://example.invalid/", "style i0 fill:red", "]-->",
]


def marked(root):
    """Instances whose names are written in the languages of the pictures."""
    config = ""
    for number, name in enumerate(MARKS):
        write(root, f"{number}/a.yaml", f"{SPACE}: {space(number // 2)}\n")
        config += f"[instances.{json.dumps(name, ensure_ascii=False)}]\nfiles = [\"{number}/a.yaml\"]\n"
    write(root, "commerce-lint.toml", config)


def policed(root):
    """Every kind of waiver, a comment, a baseline's worth of limits, a data space that is only read, and values that nobody can know."""
    for number, kind in enumerate(["prod", "staging", "uat", "dev"]):
        text = f"{SPACE}: {space(max(number, 1))}\nservices_connector/services_id/environment: Testing\n"
        write(root, f"deploy/{kind}.yaml", text)
    read = "pushon_livesearch_readonly/credentials/environment_id"
    write(root, "deploy/demo.yaml", f"{SPACE}: '{{{{ .Values.space }}}}'\n{read}: {space(1)}\n{KEYS}/sandbox_api_key: ${{KEY}}\n")
    write(root, "deploy/qa.yaml", f"# commerce-lint: allow placeholder-value -- made by the pipeline\n{SPACE}: TODO\n{read}: {space(9)}\n")
    waivers = [
        ("shared-data-space", 'path = "deploy/**"', "2027-06-30"), ("placeholder-value", 'instances = ["prod"]', "2027-06-30"),
        ("incomplete-key-pair", 'path = "deploy"', "2027-01-01"), ("unknown-key-version", 'value = "0123456789ab"\npath = "x"', "2029-01-01"),
    ]
    waivers = "".join(f'[[waivers]]\nrule = "{rule}"\n{on}\nreason = "said so"\nexpires = {end}\n' for rule, on, end in waivers)
    head = 'exclude = ["old/**"]\n[policy]\nmax-waiver-days = 90\n[rules]\nplaintext-private-key = "warning"\n[instances.prod]\n'
    write(root, "commerce-lint.toml", f'{head}files = ["deploy/prod.yaml"]\nkind = "production"\n{waivers}')


def many(root):
    """More findings of a rule than have a page of their own."""
    for number in range(200):
        write(root, f"sites/s{number}/prod.yaml", f"{SPACE}: nope-{number}\n")


# Text whose contrast with what stands behind it is below 4.5, lines and controls below 3, and how low it is.
FAINT = """(() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const bytes = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = (bytes) => bytes.slice(0, 3).map((b) => b / 255).map((c) => c <= 0.04045 ? c / 12.92
    : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const contrast = (front, back, opacity) => {
    const [over, under] = [bytes(front), bytes(back)];
    const pair = [light(over.map((b, at) => b * opacity + under[at] * (1 - opacity))), light(under)].sort((a, b) => b - a);
    return (pair[0] + 0.05) / (pair[1] + 0.05);
  };
  const behind = (element) => {
    const box = element.closest('svg g')?.querySelector('rect');
    if (box) return getComputedStyle(box).fill;
    for (let up = element; up; up = up.parentElement) {
      const colour = getComputedStyle(up).backgroundColor;
      if (bytes(colour)[3] === 255) return colour;
    }
    return 'white';
  };
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    const isText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!isText || !element.checkVisibility() || element.closest('script, title, desc')) continue;
    const style = getComputedStyle(element);
    const ratio = contrast(element.closest('svg') ? style.fill : style.color, behind(element), 1);
    if (ratio < 4.5) faint.push(`${element.outerHTML.slice(0, 100)}: ${ratio.toFixed(2)}`);
  }
  for (const element of document.querySelectorAll('.edge, select, input, button')) {
    const style = getComputedStyle(element);
    const isEdge = element.matches('.edge');
    const back = behind(isEdge ? element.closest('section') : element.parentElement);
    const ratio = contrast(isEdge ? style.stroke : style.borderTopColor, back, isEdge ? Number(style.opacity) : 1);
    if (ratio < 3) faint.push(`${element.outerHTML.slice(0, 100)}: ${ratio.toFixed(2)}`);
  }
  return faint.slice(0, 5);
})()"""

SHOWN = "[...document.querySelectorAll('.finding')].filter((finding) => finding.checkVisibility()).length"
TITLE = "commerce-lint: security review"


def run(tool, root, path, *options):
    command = [tool, "report", "--html", path, "--exit-zero", "--now", "2027-06-01", *options, root]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def choose(page, control, value):
    page.js(f"""(() => {{ const control = document.getElementById({json.dumps(control)}); control.value = {json.dumps(value)};
        control.dispatchEvent(new Event('input', {{bubbles: true}})); }})()""")
    return page.js(SHOWN)


def looks(browser, pages):
    """Every page in both schemes, on a desk and on a phone: whole, legible, silent."""
    for name, path in pages.items():
        grounds = set()
        # Below 320 points nobody has to do without moving the page sideways.
        for width, dark in [(1280, False), (1280, True), (390, False), (390, True), (320, False)]:
            page = Page(browser, path, width, dark=dark)
            page.js("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
            wide = page.js("[document.documentElement.scrollWidth, innerWidth]")
            assert wide[0] <= wide[1] == width, (name, width, wide)
            faint = page.js(FAINT)
            assert not faint, (name, "dark" if dark else "light", faint)
            assert page.js("document.title") == TITLE
            assert page.js("document.querySelectorAll('section[id]').length") == 5
            grounds.add(page.js("getComputedStyle(document.body).backgroundColor"))
            if shots := os.environ.get("SHOTS"):
                page.screenshot(f"{shots}/{name}-{width}-{'dark' if dark else 'light'}.png")
            page.quiet()
            page.close()
        assert len(grounds) == 2, (name, grounds)


def filters(browser, path):
    """Each control hides what does not fit and brings it back; without a script there are none, and everything is there."""
    page = Page(browser, path)
    whole = page.js(SHOWN)
    assert whole > 20 and page.js("document.getElementById('filters').checkVisibility()")
    errors = choose(page, "by-severity", "error")
    warnings = choose(page, "by-severity", "warning")
    assert errors > 0 and warnings > 0 and errors + warnings == whole, (errors, warnings, whole)
    assert page.js("document.querySelector('.group.error').checkVisibility()") is False
    choose(page, "by-severity", "")
    one = choose(page, "by-rule", "plaintext-private-key")
    assert 0 < one < whole and page.js("document.querySelectorAll('.rule:not([hidden])').length") == 1
    choose(page, "by-rule", "")
    assert 0 < choose(page, "by-instance", "0") < whole
    choose(page, "by-instance", "")
    assert 0 < choose(page, "by-text", "PLAINTEXT  key") < whole
    assert "Use instead" in page.js("document.querySelector('.finding').textContent")
    assert choose(page, "by-text", "use instead") == 0
    assert choose(page, "by-text", "nothing has this text") == 0
    assert page.js("document.getElementById('none').checkVisibility()")
    assert page.js("document.getElementById('shown').textContent") == f"0 of {whole} shown"
    assert choose(page, "by-text", "") == whole
    page.js("document.getElementById('fold').click()")
    assert page.js("document.querySelectorAll('.finding[open]').length") == 0
    page.js("document.getElementById('unfold').click()")
    assert page.js("document.querySelectorAll('.finding[open]').length") == whole
    page.quiet()
    page.close()
    page = Page(browser, path, script=False)
    assert page.js(SHOWN) == whole and not page.js("document.getElementById('filters').checkVisibility()")
    page.js("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    hidden = "[...document.querySelectorAll('main *:not(#filters, #filters *, #none, .narrow, title, desc)')].filter((one) => !one.checkVisibility())"
    assert page.js(f"{hidden}.length") == 0, page.js(f"{hidden}.slice(0, 3).map((one) => one.outerHTML.slice(0, 100))")
    page.quiet()
    page.close()


KEYS_OF = {"Tab": 9, "Enter": 13, " ": 32}


def press(page, key):
    code = {"key": key, "windowsVirtualKeyCode": KEYS_OF[key], **({} if key == "Tab" else {"text": "\r" if key == "Enter" else key})}
    page.call("Input.dispatchKeyEvent", type="keyDown", **code)
    page.call("Input.dispatchKeyEvent", type="keyUp", **code)


def pages_of_rules(browser, path):
    """Each finding has its rule's page below it: as it is, by a script, or by a link that opens it without one."""
    for script in [True, False]:
        page = Page(browser, path, script=script)
        findings = page.js("document.querySelectorAll('.finding').length")
        assert findings == page.js("document.querySelectorAll('.finding > .page').length") == 200
        stub = "[...document.querySelectorAll('.page')].findLast((one) => one.querySelector(':scope > p > a'))"
        page.js(f"{{ const stub = {stub}; stub.id = 'stub'; stub.parentElement.open = true; stub.querySelector('summary').focus(); }}")
        target = "document.querySelector('#about-malformed-data-space-id')"
        assert page.js(f"{target}.checkVisibility()") is False
        press(page, "Enter")
        if script:
            # The browser tells of it when it gets to it.
            end = time.monotonic() + PATIENCE
            while not page.js("document.querySelector('#stub > .prose')?.checkVisibility()"):
                assert time.monotonic() < end, "the page is not there"
            assert page.js(f"{target}.textContent === document.querySelector('#stub > .prose').textContent")
            assert page.js("[...document.querySelectorAll('[id]')].length === new Set([...document.querySelectorAll('[id]')].map((one) => one.id)).size")
        else:
            press(page, "Tab")
            assert page.js("document.activeElement.matches('#stub a')")
            press(page, "Enter")
            assert page.js("location.hash") == "#about-malformed-data-space-id"
            assert page.js(f"{target}.checkVisibility() && {target}.matches(':target') && {target}.closest('.page').open")
        page.quiet()
        page.close()


def keyboard(browser, path):
    """Everything that can be used is reached by the Tab key, is seen to be, and has a name."""
    page = Page(browser, path)
    wanted = page.js("document.querySelectorAll('a[href], summary, select, input, button, [tabindex]').length")
    shut = "[...document.querySelectorAll('details:not([open]) :is(a, summary, .map)')].filter((one) => !one.checkVisibility()).length"
    wanted -= page.js(shut)
    reached = []
    for _ in range(wanted):
        press(page, "Tab")
        reached.append(page.js("[document.activeElement.matches(':focus-visible'), getComputedStyle(document.activeElement).outlineStyle, document.activeElement.outerHTML.slice(0, 60)]"))
    assert all(visible and outline != "none" for visible, outline, _ in reached), reached
    assert page.js("document.activeElement.matches('.all > summary')"), reached[-1]
    for key, expected in [("Enter", True), (" ", False)]:
        press(page, key)
        assert page.js("document.activeElement.parentElement.open") is expected, key
    named = {"image", "img", "region", "navigation", "search", "combobox", "searchbox", "button", "link", "heading", "table"} - {"table"}
    for node in page.call("Accessibility.getFullAXTree")["nodes"]:
        role = node.get("role", {}).get("value")
        assert node.get("ignored") or role not in named or node.get("name", {}).get("value"), node
    levels = page.js("[...document.querySelectorAll('h1, h2, h3, h4, h5')].map((one) => Number(one.tagName[1]))")
    assert levels[0] == 1 and levels.count(1) == 1 and all(b - a <= 1 for a, b in zip(levels, levels[1:])), levels
    page.quiet()
    page.close()


def policy(browser, path):
    """What is accepted, by what and until when, is told in words that a reader sees."""
    page = Page(browser, path)
    text = page.js("document.getElementById('policy').innerText")
    for words in ["1 finding", "unused", "nothing: expired", "nothing: ends too far ahead", "29 days left", "151 days ago", "0123456789ab",
                  "Comments that accept", "made by the pipeline", "90 days ahead", "old/**", "kind production"]:
        assert words in text, (words, text)
    map_ = page.js("document.getElementById('map').textContent")
    for words in ["also read by 1", "only read; no instance here owns it", "data space: reference", "keys: reference"]:
        assert words in map_, (words, map_)
    page.close()


def nothing_runs(browser, path):
    """No name became an element or a handler; what somebody would put into the page stays without effect."""
    page = Page(browser, path)
    page.js("document.querySelectorAll('*').forEach((one) => one.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})))")
    assert page.js("document.querySelectorAll('script').length") == 1
    assert page.js("document.querySelectorAll('img, iframe, object, embed, link, form, video, audio, base').length") == 0
    handlers = "[...document.querySelectorAll('*')].flatMap((one) => [...one.attributes]).filter((of) => /^(on|style$|src$)/.test(of.name)).length"
    assert page.js(handlers) == 0
    leads = "[...document.querySelectorAll('[href]')].map((one) => one.getAttribute('href')).filter((to) => !/^(#|https:)/.test(to)).length"
    assert page.js(leads) == 0
    text = page.js("document.body.textContent")
    assert "<img src=x onerror=alert(3)>" in text and "\\u{202e}lmay" in text
    assert "\u202e" not in text and "\x1b" not in text
    page.js("new Promise((done) => setTimeout(done, 300))")
    assert page.js("document.title") == TITLE
    page.quiet()
    page.js("{ const script = document.createElement('script'); script.textContent = 'window.owned = 1'; document.body.append(script); }")
    page.js("{ const image = document.createElement('img'); image.src = 'https://example.invalid/x.png'; document.body.append(image); }")
    page.js("document.body.setAttribute('onclick', 'window.owned = 1'); document.body.click()")
    assert page.js("window.owned") is None
    assert page.js("fetch('https://example.invalid/').then(() => 'sent', () => 'refused')") == "refused"
    blocked = [of for of in page.mine("Audits.issueAdded") if of["params"]["issue"]["code"] == "ContentSecurityPolicyIssue"]
    assert len(blocked) >= 4, blocked
    page.close()


def prints(browser, path):
    """On paper every fold is open but the rules' pages, by the script and without it, in the light scheme; afterwards they are as before."""
    for script in [True, False]:
        page = Page(browser, path, dark=True, script=script)
        before = page.js("document.querySelectorAll('details[open]').length")
        assert page.js("document.querySelector('.page .prose').checkVisibility()") is False
        paper = page.pdf()
        assert paper.startswith(b"%PDF-") and len(paper) > 50_000, len(paper)
        assert page.js("document.querySelectorAll('details[open]').length") == before
        page.call("Emulation.setEmulatedMedia", media="print")
        # The pages of the rules are for the screen: on paper the findings stand close together.
        shown = "[...document.querySelectorAll('.finding .page')].filter((one) => one.checkVisibility()).length"
        assert page.js(shown) == 0
        folded = "details .prose, details pre, details li"
        hidden = page.js(f"[...document.querySelectorAll('{folded}')].filter((one) => !one.closest('.copy, .page, .narrow') && !one.checkVisibility()).length")
        assert hidden == 0, (script, hidden)
        assert page.js("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        page.quiet()
        page.close()


def instances(tool, root, form):
    return subprocess.run([tool, "instances", root, "--output-format", form], stdout=subprocess.PIPE, check=False).stdout


def flowcharts(browser, tool, trees, mermaid):
    """Mermaid draws every node and edge that is written for it, and nothing of a name has an effect."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(mermaid, f"{folder}/mermaid.js")
        write(folder, "page.html", f"<!doctype html><meta charset=utf-8><title>{TITLE}</title><script src=mermaid.js></script><body>")
        page = Page(browser, f"{folder}/page.html")
        for name, root in trees.items():
            text = instances(tool, root, "mermaid").decode()
            page.js(f"""(async () => {{
                mermaid.initialize({{startOnLoad: false, securityLevel: 'strict', maxTextSize: 1e6, maxEdges: 1e4}});
                document.body.innerHTML = (await mermaid.render('drawn', {json.dumps(text)})).svg; }})()""")
            nodes = sum(line.startswith("  ") and line.rstrip().endswith((")]", "}}", '"]', ":::shared", "/]")) for line in text.splitlines())
            edges = sum(edge in line for line in text.splitlines() for edge in [" --> ", " ==> ", " --- ", " -. reads .-> "])
            drawn = page.js("[document.querySelectorAll('g.node').length, document.querySelectorAll('.edgePaths path').length]")
            assert drawn == [nodes, edges], (name, drawn, nodes, edges)
            if shots := os.environ.get("SHOTS"):
                page.screenshot(f"{shots}/mermaid-{name}.png")
            if name == "marked":
                labels = page.js("[...document.querySelectorAll('g.node')].map((node) => node.textContent).join('\\n')")
                for mark in MARKS:
                    # What cannot be written has a twin: a line feed, a formula, an icon.
                    for letters, twin in [("\n", "\u2216n"), ("$$", "\uff04$"), (":fa-", "\ua789fa-")]:
                        mark = mark.replace(letters, twin)
                    assert mark in labels, (mark, labels)
            assert page.js("document.querySelectorAll('body script, img, a, iframe, [onclick], [onload], [onerror]').length") == 0, name
            assert page.js("document.title") == TITLE
        said = page.mine("Page.javascriptDialogOpening", "Page.windowOpen", "Runtime.exceptionThrown")
        assert not said, said
        asked = {of["params"]["request"]["url"] for of in page.mine("Network.requestWillBeSent")}
        assert asked == {page.path.as_uri(), page.path.with_name("mermaid.js").as_uri()}, asked
        page.close()


def pictures(tool, trees):
    """Graphviz draws what is written for it."""
    for name, root in trees.items():
        dot = instances(tool, root, "dot")
        drawn = subprocess.run(["dot", "-Tsvg"], input=dot, capture_output=True, check=True)
        assert not drawn.stderr, drawn.stderr
        nodes = drawn.stdout.count(b'class="node"')
        assert nodes >= {"forty": 40 + 37 + 10, "hostile": 10, "policed": 6 + 4, "many": 200, "marked": len(MARKS) * 3 // 2, "empty": 1}[name], (name, nodes)
        assert b"<script" not in drawn.stdout and b"<img" not in drawn.stdout
        if name == "marked":
            words = [html.unescape(word) for word in re.findall("<text [^>]*>(.*?)</text>", drawn.stdout.decode())]
            missing = [mark for mark in MARKS if mark.replace("\n", "\\n") not in words]
            assert not missing, (missing, words)


def main(tool, program, mermaid):
    tool = str(pathlib.Path(tool).resolve())
    with tempfile.TemporaryDirectory() as folder:
        trees, pages = {}, {}
        builds = {"marked": marked, "forty": forty, "hostile": hostile, "policed": policed, "many": many, "empty": lambda root: write(root, "readme.txt", "-\n")}
        for name, build in builds.items():
            trees[name] = f"{folder}/{name}"
            build(trees[name])
            pages[name] = f"{folder}/{name}.html"
            run(tool, trees[name], pages[name], "--threads", "1")
            run(tool, trees[name], f"{folder}/again.html", "--threads", "4")
            # The page names the command that made it.
            again = pathlib.Path(f"{folder}/again.html").read_bytes().replace(b"again.html", f"{name}.html".encode()).replace(b"threads 4", b"threads 1")
            assert pathlib.Path(pages[name]).read_bytes() == again, name
        bare = f"{folder}/bare.html"
        run(tool, trees["policed"], bare, "--no-config", "--no-waivers")
        pages["bare"] = bare
        browser = Browser(program)
        try:
            looks(browser, {name: path for name, path in pages.items() if name != "many"})
            pages_of_rules(browser, pages["many"])
            keyboard(browser, pages["policed"])
            policy(browser, pages["policed"])
            filters(browser, pages["hostile"])
            nothing_runs(browser, pages["hostile"])
            prints(browser, pages["hostile"])
            flowcharts(browser, tool, trees, mermaid)
        finally:
            browser.close()
        pictures(tool, trees)
    print("the page for a review holds in a browser")


if __name__ == "__main__":
    main(*sys.argv[1:])
