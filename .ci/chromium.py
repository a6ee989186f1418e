"""Chromium over its debugging pipe: a browser that finds nothing but files, and pages in it. Python's standard library is all it needs."""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions", "--disable-dev-shm-usage",
    "--disable-domain-reliability", "--metrics-recording-only", "--no-pings", "--remote-debugging-pipe",
    # Whatever asks for a name is told that there is none.
    "--host-resolver-rules=MAP * ~NOTFOUND",
]
PATIENCE = 60


class Browser:
    """One browser with a profile of its own."""

    def __init__(self, program):
        self.profile = tempfile.mkdtemp()
        to_browser, self.writer = os.pipe()
        self.reader, from_browser = os.pipe()

        def pipes():
            # The browser reads at 3 and writes at 4.
            kept = os.dup2(to_browser, 100), os.dup2(from_browser, 101)
            os.dup2(kept[0], 3)
            os.dup2(kept[1], 4)

        self.process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={self.profile}", "about:blank"],
            preexec_fn=pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        os.set_blocking(self.reader, False)
        self.buffer, self.number, self.events = b"", 0, []

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.writer)
        os.close(self.reader)
        shutil.rmtree(self.profile, ignore_errors=True)

    def message(self, end):
        while b"\0" not in self.buffer:
            if time.monotonic() > end:
                return None
            try:
                more = os.read(self.reader, 1 << 20)
            except BlockingIOError:
                time.sleep(0.01)
                continue
            if not more:
                sys.exit("the browser ended")
            self.buffer += more
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        self.number += 1
        call = {"id": self.number, "method": method, "params": parameters}
        if session:
            call["sessionId"] = session
        data = json.dumps(call).encode() + b"\0"
        while data:
            data = data[os.write(self.writer, data):]
        end = time.monotonic() + PATIENCE
        while message := self.message(end):
            if message.get("id") == self.number:
                assert "error" not in message, (method, message)
                return message["result"]
            self.events.append(message)
        raise AssertionError(f"no answer to {method}")

    def wait(self, event, session):
        end = time.monotonic() + PATIENCE
        while True:
            for message in self.events:
                if message.get("method") == event and message.get("sessionId") == session:
                    return message
            message = self.message(end)
            assert message, f"no {event}"
            self.events.append(message)


class Page:
    """A file in a tab of its own, with all that happens in it."""

    def __init__(self, browser, path, width=1280, height=900, dark=False, script=True):
        self.browser, self.path = browser, pathlib.Path(path).resolve()
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network", "Audits"]:
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", features=scheme)
        if not script:
            self.call("Emulation.setScriptExecutionDisabled", value=True)
        self.call("Page.navigate", url=self.path.as_uri())
        # The blank page before may be heard of late.
        browser.wait("Page.loadEventFired", self.session)
        end = time.monotonic() + PATIENCE
        while self.js("document.readyState + document.URL") != "complete" + self.path.as_uri():
            assert time.monotonic() < end, "the page does not load"
            time.sleep(0.02)

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def js(self, expression):
        # Not `eval`: the page's own policy forbids it, and holds.
        done = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def screenshot(self, path, whole=True):
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        pathlib.Path(path).write_bytes(base64.b64decode(shot["data"]))

    def pdf(self):
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"])

    def mine(self, *methods):
        events = self.browser.events
        return [of for of in events if of.get("sessionId") == self.session and of.get("method") in methods]

    def quiet(self):
        """No word on the console, no dialog, no request but for the file itself."""
        said = self.mine(
            "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded", "Audits.issueAdded",
            "Page.javascriptDialogOpening", "Page.windowOpen", "Network.webSocketCreated",
        )
        assert not said, said
        asked = {of["params"]["request"]["url"] for of in self.mine("Network.requestWillBeSent")}
        assert asked == {self.path.as_uri()}, asked

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)
