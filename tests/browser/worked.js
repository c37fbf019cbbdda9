// An outage with something on every page: imported, split, a few calls made.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { admin, callers, outage, supervisor } from './people.js';
import { sign_in } from './browser.js';
import { Desk } from './desk.js';
import { Makegood, sample } from './server.js';

/** The path of a case's page, signed as `outreach::citizen::link` does. */
export function citizen_link(makegood, id) {
  const content = Buffer.alloc(12);
  content.writeBigInt64BE(BigInt(id));
  content.writeUInt32BE(Math.floor(Date.now() / 60_000) + 14 * 24 * 60, 8);
  const key = readFileSync(join(makegood.dir, 'secret.key'), 'utf8').trim();
  const signature = createHmac('sha256', key).update("citizen's page\0").update(content).digest();
  return `/c/${Buffer.concat([content, signature.subarray(0, 16)]).toString('base64url')}`;
}

/** Accounts and an outage, served. */
export async function empty_office() {
  const makegood = new Makegood();
  [supervisor, admin, ...callers].forEach(person => makegood.add(person));
  makegood.run(outage);
  await makegood.serve();
  return makegood;
}

/** Imports tests/data/small.csv in the browser and splits it; leaves the supervisor signed in. */
export async function import_and_split(browser, makegood) {
  const page = await sign_in(browser, makegood.url, supervisor);
  await page.goto('/outages/april/imports/new');
  await page.getByLabel(/choose it/).setInputFiles(sample('small.csv'));
  await page.getByRole('button', { name: 'Upload' }).click();
  await page.getByRole('button', { name: 'Check the rows' }).click();
  await page.getByRole('button', { name: /^Import and make \d+ calls/ }).click();
  await page.getByRole('heading', { name: 'Next', exact: true }).waitFor();
  await page.goto('/outages/april/lists/split');
  await page.getByRole('button', { name: /^Move \d+ calls/ }).click();
  await page.waitForURL(address => address.pathname.endsWith('/lists'));
  return page;
}

/** The first caller at her desk with a few outcomes recorded and a call in hand. */
export async function few_calls(browser, makegood) {
  const desk = await new Desk(await sign_in(browser, makegood.url, callers[0])).open();
  for (const outcome of ['voicemail', 'call_back', 'all_set']) {
    assert.ok(await desk.next(), 'somebody can be called');
    await desk.record(outcome);
  }
  return desk;
}
