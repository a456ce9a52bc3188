// node shop.js ENGINE PORT CHROMIUM FOLDER : the finished page of examples/web in a real browser, used as visitors do.
// It says what it waits for, and the test that started it answers by typing a line.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { open } from './browser.js';

const [engine, port, executablePath, folder] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const asks = async text => { console.log(`asks ${text}`); return (await lines.next()).value; };

const { page, said, close } = await open({ folder, port, executablePath });
const offer = (slot, action) => page.waitForSelector(`[data-slot=${slot}][data-action="${action}"]`);
const link = state => page.waitForSelector(`#link[data-state=${state}]`);
const outbox = () => page.evaluate(() => JSON.parse(localStorage.getItem('hearth.outbox')));
const delivered = () => page.waitForFunction(() => JSON.parse(localStorage.getItem('hearth.outbox') ?? '[]').length === 0);
const placeOfProducts = () => page.evaluate(() => document.querySelector('#products').getBoundingClientRect().top + scrollY);
const press = async selector => { await page.focus(selector); await page.keyboard.press('Enter'); };
try {
  await page.goto(`http://127.0.0.1:${port}/`);
  const top = await placeOfProducts();
  await link('live');
  await page.addScriptTag({ content: await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8') });
  const accessible = async () => {
    await Promise.all(await page.evaluate(() => document.getAnimations().map(animation => animation.finish())));
    const { violations } = await page.evaluate(() => axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)]), []);
  };
  await accessible();
  console.log('ok accessible');

  // What another client says of the visitor comes back in an offer: as text, with a link that stays in the shop.
  await asks(`views of ${await page.evaluate(() => JSON.parse(localStorage.getItem('hearth.visitor')))}`);
  await page.waitForFunction(() => document.querySelector('.strip p').textContent.includes('<img src=x'));
  assert.equal(await page.locator('.strip img').count(), 0);
  console.log('ok text_only');

  await press('[data-view=lamp-01]');
  await page.waitForSelector('dialog[open]');
  await accessible();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement.dataset.view === 'lamp-01');
  await press('[data-add=lamp-01]');
  await offer('hero', 'finish-order');
  await page.waitForFunction(() => document.querySelector('#said').textContent.startsWith('Your basket waits'));
  await press('.hero a');
  await page.waitForFunction(() => document.activeElement.id === 'basket');
  assert.equal(await placeOfProducts(), top);
  await accessible();
  await delivered();
  console.log('ok follows_by_keyboard');

  // A page that was open, and one that is opened while nobody answers: the visitor shops on.
  await asks('no engine');
  await link('away');
  assert.equal(await page.textContent('.hero h1'), 'Your basket waits');
  await page.reload();
  await link('away');
  assert.equal(await page.textContent('.hero h1'), 'Things to come home to');
  assert.equal(await page.textContent('#basket-count'), '1');
  await page.click('[data-order]');
  await page.waitForFunction(() => document.querySelector('#said').textContent === 'Thank you for your order.');
  assert.equal((await outbox()).length, 1);
  console.log('ok open_without_engine');

  await asks('the engine again');
  await offer('hero', 'welcome-back-coupon');
  await link('live');
  await delivered();
  assert.deepEqual(said.filter(text => !text.includes('net::ERR_') && !text.includes('the engine cannot be asked now')), []);
  console.log('ok comes_back');
} catch (error) {
  throw new Error(`${error.stack}\nthe page said: ${said.join('\n')}`);
} finally {
  await close();
}
process.exit(0);
