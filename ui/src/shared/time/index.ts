export * from './calendar';
export * from './format';
export { timePhrases } from './phrases';
export { useNow } from './useNow';
