// Runs in the page of page.test.ts.

import { Value } from '@sketchgrad/core';

interface Page {
  readonly crossOriginIsolated: boolean;
  readonly navigator: { readonly gpu?: { requestAdapter(): Promise<object | null> } };
}
const { crossOriginIsolated, navigator } = globalThis as unknown as Page;

export const add = (left: number, right: number) => left + right;

export const place = async () => ({
  crossOriginIsolated,
  hasGraphics: (await navigator.gpu?.requestAdapter()) instanceof Object,
  ofCore: Value.name.length > 0,
});

export const lengthOf = async (name: string) => {
  const response = await fetch(`/files/${name}`);
  return response.ok ? (await response.arrayBuffer()).byteLength : response.status;
};

export function fail(): never {
  throw new RangeError('there is no such row');
}

export function tell(): void {
  console.warn('the loss stays where it is');
}
