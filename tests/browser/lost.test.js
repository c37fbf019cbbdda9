// A caller loses the network, her session, her hold on a household, or her patience: nothing she typed is lost, nothing
// is saved twice, and nothing of one call shows in the next.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open_browser, sign_in, until } from './browser.js';
import { rows, value } from './database.js';
import { Desk } from './desk.js';
import { callers } from './people.js';
import { empty_office, import_and_split } from './worked.js';

let makegood, browser;
const ask = (statement, values) => value(makegood.database, statement, values);

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

/** A caller with a call in hand, dialed, and a note typed. */
async function in_a_call(person, note) {
  const desk = await new Desk(await sign_in(browser, makegood.url, person)).open();
  await desk.next();
  await desk.dial();
  await desk.note(note);
  return desk;
}

const noted = note => rows(makegood.database, 'SELECT outcome, late FROM attempts WHERE note = ?', [note]);

/** The next call is on the desk, and nothing of the one before is in it. */
async function next_is_clean(desk, before, note) {
  await until('the next call is on the desk', async () => (await desk.claim()) && (await desk.name()) !== before);
  assert.equal(await desk.page.locator('[name=note]').inputValue(), '');
  assert.ok(!(await desk.page.locator('[data-outcomes]').innerText()).includes(note));
  assert.equal(await desk.page.evaluate(() => localStorage.length + sessionStorage.length), 0, 'nothing is kept in the browser');
}

test('with the network lost the outcome and the note wait in the page, and are sent once', async () => {
  const note = 'Rang twice, then the line went dead.';
  const desk = await in_a_call(callers[0], note), name = await desk.name();
  await desk.page.context().setOffline(true);
  await desk.page.keyboard.press('1');
  await desk.page.locator('#notice', { hasText: 'is not saved yet' }).waitFor();
  assert.equal(await desk.page.locator('[name=note]').inputValue(), note);
  assert.deepEqual(noted(note), []);
  await desk.page.context().setOffline(false);
  await until('it is saved', () => noted(note).length > 0);
  await next_is_clean(desk, name, note);
  await new Promise(resume => setTimeout(resume, 6000)); // longer than a retry waits
  assert.deepEqual(noted(note), [{ outcome: 'no_answer', late: 0 }], 'once');
  assert.equal(await desk.page.locator('#notice').innerText(), '');
  await desk.page.context().close();
});

test('an expired session is renewed in place, and what was chosen and typed is sent', async () => {
  const note = 'Asked for the letter.';
  const desk = await in_a_call(callers[1], note), name = await desk.name();
  rows(makegood.database, "UPDATE sessions SET ended_at = created_at WHERE user_id = (SELECT id FROM users WHERE email = ?)", [callers[1].email]);
  await desk.page.keyboard.press('1');
  const password = desk.page.locator('#locked input[type=password]');
  await password.waitFor();
  assert.equal(await desk.page.locator('[name=note]').inputValue(), note);
  assert.deepEqual(noted(note), []);
  await password.fill(callers[1].password);
  await password.press('Enter');
  await until('it is saved', () => noted(note).length > 0);
  await next_is_clean(desk, name, note);
  assert.deepEqual(noted(note), [{ outcome: 'no_answer', late: 0 }]);
  await desk.page.context().close();
});

test('a hold is lengthened while the page is open, and ends soon after it is closed', async () => {
  const desk = await in_a_call(callers[2], 'Coming back.');
  const claim = await desk.claim(), until_when = () => ask('SELECT expires_at FROM claims WHERE id = ?', [claim]);
  const soon = Date.now() * 1000 + 60_000_000;
  rows(makegood.database, 'UPDATE claims SET expires_at = ? WHERE id = ?', [soon, claim]);
  await desk.page.reload();
  await until('the hold is lengthened', () => until_when() > soon);
  await desk.page.close();
  await until('the hold ends within a minute', () => until_when() < Date.now() * 1000 + 60_000_000);
});

test('an outcome that comes after a colleague took over is kept, and flagged', async () => {
  const note = 'They called me back just now.';
  const desk = await in_a_call(callers[0], note);
  const claim = Number(await desk.claim());
  const [{ household_id: household, outage_id: outage }] = rows(makegood.database, 'SELECT household_id, outage_id FROM claims WHERE id = ?', [claim]);
  const now = Date.now() * 1000, ben = ask('SELECT id FROM users WHERE email = ?', [callers[1].email]);
  rows(makegood.database, 'UPDATE claims SET expires_at = ?, released_at = ? WHERE id = ? OR user_id = ?', [now, now, claim, ben]);
  rows(makegood.database, 'INSERT INTO claims (outage_id, household_id, user_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?)', [outage, household, ben, now, now + 600_000_000]);
  await desk.page.locator('#live', { hasText: /Ben/ }).waitFor({ timeout: 15_000 });
  await desk.page.keyboard.press('3');
  await until('it is kept', () => noted(note).length > 0);
  assert.deepEqual(noted(note), [{ outcome: 'all_set', late: 1 }]);
  await desk.page.context().close();
});
