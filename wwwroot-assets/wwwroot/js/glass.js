// The glass: the only place in the browser where a secret ever is.
//
// Why: a secret that is rendered the normal way stays on the screen when the server dies. So the bytes go round the
// render tree – one POST, into one text node of a closed shadow root – and the browser owns the wipe. The glass is
// emptied by whichever comes first:
//   · showMs (30 s) is over                         'timer'
//   · the session's own deadline                    'expired'   a remaining duration, never a clock time
//   · a one-time code is no longer valid            'stale'     likewise
//   · the circuit is gone, the network is gone      'offline'   (boot.js, window offline, a pulse without an answer)
//   · the tab is hidden for more than a minute      'away'
//   · the page is left, frozen or put to sleep      'left' / 'frozen'
//   · the element leaves the document               'removed'
//   · the person hides it                           'user'
//   · the server says so                            wipe / wipeSession / wipeAll with the server's own reason
// Sleep: performance.now() may stand still while a laptop sleeps, and Date.now() may be set back. A deadline counts as
// passed when EITHER clock says so: it can only ever be early.
//
// Promises (security.md 5, 6, 11): nothing of a secret in an attribute, in outerHTML, in storage, in the console, in an
// exception, or in what .NET is told. The bytes are zeroed once decoded; the string lives in the text node only.

const SHOW_MS = 30_000;
const AWAY_MS = 60_000;
const FETCH_MS = 15_000;
const WATCH_MS = 250;
const PULSE_EVERY_MS = 1_000;
const PULSE_PATIENCE_MS = 2_500;

// What the glass itself says; it has to, because offline nobody else can. Overridden one by one by options.words.
const WORDS = {
  timer: 'Hidden again.',
  user: 'Hidden again.',
  expired: 'Hidden: the time is up.',
  stale: 'Hidden: this code is no longer valid. Ask for the next one.',
  valid: 'Valid for {0} more seconds.',
  downloaded: 'Downloaded. Delete the file when you are done.',
  offline: 'Hidden for safety: the connection was lost.',
  away: 'Hidden for safety: this tab was in the background.',
  frozen: 'Hidden for safety: the device was asleep.',
  left: 'Hidden again.',
  ended: 'Hidden: the session has ended.',
  revoked: 'Hidden: the session was revoked.',
  copied: 'Copied. It stays on the clipboard until something else is copied.',
  fetching: 'Opening …',
  shown: 'Shown for {0} seconds.',
  label: 'Secret',
  over: 'The time of this session is up.',
  unreachable: 'The server could not be reached. Nothing was shown.',
  signedOut: 'You are signed out. Sign in again to go on.',
  slow: 'The server did not answer in time. Nothing was shown.',
  malformed: 'This is not text, so it cannot be shown here.',
  clipboard: 'This browser does not allow copying here. Reveal the secret and select it instead.',
  refused: 'The server refused.',
};

const STYLE = `
  :host { display: block; }
  .open { display: none; }
  :host([data-glass="shown"]) .open { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 12px; align-items: start; }
  :host([data-glass="shown"]) slot { display: none; }
  .text {
    font: 500 1rem/1.5 var(--ah-mono, ui-monospace, monospace);
    font-feature-settings: "zero" 1, "calt" 0, "liga" 0;
    font-variant-numeric: slashed-zero tabular-nums;
    font-variant-ligatures: none;
    color: var(--ah-ink, CanvasText); letter-spacing: normal;
    white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4;
    max-height: 16rem; overflow: auto;
    user-select: all; -webkit-user-select: all;
    border-radius: 4px; outline: none;
  }
  .text:focus-visible { outline: 2px solid var(--ah-focus, Highlight); outline-offset: 2px; }
  .ring { display: flex; }
  svg { display: block; width: 24px; height: 24px; transform: rotate(-90deg); flex: none; }
  circle { fill: none; stroke-width: 3; }
  .track { stroke: var(--ah-line, GrayText); }
  .arc { stroke: var(--ah-glass-ring, var(--ah-accent, Highlight)); stroke-dasharray: 100; stroke-linecap: round;
         animation: drain var(--show) linear forwards; }
  @keyframes drain { to { stroke-dashoffset: 100; } }
  @media (prefers-reduced-motion: reduce) { .arc { animation-timing-function: steps(15); } }
  .note { font: 400 .8125rem/1.4 var(--ah-font, system-ui, sans-serif); color: var(--ah-ink-2, GrayText); letter-spacing: normal; margin-top: 8px; }
  .note:empty { display: none; }
  .said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @media print { .open { display: none !important; } }
`;

const glasses = new Set();
const roots = new WeakMap();
let sheet;
let online = true;
let hiddenSince = null;
let awayTimer = 0;
let watchTimer = 0;

// Both clocks at once; a moment later than either is later.
const here = () => ({ steady: performance.now(), wall: Date.now() });
const after = (from, ms) => ({ steady: from.steady + ms, wall: from.wall + ms });
const passed = moment => performance.now() >= moment.steady || Date.now() >= moment.wall;
const earlier = (a, b) => (!b || a.steady <= b.steady ? a : b);
const leftOf = moment => Math.max(0, Math.min(moment.steady - performance.now(), moment.wall - Date.now()));

class Refused extends Error {
  constructor(code, message) { super(message); this.code = code; }
}

class Glass {
  #host; #net; #words; #pulse; #awayMs;
  #slotText; #open; #box; #arcHome; #note; #said;
  #turn = 0; #abort = null; #timer = 0;
  #deadline = null; #hideAt = null; #until = null; #untilReason = 'timer';
  #stale = null; #remark = '';
  #pulseAskedAt = -Infinity; #pulseOpen = null;
  #unsaid = null;

  constructor(host, net, options) {
    this.#host = host;
    this.#net = net;
    this.sessionId = options.sessionId ?? null;
    this.#words = { ...WORDS, ...options.words };
    this.#pulse = options.pulse === true;
    this.#awayMs = options.awayMs ?? AWAY_MS;
    this.#build(options.label);
    this.#state('empty');
  }

  get host() { return this.#host; }
  get shown() { return this.#until !== null; }
  get busy() { return this.#abort !== null; }
  get awayMs() { return this.#awayMs; }

  #build(label) {
    // A closed root can be attached once in an element's life; a component that comes back finds it again here.
    let root = roots.get(this.#host);
    if (!root) {
      root = this.#host.attachShadow({ mode: 'closed' });
      roots.set(this.#host, root);
      sheet ??= (() => { const s = new CSSStyleSheet(); s.replaceSync(STYLE); return s; })();
      root.adoptedStyleSheets = [sheet];
    }
    const make = (tag, name, parent) => {
      const element = document.createElement(tag);
      element.className = name;
      parent.append(element);
      return element;
    };
    root.replaceChildren();
    root.append(document.createElement('slot'));
    this.#open = make('div', 'open', root);
    this.#box = make('div', 'text', this.#open);
    this.#box.tabIndex = 0;
    this.#box.spellcheck = false;
    // Translators and writing aids send what they see to somebody else.
    this.#box.translate = false;
    this.#box.setAttribute('role', 'group');
    this.#box.setAttribute('aria-label', label ?? this.#words.label);
    this.#box.dir = 'ltr';
    this.#slotText = document.createTextNode('');
    this.#box.append(this.#slotText);
    this.#arcHome = make('div', 'ring', this.#open);
    this.#note = make('div', 'note', root);
    this.#note.setAttribute('aria-hidden', 'true');
    this.#said = make('div', 'said', root);
    this.#said.setAttribute('role', 'status');
  }

  #ring(ms) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    for (const name of ['track', 'arc']) {
      const circle = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
      circle.setAttribute('class', name);
      circle.setAttribute('cx', '12'); circle.setAttribute('cy', '12'); circle.setAttribute('r', '9');
      circle.setAttribute('pathLength', '100');
      svg.append(circle);
    }
    svg.style.setProperty('--show', `${Math.max(1, Math.round(ms))}ms`);
    this.#arcHome.replaceChildren(svg);
  }

  #state(value) { this.#host.dataset.glass = value; }

  #say(text, aloud = text) {
    this.#note.textContent = text;
    this.#said.textContent = aloud;
  }

  // Offline nobody hears it: the last word is kept and said when the circuit is back, so that .NET and the page agree.
  #tell(method, ...args) {
    if (!this.#net) return;
    if (!online) { if (method === 'OnHidden') this.#unsaid = [method, ...args]; return; }
    call(this.#net, method, ...args).catch(() => { /* the circuit may go at any moment */ });
  }

  backOnline() {
    const unsaid = this.#unsaid;
    this.#unsaid = null;
    if (unsaid) this.#tell(...unsaid);
  }

  anchor(remainingMs) {
    this.#setDeadline(here(), remainingMs);
    if (this.#deadline && passed(this.#deadline)) this.wipe('expired');
    else if (this.shown) this.#arm();
  }

  #setDeadline(from, remainingMs) {
    this.#deadline = Number.isFinite(remainingMs) ? after(from, Math.max(0, remainingMs)) : null;
  }

  async reveal(request) {
    return this.#once('show', request, (bytes, showMs) => {
      // fatal: a key file in another encoding must not be shown wrong and then typed wrong.
      let text;
      try { text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes); }
      catch { throw new Refused('glass.malformed', this.#words.malformed); }
      finally { bytes.fill(0); }
      this.#slotText.data = text;
      text = null;
      const from = here();
      this.#hideAt = after(from, showMs);
      this.#arm();
      const ms = leftOf(this.#until);
      this.#ring(ms);
      this.#state('shown');
      this.#say(this.#remark, `${this.#remark} ${this.#words.shown.replace('{0}', String(Math.ceil(ms / 1000)))}`.trim());
      this.#count();
      watch();
      return 'shown';
    });
  }

  async copy(request) {
    // Asked before the fetch: a reveal is an entry in the trail and must not be spent on a browser that cannot copy.
    if (!(await mayCopy())) {
      this.#refuse(new Refused('glass.clipboard', this.#words.clipboard));
      return 'refused';
    }
    return this.#once('copy', request, async bytes => {
      try {
        await navigator.clipboard.writeText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
      } catch (error) {
        throw error instanceof TypeError
          ? new Refused('glass.malformed', this.#words.malformed)
          : new Refused('glass.clipboard', this.#words.clipboard);
      } finally {
        bytes.fill(0);
      }
      this.#state('empty');
      this.#say([this.#stale ? '' : this.#words.copied, this.#stale ? `${this.#words.copied.split('.')[0]}. ${this.#validity()}` : '', this.#remark].join(' ').trim());
      return 'copied';
    });
  }

  // The file is made here, of the bytes as they came: no address anywhere has a secret behind it. A blob's own address
  // lives in this page only, and is taken back at once.
  async download(request) {
    return this.#once('download', request, bytes => {
      const blob = new Blob([bytes], { type: 'application/octet-stream' });
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = fileName(request?.name, bytes);
      bytes.fill(0);
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 0);
      this.#state('empty');
      this.#say(this.#words.downloaded);
      return 'downloaded';
    });
  }

  #validity() { return this.#words.valid.replace('{0}', String(Math.ceil(leftOf(this.#stale) / 1000))); }

  // To be seen and not to be heard: a screen reader has heard for how long it is shown.
  #count() {
    if (this.shown && this.#stale) this.#note.textContent = this.#validity();
  }

  // One fetch at a time; whatever happens to the glass meanwhile (a wipe, another click) makes its answer worthless.
  async #once(purpose, request, use) {
    this.wipe('user');
    const turn = ++this.#turn;
    const abort = this.#abort = new AbortController();
    const late = setTimeout(() => abort.abort('slow'), FETCH_MS);
    const askedAt = here();
    this.#stale = null;
    this.#remark = '';
    this.#setDeadline(askedAt, request?.remainingMs);
    this.#state('fetching');
    this.#say('', this.#words.fetching);
    try {
      if (!online) throw new Refused('glass.offline', this.#words.unreachable);
      if (this.#deadline && passed(this.#deadline)) throw new Refused('glass.over', this.#words.over);
      const bytes = await this.#ask(purpose, request, abort.signal, askedAt);
      if (turn !== this.#turn || !this.#host.isConnected || (this.#deadline && passed(this.#deadline))) {
        bytes.fill(0);
        if (turn !== this.#turn) return 'wiped';
        throw new Refused('glass.over', this.#words.over);
      }
      const kind = await use(bytes, request?.showMs ?? SHOW_MS);
      if (turn === this.#turn) this.#abort = null;
      this.#tell('OnShown', kind);
      return kind;
    } catch (error) {
      if (turn !== this.#turn) return 'wiped';
      this.#abort = null;
      this.#refuse(error instanceof Refused ? error
        : abort.signal.aborted ? new Refused('glass.slow', this.#words.slow)
        : new Refused('glass.unreachable', this.#words.unreachable));
      return 'refused';
    } finally {
      clearTimeout(late);
    }
  }

  async #ask(purpose, request, signal, askedAt) {
    const url = new URL(request?.url ?? '/reveal', document.baseURI);
    if (url.origin !== location.origin) throw new Refused('glass.unreachable', this.#words.unreachable);
    const response = await fetch(url, {
      method: 'POST',
      mode: 'same-origin',
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'manual',
      referrerPolicy: 'no-referrer',
      headers: {
        'Content-Type': 'application/json',
        'Accept': 'application/octet-stream, application/json',
        'X-AccessHive': 'glass',
        'X-AccessHive-Purpose': purpose,
      },
      body: JSON.stringify(request?.body ?? {}),
      signal,
    });
    if (response.type === 'opaqueredirect') throw new Refused('glass.signed-out', this.#words.signedOut);
    if (response.status !== 200) {
      const said = await response.json().catch(() => null);
      throw new Refused(said?.code ?? `http.${response.status}`, said?.detail ?? said?.title ?? this.#words.refused);
    }
    // The server's own figure, when it gives one, counted from before we asked: early by the way there, never late.
    const header = response.headers.get('X-AccessHive-Remaining-Ms');
    if (header !== null && header !== '' && Number.isFinite(Number(header))) {
      const own = after(askedAt, Math.max(0, Number(header)));
      this.#deadline = earlier(own, this.#deadline);
    }
    const valid = Number(response.headers.get('X-AccessHive-Valid-Ms') ?? NaN);
    this.#stale = Number.isFinite(valid) ? after(askedAt, Math.max(0, valid)) : null;
    this.#remark = response.headers.get('X-AccessHive-Note') ?? '';
    return new Uint8Array(await response.arrayBuffer());
  }

  #refuse(refusal) {
    this.#state('refused');
    this.#say('', '');
    this.#tell('OnRefused', refusal.code, refusal.message);
  }

  // The exact moment; the watch beside it heals sleep and throttled timers.
  #arm() {
    clearTimeout(this.#timer);
    // Each time from both ends: a checkout that is extended moves its deadline away while something is shown.
    const over = this.#deadline !== null && earlier(this.#deadline, this.#hideAt) === this.#deadline;
    this.#until = over ? this.#deadline : this.#hideAt;
    this.#untilReason = over ? 'expired' : 'timer';
    if (this.#stale && earlier(this.#stale, this.#until) === this.#stale) {
      this.#until = this.#stale;
      this.#untilReason = 'stale';
    }
    this.#timer = setTimeout(() => this.check(), leftOf(this.#until));
  }

  // Called by the exact timer, the watch and every return of the page. True while something is still on the glass.
  check() {
    if (!this.#host.isConnected && (this.shown || this.busy)) { this.wipe('removed'); return false; }
    if (this.busy && this.#deadline && passed(this.#deadline)) { this.wipe('expired'); return false; }
    if (!this.shown) return this.busy;
    if (passed(this.#until)) { this.wipe(this.#untilReason); return false; }
    if (leftOf(this.#until) > 0) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.check(), leftOf(this.#until));
    }
    this.#count();
    if (this.#pulse) this.#beat();
    return this.shown;
  }

  // A half-open connection closes no socket. While something is on the glass, and only then, .NET is asked once a
  // second whether it is still there; silence empties the glass, and so does the answer "no".
  #beat() {
    const now = performance.now();
    if (this.#pulseOpen !== null) {
      if (now - this.#pulseAskedAt > PULSE_PATIENCE_MS) this.wipe('offline');
      return;
    }
    if (now - this.#pulseAskedAt < PULSE_EVERY_MS || !this.#net || !online) return;
    const turn = this.#turn;
    this.#pulseAskedAt = now;
    const pulse = this.#pulseOpen = call(this.#net, 'OnPulse').then(
      alive => { if (this.#pulseOpen === pulse) this.#pulseOpen = null; if (alive === false && turn === this.#turn) this.wipe('ended'); },
      () => { if (this.#pulseOpen === pulse) this.#pulseOpen = null; if (turn === this.#turn) this.wipe('offline'); });
  }

  #cancel() {
    this.#turn++;
    this.#abort?.abort('wiped');
    this.#abort = null;
  }

  #empty() {
    clearTimeout(this.#timer);
    this.#slotText.data = '';
    // A new node: an engine may keep the old one's text for undo or selection.
    const fresh = document.createTextNode('');
    this.#box.replaceChildren(fresh);
    this.#slotText = fresh;
    this.#arcHome.replaceChildren();
    this.#until = null;
    this.#pulseOpen = null;
    this.#pulseAskedAt = -Infinity;
    this.#state('empty');
  }

  wipe(reason, silent = false) {
    const had = this.shown || this.busy;
    this.#cancel();
    this.#empty();
    if (!had) return false;
    this.#say(this.#words[reason] ?? this.#words.user);
    if (!silent) this.#tell('OnHidden', reason);
    return true;
  }

  leave() {
    this.#net = null;
    this.wipe('removed', true);
    this.#say('', '');
  }
}

// async, so that a call that throws at once (a disposed circuit) cannot stop a wipe half way.
async function call(net, method, ...args) {
  return net.invokeMethodAsync(method, ...args);
}

// What a key file begins with says what it is; its label says whose.
function fileName(label, bytes) {
  const begins = String.fromCharCode(...bytes.slice(0, 64)).trimStart();
  const kind = begins.startsWith('{') ? 'json' : begins.startsWith('-----BEGIN') ? 'pem' : 'key';
  return `${(label ?? 'key').replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^-+|-+$/g, '') || 'key'}.${kind}`;
}

async function mayCopy() {
  if (!window.isSecureContext || !navigator.clipboard?.writeText) return false;
  try {
    return (await navigator.permissions.query({ name: 'clipboard-write' })).state !== 'denied';
  } catch {
    // Firefox and Safari do not know this permission and decide when it is written.
    return true;
  }
}

function watch() {
  if (watchTimer) return;
  watchTimer = setInterval(() => {
    let open = false;
    for (const glass of glasses) open = glass.check() || open;
    if (!open) { clearInterval(watchTimer); watchTimer = 0; }
  }, WATCH_MS);
}

function checkAll() {
  for (const glass of glasses) glass.check();
}

// --- What .NET calls -------------------------------------------------------------------------------------------------

/** Makes an element a glass. options: { sessionId, label, words, pulse, awayMs }. */
export function attach(element, dotNetRef, options) {
  for (const old of glasses) {
    if (old.host === element || !old.host.isConnected) { old.leave(); glasses.delete(old); }
  }
  const glass = new Glass(element, dotNetRef ?? null, options ?? {});
  glasses.add(glass);
  return glass;
}

/** Fetches and shows. request: { url, body, remainingMs, showMs }. Resolves to 'shown' | 'refused' | 'wiped'. */
export const reveal = (handle, request) => handle.reveal(request);

/** Fetches and writes to the clipboard, without showing. Resolves to 'copied' | 'refused' | 'wiped'. */
export const copy = (handle, request) => handle.copy(request);

/** Fetches and saves as a file, without showing. Resolves to 'downloaded' | 'refused' | 'wiped'. */
export const download = (handle, request) => handle.download(request);

/** The person hides it. */
export const hide = handle => { handle.wipe('user'); };

/** The server's clock again: counted from now. */
export const anchor = (handle, remainingMs) => { handle.anchor(remainingMs); };

/** Empties one glass. */
export const wipe = (handle, reason) => { handle.wipe(reason ?? 'ended'); };

/** Empties every glass of one session in this page. */
export function wipeSession(sessionId, reason) {
  const id = String(sessionId);
  for (const glass of glasses) if (glass.sessionId !== null && String(glass.sessionId) === id) glass.wipe(reason ?? 'ended');
}

/** Empties every glass in this page. */
export function wipeAll(reason) {
  for (const glass of glasses) glass.wipe(reason ?? 'ended');
}

/** Empties it and forgets it; call it when the component is disposed. */
export function detach(handle) {
  handle.leave();
  glasses.delete(handle);
}

// --- What the browser tells us ---------------------------------------------------------------------------------------

function lost() {
  // First the flag: what the wipe has to say is kept until somebody can hear it.
  online = false;
  wipeAll('offline');
}

function back() {
  if (online) return;
  online = true;
  for (const glass of glasses) glass.backOnline();
}

// boot.js: the circuit's socket closed, for whatever reason (also after a fault, where Blazor reports no loss).
document.addEventListener('accesshive:offline', lost);
document.addEventListener('accesshive:closed', lost);
document.addEventListener('accesshive:online', back);
window.addEventListener('offline', () => wipeAll('offline'));

// Should somebody bring back Blazor's own dialog, its event (it does not bubble) is heard on the way down.
document.addEventListener('components-reconnect-state-changed', event => {
  if (event.detail?.state === 'hide') back(); else lost();
}, { capture: true });

// Page and tab. 'left' is not told to anybody: the circuit goes with the page.
window.addEventListener('pagehide', () => { for (const glass of glasses) glass.wipe('left', true); });
document.addEventListener('freeze', () => wipeAll('frozen'));
document.addEventListener('resume', checkAll);
window.addEventListener('pageshow', checkAll);
window.addEventListener('focus', checkAll);

function awayTooLong() {
  if (hiddenSince === null) return;
  for (const glass of glasses) if (passed(after(hiddenSince, glass.awayMs))) glass.wipe('away');
  const next = [...glasses].filter(glass => glass.shown || glass.busy).map(glass => leftOf(after(hiddenSince, glass.awayMs)));
  if (next.length > 0) awayTimer = setTimeout(awayTooLong, Math.max(50, Math.min(...next)));
}

document.addEventListener('visibilitychange', () => {
  clearTimeout(awayTimer);
  if (document.visibilityState === 'hidden') {
    hiddenSince ??= here();
    awayTooLong();
  } else {
    awayTooLong();
    clearTimeout(awayTimer);
    hiddenSince = null;
    checkAll();
  }
});
