// Parts that more than one view shows: a change as a row, checks, findings, the stored proof.

function changeRow(change) {
  const subject = change.entry ? entryLink(change.entry) : change.document ? documentLink(change.document, change.document.title) : change.note || plain(change.source);
  const aliases = change.entry && change.entry.aliases.length ? soft(change.entry.aliases.slice(0, 2).join('; ') + (change.entry.aliases.length > 2 ? ' …' : '')) : '';
  return h('tr', {}, cell('What', kindTag(change.kind)),
    cell('Name', subject, change.verification === 'review' ? [' ', reviewTag()] : '', change.fields.length ? h('div', {class: 'soft'}, change.fields.map(fieldName).join(', ')) : aliases ? h('div', {class: 'small'}, aliases) : ''),
    cell('Country', change.entry ? countryName(change.entry) : ''), cell('List', listName(change.list)));
}

const firstRows = 8;

// Many rows of one document: the first ones, the others at a press and always on paper.
function changeTable(caption, changes) {
  const body = h('tbody', {}, changes.map(changeRow));
  const all = table(caption, ['What', 'Name', 'Country', 'List'], body, 'changes');
  if (changes.length <= firstRows + 2) return all;
  all.classList.add('folded');
  const press = button('Show all ' + changes.length, () => {
    all.classList.remove('folded');
    press.remove();
    const next = body.rows[firstRows].querySelector('a');
    if (next) next.focus();
  }, {class: 'more'});
  return [all, press];
}

function checkList(checks) {
  return h('ul', {class: 'checks'}, checks.map(c => h('li', {class: c.ok ? 'good' : 'bad'},
    h('span', {class: 'mark', 'aria-hidden': 'true'}, c.ok ? '✓' : '✗'), h('span', {}, unseen(c.ok ? 'Holds: ' : 'Does not hold: '), checkNames[c.name] || plain(c.name), ': ',
      c.ok ? h('b', {}, String(c.expected)) : ['stated ', h('b', {}, String(c.expected)), ', found ', h('b', {}, String(c.found))],
      c.detail ? h('q', {}, c.detail) : ''))));
}

// Closed while all is well.
function checksPart(checks) {
  if (!checks || !checks.length) return '';
  const failed = checks.filter(c => !c.ok);
  const summary = failed.length ? [h('span', {class: 'bad'}, count(failed.length, 'check does', 'checks do') + ' not hold'), ' of ' + checks.length] : checks.length === 1 ? 'Its check holds' : 'All ' + checks.length + ' checks hold';
  return h('details', {open: failed.length > 0}, h('summary', {}, summary), checkList([...failed, ...checks.filter(c => c.ok)]));
}

const findingList = findings => findings && findings.length
  ? h('ul', {class: 'findings'}, findings.map(f => h('li', {}, f.severity === 'review' ? [reviewTag(), ' '] : '', f.message, f.excerpt ? h('q', {}, f.excerpt) : '')))
  : '';

// Where the bytes came from, when, and their place in the chain.
function proof(path) {
  const [, hash] = path.match(/^v1\/evidence\/([0-9a-f]{64})$/) || [];
  return [hash ? h('p', {class: 'paper small'}, 'Proof: SHA-256 ', h('code', {}, hash)) : '', disclosure('Proof', async () => {
    const meta = await api(path + '?meta=true');
    return [facts([['Read from', outside(meta.url, meta.url)], ['On', time(meta.fetched_at)], ['Size', count(meta.bytes, 'byte')], ['SHA-256', h('code', {}, meta.sha256)],
      ['Link of the chain', String(meta.chain_number)], ['Fetched since', meta.fetches.length > 1 ? count(meta.fetches.length, 'time') : '']]),
    h('p', {}, h('a', {href: path, download: true}, 'Download the bytes as they came'))];
  })];
}
