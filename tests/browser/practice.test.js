// A caller's first minutes: a practice call by keyboard alone, and a supervisor called to the desk.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open_browser, sign_in } from './browser.js';
import { value } from './database.js';
import { callers } from './people.js';
import { empty_office, import_and_split } from './worked.js';

let makegood, browser, eve, cora;
const count = table => value(makegood.database, `SELECT COUNT(*) FROM ${table}`);

before(async () => {
  makegood = await empty_office();
  browser = await open_browser();
  eve = await import_and_split(browser, makegood);
  cora = await sign_in(browser, makegood.url, callers[2]);
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await makegood?.close();
});

test('a new caller practises with the keyboard alone, and nothing is saved', async () => {
  await cora.waitForURL('**/desk');
  await cora.keyboard.press('p');
  await cora.getByText('This is practice.').waitFor();
  await cora.waitForLoadState(); // keys sleep until the page's script runs
  await cora.keyboard.press('d');
  await cora.keyboard.press('n');
  await cora.keyboard.type('Rang twice.');
  await cora.keyboard.press('Escape');
  await cora.keyboard.press('1');
  await cora.getByText('You recorded “No answer” for Dorothy and Walter Hensley.').waitFor();
  assert.equal(await cora.locator('[name=note]').inputValue(), '', 'the note does not leak into the next call');
  await cora.keyboard.press('d');
  await cora.keyboard.press('5');
  await cora.getByText('Call back when?').waitFor();
  await cora.keyboard.press('Control+Enter');
  await cora.getByText(/You recorded “Call back later”.*Callback at/).waitFor();
  assert.deepEqual([count('attempts'), count('claims'), count('callbacks')], [0, 0, 0]);
  assert.deepEqual(cora.problems, []);
});

test('one key calls a supervisor, who says that she comes', async () => {
  await cora.goto('/outages/april/desk');
  await cora.keyboard.press('h');
  await cora.locator('#live', { hasText: 'You called a supervisor' }).waitFor({ timeout: 15_000 });
  await eve.goto('/outages/april/board');
  await eve.getByText('Cora Lindt needs a supervisor now').waitFor();
  await eve.getByRole('button', { name: /I am coming/ }).click();
  await cora.locator('#live', { hasText: 'Eve' }).waitFor({ timeout: 15_000 });
  assert.match(await cora.locator('#live').innerText(), /comes to you/);
});
