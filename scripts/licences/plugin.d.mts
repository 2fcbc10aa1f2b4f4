import type { Plugin } from 'vite';

export function thirdPartyPlugin(): Plugin;
