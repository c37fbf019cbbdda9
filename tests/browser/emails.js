// The pictures of docs/email.md: every text that comes with the product as it looks on a computer, in English, and on a
// phone, in Spanish, for a person of an invented outage; and the apology in the dark. Made by the running program.

import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open_browser, sign_in } from './browser.js';
import { admin } from './people.js';
import { Makegood } from './server.js';

const folder = new URL('../../docs/pictures/', import.meta.url).pathname;
const texts = ['apology', 'tried_to_call', 'could_not_reach', 'confirmation', 'callback_reminder'];
const widths = { wide: 680, narrow: 390 };

/** What the editor's preview makes of a text for the first person of the outage; nobody there waits for a call, so the
 *  reminder of one is for the invented person. */
async function letter(page, text, language) {
  await page.goto(`/outages/april/templates/${text}/${language}`);
  const people = page.locator(text === 'callback_reminder' ? '#as option[value=""]' : '#as option:not([value=""])');
  await page.locator('#as').selectOption(await people.first().getAttribute('value'));
  const answer = page.waitForResponse(found => found.url().endsWith('/preview'));
  await page.locator('[data-preview]').click();
  return (await answer).text();
}

/** A picture of a whole letter at a width. */
async function take(browser, html, name, width, colorScheme) {
  const page = await browser.newPage({ viewport: { width, height: 400 }, colorScheme, deviceScaleFactor: 1 });
  await page.setContent(html);
  await page.screenshot({ path: `${folder}${name}.png`, fullPage: true });
  await page.close();
}

mkdirSync(folder, { recursive: true });
const browser = await open_browser();
const makegood = new Makegood();
try {
  makegood.add(admin);
  makegood.run(['outage', 'create', '--slug', 'april', '--name', 'Income tax payments', '--start', '2027-04-14T13:04', '--end', '2027-04-14T13:26', '--tz', 'America/New_York',
    '--agency-name', 'the Franklin Department of Revenue', '--agency-name-es', 'el Departamento de Hacienda de Franklin', '--name-es', 'Pagos del impuesto sobre la renta', '--help-phone', '(615) 555-0100', '--pay-url', 'https://pay.franklin.example']);
  const rows = join(tmpdir(), `emails-${process.pid}.csv`);
  writeFileSync(rows, 'transaction_id,timestamp,account_id,given_name,email,charged,filing_deadline\nt1,2027-04-14T13:12:00-04:00,a1,Dorothy,dorothy@post.example,not_charged,2027-04-20\n');
  makegood.run(['import', '--outage', 'april', rows]);
  await makegood.serve();
  const page = await sign_in(browser, makegood.url, admin, {});
  for (const text of texts) {
    const name = `email-${text.replaceAll('_', '-')}`;
    const english = await letter(page, text, 'en');
    await take(browser, english, `${name}-wide`, widths.wide, 'light');
    await take(browser, await letter(page, text, 'es'), `${name}-narrow`, widths.narrow, 'light');
    if (text === 'apology') await take(browser, english, `${name}-dark`, widths.narrow, 'dark');
  }
} finally {
  await makegood.close();
  await browser.close();
}
