// A way into the cluster: a host name that leads to a port of a Service.
import { Component, type ComponentOptions, KubernetesObject, report, type ServicePort } from '@konfig/sdk';
import type { Construct } from 'constructs';

/** The host name of a route, and where it leads. */
export interface PublicRouteProps extends ComponentOptions {
  /** The host name, without scheme and path: `'shop.example'`. */
  readonly host: string;
  /** Where it leads: `web.port('http')`. */
  readonly to: ServicePort;
  /** The path that it and everything below it leads there. Default `'/'`. */
  readonly path?: `/${string}`;
  /**
   * The Secret with the certificate, e.g. one that cert-manager fills (then name its issuer in `annotations`).
   * Default: `<name>-tls`. `false`: plain HTTP.
   */
  readonly tls?: string | false;
  /** Which ingress controller. Default: the cluster's default one. */
  readonly ingressClass?: string;
  /** Settings of the ingress controller. */
  readonly annotations?: { readonly [name: string]: string };
}

/**
 * Makes a port of a Service reachable under a host name, by an Ingress.
 *
 * ```ts
 * new PublicRoute(this, 'route', { host: 'shop.example', to: web.port('http') });
 * ```
 * A host that is none is reported as PROPS_INVALID.
 */
export class PublicRoute extends Component {
  /** `https://shop.example/` */
  readonly url: string;
  readonly ingress: KubernetesObject;

  constructor(scope: Construct, id: string, props: PublicRouteProps) {
    super(scope, id, props);
    const path = props.path ?? '/';
    const name = this.derivedName;
    const tls = props.tls === false ? undefined : [{ hosts: [props.host], secretName: props.tls ?? `${name}-tls` }];
    this.url = `${tls ? 'https' : 'http'}://${props.host}${path}`;
    this.checkHost(props.host);
    this.ingress = new KubernetesObject(this, 'Ingress', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, labels: this.labels, ...(props.annotations && { annotations: { ...props.annotations } }) },
      spec: {
        ingressClassName: props.ingressClass,
        tls,
        rules: [
          {
            host: props.host,
            http: {
              paths: [{ path, pathType: 'Prefix', backend: { service: { name: props.to.host, port: { number: props.to.port } } } }],
            },
          },
        ],
      },
    });
  }

  private checkHost(host: string): void {
    const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
    if (new RegExp(`^(\\*\\.)?${label}(\\.${label})*$`).test(host) && host.length <= 253) return;
    report(this, {
      code: 'PROPS_INVALID',
      message: `host is ${JSON.stringify(host)}, which is no host name.`,
      hint: "Write it in lower case, without scheme and path: 'shop.example'.",
      at: 'host',
    });
  }
}
