"""Opens each page of a file of URLs in Chromium, narrow and wide, in three languages, and reports what axe finds. Then
what those pages lead to, and pages of a cohort that is made for it with the token in TRADEWIND_TOKEN.

Exits 1 where there is a violation, where a page is wider than a phone, or where one can't register with the keyboard or
rank firms with the keyboard, the pointer or by dragging.
"""

import datetime
import json
import os
import shutil
import sys
import urllib.request
import uuid
from pathlib import Path
from urllib.parse import urljoin, urlsplit

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


class Office:
    """A cohort whose lists are open, made over the API."""

    def __init__(self, base, token):
        self.base, self.token = base, token
        tomorrow = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
        cohort = self.post("/cohorts", {
            "slug": f"verify-{uuid.uuid4().hex[:8]}", "title": {"en": "Browser check", "zh-Hant": "瀏覽器檢查"},
            "rankingDeadline": tomorrow.strftime("%Y-%m-%dT%H:%M:%SZ"), "maximumChoices": 5,
        })["id"]
        path = f"/cohorts/{cohort}"
        for state in ("open", "ranking"):
            self.send(f"{path}/state", json.dumps({"state": state}).encode(), "application/json", "PUT")
        universities = self.post(
            f"{path}/universities", {"universities": [{"code": "ntu", "name": {"en": "University"}}]})["universities"]
        self.firms = [f"Firm {number}" for number in range(1, 7)]
        firms = self.post(f"{path}/firms", {"firms": [
            {"code": f"firm-{number}", "name": {"en": name}, "capacity": 2}
            for number, name in enumerate(self.firms)]})["firms"]
        nominated = self.post(f"{path}/nominations", {"university": "ntu", "students": [
            {"name": f"Student {number}", "email": f"{uuid.uuid4().hex}@example.org", "language": "en", "economy": "VN"}
            for number in range(2)]})
        self.lists = [entry["rankingLink"] for entry in nominated["applicants"]]
        home = self.post(f"{path}/staff-links", {"name": "verify"})["link"]
        faulty = self.send(f"{path}/imports/firms", b"code,name.en,capacity\nhtc,HTC,many\nasus,ASUS,1\n", "text/csv")
        coordinator = self.get(f"/universities/{universities[0]['id']}/link")["link"]
        recruiter = self.get(f"/firms/{firms[0]['id']}/link")["link"]
        self.pages = [*self.lists, home, f"{home}/imports/{faulty['id']}", coordinator, recruiter]
        for other in self.get("/cohorts")["items"]:
            if other["state"] == "published":
                self.pages.append(self.post(f"/cohorts/{other['id']}/staff-links", {"name": "verify"})["link"])

    def get(self, path):
        return self.open(urllib.request.Request(f"{self.base}/matchmaking/api{path}"))

    def post(self, path, body):
        return self.send(path, json.dumps(body).encode(), "application/json")

    def send(self, path, data, kind, method="POST"):
        headers = {"Content-Type": kind, "Idempotency-Key": str(uuid.uuid4()), "If-Match": "*"}
        url = f"{self.base}/matchmaking/api{path}"
        return self.open(urllib.request.Request(url, data=data, headers=headers, method=method))

    def open(self, request):
        request.add_header("Authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)


def led_to(page, url):
    """Pages for the same holder that a page leads to; not files, and not the page itself in another language."""
    page.goto(url)
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    links = {urljoin(url, link).split("#")[0] for link in found}
    own = urlsplit(url).path
    return sorted(
        link for link in links
        if "/l/" in link and urlsplit(link).path != own and "." not in urlsplit(link).path.rsplit("/", 1)[-1][-6:]
    )


def saved_list(page):
    return [text.strip() for text in page.locator("section[aria-labelledby=yours] ol li").all_inner_texts()]


def expect_saved(page, url, wanted, how):
    if saved_list(page) != wanted:
        faults.append(f"{url}: ranking by {how} saved {saved_list(page)}, not {wanted}")


def rank_with_keyboard(page, url, firms):
    """Ranks the third, the first and the second firm with Tab, arrows and Enter only."""
    page.goto(localized(url, "en"))
    steps = {"choice1": 3, "choice2": 1, "choice3": 2}
    for _ in range(120):
        page.keyboard.press("Tab")
        field = page.evaluate(
            "(() => { const e = document.activeElement; const s = getComputedStyle(e);"
            " return {tag: e.tagName, name: e.name || '', type: e.type || '',"
            " saves: !!e.closest('section[aria-labelledby=change]'),"
            " ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0}; })()"
        )
        if field["tag"] != "BODY" and not field["ring"]:
            faults.append(f"{url}: no visible focus on {field}")
        for _ in range(steps.pop(field["name"], 0)):
            page.keyboard.press("ArrowDown")
        if field["type"] == "submit" and field["saves"]:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            break
    expect_saved(page, url, [firms[2], firms[0], firms[1]], "keyboard")


def rank_with_pointer(page, url, firms):
    """Ranks two firms by touch, and then the other way round."""
    for order in ([4, 5], [5, 4]):
        page.goto(localized(url, "en"))
        for number, firm in enumerate(order, start=1):
            field = page.locator(f"[name=choice{number}]")
            field.scroll_into_view_if_needed()
            box = field.bounding_box()
            if box["height"] < 44 or box["x"] < 0 or box["x"] + box["width"] > page.viewport_size["width"]:
                faults.append(f"{url}: field {number} can't be touched well: {box}")
            field.tap()
            field.select_option(index=firm + 1)
        with page.expect_navigation():
            page.locator("section[aria-labelledby=change] button[type=submit]").tap()
        expect_saved(page, url, [firms[firm] for firm in order], "pointer")


def rank_by_dragging(page, url):
    """Drags the last entry of a list to its top, with the one script that the policy allows."""
    refused = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.goto(localized(url, "en"))
    before = saved_list(page)
    handles = page.locator("ol[data-movable] .handle")
    if handles.count() != len(before):
        faults.append(f"{url}: {handles.count()} handles for {len(before)} entries")
        return
    page.locator("ol[data-movable] li").last.scroll_into_view_if_needed()
    start, target = handles.last.bounding_box(), page.locator("ol[data-movable] li").first.bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    with page.expect_navigation():
        page.mouse.move(start["x"] + 5, target["y"] + 5, steps=8)
        page.mouse.up()
    expect_saved(page, url, [before[-1], *before[:-1]], "dragging")
    faults.extend(f"{url}: {text}" for text in refused)


def main():
    urls = Path(sys.argv[1]).read_text().split()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        base = "{0.scheme}://{0.netloc}".format(urlsplit(urls[0]))
        office = Office(base, os.environ["TRADEWIND_TOKEN"])
        urls += [url for url in office.pages if url not in urls]
        # Two steps from each page that somebody is given.
        for _ in range(2):
            urls += sorted({link for url in urls if "/l/" in url for link in led_to(page, url)} - set(urls))[:30]
        for url in urls:
            for language, width in (("en", 1280), ("th", 390), ("zh-Hant", 390)):
                check(page, url, language, width)
        plain = browser.new_context(java_script_enabled=False).new_page()
        summit = next((u for u in urls if "/events/" in u and "/l/" not in u), None)
        if summit:
            register(plain, summit)
        phone = {key: value for key, value in playwright.devices["Pixel 7"].items() if key != "default_browser_type"}
        without_scripts = browser.new_context(**phone, java_script_enabled=False)
        rank_with_keyboard(without_scripts.new_page(), office.lists[0], office.firms)
        rank_with_pointer(browser.new_context(**phone).new_page(), office.lists[1], office.firms)
        rank_by_dragging(browser.new_page(), office.lists[0])
        browser.close()
    for fault in faults:
        print(fault)
    print(f"{len(urls)} pages, {len(faults)} faults")
    sys.exit(1 if faults else 0)


main()
