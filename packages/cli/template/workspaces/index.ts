export { dev } from './dev';
export { prod } from './prod';
