// Asks the visitors of a site for their consents, and records their choices. docs/sites.md explains how to use it.
(() => {
  'use strict';
  const script = document.currentScript;
  const { project, session, place, api = script.src, types: wanted } = script.dataset;
  const site = new URL(`site-v1/${project}/`, api);
  const CHOICES = ['accepted', 'declined'];
  const texts = {
    title: 'Your choices',
    yes: 'Yes',
    no: 'No',
    read: 'Read the text',
    now: 'Your present choice:',
    acceptAll: 'Accept all',
    declineAll: 'Decline all',
    save: 'Save my choices',
    change: 'Change my choices',
    saved: 'Your choices are saved.',
    failed: 'Your choices could not be saved. Please try again.',
    signal: 'Your browser asks for privacy (Global Privacy Control), so we have declined everything for you.',
    ...JSON.parse(script.dataset.texts || '{}'),
  };
  let token;
  let types;
  let present;

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const json = async (url, options) => {
    const response = await fetch(url, options);
    if (!response.ok) throw Object.assign(new Error(`${url}: ${response.status}`), { status: response.status });
    return response.json();
  };

  // The site's own server knows the visitor, and holds the key that makes sessions.
  const renew = async () => {
    token = (await json(session, { method: 'POST' })).sessionToken;
  };

  const call = async (path, body) => {
    const send = () =>
      json(new URL(path, site), {
        method: body ? 'POST' : 'GET',
        headers: { 'X-Session': token, ...(body && { 'Content-Type': 'application/json' }) },
        body: body && JSON.stringify(body),
      });
    try {
      return await send();
    } catch (error) {
      // The page may have been open for longer than the session.
      if (error.status !== 401) throw error;
      await renew();
      return send();
    }
  };

  const all = async (path, member, read) => {
    const items = [];
    let cursor = '';
    do {
      const page = await read(`${path}?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      items.push(...page[member]);
      cursor = page.nextCursor;
    } while (cursor);
    return items;
  };

  // An event counts for the version that is asked for now. An older one is about another text.
  const isAbout = (type) => (event) => event.consentType === type.id && event.version === type.latest.version;
  const hasEnded = (event) => new Date(event.expirationDate) <= new Date();

  const remember = (events) => {
    for (const type of types) {
      const event = events.find(isAbout(type));
      if (event && !hasEnded(event) && CHOICES.includes(event.consentState)) present.set(type.id, event);
    }
  };

  // The site learns what it may do now.
  const announce = () => document.dispatchEvent(new CustomEvent('assent', { detail: [...present.values()] }));

  const record = async (choices, consentAction) => {
    for (let start = 0; start < choices.length; start += 25) {
      const items = choices.slice(start, start + 25).map(([type, consentState]) => ({
        consentType: type.id,
        version: type.latest.version,
        consentState,
        consentAction,
      }));
      remember((await call('consent-events', { items })).items);
    }
  };

  const region = element('section', { className: 'assent' });
  const status = element('p', { tabIndex: -1 });
  status.setAttribute('role', 'status');
  region.setAttribute('aria-label', texts.title);

  const show = (...children) => region.replaceChildren(...children, status);

  const offer = () => {
    const button = element('button', { type: 'button', textContent: texts.change });
    button.onclick = () => {
      status.textContent = '';
      ask(types).focus();
    };
    show(button);
  };

  const question = (type) => {
    const known = present.get(type.id);
    const answer = (value, label) =>
      element('label', {}, element('input', { type: 'radio', name: type.id, value, required: !known }), ` ${label}`);
    const link = element('a', { href: type.latest.url, textContent: texts.read });
    // Said to whoever hears the links alone.
    link.setAttribute('aria-label', `${texts.read}: ${type.title}`);
    return element(
      'fieldset',
      {},
      element('legend', { textContent: type.title }),
      element('p', {}, type.description ? `${type.description} ` : '', link),
      ...(known ? [element('p', {}, `${texts.now} ${known.consentState === 'accepted' ? texts.yes : texts.no}`)] : []),
      answer('accepted', texts.yes),
      ' ',
      answer('declined', texts.no),
    );
  };

  // Nothing is chosen beforehand, and to decline takes as many presses as to accept.
  const ask = (asked) => {
    const title = element('h2', { textContent: texts.title, tabIndex: -1 });
    const everything = (textContent, state) => {
      const button = element('button', { type: 'button', textContent });
      button.onclick = () => save(asked.map((type) => [type, state]));
      return button;
    };
    const form = element(
      'form',
      {},
      title,
      ...asked.map(question),
      everything(texts.acceptAll, 'accepted'),
      ' ',
      everything(texts.declineAll, 'declined'),
      ' ',
      element('button', { textContent: texts.save }),
    );
    const save = async (choices) => {
      const buttons = [...form.querySelectorAll('button')];
      const disable = (disabled) => buttons.forEach((button) => Object.assign(button, { disabled }));
      disable(true);
      try {
        await record(choices, 'user_click');
        announce();
        status.textContent = texts.saved;
        offer();
      } catch {
        status.textContent = texts.failed;
        disable(false);
      }
      status.focus();
    };
    form.onsubmit = (event) => {
      event.preventDefault();
      const answers = new FormData(form);
      save(asked.filter((type) => answers.has(type.id)).map((type) => [type, answers.get(type.id)]));
    };
    show(form);
    return title;
  };

  // The signal declines each version once. Whoever then accepts one by a press has the last word.
  const honour = async () => {
    const open = types.filter((type) => present.get(type.id)?.consentState !== 'declined');
    const events = open.length ? await all('consent-events', 'items', call) : [];
    const signalled = (event) => event.consentAction === 'implied' && event.consentState === 'declined' && !hasEnded(event);
    const fresh = open.filter((type) => !events.some((event) => isAbout(type)(event) && signalled(event)));
    await record(fresh.map((type) => [type, 'declined']), 'implied');
    if (fresh.length === open.length) status.textContent = texts.signal;
  };

  const start = async () => {
    const read = (path) => json(new URL(path, site));
    const listed = await all('consent-types', 'consentTypes', read);
    types = listed.filter(
      ({ id, validStates }) =>
        (!wanted || wanted.split(' ').includes(id)) && CHOICES.every((state) => validStates.includes(state)),
    );
    if (!types.length) return;
    present = new Map();
    await renew();
    remember(await all('consent-state', 'items', call));
    if (navigator.globalPrivacyControl) await honour();
    announce();
    const asked = types.filter((type) => !present.has(type.id));
    if (asked.length) ask(asked);
    else offer();
    const target = place && document.querySelector(place);
    // It takes the place of the plain form, which stays if anything before has failed.
    if (target) target.replaceChildren(region);
    else document.body.append(region);
  };

  start().catch((error) => console.error('assent.js', error));
})();
