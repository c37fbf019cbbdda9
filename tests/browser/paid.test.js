// A supervisor brings in who has paid since, while a caller has one of them on the screen: two people, two browsers.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './axe.js';
import { open_browser, sign_in, until } from './browser.js';
import { rows, value } from './database.js';
import { Desk } from './desk.js';
import { callers } from './people.js';
import { sample } from './server.js';
import { empty_office, import_and_split } from './worked.js';

let makegood, browser, eve, ben;

before(async () => {
  makegood = await empty_office();
  browser = await open_browser();
  eve = await import_and_split(browser, makegood);
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await makegood?.close();
});

const paid_since = "SELECT COUNT(*) FROM claims JOIN cases USING (household_id) WHERE released_at IS NULL AND claims.user_id = ? AND (family_name = 'Guest' OR email = 'mei.chen@example.org' OR family_name = 'Novak' OR account_id IN ('T-1000010', 'T-1000012', 'T-1000016'))";

test('whoever has paid leaves the screen of the caller within five seconds, and the next key takes the next call', async () => {
  const found = [];
  for (const person of callers) {
    const desk = await new Desk(await sign_in(browser, makegood.url, person)).open();
    const id = value(makegood.database, 'SELECT id FROM users WHERE email = ?', [person.email]);
    while (!ben && await desk.next()) {
      if (value(makegood.database, paid_since, [id]) > 0) ben = desk;
      else await desk.record('no_answer');
    }
  }
  const name = await ben.name();
  await eve.goto('/outages/april/reconciliations/new');
  await eve.getByLabel(/choose it/).setInputFiles(sample('small.successes.csv'));
  await eve.getByRole('button', { name: 'Upload' }).click();
  await eve.getByRole('button', { name: 'Check the rows' }).click();
  await eve.getByRole('heading', { name: 'Check who has paid' }).waitFor();
  found.push(...await violations(eve));
  await eve.getByRole('button', { name: 'Close 9 cases as paid' }).click();
  await until('the desk says so', async () => (await ben.page.locator('main').innerText()).includes(`No need to call ${name}: paid.`), 5);
  found.push(...await violations(ben.page));
  const before = await ben.claim();
  assert.notEqual(await ben.send('Enter'), before);
  await eve.getByRole('heading', { name: 'Next', exact: true }).waitFor();
  await eve.getByText('Reconciled', { exact: true }).waitFor();
  found.push(...await violations(eve), ...eve.problems, ...ben.page.problems);
  assert.deepEqual(found, []);
});

test('the reconciliation is taken back, and the page leads on', async () => {
  const closed = () => rows(makegood.database, "SELECT id FROM cases WHERE resolution = 'paid'").length;
  assert.equal(closed(), 9);
  await eve.getByRole('link', { name: 'Undo this reconciliation' }).click();
  await eve.getByRole('button', { name: 'Undo this reconciliation' }).click();
  await eve.getByText('Taken back', { exact: true }).waitFor();
  assert.equal(closed(), 0);
  assert.deepEqual(await violations(eve), []);
  await eve.getByRole('link', { name: 'Upload', exact: true }).click();
  await eve.getByRole('heading', { name: 'Upload the successful payments' }).waitFor();
});

test('a row that was rejected is corrected where it is shown, by keyboard', async () => {
  await eve.goto(`/outages/april/imports/${value(makegood.database, 'SELECT MIN(id) FROM imports')}/rejects`);
  const phone = eve.locator('section', { has: eve.getByRole('heading', { name: /^Line 25:/ }) }).getByLabel('phone', { exact: true });
  await phone.focus();
  await eve.keyboard.press('Control+a');
  await eve.keyboard.type('303-555-0177');
  assert.deepEqual(await violations(eve), []);
  await eve.getByRole('button', { name: 'Import the corrected rows' }).focus();
  await eve.keyboard.press('Enter');
  await eve.getByRole('button', { name: 'Import 1 failed payment' }).click();
  await eve.getByRole('heading', { name: '22 calls are ready' }).waitFor();
});
