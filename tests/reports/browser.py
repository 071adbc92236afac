#!/usr/bin/env python3
"""Opens a page in headless Chromium as a reader would: the filter works, nothing is complained about or asked for.

Usage: browser.py PAGE [SCREENSHOTS]        PAGE is a report of `ssec run --format html=PAGE` in which cases differ
Speaks the DevTools protocol over a pipe (--remote-debugging-pipe), so that nothing but Python is needed.
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile

TIMEOUT = 60  # seconds that the browser may live


class Browser:
    """A Chromium with one tab; events other than answers are kept."""

    def __init__(self, program, profile):
        ours, theirs = os.pipe(), os.pipe()
        command = [
            *("timeout", str(TIMEOUT), program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *("--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank"),
        ]

        def at_3_and_4():
            # The protocol reads from 3 and writes to 4.
            low, high = os.dup(ours[0]), os.dup(theirs[1])
            os.dup2(low, 3), os.dup2(high, 4)

        self.process = subprocess.Popen(
            command, preexec_fn=at_3_and_4, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(ours[0]), os.close(theirs[1])
        self.to, self.of = os.fdopen(ours[1], "wb", 0), os.fdopen(theirs[0], "rb")
        self.number, self.session, self.events, self.rest = 0, None, [], b""
        (tab,) = [t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page"]
        attached = self.call("Target.attachToTarget", targetId=tab["targetId"], flatten=True)
        self.session = attached["sessionId"]

    def receive(self):
        while b"\0" not in self.rest:
            chunk = self.of.read1(65536)
            if not chunk:
                sys.exit("the browser went away")
            self.rest += chunk
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.to.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                assert "error" not in answer, answer
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.receive())

    def ask(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key, text=""):
        code = {"Tab": 9, "Enter": 13, "Escape": 27}.get(key, 0)
        if key == "Enter":
            text = "\r"
        what = dict(key=key, text=text, windowsVirtualKeyCode=code)
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **what)
        self.call("Input.dispatchKeyEvent", type="keyUp", **what)

    def picture(self, path):
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def looks(self, width, height, scheme):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])


SHOWN = "document.querySelectorAll('ol.cases > li:not([hidden])').length"
ALL = "document.querySelectorAll('ol.cases > li').length"


def check(browser):
    """What a reader does with keyboard and mouse."""
    everything, differing = browser.ask(ALL), browser.ask(SHOWN)
    assert 0 < differing < everything, (differing, everything)
    assert f"{differing} of {everything}" in browser.ask("document.getElementById('shown').textContent")

    # `/` goes to the text; what is typed narrows the list; Escape empties it.
    browser.press("/", "/")
    name = browser.ask("document.querySelector('ol.cases > li code').textContent")
    for letter in name:
        browser.press(letter, letter)
    assert browser.ask("document.activeElement.value") == name
    assert browser.ask(SHOWN) == 1, browser.ask(SHOWN)
    browser.press("Escape")
    assert browser.ask(SHOWN) == differing

    # A verdict, then an area.
    browser.ask("document.querySelector('[name=verdict][value=pass]').click()")
    assert browser.ask(SHOWN) > differing
    area = browser.ask("document.querySelector('#filter').area.options[1].value")
    browser.ask("(f => { f.area.selectedIndex = 1; f.dispatchEvent(new Event('input')) })(document.querySelector('#filter'))")
    areas = browser.ask("[...new Set([...document.querySelectorAll('ol.cases > li:not([hidden])')].map(i => i.dataset.area))].join()")
    assert areas == area, (areas, area)

    # A number in the table of areas shows its cases; j and k walk, Enter unfolds.
    browser.ask("document.querySelector('tfoot button').click()")
    count = browser.ask("Number(document.querySelector('tfoot button').textContent)")
    assert browser.ask(SHOWN) == count, (browser.ask(SHOWN), count)
    browser.press("j", "j")
    browser.press("k", "k")
    browser.press("Enter")
    assert browser.ask("document.activeElement.parentElement.open"), "Enter unfolds the case"

    # The colours follow the reader's.
    back = "getComputedStyle(document.body).backgroundColor"
    browser.looks(1280, 1600, "dark")
    dark = browser.ask(back)
    browser.looks(1280, 1600, "light")
    assert dark != browser.ask(back), dark
    browser.looks(360, 800, "light")
    assert browser.ask("document.documentElement.scrollWidth <= innerWidth"), "a narrow page does not scroll sideways"


def main():
    page, program = pathlib.Path(sys.argv[1]).resolve(), os.environ.get("CHROMIUM", "chromium")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        for domain in ("Page", "Runtime", "Log", "Network"):
            browser.call(f"{domain}.enable")
        browser.looks(1280, 1600, "light")
        browser.call("Page.navigate", url=page.as_uri())
        browser.wait_for("Page.loadEventFired")
        pictures = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
        if pictures:
            browser.picture(pictures / "light.png")
        check(browser)
        if pictures:
            browser.looks(1280, 1600, "dark")
            browser.picture(pictures / "dark.png")
            browser.looks(360, 800, "light")
            browser.picture(pictures / "narrow.png")
        asked = [e["params"]["request"]["url"] for e in browser.events if e.get("method") == "Network.requestWillBeSent"]
        complaints = [
            e["params"]
            for e in browser.events
            if e.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")
        ]
        browser.process.terminate()
        browser.process.wait()
    outside = [url for url in asked if url != page.as_uri() and not url.startswith("data:")]
    assert not outside, outside
    assert not complaints, complaints
    print(f"{page.name}: the filter works, nothing was complained about, nothing was asked for")


if __name__ == "__main__":
    main()
