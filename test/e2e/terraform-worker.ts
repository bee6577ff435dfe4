// A process that plans and applies one stack, to be killed at it: node -r esbuild-register terraform-worker.ts '{"place":…,"attributes":…,"config":…}'
import type { JsonObject } from '@konfig/core';
import { openStack, type Place } from './terraform-stack';

async function work(): Promise<void> {
  const { place, attributes, config } = JSON.parse(process.argv[2] as string) as {
    place: Place;
    attributes: JsonObject;
    config: JsonObject;
  };
  const stack = await openStack(place, config);
  await stack.apply(attributes, await stack.plan(attributes));
  await stack.connection.close();
}

// As a second ^C ends the command.
process.on('SIGTERM', () => process.exit(130));
work();
