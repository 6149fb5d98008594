// The theme, before the first paint, and the small things the whole page may ask of the browser.
//
// A classic script on purpose: <script src="js/theme.js"></script> in <head>, before the stylesheet, so that a dark
// page never flashes white. (An inline script would need a hole in script-src 'self'; a module runs too late.)
// It puts data-theme="light|dark" on <html>; every token in app.css, MudBlazor's too, follows that attribute.
(() => {
  if (window.accesshive?.theme) return;

  const key = 'ah.theme';
  const system = window.matchMedia('(prefers-color-scheme: dark)');

  // Storage may be forbidden by policy; the system's choice is then simply kept.
  const stored = () => {
    try { return localStorage.getItem(key); } catch { return null; }
  };
  const get = () => {
    const value = stored();
    return value === 'light' || value === 'dark' ? value : 'system';
  };
  const isDark = () => {
    const value = get();
    return value === 'dark' || (value === 'system' && system.matches);
  };
  const apply = () => {
    const dark = isDark();
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    document.dispatchEvent(new CustomEvent('accesshive:theme', { detail: { dark } }));
  };
  const set = value => {
    try {
      if (value === 'light' || value === 'dark') localStorage.setItem(key, value);
      else localStorage.removeItem(key);
    } catch { /* the choice then lasts as long as the page */ }
    apply();
    return isDark();
  };

  system.addEventListener('change', apply);
  // Another tab chose: this one follows.
  window.addEventListener('storage', event => { if (event.key === key) apply(); });
  apply();

  window.accesshive = Object.assign(window.accesshive ?? {}, {
    theme: { get, set, isDark },
    // The IANA zone the reader lives in, for "04:12:09 your time".
    zone: () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
  });
})();
