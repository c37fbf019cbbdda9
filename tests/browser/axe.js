// What axe, the console and the width of the page say about a page.

import { AxeBuilder } from '@axe-core/playwright';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Violations of the page as it stands, one line each. */
export async function violations(page) {
  const found = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary.replace(/\s+/g, ' ')}`));
}

/** How many pixels the page is wider than its window. */
export const overhang = page => page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));

/** Everything that is wrong with an address, in light and in dark, wide and narrow. */
export async function faults(page, address) {
  const found = [];
  page.problems.length = 0;
  for (const colors of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: colors, reducedMotion: 'reduce' });
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      const answer = await page.goto(address);
      const wide = await overhang(page);
      if (wide > 0) found.push(`${address} (${width}): scrolls ${wide} px sideways`);
      if (width === 390 && colors === 'dark') continue;
      found.push(...(await violations(page)).map(line => `${address} (${colors}, ${width}): ${line}`));
      if (answer && answer.status() >= 500) found.push(`${address}: ${answer.status()}`);
    }
  }
  found.push(...page.problems.map(problem => `${address}: console: ${problem}`));
  return [...new Set(found)];
}
