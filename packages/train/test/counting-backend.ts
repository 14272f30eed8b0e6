import type { Backend, Executable, TensorData } from '@sketchgrad/core';

/**
 * A backend that remembers what it has compiled.
 *
 * @param onRun is told the inputs of each run
 */
export function counting(
  backend: Backend,
  onRun: (inputs: Readonly<Record<string, TensorData>>) => void = () => {},
) {
  const compiled: Executable[] = [];
  let disposed = 0;
  const counted: Backend = {
    name: backend.name,
    memoryBytes: backend.memoryBytes,
    ...(backend.settings && { settings: backend.settings }),
    createState: () => backend.createState(),
    plan: (graph) => backend.plan(graph),
    dispose: () => backend.dispose(),
    async compile(graph, options) {
      const executable = await backend.compile(graph, options);
      compiled.push(executable);
      const run = executable.run.bind(executable);
      executable.run = (inputs) => {
        onRun(inputs);
        return run(inputs);
      };
      const dispose = executable.dispose.bind(executable);
      executable.dispose = () => {
        disposed++;
        return dispose();
      };
      return executable;
    },
  };
  return { backend: counted, compiled, alive: () => compiled.length - disposed };
}
