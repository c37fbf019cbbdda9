// The pictures of the README, made from the running program: the desk and the board of `makegood demo`,
// and the check of tests/data/set_2000/failed.csv. They are written into docs/pictures.

import { mkdirSync } from 'node:fs';
import { open_browser, sign_in } from './browser.js';
import { demo } from './demo.js';
import { supervisor } from './people.js';
import { Makegood, sample, stop } from './server.js';

const folder = new URL('../../docs/pictures/', import.meta.url).pathname;
const look = { viewport: { width: 1440, height: 1000 }, colorScheme: 'light', reducedMotion: 'reduce' };

/** Takes a picture of what the window shows. */
const take = (page, name) => page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled', caret: 'hide' });

async function evening(browser) {
  const { child, people, url } = await demo();
  const role = name => people.find(person => person.role === name);
  try {
    const desk = await sign_in(browser, url, role('Caller'), look);
    if (await desk.locator('[data-claim]').count() === 0) await desk.keyboard.press('Enter');
    await desk.locator('[data-claim]').waitFor();
    await take(desk, 'desk');
    const board = await sign_in(browser, url, role('Supervisor'), look);
    await board.locator('.kpis').waitFor();
    await take(board, 'board');
  } finally {
    await stop(child);
  }
}

async function import_check(browser) {
  const makegood = new Makegood();
  try {
    makegood.add(supervisor);
    makegood.run(['outage', 'create', '--slug', 'april', '--name', 'Income tax payments', '--start', '2026-04-15T18:40', '--end', '2026-04-15T19:00', '--tz', 'America/Denver', '--account-format', 'T-0000000']);
    await makegood.serve();
    const page = await sign_in(browser, makegood.url, supervisor, look);
    await page.goto('/outages/april/imports/new');
    await page.getByLabel(/choose it/).setInputFiles(sample('set_2000/failed.csv'));
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.getByRole('button', { name: 'Check the rows' }).click();
    await page.getByRole('heading', { name: 'Check before anything counts' }).waitFor({ timeout: 120_000 });
    await take(page, 'import-check');
  } finally {
    await makegood.close();
  }
}

mkdirSync(folder, { recursive: true });
const browser = await open_browser();
await evening(browser);
await import_check(browser);
await browser.close();
