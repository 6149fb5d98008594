// Countdowns: the page ticks by itself.
//
// Why: a clock that ticks on the server costs a render batch per second and circuit; one that ticks here costs nothing.
// The server hands over a remaining duration, anchored to its own clock, and again whenever something changes; this
// module only shows it. It decides nothing: every gate asks the server's clock again.
//   · one timer for all countdowns of the page, on the second, none while the tab is hidden
//   · all of them are read off the same tick, so the pill and the ring never disagree
//   · after sleep the larger of the two clocks' distances counts (performance.now() may have stood still), and .NET is
//     asked once for its own figure (dotNetRef.OnReturn)
//   · quiet for screen readers: role="timer" with a label in minutes; spoken at the warnings and at the end
//
// Markup: any element; inside it, all optional:
//   [data-clock]  the text mm:ss, h:mm:ss, from two days on "3 d 4 h"         svg .ah-ring-arc  its stroke follows --ah-left (1 → 0)
// Classes set on the element: is-soon (≤ first warning), is-last (≤ second warning), is-over.

const WORDS = {
  days: '{0} days left',
  hours: '{0} hours left',
  minutes: '{0} minutes left',
  minute: 'One minute left',
  seconds: 'Less than a minute left',
  over: 'Time is up',
};
const WARN_MS = [300_000, 60_000];
const ASLEEP_MS = 2_000;

const running = new Set();
let timer = 0;
let lastTick = null;

const here = () => ({ steady: performance.now(), wall: Date.now() });
// The larger distance: a suspended laptop stops one clock, never both.
const since = moment => Math.max(0, performance.now() - moment.steady, Date.now() - moment.wall);

function format(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = value => String(value).padStart(2, '0');
  const h = Math.floor(seconds / 3600);
  const m = Math.floor((seconds % 3600) / 60);
  const s = seconds % 60;
  // Who has days doesn't count seconds.
  if (h >= 48) return `${Math.floor(h / 24)} d ${h % 24} h`;
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

class Countdown {
  #element; #clock; #net; #words; #label; #warn; #speak; #total;
  #from; #ms; #said; #minute = -1; #over = false; #shown = '';

  constructor(element, options) {
    this.#element = element;
    this.#clock = element.querySelector('[data-clock]');
    this.#net = options.dotNetRef ?? null;
    this.#words = { ...WORDS, ...options.words };
    this.#label = options.label ?? '';
    this.#warn = [...(options.warnAtMs ?? WARN_MS)].sort((a, b) => b - a);
    this.#speak = options.speak !== false;
    this.#total = options.totalMs ?? options.remainingMs;
    if (!element.hasAttribute('role')) element.setAttribute('role', 'timer');
    this.set(options.remainingMs, options.totalMs);
  }

  get element() { return this.#element; }
  get left() { return Math.max(0, this.#ms - since(this.#from)); }
  get nextMark() {
    const left = this.left;
    return Math.min(left, ...this.#warn.filter(at => at < left).map(at => left - at));
  }
  get over() { return this.#over; }

  set(remainingMs, totalMs) {
    this.#ms = Math.max(0, Number(remainingMs) || 0);
    this.#from = here();
    if (Number.isFinite(totalMs) && totalMs > 0) this.#total = totalMs;
    // What is already behind us is not a warning any more; it is only shown. One that comes up again may speak again.
    this.#said = new Set(this.#warn.filter(at => this.#ms <= at));
    this.#minute = -1;
    this.#over = false;
    this.show(false);
  }

  show(aloud = true) {
    const left = this.left;
    const text = format(left);
    if (text !== this.#shown) {
      this.#shown = text;
      if (this.#clock) this.#clock.textContent = text;
    }
    const part = this.#total > 0 ? Math.min(1, left / this.#total) : 0;
    this.#element.style.setProperty('--ah-left', part.toFixed(5));

    const classes = this.#element.classList;
    classes.toggle('is-soon', left > 0 && left <= (this.#warn[0] ?? 0));
    classes.toggle('is-last', left > 0 && left <= (this.#warn[1] ?? 0));
    classes.toggle('is-over', left <= 0);

    const minute = Math.ceil(left / 60_000);
    if (minute !== this.#minute || left <= 0) {
      this.#minute = minute;
      this.#element.setAttribute('aria-label', [this.#label, this.#inWords(left)].filter(Boolean).join(': '));
    }

    if (aloud) {
      for (const at of this.#warn) {
        if (left > 0 && left <= at && !this.#said.has(at)) {
          this.#said.add(at);
          if (this.#speak) say([this.#label, this.#inWords(left)].filter(Boolean).join(': '), at <= 60_000);
        }
      }
    }
    if (left <= 0 && !this.#over) {
      this.#over = true;
      if (aloud && this.#speak) say([this.#label, this.#words.over].filter(Boolean).join(': '), true);
      if (aloud) this.#call('OnOver');
    }
  }

  #inWords(ms) {
    if (ms <= 0) return this.#words.over;
    const minutes = Math.ceil(ms / 60_000);
    if (minutes >= 48 * 60) return this.#words.days.replace('{0}', String(Math.floor(minutes / 1440)));
    if (minutes > 120) return this.#words.hours.replace('{0}', String(Math.floor(minutes / 60)));
    if (minutes > 1) return this.#words.minutes.replace('{0}', String(minutes));
    return ms > 55_000 ? this.#words.minute : this.#words.seconds;
  }

  // The page was away: the server's figure again, if .NET gave us somebody to ask.
  async ask() {
    const ms = await this.#call('OnReturn');
    if (typeof ms === 'number' && Number.isFinite(ms) && running.has(this)) { this.set(ms); schedule(); }
  }

  async #call(method) {
    if (!this.#net) return null;
    // A component that does not care has no such method; the clock does not need an answer.
    try { return await this.#net.invokeMethodAsync(method); } catch { return null; }
  }
}

// One quiet place for all of them; the same words twice within a few seconds (pill and ring) are said once.
const spoken = new Map();
function say(text, urgent) {
  const now = performance.now();
  if (spoken.has(text) && now - spoken.get(text) < 5_000) return;
  spoken.clear();
  spoken.set(text, now);
  const id = urgent ? 'ah-speaker-urgent' : 'ah-speaker';
  let region = document.getElementById(id);
  if (!region) {
    region = document.createElement('div');
    region.id = id;
    region.className = 'ah-sr';
    region.setAttribute('aria-live', urgent ? 'assertive' : 'polite');
    document.body.append(region);
    // A region that is born with its text is not read.
    setTimeout(() => { region.textContent = text; }, 100);
    return;
  }
  region.textContent = text;
}

function schedule() {
  clearTimeout(timer);
  timer = 0;
  if (running.size === 0 || document.visibilityState === 'hidden') return;
  let next = 1000 - (Date.now() % 1000);
  let anybody = false;
  for (const one of running) {
    if (one.over) continue;
    anybody = true;
    // The warnings and the end are not rounded to the second.
    next = Math.min(next, Math.max(1, one.nextMark));
  }
  if (anybody) timer = setTimeout(tick, next);
}

function tick() {
  const slept = lastTick !== null && document.visibilityState === 'visible' && timer !== 0 && since(lastTick) > ASLEEP_MS + 1000;
  lastTick = here();
  for (const one of running) {
    if (one.element.isConnected) one.show();
    else running.delete(one);
  }
  if (slept) askAll();
  schedule();
}

function askAll() {
  for (const one of running) one.ask();
}

/** Starts one. options: { remainingMs, totalMs, warnAtMs, label, words, speak, dotNetRef }. */
export function start(element, options) {
  for (const one of running) if (one.element === element) running.delete(one);
  const one = new Countdown(element, options ?? {});
  running.add(one);
  lastTick = here();
  schedule();
  return one;
}

/** The server's figure again, counted from now; totalMs only when it changed. */
export function anchor(handle, remainingMs, totalMs) {
  handle.set(remainingMs, totalMs);
  lastTick = here();
  schedule();
}

/** Forgets it; the element keeps what it last showed. */
export function stop(handle) {
  running.delete(handle);
  schedule();
}

let hiddenSince = null;
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') {
    hiddenSince = here();
    schedule();
    return;
  }
  const away = hiddenSince === null ? 0 : since(hiddenSince);
  hiddenSince = null;
  tick();
  if (away > ASLEEP_MS) askAll();
});
document.addEventListener('accesshive:online', askAll);
window.addEventListener('pageshow', event => { if (event.persisted) { tick(); askAll(); } });
