// The call to an office, with the keyboard: find, tick, record; and the key that waits for a tick.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { faults, violations } from './axe.js';
import { open_browser, sign_in, until } from './browser.js';
import { rows, value } from './database.js';
import { Desk } from './desk.js';
import { callers } from './people.js';
import { empty_office, import_and_split } from './worked.js';

let makegood, browser, desk, page;
const LAPTOP = { viewport: { width: 1440, height: 900 } };
const NAMES = ['Aisha Silva', 'Carla Lindholm', 'George Haddad', 'Hannah Núñez', 'Ida Vandersteen-Okonkwo', 'James Ortega', 'Mei-Ling Müller', 'Oscar Abernathy', 'Pedro Chen', 'Priya Petrov', 'Walter Tran'];
const CHARGED = ['not_charged', 'charged_twice', 'not_charged', 'charged', 'not_charged', 'not_charged', 'charged', 'not_charged', 'unknown', 'not_charged', 'not_charged'];
const change = (statement, values = []) => rows(makegood.database, statement, values);
const attempts = () => value(makegood.database, 'SELECT COUNT(*) FROM attempts');

before(async () => {
  makegood = await empty_office();
  browser = await open_browser();
  const split = await import_and_split(browser, makegood);
  await split.context().close();
  desk = await new Desk(await sign_in(browser, makegood.url, callers[1], LAPTOP)).open();
  page = desk.page;
  await desk.next();
  fill_office();
  await page.reload();
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await makegood?.close();
});

/** The number in hand is an office's: eleven people gave it, one has paid since, one must not be called, one has answered. */
function fill_office() {
  const home = value(makegood.database, 'SELECT household_id FROM claims WHERE released_at IS NULL ORDER BY id DESC LIMIT 1');
  const cases = change(`SELECT id FROM cases ORDER BY household_id = ${home} DESC, id LIMIT 11`);
  cases.forEach(({ id }, at) => {
    const [given, family] = NAMES[at].split(' ');
    change(`UPDATE cases SET household_id = ${home}, given_name = ?, family_name = ?, charged = ?, language = 'en', stage = 'new' WHERE id = ${id}`, [given, family, CHARGED[at]]);
  });
  const closed = (at, why) => change(`UPDATE cases SET stage = 'closed', resolution = '${why}', due_at = NULL, resolved_at = opened_at WHERE id = ${cases[at].id}`);
  closed(2, 'paid'); closed(7, 'do_not_contact'); closed(10, 'resolved_by_citizen');
  change(`UPDATE households SET language = 'en' WHERE id = ${home}`);
}

const tally = () => page.locator('[data-tally]').innerText();
const find = async letters => { await page.keyboard.press('f'); await page.keyboard.type(letters); };
const shown = () => page.locator('.clients tbody tr:not([hidden])').count();
/** The office is on the line; keys are awake. */
const ready = async () => { await desk.dial(); await page.waitForTimeout(1100); };

test('the script of an office stands over its list, and head and tally stay in sight', async () => {
  assert.equal(await shown(), 11);
  assert.match(await page.locator('.script').innerText(), /office of a tax preparer/);
  const [script, list] = [await page.locator('.script').boundingBox(), await page.locator('[data-clients]').boundingBox()];
  assert.ok(script.y < list.y);
  assert.equal(await page.locator('input[name=ticked]').count(), 8, 'whoever is done cannot be ticked');
  if (process.env.MAKEGOOD_PICTURES) await page.screenshot({ path: `${process.env.MAKEGOOD_PICTURES}/switchboard.png`, fullPage: true });
});

test('F finds by the first letters of any name, without accents, and Enter ticks the first', async () => {
  await ready();
  await find('nun');
  assert.equal(await shown(), 1);
  await page.keyboard.press('Enter');
  await until('it is ticked', async () => (await tally()).includes('Hannah Núñez'));
  assert.equal(await shown(), 11, 'the list is whole again');
  await find('zzz');
  assert.ok(await page.getByText('Nobody here begins with that').isVisible());
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  assert.equal(await tally(), '1 ticked: Hannah Núñez');
  await find('ok');
  assert.equal(await shown(), 1, 'the second half of a double name');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
});

test('A ticks all who are open and C none, and the outcomes say for how many', async () => {
  await page.locator('h1').click();
  await page.keyboard.press('a');
  assert.match(await tally(), /^8 ticked:/);
  assert.match(await page.locator('.outs').innerText(), /Reached somebody\. For the 8 ticked/);
  await page.keyboard.press('c');
  assert.equal(await tally(), 'Nobody is ticked.');
  assert.match(await page.locator('.outs').innerText(), /Did not reach the office\. For all 8 open/);
  if (process.env.MAKEGOOD_PICTURES) {
    await page.locator('input[name=ticked]').nth(2).check();
    await page.locator('input[name=ticked]').nth(7).check();
    await page.screenshot({ path: `${process.env.MAKEGOOD_PICTURES}/switchboard-ticked.png` });
    await page.keyboard.press('c');
  }
});

test('axe finds nothing in light and dark, wide and narrow', async () => {
  await page.locator('input[name=ticked]').first().check();
  assert.deepEqual(await violations(page), [], 'with a tick');
  assert.deepEqual(await faults(page, new URL(page.url()).pathname), []);
  await page.setViewportSize(LAPTOP.viewport);
  await ready();
});

test('a key with nothing ticked waits: it says so, goes to find, and saves after the tick', async () => {
  const before = attempts();
  await page.keyboard.press('3');
  const problem = page.locator('[id^=problem-]');
  await until('it is said', async () => (await problem.innerText()).includes('Tick a client first'));
  assert.ok(await page.evaluate(() => document.activeElement.matches('[data-find]')), 'focus is on find');
  await page.keyboard.press('Escape');
  await page.waitForTimeout(300);
  assert.equal(await problem.innerText(), '', 'Esc leaves it');
  await page.keyboard.press('c');
  await page.keyboard.press('3');
  await page.keyboard.type('pri');
  await page.keyboard.press('Enter');
  await until('it is saved', () => attempts() > before);
  assert.equal(attempts(), before + 1);
  await until('the form is new', async () => (await page.locator('.who__tags').innerText()).includes('7 open'));
  assert.equal(await tally(), 'Nobody is ticked.');
  assert.equal(await page.locator('input[name=ticked]:checked').count(), 0, 'the ticks are gone');
  assert.equal(await page.locator('tr', { hasText: 'Priya Petrov' }).innerText().then(text => text.includes('Recorded in this call')), true);
});

test('two who are ticked are one call, a second press records nothing, and 0 ends it', async () => {
  await page.waitForTimeout(1100);
  const before = attempts(), claim = await desk.claim();
  await find('aisha'); await page.keyboard.press('Enter');
  await find('ida'); await page.keyboard.press('Enter');
  await page.keyboard.press('3');
  await page.keyboard.press('3');
  await until('it is saved', () => attempts() > before);
  await page.waitForTimeout(1500);
  assert.equal(attempts(), before + 1);
  const about = value(makegood.database, 'SELECT COUNT(*) FROM attempt_cases WHERE attempt_id = (SELECT MAX(id) FROM attempts)');
  assert.equal(about, 2);
  assert.equal(await desk.claim(), claim, 'the list stays');
  await page.keyboard.press('0');
  await until('the call has ended', async () => await desk.claim() !== claim);
  assert.deepEqual(page.problems, []);
});
