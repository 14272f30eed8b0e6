import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DataError, UsageError } from '@sketchgrad/core';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FetchOptions, fetchFile } from '../src/node/download/fetch-file.js';
import { Patience } from '../src/node/download/patience.js';
import { glueSources } from '../src/node/glue/sources.js';
import { type DownloadOptions, downloadGlue, downloadOgb } from '../src/node/index.js';
import { glueFiles } from './glue-files.js';
import { temporaryFolder } from './graphs/graph-folder.js';

const folder = temporaryFolder();
let server: Server;
let baseUrl: string;
/** What the server answers; a test replaces it. */
let answer: RequestListener;

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(async () => {
  vi.unstubAllGlobals();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const rte = zipSync(
  Object.fromEntries(Object.entries(glueFiles.rte).map(([name, text]) => [name, strToU8(text)])),
);

async function expectFailure(failing: Promise<unknown>, message: RegExp): Promise<void> {
  const error = await failing.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(DataError);
  expect((error as Error).message).toMatch(message);
  expect(await readdir(folder.path)).toEqual([]);
}

const download = (options: DownloadOptions = {}) =>
  downloadGlue('rte', folder.path, { baseUrl, ...options });

describe('a download without a byte for too long', () => {
  it('is given up before there is an answer', async () => {
    answer = () => undefined;
    await expectFailure(
      download({ idleSeconds: 0.05 }),
      /RTE\.zip: no answer \(nothing came for 0\.05 s\)/,
    );
  });

  it('is given up in the middle', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('some');
    };
    await expectFailure(
      download({ idleSeconds: 0.5 }),
      /RTE\.zip: broke off after 4 of 1000 bytes \(nothing came for 0\.5 s\)/,
    );
  });

  it('waits for 60 s, anew with each byte, and not once it is done', () => {
    vi.useFakeTimers();
    try {
      const patience = new Patience(60);
      for (let turn = 0; turn < 10; turn++) {
        vi.advanceTimersByTime(59_999);
        expect(patience.isOver).toBe(false);
        patience.renew();
      }
      vi.advanceTimersByTime(60_000);
      expect([patience.isOver, patience.signal.aborted]).toEqual([true, true]);
      const done = new Patience(60);
      done.end();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('counts from the last byte that came', async () => {
    const renew = vi.spyOn(Patience.prototype, 'renew');
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': rte.length });
      response.write(rte.subarray(0, 10));
      response.end(rte.subarray(10));
    };
    await download();
    // At first, with the answer, and with each piece of the body.
    expect(renew.mock.calls.length).toBeGreaterThan(2);
    renew.mockRestore();
  });

  it('ends with the signal from outside, for its reason', () => {
    const outer = new AbortController();
    const patience = new Patience(60, outer.signal);
    outer.abort(new Error('enough'));
    expect(patience.signal.reason).toEqual(new Error('enough'));
    expect(patience.isOver).toBe(false);
    patience.end();
    const late = new Patience(60, outer.signal);
    expect(late.signal.aborted).toBe(true);
    late.end();
  });

  it.each([0, -1, 301, Number.NaN])('has a time that can be kept, not %s', async (idleSeconds) => {
    await expect(download({ idleSeconds })).rejects.toThrow(UsageError);
    await expect(download({ idleSeconds })).rejects.toThrow(/300 at most/);
    await expect(download({ maxBytes: idleSeconds - 301 })).rejects.toThrow(/maxBytes is/);
  });
});

describe('a download that is too large', () => {
  it('is refused where the server says so, before it comes', async () => {
    let sent = false;
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 1001 });
      response.flushHeaders();
      response.on('close', () => response.end());
      sent = true;
    };
    await expectFailure(
      download({ maxBytes: 1000 }),
      /RTE\.zip: has 1001 bytes or more: expected 1000, the largest allowed/,
    );
    expect(sent).toBe(true);
  });

  it('is refused where it turns out so', async () => {
    answer = (_request, response) => {
      response.writeHead(200);
      const more = () => {
        if (!response.destroyed) response.write('more of it', () => setImmediate(more));
      };
      more();
    };
    await expectFailure(download({ maxBytes: 1000 }), /has 1\d\d\d bytes or more: expected 1000/);
  });

  it('may unpack to no more either', async () => {
    answer = (_request, response) => response.end(rte);
    const largest = Math.max(...Object.values(glueFiles.rte).map((text) => text.length));
    expect(largest).toBeLessThan(rte.length);
    const noise = { 'RTE/train.tsv': strToU8('noise '.repeat(50_000)) };
    answer = (_request, response) => response.end(zipSync(noise));
    await expectFailure(download({ maxBytes: 100_000 }), /unpacks to 300000 bytes: .* 100000/);
  });
});

describe('what was published', () => {
  const sha256 = createHash('sha256').update(rte).digest('hex');
  const fetching = (options: Partial<FetchOptions>) =>
    fetchFile(`${baseUrl}RTE.zip`, join(folder.path, 'file'), {
      idleSeconds: 60,
      maxBytes: 10_000,
      ...options,
    });

  it('is what has to come, by its SHA-256', async () => {
    answer = (_request, response) => response.end(rte);
    await fetching({ published: { sha256, bytes: rte.length } });
    expect(await readFile(join(folder.path, 'file'))).toEqual(Buffer.from(rte));
  });

  it('is refused where it is another', async () => {
    const other = Uint8Array.from(rte);
    other[100]! ^= 1;
    answer = (_request, response) => response.end(other);
    const failing = fetching({ published: { sha256 } });
    await expect(failing).rejects.toThrow(DataError);
    await expect(failing).rejects.toThrow(
      new RegExp(
        `is not the file that was published: its SHA-256 is .*, of ${rte.length} bytes, and expected ${sha256}`,
      ),
    );
  });

  it('is asked of the public address, and not of another', async () => {
    answer = (_request, response) => response.end(rte);
    const asked: string[] = [];
    const local = fetch;
    vi.stubGlobal('fetch', (url: string, options: RequestInit) => {
      asked.push(url);
      return local(baseUrl, options);
    });
    await expectFailure(
      downloadGlue('rte', folder.path),
      /^https:\/\/dl\.fbaipublicfiles\.com\/glue\/data\/RTE\.zip: is not the file that was published/,
    );
    await expectFailure(
      downloadOgb('ogbn-arxiv', folder.path),
      /arxiv\.zip: is not the file that w/,
    );
    await expectFailure(
      downloadOgb('ogbn-products', folder.path),
      /products\.zip: is not the file /,
    );
    expect(asked).toHaveLength(3);
    expect(await download()).toBe(join(folder.path, 'RTE'));
  });

  it('is known of every file of GLUE', () => {
    const all = Object.values(glueSources).flat();
    expect(new Set(all.map((source) => source.sha256)).size).toBe(12);
    for (const { sha256: hash, bytes } of all) {
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(bytes).toBeGreaterThan(6000);
    }
  });
});
