// Which view, how it comes and goes, and what arrives while it stands there.

let turn = 0;  // answers to a question that is no longer asked are dropped
let news = 0;
let newest = null;  // the latest change that was there when last looked

function tokenView() {
  const input = h('input', {type: 'password', autocomplete: 'off', required: true});
  return {title: 'Token', nodes: [h('h1', {}, 'A token is needed'), h('p', {}, 'This daemon answers only those who have one. It is kept until this tab is closed.'),
    h('form', {class: 'filters', onsubmit: event => { event.preventDefault(); sessionStorage.setItem('token', input.value.trim()); beat(); route(); }},
      h('label', {}, h('span', {}, 'Token'), input), h('button', {class: 'main'}, 'Go on'))]};
}

function failedView(error) {
  if (error.status === 401) return tokenView();
  const missing = error.status === 404;
  return {title: missing ? 'Not found' : 'Error', nodes: [h('h1', {}, missing ? 'Not found' : error.status === 400 ? 'That cannot be asked' : 'That did not work'), notice('bad', error.message),
    h('p', {}, missing || error.status === 400 ? h('a', {href: '#/' + location.hash.split(/[/?]/)[1]}, 'Back to all') : button('Try again', () => route()))]};
}

function chosenView(section, id, parameters) {
  if (section === 'entries') return id ? entryView(id) : entriesView(parameters);
  if (section === 'documents') return id ? documentView(id) : documentsView(parameters);
  if (section === 'health' || section === 'sources') return healthView();
  if (section === 'subscriptions') return subscriptionsView();
  return changesView(parameters);
}

let arriving = Promise.resolve();  // the view that is on its way

function route(how) {
  arriving = show(how);
  return arriving;
}

async function show(how) {
  const mine = ++turn;
  const [path, search] = location.hash.replace(/^#\/?/, '').split('?');
  const [section, ...rest] = path.split('/');
  const parameters = new URLSearchParams(search || '');
  const here = '#/' + ({'': 'changes', sources: 'health'}[section] || section);
  for (const link of document.querySelectorAll('nav a')) {
    if (link.getAttribute('href') === here) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (document.activeElement !== searchBox) searchBox.value = section === 'entries' && !rest.length ? parameters.get('q') || '' : '';
  if (how !== 'quietly') say();
  main.setAttribute('aria-busy', 'true');
  let view;
  try {
    view = await chosenView(section, rest.length ? decodeURIComponent(rest.join('/')) : '', parameters);
  } catch (error) {
    view = failedView(error);
  }
  if (mine !== turn) return;
  main.replaceChildren();
  fill(main, view.nodes);
  main.removeAttribute('aria-busy');
  document.querySelector('.brand').dataset.printed = moments.format(new Date());
  showTitle(view.title);
  if (here === '#/changes') await looked();
}

// Nothing can be pressed on paper: what the checks were stands on it.
let unfolded = [];
function onPaper(printing) {
  if (printing) unfolded.push(...main.querySelectorAll('details:not([open], .fetched)'));
  for (const part of unfolded) part.open = printing;
  if (!printing) unfolded = [];
}
window.addEventListener('beforeprint', () => onPaper(true));
window.addEventListener('afterprint', () => onPaper(false));
matchMedia('print').addEventListener('change', event => onPaper(event.matches));

let title = '';
function showTitle(text) {
  title = text;
  document.title = (news ? '(' + news + ') ' : '') + title + ' – entitywatch';
}

// New changes are told of, never pushed under a reader's eyes. Asked for again and again rather than streamed:
// a browser has six connections for all of its tabs.
async function looked() {
  const {changes} = await api('v1/changes' + query({kind: shownKinds, order: 'newest', limit: 1})).catch(() => ({changes: []}));
  newest = changes[0] || newest || {seq: 0, detected_at: '1970-01-01'};
  news = 0;
  showTitle(title);
}

async function listen() {
  if (!newest) return looked();
  const {changes} = await api('v1/changes' + query({kind: shownKinds, since: newest.detected_at, limit: 1000})).catch(() => ({changes: []}));
  const fresh = changes.filter(change => change.seq > newest.seq).length;
  if (fresh <= news) return;
  news = fresh;
  showTitle(title);
  say(count(news, 'new change') + '. ', button('Show', () => { if (location.hash.startsWith('#/changes') || !location.hash) route(); else location.hash = '#/changes'; }));
}

const watched = 10000, unwatched = 60000;  // milliseconds between two looks, the tab in front or behind
let pause = 0;
async function pulseOn() {
  clearTimeout(pause);
  await Promise.all([listen(), beat()]);
  pause = setTimeout(pulseOn, document.hidden ? unwatched : watched);
}
document.addEventListener('visibilitychange', () => { if (!document.hidden) pulseOn(); });

let typing = 0;
function search(how) {
  clearTimeout(typing);
  const q = searchBox.value.trim();
  const [path, old] = location.hash.replace(/^#\/?/, '').split('?');
  const parameters = path === 'entries' ? Object.fromEntries(new URLSearchParams(old || '')) : {};
  const target = place('entries', {...parameters, q});
  if (target === location.hash) return;
  // Letter by letter is one step back, not many.
  if (path === 'entries' && how === 'typing') history.replaceState(null, '', target);
  else history.pushState(null, '', target);
  route();
}
searchBox.addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(() => search('typing'), 200); });
document.getElementById('search').addEventListener('submit', event => { event.preventDefault(); search('asked'); });
searchBox.addEventListener('keydown', event => {
  if (event.key !== 'ArrowDown') return;
  event.preventDefault();
  if (searchBox.value.trim()) search('typing');  // what was typed last may still be waiting
  arriving.then(() => {
    const first = main.querySelector('table a');
    if (first) first.focus();
  });
});
main.addEventListener('keydown', event => {
  const row = document.activeElement.closest && document.activeElement.closest('tbody tr');
  if (!row || !['ArrowDown', 'ArrowUp'].includes(event.key) || document.activeElement.tagName !== 'A') return;
  let next = row;
  do { next = event.key === 'ArrowDown' ? next.nextElementSibling : next.previousElementSibling; } while (next && !next.querySelector('a'));
  event.preventDefault();
  (next ? next.querySelector('a') : event.key === 'ArrowUp' ? searchBox : document.activeElement).focus();
});
document.addEventListener('keydown', event => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) return;
  event.preventDefault();
  searchBox.focus();
  searchBox.select();
});
document.getElementById('skip').addEventListener('click', event => { event.preventDefault(); main.focus(); });
window.addEventListener('hashchange', () => {
  const field = main.contains(document.activeElement) && document.activeElement.name;
  route().then(() => {
    if (document.activeElement === searchBox) return;
    const keep = field && main.querySelector('.filters [name="' + field + '"]');
    window.scrollTo(0, 0);
    (keep || main).focus({preventScroll: true});
  });
});

const codes = 'AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FR GA GB GD GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MK ML MM MN MO MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NZ OM PA PE PG PH PK PL PS PT PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TW TZ UA UG US UY UZ VC VE VG VN VU WS XK YE ZA ZM ZW';
document.body.append(h('datalist', {id: 'countries'}, codes.split(' ').map(code => h('option', {value: code}, regions.of(code)))));
route().then(pulseOn);
