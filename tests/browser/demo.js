// `makegood demo` on a free port.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { binary } from './server.js';

/** The demo with the accounts it tells. */
export async function demo() {
  const child = spawn(binary, ['demo', '--listen', '127.0.0.1:0'], { env: { ...process.env, MAKEGOOD_LOG: 'warn' }, stdio: ['ignore', 'pipe', 'inherit'] });
  const people = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const account = /^ {2}(\S+) +(\S+ \S+) +(\S+@\S+) +(\S+)$/.exec(line);
    if (account) people.push({ role: account[1], name: account[2], email: account[3], password: account[4] });
    const url = /^listening on (\S+)/.exec(line)?.[1];
    if (url) return { child, people, url };
  }
  throw new Error('the demo ended before it was ready');
}
