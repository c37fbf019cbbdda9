// A mail server for a test: aiosmtpd, started by smtp.py.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { first_line, stop } from './server.js';

/** Takes all mail and keeps it. */
export class MailServer {
  async start() {
    this.dir = mkdtempSync(join(tmpdir(), 'makegood-smtp-'));
    this.file = join(this.dir, 'mail.jsonl');
    const script = new URL('smtp.py', import.meta.url).pathname;
    this.child = spawn(process.env.MAKEGOOD_PYTHON ?? 'python3', [script, this.file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const port = await first_line(this.child, line => /^port (\d+)/.exec(line)?.[1]);
    this.url = `smtp://127.0.0.1:${port}`;
    return this;
  }

  /** What has arrived so far, whole messages only. */
  arrived() {
    let text = '';
    try { text = readFileSync(this.file, 'utf8'); } catch { return []; }
    return text.split('\n').slice(0, -1).map(line => JSON.parse(line));
  }

  async close() {
    await stop(this.child);
    rmSync(this.dir, { recursive: true, force: true });
  }
}
