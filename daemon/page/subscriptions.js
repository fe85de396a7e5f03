// Who is told of what; made in the configuration file or here.

const wanted = (values, name, all) => values.length ? values.map(name).join(', ') : soft(all);
const names = text => text.split(',').map(part => part.trim()).filter(Boolean);

function trialPart(trial) {
  const since = ['Since ', day(trial.since.slice(0, 10))];
  return [h('p', {}, trial.alerts ? [since, ' it would have sent ', h('b', {}, count(trial.alerts, 'alert')), ': ', inWords(trial.counts) + '.'] : [since, ' it would have sent nothing.']),
    (trial.problems || []).map(problem => notice('warn', problem)),
    trial.latest_alerts.length ? h('ul', {class: 'findings'}, trial.latest_alerts.map(alert => h('li', {}, time(alert.at), ' ', alert.subject))) : ''];
}

// From which day on a subscription is tried: a year ago unless somebody says otherwise.
const yearAgo = () => { const date = new Date(); date.setUTCFullYear(date.getUTCFullYear() - 1); return date.toISOString().slice(0, 10); };

function subscriptionRow(s, since, again) {
  const under = h('tr', {hidden: true});
  const attempt = button('Try', async event => {
    event.target.disabled = true;
    try {
      under.replaceChildren(h('td', {colspan: 7}, trialPart(await api('v1/subscriptions/' + encodeURIComponent(s.name) + '/try' + query({since: since.value})))));
      under.hidden = false;
    } catch (error) { say(error.message); }
    event.target.disabled = false;
  }, {'aria-label': 'Try ' + s.name + ': what it would have sent'});
  const remove = s.origin === 'file' ? '' : button('Remove', async () => {
    if (!window.confirm('Remove the subscription “' + s.name + '”? Nobody will be told of what it covers.')) return;
    try { await api('v1/subscriptions' + query({name: s.name}), {method: 'DELETE'}); say('“' + s.name + '” is removed.'); again(); } catch (error) { say(error.message); }
  }, {'aria-label': 'Remove ' + s.name});
  return [h('tr', {}, cell('Name', h('b', {}, s.name), s.origin === 'file' ? h('div', {class: 'small soft'}, 'from the configuration') : ''), cell('Channels', wanted(s.channels, c => c, 'every channel')),
    cell('Lists', wanted(s.lists, listName, 'all lists')), cell('Kinds', wanted(s.kinds, k => kindNames[k], 'all')), cell('Countries', wanted(s.countries, c => regions.of(c) || c, 'all')),
    cell('Words', wanted(s.match, w => w, s.watchlist ? 'those of ' + s.watchlist : 'any'), h('div', {class: 'small soft'}, s.digest === 'immediate' ? 'at once' : s.digest)), cell('', attempt, remove)), under];
}

function newSubscription(since, again) {
  const field = (label, name, extra, hint) => h('label', {}, h('span', {}, label), h('input', {name, ...extra}), hint ? soft(hint) : '');
  const result = h('div', {role: 'status'});
  const body = form => {
    const data = new FormData(form), out = {name: data.get('name').trim(), digest: data.get('digest')};
    if (data.getAll('lists').length) out.lists = data.getAll('lists');
    if (data.getAll('kinds').length) out.kinds = data.getAll('kinds');
    for (const key of ['channels', 'countries', 'match']) if (names(data.get(key)).length) out[key] = names(data.get(key));
    return out;
  };
  const options = (label, name, values, word, chosen) => h('fieldset', {}, h('legend', {}, label), values.map(value => h('label', {class: 'option'}, h('input', {type: 'checkbox', name, value, checked: chosen.includes(value)}), word(value))));
  const form = h('form', {class: 'card subscription', onsubmit: async event => {
    event.preventDefault();
    try { await post('v1/subscriptions', body(form)); say('“' + body(form).name + '” is added.'); again(); } catch (error) { result.replaceChildren(notice('bad', error.message)); }
  }}, h('h2', {}, 'New subscription'),
  h('div', {class: 'fields'}, field('Name', 'name', {required: true, maxlength: 100, autocomplete: 'off'}), field('Channels', 'channels', {autocomplete: 'off'}, 'names, separated by commas; none: every channel'),
    field('Countries', 'countries', {autocomplete: 'off', placeholder: 'CN, HK'}, 'two-letter codes; none: all'), field('Words in names', 'match', {autocomplete: 'off', placeholder: 'semiconductor*'}, 'separated by commas; none: any name'),
    h('label', {}, h('span', {}, 'When'), h('select', {name: 'digest'}, [['immediate', 'At once'], ['hourly', 'Every hour'], ['daily 08:00 America/New_York', 'Every day at 08:00, New York']].map(([value, text]) => h('option', {value}, text))))),
  options('Kinds', 'kinds', ['added', 'removed', 'revised', 'corrected', 'withdrawn', 'document', 'discrepancy', 'effective'], k => kindNames[k], ['added', 'removed', 'revised', 'corrected', 'withdrawn']),
  options('Lists (none: all)', 'lists', Object.keys(listNames), listName, []),
  h('p', {class: 'actions'}, h('button', {class: 'main'}, 'Add'), button('Try: what would it have sent?', async () => {
    if (!form.reportValidity()) return;
    try { result.replaceChildren(); fill(result, trialPart(await post('v1/subscriptions/try' + query({since: since.value}), body(form)))); } catch (error) { result.replaceChildren(notice('bad', error.message)); }
  })), result);
  return form;
}

async function subscriptionsView() {
  const {subscriptions} = await api('v1/subscriptions?limit=1000');
  const again = () => route('quietly');
  const since = h('input', {type: 'date', name: 'since', value: yearAgo(), max: '9999-12-31'});
  return {title: 'Alerts', nodes: [h('h1', {}, 'Alerts: who is told of what'), h('p', {class: 'filters'}, h('label', {}, h('span', {}, 'Try them on what was published since'), since)),
    subscriptions.length ? table('Subscriptions', ['Name', 'Channels', 'Lists', 'Kinds', 'Countries', 'Words', ''], h('tbody', {}, subscriptions.map(s => subscriptionRow(s, since, again))), 'subscriptions')
      : h('p', {class: 'empty-state'}, 'There is no subscription: every channel is told of every change.'), newSubscription(since, again)]};
}
