export type { Backend, Unlisten } from './backend';
export { asAppError } from './backend';
export { BackendProvider, useBackend } from './context';
export type * from './types';
