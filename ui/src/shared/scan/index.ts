export { isSameCard } from './card';
export { setText } from './field';
export { type FoundPage, withSimilar } from './lookup';
export { ScanProvider, useCloseForScans, useTakeHolders, useTakeScans } from './ScanProvider';
