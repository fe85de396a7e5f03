// How the sources and channels are.

const sourceStates = {ok: ['Fresh', 'good'], failing: ['Failing', 'bad'], stale: ['Silent too long', 'bad'], held: ['Held back', 'warn'], never: ['Not read yet', ''], disabled: ['Off', '']};
const state = (text, kind) => h('span', {class: 'state ' + kind}, text);

function sourceRow(s, again) {
  const [word, kind] = sourceStates[s.status] || [plain(s.status), ''];
  const act = (text, path, done) => button(text, async event => {
    event.target.disabled = true;
    try { await post(path); say(sourceName(s.name) + ' ' + done); again(); } catch (error) { say(error.message); }
    event.target.disabled = false;
  }, {'aria-label': text + ': ' + sourceName(s.name)});
  return h('tr', {}, cell('Source', h('b', {}, sourceName(s.name))),
    cell('State', state(word, kind), s.last_error && s.status !== 'ok' ? h('div', {class: 'small'}, s.last_error.message) : '', s.held ? h('div', {class: 'small'}, s.held.reason) : ''),
    cell('Last read', ago(s.last_success_at)), cell('Last news', ago(s.last_change_at)), cell('Next', s.next_poll_at && s.enabled ? ago(s.next_poll_at) : ''),
    cell('', s.enabled ? act('Read now', 'v1/sources/' + s.name + '/poll', 'is being read.') : '', s.held ? act('Let it through', 'v1/sources/' + s.name + '/release', 'is let through.') : ''));
}

function channelRows(waiting, dead, delivered, channels) {
  const names = [...new Set([...channels, ...[...waiting, ...dead, ...delivered].map(d => d.channel)])].sort();
  const of = (deliveries, name) => deliveries.filter(d => d.channel === name);
  return names.map(name => {
    const w = of(waiting, name), bad = of(dead, name), last = of(delivered, name)[0];
    const trouble = w.find(d => d.attempts > 0);
    return h('tr', {}, cell('Channel', h('b', {}, name)),
      cell('State', bad.length ? state(count(bad.length, 'alert') + ' given up', 'bad') : trouble ? state('Trying again', 'warn') : last ? state('Delivers', 'good') : state('Nothing sent yet', ''),
        trouble && trouble.last_response ? h('div', {class: 'small'}, answered(trouble)) : ''),
      cell('Waiting', String(w.length)), cell('Last delivered', last ? ago(last.delivered_at) : soft('never')));
  });
}

const answered = d => d.last_response ? [d.last_response.status ? 'Answer ' + d.last_response.status : 'No answer', d.last_response.excerpt].filter(Boolean).join(': ') : '';

function deadPart(dead, again) {
  if (!dead.length) return '';
  const send = d => button('Send again', async event => {
    event.target.disabled = true;
    try { await post('v1/deliveries/' + d.id + '/redeliver'); say('It will be sent again.'); again(); } catch (error) { say(error.message); event.target.disabled = false; }
  });
  return [h('h2', {}, 'Alerts that were given up'), table('Alerts that were given up', ['From', 'Channel', 'Why', ''], h('tbody', {}, dead.map(d =>
    h('tr', {}, cell('From', time(d.created_at)), cell('Channel', d.channel), cell('Why', answered(d)), cell('', send(d))))))];
}

async function healthView() {
  const deliveries = status => api('v1/deliveries' + query({status, order: 'newest', limit: '200'})).then(page => page.deliveries);
  const [sources, waiting, dead, delivered, subscriptions] = await Promise.all([api('v1/sources?limit=1000'), deliveries('pending'), deliveries('dead'), deliveries('delivered'), api('v1/subscriptions?limit=1000')]);
  const again = () => setTimeout(() => { if (location.hash.startsWith('#/health') || location.hash.startsWith('#/sources')) route('quietly'); }, 1500);
  const rows = channelRows(waiting, dead, delivered, subscriptions.subscriptions.flatMap(s => s.channels));
  return {title: 'Health', nodes: [h('h1', {}, 'Health'), h('h2', {}, 'Sources'),
    sources.sources.length ? table('Sources', ['Source', 'State', 'Last read', 'Last news', 'Next', ''], h('tbody', {}, sources.sources.map(s => sourceRow(s, again))), 'sources')
      : h('p', {class: 'empty-state'}, 'No source is configured.'),
    h('h2', {}, 'Channels'), rows.length ? table('Channels', ['Channel', 'State', 'Waiting', 'Last delivered'], h('tbody', {}, rows), 'channels') : h('p', {class: 'empty-state'}, 'No alert has been sent yet, and no subscription names a channel.'),
    deadPart(dead, again)]};
}

// The one line at the top of every view.
async function beat() {
  try {
    const {sources} = await api('v1/sources?limit=1000');
    const on = sources.filter(s => s.enabled);
    const bad = on.filter(s => ['failing', 'stale', 'held'].includes(s.status));
    const first = on.filter(s => s.status === 'never');
    const [text, kind] = bad.length ? [bad.length === 1 ? sourceName(bad[0].name) + ': ' + sourceStates[bad[0].status][0].toLowerCase() : count(bad.length, 'source') + ' in trouble', 'bad']
      : first.length ? [count(first.length, 'source') + ' not read yet', ''] : on.length ? [on.length === 1 ? '1 source fresh' : 'All ' + on.length + ' sources fresh', 'good'] : ['No source', ''];
    pulse.className = kind;
    pulse.textContent = text;
    pulse.hidden = false;
  } catch (error) {
    pulse.className = 'bad';
    pulse.textContent = error.status === 401 ? '' : 'Daemon not reached';
    pulse.hidden = error.status === 401;
  }
}
