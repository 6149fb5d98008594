// Keys for the whole page, without sending every keystroke over the circuit: only the one that was asked for calls .NET.

/** Calls dotNetRef.method on Ctrl+key or ⌘+key. Returns a handle whose stop() ends it. */
export function onCommand(key, dotNetRef, method) {
  const wanted = key.toLowerCase();
  const heard = event => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== wanted) return;
    event.preventDefault();
    if (!event.repeat) dotNetRef.invokeMethodAsync(method).catch(() => { /* offline: the banner says so */ });
  };
  document.addEventListener('keydown', heard);
  return { stop: () => document.removeEventListener('keydown', heard) };
}

/** Opens a <dialog> over the page: focus goes in and stays in, Escape closes it, and the focus goes back where it was. */
export function showDialog(element) { if (!element.open) element.showModal(); }

/** Closes it; the element says so with its close event. */
export function closeDialog(element) { if (element.open) element.close(); }

/** Ends what was started. */
export const stop = handle => { handle.stop(); };
