/** Light, dark, or as the system says. Kept for the next visit where the browser lets a file keep anything. */
import { useEffect, useState } from 'preact/hooks';

const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(kept);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    keep(theme);
  }, [theme]);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length]!;
  return (
    <button type="button" class="theme" onClick={() => setTheme(next)} title={`Colours: ${theme}. Press for ${next}.`}>
      <span aria-hidden="true">{{ system: '◐', light: '○', dark: '●' }[theme]}</span>{' '}
      <span class="aside">colours: </span>
      {theme}
    </button>
  );
}

function kept(): Theme {
  try {
    return themes.find((theme) => theme === localStorage.getItem(KEY)) ?? 'system';
  } catch {
    return 'system';
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A browser may refuse storage to files; the choice then lasts as long as the page.
  }
}

const KEY = 'touchstone-theme';
