import { WebService } from '@company/platform';
import { AppConfig, type Stack } from '@konfig/sdk';

export interface HelloProps {
  /** Image with its tag. */
  readonly image: string;
  /** Pods that run side by side. */
  readonly replicas: number;
}

/** One web server. */
export class Hello extends AppConfig {
  constructor(stack: Stack, props: HelloProps) {
    super(stack, 'hello');
    new WebService(this, 'web', { image: props.image, replicas: props.replicas });
  }
}
