// What changed lately: documents with what they did, newest first.

const shownKinds = 'added,removed,withdrawn,revised,corrected,document,discrepancy,effective';

const groupKey = change => change.document ? change.document.number : change.source + change.kind + change.evidence.sha256 + (change.list || '');

function groupHead(group) {
  const change = group.changes[0], d = change.document;
  const confirmed = change.confirmed_by.map(sourceName).join(', ');
  const counts = {};
  for (const c of group.changes) counts[c.kind] = (counts[c.kind] || 0) + 1;
  const title = d ? documentLink(d, d.title) : (listName(change.list) || sourceName(change.source)) + ': ' + inWords({[change.kind]: group.changes.length}) + (group.open ? ' and more' : '');
  const about = [d ? d.citation || d.number : sourceName(change.source), d ? inWords(counts) + (group.open ? ' and more' : '') : '', effective(change.effective_on), confirmed ? 'confirmed by ' + confirmed : '']
    .filter(Boolean).flatMap((part, i) => i ? [' · ', part] : [part]);
  return [h('h2', {}, title), h('p', {class: 'soft about'}, about, ' · ', h('span', {}, 'seen ', time(change.detected_at)))];
}

function groupCard(group) {
  const only = group.changes.length === 1 && group.changes[0].kind === 'document';
  group.node.replaceChildren();
  fill(group.node, [groupHead(group), only ? '' : changeTable('Changes', group.changes)]);
}

const kindChoice = chosen => select('Kind', ['', 'added', 'removed', 'revised', 'corrected', 'withdrawn', 'editorial', 'document', 'discrepancy', 'effective'], chosen, k => k ? kindNames[k] : 'All but editorial');
const listChoice = chosen => select('List', ['', ...Object.keys(listNames)], chosen, l => listName(l) || 'All lists');
const countryField = chosen => ({label: 'Country', node: h('input', {value: chosen || '', size: 14, placeholder: 'All countries', list: 'countries', autocomplete: 'off'})});

async function changesView(parameters) {
  const given = {kind: parameters.get('kind'), list: parameters.get('list'), country: parameters.get('country')};
  const filtered = Object.values(given).some(Boolean);
  const box = h('div', {class: 'feed'}), groups = [];
  // A page may be short of its limit where matches are rare: only an empty one is the end.
  const load = async cursor => {
    const items = [];
    for (;;) {
      const page = await api('v1/changes' + query({...given, kind: given.kind || shownKinds, order: 'newest', limit: 100, cursor}));
      items.push(...page.changes);
      cursor = page.next_cursor;
      if (!page.changes.length || items.length >= 100) return {items, cursor, done: !page.changes.length};
    }
  };
  const list = pages(load, changes => {
    for (const change of changes) {
      let group = groups[groups.length - 1];
      if (!group || group.key !== groupKey(change)) {
        group = {key: groupKey(change), changes: [], node: h('section', {class: 'card'})};
        groups.push(group);
        box.append(group.node);
      }
      group.changes.push(change);
      group.stale = true;
    }
    for (const group of groups) {
      const open = !list.press.hidden && group === groups[groups.length - 1];
      if (!group.stale && group.open === open) continue;
      Object.assign(group, {open, stale: false});
      groupCard(group);
    }
    if (!groups.length) {
      box.append(filtered ? h('p', {class: 'empty-state'}, 'Nothing of that kind is recorded. ', h('a', {href: '#/changes'}, 'Show all changes'))
        : h('div', {class: 'empty-state'}, h('p', {}, h('b', {}, 'Nothing has changed yet.')), h('p', {}, 'The first reading of each source records the lists as they stand. What changes from then on appears here.'),
          h('p', {}, h('a', {href: '#/entries'}, 'See the lists'), ' · ', h('a', {href: '#/health'}, 'See how the sources are'))));
    }
  }, 'Earlier changes');
  await list.next();
  return {title: 'Changes', nodes: [h('h1', {}, 'Changes'), filters('changes', {kind: kindChoice(given.kind), list: listChoice(given.list), country: countryField(given.country)}), box, list.press]};
}
