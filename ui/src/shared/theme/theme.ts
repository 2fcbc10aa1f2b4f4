import {
  Button,
  Checkbox,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Menu,
  Modal,
  NumberInput,
  PasswordInput,
  SegmentedControl,
  Select,
  Skeleton,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core';

/**
 * The accent colour in the ten shades that Mantine requires. Only Mantine's own components use them; ours use tokens.
 */
const accent: MantineColorsTuple = [
  '#ecf0fb',
  '#d5ddf5',
  '#a9b9ea',
  '#7b94de',
  '#5574d2',
  '#3c60cc',
  '#2a52be',
  '#2347a8',
  '#1c3b90',
  '#142d74',
];

const bad: MantineColorsTuple = [
  '#fdecea',
  '#f8d3cf',
  '#efa59e',
  '#e5756b',
  '#d94e42',
  '#c9352a',
  '#b7241a',
  '#a3190f',
  '#86140c',
  '#6a0f09',
];

/** Sizes follow an 8 px grid: controls are 32 px high, 40 px in forms. */
export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--font)',
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 5 },
  colors: { accent, bad },
  defaultRadius: 6,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '15px', xl: '16px' },
  lineHeights: { xs: '16px', sm: '20px', md: '20px', lg: '20px', xl: '22px' },
  headings: { fontFamily: 'var(--font)', fontWeight: '700' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { size: 'sm' } }),
    Modal: Modal.extend({
      defaultProps: {
        radius: 8,
        padding: 24,
        // A dialog that fades away would still count as open, and take the keys of a hurried hand.
        transitionProps: { transition: 'fade', duration: 120, exitDuration: 0 },
        overlayProps: { backgroundOpacity: 0.4, blur: 0 },
        // The page itself never scrolls; a dialog below the lock screen would keep that from scrolling.
        lockScroll: false,
        closeButtonProps: { 'aria-label': 'Esc' },
      },
    }),
    // A `header` would be a second banner beside the top bar.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    // Inside the page's landmark, where a reader looks for what belongs to a screen. Each menu focuses an item or itself,
    // so that it needs no placeholder for the focus, which is no item.
    Menu: Menu.extend({
      defaultProps: { portalProps: { target: 'main' }, withInitialFocusPlaceholder: false },
    }),
    TextInput: TextInput.extend({ defaultProps: { size: 'md' } }),
    NumberInput: NumberInput.extend({ defaultProps: { size: 'md', hideControls: true } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'md' } }),
    Textarea: Textarea.extend({ defaultProps: { size: 'md' } }),
    Select: Select.extend({ defaultProps: { size: 'md' } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'sm' } }),
    SegmentedControl: SegmentedControl.extend({
      defaultProps: { size: 'sm', transitionDuration: 0, withItemsBorders: false },
    }),
    Skeleton: Skeleton.extend({ defaultProps: { radius: 4 } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, transitionProps: { duration: 120 } } }),
  },
});

/** Sets Mantine's CSS variables to the tokens of `tokens.css`. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const both = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text3)',
    '--mantine-color-placeholder': 'var(--text3)',
    '--mantine-color-anchor': 'var(--accent-text)',
    '--mantine-color-error': 'var(--bad-text)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-disabled': 'var(--sunken)',
    '--mantine-color-disabled-color': 'var(--text3)',
    '--mantine-color-disabled-border': 'var(--line)',
    '--mantine-primary-color-filled': 'var(--accent-fill)',
    '--mantine-primary-color-filled-hover': 'var(--accent-fill-hover)',
    '--mantine-color-accent-filled': 'var(--accent-fill)',
    '--mantine-color-accent-filled-hover': 'var(--accent-fill-hover)',
    '--mantine-color-accent-light': 'var(--accent-soft)',
    '--mantine-color-accent-light-color': 'var(--accent-text)',
    '--mantine-color-bad-filled': 'var(--bad-solid)',
  };
  return { variables: {}, light: both, dark: both };
};
