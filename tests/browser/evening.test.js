// One evening from the first sign-in to the last number on the board, in a real browser against the real program.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { open_browser, sign_in, until } from './browser.js';
import { rows, value } from './database.js';
import { Desk, KEYS } from './desk.js';
import { callers, outage, supervisor } from './people.js';
import { Makegood, sample } from './server.js';
import { MailServer } from './smtp.js';

const truth = JSON.parse(readFileSync(sample('small.truth.json'), 'utf8')).failed;
const outside = truth.outside_window.before + truth.outside_window.after;
const rejected = Object.values(truth.rejected).reduce((sum, rows) => sum + rows, 0);

let mail, makegood, browser, eve;
const desks = [];
const ask = (statement, values) => value(makegood.database, statement, values);

before(async () => {
  mail = await new MailServer().start();
  makegood = new Makegood({ MAKEGOOD_SMTP_URL: mail.url });
  [supervisor, ...callers].forEach(person => makegood.add(person));
  makegood.run(outage);
  await makegood.serve();
  browser = await open_browser();
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await makegood?.close();
  await mail?.close();
});

/** The definitions of a list, by their terms. */
const listed = list => list.evaluate(dl => Object.fromEntries([...dl.querySelectorAll('dt')].map(dt => [dt.innerText.trim(), dt.nextElementSibling.innerText.trim()])));

test('the supervisor uploads the export and sees every row accounted for', async () => {
  eve = await sign_in(browser, makegood.url, supervisor);
  await eve.goto('/outages/april/imports/new');
  await eve.getByLabel(/choose it/).setInputFiles(sample('small.csv'));
  await eve.getByRole('button', { name: 'Upload' }).click();
  await eve.getByRole('heading', { name: 'Match the columns' }).waitFor();
  await eve.getByRole('button', { name: 'Check the rows' }).click();
  await eve.getByRole('heading', { name: 'Check before anything counts' }).waitFor();
  const bins = await listed(eve.locator('dl.tot'));
  assert.deepEqual(bins, {
    'Rows in the file': `${truth.rows}`, 'Accepted': `${truth.accepted}`, 'Duplicates': `${truth.duplicates}`,
    'Outside the window': `${outside}`, 'Rejected': `${rejected}`,
  });
  const sums = await eve.locator('table.addup').evaluate(table => Object.fromEntries([...table.querySelectorAll('tr')].map(row => [row.cells[0].innerText.trim(), row.cells[1].innerText.trim()])));
  assert.equal(sums['People whose payment failed'], `${truth.citizens}`);
  assert.equal(sums['Calls, one for each phone'], `${truth.households}`);
  assert.equal(sums['By e-mail only, no phone'], `${truth.citizens_email_only}`);
  assert.equal(sums['By letter, neither works'], `${truth.citizens_unreachable}`);
});

test('nothing counts before the supervisor confirms', async () => {
  assert.equal(ask('SELECT published_import_id FROM outages'), 0);
  await eve.getByRole('button', { name: `Import and make ${truth.households} calls` }).click();
  await eve.getByRole('heading', { name: 'Next', exact: true }).waitFor();
  assert.equal(ask("SELECT COUNT(*) FROM transactions WHERE bin = 'accepted'"), truth.accepted);
});

test('the apology reaches every citizen with an address once, in their language', async () => {
  await eve.goto('/outages/april/messages/send');
  await eve.locator('#count').getByRole('button').click();
  await eve.waitForURL(address => address.pathname.endsWith('/messages'));
  const wanted = ask("SELECT COUNT(*) FROM messages WHERE template_key = 'apology'");
  assert.ok(wanted > 15, `${wanted} apologies were queued`);
  await until('every apology has arrived', () => mail.arrived().length >= wanted);
  await until('every apology counts as sent', () => ask("SELECT COUNT(*) FROM messages WHERE state <> 'sent'") === 0);
  const letters = mail.arrived();
  assert.equal(letters.length, wanted, 'no letter came twice');
  letters.forEach(letter => assert.equal(letter.recipients.length, 1));
  const due = rows(makegood.database, 'SELECT DISTINCT email, language FROM cases WHERE email IS NOT NULL');
  assert.deepEqual([...new Set(letters.map(letter => letter.recipients[0]))].sort(), [...new Set(due.map(one => one.email))].sort());
  for (const letter of letters) {
    const spanish = due.some(one => one.email === letter.recipients[0] && one.language === 'es');
    assert.match(letter.subject, spanish ? /^(Su|Sobre su) pago/ : /^(Your|About your) payment/, `the subject for ${letter.recipients[0]}`);
  }
});

test('the calls are split evenly among three callers', async () => {
  await eve.goto('/outages/april/lists/split');
  await eve.getByRole('button', { name: `Move ${truth.households} calls` }).click();
  await eve.waitForURL(address => address.pathname.endsWith('/lists'));
  const dealt = rows(makegood.database, 'SELECT COUNT(*) AS calls FROM households GROUP BY list_id');
  assert.deepEqual(dealt.map(list => list.calls), [7, 7, 7]);
});

const EVENING = [
  ['no_answer', 'technical', 'other_language', 'voicemail', 'busy', 'someone_else'],
  ['call_back', 'will_pay', 'refused', 'wrong_number', 'disconnected'],
  ['do_not_call', 'deceased', 'needs_help', 'all_set'],
];

test('a caller works her queue with the keyboard alone: note, undo, skip', async () => {
  const ana = await new Desk(await sign_in(browser, makegood.url, callers[0])).open();
  desks.push(ana);
  await ana.next();
  const first = await ana.name();
  await ana.note('Rang for a minute.');
  await ana.record('no_answer');
  assert.notEqual(await ana.name(), first, 'the next person is on the desk');
  await ana.send('u');
  assert.equal(await ana.name(), first, 'undo brings her back');
  assert.equal(await ana.page.locator('[name=note]').inputValue(), 'Rang for a minute.', 'with the note');
  assert.equal(ask('SELECT COUNT(*) FROM attempts WHERE superseded_at IS NOT NULL'), 1);
  await ana.send('s');
  assert.match(await ana.page.locator('[data-outcomes] fieldset legend').first().innerText(), /Why skip/, 'a skip asks for its reason');
  await ana.send('Control+Enter');
  assert.notEqual(await ana.name(), first, 'skipping passes her over');
  assert.equal(ask('SELECT SUM(skips) FROM households'), 1);
  assert.equal(ask('SELECT reason FROM skips'), 'not_now');
  await ana.work(EVENING[0]);
});

test('the others work theirs, and between them every outcome is used', async () => {
  for (const [at, person] of callers.entries()) {
    if (at > 0) desks.push(await new Desk(await sign_in(browser, makegood.url, person)).open());
    await desks[at].work(at > 0 ? EVENING[at] : []);
  }
  for (const desk of desks) await desk.work([]);
  const used = rows(makegood.database, 'SELECT DISTINCT outcome FROM attempts WHERE superseded_at IS NULL').map(row => row.outcome);
  assert.deepEqual(used.sort(), Object.keys(KEYS).sort());
  assert.equal(ask("SELECT COUNT(*) FROM households WHERE stage = 'new'"), 0, 'everybody was called');
  assert.equal(ask('SELECT COUNT(*) FROM attempts'), desks.reduce((sum, desk) => sum + desk.recorded.length, 0), 'each press was saved once');
  desks.forEach(desk => assert.deepEqual(desk.page.problems, []));
});

test('a promised callback comes up when its time has come, and is kept', async () => {
  const [promise] = rows(makegood.database, 'SELECT id, household_id, attempt_id FROM callbacks WHERE kept_at IS NULL AND withdrawn_at IS NULL');
  assert.ok(promise, 'a callback is booked');
  come_true(promise);
  const ben = desks[1];
  await ben.next();
  assert.equal(ask('SELECT household_id FROM claims WHERE released_at IS NULL'), promise.household_id);
  await ben.record('all_set');
  assert.notEqual(ask('SELECT kept_at FROM callbacks WHERE id = ?', [promise.id]), null);
});

/** As if its time were now. */
function come_true({ id, household_id: household, attempt_id: attempt }) {
  const now = Date.now() * 1000;
  const set = (statement, of) => rows(makegood.database, statement, [now, of]);
  set('UPDATE callbacks SET due_at = ? WHERE id = ?', id);
  set('UPDATE attempts SET callback_at = ? WHERE id = ?', attempt);
  set('UPDATE households SET due_at = ? WHERE id = ?', household);
  set("UPDATE cases SET due_at = ? WHERE household_id = ? AND stage = 'callback'", household);
}

test("the board's numbers are the database's", async () => {
  await until('all mail has gone out', () => ask("SELECT COUNT(*) FROM messages WHERE state IN ('queued', 'sending')") === 0);
  await eve.goto('/outages/april/board');
  const closed = ask("SELECT COUNT(*) FROM cases WHERE stage = 'closed'");
  const figures = await eve.locator('dl.kpis .big').allInnerTexts();
  const left = ask("SELECT COUNT(*) FROM households WHERE stage IN ('new', 'tried', 'callback', 'awaiting_payment', 'needs_help')");
  assert.deepEqual(figures.map(Number), [closed, truth.citizens - closed, left, closed]);
  const shown = await eve.locator('.states li').evaluateAll(items => Object.fromEntries(items.map(item => [
    new URL(item.querySelector('a').href).searchParams.get('stage'), Number(item.querySelector('.num').innerText)])));
  const states = rows(makegood.database, "SELECT CASE WHEN stage = 'closed' THEN resolution ELSE stage END AS state, COUNT(*) AS citizens FROM cases GROUP BY 1");
  assert.deepEqual(shown, Object.fromEntries(states.map(row => [row.state, row.citizens]).sort()));
  const calls = await eve.locator('section[aria-labelledby=sf] tbody tr').evaluateAll(lines => lines.map(line => Number(line.cells[4].innerText)));
  const made = rows(makegood.database, "SELECT COUNT(*) AS calls FROM attempts JOIN users ON users.id = user_id WHERE superseded_at IS NULL AND outcome <> 'technical' GROUP BY user_id ORDER BY users.name");
  assert.deepEqual(calls, made.map(row => row.calls));
  assert.deepEqual(eve.problems, []);
});
