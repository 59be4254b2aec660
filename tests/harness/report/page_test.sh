#!/bin/sh
# Opens the HTML report in headless Chromium: sorts a table, filters benchmarks, switches the theme, and looks for errors.
# Usage: page_test.sh RUFFBENCH PEERS    Exit 77 (skipped) without Chromium.
set -eu
ruffbench=$1
peers=$2
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
    echo "skipped: no chromium in PATH (Debian: apt-get install chromium)"
    exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$peers" "$work/peers"
"$ruffbench" -C "$work/peers" run task unknown --langs good,twin,wrong --blocks 6 --budget 1ms -q --db "$work/page.db" || [ $? = 4 ]
"$ruffbench" report html --db "$work/page.db" -o "$work/page.html" -q

# The same page with a listener for errors in front and a reader's clicks behind; what it found ends up in the DOM.
cat > "$work/head" <<'JS'
<script>
window.found = [];
window.addEventListener('error', (event) => found.push('ERROR ' + event.message));
console.error = (text) => found.push('ERROR ' + text);
</script>
JS
cat > "$work/tail" <<'JS'
<script>
window.addEventListener('load', () => {
  const say = (name, value) => found.push(name + ' ' + value);
  const table = document.querySelector('#startup table');
  const head = table.tHead.rows[0].cells[1], first = () => table.tBodies[0].rows[0].cells[1].textContent;
  const numbers = () => Array.from(table.tBodies[0].rows, (row) => parseFloat(row.cells[1].textContent)).filter((n) => !Number.isNaN(n));
  const ordered = (sign) => numbers().every((n, i, all) => i === 0 || sign * (n - all[i - 1]) >= 0);
  head.click();
  say('ascending', head.getAttribute('aria-sort') === 'ascending' && ordered(1));
  head.click();
  say('descending', head.getAttribute('aria-sort') === 'descending' && ordered(-1));
  const visible = () => Array.from(document.querySelectorAll('article')).filter((card) => getComputedStyle(card).display !== 'none').length;
  const input = document.getElementById('filter');
  say('all', visible());
  input.value = 'unkn';
  input.dispatchEvent(new Event('input'));
  say('filtered', visible());
  input.value = '';
  input.dispatchEvent(new Event('input'));
  const background = () => getComputedStyle(document.body).backgroundColor;
  const before = background();
  document.getElementById('theme').click();
  say('theme', background() !== before);
  document.getElementById('theme').click();
  say('back', background() === before);
  say('overflow', document.documentElement.scrollWidth > innerWidth);
  say('loaded', performance.getEntriesByType('resource').length);
  document.title = 'FOUND ' + found.join('; ') + ' END';
});
</script>
JS
sed -e "/<\/style>/r $work/head" -e "/<\/body>/r $work/tail" "$work/page.html" > "$work/probe.html"
for width in 500 1200; do
    "$browser" --headless --no-sandbox --disable-gpu --window-size=$width,900 --virtual-time-budget=5000 \
        --user-data-dir="$work/profile" --dump-dom "file://$work/probe.html" 2> /dev/null |
        grep -o "<title>FOUND .* END" | sed "s/<title>//" > "$work/found"
    expected="FOUND ascending true; descending true; all 2; filtered 1; theme true; back true; overflow false; loaded 0 END"
    if [ "$(cat "$work/found")" != "$expected" ]; then
        echo "at $width pixels"
        echo "expected $expected"
        echo "got      $(cat "$work/found")"
        exit 1
    fi
done
echo "sorted, filtered, switched the theme; no errors, nothing loaded, no sideways scrolling"
