// What others decide of databases. Beside them, since workspaces give these, and no program shall load cdktf for its workspace.
import { setting } from '@konfig/sdk';

/** What an environment or a team decides for all of its databases. */
export const mysql = setting(
  'mysql',
  {
    /** Size of the machine. */
    instanceClass: 'db.t3.micro',
    /** Of the disk. */
    storageGigabytes: 10,
  },
  { describe: 'Size of MySQL databases.' },
);
