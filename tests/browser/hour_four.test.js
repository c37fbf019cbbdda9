// The desk after hours of calls: what is needed stands in sight, whatever people are called, and a slow hand records once.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open_browser, sign_in, until } from './browser.js';
import { rows, value } from './database.js';
import { Desk } from './desk.js';
import { callers, supervisor } from './people.js';
import { empty_office, import_and_split } from './worked.js';

let makegood, browser, desk;
const LAPTOP = { viewport: { width: 1440, height: 900 } };
const change = statement => rows(makegood.database, statement);

before(async () => {
  makegood = await empty_office();
  browser = await open_browser();
  const page = await import_and_split(browser, makegood);
  await page.context().close();
  desk = await new Desk(await sign_in(browser, makegood.url, callers[1], LAPTOP)).open();
  await desk.next();
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await makegood?.close();
});

/** The household in hand has so many people who speak English, all of them with letters that their servers took: the longest script. */
function fill_household(people) {
  const home = value(makegood.database, 'SELECT household_id FROM claims WHERE released_at IS NULL ORDER BY id DESC LIMIT 1');
  const [members, others] = ['=', '<>'].map(is => rows(makegood.database, `SELECT id, household_id FROM cases WHERE household_id ${is} ? ORDER BY id`, [home]));
  for (const { id } of members.slice(people)) change(`UPDATE cases SET household_id = ${others[0].household_id} WHERE id = ${id}`);
  for (const { id } of others.slice(0, Math.max(0, people - members.length))) change(`UPDATE cases SET household_id = ${home} WHERE id = ${id}`);
  change(`UPDATE cases SET language = 'en', stage = 'new' WHERE household_id = ${home}`);
  change(`UPDATE households SET language = 'en' WHERE id = ${home}`);
  change(`INSERT INTO messages (outage_id, case_id, template_key, language, to_address, state, queued_at, sent_at, tries)
    SELECT outage_id, id, 'apology', 'en', COALESCE(email, 'x@mail.example'), 'sent', opened_at, opened_at, 1 FROM cases WHERE household_id = ${home}`);
}

/** Where the step *Ask* ends. */
const ask_ends = async () => {
  const box = await desk.page.locator('.script > li').last().boundingBox();
  return box.y + box.height;
};

test('the question stands in sight for one person and for two', async () => {
  fill_household(1);
  await desk.page.reload();
  const one = await ask_ends();
  fill_household(2);
  await desk.page.reload();
  await desk.page.keyboard.press('f');
  await until('somebody is on the line', () => desk.page.locator('.talk__p[aria-pressed=true]').count());
  const two = await ask_ends();
  assert.ok(one <= 900 && two <= 900, `Ask ends at ${one} and ${two} of 900 pixels`);
});

test('a long name leaves the number, its key and its copy in sight', async () => {
  change(`UPDATE cases SET given_name = 'Wolfeschlegelsteinhausenbergerdorff', family_name = 'Featherstonehaugh-Cholmondeley-Marjoribanks'`);
  await desk.page.reload();
  const card = await desk.page.locator('section[aria-labelledby=who]').boundingBox();
  const dial = await desk.page.locator('.dial').boundingBox();
  assert.ok(dial.x + dial.width <= card.x + card.width + 1, 'the number is inside its card');
  assert.ok(await desk.page.locator('.dial a[data-key=d]').isVisible());
});

test('a slow double click with the mouse records one call', async () => {
  const before = value(makegood.database, 'SELECT COUNT(*) FROM attempts');
  const button = desk.page.getByRole('button', { name: /^No answer/ });
  await desk.dial();
  const place = await button.boundingBox();
  const [x, y] = [place.x + place.width / 2, place.y + place.height / 2];
  await desk.page.mouse.click(x, y);
  await new Promise(resume => setTimeout(resume, 350));
  await desk.page.mouse.click(x, y);
  await until('it is recorded', () => value(makegood.database, 'SELECT COUNT(*) FROM attempts') > before);
  await new Promise(resume => setTimeout(resume, 1500));
  assert.equal(value(makegood.database, 'SELECT COUNT(*) FROM attempts'), before + 1);
});

test('a supervisor is called and sent away by the same key', async () => {
  await desk.page.keyboard.press('h');
  await desk.page.getByText('A supervisor is called.').waitFor();
  await desk.page.keyboard.press('h');
  await desk.page.getByText('Your supervisors are told.').waitFor();
  await desk.page.getByRole('button', { name: /^I need a supervisor/ }).waitFor();
});

test('a key changes the language of the script', async () => {
  await desk.page.keyboard.press('l');
  await desk.page.locator('.script[lang=es]').waitFor();
  await desk.page.keyboard.press('l');
  await desk.page.locator('.script[lang=en]').waitFor();
});

test('where an outcome is changed a key points at its button, and Enter saves', async () => {
  const { page } = desk, counting = () => rows(makegood.database, 'SELECT outcome FROM attempts WHERE superseded_at IS NULL ORDER BY id DESC LIMIT 1')[0].outcome;
  await page.getByRole('link', { name: /^Change outcome for/ }).first().click();
  await page.waitForURL('**/change');
  await page.keyboard.press('9');
  await page.waitForFunction(() => document.activeElement?.value === 'busy');
  await page.waitForTimeout(6000);
  assert.equal(counting(), 'no_answer', 'a key alone saves nothing, however long one waits');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/recent');
  assert.equal(counting(), 'busy');
});

test('Undo goes away with its five minutes', async () => {
  await desk.open();
  await desk.next();
  await desk.record('no_answer');
  await desk.page.locator('form.undo').waitFor();
  change('UPDATE attempts SET at = at - 295000000');
  await desk.page.reload();
  await desk.page.locator('form.undo').waitFor();
  await desk.page.locator('form.undo').waitFor({ state: 'detached', timeout: 15_000 });
});

test('a time of any minute is saved with one key', async () => {
  const page = desk.page;
  await page.keyboard.press('5');
  const chip = page.getByText(/^Tomorrow 12:30/).first();
  await chip.waitFor();
  const invalid = () => page.evaluate(() => [...document.querySelectorAll('[name=callback_time]')].map(field => {
    field.value = '12:31';
    return field.checkValidity();
  }));
  assert.deepEqual(await invalid(), [true], 'no minute is refused by the browser');
});

test('the board says how old its numbers are when no answer comes', async () => {
  const page = await sign_in(browser, makegood.url, supervisor);
  await page.goto('/outages/april/board');
  await page.getByText(/^Live\. Numbers from/).waitFor();
  await page.context().setOffline(true);
  await page.getByText(/^Old\. Numbers from .*s ago/).waitFor({ timeout: 40_000 });
  await page.getByRole('link', { name: 'Update now' }).waitFor();
  await page.locator('#notice').getByText('A call for help may not reach this page').waitFor();
  await page.context().setOffline(false);
  await page.getByText(/^Live\. Numbers from/).waitFor({ timeout: 20_000 });
  await page.context().close();
});

test('a count that got no answer keeps no button from being pressed and sends nothing by itself', async () => {
  const page = await sign_in(browser, makegood.url, supervisor);
  const sent = () => value(makegood.database, 'SELECT COUNT(*) FROM campaigns');
  await page.goto('/outages/april/messages/send');
  await page.context().setOffline(true);
  await page.fill('#hold', '1');
  await page.locator('#most').focus();
  await page.locator('#notice').getByText('No answer from the server').waitFor();
  await page.context().setOffline(false);
  await page.waitForTimeout(7000);
  assert.equal(sent(), 0, 'nobody pressed Send');
  await page.fill('#most', '2');
  await page.locator('#count').getByRole('button').click();
  await page.getByText(/^Nothing was done yet/).first().waitFor();
  assert.equal(sent(), 0);
  await page.getByRole('button', { name: 'Send 2 e-mails' }).click();
  await page.waitForURL(address => address.pathname.endsWith('/messages'));
  assert.equal(sent(), 1);
  await page.context().close();
});
