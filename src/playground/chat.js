// The playground's page: posts without leaving, shows what the server sends, and the keyboard.
// The server renders everything; this only puts it in place.
'use strict';

(() => {
  const chat = document.querySelector('.chat');
  if (!chat) return;
  const one = (selector, within = document) => within.querySelector(selector);
  const log = one('#log'), answers = one('#answers'), offers = one('#offers');
  const trouble = one('#trouble');
  const boxes = [...document.querySelectorAll('.box textarea')];
  const box = boxes.at(-1) ?? log;

  const elements = (html) => {
    const template = document.createElement('template');
    template.innerHTML = html;
    return template.content;
  };

  const say = (words) => {
    trouble.textContent = words;
    trouble.hidden = !words;
  };

  // ── Acts ────────────────────────────────────────────────────────────────────────────────────

  document.addEventListener('submit', async (event) => {
    const form = event.target.closest('form[data-act]');
    if (!form) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = 'true';
    const press = event.submitter;
    press?.setAttribute('aria-busy', 'true');
    try {
      const data = new FormData(form, press);
      const body = form.enctype === 'multipart/form-data' ? data : new URLSearchParams(data);
      const answer = await fetch(form.action, {
        method: 'POST', body, headers: { Accept: 'application/json' },
      });
      if (!answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        say(one('p', page)?.textContent ?? page.body.textContent);
        return;
      }
      say('');
      done(form, press, await answer.json());
    } catch {
      // The act keeps its id: sent again, it is the same act.
      say('The chat does not answer. Nothing you typed is lost; send it again when it is back.');
    } finally {
      delete form.dataset.busy;
      press?.removeAttribute('aria-busy');
    }
    if (stream?.readyState !== EventSource.OPEN) refresh();
  });

  const done = (form, press, next) => {
    const act = form.dataset.act;
    if (act === 'click' && press) press.value = `${next.event} ${press.value.split(' ').slice(1).join(' ')}`;
    if (act === 'say') {
      one('input[name=event]', form).value = next.event;
      const typed = one('textarea', form);
      if (typed) {
        remember(typed.value.trim());
        typed.value = '';
        keepDraft(typed);
        close();
        one('.scroll', form.parentElement).scrollTop = 0;
      }
    }
    if (next.form) open(next.form);
    else if (act === 'submit') one('#form')?.close();
  };

  // ── Forms ───────────────────────────────────────────────────────────────────────────────────

  const open = (html) => {
    const fresh = one('dialog', elements(html));
    let dialog = one('#form');
    if (dialog?.matches(':modal')) {
      // The same form again, with what was wrong: it stays open.
      dialog.replaceChildren(...fresh.childNodes);
    } else {
      dialog?.remove();
      dialog = fresh;
      document.body.append(dialog);
      makeModal(dialog);
    }
    for (const pick of dialog.querySelectorAll('[data-pick]')) pick.hidden = false;
    const first = one('[autofocus]', dialog);
    first?.focus();
    first?.setSelectionRange?.(first.value.length, first.value.length);
  };

  const makeModal = (dialog) => {
    dialog.removeAttribute('open');
    dialog.addEventListener('close', () => {
      dialog.remove();
      // Chromium gives the focus back while the page still is inert: keys arrive, their text does not.
      const back = document.activeElement === document.body ? box : document.activeElement;
      back.blur();
      back.focus({ preventScroll: true });
    });
    dialog.showModal();
  };

  document.addEventListener('click', (event) => {
    const leave = event.target.closest('dialog [data-close]');
    if (leave) {
      event.preventDefault();
      leave.closest('dialog').close();
    }
    const pick = event.target.closest('[data-pick]');
    if (pick) {
      const line = document.getElementById(pick.dataset.pick);
      const picker = one('.picker', pick.parentElement);
      picker.value = line.value;
      picker.onchange = () => { line.value = picker.value; line.focus(); };
      picker.showPicker();
    }
    const earlier = event.target.closest('.earlier');
    if (earlier) {
      event.preventDefault();
      prepend(earlier);
    }
    if (!event.target.closest('.box')) close();
  });

  // ── What the server sends ───────────────────────────────────────────────────────────────────

  let version = chat.dataset.version;
  let stream;

  const connect = () => {
    stream?.close();
    const query = new URLSearchParams({ at: chat.dataset.place, since: version });
    if (chat.dataset.opened === 'list') query.set('list', 'true');
    stream = new EventSource(`${chat.dataset.events}?${query}`);
    const on = (name, act) => stream.addEventListener(name, (event) => {
      version = event.lastEventId || version;
      act(event.data);
    });
    on('show', (data) => show(JSON.parse(data)));
    on('places', (data) => places(elements(JSON.parse(data))));
    on('gone', (key) => document.querySelectorAll(`[data-key="${key}"]`).forEach((e) => e.remove()));
    on('stale', refresh);
    stream.onopen = () => document.body.classList.remove('away');
    stream.onerror = () => {
      document.body.classList.add('away');
      if (stream.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
    };
  };

  // A page nobody looks at neither reads messages nor holds one of the browser's connections.
  const look = () => {
    if (location.search.includes('before=')) return;
    if (document.visibilityState === 'visible') connect();
    else stream?.close();
  };
  document.addEventListener('visibilitychange', look);

  const show = ({ key, thread, html, apart, day, divider }) => {
    let known = false;
    for (const old of document.querySelectorAll(`[data-key="${key}"]`)) {
      known = true;
      replace(old, elements(old.closest('.thread') ? apart : html));
    }
    const home = !thread ? log : chat.dataset.thread === String(thread) ? answers : null;
    if (known || !home || !isNewer(home, key)) return;
    const before = [...home.querySelectorAll('[data-day]')].at(-1);
    if (home === log && before?.dataset.day !== day) home.append(elements(divider));
    home.append(elements(thread ? apart : html));
    const scroll = home.closest('.scroll');
    // An answer to one's own act is looked at; what others say waits below.
    if (key.startsWith('n')) scroll.scrollTop = 0;
    else if (scroll.scrollTop < -40) showJump(scroll);
  };

  // An edit of a message that is further up than what is loaded shows nothing.
  const isNewer = (home, key) => {
    if (!key.startsWith('m')) return true;
    const last = [...home.querySelectorAll('[data-key^=m]')].at(-1);
    return !last || Number(key.slice(1)) > Number(last.dataset.key.slice(1));
  };

  const replace = (old, fresh) => {
    const focused = old.contains(document.activeElement)
      && [...old.querySelectorAll('a, button')].indexOf(document.activeElement);
    const next = fresh.firstElementChild;
    next.classList.add('changed');
    old.replaceWith(next);
    if (focused !== false) ([...next.querySelectorAll('a, button')][focused] ?? box).focus();
  };

  const places = (fresh) => {
    const old = one('#places');
    const focused = old.contains(document.activeElement) && document.activeElement.pathname;
    old.replaceWith(fresh);
    if (focused) [...one('#places').querySelectorAll('a')].find((a) => a.pathname === focused)?.focus();
  };

  const fetchPage = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(answer.statusText);
    return new DOMParser().parseFromString(await answer.text(), 'text/html');
  };

  const refresh = async () => {
    try {
      const page = await fetchPage(location.href);
      for (const id of ['#log', '#answers', '.root', '.message.home']) {
        const [old, fresh] = [one(id), one(id, page)];
        if (old && fresh && old.textContent !== fresh.textContent) old.replaceChildren(...fresh.childNodes);
      }
      places(one('#places', page));
      version = one('.chat', page).dataset.version;
    } catch { /* The stream says so, and asks again when it is back. */ }
  };

  const prepend = async (link) => {
    const page = await fetchPage(link.href).catch(() => null);
    if (!page) return;
    const first = one('.day', log);
    const days = [...page.querySelectorAll('#log .day')];
    if (first && days.at(-1)?.dataset.day === first.dataset.day) first.remove();
    log.prepend(...one('#log', page).childNodes);
    link.replaceWith(one('.earlier, .welcome', page));
    log.focus({ preventScroll: true });
  };

  const showJump = (scroll) => {
    if (one('.jump', scroll.parentElement)) return;
    const jump = elements('<button type="button" class="jump">New messages<svg class="icon" aria-hidden="true"><use href="#i-down"></use></svg></button>').firstElementChild;
    const away = () => { if (scroll.scrollTop > -40) { jump.remove(); scroll.removeEventListener('scroll', away); } };
    jump.onclick = () => { scroll.scrollTop = 0; jump.remove(); box.focus(); };
    scroll.addEventListener('scroll', away);
    scroll.after(jump);
  };

  // ── The message box ─────────────────────────────────────────────────────────────────────────

  let asked = 0;
  let active = -1;

  const close = () => {
    asked += 1;
    active = -1;
    offers.hidden = true;
    for (const each of boxes) {
      each.setAttribute('aria-expanded', 'false');
      each.removeAttribute('aria-activedescendant');
    }
  };

  const complete = async (typed) => {
    const text = typed.value;
    const atEnd = typed.selectionStart === text.length;
    if (!atEnd || !(text.startsWith('/') || /(^|[\s:])@\S*$/.test(text))) return close();
    const mine = (asked += 1);
    const answer = await fetch(`${chat.dataset.complete}?${new URLSearchParams({ text })}`).catch(() => null);
    const html = answer?.ok ? await answer.text() : '';
    if (mine !== asked) return;
    // What somebody has chosen meanwhile stays chosen if it is still offered.
    const chosen = offers.children[active]?.dataset.text;
    offers.innerHTML = html;
    const first = offers.firstElementChild;
    if (!first || (offers.children.length === 1 && first.dataset.text.trim() === text.trim())) return close();
    active = -1;
    typed.closest('form').prepend(offers);
    offers.hidden = false;
    offers.scrollTop = 0;
    typed.setAttribute('aria-expanded', 'true');
    typed.removeAttribute('aria-activedescendant');
    const kept = [...offers.children].findIndex((offer) => offer.dataset.text === chosen);
    if (kept >= 0) move(typed, kept + 1);
  };

  const move = (typed, by) => {
    const all = [...offers.children];
    active = (active + by + all.length + (active < 0 && by < 0 ? 1 : 0)) % all.length;
    all.forEach((offer, index) => offer.setAttribute('aria-selected', String(index === active)));
    all[active].scrollIntoView({ block: 'nearest' });
    typed.setAttribute('aria-activedescendant', all[active].id);
  };

  const take = (typed, offer) => {
    typed.value = offer.dataset.text;
    typed.focus();
    typed.setSelectionRange(typed.value.length, typed.value.length);
    changed(typed);
  };

  const changed = (typed) => {
    fit(typed);
    keepDraft(typed);
    complete(typed);
  };

  // Browsers without `field-sizing` need the number of lines.
  const fit = (typed) => {
    if (!CSS.supports('field-sizing', 'content')) typed.rows = Math.min(8, typed.value.split('\n').length);
  };

  const keepDraft = (typed) => sessionStorage.setItem(`draft ${typed.id} ${location.pathname}`, typed.value);
  const sent = () => JSON.parse(sessionStorage.getItem('sent') ?? '[]');
  const remember = (words) => {
    if (words) sessionStorage.setItem('sent', JSON.stringify([...sent().filter((w) => w !== words), words].slice(-30)));
  };

  // The arrow up in an empty box brings back what was sent before, as a terminal does.
  const recall = (typed, by) => {
    const all = sent();
    const at = typed.value ? all.indexOf(typed.value) : all.length;
    if (at < 0 || (!typed.value && by > 0)) return false;
    const next = at + by;
    if (next < 0) return false;
    typed.value = all[next] ?? '';
    fit(typed);
    keepDraft(typed);
    return true;
  };

  const keys = (event) => {
    const typed = event.target;
    if (event.isComposing) return;
    const shown = !offers.hidden && typed.closest('form').contains(offers);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    let taken = true;
    if (shown && step) move(typed, step);
    else if (shown && event.key === 'Tab' && !event.shiftKey) take(typed, offers.children[Math.max(active, 0)]);
    else if (shown && event.key === 'Enter' && active >= 0) take(typed, offers.children[active]);
    else if (shown && event.key === 'Escape') close();
    else if (event.key === 'Enter' && !event.shiftKey) typed.form.requestSubmit();
    else if (step && !event.shiftKey) taken = recall(typed, step);
    else taken = false;
    if (taken) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  for (const each of boxes) {
    each.value = each.value || (sessionStorage.getItem(`draft ${each.id} ${location.pathname}`) ?? '');
    fit(each);
    each.addEventListener('input', () => changed(each));
    each.addEventListener('keydown', keys);
    each.addEventListener('blur', () => setTimeout(() => { if (document.activeElement !== each) close(); }, 150));
  }

  offers.addEventListener('mousedown', (event) => {
    const offer = event.target.closest('[role=option]');
    event.preventDefault();
    if (offer) take(one('textarea', offers.closest('form')), offer);
  });

  document.addEventListener('keydown', (event) => {
    const long = event.target.closest('dialog textarea');
    if (long && event.key === 'Enter' && (event.ctrlKey || event.metaKey)) long.form.requestSubmit();
    if (event.ctrlKey || event.metaKey || event.altKey || one('dialog:modal')) return;
    const typing = event.target.closest('input, textarea, select');
    if (event.key === '/' && !typing) box.focus();
    if (event.key === 'Escape' && !one('[popover]:popover-open')) one('.thread .close')?.click();
  });

  // ── Begin ───────────────────────────────────────────────────────────────────────────────────

  const waiting = one('#form');
  if (waiting) makeModal(waiting);
  else if (!matchMedia('(pointer: coarse)').matches && chat.dataset.opened !== 'list') box.focus();
  look();
})();
