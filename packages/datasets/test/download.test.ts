import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, UsageError } from '@sketchgrad/core';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type DownloadOptions,
  type DownloadProgress,
  downloadGlue,
  readGlue,
} from '../src/node/index.js';
import { type GlueFolder, glueFiles } from './glue-files.js';

let root: string;
let server: Server;
let baseUrl: string;
/** What the server answers; a test replaces it. */
let answer: RequestListener;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'download-'));
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mirror`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await rm(root, { recursive: true });
});

function zipped(files: GlueFolder): Uint8Array {
  return zipSync(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])),
  );
}

/** Serves bodies by their paths below the base address, and 404 for the rest. */
function serve(bodies: Readonly<Record<string, Uint8Array | string>>): string[] {
  const asked: string[] = [];
  answer = ({ url = '' }, response) => {
    asked.push(url);
    const body = bodies[url.replace('/mirror/', '')];
    if (body === undefined) response.writeHead(404).end('nothing here');
    else response.writeHead(200, { 'content-length': Buffer.byteLength(body) }).end(body);
  };
  return asked;
}

const download = (name: string, options: DownloadOptions = {}) =>
  downloadGlue(name, root, { baseUrl, ...options });

/** Expects a download to fail with a DataError of this message, and to leave nothing behind. */
async function expectFailure(failing: Promise<unknown>, message: RegExp): Promise<void> {
  const error = await failing.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(DataError);
  expect((error as Error).message).toMatch(message);
  expect(await readdir(root)).toEqual([]);
}

describe('downloadGlue', () => {
  it("unpacks a task's files into its folder, and nothing else of the archive", async () => {
    const extra = {
      'RTE/original/big.txt': 'x',
      '__MACOSX/RTE/train.tsv': 'x',
      'RTE/.DS_Store': 'x',
    };
    serve({ 'glue/data/RTE.zip': zipped({ ...glueFiles.rte, ...extra }) });
    const folder = await download('rte');
    expect(folder).toBe(join(root, 'RTE'));
    expect(await readdir(root)).toEqual(['RTE']);
    expect((await readdir(folder)).sort()).toEqual(['dev.tsv', 'test.tsv', 'train.tsv']);
    expect((await readGlue('rte', 'dev', root)).rows).toEqual([
      { first: 'C.', second: 'D.', label: 0 },
    ]);
  });

  it('knows where each archive is', async () => {
    const archives = {
      cola: 'CoLA',
      sst2: 'SST-2',
      stsb: 'STS-B',
      qqp: 'QQP-clean',
      mnli: 'MNLI',
      qnli: 'QNLIv2',
      wnli: 'WNLI',
    } as const;
    for (const [name, archive] of Object.entries(archives)) {
      const files = glueFiles[name as keyof typeof archives];
      serve({ [`glue/data/${archive}.zip`]: zipped(files) });
      await download(name);
    }
    expect(await readdir(root)).toHaveLength(Object.keys(archives).length);
  });

  it('fetches MRPC and the diagnostic set, which are plain files', async () => {
    const header = 'Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\r\n';
    serve({
      'senteval/senteval_data/msr_paraphrase_train.txt': `${header}1\t1\t2\tA.\tB.\r\n0\t3\t4\tC.\tD.\r\n`,
      'senteval/senteval_data/msr_paraphrase_test.txt': `${header}0\t5\t6\tE.\tF.\r\n`,
      'glue/data/mrpc_dev_ids.tsv': '3\t4\n',
      'glue/data/AX.tsv': glueFiles.ax['AX/diagnostic.tsv']!,
    });
    await download('mrpc');
    expect((await readGlue('mrpc', 'dev', root)).rows).toHaveLength(1);
    await download('ax');
    expect((await readGlue('ax', 'test', root)).rows).toHaveLength(1);
  });

  it('tells how far it is', async () => {
    const archive = zipped({ ...glueFiles.rte, 'RTE/more.txt': 'noise '.repeat(50_000) });
    serve({ 'glue/data/RTE.zip': archive });
    const told: DownloadProgress[] = [];
    await download('rte', { onProgress: (progress) => told.push(progress) });
    const received = told.map(({ receivedBytes }) => receivedBytes);
    expect(received).toEqual([...received].sort((a, b) => a - b));
    expect(told.at(-1)).toEqual({
      url: `${baseUrl}/glue/data/RTE.zip`,
      receivedBytes: archive.length,
      totalBytes: archive.length,
    });
  });

  it('asks for nothing when the folder is there, and refuses one that lacks files', async () => {
    const asked = serve({ 'glue/data/RTE.zip': zipped(glueFiles.rte) });
    await download('rte');
    await download('rte');
    expect(asked).toHaveLength(1);
    await rm(join(root, 'RTE/dev.tsv'));
    await expect(download('rte')).rejects.toThrow(/RTE: exists but lacks dev\.tsv: move it away/);
    await mkdir(join(root, 'MRPC'));
    for (const name of ['train', 'dev', 'test'])
      await writeFile(join(root, `MRPC/${name}.tsv`), '');
    expect(await download('mrpc')).toBe(join(root, 'MRPC'));
    expect(asked).toHaveLength(1);
  });

  it('makes the root where there is none', async () => {
    serve({ 'glue/data/RTE.zip': zipped(glueFiles.rte) });
    const deep = join(root, 'a/b');
    expect(await downloadGlue('rte', deep, { baseUrl })).toBe(join(deep, 'RTE'));
  });
});

describe('a download that fails', () => {
  it('names an unknown task', async () => {
    await expect(download('glue')).rejects.toBeInstanceOf(UsageError);
  });

  it('names the address and the status', async () => {
    serve({});
    await expectFailure(
      download('cola'),
      /mirror\/glue\/data\/CoLA\.zip: the server answered 404 Not Found/,
    );
  });

  it('names the address where nobody answers', async () => {
    await new Promise((closed) => server.close(closed));
    await expectFailure(download('cola'), /CoLA\.zip: no answer \(fetch failed: .*ECONNREFUSED/);
    server.listen(0);
  });

  it('notices a body that breaks off', async () => {
    const archive = zipped(glueFiles.cola);
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': archive.length + 100 });
      response.write(archive, () => response.destroy());
    };
    await expectFailure(
      download('cola'),
      new RegExp(`broke off after \\d+ of ${archive.length + 100}`),
    );
  });

  it('notices an archive that is cut short, empty, or a web page', async () => {
    serve({ 'glue/data/CoLA.zip': zipped(glueFiles.cola).slice(0, -30) });
    await expectFailure(download('cola'), /CoLA\.zip: is not a usable zip archive/);
    serve({ 'glue/data/CoLA.zip': '' });
    await expectFailure(download('cola'), /sent 0 bytes/);
    serve({ 'glue/data/CoLA.zip': '<html>log in</html>' });
    await expectFailure(download('cola'), /is not a usable zip archive/);
    serve({ 'glue/data/AX.tsv': '<html>log in</html>' });
    await expectFailure(download('ax'), /AX\.tsv: what came is not the test split of ax/);
  });

  it('notices damage inside the archive', async () => {
    const archive = zipped({
      ...glueFiles.rte,
      'RTE/train.tsv': 'words and more words\n'.repeat(99),
    });
    archive.fill(0xff, 60, 80);
    serve({ 'glue/data/RTE.zip': archive });
    await expectFailure(download('rte'), /RTE\.zip: is not a usable zip archive/);
  });

  it.each(['../evil.tsv', 'RTE/../../evil.tsv', '/evil.tsv', '..\\evil.tsv'])(
    'refuses an archive with a path that leads out of it (%s)',
    async (path) => {
      const deep = join(root, 'a/b');
      serve({ 'glue/data/RTE.zip': zipped({ ...glueFiles.rte, [path]: 'gotcha' }) });
      const error = await downloadGlue('rte', deep, { baseUrl }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(DataError);
      expect((error as Error).message).toMatch(
        /not a usable zip archive \((invalid relative|absolute) path/,
      );
      const left = await readdir(root, { recursive: true });
      expect(left.sort()).toEqual(['a', 'a/b']);
    },
  );

  it('names what the archive lacks, and what is wrong with its data', async () => {
    const { 'RTE/dev.tsv': dev, ...others } = glueFiles.rte;
    serve({ 'glue/data/RTE.zip': zipped(others) });
    await expectFailure(download('rte'), /the archive lacks RTE\/dev\.tsv/);
    serve({
      'glue/data/RTE.zip': zipped({ ...others, 'RTE/dev.tsv': dev!.replace('label', 'lable') }),
    });
    await expectFailure(
      download('rte'),
      /what came is not the dev split of rte \(.*no column 'label'/,
    );
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 1_000_000 });
      response.write('some of it');
    };
    const stopped = download('cola', {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(await readdir(root)).toEqual([]);
  });

  it('names a root that cannot be written to', async () => {
    await writeFile(join(root, 'file'), '');
    serve({ 'glue/data/RTE.zip': zipped(glueFiles.rte) });
    await expect(downloadGlue('rte', join(root, 'file/glue'), { baseUrl })).rejects.toThrow(
      /file\/glue: cannot be written to/,
    );
  });
});
