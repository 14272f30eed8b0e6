import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { BACKEND_NAMES, type Examination, examine } from '@sketchgrad/bench';
import { Output } from '@sketchgrad/bench/command-line';
import { comparisonTable } from '@sketchgrad/bench/node';
import { formatBytes } from '@sketchgrad/core';
import type { Command } from 'commander';

/** Declares `doctor`: which backends there are here, and whether they compute. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'say which backends are installed and work here: each is tried on a product, a sketch and a training step',
    )
    .option('--json', 'the result as JSON on standard output', false)
    .action(doctor);
}

async function doctor({ json }: { readonly json: boolean }): Promise<void> {
  const machine = {
    system: `${platform()} ${arch()}`,
    processor: cpus()[0]?.model ?? 'unknown',
    threads: availableParallelism(),
    memoryBytes: totalmem(),
  };
  const backends: Examination[] = [];
  // One after the other: they would share the machine.
  for (const name of BACKEND_NAMES) backends.push(await examine(name));
  const table = comparisonTable(backends, [
    { title: 'backend', text: ({ backend }) => backend },
    { title: 'works', text: ({ works }) => (works ? 'yes' : 'no') },
    { title: 'version', text: ({ versions }) => Object.values(versions ?? {}).join(', ') },
    { title: 'memory', text: ({ limits }) => (limits ? memoryOf(limits.memoryBytes) : '') },
    ...['product', 'sketch', 'step'].map((title) => ({
      title,
      text: ({ seconds }: Examination) => milliseconds(seconds[title]),
    })),
  ]);
  const problems = backends.flatMap(({ backend, problem }) =>
    problem === undefined ? [] : [`${backend}: ${problem}`],
  );
  new Output(json).result(
    [
      `${machine.system}, ${machine.processor}, ${machine.threads} threads, ${formatBytes(machine.memoryBytes)}`,
      `Node ${process.versions.node}`,
      table,
      ...problems,
    ].join('\n'),
    { machine, node: process.versions.node, backends },
  );
}

const memoryOf = (bytes: number): string =>
  Number.isFinite(bytes) ? formatBytes(bytes) : 'not known';

const milliseconds = (seconds: number | undefined): string =>
  seconds === undefined ? '' : `${(1000 * seconds).toFixed(1)} ms`;
