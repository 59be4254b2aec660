'use strict';
// A click zooms, a click on the lowest bar zooms out, Search marks names by a regular expression.
(() => {
  const svg = document.documentElement, all = [...svg.querySelectorAll('.f')], W = +svg.dataset.width;
  const at = new Map(all.map((g) => {
    const r = g.querySelector('rect');
    return [g, { r, t: g.querySelector('text'), x: +r.getAttribute('x'), w: +r.getAttribute('width'), y: +r.getAttribute('y') }];
  }));
  const label = (it, w) => {
    if (!it.t) return;
    const name = it.t.dataset.n, room = Math.floor((w - 6) / 6.7);
    it.t.textContent = room < 3 ? '' : name.length <= room ? name : name.slice(0, room - 1) + '\u2026';
  };
  function zoom(target) {
    const z = at.get(target), scale = (W - 20) / z.w;
    for (const g of all) {
      const it = at.get(g), inside = it.x >= z.x - 1e-6 && it.x + it.w <= z.x + z.w + 1e-6 && it.y <= z.y;
      const around = it.x <= z.x + 1e-6 && it.x + it.w >= z.x + z.w - 1e-6 && it.y > z.y;
      g.style.display = inside || around ? '' : 'none';
      g.classList.toggle('up', around);
      const x = around ? 10 : 10 + (it.x - z.x) * scale, w = around ? W - 20 : it.w * scale;
      it.r.setAttribute('x', x);
      it.r.setAttribute('width', w);
      if (it.t) it.t.setAttribute('x', x + 3);
      label(it, w);
    }
  }
  svg.addEventListener('click', (event) => {
    const g = event.target.closest('.f');
    if (g) zoom(g);
    if (event.target.id === 'search') {
      const text = prompt('Mark names that match (regular expression):', '');
      if (text === null) return;
      let pattern;
      try { pattern = new RegExp(text || '$^'); } catch (error) { alert(error.message); return; }
      const found = [];
      for (const g2 of all) {
        const hit = !!text && pattern.test(g2.querySelector('title').textContent.split('\n')[0]);
        g2.classList.toggle('hit', hit);
        if (hit) found.push(at.get(g2));
      }
      found.sort((a, b) => a.x - b.x || b.w - a.w);
      let end = -1, sum = 0;
      for (const it of found) if (it.x >= end - 1e-6) { sum += it.w; end = it.x + it.w; }
      event.target.textContent = text ? 'matched ' + (100 * sum / (W - 20)).toFixed(1) + ' %' : 'Search';
    }
  });
})();
