export { main } from './main';
export { processShell, type Shell } from './shell';
