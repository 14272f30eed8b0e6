import { expect, test } from 'vitest';
import { describeKeep, keepText, parseKeep } from '../../src/language/index.js';

test('what is kept in few bits is read and written alike', () => {
  expect(parseKeep(' gelu=3, norm=8 ')).toEqual({ gelu: 3, norm: 8 });
  expect(keepText({ gelu: 3, attention: 8 })).toBe('gelu=3,attention=8');
  expect(describeKeep({ norm: 4 })).toBe(', keep norm=4');
  expect([describeKeep({}), describeKeep()]).toEqual(['', '']);
  for (const [text, message] of [
    ['gelu', "'gelu' is not like gelu=3, of gelu, norm, attention and bits"],
    ['gelo=3', "'gelo' is none of gelu, norm, attention (did you mean 'gelu'?)"],
    ['norm=8,norm=4', "'norm' comes twice"],
  ] as const)
    expect(() => parseKeep(text), text).toThrow(message);
  expect(() => parseKeep('gelu', ['norm'])).toThrow('not like norm=8, of norm and bits');
});
