// What one field said before and says now: word by word for text, item by item for lists.

function asText(value) {
  if (Array.isArray(value)) return value.map(asText);
  if (value && typeof value === 'object' && 'volume' in value)
    return value.volume + ' FR ' + (value.page === null ? '(page to come)' : value.page) + (value.date ? ', ' + day(value.date) : '');
  if (value && typeof value === 'object') return JSON.stringify(value);
  return value === null || value === undefined ? '' : String(value);
}

function shown(value) {
  const text = asText(value);
  if (!Array.isArray(text)) return text;
  return text.length === 1 ? text[0] : text.length ? h('ul', {}, text.map(item => h('li', {}, item))) : '';
}

const mostCells = 400000;  // of the table below; longer texts are shown one after the other
const leastShared = 0.5;   // of the words; what shares less is shown one after the other too

// The longest run of words that both share stays; the rest was taken away or put in.
function wordDifference(before, after) {
  const a = before.split(/\s+/), b = after.split(/\s+/);
  const whole = () => [h('del', {}, before), ' ', h('ins', {}, after)];
  if (a.length * b.length > mostCells) return whole();
  const best = Array.from({length: a.length + 1}, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) best[i][j] = a[i] === b[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
  if (best[0][0] < leastShared * Math.max(a.length, b.length)) return whole();
  const parts = [];
  const put = (kind, word) => { const last = parts[parts.length - 1]; if (last && last.kind === kind) last.words.push(word); else parts.push({kind, words: [word]}); };
  let i = 0, j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { put('', a[i]); i++; j++; }
    else if (j >= b.length || (i < a.length && best[i + 1][j] >= best[i][j + 1])) put('del', a[i++]);
    else put('ins', b[j++]);
  }
  return parts.flatMap((part, n) => [n ? ' ' : '', part.kind ? h(part.kind, {}, part.words.join(' ')) : part.words.join(' ')]);
}

function difference(before, after) {
  const a = asText(before), b = asText(after);
  if (!Array.isArray(a) && !Array.isArray(b)) return a && b ? wordDifference(a, b) : a ? h('del', {}, a) : h('ins', {}, b);
  const was = [].concat(a || []), is = [].concat(b || []);
  const gone = was.filter(item => !is.includes(item)), come = is.filter(item => !was.includes(item)), kept = is.length - come.length;
  const items = gone.length === 1 && come.length === 1 ? [h('li', {}, wordDifference(gone[0], come[0]))]
    : [gone.map(item => h('li', {}, h('del', {}, item))), come.map(item => h('li', {}, h('ins', {}, item)))];
  return h('ul', {}, items, kept ? h('li', {class: 'soft'}, count(kept, 'other') + ' unchanged') : '');
}

function differences(before, after, fields) {
  const changed = fields.filter(field => JSON.stringify(asText(before[field] || '')) !== JSON.stringify(asText(after[field] || '')) && !(isEmpty(before[field]) && isEmpty(after[field])));
  return changed.length ? h('dl', {class: 'facts differences'}, changed.map(field => h('div', {}, h('dt', {}, fieldName(field)), h('dd', {}, difference(before[field], after[field]))))) : '';
}
