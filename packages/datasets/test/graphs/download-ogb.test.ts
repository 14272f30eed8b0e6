import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DataError, UsageError } from '@sketchgrad/core';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type DownloadOptions,
  type DownloadProgress,
  downloadOgb,
  readNodeDataset,
} from '../../src/node/index.js';
import { type GraphFiles, ring } from './graph-files.js';
import { temporaryFolder } from './graph-folder.js';

const root = temporaryFolder();
let server: Server;
let baseUrl: string;
/** What the server answers; a test replaces it. */
let answer: RequestListener;

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/nodeproppred`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

/** The ring as OGB packs it: everything below the archive's own folder, and more than is needed. */
function archive(folder: string, split: string, changes: GraphFiles = {}): Uint8Array {
  const files = { ...ring, ...changes, 'mapping/README.md': 'which paper is which node' };
  return zipSync(
    Object.fromEntries(
      Object.entries(files).map(([path, content]) => [
        `${folder}/${path.replace('split/public', `split/${split}`)}`,
        typeof content === 'string' ? gzipSync(strToU8(content)) : content,
      ]),
    ),
  );
}

/** Serves bodies by their paths, and 404 for the rest; gives the paths that were asked for. */
function serve(bodies: Readonly<Record<string, Uint8Array>>): string[] {
  const asked: string[] = [];
  answer = ({ url = '' }, response) => {
    asked.push(url);
    const body = bodies[url];
    if (body === undefined) response.writeHead(404).end('nothing here');
    else response.writeHead(200, { 'content-length': body.length }).end(body);
  };
  return asked;
}

const download = (name: string, options: DownloadOptions = {}) =>
  downloadOgb(name, root.path, { baseUrl, ...options });

describe('downloadOgb', () => {
  it.each([
    ['ogbn-arxiv', 'arxiv', 'time'],
    ['ogbn-products', 'products', 'sales_ranking'],
  ])('unpacks %s into its folder', async (name, folder, split) => {
    const body = archive(folder, split);
    serve({ [`/nodeproppred/${folder}.zip`]: body });
    const told: DownloadProgress[] = [];
    const made = await download(name, { onProgress: (progress) => told.push(progress) });
    expect(made).toBe(join(root.path, name.replace('-', '_')));
    expect(await readdir(root.path)).toEqual([name.replace('-', '_')]);
    expect((await readdir(made)).sort()).toEqual(['raw', 'split']);
    expect(await readdir(join(made, 'split'))).toEqual([split]);
    expect((await readNodeDataset(root.path, { name })).graph.nodes).toBe(5);
    expect(told.at(-1)).toEqual({
      url: `${baseUrl}/${folder}.zip`,
      receivedBytes: body.length,
      totalBytes: body.length,
    });
  });

  it('asks for nothing when the folder is there', async () => {
    const asked = serve({ '/nodeproppred/arxiv.zip': archive('arxiv', 'time') });
    await download('ogbn-arxiv');
    await download('ogbn-arxiv');
    expect(asked).toHaveLength(1);
  });

  it('refuses a data set that it does not know', async () => {
    for (const name of ['cora', 'arxiv', 'constructor']) {
      const refused = download(name);
      await expect(refused).rejects.toThrow(UsageError);
      await expect(refused).rejects.toThrow(/expected one of ogbn-arxiv, ogbn-products/);
    }
  });
});

describe('a download that fails leaves nothing behind', () => {
  async function expectFailure(message: RegExp, options?: DownloadOptions): Promise<void> {
    const error = await download('ogbn-arxiv', options).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toMatch(message);
    expect(await readdir(root.path)).toEqual([]);
  }
  const serveArchive = (body: Uint8Array) => serve({ '/nodeproppred/arxiv.zip': body });

  it('where the address has nothing', async () => {
    serve({});
    await expectFailure(/arxiv\.zip: the server answered 404/);
  });

  it('where the archive breaks off, or is none', async () => {
    serveArchive(archive('arxiv', 'time').slice(0, -40));
    await expectFailure(/arxiv\.zip: is not a usable zip archive/);
    serveArchive(strToU8('<html>log in</html>'));
    await expectFailure(/arxiv\.zip: is not a usable zip archive/);
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('some of it', () => response.destroy());
    };
    await expectFailure(/arxiv\.zip: broke off after \d+ of 1000/);
  });

  it('where the archive lacks a file', async () => {
    serveArchive(archive('arxiv', 'random'));
    await expectFailure(/the archive lacks arxiv\/split\/time\/train\.csv\.gz, /);
  });

  it('where what came is not the data set', async () => {
    serveArchive(archive('arxiv', 'time', { 'raw/edge.csv.gz': '0,1\n1,2\n' }));
    await expectFailure(/what came is not ogbn-arxiv \(.*edge\.csv\.gz:2: ends after 2 edges/);
  });

  it('where it is told to stop', async () => {
    const controller = new AbortController();
    serveArchive(archive('arxiv', 'time'));
    const stopped = download('ogbn-arxiv', {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(await readdir(root.path)).toEqual([]);
  });

  it('where the folder cannot be made', async () => {
    await writeFile(join(root.path, 'file'), '');
    await expect(
      downloadOgb('ogbn-arxiv', join(root.path, 'file/ogb'), { baseUrl }),
    ).rejects.toThrow(/file\/ogb: cannot be/);
    await mkdir(join(root.path, 'ogbn_arxiv'));
    // Whatever has that name stays as it is.
    expect(await download('ogbn-arxiv')).toBe(join(root.path, 'ogbn_arxiv'));
  });
});
