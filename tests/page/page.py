# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""
What people do with the page, and what a screen reader finds in it: page.py LEASTCALL BROWSER DIRECTORY.
A line a case, then the count. audit.js is run in the page and knows what an accessible one is.
"""
import json
import os
import subprocess
import sys
import time

from browser import Browser

LEASTCALL, PROGRAM, WORK = sys.argv[1:4]
HERE = os.path.dirname(os.path.abspath(__file__))
LOAD_SECONDS, SEARCH_SECONDS = 20, 5
counts = {"ok": 0, "not ok": 0}


def check(holds, words, why=""):
    verdict = "ok" if holds else "not ok"
    counts[verdict] += 1
    print("%s - %s%s" % (verdict, words, "" if holds else ": %s" % str(why)[:600]), flush=True)


def leastcall(*words):
    return subprocess.run([LEASTCALL, *words], check=True, timeout=60, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout.decode()


def page(name, recording):
    path = os.path.join(WORK, name + ".html")
    leastcall("show", "--html", path, recording)
    return "file://" + path


def recording(name, facts):
    path = os.path.join(WORK, name + ".jsonl")
    with open(path, "w", encoding="utf-8") as out:
        for fact in facts:
            out.write(json.dumps({"fact": fact[0], "run": "aaaaaaaaaaaaaaaa", **fact[1]}) + "\n")
    return path


def facts_of(name, calls, paths, exes):
    yield "recording", {"format": 1, "what": name, "target": name, "kernel": name, "machine": "x86_64",
                        "tool": name, "started": "2026-11-22T06:30:00Z", "files": True}
    for i in range(calls):
        yield "syscall", {"workload": name, "exe": exes[i % len(exes)], "abi": "x86_64", "nr": i,
                          "count": i * 7 % 1000 + 1, "first_ns": i * 1000000, "errnos": [0]}
    for path in paths:
        yield "file", {"workload": name, "exe": exes[0], "path": path, "perms": "r", "flags": []}
    yield "note", {"workload": name, "what": "x", "text": name}
    yield "denied", {"workload": name, "exe": exes[0], "abi": "x86_64", "nr": 83, "errno": 1, "count": 1}
    yield "end", {"calls": 1, "events": 1, "dropped": 0, "repaired": 0, "duration_ns": 10 ** 10,
                  "complete": True}


EVIL = "</script><script>top.reached=1</script>\"'><img src=http://127.0.0.1:9/ onerror=top.reached=1>" \
       "</pre></style><svg onload=top.reached=1><a href=javascript:top.reached=1>\u202e\u0007&lt;"


def quiet(browser, words):
    check(not browser.said, words + ": the console says nothing", browser.said)
    asked = {url for url in browser.asked if not url.startswith("file://" + WORK)}
    check(not asked and len(browser.asked) <= 1, words + ": nothing is asked for but the page",
          browser.asked)
    browser.said, browser.asked = [], []


CALLS = "document.querySelector('.searchable tbody')"
NAMES = "[...%s.rows].filter(r => !r.hidden).map(r => r.cells[0].firstChild.textContent.trim())" % CALLS
COUNTS = "[...%s.rows].map(r => Number(r.cells[3].dataset.v))" % CALLS
HEADS = "document.querySelector('.searchable thead').rows[0].cells"


def sorting(browser):
    browser.run(HEADS + "[3].firstChild.click()")
    got = browser.run(COUNTS)
    check(got == sorted(got, reverse=True), "a click on Count sorts, the largest first", got)
    check(browser.run(HEADS + "[3].ariaSort") == "descending" and not browser.run(HEADS + "[1].ariaSort"),
          "... and aria-sort says so, of it alone")
    browser.run(HEADS + "[3].firstChild.focus()")
    browser.key("Enter", 13, "\r")
    check(browser.run(COUNTS) == sorted(got), "Enter on it sorts the other way round")
    browser.run(HEADS + "[0].firstChild.focus()")
    browser.key(" ", 32, " ")
    names = browser.run(NAMES)
    check(names == sorted(names) and browser.run(HEADS + "[0].ariaSort") == "ascending",
          "Space on Call sorts by name", names)


# What a search says comes a moment after the last key.
SAID = """new Promise((done, fail) => {
	const line = %s.querySelector('[role=status]'), was = line.textContent;
	const watch = new MutationObserver(() => done(line.textContent));
	watch.observe(line, {childList: true, characterData: true, subtree: true});
	setTimeout(() => done('nothing was said'), %d);
	const input = %s.querySelector('input');
	input.focus(); input.value = %s;
	input.dispatchEvent(new Event('input', {bubbles: true}));
})"""


def search(browser, label, words, seconds):
    tool = "[...document.querySelectorAll('.tool')].find(t => t.textContent.startsWith('%s'))" % label
    return browser.run(SAID % (tool, seconds * 1000, tool, json.dumps(words)))


def searching(browser):
    every = browser.run(NAMES)
    wanted = [name for name in every if "epoll" in name]
    said = search(browser, "Search calls", "EPOLL", SEARCH_SECONDS)
    check(browser.run(NAMES) == wanted and wanted, "a search leaves the calls with the word",
          browser.run(NAMES))
    check(said == "%d of %d calls" % (len(wanted), len(every)), "... and tells how many, aloud", said)
    search(browser, "Search calls", "medium", SEARCH_SECONDS)
    check(0 < len(browser.run(NAMES)) < len(every), "it knows risks, too")
    search(browser, "Search calls", "", SEARCH_SECONDS)
    check(browser.run(NAMES) == every, "nothing to search for: all of them")


COPY = "[...document.querySelectorAll('.tool button')].find(b => b.ariaLabel.includes(%s))"
CLICK = """new Promise(done => {
	const button = %s, line = button.parentElement.querySelector('[role=status]');
	button.closest('details').open = true;
	new MutationObserver(() => done(line.textContent)).observe(line, {childList: true});
	setTimeout(() => done('nothing was said'), 5000);
	button.click();
})"""


def copying(browser, source):
    browser.call("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    for kind in ("seccomp", "AppArmor"):
        said = browser.run(CLICK % (COPY % json.dumps(kind)))
        check(said == "Copied.", "the %s profile is copied" % kind, said)
        got = browser.run("navigator.clipboard.readText()")
        if kind == "seccomp":
            check(got == leastcall("profile", "seccomp", source), "... as leastcall profile makes it", got)
        else:
            check(got.rstrip().endswith("}") and "profile " in got, "... all of it", got)


FOCUSED = "(e => [e.tagName, e.textContent.trim().slice(0, 30), " \
          "parseFloat(getComputedStyle(e).outlineWidth) ? getComputedStyle(e).outlineStyle : 'none'])" \
          "(document.activeElement)"


def keyboard(browser):
    browser.key("Tab", 9)
    got = browser.run(FOCUSED)
    check(got[:2] == ["A", "Skip to the report"], "the first Tab is at the skip link", got)
    check(browser.run("document.activeElement.getBoundingClientRect().left >= 0"), "... which shows then")
    browser.key("Enter", 13, "\r")
    check(browser.run("document.activeElement.id") == "main", "... and leads to the report")
    wanted = browser.run("[...document.querySelectorAll('main :is(a[href], button, input, summary, "
                         "pre[tabindex])')].filter(e => e.checkVisibility()).length")
    seen, hidden = set(), []
    for _ in range(wanted * 2):
        browser.key("Tab", 9)
        got = browser.run(FOCUSED)
        if got[0] == "BODY":
            break
        place = browser.run("[...document.querySelectorAll('*')].indexOf(document.activeElement)")
        if place in seen:
            break
        seen.add(place)
        if got[2] == "none":
            hidden.append(got)
    check(len(seen) >= wanted, "Tab gets to all of %d controls" % wanted, len(seen))
    check(not hidden, "... and each shows that it has the focus", hidden)


def accessible(browser, words):
    with open(os.path.join(HERE, "audit.js"), encoding="utf-8") as file:
        script = file.read()
    for scheme in ("light", "dark"):
        browser.media(scheme)
        got = browser.run(script)
        check(got["texts"] > 50 and not got["problems"],
              "%s, %s: names, roles, headings, tables, contrast (%d texts)" % (words, scheme, got["texts"]),
              got["problems"])
    browser.media("light")


def sizes(browser, words):
    for width in (320, 400, 1280):
        browser.size(width, 900)
        got = browser.run("document.documentElement.scrollWidth")
        check(got <= width, "%s: %d px are wide enough" % (words, width), got)
    pdf = browser.pdf()
    check(pdf.startswith(b"%PDF") and b"/Type /Page" in pdf, words + ": it prints")
    browser.media("light")


def normal(browser):
    source = os.path.join(HERE, "../golden/container/in.jsonl")
    url = page("normal", source)
    browser.open(url)
    keyboard(browser)
    sorting(browser)
    searching(browser)
    copying(browser, source)
    accessible(browser, "a container")
    sizes(browser, "a container")
    quiet(browser, "a container")
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    rows = browser.run("document.querySelectorAll('tr').length")
    browser.open(url)
    check(browser.run("document.querySelectorAll('tr').length") == rows and
          not browser.run("document.querySelectorAll('button, input').length"),
          "without script all is there, but what needs it")
    browser.call("Emulation.setScriptExecutionDisabled", value=False)
    quiet(browser, "without script")


TRY = """(() => {
	const script = document.createElement('script'), image = document.createElement('img');
	const tries = [
		() => { script.textContent = 'window.reached = 1'; document.body.append(script); },
		() => { image.setAttribute('onerror', 'window.reached = 1'); document.body.append(image); },
		() => { image.src = 'data:,'; },
		() => { document.body.insertAdjacentHTML('beforeend', '<svg onload="window.reached = 1">'); },
		() => { eval('window.reached = 1'); },
		() => { fetch('http://127.0.0.1:9/').catch(() => 0); },
	];
	for (const each of tries)
		try { each(); } catch {}
	return new Promise(done => setTimeout(() => done(window.reached === undefined), 200));
})()"""


def hostile(browser):
    source = recording("hostile", facts_of(EVIL, 10, ["/" + EVIL, "/a/" + EVIL, EVIL], ["/" + EVIL, "/b"]))
    browser.open(page("hostile", source))
    check(browser.run("window.reached === undefined"), "a hostile recording: no script of it runs")
    check(browser.run("document.scripts.length === 1 && !document.images.length && "
                      "document.querySelectorAll('a').length < 20 && "
                      "[...document.links].every(a => a.protocol === 'file:')"),
          "... it makes no element")
    check(browser.run("document.body.textContent.includes('<script>top.reached=1</script>')"),
          "... its names are there to be read")
    check(not browser.run("[...document.querySelectorAll('*')].some(e => [...e.attributes].some("
                          "a => /^on|^style$/i.test(a.name)))"),
          "... no attribute is a script or a style")
    accessible(browser, "a hostile recording")
    sizes(browser, "a hostile recording")
    quiet(browser, "a hostile recording")
    check(browser.run(TRY), "the policy stops what would get into the page all the same")
    browser.said, browser.asked = [], []


def large(browser):
    paths = ["/usr/share/d%03d/e%02d/file-%05d" % (i % 200, i % 20, i) for i in range(20000)]
    exes = ["/usr/bin/program-%d" % i for i in range(30)]
    url = page("large", recording("large", facts_of("large", 335, paths, exes)))
    began = time.monotonic()
    browser.open(url)
    took = time.monotonic() - began
    check(took < LOAD_SECONDS, "20,000 paths: the page is there after %.1f s" % took)
    check(browser.run("document.querySelectorAll('.tree li > .perms').length") == 20000, "... all of them")
    check(browser.run("document.querySelectorAll('.tree details[open]').length") == 1, "... folded in")
    began = time.monotonic()
    said = search(browser, "Search files", "E07/FILE-00", SEARCH_SECONDS)
    took = time.monotonic() - began
    wanted = sum("e07/file-00" in path for path in paths)
    check(said == "%d of 20000 files" % wanted, "a search in them takes %.1f s" % took, said)
    got = browser.run("[...document.querySelectorAll('.tree li > .perms')]"
                      ".filter(e => e.checkVisibility()).length")
    check(got == wanted, "... and unfolds what it finds", got)
    search(browser, "Search files", "", SEARCH_SECONDS)
    check(browser.run("document.querySelectorAll('.tree details[open]').length") == 1,
          "... and folds it in again")
    sorting(browser)
    quiet(browser, "20,000 paths")


def main():
    browser = Browser(PROGRAM, os.path.join(WORK, "profile"))
    try:
        for case in (normal, hostile, large):
            case(browser)
    except (OSError, RuntimeError, TimeoutError, EOFError, subprocess.SubprocessError) as error:
        check(False, "the browser does what it is told", repr(error))
    finally:
        browser.close()
    print("%d passed, %d failed, 0 skipped" % (counts["ok"], counts["not ok"]))
    return 1 if counts["not ok"] else 0


sys.exit(main())
