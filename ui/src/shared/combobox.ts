import { type MouseEvent, useId } from 'react';

interface Pointed {
  onClick: () => void;
  onMouseMove?: () => void;
}

/**
 * The attributes of a combobox of so many options, for its field, its list and the option at a place. The field keeps the
 * focus and has the keys; it names the option that Enter takes.
 */
export function useCombobox(label: string, options: number, active: number) {
  const id = useId();
  const idOf = (position: number) => `${id}-${position}`;
  const isOpen = options > 0;
  return {
    field: {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': isOpen,
      'aria-controls': isOpen ? id : undefined,
      'aria-activedescendant': isOpen ? idOf(active) : undefined,
    },
    list: { id, role: 'listbox', 'aria-label': label },
    option: (position: number, pointed: Pointed) => ({
      id: idOf(position),
      role: 'option',
      'aria-selected': position === active,
      onMouseDown: (event: MouseEvent) => event.preventDefault(),
      ...pointed,
    }),
  } as const;
}
