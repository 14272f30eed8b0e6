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
  let states = 0;
  const counted: Backend = {
    name: backend.name,
    limits: backend.limits,
    ...(backend.settings && { settings: backend.settings }),
    createState: () => {
      const state = backend.createState();
      states++;
      const dispose = state.dispose.bind(state);
      state.dispose = () => {
        states--;
        return dispose();
      };
      return state;
    },
    plan: (graph, state) => backend.plan(graph, state),
    dispose: () => backend.dispose(),
    async compile(graph, options) {
      const executable = await backend.compile(graph, options);
      compiled.push(executable);
      const run = executable.run.bind(executable);
      executable.run = (inputs, options) => {
        onRun(inputs);
        return run(inputs, options);
      };
      const dispose = executable.dispose.bind(executable);
      executable.dispose = () => {
        disposed++;
        return dispose();
      };
      return executable;
    },
  };
  return {
    backend: counted,
    compiled,
    alive: () => compiled.length - disposed,
    states: () => states,
  };
}
