// Makegood itself, started as an agency starts it: one binary, its own folder, a free port.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = new URL('../..', import.meta.url).pathname;

/** The program; MAKEGOOD_BINARY names another one. */
export const binary = process.env.MAKEGOOD_BINARY ?? join(root, 'target/debug/makegood');

/** A file of tests/data. */
export const sample = name => join(root, 'tests/data', name);

/** Resolves with what `found` makes of the first line it answers for; fails when the process ends before. */
export function first_line(child, found) {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', line => { const what = found(line); if (what) resolve(what); });
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`it ended with ${code} before it was ready`)));
  });
}

/** Tells a process to stop and waits until it has. */
export async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** A data folder with commands run on it, and the server once it is started. */
export class Makegood {
  constructor(settings = {}) {
    this.dir = mkdtempSync(join(tmpdir(), 'makegood-browser-'));
    this.database = join(this.dir, 'makegood.db');
    this.env = { ...process.env, MAKEGOOD_DATA_DIR: this.dir, MAKEGOOD_LISTEN: '127.0.0.1:0', MAKEGOOD_LOG: 'warn', ...settings };
  }

  /** Runs a command of the program; its standard output. */
  run(args, input = '') {
    return execFileSync(binary, args, { env: this.env, input, encoding: 'utf8' });
  }

  /** An account whose password is known to the tests. */
  add(person) {
    const languages = (person.languages ?? []).flatMap(language => ['--language', language]);
    const args = ['user', 'add', '--email', person.email, '--name', person.name, '--role', person.role, ...languages];
    this.run([...args, ...(person.specialist ? ['--specialist'] : []), '--password-stdin'], `${person.password}\n`);
  }

  /** Starts serving; the address is in `url`. */
  async serve() {
    this.child = spawn(binary, ['serve'], { env: this.env, stdio: ['ignore', 'pipe', 'inherit'] });
    this.url = await first_line(this.child, line => /^listening on (\S+)/.exec(line)?.[1]);
  }

  /** Stops serving, and leaves nothing behind. */
  async close() {
    if (this.child) await stop(this.child);
    rmSync(this.dir, { recursive: true, force: true });
  }
}
