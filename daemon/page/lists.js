// The lists: as they stand, as they stood on a day, and one entry with its history.

function entryRow(e) {
  const others = e.aliases.length ? h('div', {class: 'small soft'}, e.aliases.slice(0, 3).join('; ') + (e.aliases.length > 3 ? ' … (' + e.aliases.length + ')' : '')) : '';
  return h('tr', {}, cell('Name', entryLink(e), others), cell('Country', countryName(e)), cell('List', listName(e.list)),
    cell('Status', e.status !== 'listed' ? statusTag(e.status) : e.effective_on ? soft('since ' + day(e.effective_on)) : '', e.upcoming ? tag(e.upcoming.status === 'removed' ? 'leaves ' + day(e.upcoming.effective_on) : 'changes ' + day(e.upcoming.effective_on), 'pending') : ''));
}

// The name itself before names that begin with it, those before aliases; the shorter first.
function bestFirst(entries, q) {
  const words = q.toLowerCase();
  const rank = e => { const name = e.name.toLowerCase(); return name === words ? 0 : name.startsWith(words) ? 1 : (' ' + name).includes(' ' + words) ? 2 : 3; };
  return entries.map(e => [rank(e), e.name.length, e]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , e]) => e);
}

// Misspelt or spelt otherwise: what sounds like it, when nothing holds the words themselves.
async function similarNames(given) {
  const found = await api('v1/screen' + query({name: given.q, list: given.list, min_score: '0.75', limit: '10'}));
  if (!found.matches.length) return '';
  return [h('h2', {}, 'Similar names'), table('Similar names', ['Name', 'Country', 'List', 'Likeness'], h('tbody', {}, found.matches.map(m => h('tr', {},
    cell('Name', entryLink(m.entry), m.matched_name !== m.entry.name ? h('div', {class: 'small soft'}, m.matched_name) : ''), cell('Country', countryName(m.entry)), cell('List', listName(m.entry.list)),
    cell('Likeness', Math.round(m.score * 100) + ' %')))), 'similar')];
}

function entriesHead(given, shownCount, more, complete) {
  const what = given.status === 'removed' ? ' no longer listed' : given.status === 'pending' ? ' announced' : given.as_of ? ' in force on ' + day(given.as_of) : '';
  return [count(shownCount, 'entry', 'entries') + (more ? ' and more' : '') + what,
    complete ? '' : notice('warn', 'This day lies before the first reading: what left the lists before then is missing.')];
}

async function entriesView(parameters) {
  const given = {q: parameters.get('q'), list: parameters.get('list'), country: parameters.get('country'), status: parameters.get('status'), as_of: parameters.get('as_of')};
  const rows = h('tbody', {}), total = h('div', {class: 'total', role: 'status'}), under = h('div', {});
  let found = 0, complete = true;
  const load = async cursor => {
    const limit = given.q ? 500 : 100;
    const page = await api('v1/entries' + query({...given, order: 'name', limit, cursor}));
    complete = page.complete !== false;
    return {items: given.q ? bestFirst(page.entries, given.q) : page.entries, cursor: page.next_cursor, done: page.entries.length < limit};
  };
  const list = pages(load, entries => {
    found += entries.length;
    fill(rows, entries.map(entryRow));
    total.replaceChildren();
    fill(total, entriesHead(given, found, !list.press.hidden, complete));
  }, 'Show more');
  await list.next();
  if (given.q && given.q.length > 2 && found < 5) fill(under, await similarNames(given).catch(() => ''));
  const asOf = h('input', {type: 'date', value: given.as_of || '', max: '9999-12-31'});
  const heading = given.q ? ['Names like “', given.q, '”'] : given.list ? listName(given.list) : 'Lists';
  const bare = !found && !given.q && !given.list && !given.country && !given.status && !given.as_of;
  return {title: given.q ? given.q : 'Lists', nodes: [h('h1', {}, heading),
    filters('entries', {list: listChoice(given.list), country: countryField(given.country),
      status: select('Status', ['', 'pending', 'removed', 'all'], given.status, s => ({'': 'In force', pending: 'Announced', removed: 'No longer listed', all: 'All'})[s]),
      as_of: {label: 'On the day', node: asOf}}, {q: given.q}),
    total, found ? table('Entries', ['Name', 'Country', 'List', 'Status'], rows, 'entries') : h('p', {class: 'empty-state'}, bare ? 'No list has been read yet.' : 'No name or alias holds all of these words under these filters. ',
      bare ? '' : h('a', {href: '#/entries'}, 'Show all entries')), list.press, under]};
}

const entryFields = ['country', 'aliases', 'former_names', 'addresses', 'license_requirement', 'license_review_policy', 'citations', 'footnotes', 'parent', 'programs', 'start_date', 'end_date', 'cross_references', 'remarks'];

function versionItem(version, before, change) {
  const first = !before;
  const removed = version.status === 'removed';
  const date = version.effective_on ? (version.effective_on > today() ? 'From ' : '') + day(version.effective_on) : 'Before our first reading';
  const what = change ? kindTag(change.kind) : soft(removed ? 'No longer shown by the publisher' : first ? 'On the list when it was first read' : 'As next read');
  const d = change && change.document;
  return h('li', {}, h('div', {class: 'when'}, h('h3', {}, date), what, change && change.verification === 'review' ? reviewTag() : ''),
    h('p', {class: 'soft'}, d ? [documentLink(d), ' · '] : change ? [sourceName(change.source), ' · '] : '', 'known here since ', time(version.known_at),
      change && change.confirmed_by.length ? ' · confirmed by ' + change.confirmed_by.map(sourceName).join(', ') : ''),
    change && change.note ? h('p', {}, change.note) : '', before && !removed ? differences(before, version, ['name', ...entryFields]) : '',
    change ? [checksPart(change.checks), findingList(change.findings), proof('v1/evidence/' + change.evidence.sha256)] : '');
}

async function entryView(id) {
  const e = await api('v1/entries/' + encodeURIComponent(id));
  const changes = new Map(e.changes.map(c => [c.id, c]));
  const ordered = [...e.versions].reverse();
  const told = new Set(e.versions.map(v => v.change));
  const others = e.changes.filter(c => !told.has(c.id));
  const values = field => field === 'country' ? countryName(e) : shown(e[field]);
  return {title: e.name, nodes: [h('h1', {}, e.name),
    h('p', {class: 'tags'}, tag(listName(e.list)), statusTag(e.status), e.upcoming ? tag((e.upcoming.status === 'removed' ? 'Leaves the list on ' : 'Changes on ') + day(e.upcoming.effective_on), 'pending') : '',
      soft(e.status === 'removed' ? 'last seen ' : 'confirmed ', ago(e.last_confirmed), ' by the ' + sourceName(e.source))),
    h('div', {class: 'split'},
      h('section', {}, h('h2', {}, e.status === 'removed' ? 'As last listed' : 'As listed'), facts(entryFields.filter(f => !isEmpty(e[f])).map(f => [fieldName(f), values(f)])), checksPart(e.checks), findingList(e.findings)),
      h('section', {}, h('h2', {}, 'History'), h('ol', {class: 'timeline'}, ordered.map((v, i) => versionItem(v, ordered[i + 1], changes.get(v.change)))),
        others.length ? [h('h3', {}, 'Also recorded'), changeTable('Also recorded', others)] : ''))]};
}
