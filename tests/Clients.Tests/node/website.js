// node website.js ENGINE KEY PORT CHROMIUM SNIPPET : a page of another origin with Segment's library for browsers, in a real browser.
// The page runs SNIPPET (the example of the document), then what is here, and closes; the library's files are served unchanged.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';

const [engine, key, port, executablePath, snippet] = process.argv.slice(2);
const library = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), 'node_modules/@segment/analytics-next/dist/umd');
const site = createServer(async (request, response) => {
  const name = path.basename(new URL(request.url, 'http://site').pathname);
  if (name.endsWith('.js')) {
    response.setHeader('content-type', 'text/javascript').end(await readFile(path.join(library, name)));
  } else {
    response.setHeader('content-type', 'text/html').end(
      `<!doctype html><title>Lamps</title><script src="/index.js"></script><script>const ENGINE = '${engine}', KEY = '${key}';</script>${snippet}`);
  }
}).listen(Number(port), '127.0.0.1');

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage();
  const said = [];
  page.on('console', message => said.push(message.text()));
  page.on('pageerror', error => said.push(String(error)));
  const sent = [];
  page.on('response', response => { if (response.url().startsWith(engine)) sent.push(`${response.request().method()} ${new URL(response.url()).pathname.replace(key, 'KEY')} ${response.status()}`); });
  const tracked = page.waitForResponse(response => response.url() === `${engine}/v1/t`, { timeout: 30000 });
  await page.goto(`http://127.0.0.1:${port}/`);
  await tracked.catch(error => { throw new Error(`${error}\nthe page said: ${said.join('\n')}\nsent: ${sent.join(', ')}`); });
  assert.deepEqual(sent.filter(line => line.startsWith('POST')), ['POST /v1/p 200', 'POST /v1/t 200']);
  assert.ok(sent.includes('GET /v1/projects/KEY/settings 200'), sent.join(', '));
  console.log('ok sends');

  // The page asks for its own visitor, with a header that makes the browser ask first whether it may.
  const visitor = await page.evaluate(() => localStorage.getItem('ajs_anonymous_id').replaceAll('"', ''));
  const ask = (customer, origin) => page.evaluate(async ([engine, key, customer]) => {
    const answer = await fetch(`${engine}/v1/next-best-action`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ customer, channel: 'web', placements: ['hero'] }),
    });
    return { status: answer.status, body: await answer.json() };
  }, [engine, key, customer]);
  const decided = await ask({ anonymous_id: visitor });
  assert.equal(decided.status, 200, JSON.stringify(decided.body));
  assert.equal(decided.body.decision.sequence, '2');
  console.log('ok asks');

  const other = await ask({ user_id: 'somebody' });
  assert.equal(other.status, 403);
  assert.match(other.body.detail, /anonymous_id/);
  console.log('ok asks_for_nobody_else');

  // Another origin, where the key may not be used: the page learns why, and nothing is taken.
  await page.goto(`http://localhost:${port}/favicon`);
  const refused = await ask({ anonymous_id: visitor });
  assert.equal(refused.status, 401);
  assert.equal(refused.body.reason, 'ORIGIN_NOT_ALLOWED');
  console.log('ok refused_elsewhere');
  console.log(`visitor ${visitor}`);
} finally {
  await browser.close();
  site.close();
}
process.exit(0);
