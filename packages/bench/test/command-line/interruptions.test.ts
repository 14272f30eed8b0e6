import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { type Host, Interruptions } from '../../src/command-line/terminal/interruptions.js';

/** A process that notes with which codes it was told to end. */
function host() {
  const emitter = new EventEmitter();
  const codes: number[] = [];
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const stand: Host = {
    on: (signal, listener) => emitter.on(signal, listener),
    exit: (code) => codes.push(code),
    stdout,
    stderr,
  };
  const fail = (stream: PassThrough, code: string) =>
    stream.emit('error', Object.assign(new Error(`write ${code}`), { code }));
  return { stand, codes, stdout, stderr, fail, signal: (name: string) => emitter.emit(name) };
}

vi.useFakeTimers({ toFake: ['performance'] });

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])('%s ends a command that claims nothing', (name, code) => {
  const { stand, codes, signal, stderr } = host();
  new Interruptions(stand);
  signal(name);
  expect(codes).toEqual([code]);
  expect(String(stderr.read())).toBe('error: interrupted\n');
});

test('the first of them is for the command that claims it, the second ends it', () => {
  const { stand, codes, signal } = host();
  const interruptions = new Interruptions(stand);
  const claimed = interruptions.claim();
  expect(claimed.aborted).toBe(false);
  expect(interruptions.exitCode).toBeUndefined();
  signal('SIGINT');
  expect(claimed.aborted).toBe(true);
  expect(interruptions.exitCode).toBe(130);
  expect(codes).toEqual([]);
  vi.advanceTimersByTime(1000);
  signal('SIGINT');
  expect(codes).toEqual([130]);
});

test('a claim can be given back', () => {
  const { stand, codes, signal } = host();
  const interruptions = new Interruptions(stand);
  const claimed = interruptions.claim();
  interruptions.release();
  signal('SIGTERM');
  expect(claimed.aborted).toBe(false);
  expect(codes).toEqual([143]);
});

test('one Ctrl-C that arrives twice is one', () => {
  const { stand, codes, signal } = host();
  const interruptions = new Interruptions(stand);
  interruptions.claim();
  signal('SIGINT');
  vi.advanceTimersByTime(100);
  signal('SIGINT');
  expect(codes).toEqual([]);
});

test('a closed pipe counts once, however much is written to it', () => {
  const { stand, codes, fail, stdout, stderr } = host();
  const interruptions = new Interruptions(stand);
  const claimed = interruptions.claim();
  for (let write = 0; write < 3; write++) {
    fail(stdout, 'EPIPE');
    fail(stderr, 'EPIPE');
    vi.advanceTimersByTime(1000);
  }
  expect(claimed.aborted).toBe(true);
  expect(interruptions.exitCode).toBe(141);
  expect(codes).toEqual([]);
});

test('a closed pipe ends a command that claims nothing without a word', () => {
  const { stand, codes, fail, stdout, stderr } = host();
  new Interruptions(stand);
  fail(stdout, 'EPIPE');
  expect(codes).toEqual([141]);
  expect(stderr.read()).toBeNull();
});

test('output that cannot be written is a failure', () => {
  const { stand, codes, fail, stdout, stderr } = host();
  new Interruptions(stand);
  fail(stdout, 'ENOSPC');
  expect(codes).toEqual([1]);
  expect(String(stderr.read())).toContain('the output could not be written: write ENOSPC');
});
