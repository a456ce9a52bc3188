// node patience.js ENGINE KEY USER COUNT : Segment's library sends while nobody answers yet, and goes on trying.
import { Analytics } from '@segment/analytics-node';

const [engine, key, user, count] = process.argv.slice(2);
const analytics = new Analytics({ writeKey: key, host: engine, flushAt: 10, maxRetries: 20 });
const lost = [];
analytics.on('error', error => lost.push(error));
for (let i = 0; i < Number(count); i++) {
  analytics.track({ userId: user, event: 'Product Viewed', properties: { product_id: `lamp-${i}`, price: i } });
}
await analytics.closeAndFlush({ timeout: 60000 });
if (lost.length > 0) throw new Error(`${lost.length} lost: ${JSON.stringify(lost[0])}`);
console.log('ok delivered');
