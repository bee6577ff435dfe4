export { demo } from './demo';
export { dev } from './dev';
export { prod } from './prod';
export { sandbox } from './sandbox';
