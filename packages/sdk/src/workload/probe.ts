// How Kubernetes finds out whether a container serves.
import type { JsonObject } from '@konfig/core';
import { type Duration, secondsOf } from '../duration';

/** When and how often a probe asks. Left out: Kubernetes' own values, which are named here. */
export interface ProbeTiming {
  /** Wait after the container's start. Kubernetes: `'0s'`. */
  readonly initialDelay?: Duration;
  /** Time between two tries. Kubernetes: `'10s'`. */
  readonly period?: Duration;
  /** Time until a try has failed. Kubernetes: `'1s'`. */
  readonly timeout?: Duration;
  /** Failures in a row until it counts as failed. Kubernetes: 3. */
  readonly failureThreshold?: number;
  /** Successes in a row until it counts as well again; 1 for liveness and startup. Kubernetes: 1. */
  readonly successThreshold?: number;
}

/** A GET that must answer with a status from 200 to 399. */
export interface HttpProbe<P extends string> extends ProbeTiming {
  /** The path: `'/healthz'`. */
  readonly http: `/${string}`;
  /** Name of the container's port. Default: `http` when there is one of that name, else the first. */
  readonly port?: NoInfer<P>;
  /** Headers of the request. */
  readonly headers?: { readonly [name: string]: string };
  /** Default `'HTTP'`. */
  readonly scheme?: 'HTTP' | 'HTTPS';
  readonly tcp?: never;
  readonly grpc?: never;
  readonly exec?: never;
}

/** A connection that must open. */
export interface TcpProbe<P extends string> extends ProbeTiming {
  /** Name of the container's port. */
  readonly tcp: NoInfer<P>;
  readonly http?: never;
  readonly grpc?: never;
  readonly exec?: never;
}

/** The gRPC health protocol. */
export interface GrpcProbe<P extends string> extends ProbeTiming {
  /** Name of the container's port. */
  readonly grpc: NoInfer<P>;
  /** The gRPC service to ask for. Default: the server as a whole. */
  readonly service?: string;
  readonly http?: never;
  readonly tcp?: never;
  readonly exec?: never;
}

/** A command that must end with 0. */
export interface ExecProbe extends ProbeTiming {
  /** The command and its arguments, run in the container without a shell. */
  readonly exec: readonly [string, ...string[]];
  readonly http?: never;
  readonly tcp?: never;
  readonly grpc?: never;
}

/** How to ask a container: `{ http: '/healthz' }`, `{ tcp: 'redis' }`, `{ grpc: 'grpc' }` or `{ exec: ['pg_isready'] }`. */
export type Probe<P extends string> = HttpProbe<P> | TcpProbe<P> | GrpcProbe<P> | ExecProbe;

/** Finds the number of a port of this container by name; reports it when there is none. */
export type FindPort = (name: string | undefined) => number;

/** The probe of a manifest. Ports are written as numbers, which a gRPC probe needs and the others take. */
export function lowerProbe(probe: Probe<string>, findPort: FindPort): JsonObject {
  return {
    ...lowerAsk(probe, findPort),
    ...seconds('initialDelaySeconds', probe.initialDelay),
    ...seconds('periodSeconds', probe.period),
    ...seconds('timeoutSeconds', probe.timeout),
    ...(probe.failureThreshold !== undefined && { failureThreshold: probe.failureThreshold }),
    ...(probe.successThreshold !== undefined && { successThreshold: probe.successThreshold }),
  };
}

function lowerAsk(probe: Probe<string>, findPort: FindPort): JsonObject {
  if (probe.exec !== undefined) return { exec: { command: [...probe.exec] } };
  if (probe.tcp !== undefined) return { tcpSocket: { port: findPort(probe.tcp) } };
  if (probe.grpc !== undefined) {
    return { grpc: { port: findPort(probe.grpc), ...(probe.service !== undefined && { service: probe.service }) } };
  }
  const headers = Object.entries(probe.headers ?? {}).map(([name, value]) => ({ name, value }));
  return {
    httpGet: {
      path: probe.http,
      port: findPort(probe.port),
      ...(headers.length > 0 && { httpHeaders: headers }),
      ...(probe.scheme !== undefined && { scheme: probe.scheme }),
    },
  };
}

function seconds(field: string, duration: Duration | undefined): JsonObject {
  // A duration that cannot be read has been reported by then; NaN would only be reported again.
  return duration === undefined ? {} : { [field]: secondsOf(duration) ?? 1 };
}
