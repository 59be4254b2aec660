'use strict';
// Everything is drawn from D, the profile: nodes of the call tree (parents before children), samples of nodes by time
// slice, functions, lines, sites, events.  A view builds a tree of {f, v, b, s, t, c}: function, weight, weight before,
// weight of itself, tier, children; the graph draws any such tree.
(() => {
  const $ = (id) => document.getElementById(id), root = document.documentElement, N = D.parent.length;
  const hasDiff = !!D.diff;
  const esc = (text) => String(text).replace(/[&<>"]/g, (c) => '&#' + c.charCodeAt(0) + ';');
  // ---- numbers ----
  const pct = (x) => (100 * x).toFixed(100 * x < 10 ? 2 : 1) + ' %';
  const bytes = (n) => n < 1024 ? n + ' B' : n < 1048576 ? (n / 1024).toFixed(1) + ' KiB' : (n / 1048576).toFixed(2) + ' MiB';
  const time = (us) => us >= 1e6 ? (us / 1e6).toFixed(3) + ' s' : us >= 1000 ? (us / 1000).toFixed(1) + ' ms' : us.toFixed(0) + ' us';
  const count = (n) => n === null || n === undefined ? 'n/a' : String(n).replace(/\B(?=(\d{3})+$)/g, '\u2009');
  const METRICS = [
    { key: 'cpu', name: 'CPU time', show: time }, { key: 'wall', name: 'wall time', show: time },
    { key: 'alloc', name: 'allocated (estimate)', show: bytes }];
  const wilson = (k, n) => {
    if (!n) return [0, 1];
    const z = 1.959964, p = k / n, d = 1 + z * z / n, c = (p + z * z / (2 * n)) / d;
    const h = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d;
    return [Math.max(0, c - h), Math.min(1, c + h)];
  };
  // Two-sided p of equal shares; erfc by Abramowitz and Stegun 7.1.26.
  const erfc = (x) => {
    const t = 1 / (1 + 0.3275911 * x);
    return t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-x * x);
  };
  const sharesP = (k1, n1, k2, n2) => {
    if (!n1 || !n2) return 1;
    const p = (k1 + k2) / (n1 + n2), se = Math.sqrt(p * (1 - p) * (1 / n1 + 1 / n2));
    return se ? erfc(Math.abs(k1 / n1 - k2 / n2) / se / Math.SQRT2) : 1;
  };
  const adjust = (ps) => { // Benjamini and Hochberg
    const order = ps.map((p, i) => i).sort((a, b) => ps[b] - ps[a]), out = [];
    let least = 1;
    order.forEach((i, at) => { least = Math.min(least, ps[i] * ps.length / (ps.length - at)); out[i] = least; });
    return out;
  };
  // ---- the model ----
  const func = (f) => D.funcs[f];
  const label = (f) => f < 0 ? 'all' : func(f)[0];
  const place = (f) => f < 0 ? '' : func(f)[1] ? D.files[func(f)[1]].name + ':' + func(f)[2] : D.kinds[func(f)[3]];
  const state = { view: 'flame', metric: 'cpu', range: null, base: null, zoom: null, focus: null, func: -1, pattern: null, sort: {},
    color: 't', shape: 'u', file: -1, memory: 'bytes' };
  function selfWeights(metric, range) {
    const self = new Float64Array(N), of = D.samples[metric];
    for (let i = 0; i < D.samples.node.length; i++) {
      const slice = D.samples.slice[i];
      if (!range || (slice >= range[0] && slice <= range[1])) self[D.samples.node[i]] += of[i];
    }
    return self;
  }
  const ticksIn = (range) => D.samples.ticks.reduce((sum, n, i) =>
    sum + (D.samples.cpu[i] && (!range || (D.samples.slice[i] >= range[0] && D.samples.slice[i] <= range[1])) ? n : 0), 0);
  const tickWeights = (range) => {
    const self = new Float64Array(N);
    for (let i = 0; i < D.samples.node.length; i++)
      if (D.samples.cpu[i] && (!range || (D.samples.slice[i] >= range[0] && D.samples.slice[i] <= range[1]))) self[D.samples.node[i]] += D.samples.ticks[i];
    return self;
  };
  const totals = (self) => {
    const total = Float64Array.from(self);
    for (let i = N - 1; i > 0; i--) total[D.parent[i]] += total[i];
    return total;
  };
  // What is shown: weights of each node now and before (comparing), whether a change is significant.
  let W;
  function weigh() {
    const comparing = hasDiff || !!state.base;
    W = { comparing, self: null, base: null, q: null, n: 0, m: 0 };
    if (hasDiff) {
      W.self = Float64Array.from(D.diff.after);
      W.base = Float64Array.from(D.diff.before);
      W.n = D.diff.afterTicks;
      W.m = D.diff.beforeTicks;
      W.q = D.diff.q;
    } else {
      W.self = selfWeights(state.metric, state.range);
      W.n = ticksIn(state.range);
      if (state.base) {
        W.base = W.self; // the first range is before, the second after
        W.self = selfWeights(state.metric, state.base);
        W.m = W.n;
        W.n = ticksIn(state.base);
      }
    }
    W.total = totals(W.self);
    if (comparing) {
      const baseTotal = totals(W.base), scale = baseTotal[0] ? W.total[0] / baseTotal[0] : 1;
      W.base = W.base.map((x) => x * scale);
      W.baseTotal = totals(W.base);
      W.scale = scale;
      if (!W.q) {
        const a = totals(tickWeights(state.range)), b = totals(tickWeights(state.base));
        const q = adjust(Array.from({ length: N }, (_, i) => i && (a[i] || b[i]) ? sharesP(a[i], W.m, b[i], W.n) : 1));
        W.q = q;
      }
    }
  }
  // ---- trees ----
  const make = (f, t) => ({ f, v: 0, b: 0, s: 0, t, c: [], q: 1, d: 0, p: null });
  function topDown() {
    const out = new Array(N);
    for (let i = 0; i < N; i++) {
      const it = make(i ? D.func[i] : -1, D.tier[i]);
      it.v = W.total[i]; it.s = W.self[i]; it.b = W.comparing ? W.baseTotal[i] : 0; it.q = W.comparing ? W.q[i] : 1;
      out[i] = it;
      if (i && (it.v || it.b)) { it.p = out[D.parent[i]]; it.d = it.p.d + 1; it.p.c.push(it); }
    }
    return prune(out[0]);
  }
  function child(of, f, t) {
    let it = of.m ? of.m.get(f) : undefined;
    if (!it) {
      it = make(f, t); it.p = of; it.d = of.d + 1;
      (of.m = of.m || new Map()).set(f, it);
      of.c.push(it);
    }
    return it;
  }
  const before = (i) => W.comparing ? W.base[i] : 0;
  function bottomUp() {
    const top = make(-1, 0);
    for (let i = 1; i < N; i++) {
      const v = W.self[i], b = before(i);
      if (!v && !b) continue;
      top.v += v; top.b += b;
      let at = top;
      for (let n = i; n > 0; n = D.parent[n]) { at = child(at, D.func[n], D.tier[n]); at.v += v; at.b += b; if (at.d === 1) at.s += v; }
    }
    return top;
  }
  // Callers above, callees below one function; nested occurrences belong to the outermost one.
  function sandwich(f) {
    const callees = make(f, 0), callers = make(f, 0), inside = new Array(N).fill(null);
    for (let i = 1; i < N; i++) {
      const above = inside[D.parent[i]];
      if (above) inside[i] = child(above, D.func[i], D.tier[i]);
      else if (D.func[i] === f) {
        inside[i] = callees; callees.t = callers.t = D.tier[i];
        const v = W.total[i], b = W.comparing ? W.baseTotal[i] : 0;
        callers.v += v; callers.b += b;
        let at = callers;
        for (let n = D.parent[i]; n > 0; n = D.parent[n]) { at = child(at, D.func[n], D.tier[n]); at.v += v; at.b += b; }
      }
      const it = inside[i];
      if (it) { it.v += W.self[i]; it.s += W.self[i]; it.b += before(i); }
    }
    const add = (it) => { for (const c of it.c) { add(c); it.v += c.v; it.b += c.b; } };
    add(callees);
    return [callers, callees];
  }
  const prune = (it) => { it.c = it.c.filter((c) => c.v || c.b); it.c.forEach(prune); it.c.sort((a, b) => label(a.f) < label(b.f) ? -1 : 1); return it; };
  // ---- the graph ----
  const graph = $('graph'), main = $('main'), room = $('room'), panel = $('panel'), R = 20;
  let rects = [], height = 0, up = true;
  const css = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const isDark = () => root.dataset.theme === 'dark';
  const width = (it) => {
    if (!W.comparing || state.shape === 'a') return it.v;
    if (state.shape === 'b') return it.b;
    if (it.u === undefined) it.u = it.v ? Math.max(it.v, it.c.reduce((sum, c) => sum + width(c), it.s)) : it.b;
    return it.u;
  };
  function placeRects(tree, zoom, flip, y0, list) {
    const path = [];
    for (let at = zoom; at; at = at.p) path.unshift(at);
    path.forEach((it, i) => list.push({ it, x: 0, w: 1, y: i, above: i < path.length - 1, flip, y0 }));
    const stack = [[zoom, 0, 1, path.length - 1]];
    while (stack.length) {
      const [it, x, w, y] = stack.pop(), all = width(it);
      let at = x;
      for (const c of it.c) {
        const cw = all ? w * width(c) / all : 0;
        if (cw * graph.clientWidth >= 0.35) {
          list.push({ it: c, x: at, w: cw, y: y + 1, flip, y0 });
          stack.push([c, at, cw, y + 1]);
        }
        at += cw;
      }
    }
    return list.reduce((most, r) => Math.max(most, r.y + 1), 0);
  }
  function nameColor(f) {
    let h = 0;
    for (const c of label(f)) h = (h * 31 + c.charCodeAt(0)) >>> 0;
    return 'hsl(' + (h % 360) + (isDark() ? ' 38% 38%)' : ' 58% 74%)');
  }
  function fill(it) {
    if (state.pattern && it.f >= 0 && state.pattern.test(label(it.f))) return css('--hit');
    if (W.comparing) {
      if (it.f < 0 || it.q >= 0.05 || it.v === it.b) return css('--same');
      const share = Math.min(1, Math.abs(it.v - it.b) / Math.max(it.v, it.b) * 1.3);
      return 'color-mix(in srgb, ' + css(it.v > it.b ? '--more' : '--less') + ' ' + Math.round(25 + 75 * share) + '%, ' + css('--same') + ')';
    }
    if (it.f < 0) return css('--same');
    return state.color === 't' ? D.tiers[it.t][isDark() ? 3 : 2] : nameColor(it.f);
  }
  function draw() {
    const ratio = devicePixelRatio || 1, wide = main.clientWidth, tall = main.clientHeight;
    if (graph.width !== wide * ratio || graph.height !== tall * ratio) {
      graph.width = wide * ratio; graph.height = tall * ratio;
      graph.style.width = wide + 'px'; graph.style.height = tall + 'px';
    }
    const ctx = graph.getContext('2d'), top = main.scrollTop, colors = { text: css('--text'), edge: css('--edge'), accent: css('--accent') };
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, wide, tall);
    ctx.font = '12px ui-monospace, Menlo, Consolas, monospace';
    ctx.textBaseline = 'middle';
    const em = ctx.measureText('m').width, cache = new Map();
    for (const r of rects) {
      r.px = r.x * wide; r.pw = Math.max(0.6, r.w * wide); r.py = r.top - top;
      if (r.py < -R || r.py > tall) continue;
      const key = r.it;
      if (!cache.has(key)) cache.set(key, fill(key));
      ctx.globalAlpha = r.above ? 0.55 : 1;
      ctx.fillStyle = cache.get(key);
      ctx.fillRect(r.px, r.py, Math.max(0.6, r.pw - 0.6), R - 1);
      if (W.comparing && r.it.f >= 0 && (!r.it.v || !r.it.b)) hatch(ctx, r, !r.it.v);
      if (r.it === state.focus) { ctx.strokeStyle = colors.accent; ctx.lineWidth = 2; ctx.strokeRect(r.px + 1, r.py + 1, Math.max(1, r.pw - 3), R - 3); }
      const space = Math.floor((r.pw - 6) / em);
      if (space >= 3) {
        const name = label(r.it.f);
        ctx.fillStyle = colors.text;
        ctx.fillText(name.length > space ? name.slice(0, space - 1) + '\u2026' : name, r.px + 3, r.py + R / 2);
      }
    }
    ctx.globalAlpha = 1;
    if (!rects.length) { ctx.fillStyle = css('--soft'); ctx.fillText('nothing was measured here', 12, 20); }
  }
  // Removed frames are hatched, new ones carry a bar on top.
  function hatch(ctx, r, removed) {
    ctx.save();
    ctx.beginPath(); ctx.rect(r.px, r.py, r.pw, R - 1); ctx.clip();
    ctx.strokeStyle = ctx.fillStyle = css('--fg'); ctx.globalAlpha = 0.45;
    if (removed) for (let x = r.px - R; x < r.px + r.pw; x += 7) { ctx.beginPath(); ctx.moveTo(x, r.py + R); ctx.lineTo(x + R, r.py); ctx.stroke(); }
    else ctx.fillRect(r.px, r.py, r.pw, 3);
    ctx.restore();
  }
  function layout(keepScroll) {
    rects = [];
    let rows = 0;
    if (state.view === 'sandwich' && state.func >= 0) {
      const [callers, callees] = state.trees;
      const upper = [], lower = [];
      const a = placeRects(callers, callers, true, 0, upper), b = placeRects(callees, state.zoom || callees, false, 0, lower);
      for (const r of upper) r.top = (a - 1 - r.y) * R;
      for (const r of lower) r.top = (a - 1 + r.y) * R;
      rects = upper.concat(lower.filter((r) => r.y > 0 || r.above));
      rows = a + b;
      up = false;
    } else if (state.tree && (state.tree.v || state.tree.b)) {
      rows = placeRects(state.tree, state.zoom || state.tree, false, 0, rects);
      up = state.view === 'flame' || state.view === 'diff';
    }
    height = Math.max(rows * R + 4, up ? main.clientHeight : 0);
    if (state.view !== 'sandwich') for (const r of rects) r.top = up ? height - (r.y + 1) * R : r.y * R;
    room.style.height = Math.max(0, height - main.clientHeight) + 'px';
    if (!keepScroll) main.scrollTop = up ? height : 0;
    draw();
  }
  // ---- tooltip and pointing ----
  const tip = $('tip');
  function describe(it) {
    const show = METRICS.find((m) => m.key === state.metric).show, all = W.total[0] || 1;
    let text = '<b>' + esc(label(it.f)) + '</b>' + (it.f >= 0 ? '  <span class=soft>' + esc(place(it.f)) + '</span>' : '') + '\n';
    if (W.comparing) {
      const x = it.v / all, y = it.b / (W.baseTotal[0] || 1), se = 1.96 * Math.sqrt(x * (1 - x) / (W.n || 1) + y * (1 - y) / (W.m || 1));
      text += 'before ' + pct(y) + ' (' + show(it.b / (W.scale || 1)) + ')\nafter ' + pct(x) + ' (' + show(it.v) + ')\n';
      text += (x >= y ? '+' : '') + (100 * (x - y)).toFixed(2) + ' points [' + (100 * (x - y - se)).toFixed(2) + ', ' + (100 * (x - y + se)).toFixed(2) + ']';
      if (it.f >= 0) text += '\n' + (!it.v ? 'removed, ' : !it.b ? 'new, ' : '') + (it.q < 0.05 ? 'significant' : 'not significant') + ', adjusted p ' + (it.q < 0.001 ? '< 0.001' : it.q.toFixed(3));
      return text;
    }
    const share = it.v / all;
    text += pct(share) + '  ' + show(it.v) + (it.s ? '  self ' + show(it.s) : '');
    if (state.metric === 'cpu' && W.n) { const [lo, hi] = wilson(share * W.n, W.n); text += '\n95 %: ' + pct(lo) + ' to ' + pct(hi); }
    if (it.f >= 0) {
      text += '\n' + D.tiers[it.t][0] + ': ' + D.tiers[it.t][4];
      if (func(it.f)[4] !== null) text += '\n' + count(func(it.f)[4]) + ' calls';
    }
    return text;
  }
  function showTip(it, x, y) {
    tip.innerHTML = describe(it);
    tip.style.display = 'block';
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(x + 14, innerWidth - box.width - 6)) + 'px';
    tip.style.top = (y + 18 + box.height > innerHeight ? Math.max(4, y - box.height - 10) : y + 18) + 'px';
  }
  const hideTip = () => { tip.style.display = 'none'; };
  const hit = (event) => {
    const box = graph.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    return rects.find((r) => y >= r.py && y < r.py + R && x >= r.px && x <= r.px + r.pw);
  };
  graph.addEventListener('mousemove', (event) => { const r = hit(event); if (r) showTip(r.it, event.clientX, event.clientY); else hideTip(); });
  graph.addEventListener('mouseleave', hideTip);
  graph.addEventListener('click', (event) => {
    const r = hit(event);
    if (!r) return;
    state.focus = r.it;
    if (state.view === 'sandwich') { if (r.it.f >= 0 && r.it.f !== state.func) { state.func = r.it.f; refresh(); } return; }
    state.zoom = r.it === state.tree ? null : r.it;
    layout(true);
    if (matchMedia('(hover: none)').matches) showTip(r.it, event.clientX, event.clientY);
  });
  graph.addEventListener('dblclick', (event) => { const r = hit(event); if (r && r.it.f >= 0) sandwichOf(r.it.f); });
  main.addEventListener('scroll', () => { if (isGraph()) draw(); hideTip(); });
  const sandwichOf = (f) => { state.func = f; state.view = 'sandwich'; refresh(); };
  // ---- tables ----
  function table(id, columns, rows, wanted) {
    const sort = state.sort[id] = state.sort[id] || wanted;
    const column = columns[sort[0]], sign = sort[1] ? 1 : -1;
    rows.sort((a, b) => {
      const x = column.key(a), y = column.key(b);
      return sign * (typeof x === 'string' ? x < y ? -1 : x > y ? 1 : 0 : (x === null ? -1 : x) - (y === null ? -1 : y));
    });
    let html = '<div class=scroll><table data-id=' + id + '><thead><tr>';
    columns.forEach((c, i) => { html += '<th tabindex=0 class="' + (c.css || '') + '"' + (i === sort[0] ? ' aria-sort=' + (sort[1] ? 'ascending' : 'descending') : '') + '>' + c.name + '</th>'; });
    html += '</tr></thead><tbody>';
    for (const row of rows.slice(0, 1000)) {
      html += '<tr' + (row.f >= 0 && state.pattern && state.pattern.test(label(row.f)) ? ' class=hit' : '') + '>';
      for (const c of columns) html += '<td class="' + (c.css || '') + '"' + (c.link && row.f >= 0 ? ' data-f=' + row.f : '') + '>' + c.show(row) + '</td>';
      html += '</tr>';
    }
    return html + '</tbody></table></div>' + (rows.length > 1000 ? '<p class=soft>' + (rows.length - 1000) + ' more rows</p>' : '');
  }
  panel.addEventListener('click', (event) => {
    const head = event.target.closest('th'), cell = event.target.closest('[data-f]'), chip = event.target.closest('[data-memory]');
    if (head) {
      const id = head.closest('table').dataset.id, index = head.cellIndex, was = state.sort[id];
      state.sort[id] = [index, was[0] === index ? !was[1] : head.classList.contains('name')];
      refresh();
    } else if (chip) { state.memory = chip.dataset.memory; state.sort.sites = null; refresh(); }
    else if (cell) sandwichOf(+cell.dataset.f);
  });
  panel.addEventListener('keydown', (event) => { if (event.key === 'Enter' && event.target.tagName === 'TH') event.target.click(); });
  panel.addEventListener('change', (event) => { if (event.target.id === 'file') { state.file = +event.target.value; refresh(); } });
  // Self and total of each function, recursion once a stack.
  function funcRows() {
    const rows = D.funcs.map((_, f) => ({ f, self: 0, total: 0, base: 0, baseSelf: 0, tiers: {} })), on = new Uint8Array(N);
    for (let i = 1; i < N; i++) {
      const row = rows[D.func[i]];
      row.self += W.self[i]; row.baseSelf += before(i);
      let again = false;
      for (let n = D.parent[i]; n > 0 && !again; n = D.parent[n]) again = D.func[n] === D.func[i];
      if (!again) { row.total += W.total[i]; row.base += W.comparing ? W.baseTotal[i] : 0; }
      if (W.self[i]) row.tiers[D.tier[i]] = (row.tiers[D.tier[i]] || 0) + W.self[i];
      on[i] = again;
    }
    return rows.filter((row) => row.f && (row.self || row.total || row.base));
  }
  function tableView() {
    const all = W.total[0] || 1, show = METRICS.find((m) => m.key === state.metric).show, rows = funcRows();
    const columns = [{ name: 'function', css: 'name link', link: 1, key: (r) => label(r.f), show: (r) => esc(label(r.f)) + ' <span class=soft>' + esc(place(r.f)) + '</span>' },
      { name: 'self', key: (r) => r.self, show: (r) => show(r.self) }, { name: 'self %', key: (r) => r.self, show: (r) => pct(r.self / all) }];
    if (!W.comparing) columns.push({ name: '\u00b1 95 %', key: (r) => r.self, show: (r) => { const [lo, hi] = wilson(r.self / all * W.n, W.n); return (50 * (hi - lo)).toFixed(1); } });
    columns.push({ name: 'total %', key: (r) => r.total, show: (r) => pct(r.total / all) });
    if (W.comparing) {
      const base = W.baseTotal[0] || 1, q = adjust(rows.map((r) => sharesP(r.baseSelf / base * W.m, W.m, r.self / all * W.n, W.n)));
      rows.forEach((r, i) => { const own = D.diff && D.diff.funcQ ? D.diff.funcQ[r.f] : q[i]; r.q = own; r.delta = r.self / all - r.baseSelf / base; });
      columns.push({ name: 'before %', key: (r) => r.baseSelf, show: (r) => pct(r.baseSelf / base) },
        { name: 'change', key: (r) => Math.abs(r.delta), show: (r) => '<span class=' + (r.q >= 0.05 ? 'soft' : r.delta > 0 ? 'more' : 'less') + '>' + (r.delta > 0 ? '+' : '') + (100 * r.delta).toFixed(2) + '</span>' },
        { name: 'adjusted p', key: (r) => r.q, show: (r) => r.q < 0.001 ? '&lt; 0.001' : r.q.toFixed(3) });
    } else {
      columns.push({ name: 'calls', key: (r) => func(r.f)[4], show: (r) => count(func(r.f)[4]) }, { name: 'instructions', key: (r) => func(r.f)[5], show: (r) => count(func(r.f)[5]) },
        { name: 'tiers', css: 'name', key: (r) => 0, show: (r) => { const t = Object.entries(r.tiers).sort((a, b) => b[1] - a[1]), sum = r.self || 1; return t.map(([k, v]) => D.tiers[k][0] + ' ' + Math.round(100 * v / sum)).join(' '); } });
    }
    return table('funcs', columns, rows, W.comparing ? [5, false] : [1, false]);
  }
  function sourceView() {
    const files = D.files.map((f, i) => i).filter((i) => D.files[i].text !== undefined), all = D.linesTotal || 1;
    if (!files.length) return '<div class=panel>No source was kept in this profile.</div>';
    if (state.file < 0) state.file = (D.lines[0] && files.includes(D.lines[0][0])) ? D.lines[0][0] : files[0];
    const by = new Map(D.lines.filter((l) => l[0] === state.file).map((l) => [l[1], l]));
    let html = '<div class=panel><select id=file aria-label=File>' + files.map((i) => '<option value=' + i + (i === state.file ? ' selected' : '') + '>' + esc(D.files[i].path) + '</option>').join('') +
      '</select> <span class=soft>whole run</span></div><div class=scroll><table class=source><thead><tr><th>self</th><th class=name></th><th></th><th class=name>source</th><th>total</th><th class=name>tiers</th><th>allocated</th><th>copied</th><th>instructions</th></tr></thead><tbody>';
    D.files[state.file].text.split('\n').forEach((text, i) => {
      const l = by.get(i + 1), tiers = l ? Object.entries(l[4]).sort((a, b) => b[1] - a[1]).map(([t, us]) => D.tiers[t][0] + ' ' + pct(us / all)).join(' ') : '';
      html += '<tr' + (state.pattern && state.pattern.test(text) ? ' class=hit' : '') + '><td>' + (l && l[2] ? pct(l[2] / all) : '') + '</td><td class=name>' + (l && l[2] ? '<span class=heat style="width:' + Math.max(1, 60 * l[2] / all).toFixed(0) + 'px"></span>' : '') + '</td><td class=soft>' + (i + 1) + '</td><td class=code><pre>' + esc(text) + '</pre></td><td class=soft>' + (l && l[3] ? pct(l[3] / all) : '') +
        '</td><td class="soft name">' + tiers + '</td><td>' + (l && l[6] ? bytes(l[6]) : '') + '</td><td>' + (l && l[7] ? count(l[7]) + '\u00d7 ' + bytes(l[8]) : '') + '</td><td>' + (l && l[9] !== null ? count(l[9]) : '') + '</td></tr>';
    });
    return html + '</tbody></table></div>';
  }
  const siteName = { name: 'made in', css: 'name link', link: 1, key: (r) => label(r.f), show: (r) => esc(label(r.f)) + ' <span class=soft>' + esc(place(r.f).replace(/:\d+$/, '')) + ':' + r.line + '</span>' };
  function memoryView() {
    if (!D.run.memory) return '<div class=panel>The memory instrument was not on.</div>';
    const kinds = [['bytes', 'allocated'], ['peak', 'live at peak'], ['leaked', 'leaked'], ['temporary', 'temporary'], ['copied', 'copied']];
    let html = '<div class=panel>peak ' + bytes(D.run.peak) + ' at ' + time(D.run.peakAt) + ', at exit ' + bytes(D.run.exitLive) + ', resident ' + bytes(D.run.resident) + ', ' + count(D.run.allocs) + ' allocations, ' + count(D.run.frees) + ' frees<p>' +
      kinds.map(([k, name]) => '<button data-memory=' + k + ' aria-pressed=' + (state.memory === k) + (state.memory === k ? ' style="border-color:var(--accent)"' : '') + '>' + name + '</button>').join(' ') + '</p>';
    if (state.memory === 'leaked') {
      const rows = D.leaks.map((l) => ({ f: l[1], line: l[2], verdict: l[0], type: l[3], count: l[4], bytes: l[5], retained: l[6], path: l[7] }));
      html += rows.length ? table('leaks', [siteName, { name: 'verdict', css: 'name', key: (r) => r.verdict, show: (r) => r.verdict }, { name: 'type', css: 'name', key: (r) => r.type, show: (r) => esc(r.type) }, { name: 'objects', key: (r) => r.count, show: (r) => count(r.count) },
        { name: 'bytes', key: (r) => r.bytes, show: (r) => bytes(r.bytes) }, { name: 'retained', key: (r) => r.retained, show: (r) => bytes(r.retained) }, { name: 'path', css: 'name', key: (r) => r.path, show: (r) => esc(r.path) }], rows, [4, false]) : 'Nothing leaked.';
    } else {
      const rows = D.sites.map((s) => ({ f: s[0], line: s[1], type: s[2], allocs: s[3], bytes: s[4], frees: s[5], peak: s[6], temporary: s[7], grown: s[8], copies: s[9], copied: s[10], shared: s[11], life: s[12] }));
      const by = { bytes: 3, peak: 5, temporary: 6, copied: 9 }[state.memory];
      html += table('sites', [siteName, { name: 'type', css: 'name', key: (r) => r.type, show: (r) => esc(r.type) }, { name: 'allocs', key: (r) => r.allocs, show: (r) => count(r.allocs) }, { name: 'bytes', key: (r) => r.bytes, show: (r) => bytes(r.bytes) }, { name: 'freed', key: (r) => r.frees, show: (r) => count(r.frees) },
        { name: 'live at peak', key: (r) => r.peak, show: (r) => bytes(r.peak) }, { name: 'temporary', key: (r) => r.temporary, show: (r) => r.allocs ? pct(r.temporary / r.allocs) : '' }, { name: 'grown', key: (r) => r.grown, show: (r) => r.grown ? r.grown + '\u00d7' : '-' },
        { name: 'copies', key: (r) => r.copies, show: (r) => count(r.copies) }, { name: 'copied', key: (r) => r.copied, show: (r) => r.copied ? bytes(r.copied) + (r.shared ? ' <span class=soft>shared at ' + esc(r.shared) + '</span>' : '') : '-' }, { name: 'median life', key: (r) => r.life, show: (r) => count(r.life) }], rows.filter((r) => state.memory === 'bytes' || r[state.memory]), [by, false]);
    }
    return html + '</div>';
  }
  function jitView() {
    let html = '<div class=panel>';
    if (!D.run.jit) return html + 'The JIT instrument was not on.</div>';
    const named = { name: 'function', css: 'name link', link: 1, key: (r) => label(r.f), show: (r) => esc(label(r.f)) + (r.line ? '<span class=soft>:' + r.line + '</span>' : '') };
    html += '<h2>Events</h2>' + (D.events.length ? table('events', [{ name: 'at', key: (r) => r.at, show: (r) => time(r.at) }, { name: 'event', css: 'name', key: (r) => r.kind, show: (r) => r.kind }, named, { name: 'took', key: (r) => r.took, show: (r) => r.took ? time(r.took) : '' }, { name: 'code', key: (r) => r.code, show: (r) => r.code ? bytes(r.code) : '' },
      { name: 'lost', key: (r) => r.lost, show: (r) => r.lost ? time(r.lost) : '' }, { name: 'reason', css: 'name', key: (r) => r.reason, show: (r) => esc(r.reason) + (r.expected ? ' <span class=soft>expected ' + esc(r.expected) + ', saw ' + esc(r.seen) + '</span>' : '') }], D.events.map((e) => ({ at: e[0], took: e[1], kind: e[2], f: e[3], line: e[4], code: e[5], lost: e[6], reason: e[7], expected: e[8], seen: e[9] })), [0, true]) : 'none');
    html += '<h2>Guards</h2>' + (D.guards.length ? table('guards', [named, { name: 'expects', css: 'name', key: (r) => r.what, show: (r) => esc(r.what) }, { name: 'passed', key: (r) => r.pass, show: (r) => count(r.pass) }, { name: 'failed', key: (r) => r.fail, show: (r) => count(r.fail) },
      { name: 'fail rate', key: (r) => r.rate, show: (r) => r.rate === null ? 'n/a' : pct(r.rate) }], D.guards.map((g) => ({ f: g[0], line: g[1], what: g[2], pass: g[3], fail: g[4], rate: g[3] === null || g[4] === null || !(g[3] + g[4]) ? null : g[4] / (g[3] + g[4]) })), [4, false]) : 'n/a');
    html += '<h2>Hot, not compiled</h2>' + (D.refusals.length ? table('refusals', [named, { name: 'reason', css: 'name', key: (r) => r.reason, show: (r) => esc(r.reason) }], D.refusals.map((r) => ({ f: r[0], line: r[1], reason: r[2] })), [0, true]) : 'none');
    html += '<h2>Counters</h2>' + table('counters', [{ name: 'name', css: 'name', key: (r) => r[0], show: (r) => esc(r[0]) }, { name: 'value', key: (r) => r[1], show: (r) => r[1] === null ? 'n/a' : r[2] === 'ns' ? time(r[1] / 1000) : r[2] === 'bytes' ? bytes(r[1]) : count(r[1]) }], D.counters.slice(), [0, true]);
    return html + '</div>';
  }
  // ---- the timeline: tiers stacked, live bytes as a line, events as marks ----
  const strip = $('time'), stripCanvas = strip.querySelector('canvas'), S = D.slices.length;
  const end = S ? D.slices[S - 1][0] + D.slices[S - 1][1] : 1;
  const xOf = (us, wide) => us / end * wide;
  function drawTime(canvas, tall) {
    const ratio = devicePixelRatio || 1, wide = canvas.clientWidth, ctx = canvas.getContext('2d');
    canvas.width = wide * ratio; canvas.height = tall * ratio;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const most = Math.max(1, ...D.slices.map((s) => Object.values(s[4]).reduce((a, b) => a + b, 0) / (s[1] || 1)));
    const live = Math.max(1, ...D.slices.map((s) => s[2])), bottom = tall - 10;
    for (const s of D.slices) {
      let y = bottom;
      const x = xOf(s[0], wide), w = Math.max(1, xOf(s[1], wide) - 0.5);
      for (const [t, us] of Object.entries(s[4])) {
        const h = us / (s[1] || 1) / most * (bottom - 4);
        ctx.fillStyle = D.tiers[t][isDark() ? 3 : 2];
        ctx.fillRect(x, y - h, w, h);
        y -= h;
      }
    }
    if (live > 1) {
      ctx.strokeStyle = css('--fg'); ctx.lineWidth = 1.5; ctx.beginPath();
      D.slices.forEach((s, i) => ctx[i ? 'lineTo' : 'moveTo'](xOf(s[0] + s[1] / 2, wide), bottom - s[2] / live * (bottom - 6)));
      ctx.stroke();
    }
    for (const e of D.events) {
      const x = xOf(Math.max(0, e[0] - e[1]), wide), bad = e[2] === 'deopt' || e[2] === 'invalidate' || e[2] === 'fail';
      ctx.fillStyle = css(bad ? '--more' : e[2] === 'install' ? '--accent' : '--soft');
      ctx.fillRect(x, tall - 8, Math.max(2, xOf(e[1], wide)), 6);
    }
    for (const [range, color] of [[state.range, '--less'], [state.base, '--more']]) {
      if (!range) continue;
      const a = xOf(D.slices[range[0]][0], wide), b = xOf(D.slices[range[1]][0] + D.slices[range[1]][1], wide);
      ctx.fillStyle = css(color); ctx.globalAlpha = 0.22; ctx.fillRect(a, 0, b - a, tall); ctx.globalAlpha = 1;
      ctx.strokeStyle = css(color); ctx.strokeRect(a + 0.5, 0.5, b - a - 1, tall - 1);
    }
  }
  let drag = null, second = false;
  const sliceAt = (event) => {
    const box = strip.getBoundingClientRect(), us = (event.clientX - box.left) / box.width * end;
    let at = 0;
    while (at + 1 < S && D.slices[at + 1][0] <= us) at++;
    return at;
  };
  strip.addEventListener('pointerdown', (event) => { if (!S || hasDiff) return; drag = { from: sliceAt(event), second: (event.shiftKey || second) && state.range }; strip.setPointerCapture(event.pointerId); move(event); });
  function move(event) {
    if (!drag) return;
    const to = sliceAt(event), range = [Math.min(drag.from, to), Math.max(drag.from, to)];
    if (drag.second) state.base = range; else { state.range = range; state.base = null; }
    state.zoom = null;
    refresh();
  }
  strip.addEventListener('pointermove', move);
  strip.addEventListener('pointerup', () => { drag = null; second = false; refresh(); });
  // ---- search ----
  function matched() {
    if (!state.pattern) return '';
    const fits = D.funcs.map((f) => state.pattern.test(f[0])), inside = new Uint8Array(N);
    let sum = 0;
    for (let i = 1; i < N; i++) {
      inside[i] = inside[D.parent[i]] || fits[D.func[i]] ? 1 : 0;
      if (inside[i] && !inside[D.parent[i]]) sum += W.total[i];
    }
    return pct(sum / (W.total[0] || 1)) + ' matched';
  }
  $('search').addEventListener('input', (event) => {
    const text = event.target.value;
    let bad = false;
    try { state.pattern = text ? new RegExp(text, 'i') : null; } catch (error) { bad = true; state.pattern = null; }
    event.target.classList.toggle('bad', bad);
    refresh(true);
  });
  // ---- putting it together ----
  const VIEWS = [['flame', 'Flame'], ['icicle', 'Icicle'], ['bottomup', 'Bottom-up'], ['sandwich', 'Sandwich'], ['table', 'Table'], ['source', 'Source'], ['timeline', 'Timeline'], ['memory', 'Memory'], ['jit', 'JIT']]
    .filter(([key]) => !hasDiff || !['source', 'timeline', 'memory', 'jit'].includes(key));
  const isGraph = () => ['flame', 'icicle', 'bottomup'].includes(state.view) || (state.view === 'sandwich' && state.func >= 0);
  $('views').innerHTML = VIEWS.map(([key, name]) => '<button data-view=' + key + '>' + name + '</button>').join('');
  $('views').addEventListener('click', (event) => { if (event.target.dataset.view) { state.view = event.target.dataset.view; state.zoom = state.focus = null; refresh(); } });
  const has = (key) => hasDiff ? key === 'cpu' : D.samples[key].some((x) => x > 0);
  const metrics = METRICS.filter((m) => has(m.key));
  $('metric').innerHTML = (metrics.length ? metrics : METRICS.slice(0, 1)).map((m) => '<option value=' + m.key + '>' + m.name + '</option>').join('');
  if (metrics.length) state.metric = metrics[0].key;
  for (const [id, key] of [['metric', 'metric'], ['shape', 'shape'], ['color', 'color']])
    $(id).addEventListener('change', (event) => { state[key] = event.target.value; state.zoom = null; refresh(); });
  function refresh(light) {
    weigh();
    for (const b of $('views').children) {
      b.setAttribute('aria-pressed', b.dataset.view === state.view);
      if (b.dataset.view === state.view) $('views').scrollLeft = b.offsetLeft - 60;
    }
    $('shape').hidden = !W.comparing;
    $('color').hidden = W.comparing;
    const wall = state.metric !== 'alloc' && W.n < 200;
    $('weak').textContent = wall ? 'only ' + W.n + ' ticks here: shares are weak evidence' : '';
    $('matched').textContent = matched();
    const part = (r) => time(D.slices[r[0]][0]) + ' to ' + time(D.slices[r[1]][0] + D.slices[r[1]][1]);
    $('chosen').innerHTML = state.range ? 'range ' + part(state.range) + (state.base ? ' before, ' + part(state.base) + ' after' : ' <button id=second>Compare</button>') : S && !hasDiff ? 'whole run' : '';
    if ($('second')) $('second').onclick = () => { second = true; $('chosen').textContent = 'now drag the second range'; };
    const shown = W.comparing ? [] : D.tiers.map((t, i) => i).filter((i) => D.tierSeen[i]);
    $('legend').innerHTML = W.comparing ? '<span><i style="background:var(--more)"></i>more</span><span><i style="background:var(--less)"></i>less</span><span><i style="background:var(--same)"></i>not significant</span><span>hatched: removed, bar on top: new</span>'
      : shown.map((i) => '<span title="' + esc(D.tiers[i][4]) + '"><i style="background:' + D.tiers[i][isDark() ? 3 : 2] + '"></i>' + D.tiers[i][0] + '</span>').join('');
    strip.hidden = !S || hasDiff || state.view === 'timeline';
    if (!strip.hidden) drawTime(stripCanvas, strip.clientHeight);
    const drawing = isGraph();
    main.style.overflow = drawing ? 'hidden auto' : 'auto';
    graph.style.display = room.style.display = drawing ? '' : 'none';
    panel.style.display = drawing ? 'none' : '';
    if (drawing) {
      if (!light) {
        state.tree = state.view === 'bottomup' ? prune(bottomUp()) : state.view === 'sandwich' ? null : topDown();
        state.trees = state.view === 'sandwich' ? sandwich(state.func).map(prune) : null;
        if (state.zoom && state.zoom.p) state.zoom = null;
      }
      layout(light);
    } else {
      room.style.height = 0;
      panel.innerHTML = { sandwich: () => '<div class=panel>Choose a function (here, or by a double click in a graph).</div>' + tableView(), table: tableView, source: sourceView, memory: memoryView, jit: jitView,
        timeline: () => '<div class=panel><h2>CPU by tier, live bytes (line), JIT events (below)</h2><canvas id=big style="width:100%;height:260px"></canvas><h2>Slices</h2>' + sliceTable() + '</div>' }[state.view]();
      if ($('big')) drawTime($('big'), 260);
    }
    hideTip();
  }
  function sliceTable() {
    return table('slices', [{ name: 'from', key: (r) => r.at, show: (r) => time(r.at) }, { name: 'length', key: (r) => r.length, show: (r) => time(r.length) }, { name: 'live', key: (r) => r.live, show: (r) => bytes(r.live) }, { name: 'resident', key: (r) => r.resident, show: (r) => bytes(r.resident) },
      { name: 'tiers', css: 'name', key: () => 0, show: (r) => Object.entries(r.tiers).sort((a, b) => b[1] - a[1]).map(([t, us]) => D.tiers[t][0] + ' ' + time(us)).join('  ') }, { name: 'events', css: 'name', key: (r) => r.events.length, show: (r) => esc(r.events.join(', ')) }],
      D.slices.map((s) => ({ at: s[0], length: s[1], live: s[2], resident: s[3], tiers: s[4], events: D.events.filter((e) => e[0] >= s[0] && e[0] < s[0] + s[1]).map((e) => e[2] + ' ' + label(e[3])) })), [0, true]);
  }
  function exportText() {
    const path = new Array(N), lines = [];
    for (let i = 1; i < N; i++) {
      path[i] = (D.parent[i] ? path[D.parent[i]] + ';' : '') + (label(D.func[i]) + ' (' + place(D.func[i]) + ')').replace(/;/g, '\\x3b');
      const v = Math.round(W.self[i]);
      if (W.comparing ? v || W.base[i] : v) lines.push(path[i] + (W.comparing ? ' ' + Math.round(W.base[i]) : '') + ' ' + v);
    }
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([lines.sort().join('\n') + '\n'], { type: 'text/plain' }));
    link.download = (D.run.script.split('/').pop() || 'profile') + '.folded';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    return lines.length;
  }
  function back() {
    if (state.zoom) { state.zoom = null; layout(false); return; }
    state.range = state.base = state.pattern = state.focus = null;
    $('search').value = '';
    refresh();
  }
  const toggleTheme = () => { root.dataset.theme = isDark() ? 'light' : 'dark'; refresh(true); };
  function step(key) {
    const at = rects.findIndex((r) => r.it === state.focus);
    if (at < 0) { state.focus = rects.length ? rects[0].it : null; draw(); return; }
    const r = rects[at], outward = key === (up ? 'ArrowDown' : 'ArrowUp');
    let next = null;
    if (key === 'ArrowLeft' || key === 'ArrowRight') {
      const row = rects.filter((o) => o.y === r.y).sort((a, b) => a.x - b.x), i = row.indexOf(r);
      next = row[i + (key === 'ArrowRight' ? 1 : -1)];
    } else if (outward) next = rects.find((o) => o.it === r.it.p);
    else next = rects.filter((o) => o.it.p === r.it).sort((a, b) => b.w - a.w)[0];
    if (!next) return;
    state.focus = next.it;
    if (next.top < main.scrollTop) main.scrollTop = next.top;
    if (next.top + R > main.scrollTop + main.clientHeight) main.scrollTop = next.top + R - main.clientHeight;
    draw();
    const box = graph.getBoundingClientRect();
    showTip(next.it, box.left + next.px + Math.min(40, next.pw / 2), box.top + next.py);
  }
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $('keys').open) return;
    if (/INPUT|SELECT/.test(event.target.tagName)) { if (event.key === 'Escape') { event.target.blur(); } return; }
    const key = event.key;
    if (key >= '1' && key <= '9' && VIEWS[key - 1]) { state.view = VIEWS[key - 1][0]; state.zoom = null; refresh(); }
    else if (key === '/') { event.preventDefault(); $('search').focus(); }
    else if (key === 'Escape') back();
    else if (key === 'd') toggleTheme();
    else if (key === 'e') exportText();
    else if (key === '?') $('keys').showModal();
    else if (key === 's' && state.focus && state.focus.f >= 0) sandwichOf(state.focus.f);
    else if (key === 'Enter' && state.focus && isGraph() && event.target === graph) { state.zoom = state.focus.p ? state.focus : null; layout(true); }
    else if (key.startsWith('Arrow') && isGraph() && event.target.tagName !== 'TH') { event.preventDefault(); step(key); }
  });
  $('reset').onclick = () => { state.zoom = null; back(); };
  $('export').onclick = exportText;
  $('theme').onclick = toggleTheme;
  $('help').onclick = () => $('keys').showModal();
  $('keys').querySelector('button').onclick = () => $('keys').close();
  addEventListener('resize', () => refresh(true));
  root.dataset.theme = new URLSearchParams(location.search).get('theme') || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  $('title').textContent = D.run.script + (D.run.arguments ? ' ' + D.run.arguments : '');
  $('facts').textContent = D.run.facts;
  document.title = 'profile of ' + D.run.script;
  const wanted = location.hash.slice(1);
  if (VIEWS.some(([key]) => key === wanted)) state.view = wanted;
  refresh();
  // For scripts that drive the page.
  window.profilePage = { state, refresh, rects: () => rects, weights: () => W, matched, exportText, describe };
})();
