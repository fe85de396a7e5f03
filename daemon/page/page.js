'use strict';
// The local page. Text of publishers goes in as text, never as markup.

const main = document.getElementById('main');
const statusLine = document.getElementById('status');
const searchBox = document.getElementById('q');
let turn = 0;         // answers to a question that is no longer asked are dropped
let stream = null;

// h('a', {href: '#'}, 'text', node, [nodes])
function h(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value === true ? '' : value);
  }
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined && child !== '') node.append(child);
  return node;
}

async function api(path, options) {
  const token = sessionStorage.getItem('token');
  const headers = token ? {Authorization: 'Bearer ' + token} : {};
  const response = await fetch(path, {...options, headers, cache: 'no-cache'});
  const body = response.status === 204 ? {} : await response.json();
  if (!response.ok) throw Object.assign(new Error(body.detail || response.statusText), {status: response.status});
  return body;
}

function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value);
  return given.length ? '?' + new URLSearchParams(given) : '';
}

const listNames = {
  'entity-list': 'Entity List', 'unverified-list': 'Unverified List', 'meu-list': 'Military End User List',
  'denied-persons': 'Denied Persons List', 'military-intelligence': 'Military-Intelligence End Users',
  'ofac-sdn': 'SDN List', 'ofac-ssi': 'Sectoral Sanctions', 'ofac-fse': 'Foreign Sanctions Evaders', 'ofac-plc': 'Palestinian Legislative Council',
  'ofac-cap': 'CAPTA List', 'ofac-ns-mbs': 'NS-MBS List', 'ofac-cmic': 'Chinese Military-Industrial Complex', 'isn-nonproliferation': 'Nonproliferation Sanctions',
  'itar-debarred': 'ITAR Debarred'};
const listName = list => listNames[list] || list || '';
const fieldNames = {
  name: 'Name', aliases: 'Aliases', former_names: 'Former names', addresses: 'Addresses', license_requirement: 'License requirement',
  license_review_policy: 'License review policy', citations: 'Federal Register citation', footnotes: 'Footnotes', country: 'Country', parent: 'Parent',
  programs: 'Programs', remarks: 'Remarks'};

function day(date) {
  if (!date) return '';
  return new Date(date + 'T00:00:00Z').toLocaleDateString(undefined, {timeZone: 'UTC', year: 'numeric', month: 'short', day: 'numeric'});
}
function time(moment) {
  return moment ? h('time', {datetime: moment, title: moment}, new Date(moment).toLocaleString()) : h('span', {class: 'soft'}, 'never');
}
const entryLink = entry => h('a', {href: '#/entries/' + encodeURIComponent(entry.id)}, entry.name);
const documentLink = d => h('a', {href: '#/documents/' + encodeURIComponent(d.number)}, d.citation || d.number);
const outside = (url, text) => /^https?:\/\//.test(url || '') ? h('a', {href: url, rel: 'noreferrer noopener', target: '_blank'}, text) : text;
const tag = (text, extra) => h('span', {class: 'tag ' + (extra || '')}, text);

function asText(value) {
  if (Array.isArray(value)) return value.map(asText);
  if (value && typeof value === 'object' && 'volume' in value)
    return value.volume + ' FR ' + (value.page === null ? '(page not yet known)' : value.page) + (value.date ? ', ' + day(value.date) : '');
  return value === null || value === undefined ? '' : String(value);
}
function shown(value) {
  const text = asText(value);
  if (!Array.isArray(text)) return text || h('span', {class: 'soft'}, 'none');
  return text.length ? h('ul', {}, text.map(item => h('li', {}, item))) : h('span', {class: 'soft'}, 'none');
}

// What the change did to one field: taken away and put in, item by item for lists.
function difference(before, after) {
  const a = asText(before), b = asText(after);
  if (Array.isArray(a) || Array.isArray(b)) {
    const was = [].concat(a || []), is = [].concat(b || []);
    return h('ul', {}, was.filter(x => !is.includes(x)).map(x => h('li', {}, h('del', {}, x))),
             is.map(x => h('li', {}, was.includes(x) ? x : h('ins', {}, x))));
  }
  return [a ? h('del', {}, a) : '', a && b ? ' ' : '', b ? h('ins', {}, b) : ''];
}

function changeLine(change) {
  return [h('span', {class: 'kind ' + change.kind}, change.kind), ' ',
          change.entry ? entryLink(change.entry) : change.document ? documentLink(change.document) : change.note || '', ' ',
          change.entry ? h('span', {class: 'soft'}, [change.entry.country, listName(change.list)].filter(Boolean).join(' · ')) : '',
          change.fields.length ? h('span', {class: 'soft'}, ' · ' + change.fields.map(f => fieldNames[f] || f).join(', ')) : '', ' ',
          change.verification === 'review' ? tag('for review', 'review') : ''];
}

function checksTable(checks) {
  if (!checks || !checks.length) return null;
  return h('div', {class: 'scroll'}, h('table', {}, h('thead', {}, h('tr', {}, ['Check', 'Stated', 'Found', ''].map(t => h('th', {scope: 'col'}, t)))),
    h('tbody', {}, checks.map(c => h('tr', {}, h('td', {}, c.name.replaceAll('_', ' ')), h('td', {}, String(c.expected)), h('td', {}, String(c.found)),
      h('td', {}, c.ok ? 'holds' : h('strong', {class: 'bad'}, 'does not hold'), c.detail ? h('div', {class: 'soft'}, c.detail) : ''))))));
}
const findingsList = findings => findings && findings.length
  ? h('ul', {}, findings.map(f => h('li', {}, f.severity === 'review' ? tag('for review', 'review') : '', ' ', f.message, f.excerpt ? h('div', {class: 'soft'}, '“' + f.excerpt + '”') : '')))
  : null;

// Changes of one document stand together: that is how they were made.
function groups(changes) {
  const out = [];
  for (const change of changes) {
    const key = change.document ? change.document.number : change.source + change.evidence.sha256;
    if (!out.length || out[out.length - 1].key !== key) out.push({key, change, changes: []});
    out[out.length - 1].changes.push(change);
  }
  return out;
}

async function changesView(parameters) {
  const given = {kind: parameters.get('kind'), list: parameters.get('list'), q: parameters.get('q')};
  const kinds = given.kind || 'added,removed,withdrawn,revised,corrected,document,discrepancy';
  const box = h('div', {});
  let cursor = '';
  const more = h('button', {type: 'button', onclick: load}, 'Earlier changes');
  async function load() {
    const page = await api('v1/changes' + query({...given, kind: kinds, order: 'newest', limit: 50, cursor}));
    cursor = page.next_cursor;
    for (const group of groups(page.changes)) {
      const d = group.change.document;
      box.append(h('section', {class: 'card'},
        h('h2', {}, d ? documentLink(d) : group.change.source, d ? ' ' + d.title : ''),
        h('p', {class: 'soft'}, 'seen ', time(group.change.detected_at), group.change.effective_on ? ' · effective ' + day(group.change.effective_on) : '',
          ' · from ' + group.change.source.replaceAll('_', ' '),
          group.change.confirmed_by.length ? ' · confirmed by ' + group.change.confirmed_by.join(', ') : ''),
        h('ul', {class: 'plain'}, group.changes.map(c => h('li', {}, changeLine(c))))));
    }
    if (!box.childElementCount) box.append(h('p', {}, 'No changes are recorded yet. The first reading of each source records the lists as they stand.'));
    more.hidden = page.changes.length < 50;
  }
  await load();
  const kindChoice = select('Kind', ['', 'added', 'removed', 'revised', 'corrected', 'withdrawn', 'editorial', 'document', 'discrepancy'], given.kind, k => k || 'all but editorial');
  const listChoice = select('List', ['', ...Object.keys(listNames)], given.list, l => listName(l) || 'all');
  listen();
  return [h('h1', {}, 'What changed lately'), controls('changes', {kind: kindChoice, list: listChoice}), box, more];
}

function select(label, values, chosen, name) {
  const node = h('select', {}, values.map(value => h('option', {value, selected: value === (chosen || '')}, name(value))));
  return {label, node};
}
function controls(view, fields) {
  const go = () => { location.hash = '#/' + view + query(Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.node.value]))); };
  for (const field of Object.values(fields)) field.node.addEventListener('change', go);
  return h('form', {class: 'controls', onsubmit: event => { event.preventDefault(); go(); }}, Object.values(fields).map(f => h('label', {}, f.label, f.node)));
}

function listen() {
  if (sessionStorage.getItem('token') || !window.EventSource) return;
  stream = new EventSource('v1/changes/stream');
  let fresh = 0;
  const note = () => { statusLine.replaceChildren(++fresh + (fresh === 1 ? ' new change. ' : ' new changes. '), h('button', {type: 'button', onclick: route}, 'Show')); };
  stream.addEventListener('change', note);
}

async function entriesView(parameters) {
  const given = {q: parameters.get('q'), list: parameters.get('list'), country: parameters.get('country'), status: parameters.get('status'), as_of: parameters.get('as_of')};
  const rows = h('tbody', {});
  let cursor = '', count = 0, complete = true;
  const more = h('button', {type: 'button', onclick: load}, 'More');
  const total = h('p', {class: 'soft', role: 'status'});
  async function load() {
    const page = await api('v1/entries' + query({...given, limit: 100, cursor}));
    cursor = page.next_cursor;
    complete = page.complete !== false;
    count += page.entries.length;
    for (const e of page.entries)
      rows.append(h('tr', {}, h('td', {}, entryLink(e), e.aliases.length ? h('div', {class: 'soft'}, e.aliases.slice(0, 3).join('; ') + (e.aliases.length > 3 ? ' …' : '')) : ''),
        h('td', {}, e.country), h('td', {}, listName(e.list)), h('td', {}, e.status === 'listed' ? '' : tag(e.status), e.upcoming ? tag(e.upcoming.status + ' from ' + day(e.upcoming.effective_on)) : '')));
    more.hidden = page.entries.length < 100;
    total.textContent = count + (more.hidden ? '' : ' and more') + (count === 1 ? ' entry' : ' entries') +
      (given.as_of ? ' in force on ' + day(given.as_of) : '') + (complete ? '' : ' – this day lies before the first reading: whatever left the list before then is missing');
  }
  await load();
  const date = h('input', {type: 'date', value: given.as_of || ''});
  return [h('h1', {}, given.q ? 'Entries named “' + given.q + '”' : 'Entries'),
    controls('entries', {q: {label: 'Name or alias', node: h('input', {type: 'search', value: given.q || ''})}, list: select('List', ['', ...Object.keys(listNames)], given.list, l => listName(l) || 'all'),
      country: {label: 'Country', node: h('input', {value: given.country || '', size: 12, placeholder: 'CN'})},
      status: select('Status', ['', 'pending', 'removed', 'all'], given.status, s => s || 'in force'), as_of: {label: 'As of', node: date}}),
    total, h('div', {class: 'scroll'}, h('table', {}, h('thead', {}, h('tr', {}, ['Name', 'Country', 'List', ''].map(t => h('th', {scope: 'col'}, t)))), rows)), more];
}

async function entryView(id) {
  const e = await api('v1/entries/' + encodeURIComponent(id));
  const changes = new Map(e.changes.map(c => [c.id, c]));
  const facts = ['country', 'aliases', 'former_names', 'addresses', 'license_requirement', 'license_review_policy', 'citations', 'footnotes', 'parent', 'programs', 'remarks']
    .filter(f => e[f] !== undefined && e[f] !== null && asText(e[f]).length);
  const versions = [...e.versions].reverse().map((version, i, all) => {
    const before = all[i + 1], change = changes.get(version.change);
    const fields = before ? Object.keys(fieldNames).filter(f => JSON.stringify(asText(before[f])) !== JSON.stringify(asText(version[f]))) : [];
    return h('li', {}, h('strong', {}, version.effective_on ? day(version.effective_on) : 'Before the first reading'), ' ',
      change ? h('span', {class: 'kind ' + change.kind}, change.kind) : h('span', {class: 'kind'}, version.status === 'removed' ? 'removed' : 'first reading'),
      h('div', {class: 'soft'}, 'known here since ', time(version.known_at), change && change.document ? [' · ', documentLink(change.document)] : '',
        change ? [' · ', outside(change.evidence.url, 'source'), ' · ', h('a', {href: 'v1/evidence/' + change.evidence.sha256 + '?meta=true'}, 'evidence')] : '',
        change && change.verification === 'review' ? [' ', tag('for review', 'review')] : ''),
      fields.length && version.status !== 'removed' ? h('dl', {}, fields.map(f => [h('dt', {}, fieldNames[f]), h('dd', {}, difference(before[f], version[f]))])) : '',
      change ? checksTable(change.checks) : '', change ? findingsList(change.findings) : '');
  });
  return [h('h1', {}, e.name), h('p', {}, tag(listName(e.list)), ' ', tag(e.status === 'listed' ? 'in force' : e.status), ' ',
      e.upcoming ? tag(e.upcoming.status + ' from ' + day(e.upcoming.effective_on), 'review') : ''),
    h('p', {class: 'soft'}, 'last confirmed ', time(e.last_confirmed), ' by ' + e.source.replaceAll('_', ' ')),
    h('div', {class: 'card'}, h('dl', {}, facts.map(f => [h('dt', {}, fieldNames[f] || f), h('dd', {}, shown(e[f]))]))),
    h('h2', {}, 'History'), h('ol', {class: 'timeline'}, versions)];
}

async function documentsView(parameters) {
  const rows = h('tbody', {});
  let cursor = '';
  const more = h('button', {type: 'button', onclick: load}, 'More');
  async function load() {
    const page = await api('v1/documents' + query({q: parameters.get('q'), limit: 200, cursor}));
    cursor = page.next_cursor;
    for (const d of page.documents)
      rows.prepend(h('tr', {}, h('td', {}, documentLink(d)), h('td', {}, d.title), h('td', {}, day(d.publication_date) || (d.stage === 'inspection' ? tag('on inspection') : '')),
        h('td', {}, Object.entries(d.counts).map(([kind, n]) => n + ' ' + kind).join(', '))));
    more.hidden = page.documents.length < 200;
  }
  await load();
  return [h('h1', {}, 'Documents'), controls('documents', {q: {label: 'Title, number or citation', node: h('input', {type: 'search', value: parameters.get('q') || ''})}}),
    h('div', {class: 'scroll'}, h('table', {}, h('thead', {}, h('tr', {}, ['Document', 'Title', 'Published', 'Changes'].map(t => h('th', {scope: 'col'}, t)))), rows)), more];
}

async function documentView(number) {
  const d = await api('v1/documents/' + encodeURIComponent(number));
  const row = (name, value) => value && value.length !== 0 ? [h('dt', {}, name), h('dd', {}, value)] : [];
  return [h('h1', {}, d.title), h('p', {}, tag(d.type), ' ', d.stage === 'published' ? '' : tag(d.stage, 'review')),
    h('div', {class: 'card'}, h('dl', {}, row('Number', d.number), row('Citation', d.citation), row('Filed', d.filed_at ? time(d.filed_at) : ''), row('Published', day(d.publication_date)),
      row('Effective', d.effective_dates.map(day).join(', ') || day(d.effective_on)), row('Dates', d.dates_text), row('Savings clause until', day(d.savings_until)), row('Action', d.action),
      row('Docket', d.dockets.join(', ')), row('Abstract', d.abstract), row('Relations', d.relations.map(r => r.kind + ' ' + r.target).join(', ')),
      row('At the publisher', outside(d.url, d.url)), row('Evidence', d.evidence.length ? [h('a', {href: 'v1/documents/' + encodeURIComponent(d.number) + '/evidence'}, 'stored bytes'), ' · ',
        h('a', {href: 'v1/documents/' + encodeURIComponent(d.number) + '/evidence?meta=true'}, 'how they came')] : ''))),
    h('h2', {}, 'Changes'), d.changes.length ? h('ul', {class: 'plain card'}, d.changes.map(c => h('li', {}, changeLine(c)))) : h('p', {}, 'It changes no entry.'),
    d.touched.length ? [h('h2', {}, 'Other places it touches'), h('ul', {}, d.touched.map(t => h('li', {}, [t.action, t.section || 'part ' + t.part, t.what].filter(Boolean).join(' · '))))] : '',
    d.checks.length ? [h('h2', {}, 'Checks'), checksTable(d.checks)] : '', d.findings.length ? [h('h2', {}, 'Findings'), findingsList(d.findings)] : ''];
}

async function sourcesView() {
  const [page, deliveries] = await Promise.all([api('v1/sources'), api('v1/deliveries?status=dead&limit=20')]);
  const poll = async (name, button) => {
    button.disabled = true;
    try { await api('v1/sources/' + name + '/poll', {method: 'POST'}); statusLine.textContent = name + ' will be polled now.'; } catch (error) { statusLine.textContent = error.message; }
    button.disabled = false;
  };
  return [h('h1', {}, 'Sources'), h('div', {class: 'scroll'}, h('table', {}, h('thead', {}, h('tr', {}, ['Source', 'Status', 'Last success', 'Last change', 'Next poll', ''].map(t => h('th', {scope: 'col'}, t)))),
    h('tbody', {}, page.sources.map(s => h('tr', {}, h('td', {}, s.name.replaceAll('_', ' ')),
      h('td', {}, s.status === 'ok' ? 'ok' : h('strong', {class: s.status === 'disabled' || s.status === 'never' ? 'soft' : 'bad'}, s.status),
        s.last_error && s.status !== 'ok' ? h('div', {class: 'soft'}, s.last_error.message) : '', s.held ? h('div', {}, s.held.reason) : ''),
      h('td', {}, time(s.last_success_at)), h('td', {}, time(s.last_change_at)), h('td', {}, s.next_poll_at ? time(s.next_poll_at) : ''),
      h('td', {}, s.enabled ? h('button', {type: 'button', onclick: event => poll(s.name, event.target)}, 'Poll now') : '')))))),
    deliveries.deliveries.length ? [h('h2', {}, 'Alerts that could not be delivered'), h('ul', {class: 'plain card'}, deliveries.deliveries.map(d =>
      h('li', {}, d.channel, ' · ', d.last_response ? (d.last_response.status || 'no answer') + ' ' + d.last_response.excerpt : '', ' · ', time(d.created_at))))] : ''];
}

function tokenView() {
  const input = h('input', {type: 'password', autocomplete: 'off', id: 'token'});
  return [h('h1', {}, 'A token is asked for'), h('form', {class: 'controls', onsubmit: event => { event.preventDefault(); sessionStorage.setItem('token', input.value); route(); }},
    h('label', {}, 'Token', input), h('button', {}, 'Go on'))];
}

async function route() {
  const mine = ++turn;
  if (stream) { stream.close(); stream = null; }
  const [path, search] = location.hash.replace(/^#\/?/, '').split('?');
  const [section, ...rest] = path.split('/');
  const id = rest.length ? decodeURIComponent(rest.join('/')) : '';
  const parameters = new URLSearchParams(search || '');
  for (const link of document.querySelectorAll('nav a')) {
    if (link.getAttribute('href') === '#/' + (section || 'changes')) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  statusLine.textContent = '';
  let view;
  try {
    view = await (section === 'entries' ? (id ? entryView(id) : entriesView(parameters)) : section === 'documents' ? (id ? documentView(id) : documentsView(parameters))
      : section === 'sources' ? sourcesView() : changesView(parameters));
  } catch (error) {
    view = error.status === 401 ? tokenView() : [h('h1', {}, error.status === 404 ? 'Not found' : 'That did not work'), h('p', {}, error.message)];
  }
  if (mine !== turn) return;
  main.replaceChildren(...view.flat(Infinity).filter(Boolean));
  const title = main.querySelector('h1');
  document.title = (title ? title.textContent + ' – ' : '') + 'entitywatch';
}

let typing = 0;
searchBox.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => { location.hash = '#/entries' + query({q: searchBox.value.trim()}); }, 250);
});
document.getElementById('search').addEventListener('submit', event => { event.preventDefault(); location.hash = '#/entries' + query({q: searchBox.value.trim()}); });
window.addEventListener('hashchange', () => { route().then(() => { if (document.activeElement !== searchBox) main.focus(); window.scrollTo(0, 0); }); });
route();
