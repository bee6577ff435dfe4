export { type ApplyOptions, apply, type Operation } from './apply';
export { type Drift, type Drifted, drift } from './drift';
export { checkOffline, edgesFor, type Preview, type PreviewRequest, preview } from './preview';
export { hasEnded, isRunning, ownProcess } from './process';
export { holderOf, type RollbackWish, readRelease, rollbackRequest, unlock } from './recorded';
export { previewSaved } from './saved-plan';
export { history, type Status, status } from './status';
export { fileStore } from './stores/files';
export { type Clock, systemClock, type Who, type World } from './world';
