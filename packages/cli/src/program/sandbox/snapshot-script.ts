/** What `snapshot.js` is called where a snapshot is made, and so on stacks of processes that start from it. It stands in no place of that name. */
export const snapshotScript = '/out/snapshot.js';
