// node lint.js PROTOS : runs buf lint there, with the rules its buf.yaml names.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const buf = path.join(path.dirname(fileURLToPath(import.meta.url)), 'node_modules', '@bufbuild', 'buf-linux-x64', 'bin', 'buf');
const { status, stdout, stderr, error } = spawnSync(buf, ['lint'], { cwd: process.argv[2], encoding: 'utf8' });
if (error) throw error;
process.stdout.write(stdout + stderr);
if (status === 0) console.log('ok lint');
process.exit(status);
