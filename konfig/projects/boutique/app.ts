// Online Boutique: eleven services and a cart's cache, https://github.com/GoogleCloudPlatform/microservices-demo
import { acmeUser, Cache, lockedDown, Microservice } from '@acme/platform';
import { AppConfig, Service, type Stack } from '@konfig/sdk';

export interface BoutiqueProps {
  /** The release that all services run: `'v0.10.6'`. */
  readonly release: string;
  /** Services that run another one: `{ cartservice: 'v0.10.5' }`. */
  readonly releases?: { readonly [service in Image]?: string };
  /** Replicas of the frontend. Default: the workspace's. */
  readonly frontendReplicas?: number;
  /** Customers that the load generator plays. */
  readonly customers: number;
}

/** The images of a release. */
export type Image =
  | 'adservice'
  | 'cartservice'
  | 'checkoutservice'
  | 'currencyservice'
  | 'emailservice'
  | 'frontend'
  | 'loadgenerator'
  | 'paymentservice'
  | 'productcatalogservice'
  | 'recommendationservice'
  | 'shippingservice';

const registry = 'us-central1-docker.pkg.dev/online-boutique-ci/microservices-demo';
const small = { cpu: '100m-200m', memory: '64Mi-128Mi' } as const;
const medium = { cpu: '200m-300m', memory: '64Mi-128Mi' } as const;
const noProfiler = { DISABLE_PROFILER: '1' };

export class Boutique extends AppConfig {
  constructor(
    stack: Stack,
    private readonly props: BoutiqueProps,
  ) {
    super(stack, 'boutique');

    const carts = new Cache(this, 'redis-cart');
    const cart = new Microservice(this, 'cartservice', {
      image: this.image('cartservice'),
      grpc: 7070,
      env: { REDIS_ADDR: carts.port.address },
      readiness: { initialDelay: '15s' },
      liveness: { initialDelay: '15s', period: '10s' },
      resources: medium,
      stopsQuickly: true,
    });
    const catalog = new Microservice(this, 'productcatalogservice', {
      image: this.image('productcatalogservice'),
      grpc: 3550,
      env: { PORT: 3550, ...noProfiler },
      resources: small,
      stopsQuickly: true,
    });
    const currency = new Microservice(this, 'currencyservice', {
      image: this.image('currencyservice'),
      grpc: { port: 7000 },
      env: { PORT: 7000, ...noProfiler },
      resources: small,
      stopsQuickly: true,
    });
    const payment = new Microservice(this, 'paymentservice', {
      image: this.image('paymentservice'),
      grpc: 50051,
      env: { PORT: 50051, ...noProfiler },
      resources: small,
      stopsQuickly: true,
    });
    const shipping = new Microservice(this, 'shippingservice', {
      image: this.image('shippingservice'),
      grpc: 50051,
      env: { PORT: 50051, ...noProfiler },
      readiness: { period: '5s' },
      resources: small,
    });
    const email = new Microservice(this, 'emailservice', {
      image: this.image('emailservice'),
      grpc: 8080,
      servicePort: 5000,
      env: { PORT: 8080, ...noProfiler },
      readiness: { period: '5s' },
      liveness: { period: '5s' },
      resources: small,
      stopsQuickly: true,
    });
    const ads = new Microservice(this, 'adservice', {
      image: this.image('adservice'),
      grpc: 9555,
      env: { PORT: 9555 },
      readiness: { initialDelay: '20s', period: '15s' },
      liveness: { initialDelay: '20s', period: '15s' },
      resources: { cpu: '200m-300m', memory: '180Mi-300Mi' },
      stopsQuickly: true,
    });
    const recommendations = new Microservice(this, 'recommendationservice', {
      image: this.image('recommendationservice'),
      grpc: 8080,
      env: { PORT: 8080, PRODUCT_CATALOG_SERVICE_ADDR: catalog.address, ...noProfiler },
      readiness: { period: '5s' },
      liveness: { period: '5s' },
      resources: { cpu: '100m-200m', memory: '220Mi-450Mi' },
      stopsQuickly: true,
    });
    const checkout = new Microservice(this, 'checkoutservice', {
      image: this.image('checkoutservice'),
      grpc: 5050,
      env: {
        PORT: 5050,
        PRODUCT_CATALOG_SERVICE_ADDR: catalog.address,
        SHIPPING_SERVICE_ADDR: shipping.address,
        PAYMENT_SERVICE_ADDR: payment.address,
        EMAIL_SERVICE_ADDR: email.address,
        CURRENCY_SERVICE_ADDR: currency.address,
        CART_SERVICE_ADDR: cart.address,
      },
      resources: small,
    });
    const frontend = new Microservice(this, 'frontend', {
      image: this.image('frontend'),
      http: 8080,
      servicePort: 80,
      env: {
        PORT: 8080,
        PRODUCT_CATALOG_SERVICE_ADDR: catalog.address,
        CURRENCY_SERVICE_ADDR: currency.address,
        CART_SERVICE_ADDR: cart.address,
        RECOMMENDATION_SERVICE_ADDR: recommendations.address,
        SHIPPING_SERVICE_ADDR: shipping.address,
        CHECKOUT_SERVICE_ADDR: checkout.address,
        AD_SERVICE_ADDR: ads.address,
        // Not deployed with the boutique; the frontend looks for it all the same.
        SHOPPING_ASSISTANT_SERVICE_ADDR: 'shoppingassistantservice:80',
        ENABLE_PROFILER: 0,
      },
      readiness: { http: '/_healthz', headers: { Cookie: 'shop_session-id=x-readiness-probe' }, initialDelay: '10s' },
      liveness: { http: '/_healthz', headers: { Cookie: 'shop_session-id=x-liveness-probe' }, initialDelay: '10s' },
      resources: small,
      podAnnotations: unprobedByIstio,
      ...(props.frontendReplicas !== undefined && { replicas: props.frontendReplicas }),
    });
    frontend.service.expose('external', { type: 'LoadBalancer', ports: { http: { port: 80, to: 'http' } } });
    this.loadgenerator(frontend.address);
  }

  private loadgenerator(frontend: string): void {
    new Service(this, 'loadgenerator', {
      initContainers: {
        'frontend-check': {
          image: 'busybox:1.38.0@sha256:fd8d9aa63ba2f0982b5304e1ee8d3b90a210bc1ffb5314d980eb6962f1a9715d',
          command: ['/bin/sh', '-exc', waitForFrontend],
          env: { FRONTEND_ADDR: frontend },
          security: lockedDown,
        },
      },
      containers: {
        main: {
          image: this.image('loadgenerator'),
          env: { FRONTEND_ADDR: frontend, USERS: this.props.customers, RATE: 1 },
          resources: { cpu: '300m-500m', memory: '256Mi-512Mi' },
          security: lockedDown,
        },
      },
      replicas: 1,
      selector: { app: 'loadgenerator' },
      labels: { app: 'loadgenerator' },
      security: acmeUser,
      serviceAccount: true,
      terminationGracePeriod: '5s',
      podAnnotations: unprobedByIstio,
      override: { deployment: { spec: { template: { spec: { restartPolicy: 'Always' } } } } },
    });
  }

  private image(name: Image): string {
    return `${registry}/${name}:${this.props.releases?.[name] ?? this.props.release}`;
  }
}

const unprobedByIstio = { 'sidecar.istio.io/rewriteAppHTTPProbers': 'true' };

const waitForFrontend = `MAX_RETRIES=12
RETRY_INTERVAL=10
for i in $(seq 1 $MAX_RETRIES); do
  echo "Attempt $i: Pinging frontend: \${FRONTEND_ADDR}..."
  STATUSCODE=$(wget --server-response http://\${FRONTEND_ADDR} 2>&1 | awk '/^  HTTP/{print $2}')
  if [ $STATUSCODE -eq 200 ]; then
      echo "Frontend is reachable."
      exit 0
  fi
  echo "Error: Could not reach frontend - Status code: \${STATUSCODE}"
  sleep $RETRY_INTERVAL
done
echo "Failed to reach frontend after $MAX_RETRIES attempts."
exit 1
`;
