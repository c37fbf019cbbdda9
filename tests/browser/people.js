// Who plays: made-up people with made-up passwords.

const person = (name, role, more = {}) => ({
  name, role, email: `${name.split(' ')[0].toLowerCase()}@agency.example`, password: `quiet-harbour-${name.length}-lanterns`, ...more,
});

export const supervisor = person('Eve Ortega', 'supervisor');
export const admin = person('Ada Hill', 'admin');
export const callers = [
  person('Ana Prado', 'caller', { languages: ['es'] }),
  person('Ben Okafor', 'caller'),
  person('Cora Lindt', 'caller', { specialist: true }),
];

/** The outage of tests/data/small.csv; everybody may be called at any hour, as tests run at any hour. */
export const outage = [
  'outage', 'create', '--slug', 'april', '--name', 'April outage', '--agency-name', 'the Franklin Department of Revenue', '--help-phone', '303-555-0100', '--start', '2026-04-15T18:40', '--end', '2026-04-15T19:00',
  '--tz', 'America/Denver', '--account-format', 'T-0000000', '--calling-hours', '00:00-24:00',
];
