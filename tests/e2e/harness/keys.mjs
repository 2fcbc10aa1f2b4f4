import { Key } from 'webdriverio';

const NAMED = {
  Ctrl: Key.Ctrl,
  Shift: Key.Shift,
  Alt: Key.Alt,
  Enter: Key.Enter,
  Esc: Key.Escape,
  Tab: Key.Tab,
  Space: ' ',
  Up: Key.ArrowUp,
  Down: Key.ArrowDown,
  Left: Key.ArrowLeft,
  Right: Key.ArrowRight,
  Home: Key.Home,
  End: Key.End,
  PageUp: Key.PageUp,
  PageDown: Key.PageDown,
  Backspace: Key.Backspace,
  Delete: Key.Delete,
};

/** Translates `F2`, `Ctrl+N`, `Ctrl+Shift+K`, `Enter` or `1` into key values of the WebDriver protocol. */
export function chord(text) {
  return text.split('+').map((name) => {
    if (/^F([1-9]|1[0-2])$/.test(name)) return Key[name];
    if (name in NAMED) return NAMED[name];
    if ([...name].length === 1) return name.toLowerCase();
    throw new Error(`no key is called ${name}`);
  });
}
