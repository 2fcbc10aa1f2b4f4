import { useState } from 'react';

/** A server's settings while they are edited, with a password that replaces the saved one only if it is typed. */
export function useTypedSettings<Settings extends object>(saved: Settings, onEdit: () => void) {
  const [settings, setSettings] = useState(saved);
  const [password, setPassword] = useState('');
  return {
    settings,
    password,
    /** To be spread into the call's input, in which the password is absent unless one was typed. */
    newPassword: password === '' ? {} : { password },
    isChanged: password !== '' || JSON.stringify(settings) !== JSON.stringify(saved),
    edit: (change: Partial<Settings>) => {
      setSettings((now) => ({ ...now, ...change }));
      onEdit();
    },
    editPassword: (text: string) => {
      setPassword(text);
      onEdit();
    },
    /** Resets the form to settings that were just saved. */
    reset: (to: Settings) => {
      setSettings(to);
      setPassword('');
    },
  };
}
