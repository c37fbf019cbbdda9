// What stands in the database, asked past the program: python's own sqlite3, so that nothing is to be installed.

import { execFileSync } from 'node:child_process';

const program = `
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=10)
db.row_factory = sqlite3.Row
rows = [dict(row) for row in db.execute(sys.argv[2], json.loads(sys.argv[3]))]
db.commit()
print(json.dumps(rows))
`;

/** The rows of a statement. */
export function rows(database, statement, values = []) {
  const answer = execFileSync('python3', ['-c', program, database, statement, JSON.stringify(values)], { encoding: 'utf8' });
  return JSON.parse(answer);
}

/** The one value of a statement's one row. */
export function value(database, statement, values = []) {
  return Object.values(rows(database, statement, values)[0])[0];
}
