import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { SetupError } from '../bootstrap.mjs';
import { folderOf } from '../tfjs-node/folder.mjs';
import { must } from '../tfjs-node/must.mjs';
import { headersOf, needs } from '../tfjs-node/needs.mjs';
import { setUp } from '../tfjs-node/set-up.mjs';
import { makeTree } from './tree.mjs';

beforeEach(() => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  return () => said.mockRestore();
});

const versions = { tfjsNode: '4.22.0', libtensorflow: '2.15.1' };
const broken = () => Promise.reject(new SetupError('it has no libtensorflow'));

/**
 * A set-up whose parts say that they ran; installers are given by name, each with what it does.
 * @param {Record<string, () => Promise<void>>} installers
 * @param {(folder: string) => Promise<typeof versions>} probe
 */
function waysOf(installers, probe = async () => versions) {
  /** @type {string[]} */
  const ran = [];
  const how = {
    packages: async (/** @type {string} */ folder) => {
      ran.push('packages');
      await writeFile(join(folder, 'package.json'), '{}');
    },
    installers: Object.entries(installers).map(([name, install]) => ({
      name,
      install: async () => {
        ran.push(name);
        await install();
      },
    })),
    probe: (/** @type {string} */ folder) => {
      ran.push('probe');
      return probe(folder);
    },
  };
  return { how, ran };
}

const nothing = async () => {};

test('what works is there whole, under its name and alone, and is not made again', async () => {
  const folder = join(makeTree({}), 'caches/tfjs-node');
  const { how, ran } = waysOf({ own: nothing, wheel: nothing });
  expect(await setUp(folder, {}, how)).toEqual(versions);
  expect(ran).toEqual(['packages', 'own', 'probe']);
  expect(readdirSync(dirname(folder))).toEqual(['tfjs-node']);
  expect(JSON.parse(readFileSync(join(folder, 'set-up.json'), 'utf8'))).toMatchObject(versions);
  ran.length = 0;
  expect(await setUp(folder, {}, how)).toEqual(versions);
  expect(ran).toEqual(['probe']);
});

test('an installer that fails, or ends well without a library that works, leaves it to the next', async () => {
  const folder = join(makeTree({}), 'tfjs-node');
  const failing = waysOf({ own: broken, wheel: nothing });
  expect(await setUp(folder, {}, failing.how)).toEqual(versions);
  expect(failing.ran).toEqual(['packages', 'own', 'wheel', 'probe']);

  let probes = 0;
  const other = join(makeTree({}), 'tfjs-node');
  const empty = waysOf({ own: nothing, wheel: nothing }, () =>
    ++probes === 1 ? broken() : Promise.resolve(versions),
  );
  expect(await setUp(other, {}, empty.how)).toEqual(versions);
  expect(empty.ran).toEqual(['packages', 'own', 'probe', 'wheel', 'probe']);
});

test('where nothing works each way is told of, and nothing is left', async () => {
  const folder = join(makeTree({}), 'tfjs-node');
  const { how } = waysOf({ own: broken, wheel: nothing }, broken);
  const told = /by own: it has no libtensorflow\nby wheel: it has no libtensorflow/;
  await expect(setUp(folder, {}, how)).rejects.toThrow(told);
  expect(readdirSync(dirname(folder))).toEqual([]);
});

test('a mistake in the program is no failed set-up, and leaves nothing either', async () => {
  const folder = join(makeTree({}), 'tfjs-node');
  const { how } = waysOf({ own: () => Promise.reject(new TypeError('a slip')), wheel: nothing });
  await expect(setUp(folder, {}, how)).rejects.toThrow(TypeError);
  expect(readdirSync(dirname(folder))).toEqual([]);
});

test('a set-up that was damaged is made again; a folder that is none is left as it is', async () => {
  const folder = join(makeTree({}), 'tfjs-node');
  await setUp(folder, {}, waysOf({ own: nothing }).how);
  await writeFile(join(folder, 'left'), '');
  let probes = 0;
  const { how, ran } = waysOf({ own: nothing }, () =>
    ++probes === 1 ? broken() : Promise.resolve(versions),
  );
  expect(await setUp(folder, {}, how)).toEqual(versions);
  expect(ran).toEqual(['probe', 'packages', 'own', 'probe']);
  expect(existsSync(join(folder, 'left'))).toBe(false);

  await writeFile(join(folder, 'set-up.json'), JSON.stringify({ ...versions, pins: 'older' }));
  ran.length = 0;
  expect(await setUp(folder, {}, how)).toEqual(versions);
  expect(ran).toEqual(['packages', 'own', 'probe']);

  const others = makeTree({ 'thesis.txt': 'years of work' });
  await expect(setUp(others, {}, how)).rejects.toThrow(/is no set-up of tfjs-node: remove it, or/);
  expect(readdirSync(others)).toEqual(['thesis.txt']);
});

test('a process that was faster is believed', async () => {
  const folder = join(makeTree({}), 'tfjs-node');
  const faster = async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'set-up.json'), 'of the other');
  };
  expect(await setUp(folder, {}, waysOf({ own: faster }).how)).toEqual(versions);
  expect(readFileSync(join(folder, 'set-up.json'), 'utf8')).toBe('of the other');
  expect(readdirSync(dirname(folder))).toEqual(['tfjs-node']);
});

test('it lies in the cache of its user, or where a variable says', () => {
  const name = `tfjs-node-4.22.0-${process.platform}-${process.arch}`;
  expect(folderOf({})).toBe(join(homedir(), '.cache/sketchgrad', name));
  expect(folderOf({ XDG_CACHE_HOME: '/caches' })).toBe(join('/caches/sketchgrad', name));
  expect(folderOf({ SKETCHGRAD_TFJS_NODE: '/there', XDG_CACHE_HOME: '/caches' })).toBe('/there');
});

test('all that building needs and is not there is named at once, with what to do', async () => {
  const bare = makeTree({});
  const told =
    /Python 3 with pip \(apt-get install python3-pip.*; make \(.*; a C\+\+ compiler \(apt-get install g\+\+/;
  await expect(needs({ PATH: bare })).rejects.toThrow(told);
  await expect(needs({ ...process.env, CXX: join(bare, 'g++') })).rejects.toThrow(/C\+\+ compiler/);
});

test("Node's headers are looked for beside it", () => {
  const tree = makeTree({ 'include/node/node_api.h': '' });
  expect(headersOf(join(tree, 'bin/node'))).toBe(tree);
  expect(headersOf(join(tree, 'bin/else/node'))).toBeUndefined();
});

test('a step that fails says how, what would help, and what it wrote last', async () => {
  const node = (/** @type {string} */ source) => [process.execPath, '-e', source];
  const options = { secondsAllowed: 60, advice: 'read the manual' };
  expect(await must('it', node('console.log(1)'), options)).toBe('1\n');
  const failing = must('it', node('console.error("so it ends"); process.exit(3)'), options);
  await expect(failing).rejects.toThrow(
    /^it failed with exit code 3 \(read the manual\) \nso it ends$/,
  );
  const waiting = must('it', node('setInterval(() => {}, 1000)'), { secondsAllowed: 0.2 });
  await expect(waiting).rejects.toThrow('it did not end within 0.2 s');
  await expect(must('it', [join(makeTree({}), 'program')], options)).rejects.toThrow(/ENOENT/);
});
