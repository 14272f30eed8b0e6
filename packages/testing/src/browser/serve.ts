import { createReadStream } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is at a path: text that is made already, or a file by its path. */
export type Served = { readonly text: string; readonly type: string } | { readonly file: string };

/** A server of this machine alone. */
export interface Server {
  /** `http://127.0.0.1:PORT`, which browsers count as secure. */
  readonly origin: string;
  close(): Promise<void>;
}

// What a page needs for shared memory and exact clocks.
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** Serves these paths, and 404 for all others. */
export async function serve(paths: ReadonlyMap<string, Served>): Promise<Server> {
  const server = createServer(({ url = '' }, response) => answer(paths.get(url), response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { origin: `http://127.0.0.1:${port}`, close };
}

function answer(served: Served | undefined, response: ServerResponse): void {
  if (served === undefined) {
    response.writeHead(404, ISOLATED).end();
  } else if ('file' in served) {
    response.writeHead(200, { ...ISOLATED, 'content-type': 'application/octet-stream' });
    createReadStream(served.file)
      .on('error', (error) => response.destroy(error))
      .pipe(response);
  } else {
    response.writeHead(200, { ...ISOLATED, 'content-type': served.type }).end(served.text);
  }
}
