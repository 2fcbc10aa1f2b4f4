// The types of the program's calls and events, generated from Rust.
export type { Calls, EventPayloads } from './bindings/calls';
export type * from './bindings/contract';
