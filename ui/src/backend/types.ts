// The types of the program's calls and events, generated from Rust.
export type { EventPayloads } from './bindings/calls';
export type * from './bindings/contract';
export type { Calls } from './provisional';
