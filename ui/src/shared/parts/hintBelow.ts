/** A value for Mantine's `inputWrapperOrder` that places an input's hint below the input. */
export const HINT_BELOW: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'description',
  'error',
];
