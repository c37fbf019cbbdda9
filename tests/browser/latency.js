// How long a caller waits between the key of an outcome and the next number on her screen, in the demo.
// Prints milliseconds beside those of the same run's plainest answer of the server (`/healthz`).
// node latency.js [CALLS]

import { open_browser, sign_in } from './browser.js';
import { Desk } from './desk.js';
import { demo } from './demo.js';
import { stop } from './server.js';

const calls = Number(process.argv[2] ?? 60);

/** Notes when a key goes down and when another number stands on the page and is painted. */
const watch = () => {
  const shown = () => document.querySelector('main a[href^="tel:"]')?.getAttribute('href');
  let number = shown(), pressed = 0;
  globalThis.waits = [];
  addEventListener('keydown', event => { if (event.key === '1') [number, pressed] = [shown(), performance.now()]; }, true);
  new MutationObserver(() => {
    if (pressed && shown() && shown() !== number) {
      const since = pressed;
      pressed = 0;
      requestAnimationFrame(() => globalThis.waits.push(performance.now() - since));
    }
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['href'] });
};

/** Round trips of the plainest answer there is. */
const plainest = async calls => {
  const times = [];
  for (let call = 0; call < calls; call += 1) {
    const begun = performance.now();
    await (await fetch('/healthz')).text();
    times.push(performance.now() - begun);
  }
  return times;
};

const told = times => {
  const sorted = [...times].sort((a, b) => a - b);
  const at = share => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
  return { calls: sorted.length, median: at(0.5), p95: at(0.95), longest: at(1) };
};

const browser = await open_browser();
const { child, people, url } = await demo();
try {
  const page = await sign_in(browser, url, people.find(person => person.role === 'Caller'));
  const desk = await new Desk(page).open();
  await desk.next();
  await page.evaluate(watch);
  for (let call = 0; call < calls && await desk.claim(); call += 1) await desk.record('no_answer');
  const [waits, limit] = [told(await page.evaluate(() => globalThis.waits)), told(await page.evaluate(plainest, calls))];
  console.log(JSON.stringify({ key_to_next_number_ms: waits, plainest_answer_ms: limit }, null, 1));
} finally {
  await browser.close();
  await stop(child);
}
