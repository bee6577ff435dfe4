// Volumes of pods, made where they are mounted.
import type { JsonObject } from '@konfig/core';

/** A volume with its name in the pod. Made by `volume.emptyDir(…)` and its like. */
export interface Volume {
  readonly name: string;
  readonly source: JsonObject;
}

/** A volume, or more about how it is mounted. */
export type Mount =
  | Volume
  | {
      readonly volume: Volume;
      /** Default false. */
      readonly readOnly?: boolean;
      /** A path inside the volume. Default: its root. */
      readonly subPath?: string;
    };

/** The volumes that pods use most; `volume.raw` takes any other. Two mounts of one name share one volume. */
export const volume = {
  /** An empty folder that lives as long as the pod. `medium: 'Memory'` keeps it in memory, counted as the container's. */
  emptyDir(name: string, options: { readonly medium?: 'Memory'; readonly sizeLimit?: `${number}${'Ki' | 'Mi' | 'Gi'}` } = {}): Volume {
    return { name, source: { emptyDir: { ...options } } };
  },
  /** The keys of a ConfigMap as files. For files of your own, use the container's `files`. */
  configMap(name: string, options: { readonly configMap?: string; readonly optional?: boolean } = {}): Volume {
    return {
      name,
      source: { configMap: { name: options.configMap ?? name, ...(options.optional !== undefined && { optional: options.optional }) } },
    };
  },
  /** The keys of a Secret as files. */
  secret(name: string, options: { readonly secret?: string; readonly optional?: boolean } = {}): Volume {
    return {
      name,
      source: { secret: { secretName: options.secret ?? name, ...(options.optional !== undefined && { optional: options.optional }) } },
    };
  },
  /** A PersistentVolumeClaim that is there already, or that you make beside. */
  claim(name: string, options: { readonly claim?: string; readonly readOnly?: boolean } = {}): Volume {
    return {
      name,
      source: {
        persistentVolumeClaim: { claimName: options.claim ?? name, ...(options.readOnly !== undefined && { readOnly: options.readOnly }) },
      },
    };
  },
  /** Any other volume, as in a manifest without its name: `volume.raw('certs', { csi: { driver: '…' } })`. */
  raw(name: string, source: JsonObject): Volume {
    return { name, source };
  },
};
