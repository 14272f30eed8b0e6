export {
  KEY_INPUT,
  priorityInput,
  rankedLayers,
  rowNormOutput,
  SETTINGS_INPUT,
  takesKey,
} from './step-inputs.js';
