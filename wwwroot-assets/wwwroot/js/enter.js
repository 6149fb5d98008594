// The way of a secret into the vault: from a password field straight to the server, round the circuit. Nothing of it
// goes through .NET's event arguments, a component's field or SignalR's buffers, and nothing of it is in the markup.
//
// The body is one line of JSON that says what it is about, a line feed, and then the secret as UTF-8. Bytes and not a
// JSON string, because the server can wipe bytes.
//
// Inside the element given to attach(): one input or textarea[data-enter-secret] – the latter keeps line breaks –, and any of
//   input[type=file][data-enter-file]  its file is sent instead, byte by byte, and its name with it; nothing of it is shown
//   button[data-enter="toggle"]    shows and hides what is typed
//   button[data-enter="generate"]  puts a strong random password in, and shows it
//   button[data-enter="copy"]      copies it, so that it can be entered at the client's site too

const LIMIT_MS = 20_000;
const LENGTH = 24;
const MOST_BYTES = 8192;
const SETS = ['abcdefghijkmnopqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '!#%+-=?@_'];
const WORDS = {
  'enter.unreachable': 'AccessHive can\'t be reached, so nothing was saved. What you typed is still here: try again in a moment.',
  'enter.slow': 'The server did not answer in time. Look whether the secret was saved before you try again.',
  'enter.signed-out': 'You are signed out, so nothing was saved. Sign in again in another tab, then try once more.',
  'enter.file-too-large': 'This file is larger than 8 KB, so it is hardly a key file. Nothing was saved.',
  'enter.refused': 'The server did not take it. Nothing was saved.',
};

const refused = (code, said) => ({ ok: false, id: null, code, detail: said?.detail ?? WORDS[code] ?? WORDS['enter.refused'] });

// Without a bias: a value from the rest that doesn't fill another round is thrown away.
function below(limit) {
  const most = 2 ** 32 - (2 ** 32 % limit);
  const value = new Uint32Array(1);
  do crypto.getRandomValues(value); while (value[0] >= most);
  return value[0] % limit;
}

/** 24 characters out of 66 that are told apart in every font, at least one of each kind. About 145 bits. */
export function password() {
  const all = SETS.join('');
  for (;;) {
    const made = Array.from({ length: LENGTH }, () => all[below(all.length)]).join('');
    if (SETS.every(set => [...made].some(character => set.includes(character)))) return made;
  }
}

class Field {
  #root;
  #file = null;
  #gone = new AbortController();

  constructor(root) {
    this.#root = root;
    const heard = { signal: this.#gone.signal };
    root.addEventListener('change', event => { if (event.target.matches?.('[data-enter-file]')) this.#take(event.target); }, heard);
    root.addEventListener('input', event => { if (event.target === this.#input) this.#drop(); }, heard);
    root.addEventListener('click', event => this.#press(event.target.closest?.('[data-enter]')?.dataset.enter), heard);
    window.addEventListener('pagehide', () => this.clear(), heard);
  }

  // Asked for each time: the page may have put a field of several lines in the place of one of one line.
  get #input() { return this.#root.querySelector('[data-enter-secret]'); }

  get #isHidden() {
    const input = this.#input;
    return input instanceof HTMLTextAreaElement ? input.hasAttribute('data-enter-hidden') : input.type === 'password';
  }

  #take(picker) {
    this.#file = picker.files?.[0] ?? null;
    picker.value = '';
    if (!this.#file) return;
    this.#input.value = '';
    this.#say(`${this.#file.name}, ${this.#file.size} bytes`);
  }

  #drop() {
    if (!this.#file) return;
    this.#file = null;
    this.#say('');
  }

  #press(what) {
    if (what === 'toggle') this.#show(this.#isHidden);
    if (what === 'generate') {
      this.#drop();
      this.#input.value = password();
      this.#show(true);
      this.#say('A new password is in the field.');
    }
    if (what === 'copy' && this.#input.value) {
      navigator.clipboard.writeText(this.#input.value).then(
        () => this.#say('Copied.'),
        () => this.#say('The browser didn\'t allow copying: show the secret and select it instead.'));
    }
  }

  #show(shown) {
    const input = this.#input;
    if (!input) return;
    if (input instanceof HTMLTextAreaElement) input.toggleAttribute('data-enter-hidden', !shown);
    else input.type = shown ? 'text' : 'password';
    const button = this.#root.querySelector('[data-enter="toggle"]');
    if (button) button.textContent = shown ? 'Hide' : 'Show';
  }

  #say(words) {
    const status = this.#root.querySelector('[data-enter-status]');
    if (status) status.textContent = words;
  }

  clear() {
    this.#file = null;
    if (this.#input) this.#input.value = '';
    this.#show(false);
    this.#say('');
  }

  get isEmpty() { return this.#input.value === ''; }

  focus() {
    this.#input?.focus();
  }

  async send(url, about) {
    const to = new URL(url, document.baseURI);
    if (to.origin !== location.origin) return refused('enter.unreachable');
    if (this.#file && this.#file.size > MOST_BYTES) return refused('enter.file-too-large');
    const text = new TextEncoder();
    const head = text.encode(`${JSON.stringify(this.#file ? { ...about, file: this.#file.name } : about)}\n`);
    const secret = this.#file ? new Uint8Array(await this.#file.arrayBuffer()) : text.encode(this.#input.value);
    const body = new Uint8Array(head.length + secret.length);
    body.set(head);
    body.set(secret, head.length);
    secret.fill(0);
    const late = AbortSignal.timeout(LIMIT_MS);
    try {
      const response = await fetch(to, {
        method: 'POST',
        mode: 'same-origin',
        credentials: 'same-origin',
        cache: 'no-store',
        redirect: 'manual',
        referrerPolicy: 'no-referrer',
        headers: { 'Content-Type': 'application/octet-stream', 'Accept': 'application/json', 'X-AccessHive': 'vault' },
        body,
        signal: late,
      });
      if (response.type === 'opaqueredirect' || response.status === 401) return refused('enter.signed-out');
      const said = await response.json().catch(() => null);
      if (response.status !== 200) return refused(said?.code ?? `http.${response.status}`, said);
      this.clear();
      return { ok: true, id: said?.id ?? null, code: null, detail: null };
    } catch {
      return refused(late.aborted ? 'enter.slow' : 'enter.unreachable');
    } finally {
      body.fill(0);
    }
  }

  detach() {
    this.#gone.abort();
    this.clear();
  }
}

/** Looks after the field inside the element. */
export const attach = element => new Field(element);

/** Sends what is typed. Answers { ok, id, code, detail }; the field is empty after a success, and kept after a refusal. */
export const send = (field, url, about) => field.send(url, about);

/** Whether nothing is typed. */
export const isEmpty = field => field.isEmpty;

/** Puts the cursor into it. */
export const focus = field => field.focus();

/** Empties it and stops listening. */
export const detach = field => field.detach();
