export { type KilledCommand, type KillReport, killAndResume } from './kill-and-resume.js';
