// The contract, generated from the Rust types.
export type { Calls } from './bindings/calls';
export type * from './bindings/contract';
