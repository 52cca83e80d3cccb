# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""
One headless Chromium, driven over a pipe by its DevTools protocol. It notes what the console said, what
was asked of the network, and every exception. Knows nothing of the page. Needs nothing but Python.
"""
import base64
import json
import os
import select
import subprocess
import time


class Browser:
    """Each call is bounded in time; the browser is ended with the object."""

    def __init__(self, program, profile, seconds=60):
        self.seconds, self.number, self.buffer = seconds, 0, b""
        self.said, self.asked, self.session = [], [], None
        to_read, self.to = os.pipe()
        self.of, to_write = os.pipe()
        # The program finds them as 3 and 4, whatever they are here.
        command = 'exec "$@" 3<&%d 4>&%d' % (to_read, to_write)
        self.process = subprocess.Popen(
            ["bash", "-c", command, "-", program, "--headless=new", "--remote-debugging-pipe",
             "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-extensions",
             "--user-data-dir=" + profile, "about:blank"],
            pass_fds=(to_read, to_write), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")

    def _message(self, deadline):
        while b"\0" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.of], [], [], left)[0]:
                raise TimeoutError("the browser did not answer")
            data = os.read(self.of, 1 << 20)
            if not data:
                raise EOFError("the browser has gone")
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(line)
        self._note(message.get("method"), message.get("params", {}))
        return message

    def _note(self, method, params):
        if method == "Runtime.consoleAPICalled":
            self.said.append(json.dumps(params["args"])[:300])
        elif method == "Runtime.exceptionThrown":
            self.said.append(json.dumps(params["exceptionDetails"])[:500])
        elif method == "Log.entryAdded":
            self.said.append(params["entry"]["text"][:300])
        elif method == "Page.javascriptDialogOpening":
            self.said.append("dialog: " + params["message"][:100])
        elif method == "Network.requestWillBeSent":
            self.asked.append(params["request"]["url"][:200])

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        return self.wait(lambda got: got.get("id") == self.number, method)

    def wait(self, wanted, what):
        deadline = time.monotonic() + self.seconds
        while True:
            message = self._message(deadline)
            if "error" in message and wanted(message):
                raise RuntimeError("%s: %s" % (what, message["error"]))
            if wanted(message):
                return message.get("result", {})

    def open(self, url):
        self.call("Page.navigate", url=url)
        self.wait(lambda got: got.get("method") == "Page.loadEventFired", "load")

    def run(self, script):
        """The value of an expression, promises waited for."""
        got = self.call("Runtime.evaluate", expression=script, awaitPromise=True,
                        returnByValue=True, userGesture=True,
                        allowUnsafeEvalBlockedByCSP=False)
        if "exceptionDetails" in got:
            raise RuntimeError(json.dumps(got["exceptionDetails"])[:500])
        return got["result"].get("value")

    def key(self, key, code, text=""):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key if len(key) > 1 else "",
                      windowsVirtualKeyCode=code, text=text if kind == "keyDown" else "")

    def media(self, scheme):
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": scheme}])

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)

    def picture(self, path, **params):
        with open(path, "wb") as file:
            file.write(base64.b64decode(
                self.call("Page.captureScreenshot", format="png", **params)["data"]))

    def pdf(self):
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"])

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.to)
        os.close(self.of)
