// The same desk with JavaScript switched off: links are links, buttons are buttons.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open_browser, sign_in, until } from './browser.js';
import { rows } from './database.js';
import { callers } from './people.js';
import { empty_office, import_and_split } from './worked.js';

let makegood, browser;

before(async () => {
  makegood = await empty_office();
  browser = await open_browser();
  const page = await import_and_split(browser, makegood);
  await page.context().close();
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await makegood?.close();
});

test('without JavaScript a caller signs in, takes a call and records what happened with a note', async () => {
  const page = await sign_in(browser, makegood.url, callers[1], { javaScriptEnabled: false });
  await page.getByRole('button', { name: /Take the next call/ }).click();
  const name = await page.locator('main h1').innerText();
  await page.locator('[name=note]').fill('Ask for the letter.');
  await page.getByRole('button', { name: /No answer/ }).click();
  await page.getByText('Saved No answer for').waitFor();
  assert.notEqual(await page.locator('main h1').innerText(), name, 'the next person is on the desk');
  assert.deepEqual(rows(makegood.database, 'SELECT outcome, note FROM attempts'), [{ outcome: 'no_answer', note: 'Ask for the letter.' }]);
});

test('without JavaScript an outcome that asks something opens its question, and undo takes it back', async () => {
  const page = await sign_in(browser, makegood.url, callers[1], { javaScriptEnabled: false });
  await page.getByRole('button', { name: /Call back later/ }).click();
  await page.getByText('Call back when?').waitFor();
  await page.getByRole('button', { name: /^Save/ }).click();
  await page.getByText('Saved Call back later for').waitFor();
  await page.getByRole('button', { name: /^Undo/ }).click();
  await until('the promise is withdrawn', () => rows(makegood.database, 'SELECT id FROM callbacks WHERE withdrawn_at IS NULL').length === 0);
});
