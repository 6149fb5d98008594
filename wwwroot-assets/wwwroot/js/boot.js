// Starts Blazor and looks after the line to the server.
//
// <script src="_framework/blazor.web.js" autostart="false"></script>
// <script type="module" src="js/boot.js"></script>
//
// Why our own: Blazor's dialog covers the page and says nothing about secrets, and it reports a lost line only when it
// means to reconnect – after a fault in the circuit the socket closes and nobody is told. Here the socket itself is
// watched, so that the glass is empty within milliseconds of the server's death, whatever the reason.
//
// Events on document:  accesshive:closed    the socket closed (any reason; the glass listens)
//                      accesshive:offline   and we are trying again      accesshive:online   and it is back
//                      accesshive:signed-out  the server no longer knows us; the page reloads
// On <html>:           data-connection="online|offline|lost"
// Elements, made here when the shell does not bring its own: #ah-offline (banner; [data-next] says when it tries again,
// #ah-offline-retry) and dialog #ah-reconnect (#ah-reconnect-retry, #ah-reconnect-reload). #blazor-error-ui is styled
// in app.css and shown by Blazor itself.

import './theme.js';

const DELAYS_MS = [0, 250, 500, 1_000, 2_000, 3_000, 5_000, 5_000, 10_000];
const BANNER_AFTER_MS = 400;
const DIALOG_AFTER_MS = 20_000;
const HERE_EVERY_MS = 5 * 60_000;
const HERE_URL = 'account/here';
const RELOAD_KEY = 'ah.reloads';

const hive = window.accesshive;
const root = document.documentElement;
const say = (name, detail) => document.dispatchEvent(new CustomEvent(`accesshive:${name}`, { detail }));
const state = value => { root.dataset.connection = value; };

// --- The banner and the dialog ---------------------------------------------------------------------------------------

const BANNER = `
  <span class="ah-offline-dot" aria-hidden="true"></span>
  <p><strong>Connection lost.</strong> What you typed is still here. Secrets were hidden for safety. <span data-next></span></p>
  <button type="button" class="ah-btn is-small" id="ah-offline-retry">Try now</button>`;

const DIALOG = `
  <h2>Still no connection</h2>
  <p>AccessHive keeps trying. Running sessions end on time without this page; what you typed is still here, and secrets were hidden for safety. <span data-next></span></p>
  <div class="ah-actions">
    <button type="button" class="ah-btn is-primary" id="ah-reconnect-retry">Try now</button>
    <button type="button" class="ah-btn" id="ah-reconnect-reload">Reload the page</button>
  </div>`;

function part(id, tag, className, markup, more) {
  let element = document.getElementById(id);
  if (!element) {
    element = document.createElement(tag);
    element.id = id;
    element.className = className;
    element.innerHTML = markup;
    more?.(element);
    document.body.append(element);
  }
  return element;
}

const banner = () => part('ah-offline', 'div', 'ah-offline', BANNER, element => {
  element.setAttribute('role', 'status');
  element.hidden = true;
});
const TRYING = 'Trying again …';
function announceNext(text) {
  for (const next of document.querySelectorAll('#ah-offline [data-next], #ah-reconnect [data-next]')) next.textContent = text;
}
const dialog = () => part('ah-reconnect', 'dialog', 'ah-reconnect', DIALOG, element => element.setAttribute('aria-label', 'Connection'));

document.addEventListener('click', event => {
  const button = event.target.closest?.('#ah-offline-retry, #ah-reconnect-retry, #ah-reconnect-reload');
  if (!button) return;
  if (button.id === 'ah-reconnect-reload') location.reload();
  else tryNow();
});

// --- Reconnecting ----------------------------------------------------------------------------------------------------

let down = null;

// A page that is being left – somebody signs out, which closes its circuit – has nothing to come back to.
let leftAt = -Infinity;
const LEAVING_MS = 3_000;
window.addEventListener('beforeunload', () => { leftAt = performance.now(); });

const pause = ms => new Promise(resolve => {
  const until = performance.now() + ms;
  down.wake = () => { clearTimeout(down.timer); resolve(); };
  const step = () => {
    const left = until - performance.now();
    if (left <= 0) { resolve(); return; }
    announceNext(ms < 2_000 ? TRYING : `Trying again in ${Math.ceil(left / 1000)} s.`);
    down.timer = setTimeout(step, Math.min(left, 1000));
  };
  step();
});

function tryNow() { down?.wake?.(); }

async function keepTrying() {
  const mine = down;
  for (let attempt = 0; down === mine; attempt++) {
    const delay = DELAYS_MS[Math.min(attempt, DELAYS_MS.length - 1)];
    // A restarted server meets all its pages at once: spread them a little.
    const leaving = Math.max(0, LEAVING_MS - (performance.now() - leftAt));
    await pause(delay * (0.85 + Math.random() * 0.3) + leaving);
    if (down !== mine) return;
    if (performance.now() - mine.since > DIALOG_AFTER_MS && !dialog().open) dialog().show();
    announceNext(TRYING);
    try {
      // true: back (Blazor has called onConnectionUp) · false: reached, but the circuit is gone · throws: not reached
      if (await window.Blazor.reconnect()) return;
      if (down === mine) startOver();
      return;
    } catch (error) {
      if (/status code '?(401|403)/i.test(String(error?.message ?? error))) { signedOut(); return; }
    }
  }
}

// A page that cannot keep a circuit must not reload for ever.
function startOver() {
  let recent = [];
  try { recent = JSON.parse(sessionStorage.getItem(RELOAD_KEY) ?? '[]').filter(at => Date.now() - at < 60_000); } catch { recent = []; }
  if (recent.length >= 3) {
    state('lost');
    banner().hidden = false;
    if (!dialog().open) dialog().show();
    return;
  }
  try { sessionStorage.setItem(RELOAD_KEY, JSON.stringify([...recent, Date.now()])); } catch { /* no storage, no count */ }
  location.reload();
}

function signedOut() {
  say('signed-out');
  location.reload();
}

const reconnectionHandler = {
  onConnectionDown() {
    if (down) return;
    down = { since: performance.now(), timer: 0, wake: null, banner: 0 };
    state('offline');
    say('offline');
    // A line that is back at once is not worth a banner; the glass is empty all the same.
    down.banner = setTimeout(() => { banner().hidden = false; }, BANNER_AFTER_MS);
    keepTrying();
  },
  onConnectionUp() {
    const was = down;
    down = null;
    if (was) {
      clearTimeout(was.banner);
      clearTimeout(was.timer);
    }
    banner().hidden = true;
    if (dialog().open) dialog().close();
    // Blazor shows its fault panel for attempts that failed half way; the line is fine now.
    const fault = document.getElementById('blazor-error-ui');
    if (fault) fault.style.display = '';
    state('online');
    say('online');
  },
};

// The socket itself, heard before Blazor hears it, also when Blazor does not speak of it (a fault, a disposed circuit).
function configureSignalR(builder) {
  const build = builder.build.bind(builder);
  builder.build = () => {
    const connection = build();
    connection.onclose(() => {
      // 'lost' unless Blazor means to try again and says so next.
      state('lost');
      say('closed');
    });
    return connection;
  };
}

window.addEventListener('online', tryNow);
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') tryNow(); });
// Blazor gives its circuit away on pagehide: a page out of the back-forward cache has none.
window.addEventListener('pageshow', event => { if (event.persisted) location.reload(); });

// --- Still here ------------------------------------------------------------------------------------------------------

// The sign-in cookie slides on requests, and a circuit makes none: somebody who works is not to be signed out for it.
let lastHere = performance.now();
async function stillHere() {
  if (performance.now() - lastHere < HERE_EVERY_MS || down) return;
  lastHere = performance.now();
  try {
    const response = await fetch(new URL(HERE_URL, document.baseURI), {
      method: 'POST', mode: 'same-origin', credentials: 'same-origin', cache: 'no-store', redirect: 'manual',
      headers: { 'X-AccessHive': 'here' },
    });
    if (response.type === 'opaqueredirect' || response.status === 401) signedOut();
  } catch { /* the line is down; that is reported elsewhere */ }
}
for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchstart']) {
  document.addEventListener(kind, stillHere, { passive: true, capture: true });
}

// --- Go --------------------------------------------------------------------------------------------------------------

state('online');
hive.connection = () => root.dataset.connection;

await window.Blazor?.start({
  circuit: { reconnectionHandler, configureSignalR },
  // Signing in and out are full page loads: nothing of one person's page is carried into another's.
  ssr: { disableDomPreservation: true },
});
