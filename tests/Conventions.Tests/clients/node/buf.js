// node buf.js PROTOS APPROVED RECEIVED : runs buf there with the rules its buf.yaml names: lint, and breaking against the approved
// image of the API; writes the image of the API as it is now.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const [protos, approved, received] = process.argv.slice(2);
const buf = path.join(path.dirname(fileURLToPath(import.meta.url)), 'node_modules', '@bufbuild', 'buf-linux-x64', 'bin', 'buf');
let failed = 0;
for (const [name, ...rest] of [['lint'], ['breaking', '--against', approved], ['build', '--exclude-source-info', '-o', received]]) {
  const { status, stdout, stderr, error } = spawnSync(buf, [name, ...rest], { cwd: protos, encoding: 'utf8' });
  if (error) throw error;
  process.stdout.write(stdout + stderr);
  if (status === 0) console.log(`ok ${name}`);
  else failed = status;
}
process.exit(failed);
