// A built page on a port of its own, opened in a browser.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Serves a folder and opens a page, which goes nowhere yet. `said` is what it writes to its console. */
export async function open({ folder, port, executablePath }) {
  const site = createServer(async (request, response) => {
    const asked = new URL(request.url, 'http://site').pathname;
    const name = path.join(folder, asked === '/' ? 'index.html' : path.normalize(asked));
    try {
      const content = await readFile(name);
      response.setHeader('content-type', TYPES[path.extname(name)] ?? 'application/octet-stream').end(content);
    } catch {
      response.writeHead(404).end();
    }
  }).listen(Number(port), '127.0.0.1');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  const said = [];
  page.on('console', message => said.push(message.text()));
  page.on('pageerror', error => said.push(String(error)));
  return { page, said, close: async () => { await browser.close(); site.close(); } };
}
