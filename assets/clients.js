/* The list of an office's clients on the desk: find, tick, and the outcome that waits for a tick. Without it the list is ticked
   by hand, and the server says what is missing. */
(() => {
  'use strict';
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const list = () => one('[data-clients]');
  const form = () => document.getElementById(list()?.dataset.clients);
  const boxes = () => all('input[name=ticked]', list() ?? document.createElement('div'));
  const ticked = () => boxes().filter(box => box.checked);
  const name = row => one('[data-name]', row)?.textContent.trim() ?? '';
  const row_of = box => box.closest('tr');

  // ── find ────────────────────────────────────────────────────────────────────────────────────
  // Letters without their marks: whoever types `nunez` finds Núñez.
  const plain = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const begins = (row, sought) => plain(name(row)).split(/[\s\-’']+/).some((_, at, words) => words.slice(at).join(' ').startsWith(sought));
  const sift = () => {
    const field = one('[data-find]');
    if (!field) return;
    const sought = plain(field.value.trim()).split(/[\s\-’']+/).join(' ');
    let shown = 0;
    for (const row of all('tbody tr', list())) {
      row.hidden = !begins(row, sought);
      if (!row.hidden) shown += 1;
    }
    const count = one('[data-shown]');
    if (count && count.textContent !== `${shown} shown`) count.textContent = `${shown} shown`;
    one('[data-none-found]', list()).hidden = shown > 0;
  };

  // ── what is ticked ──────────────────────────────────────────────────────────────────────────
  const tally = () => {
    const chosen = ticked(), place = one('[data-tally]');
    if (!place) return;
    for (const box of boxes()) row_of(box).classList.toggle('ticked', box.checked);
    const strong = document.createElement('b'), names = chosen.map(box => name(row_of(box))).join(', ');
    strong.textContent = `${chosen.length} ticked:`;
    if (chosen.length) place.replaceChildren(strong, ` ${names}`); else place.textContent = 'Nobody is ticked.';
    for (const words of all('[data-for-ticked]', form())) {
      words.textContent = chosen.length ? `${words.dataset.forTicked} ${chosen.length} ticked` : 'For those ticked';
    }
  };

  // ── an outcome that waits for a tick ────────────────────────────────────────────────────────
  let waits = null;
  const problem = words => {
    const place = form()?.querySelector('[id^=problem-]');
    if (!place) return;
    const line = document.createElement('p');
    line.className = 'usa-error-message'; line.textContent = words;
    place.replaceChildren(...(words ? [line] : []));
  };
  const leave = () => { if (waits) { waits = null; problem('') } };
  const go_on = () => {
    if (!waits || !ticked().length) return;
    const button = form()?.querySelector(`.out[name=outcome][value="${CSS.escape(waits)}"]`);
    leave();
    button?.click();
  };
  document.addEventListener('click', event => {
    const out = event.target.closest?.('.out');
    if (!out || !list() || out.form !== form()) return;
    leave();
    if (!out.matches('[data-of-ticked]') || ticked().length || out.form.elements.speaking) return;
    event.preventDefault(); event.stopImmediatePropagation();
    waits = out.value;
    const label = one('span:not(.kbd)', out)?.firstChild?.textContent.trim();
    problem(`${list().dataset.none} “${label}” is saved as soon as somebody is ticked. Esc leaves it.`);
    one('[data-find]')?.focus();
  }, true);

  // ── ticking ─────────────────────────────────────────────────────────────────────────────────
  document.addEventListener('click', event => {
    const button = event.target.closest?.('[data-tick]');
    if (!button) return;
    event.preventDefault();
    for (const box of boxes()) box.checked = button.value === 'all';
    tally();
    go_on();
  });
  document.addEventListener('change', event => { if (event.target.matches('input[name=ticked]')) { tally(); go_on() } });
  document.addEventListener('input', event => { if (event.target.matches('[data-find]')) sift() });
  document.addEventListener('keydown', event => {
    const field = event.target.matches?.('[data-find]') ? event.target : null;
    if (event.key === 'Escape') { leave(); if (field) { field.value = ''; sift() } return }
    if (event.key !== 'Enter' || !field || event.isComposing || event.ctrlKey) return;
    event.preventDefault();
    if (!field.value.trim()) return;
    const first = boxes().find(box => !row_of(box).hidden);
    if (!first) return;
    first.checked = true;
    field.value = '';
    sift();
    first.focus(); // the next key is an outcome's, or F for another name
    tally();
    go_on();
  });

  const settle = () => { waits = null; if (list()) { sift(); tally() } };
  document.addEventListener('htmx:after:swap', settle);
  settle();
})();
