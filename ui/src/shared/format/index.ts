export * from './number';
export * from './phone';
