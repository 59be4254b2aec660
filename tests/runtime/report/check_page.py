"""check_page.py DUMP_PROFILE: the page works in a browser without a network, in every view.  Exit 77: no chromium."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

dump = sys.argv[1]
browser = shutil.which("chromium") or shutil.which("chromium-browser")
folder = pathlib.Path(tempfile.mkdtemp(prefix="ruff-page-"))

demo, wide = folder / "demo.html", folder / "wide.html"
subprocess.run([dump, str(demo)], check=True)
subprocess.run([dump, "--frames", "5000", str(wide)], check=True)
assert wide.stat().st_size < 300_000, wide.stat().st_size
for page in (demo, wide):
    text = page.read_text()
    assert not re.search(r"(src|href)=|@import|url\(|https?://", text), "the page asks for something outside"

if not browser:
    print("skipped: chromium is not installed")
    sys.exit(77)


def drive(page, script):
    """Runs the script in the page; what it returns."""
    text = page.read_text().replace("</body>", """<pre id="result"></pre><script>
        let result;
        try { result = (() => {%s})(); } catch (error) { result = { error: String(error.stack) }; }
        document.getElementById('result').textContent = JSON.stringify(result);</script></body>""" % script)
    driven = folder / "driven.html"
    driven.write_text(text)
    run = subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1000,700", "--dump-dom",
                          f"--user-data-dir={folder}/browser", "--host-resolver-rules=MAP * ~NOTFOUND", driven.as_uri()],
                         capture_output=True, text=True, timeout=120)
    found = re.search(r'<pre id="result">(.*?)</pre>', run.stdout, re.S)
    assert found, run.stdout[-2000:] + run.stderr[-2000:]
    result = json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    assert not (isinstance(result, dict) and "error" in result), result["error"]
    return result


views = drive(demo, """
    const p = window.profilePage, out = {};
    for (const view of ['flame', 'icicle', 'bottomup', 'table', 'source', 'timeline', 'memory', 'jit', 'sandwich']) {
      p.state.view = view;
      if (view === 'sandwich') p.state.func = D.funcs.findIndex((f) => f[0] === 'work');
      p.refresh();
      const graph = ['flame', 'icicle', 'bottomup', 'sandwich'].includes(view);
      out[view] = graph ? p.rects().map((r) => [r.it.f < 0 ? 'all' : D.funcs[r.it.f][0], Math.round(r.w * 894), r.top]) : document.getElementById('panel').textContent;
    }
    return out;""")
flame = {name: (width, top) for name, width, top in views["flame"]}
assert flame["all"][0] == 894 and flame["work"][0] == 800 and flame["push"][0] == 106, flame
assert flame["all"][1] > flame["main"][1] > flame["work"][1] > flame["push"][1], "a flame grows upward"
icicle = {name: top for name, _, top in views["icicle"]}
assert icicle["all"] < icicle["main"] < icicle["work"] < icicle["push"], "an icicle hangs down"
assert ["work", 545] in [row[:2] for row in views["bottomup"]], "leaves come first, by their own time"
sandwich = [name for name, _, _ in views["sandwich"]]
assert sandwich.count("work") == 1 and "main" in sandwich and "push" in sandwich
assert "work" in views["table"] and "61.0 %" in views["table"]
assert "for i in 0..len(w)" in views["source"] and "63.5 %" in views["source"]
assert "deopt work" in views["timeline"] and "683.6 KiB" in views["timeline"]
assert "4.00 MiB" in views["memory"] and "shared at demo.ruff:4" in views["memory"]
assert "expected int, saw float" in views["jit"] and "try/catch in loop" in views["jit"] and "n/a" in views["jit"]

ranges = drive(demo, """
    const p = window.profilePage, q = (name) => p.rects().filter((r) => r.it.f >= 0 && D.funcs[r.it.f][0] === name).map((r) => [r.it.v, r.it.b, r.it.q]);
    p.state.view = 'flame';
    p.state.range = [0, 0]; p.refresh();
    const first = p.rects().map((r) => r.it.f < 0 ? 'all' : D.funcs[r.it.f][0]), weak = document.getElementById('weak').textContent;
    p.state.range = [0, 1]; p.state.base = [3, 9]; p.refresh();
    const legend = document.getElementById('legend').textContent, work = q('work')[0], load = q('load')[0];
    p.state.shape = 'a'; p.refresh(); const after = q('load').length;
    p.state.shape = 'b'; p.refresh(); const before = q('load').length;
    return { first, weak, legend, work, load, after, before, text: p.describe(p.rects().find((r) => r.it.f >= 0 && D.funcs[r.it.f][0] === 'load').it) };""")
assert "load" in ranges["first"] and "work" not in ranges["first"], ranges["first"]
assert "weak" in ranges["weak"], "few ticks are said to be few"
assert "hatched" in ranges["legend"]
assert ranges["load"][0] == 0 and ranges["load"][1] > 0 and ranges["load"][2] < 0.05, "load is gone, significantly"
assert ranges["work"][2] < 0.05 and ranges["work"][0] > ranges["work"][1]
assert ranges["before"] == 1 and ranges["after"] == 0
assert "removed, significant" in ranges["text"], ranges["text"]

rest = drive(demo, """
    HTMLAnchorElement.prototype.click = () => {}; // a download would keep the browser open
    const p = window.profilePage, search = document.getElementById('search'), press = (key) => document.dispatchEvent(new KeyboardEvent('keydown', { key }));
    search.value = '^(push|helper)$'; search.dispatchEvent(new Event('input'));
    const matched = p.matched();
    search.value = '('; search.dispatchEvent(new Event('input'));
    const bad = search.classList.contains('bad');
    press('Escape');
    const before = document.documentElement.dataset.theme; press('d');
    const after = document.documentElement.dataset.theme;
    press('5'); const view = p.state.view;
    press('1'); press('ArrowUp'); press('ArrowUp');
    return { matched, bad, before, after, view, focus: p.state.focus.f, lines: p.exportText(), overflow: document.documentElement.scrollWidth - innerWidth };""")
assert rest["matched"] == "20.0 % matched", rest["matched"]
assert rest["bad"] and rest["before"] != rest["after"] and rest["view"] == "table" and rest["lines"] >= 10 and rest["overflow"] <= 0
# The difference of two runs in one picture.
subprocess.run([dump, "--diff", str(folder / "diff.html")], check=True)
union = drive(folder / "diff.html", """
    const p = window.profilePage, out = {};
    for (const shape of ['u', 'a', 'b']) {
      p.state.shape = shape; p.refresh();
      out[shape] = Object.fromEntries(p.rects().filter((r) => r.it.f >= 0).map((r) => [D.funcs[r.it.f][0], [Math.round(1000 * r.w), p.describe(r.it)]]));
    }
    return out;""")
assert set(union["u"]) == {"main", "removed", "inner", "work", "added"} and set(union["a"]) == {"main", "work", "added"}
assert set(union["b"]) == {"main", "removed", "inner", "work"}
assert "removed, significant" in union["u"]["removed"][1] and "new, significant" in union["u"]["added"][1]
assert union["b"]["removed"][0] == 400 and union["u"]["removed"][0] == round(1000 * 400 / 1400), "a removed frame keeps its old width"
assert "+40.00 points" in union["u"]["work"][1] and "before 60.0 % (600.0 ms)" in union["u"]["work"][1], union["u"]["work"]
assert drive(wide, "return window.profilePage.rects().length") > 500
shutil.rmtree(folder, ignore_errors=True)
print("the page: ok")
