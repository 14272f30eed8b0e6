import { afterEach, expect, it, vi } from 'vitest';
import { warn } from '../src/index.js';
import * as elsewhere from '../src/platform.js';

afterEach(() => vi.restoreAllMocks());

it("is one of Node's warnings", () => {
  const said = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  warn('the loss stays where it is');
  expect(said.mock.calls).toEqual([['the loss stays where it is']]);
});

it('is on the console where there is no Node', () => {
  const said = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  elsewhere.emitWarning('the loss stays where it is');
  expect(said.mock.calls).toEqual([['the loss stays where it is']]);
});
