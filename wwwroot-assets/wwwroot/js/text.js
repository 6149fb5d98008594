// Text that is not secret: ids, links, a justification that is being typed. Secrets go through glass.js only.
//
// Drafts: what somebody types in an emergency must survive a lost connection, also one after which the circuit is gone
// and the page reloads. It stays in this tab's sessionStorage until it was sent.

/** To the clipboard. False when the browser does not allow it. */
export async function copyText(text) {
  try { await navigator.clipboard.writeText(text); return true; } catch { return false; }
}

/** Focus by element or selector; false when there is nothing to focus. */
export function focus(target, select = false) {
  const element = typeof target === 'string' ? document.querySelector(target) : target;
  if (!element) return false;
  element.focus({ preventScroll: false });
  if (select && typeof element.select === 'function') element.select();
  return document.activeElement === element;
}

/** Into view, without motion where none is wanted. */
export function scrollTo(target) {
  const element = typeof target === 'string' ? document.querySelector(target) : target;
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  element?.scrollIntoView({ block: 'nearest', behavior: calm ? 'auto' : 'smooth' });
}

/** True when the reader is not at the top, so that new rows wait behind "3 new". */
export const scrolled = () => window.scrollY > 80;

const draftKey = key => `ah.draft.${key}`;

/** Keeps what is typed into an input or textarea (or the first one inside the element). Returns what was kept before. */
export function keepDraft(target, key) {
  const element = target?.matches?.('input, textarea') ? target : target?.querySelector?.('textarea, input');
  if (!element) return null;
  element.addEventListener('input', () => {
    try { sessionStorage.setItem(draftKey(key), element.value); } catch { /* full or forbidden: nothing is kept */ }
  });
  return readDraft(key);
}

/** What was kept, or null. */
export function readDraft(key) {
  try { return sessionStorage.getItem(draftKey(key)); } catch { return null; }
}

/** Sent or given up. */
export function dropDraft(key) {
  try { sessionStorage.removeItem(draftKey(key)); } catch { /* nothing was kept */ }
}
