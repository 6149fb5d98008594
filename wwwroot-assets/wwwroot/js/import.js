// The way of a whole sheet to the server: its bytes, by one POST, round the circuit. Nothing of it is read here, shown, or
// told to .NET but the number under which the server keeps it for a while.
//
// Inside the element given to attach(): one input[type=file][data-import-file].

const LIMIT_MS = 60_000;
const MOST_BYTES = 10 * 1024 * 1024;
const WORDS = {
  'import.nothing-chosen': 'Choose a file first.',
  'import-file-too-large': 'This file is larger than 10 MB. Divide it, and import one part after the other.',
  'import.unreachable': 'AccessHive can\'t be reached, or the file can\'t be read any more. Choose it again in a moment.',
  'import.slow': 'The server did not take the file in time. Try again.',
  'import.signed-out': 'You are signed out. Sign in again in another tab, then try once more.',
  'import.refused': 'The server did not take the file.',
};

const refused = (code, said) => ({ ok: false, id: 0, code, detail: said?.detail ?? WORDS[code] ?? WORDS['import.refused'] });

/** Looks after the file field inside the element. */
export const attach = element => ({ field: element.querySelector('[data-import-file]') });

/** Sends the chosen file. Answers { ok, id, code, detail }; the field is empty after a success. */
export async function send(handle, url) {
  const file = handle.field.files?.[0];
  if (!file) return refused('import.nothing-chosen');
  if (file.size > MOST_BYTES) return refused('import-file-too-large');
  const to = new URL(url, document.baseURI);
  if (to.origin !== location.origin) return refused('import.unreachable');
  const late = AbortSignal.timeout(LIMIT_MS);
  try {
    const response = await fetch(to, {
      method: 'POST',
      mode: 'same-origin',
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'manual',
      referrerPolicy: 'no-referrer',
      headers: {
        'Content-Type': 'application/octet-stream',
        'Accept': 'application/json',
        'X-AccessHive': 'import',
        'X-AccessHive-File': encodeURIComponent(file.name),
      },
      body: file,
      signal: late,
    });
    if (response.type === 'opaqueredirect' || response.status === 401) return refused('import.signed-out');
    const said = await response.json().catch(() => null);
    if (response.status !== 200) return refused(said?.code ?? `http.${response.status}`, said);
    handle.field.value = '';
    return { ok: true, id: said.id, code: null, detail: null };
  } catch {
    return refused(late.aborted ? 'import.slow' : 'import.unreachable');
  }
}

/** Forgets the chosen file. */
export const detach = handle => { handle.field.value = ''; };
