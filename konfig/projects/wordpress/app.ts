// WordPress in the cluster, its database in the cloud: one program, one plan.
import { AppConfig, base64, KubernetesObject, Service, type Stack, type Value, volume } from '@konfig/sdk';
import { type Cloud, MysqlDatabase } from '../../databases/mysql';

export interface WordpressProps {
  /** Of the database's user `root`: a secret. */
  readonly password: Value<string>;
  /** The cluster's name, for the labels by which the company finds its pods. */
  readonly cluster: string;
  /** Where the database is made. Default: at Amazon. */
  readonly cloud?: Cloud;
}

export class Wordpress extends AppConfig {
  constructor(stack: Stack, { password, cluster, cloud }: WordpressProps) {
    super(stack, 'wordpress');
    const name = 'wordpress-example';
    const database = new MysqlDatabase(this, 'database', { name: `${name}-${stack.stackName}`, password, ...(cloud && { cloud }) });
    const secret = new KubernetesObject(this, 'password', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'mysql-pass' },
      type: 'Opaque',
      data: { password: base64(password) },
    });
    new Service(this, 'wordpress', {
      name: 'wordpress-deployment',
      containers: {
        wordpress: {
          image: 'wordpress:4.8-apache',
          ports: { wordpress: { port: 80, protocol: 'TCP' } },
          env: {
            WORDPRESS_DB_HOST: database.address,
            WORDPRESS_DB_PASSWORD: { secret: secret.name, key: 'password' },
            ENV_ADD_EXAMPLE: name,
          },
          mounts: { '/var/www/html': volume.emptyDir('wordpress-persistent-storage') },
        },
      },
      replicas: 1,
      selector: {
        'app.kubernetes.io/component': 'wordpress-deployment',
        'app.kubernetes.io/env': stack.stackName,
        'app.kubernetes.io/instance': `${name}-${stack.stackName}`,
        'app.kubernetes.io/name': name,
        'cluster.x-k8s.io/cluster-name': cluster,
      },
      service: { name: 'wordpress', type: 'ClusterIP', ports: { wordpress: { port: 80, to: false, named: false } } },
    });
  }
}
