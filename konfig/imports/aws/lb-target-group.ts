// Written by test/testbed/terraform/bindings.ts from what hashicorp/aws 3.1.0 says of itself.
import { type IResolvable, type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface LbTargetGroupConfig extends TerraformMetaArguments {
  readonly deregistrationDelay?: number;
  readonly id?: string;
  readonly lambdaMultiValueHeadersEnabled?: boolean | IResolvable;
  readonly loadBalancingAlgorithmType?: string;
  readonly name?: string;
  readonly namePrefix?: string;
  readonly port?: number;
  readonly protocol?: string;
  readonly proxyProtocolV2?: boolean | IResolvable;
  readonly slowStart?: number;
  readonly tags?: { readonly [name: string]: string };
  readonly targetType?: string;
  readonly vpcId?: string;
  readonly healthCheck?: LbTargetGroupHealthCheck;
  readonly stickiness?: LbTargetGroupStickiness;
}

export interface LbTargetGroupHealthCheck {
  readonly enabled?: boolean | IResolvable;
  readonly healthyThreshold?: number;
  readonly interval?: number;
  readonly matcher?: string;
  readonly path?: string;
  readonly port?: string;
  readonly protocol?: string;
  readonly timeout?: number;
  readonly unhealthyThreshold?: number;
}

export interface LbTargetGroupStickiness {
  readonly cookieDuration?: number;
  readonly enabled?: boolean | IResolvable;
  readonly type: string;
}

export class LbTargetGroup extends TerraformResource {
  static readonly tfResourceType = 'aws_lb_target_group';
  readonly #config: LbTargetGroupConfig;

  constructor(scope: Construct, id: string, config: LbTargetGroupConfig = {}) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'aws_lb_target_group',
      terraformGeneratorMetadata: { providerName: 'aws', providerVersion: '3.1.0', providerVersionConstraint: '3.1.0' },
    });
    this.#config = config;
  }

  get arn(): string {
    return this.getStringAttribute('arn');
  }

  get arnSuffix(): string {
    return this.getStringAttribute('arn_suffix');
  }

  get deregistrationDelay(): number {
    return this.getNumberAttribute('deregistration_delay');
  }

  get id(): string {
    return this.getStringAttribute('id');
  }

  get lambdaMultiValueHeadersEnabled(): IResolvable {
    return this.getBooleanAttribute('lambda_multi_value_headers_enabled');
  }

  get loadBalancingAlgorithmType(): string {
    return this.getStringAttribute('load_balancing_algorithm_type');
  }

  get name(): string {
    return this.getStringAttribute('name');
  }

  get namePrefix(): string {
    return this.getStringAttribute('name_prefix');
  }

  get port(): number {
    return this.getNumberAttribute('port');
  }

  get protocol(): string {
    return this.getStringAttribute('protocol');
  }

  get proxyProtocolV2(): IResolvable {
    return this.getBooleanAttribute('proxy_protocol_v2');
  }

  get slowStart(): number {
    return this.getNumberAttribute('slow_start');
  }

  get tags(): { [name: string]: string } {
    return this.getStringMapAttribute('tags');
  }

  get targetType(): string {
    return this.getStringAttribute('target_type');
  }

  get vpcId(): string {
    return this.getStringAttribute('vpc_id');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return {
      deregistration_delay: this.#config.deregistrationDelay,
      id: this.#config.id,
      lambda_multi_value_headers_enabled: this.#config.lambdaMultiValueHeadersEnabled,
      load_balancing_algorithm_type: this.#config.loadBalancingAlgorithmType,
      name: this.#config.name,
      name_prefix: this.#config.namePrefix,
      port: this.#config.port,
      protocol: this.#config.protocol,
      proxy_protocol_v2: this.#config.proxyProtocolV2,
      slow_start: this.#config.slowStart,
      tags: this.#config.tags,
      target_type: this.#config.targetType,
      vpc_id: this.#config.vpcId,
      health_check: this.#config.healthCheck && writeLbTargetGroupHealthCheck(this.#config.healthCheck),
      stickiness: this.#config.stickiness && writeLbTargetGroupStickiness(this.#config.stickiness),
    };
  }
}

function writeLbTargetGroupHealthCheck(from: LbTargetGroupHealthCheck): { [name: string]: unknown } {
  return {
    enabled: from.enabled,
    healthy_threshold: from.healthyThreshold,
    interval: from.interval,
    matcher: from.matcher,
    path: from.path,
    port: from.port,
    protocol: from.protocol,
    timeout: from.timeout,
    unhealthy_threshold: from.unhealthyThreshold,
  };
}

function writeLbTargetGroupStickiness(from: LbTargetGroupStickiness): { [name: string]: unknown } {
  return { cookie_duration: from.cookieDuration, enabled: from.enabled, type: from.type };
}
