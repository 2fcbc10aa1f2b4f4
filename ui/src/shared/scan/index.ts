export { cardForm, cardOf, looksLikePhone } from './card';
export { setText } from './field';
export { type FoundPage, searchAtDesk } from './lookup';
export { ScanProvider, useCloseForScans, useTakeScans } from './ScanProvider';
