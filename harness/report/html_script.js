'use strict';
(function () {
  const root = document.documentElement;
  const dark = () => root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.getElementById('theme').addEventListener('click', () => { root.dataset.theme = dark() ? 'light' : 'dark'; });

  // A cell sorts by data-v when it has one, else by its text; what has no number stands last either way.
  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.v !== undefined ? Number(cell.dataset.v) : cell.textContent.trim();
  };
  const number = (text) => typeof text === 'number' ? text : (/^[<~]?[0-9.]+/.test(text) ? parseFloat(text.replace(/^[<~]/, '')) : NaN);
  function sort(head) {
    const table = head.closest('table'), body = table.tBodies[0], column = head.cellIndex;
    const up = head.getAttribute('aria-sort') !== 'ascending';
    for (const other of head.parentNode.cells) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const rows = Array.from(body.rows).map((row, index) => ({ row, index, text: key(row, column) }));
    const numeric = rows.some((it) => !Number.isNaN(number(it.text)));
    rows.sort((a, b) => {
      if (!numeric) return (up ? 1 : -1) * String(a.text).localeCompare(String(b.text)) || a.index - b.index;
      const x = number(a.text), y = number(b.text);
      if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y) || a.index - b.index;
      return (up ? x - y : y - x) || a.index - b.index;
    });
    for (const it of rows) body.append(it.row);
  }
  for (const head of document.querySelectorAll('th')) {
    head.tabIndex = 0;
    head.addEventListener('click', () => sort(head));
    head.addEventListener('keydown', (event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); sort(head); } });
  }

  const word = document.getElementById('filter'), kind = document.getElementById('class'), count = document.getElementById('count');
  function filter() {
    const wanted = word.value.trim().toLowerCase();
    let shown = 0;
    for (const card of document.querySelectorAll('[data-bench]')) {
      const fits = card.dataset.bench.toLowerCase().includes(wanted) && (!kind.value || card.dataset.class === kind.value);
      card.hidden = !fits;
      shown += fits && card.classList.contains('card');
    }
    count.textContent = shown + ' shown';
  }
  word.addEventListener('input', filter);
  kind.addEventListener('change', filter);
  filter();
})();
