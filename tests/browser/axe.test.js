// Every page in every role, in light and in dark: no violation that axe finds, no complaint of the console
// (a breach of the content security policy is one), nothing that scrolls sideways.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { faults, violations } from './axe.js';
import { listened_to, open_browser, sign_in } from './browser.js';
import { rows, value } from './database.js';
import { KEYS } from './desk.js';
import { admin, callers } from './people.js';
import { sample } from './server.js';
import { citizen_link, empty_office, few_calls, import_and_split } from './worked.js';

let makegood, browser, eve, ana;

before(async () => {
  makegood = await empty_office();
  browser = await open_browser();
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await makegood?.close();
});

const clean = async (page, addresses) => {
  const found = [];
  for (const address of addresses) found.push(...await faults(page, address));
  assert.deepEqual(found, []);
};
/** What is wrong with many addresses, each in a tab of its own: one in which so much was done may crash. */
const in_tabs = async (page, addresses) => {
  const found = [];
  for (const address of addresses) {
    const tab = await listened_to(page.context());
    found.push(...await faults(tab, address));
    await tab.close();
  }
  return found;
};
const here = page => new URL(page.url()).pathname;

test('the sign-in page', async () => {
  const context = await browser.newContext({ baseURL: makegood.url });
  const page = await listened_to(context);
  await clean(page, ['/sign-in', '/check', '/check?lang=es']);
  await context.close();
});

test('an outage that nothing was imported into', async () => {
  const page = await sign_in(browser, makegood.url, admin);
  await clean(page, ['/outages/april/board', '/outages/april/cases', '/outages/april/lists', '/outages/april/imports', '/outages/april/imports/new', '/outages/april/messages']);
  await page.context().close();
});

test('the steps of an import', async () => {
  const page = await sign_in(browser, makegood.url, admin);
  await page.goto('/outages/april/imports/new');
  await page.getByLabel(/choose it/).setInputFiles(sample('small.csv'));
  await page.getByRole('button', { name: 'Upload' }).click();
  await page.getByRole('heading', { name: 'Match the columns' }).waitFor();
  await clean(page, [here(page)]);
  await page.getByRole('button', { name: 'Check the rows' }).click();
  await page.getByRole('heading', { name: 'Check before anything counts' }).waitFor();
  await page.getByText(/^Columns that were read/).click();
  assert.ok(await page.getByText('filing_deadline').isVisible(), 'what was read opens');
  await page.getByText(/^Show the numbers as a table/).click();
  assert.ok(await page.getByRole('region', { name: 'Rows by time, table' }).isVisible(), 'the numbers of the picture open');
  await clean(page, [here(page)]);
  const check = here(page);
  await page.getByPlaceholder('Day and time').first().fill('no day');
  await page.keyboard.press('Enter');
  await page.locator('[aria-invalid=true]').waitFor();
  await page.goto(check);
  await page.getByRole('button', { name: 'Change the columns' }).click();
  await page.getByRole('heading', { name: 'Match the columns' }).waitFor();
  await page.getByRole('button', { name: 'Check the rows' }).click();
  await page.getByRole('button', { name: 'Give this file up' }).click();
  await page.getByRole('heading', { name: 'small.csv: given up' }).waitFor();
  await clean(page, [here(page)]);
  await page.context().close();
});

test('the questions about a file, and a file that is known', async () => {
  const page = await sign_in(browser, makegood.url, admin);
  const upload = async (name, text) => {
    await page.goto('/outages/april/imports/new');
    await page.getByLabel(/choose it/).setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.getByRole('button', { name: 'Upload' }).click();
  };
  await upload('limbo.csv', 'timestamp,name,email,status\n2026-04-16 00:42:10,Ana Prueba,ana@example.com,Failed\n2026-04-16 00:44:31,Ben Muster,ben@example.com,Limbo\n');
  await page.getByRole('heading', { name: /^2 questions about limbo.csv/ }).waitFor();
  await clean(page, [here(page)]);
  const questions = here(page);
  await page.keyboard.press('Control+Enter');
  await page.getByText('Question 2 still needs an answer.').waitFor();
  await page.goto(questions);
  await page.getByText(/1 person failed/).waitFor();
  await page.route('**/weigh', async route => { await new Promise(resume => setTimeout(resume, 1500)); await route.continue(); });
  await page.getByRole('radio', { name: 'Limbo means Failed' }).check();
  await page.locator('.counting').waitFor();
  await page.getByText(/2 people failed/).waitFor();
  await page.locator('.counting').waitFor({ state: 'hidden' });
  await page.unroute('**/weigh');
  await page.getByRole('button', { name: 'Give this file up' }).click();
  const stripe = 'id,Created date (UTC),Amount,Amount Refunded,Currency,Fee,Status,Customer Email';
  await upload('known.csv', `${stripe}\nch_1,2026-04-16 00:42:10,10.50,0.00,usd,0.10,Failed,ana@example.com\n`);
  await page.getByRole('heading', { name: 'Stripe: payments. Nothing to ask.' }).waitFor();
  await clean(page, [here(page), here(page).replace('understood', 'questions?anew=yes')]);
  await page.getByRole('button', { name: 'Give this file up' }).click();
  await page.context().close();
});

test('a workbook, and a file without a header', async () => {
  const page = await sign_in(browser, makegood.url, admin);
  const nameless = readFileSync(sample('small.csv'), 'utf8').split('\n').slice(1).join('\n');
  for (const file of [sample('small.xlsx'), { name: 'nameless.csv', mimeType: 'text/csv', buffer: Buffer.from(nameless) }]) {
    await page.goto('/outages/april/imports/new');
    await page.getByLabel(/choose it/).setInputFiles(file);
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.getByRole('heading', { name: 'Match the columns' }).waitFor();
    await clean(page, [here(page)]);
  }
  await page.context().close();
});

test("the supervisor's pages", async () => {
  eve = await import_and_split(browser, makegood);
  ana = await few_calls(browser, makegood);
  await eve.goto('/outages/april/messages/send');
  await eve.locator('#count').getByRole('button').click();
  const household = value(makegood.database, "SELECT household_id FROM attempts WHERE outcome = 'call_back'");
  const called = value(makegood.database, 'SELECT id FROM cases WHERE household_id = ?', [household]);
  const run = value(makegood.database, "SELECT id FROM imports WHERE state = 'published'");
  const pages = ['board', 'board?paused=1', 'cases', 'cases?stage=callback', 'lists', 'lists/split', 'lists/split?by=weight', 'lists/split?by=time&again=yes', 'lists/rebalance', 'paper', 'promises', 'promises?kind=remedy', 'letters', 'exports', 'imports', `imports/${run}`, `imports/${run}/check`, `imports/${run}/payments-to-look-at`, 'messages', 'messages?state=queued', 'messages?template=confirmation', 'messages/send', 'templates', 'templates/apology/en', 'edit'];
  const addresses = [...pages.map(page => `/outages/april/${page}`), `/cases/${called}`, '/outages', '/outages/new', '/suppressions', '/mail-hold'];
  assert.deepEqual(await in_tabs(eve, addresses), []);
});

test("the citizen's pages", async () => {
  const id = value(makegood.database, "SELECT min(id) FROM cases WHERE stage = 'new' AND account_id IS NOT NULL");
  const link = citizen_link(makegood, id);
  const page = await listened_to(await browser.newContext({ baseURL: makegood.url }));
  await clean(page, [link, `${link}?lang=es`]);
  await page.getByText('Call me', { exact: true }).or(page.getByText('Quiero que me llamen')).click();
  await page.locator('.slots label').first().click();
  await page.getByRole('button', { name: /Send my answer|Enviar/ }).click();
  await page.getByRole('heading', { name: /We will call you|Le llamaremos/ }).waitFor();
  await clean(page, [here(page), `${link}?change=1`]);
  await page.setViewportSize({ width: 390, height: 844 });
  for (const state of ['unknown', 'charged', 'charged_twice']) {
    rows(makegood.database, 'UPDATE cases SET charged = ? WHERE id = ?', [state, id]);
    for (const language of ['en', 'es']) {
      await clean(page, [`${link}?lang=${language}&change=1`]);
      assert.equal(await page.getByText(/Pay now|Pagar ahora/).count(), 0);
    }
  }
  rows(makegood.database, "UPDATE cases SET charged = 'not_charged' WHERE id = ?", [id]);
  await page.goto(link);
  await page.getByRole('link', { name: 'Change my answer' }).or(page.getByRole('link', { name: 'Cambiar' })).first().click();
  await page.getByRole('button', { name: /That is not me|No soy yo/ }).click();
  await page.getByRole('heading', { name: /Thank you|Gracias/ }).waitFor();
  await clean(page, [link]);
  await page.context().close();
});

test("the caller's pages", async () => {
  const attempt = value(makegood.database, "SELECT id FROM attempts WHERE outcome = 'voicemail'");
  const pages = ['', '?script=voicemail', '/practice', '/practice?script=voicemail&lang=es', '/recent', '/callbacks', '/switchboards', `/attempts/${attempt}/change`];
  await clean(ana.page, [...pages.map(page => `/outages/april/desk${page}`), '/help/keys', '/look']);
  await ana.page.goto('/outages/april/desk');
});

test('the questions that outcomes ask, and the dialog of the keys', async () => {
  const { page } = ana;
  await page.setViewportSize({ width: 1440, height: 1000 });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('/outages/april/desk');
  const found = [];
  for (const outcome of ['call_back', 'needs_help', 'other_language', 'do_not_call']) {
    await ana.next();
    await ana.dial();
    await ana.send(KEYS[outcome]);
    found.push(...await violations(page));
    await page.locator('main h1').focus();
    await ana.send('Escape'); // the other outcomes
  }
  await page.locator('main h1').focus();
  await page.keyboard.press('?');
  await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
  found.push(...await violations(page), ...page.problems);
  assert.deepEqual(found, []);
});

test('the desk of a caller who has not begun', async () => {
  const cora = await sign_in(browser, makegood.url, callers[2]);
  await clean(cora, ['/outages/april/desk']);
  await cora.context().close();
});

test("the administrator's pages", async () => {
  const page = await sign_in(browser, makegood.url, admin);
  await clean(page, ['/account', '/accounts', '/accounts/new', '/accounts/1', '/outages/april/edit', '/outcomes', '/outcomes/new', '/outcomes/busy', '/outages/april/board']);
  await page.context().close();
});

test('pages that say what went wrong', async () => {
  await eve.goto('/outages/none/board');
  assert.equal(await eve.getByRole('heading', { level: 1 }).count(), 1);
  const found = await in_tabs(eve, ['/outages/none/board', '/password/ended']);
  assert.deepEqual(found.filter(line => !/console: .*(404|403|410)/.test(line)), []);
});
