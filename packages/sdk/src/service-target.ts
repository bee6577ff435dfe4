// A company's own service as a target of a workspace.
import { type JsonObject, KonfigError, type Target } from '@konfig/core';
import { isOutput, type Output, type Value } from './output';

/** A self-built service, by its address. Made by {@link httpService}. */
export interface ServiceTarget extends Target {
  readonly runtime: 'service';
}

/** How a self-built service is reached. Read only by the machine that applies. */
export interface HttpServiceProps {
  /** `https://registry.example`; the paths of the protocol come below it. */
  readonly url: string;
  /** Sent as a bearer token: a secret, `secret.env('REGISTRY_TOKEN')`. Default: none is sent. */
  readonly token?: Output<string>;
  /** Certificates, each a text in PEM: the authority to trust, and what we show of ourselves. Default: as Node trusts. */
  readonly tls?: { readonly ca?: Value<string>; readonly cert?: Value<string>; readonly key?: Output<string> };
}

/**
 * A service of the company's own that speaks `konfig.dev/service/v1`, for the `targets` of a workspace.
 *
 * ```ts
 * targets: { registry: httpService({ url: 'https://registry.example', token: secret.env('REGISTRY_TOKEN') }) }
 * ```
 * @throws KonfigError PROPS_INVALID when a token or key is written out.
 */
export function httpService({ url, token, tls }: HttpServiceProps): ServiceTarget {
  const written = Object.entries({ token, 'tls.key': tls?.key }).find(
    ([, value]) => value !== undefined && !(isOutput(value) && value.secret),
  );
  if (written) {
    throw new KonfigError({
      code: 'PROPS_INVALID',
      message: `httpService: the ${written[0]} for ${url} is no secret: it would stand in every plan and release.`,
      hint: "Name where it is read: secret.env('REGISTRY_TOKEN').",
    });
  }
  const resolved = (value: Value<string>) => (isOutput(value) ? value.resolve() : value);
  const config: Record<string, JsonObject[string]> = { url };
  if (token !== undefined) config.token = token.resolve();
  if (tls !== undefined) config.tls = Object.fromEntries(Object.entries(tls).map(([key, value]) => [key, resolved(value)]));
  return { runtime: 'service', config };
}
