// Rules and notices, and one of them with what it did and how it was checked.

function checksInShort(d) {
  if (!d.checks.length) return '';
  const failed = d.checks.filter(c => !c.ok).length;
  return failed ? tag(count(failed, 'check does', 'checks do') + ' not hold', 'review') : soft(count(d.checks.length, 'check holds', 'checks hold'));
}

const stageTag = d => d.stage === 'inspection' ? tag('On public inspection', 'pending') : d.stage === 'withdrawn' ? tag('Withdrawn', 'removed') : '';

async function documentsView(parameters) {
  const q = parameters.get('q');
  const rows = h('tbody', {});
  let found = 0;
  const list = pages(async cursor => {
    const page = await api('v1/documents' + query({q, order: 'newest', limit: 50, cursor}));
    return {items: page.documents, cursor: page.next_cursor, done: page.documents.length < 50};
  }, documents => {
    found += documents.length;
    fill(rows, documents.map(d => h('tr', {}, cell('Published', day(d.publication_date) || (d.filed_at ? day(d.filed_at.slice(0, 10)) : '')),
      cell('Title', documentLink(d, d.title), ' ', stageTag(d), h('div', {class: 'small soft'}, [d.citation, d.number].filter(Boolean).join(' · '))),
      cell('What it did', inWords(d.counts) || soft('no entry')), cell('Checks', checksInShort(d)))));
  }, 'Earlier documents');
  await list.next();
  return {title: 'Documents', nodes: [h('h1', {}, 'Documents'),
    filters('documents', {q: {label: 'Title, number or citation', node: h('input', {type: 'search', value: q || '', size: 28})}}),
    found ? table('Documents', ['Published', 'Title', 'What it did', 'Checks'], rows, 'documents') : h('p', {class: 'empty-state'}, q ? ['No document holds these words. ', h('a', {href: '#/documents'}, 'Show all documents')] : 'No rule or notice has been read yet.'), list.press]};
}

async function documentView(number) {
  const d = await api('v1/documents/' + encodeURIComponent(number));
  const path = 'v1/documents/' + encodeURIComponent(d.number) + '/evidence';
  const dates = d.effective_dates.length > 1 ? d.effective_dates.map(day).join(', ') : day(d.effective_on);
  return {title: d.title, nodes: [h('h1', {}, d.title),
    h('p', {class: 'tags'}, tag(d.type), stageTag(d), soft([d.citation, d.number, inWords(d.counts)].filter(Boolean).join(' · '))),
    h('div', {class: 'split'},
      h('section', {}, h('h2', {}, 'The document'), facts([['Filed', d.filed_at ? time(d.filed_at) : ''], ['Published', day(d.publication_date)], ['Effective', dates], ['Dates', d.dates_text],
        ['Goods en route until', day(d.savings_until)], ['Action', d.action], ['Docket', d.dockets.join(', ').replace(/^Docket No\. /, '')], ['RIN', (d.rins || []).join(', ')],
        ['Relations', d.relations.map(r => plain(r.kind) + ' ' + r.target).join(', ')], ['At the publisher', outside(d.url, (d.url || '').replace(/^https?:\/\/(www\.)?/, '').split('/')[0])], ['Summary', d.abstract]])),
      h('section', {}, h('h2', {}, 'How it was checked'), d.checks.length ? checkList(d.checks) : h('p', {class: 'soft'}, 'It states nothing that could be counted.'),
        findingList(d.findings), d.evidence.length ? proof(path) : '',
        d.touched.length ? [h('h2', {}, 'Other places it touches'), h('ul', {}, d.touched.map(t => h('li', {}, [t.action, t.section || 'part ' + t.part, t.what].filter(Boolean).join(' · '))))] : '')),
    h('h2', {}, 'What it did'), d.changes.some(c => c.entry) ? h('div', {class: 'card'}, table('Changes', ['What', 'Name', 'Country', 'List'], h('tbody', {}, d.changes.map(changeRow)), 'changes')) : h('p', {}, 'It changes no entry.')]};
}
