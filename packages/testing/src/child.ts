// Run as a program with a backend's name and its options as JSON: prints the bits' fingerprint of
// some training steps, so that a test can compare two processes.
import { loadBackend } from '@sketchgrad/core';
import { trainingDigest } from './graphs/train.js';

const [name = '', options = '{}'] = process.argv.slice(2);
const backend = await loadBackend(name, JSON.parse(options));
process.stdout.write(await trainingDigest(backend));
await backend.dispose();
