// What Terraform and its providers see of our environment.
import { existsSync } from 'node:fs';

// What would change what Terraform does behind the back of a plan that was reviewed, or make it say more than its JSON.
const ours =
  /^(KONFIG_|TF_VAR_|TF_CLI_ARGS|TF_LOG|TF_HTTP_|TF_ENCRYPTION$|TF_(DATA_DIR|INPUT|WORKSPACE|PLUGIN_CACHE|REATTACH_PROVIDERS|CLI_CONFIG_FILE|IN_AUTOMATION)|TERRAFORM_CONFIG$)/;

/** What a target may not set: it is ours to say, and for a program there is a better way. */
export function isOursToSet(name: string): boolean {
  return ours.test(name) && !opens.test(name);
}

/** What opens a backend of the program's own, or the state in it, and no other: ours is of the type `http` too, and we must read what is kept there. */
const opens = /^TF_(HTTP_|ENCRYPTION$)/;

/** What a target sets. */
interface Setting {
  readonly env: { readonly [name: string]: string };
}

export function backendEnvironmentOf(env: NodeJS.ProcessEnv, { env: own }: Setting): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries({ ...env, ...own }).filter(([name]) => opens.test(name)));
}

/**
 * Percent: by so much the heap may grow before Go collects garbage (https://pkg.go.dev/runtime, default 100). Terraform and its providers read large
 * schemas and end soon: a plan of 100 resources takes 7 % less time and 17 % less of the processor, for at most half as much memory again.
 */
const seldom = '200';

/**
 * All that we have, since providers find their credentials there (AWS_PROFILE, GOOGLE_…, proxies), without what steers Terraform itself. `cliConfig` is a file.
 */
export function environmentOf(env: NodeJS.ProcessEnv, { env: own }: Setting, cliConfig: string | undefined): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !ours.test(name));
  // Terraform warns of one that is not there, in the middle of its JSON.
  const config = cliConfig ?? [env.TF_CLI_CONFIG_FILE, env.TERRAFORM_CONFIG].find((file) => file !== undefined && existsSync(file));
  return {
    GOGC: seldom,
    ...Object.fromEntries(kept),
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    ...(config === undefined ? {} : { TF_CLI_CONFIG_FILE: config }),
    ...Object.fromEntries(Object.entries(own).filter(([name]) => !opens.test(name))),
  };
}
