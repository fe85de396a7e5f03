'use strict';
// What every view builds with. Text of publishers goes in as text, never as markup.

const main = document.getElementById('main');
const notices = document.getElementById('notices');
const searchBox = document.getElementById('q');
const pulse = document.getElementById('pulse');

// h('a', {href: '#'}, 'text', node, [nodes])
function h(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value === true ? '' : value);
  }
  fill(node, children);
  return node;
}

function fill(node, children) {
  for (const child of [children].flat(Infinity)) if (child !== null && child !== undefined && child !== '' && child !== false) node.append(child);
  return node;
}

async function api(path, options) {
  const token = sessionStorage.getItem('token');
  const headers = {...(options && options.headers), ...(token ? {Authorization: 'Bearer ' + token} : {})};
  let response;
  try {
    response = await fetch(path, {...options, headers, cache: 'no-cache'});
  } catch {
    throw Object.assign(new Error('The daemon does not answer. It may be restarting; what is shown may be out of date.'), {status: 0});
  }
  const body = response.status === 204 ? {} : await response.json();
  if (!response.ok) throw Object.assign(new Error(body.detail || response.statusText), {status: response.status});
  return body;
}

const post = (path, value) => api(path, value === undefined ? {method: 'POST'} : {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(value)});

function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value);
  return given.length ? '?' + new URLSearchParams(given) : '';
}
const place = (section, parameters) => '#/' + section + query(parameters || {});

// Said to everybody: shown, and read out by screen readers.
function say(...content) {
  notices.replaceChildren();
  if (content.length) notices.append(h('p', {class: 'notice'}, content));
}

const soft = (...content) => h('span', {class: 'soft'}, content);
const unseen = text => h('span', {class: 'unseen'}, text);
const tag = (text, kind) => h('span', {class: 'tag ' + (kind || '')}, text);
const button = (text, press, extra) => h('button', {type: 'button', onclick: press, ...extra}, text);
const outside = (url, text) => /^https?:\/\//.test(url || '') ? h('a', {href: url, rel: 'noreferrer noopener', target: '_blank'}, text, unseen(' (opens in a new tab)')) : text;
const notice = (kind, ...content) => h('p', {class: 'notice ' + kind}, content);

// Rows with a head; on a phone every cell says its own heading.
function table(caption, heads, body, extra) {
  return h('table', {class: 'rows ' + (extra || '')}, h('caption', {class: 'unseen'}, caption),
    h('thead', {}, h('tr', {}, heads.map(text => h('th', {scope: 'col'}, text || unseen('Actions'))))), body);
}
const cell = (head, ...content) => {
  const node = h('td', {'data-head': head}, content);
  if (!node.childNodes.length) node.classList.add('empty');
  return node;
};
const facts = rows => h('dl', {class: 'facts'}, rows.filter(([, value]) => !isEmpty(value)).map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
const isEmpty = value => value === null || value === undefined || value === '' || (Array.isArray(value) && value.flat(Infinity).every(isEmpty));

function select(label, values, chosen, name) {
  return {label, node: h('select', {}, values.map(value => h('option', {value, selected: value === (chosen || '')}, name(value))))};
}

// A bar of choices; each change goes to the view's new address.
function filters(section, fields, keep) {
  const go = () => { location.hash = place(section, {...keep, ...Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.node.value.trim()]))}); };
  const labelled = Object.entries(fields).map(([key, field]) => {
    field.node.name = key;
    field.node.addEventListener('change', go);
    return h('label', {}, h('span', {}, field.label), field.node);
  });
  return h('form', {class: 'filters', 'aria-label': 'Filter', onsubmit: event => { event.preventDefault(); go(); }}, labelled);
}

// A list that grows by pages: `load(cursor)` answers {items, cursor, done}, `show(items)` puts them in.
function pages(load, show, more) {
  let cursor = '';
  const press = button(more, async () => {
    press.disabled = true;
    try { await next(); } catch (error) { say(error.message); }
    press.disabled = false;
  }, {class: 'more'});
  async function next() {
    const page = await load(cursor);
    cursor = page.cursor;
    press.hidden = page.done;
    show(page.items);
  }
  return {next, press};
}

// Something that is fetched once it is opened.
function disclosure(summary, load, open) {
  const inside = h('div', {});
  const node = h('details', {open, class: 'fetched'}, h('summary', {}, summary), inside);
  let asked = false;
  const ask = async () => {
    if (!node.open || asked) return;
    asked = true;
    try { fill(inside, await load()); } catch (error) { asked = false; inside.replaceChildren(notice('bad', error.message)); }
  };
  node.addEventListener('toggle', ask);
  if (open) ask();
  return node;
}
