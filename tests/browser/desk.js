// A caller at the desk, with the keyboard alone.

import assert from 'node:assert/strict';
import { until } from './browser.js';

/** The key of each outcome, as the desk's map has it. */
export const KEYS = {
  no_answer: '1', voicemail: '2', all_set: '3', needs_help: '4', call_back: '5', other_language: '6', wrong_number: '7', do_not_call: '8',
  busy: '9', someone_else: '0', will_pay: 'p', refused: 'r', disconnected: 'x', deceased: 'e', technical: 't',
};
/** Outcomes that ask something before they are saved. */
const ASKING = new Set(['needs_help', 'call_back', 'other_language', 'do_not_call']);
/** Outcomes that are said of a person. */
const OF_A_PERSON = new Set(['all_set', 'will_pay', 'needs_help', 'refused', 'do_not_call', 'deceased']);
/** For so long after a save nothing that saves can be pressed, in milliseconds. */
const ASLEEP = 1000;

export class Desk {
  constructor(page) {
    this.page = page;
    this.recorded = [];
  }

  async open() {
    await this.page.goto('/');
    await this.page.waitForURL('**/desk');
    return this;
  }

  /** The claim in hand; none while nobody is on the desk. */
  claim() {
    return this.page.evaluate(() => document.querySelector('[data-claim]')?.dataset.claim);
  }

  /** Who is on the desk. */
  name() {
    return this.page.locator('main h1').innerText();
  }

  /** Presses a key that sends something, and waits until the answer is what the page shows. */
  async send(key) {
    const { page } = this;
    const answered = page.waitForResponse(answer => answer.request().method() === 'POST' && /\/desk\/(claim|calls\/\d+\/(outcome|next)|attempts\/\d+\/undo)$/.test(new URL(answer.url()).pathname));
    await page.keyboard.press(key);
    const answer = await answered;
    const text = await answer.text();
    assert.equal(answer.status(), 200, `${key} was answered with ${answer.status()}: ${text.slice(0, 400)}`);
    await page.waitForFunction(wanted => {
      const form = document.querySelector('[data-outcomes]');
      return (form?.querySelector('[name=key]').value ?? '') === wanted.key && (form?.querySelector('[name=chosen]').value ?? '') === wanted.chosen;
    }, { key: field(text, 'key'), chosen: field(text, 'chosen') });
    return this.claim();
  }

  /** Takes the next call; answers its claim, or nothing if nobody can be called. */
  async next() {
    return await this.claim() ?? this.send('Enter');
  }

  /** Dials: only then do the keys of the outcomes wake up. */
  async dial() {
    const timer = this.page.locator('[data-timer]');
    await until('the call is on', async () => {
      if ((await timer.innerText()).startsWith('On this call')) return true;
      await this.page.keyboard.press('d');
      return (await timer.innerText()).startsWith('On this call');
    });
  }

  /** Writes a note and leaves the field. */
  async note(text) {
    const { page } = this;
    await page.keyboard.press('n');
    await page.waitForFunction(() => document.activeElement?.name === 'note');
    await page.keyboard.type(text);
    await page.keyboard.press('Escape');
  }

  /** Dials and records an outcome, for both of a household where it may be; its question is answered with the first choice. */
  async record(outcome) {
    const claim = await this.claim();
    await this.dial();
    if (OF_A_PERSON.has(outcome)) await this.speaks();
    await this.send(KEYS[outcome]);
    if (await this.page.locator('.whom').count()) await this.send(await this.page.locator('.whom [data-key=b]').count() ? 'b' : 'Enter');
    if (ASKING.has(outcome)) await this.answer();
    this.recorded.push(outcome);
    if (await this.claim() === claim) await this.page.waitForTimeout(ASLEEP + 100);
  }

  /** Says who is on the line: the first of several who waits. */
  async speaks() {
    const waits = this.page.locator('button.talk__p').first();
    if (await waits.count()) await this.send(await waits.getAttribute('data-key'));
  }

  async answer() {
    const { page } = this;
    await page.waitForFunction(() => document.activeElement?.matches('main fieldset.sub input[type=radio]'));
    if (!await page.evaluate(() => document.activeElement.checked)) await page.keyboard.press('Space');
    await this.send('Control+Enter');
  }

  /** Works the queue to its end: these outcomes first, then everybody is all set. */
  async work(outcomes) {
    for (const left = [...outcomes]; await this.next();) await this.record(left.shift() ?? 'all_set');
  }
}

const field = (html, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html.slice(Math.max(0, html.indexOf('data-outcomes'))))?.[1] ?? '';
