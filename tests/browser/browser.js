// Chromium, people who use it, and what they do at a page.

import { chromium } from 'playwright-core';

/** Starts Debian's Chromium; MAKEGOOD_CHROMIUM names another one. */
export const open_browser = () => chromium.launch({
  executablePath: process.env.MAKEGOOD_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});

/** A person's own window, signed in. */
export async function sign_in(browser, url, person, options = {}) {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 1000 }, timezoneId: 'America/Denver', ...options });
  const page = await listened_to(context);
  await page.goto('/sign-in');
  await page.getByLabel('Work e-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(address => !address.pathname.startsWith('/sign-in'));
  return page;
}

/** A new page; `page.problems` collects what its console complains about, breaches of the content policy among it. */
export async function listened_to(context) {
  const page = await context.newPage();
  page.problems = [];
  page.on('console', message => { if (message.type() === 'error') page.problems.push(message.text()); });
  page.on('pageerror', error => page.problems.push(String(error)));
  await page.addInitScript(no_telephone);
  return page;
}

/** There is no telephone here: Chromium would ask which program is to dial, and take no key until it knows. */
const no_telephone = () => addEventListener('click', event => { if (event.target.closest?.('a[href^="tel:"]')) event.preventDefault(); });

/** Waits until `met` answers something true, and answers that. */
export async function until(what, met, seconds = 30) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    const answer = await met();
    if (answer) return answer;
    await new Promise(resume => setTimeout(resume, 100));
  }
  throw new Error(`waited ${seconds} s in vain until ${what}`);
}
