export * from './number';
export * from './phone';
export * from './time';
