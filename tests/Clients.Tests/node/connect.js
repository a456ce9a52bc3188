// node connect.js ENGINE KEY PORT CHROMIUM FOLDER : a finished page with Connect's library, the example of the document and calls that fail.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { open } from './browser.js';

const [engine, key, port, executablePath, folder] = process.argv.slice(2);
const visitor = `visitor-${randomUUID()}`;
const { page, said, close } = await open({ folder, port, executablePath });
const deadlines = [];
page.on('request', request => deadlines.push(request.headers()['grpc-timeout']));
try {
  await page.goto(`http://127.0.0.1:${port}/#${new URLSearchParams({ engine, key, visitor })}`);
  await page.waitForFunction(() => document.querySelector('#hero').textContent === 'Your basket waits' && window.checks);
  console.log('ok example');

  const check = name => page.evaluate(name => checks[name](), name);
  const mistakes = await check('mistakes');
  assert.equal(mistakes.code, 'InvalidArgument');
  assert.deepEqual(mistakes.violations.map(violation => violation.field), ['customer', 'max_items']);
  assert.match(mistakes.violations[1].description, /is 99; send 1 to 50/);
  const stream = await check('mistakeOfAStream');
  assert.deepEqual([stream.code, stream.violations.map(violation => violation.field)], ['InvalidArgument', ['customer']]);
  console.log('ok mistakes');

  assert.equal((await check('notYet')).code, 'FailedPrecondition');
  assert.equal((await check('wrongKey')).code, 'Unauthenticated');
  const other = await check('anotherCustomer');
  assert.equal(other.code, 'PermissionDenied');
  assert.match(other.message, /anonymous_id/);
  console.log('ok refusals');

  assert.equal((await check('tooLate')).code, 'DeadlineExceeded');
  assert.ok(deadlines.includes('5000m'), `the engine was told ${deadlines}`);
  assert.equal((await check('leaves')).code, 'Canceled');
  console.log('ok deadlines');
  console.log(`visitor ${visitor}`);
} catch (error) {
  throw new Error(`${error.stack}\nthe page said: ${said.join('\n')}`);
} finally {
  await close();
}
process.exit(0);
