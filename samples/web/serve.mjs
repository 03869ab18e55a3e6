// Serves this page on this machine alone: node serve.mjs [PORT]. Any static server of the repository's root does as well.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folders = [join('samples', 'web'), 'onnx']; // nothing else of the repository
const types = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.mjs': 'text/javascript',
  '.wasm': 'application/wasm', '.png': 'image/png', '.onnx': 'application/octet-stream',
};

/** Starts the server; port 0 takes a free one. */
export async function serve(port = 0) {
  const server = createServer(async (request, response) => {
    try {
      let path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
      if (path.endsWith(sep)) path += 'index.html';
      const file = join(root, path);
      const allowed = folders.some(folder => file.startsWith(join(root, folder) + sep));
      if (!allowed || !types[extname(file)] || !(await stat(file)).isFile()) throw new Error('not served');
      response.writeHead(200, { 'content-type': types[extname(file)], 'cache-control': 'no-cache' });
      createReadStream(file).pipe(response);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/samples/web/`, close: () => server.close() };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) console.log((await serve(Number(process.argv[2] ?? 8080))).url);
