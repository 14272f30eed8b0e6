import { expect, test } from 'vitest';
import { readmeExample, withoutTypes } from '../checks/consumer/example.mjs';

const fence = '```';

test('the first TypeScript block after the marker is the example', () => {
  const readme = [
    `${fence}ts\nnot this one\n${fence}`,
    `<!-- example -->\n\n${fence}ts\nconst a = 1;\n\nconst b = 2;\n${fence}`,
    `${fence}ts\nnor this one\n${fence}`,
  ].join('\n\n');
  expect(readmeExample(readme)).toEqual({ source: 'const a = 1;\n\nconst b = 2;' });
});

test.each([
  ['no marker', `${fence}ts\ncode\n${fence}`, /README\.md has no example: put <!-- example -->/],
  ['another language', `<!-- example -->\n${fence}sh\nls\n${fence}`, /no ```ts block/],
  ['an empty block', `<!-- example -->\n${fence}ts\n\n${fence}`, /no ```ts block with code/],
  ['prose in between', `<!-- example -->\nLook:\n${fence}ts\na\n${fence}`, /right after it/],
])('a README with %s is refused with a reason', (_, readme, problem) => {
  expect(readmeExample(readme).problem).toMatch(problem);
});

test('types go, values and imports stay', () => {
  const source = "import { a, type B } from 'x';\nconst c: B = a as B;\nawait a(c!);";
  expect(withoutTypes(source)).toBe("import { a } from 'x';\nconst c = a;\nawait a(c);\n");
});
