"""Opens each page of a file of URLs in Chromium, narrow and wide, in two languages, and reports what axe finds.

Exits 1 where there is a violation, where a page is wider than a phone, or where one can't register with the keyboard.
"""

import shutil
import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

faults = []


def localized(url, language):
    return f"{url}{'&' if '?' in url else '?'}lang={language}"


def check(page, url, language, width):
    page.set_viewport_size({"width": width, "height": 900})
    answer = page.goto(localized(url, language))
    if not answer or answer.status != 200:
        faults.append(f"{url}: status {answer.status if answer else 'none'}")
        return
    for violation in Axe().run(page).response["violations"]:
        nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
        faults.append(f"{url} ({language}, {width} px): {violation['id']} ({violation['impact']}): {nodes}")
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if overflow > 0:
        faults.append(f"{url} ({language}, {width} px): {overflow} px wider than the screen")


def register(page, url):
    """Fills the form with Tab, letters, space and Enter only."""
    page.goto(localized(url, "en"))
    answers = {"text": "Ánh Nguyệt", "email": "anh.nguyet@visitor.example"}
    for _ in range(80):
        page.keyboard.press("Tab")
        field = page.evaluate(
            "(() => { const e = document.activeElement; const s = getComputedStyle(e);"
            " return {tag: e.tagName, type: e.type || '', name: e.name || '', checked: !!e.checked,"
            " ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0}; })()"
        )
        if field["tag"] != "BODY" and not field["ring"]:
            faults.append(f"{url}: no visible focus on {field}")
        if field["type"] in answers and not page.evaluate("document.activeElement.value"):
            page.keyboard.type(answers[field["type"]])
        elif field["tag"] == "SELECT" and not page.evaluate("document.activeElement.value"):
            page.keyboard.press("ArrowDown")
        elif field["type"] == "checkbox" and not field["checked"]:
            page.keyboard.press("Space")
        elif field["type"] == "submit" and field["tag"] == "BUTTON":
            with page.expect_navigation():
                page.keyboard.press("Enter")
            break
    if "/events/l/" not in page.url:
        faults.append(f"{url}: the form led to {page.url}, not to a registration: {page.inner_text('main')[:500]}")


def main():
    urls = Path(sys.argv[1]).read_text().split()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        for url in urls:
            for language, width in (("en", 1280), ("th", 390), ("zh-Hant", 390)):
                check(page, url, language, width)
        plain = browser.new_context(java_script_enabled=False).new_page()
        summit = next((u for u in urls if "/events/" in u and "/l/" not in u), None)
        if summit:
            register(plain, summit)
        browser.close()
    for fault in faults:
        print(fault)
    print(f"{len(urls)} pages, {len(faults)} faults")
    sys.exit(1 if faults else 0)


main()
