// Names of things, dates and times, as people read them.

const listNames = {
  'entity-list': 'Entity List', 'unverified-list': 'Unverified List', 'meu-list': 'Military End-User List',
  'denied-persons': 'Denied Persons List', 'military-intelligence': 'Military-Intelligence End Users',
  'ofac-sdn': 'Specially Designated Nationals', 'ofac-ssi': 'Sectoral Sanctions', 'ofac-fse': 'Foreign Sanctions Evaders',
  'ofac-plc': 'Palestinian Legislative Council', 'ofac-cap': 'Correspondent Accounts (CAPTA)', 'ofac-ns-mbs': 'Menu-Based Sanctions',
  'ofac-cmic': 'Chinese Military-Industrial Complex', 'isn-nonproliferation': 'Nonproliferation Sanctions', 'itar-debarred': 'ITAR Debarred'};
const listName = list => listNames[list] || list || '';
const fieldNames = {
  name: 'Name', aliases: 'Aliases', former_names: 'Former names', addresses: 'Addresses', license_requirement: 'License requirement',
  license_review_policy: 'License review policy', citations: 'Federal Register citation', footnotes: 'Footnotes', country: 'Country', parent: 'Part of',
  programs: 'Programs', remarks: 'Remarks', entity: 'Whole entry', start_date: 'From', end_date: 'Until', cross_references: 'Also listed under'};
const fieldName = field => fieldNames[field] || plain(field);
const sourceNames = {
  federal_register: 'Federal Register', public_inspection: 'Public inspection', ecfr: 'eCFR', csl: 'Consolidated Screening List',
  dpl: 'Denied Persons List file', bis_news: 'BIS news'};
const sourceName = source => sourceNames[source] || plain(source);
const kindNames = {added: 'Added', removed: 'Removed', withdrawn: 'Withdrawn', revised: 'Revised', corrected: 'Corrected', editorial: 'Editorial', document: 'Notice', discrepancy: 'Disagreement', effective: 'In force'};
const kindMarks = {added: '+', removed: '−', withdrawn: '−', revised: '~', corrected: '~', editorial: '·', document: '§', discrepancy: '≠', effective: '→'};
const checkNames = {
  stated_entities: 'Number of entities stated', stated_entries: 'Number of entries stated', stated_by_country: 'Number stated for each destination',
  stated_alias_count: 'Number of aliases stated', instruction_in_table: 'Named in the instruction, found in the table', instruction_count: 'Entries the instruction names',
  preamble_names: 'Names in the preamble', entry_known: 'The entry it speaks of is known'};
const plain = text => { const words = String(text || '').replaceAll('_', ' '); return words.charAt(0).toUpperCase() + words.slice(1); };

const regions = new Intl.DisplayNames('en', {type: 'region', fallback: 'none'});
function countryName(entry) {
  if (/^[A-Z]{2}$/.test(entry.country_code || '')) {
    const name = regions.of(entry.country_code);
    if (name) return name;
  }
  return entry.country || '';
}

const days = new Intl.DateTimeFormat('en-GB', {timeZone: 'UTC', year: 'numeric', month: 'short', day: 'numeric'});
const moments = new Intl.DateTimeFormat('en-GB', {year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit'});
const relative = new Intl.RelativeTimeFormat('en', {numeric: 'auto'});
const today = () => new Date().toISOString().slice(0, 10);

const day = date => date ? days.format(new Date(date + 'T00:00:00Z')) : '';
const time = moment => moment ? h('time', {datetime: moment, title: moment}, moments.format(new Date(moment))) : soft('never');

// "3 minutes ago", with the exact time behind it, and in its place on paper.
function ago(moment) {
  if (!moment) return soft('never');
  const seconds = (new Date(moment) - Date.now()) / 1000;
  const [unit, size] = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]].find(([, s]) => Math.abs(seconds) >= s) || ['second', 1];
  return h('time', {datetime: moment, title: moment, 'data-exact': moments.format(new Date(moment))}, relative.format(Math.round(seconds / size), unit));
}

const count = (n, one, many) => n.toLocaleString('en') + ' ' + (n === 1 ? one : many || one + 's');
const effective = date => !date ? '' : date > today() ? 'takes effect ' + day(date) : 'in effect since ' + day(date);

function inWords(counts) {
  return Object.entries(counts).filter(([, n]) => n).map(([kind, n]) => kind === 'document' ? '' : n.toLocaleString('en') + ' ' + (kindNames[kind] || kind).toLowerCase()).filter(Boolean).join(', ');
}

const kindTag = kind => h('span', {class: 'kind ' + kind}, h('span', {class: 'mark', 'aria-hidden': 'true'}, kindMarks[kind] || '·'), kindNames[kind] || plain(kind));
const statusNames = {listed: 'In force', pending: 'Announced', removed: 'No longer listed'};
const statusTag = status => tag(statusNames[status] || plain(status), status);
const reviewTag = () => tag('For review', 'review');

const entryLink = entry => h('a', {href: '#/entries/' + encodeURIComponent(entry.id)}, entry.name);
const documentLink = (d, text) => h('a', {href: '#/documents/' + encodeURIComponent(d.number)}, text || d.citation || d.number);
