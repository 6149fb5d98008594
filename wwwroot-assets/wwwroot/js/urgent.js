// Urgent: an approver is somewhere else, doing something else. The tab's title, its icon, one sound, and the system's
// notification, if that was allowed, call them back; the banner itself is a component.
//
// Promises (ux.md, "Being asked"): the sound comes once per request and once per browser, not once per tab; it can be
// off; a browser that blocks it is no error. Nothing secret is ever given to this module.

const SOUND_KEY = 'ah.urgent.sound';
const RUNG_KEY = 'ah.urgent.rung';
const RUNG_KEPT_MS = 24 * 3_600_000;
// Beside this module, so that a base path or a fingerprint in front of it changes nothing.
const at = path => new URL(path, new URL('..', import.meta.url)).href;

const open = new Map();
let plainTitle = null;
let plainIcon = null;
let titleWatch = null;

function read(key, otherwise) {
  try { return JSON.parse(localStorage.getItem(key)) ?? otherwise; } catch { return otherwise; }
}
function write(key, value) {
  try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* then it is remembered for this page only */ }
}

const rungHere = new Set();
async function ringOnce(id) {
  if (rungHere.has(id)) return;
  rungHere.add(id);
  if (!soundOn()) return;
  const ring = () => {
    const now = Date.now();
    const rung = read(RUNG_KEY, {});
    if (rung[id]) return false;
    write(RUNG_KEY, Object.fromEntries([...Object.entries(rung).filter(([, when]) => now - when < RUNG_KEPT_MS), [id, now]]));
    return true;
  };
  // Two tabs get the same push within milliseconds: the lock lets one of them look first.
  const first = navigator.locks ? await navigator.locks.request('ah.urgent', ring) : ring();
  if (first) await playSound();
}

function setTitle() {
  const count = open.size;
  const first = open.values().next().value;
  const wanted = count > 0 ? `(${count}) ${first.word} — ${first.title}` : plainTitle;
  if (wanted !== null && document.title !== wanted) document.title = wanted;
}

function setIcon() {
  const link = document.querySelector('link[rel~="icon"]');
  if (!link) return;
  plainIcon ??= link.href;
  const wanted = open.size > 0 ? at('favicon-urgent.svg') : plainIcon;
  if (link.href !== wanted) link.href = wanted;
}

// A page that is navigated to sets its own title; ours stays in front of it until the matter is settled.
function watchTitle() {
  if (titleWatch) return;
  plainTitle = document.title;
  titleWatch = new MutationObserver(() => {
    const first = open.values().next().value;
    if (!first) return;
    if (!document.title.startsWith(`(${open.size}) ${first.word} — `)) plainTitle = document.title;
    setTitle();
  });
  titleWatch.observe(document.head, { subtree: true, childList: true, characterData: true });
}

function show() {
  if (open.size > 0) {
    watchTitle();
  } else if (titleWatch) {
    titleWatch.disconnect();
    titleWatch = null;
  }
  setTitle();
  setIcon();
  if (open.size === 0) plainTitle = null;
  try {
    if (open.size > 0) navigator.setAppBadge?.(open.size)?.catch(() => {});
    else navigator.clearAppBadge?.()?.catch(() => {});
  } catch { /* not installed as an app */ }
}

function notify(id, request) {
  if (document.visibilityState === 'visible' && document.hasFocus()) return null;
  if (!('Notification' in window) || Notification.permission !== 'granted') return null;
  try {
    const note = new Notification(request.title, {
      body: request.body ?? '',
      tag: `accesshive-${id}`,
      icon: at('favicon-urgent.svg'),
      requireInteraction: true,
    });
    note.onclick = () => {
      window.focus();
      note.close();
      if (request.url) window.Blazor?.navigateTo?.(request.url);
    };
    return note;
  } catch {
    // Phones only allow notifications from a service worker; the push service of Notices reaches those.
    return null;
  }
}

/** Calls for attention. request: { id, title, body, url, word }. Calling it again with the same id changes the words only. */
export function raise(request) {
  const id = String(request.id);
  const old = open.get(id);
  open.set(id, {
    title: request.title,
    word: request.word ?? 'Urgent',
    note: old ? old.note : notify(id, request),
  });
  show();
  ringOnce(id);
}

/** The matter is decided, by whomever. */
export function settle(id) {
  const one = open.get(String(id));
  one?.note?.close();
  open.delete(String(id));
  show();
}

/** Nothing is urgent any more. */
export function settleAll() {
  for (const id of [...open.keys()]) settle(id);
}

/** On unless this browser's user switched it off. */
export function soundOn() { return read(SOUND_KEY, true) !== false; }

/** Remembered in this browser. */
export function setSound(on) { write(SOUND_KEY, on === true); }

/** Once, now: for the button "Try the sound". False when the browser did not allow it. */
export async function playSound() {
  try {
    const sound = new Audio(at('sounds/urgent.wav'));
    sound.volume = 0.7;
    await sound.play();
    return true;
  } catch {
    return false;
  }
}

/** 'granted' | 'denied' | 'default' | 'unsupported'. */
export function permission() { return 'Notification' in window ? Notification.permission : 'unsupported'; }

/** Asks, if nobody answered yet. Browsers want a click before this. */
export async function askPermission() {
  if (!('Notification' in window)) return 'unsupported';
  try { return Notification.permission === 'default' ? await Notification.requestPermission() : Notification.permission; }
  catch { return 'denied'; }
}

const OPENING_MS = 1_500;

/**
 * The banner lies over the page; what it covers must stay reachable. The page gets as much room above its content as the
 * banner is high, and is scrolled by the same, so that nothing moves under a finger that is about to press.
 */
export function makeRoom(banners, main) {
  let room = 0;
  const opened = performance.now();
  const fit = () => {
    const height = Math.ceil(banners.getBoundingClientRect().height);
    if (height === room) return;
    main.style.paddingTop = height > 0 ? `${height}px` : '';
    // What is there when the page opens is simply above it.
    if (performance.now() - opened > OPENING_MS) window.scrollBy({ top: height - room, behavior: 'instant' });
    room = height;
  };
  const observer = new ResizeObserver(fit);
  observer.observe(banners);
  fit();
  return { stop: () => { observer.disconnect(); main.style.paddingTop = ''; } };
}

/** Ends what was started. */
export const stop = handle => { handle.stop(); };
