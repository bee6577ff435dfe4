// Written by test/testbed/terraform/bindings.ts from what hashicorp/aws 3.1.0 says of itself.
import { type IResolvable, type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface LbListenerConfig extends TerraformMetaArguments {
  readonly certificateArn?: string;
  readonly id?: string;
  readonly loadBalancerArn: string;
  readonly port: number;
  readonly protocol?: string;
  readonly sslPolicy?: string;
  readonly defaultAction: readonly LbListenerDefaultAction[];
  readonly timeouts?: LbListenerTimeouts;
}

export interface LbListenerDefaultAction {
  readonly order?: number;
  readonly targetGroupArn?: string;
  readonly type: string;
  readonly authenticateCognito?: LbListenerDefaultActionAuthenticateCognito;
  readonly authenticateOidc?: LbListenerDefaultActionAuthenticateOidc;
  readonly fixedResponse?: LbListenerDefaultActionFixedResponse;
  readonly forward?: LbListenerDefaultActionForward;
  readonly redirect?: LbListenerDefaultActionRedirect;
}

export interface LbListenerDefaultActionAuthenticateCognito {
  readonly authenticationRequestExtraParams?: { readonly [name: string]: string };
  readonly onUnauthenticatedRequest?: string;
  readonly scope?: string;
  readonly sessionCookieName?: string;
  readonly sessionTimeout?: number;
  readonly userPoolArn: string;
  readonly userPoolClientId: string;
  readonly userPoolDomain: string;
}

export interface LbListenerDefaultActionAuthenticateOidc {
  readonly authenticationRequestExtraParams?: { readonly [name: string]: string };
  readonly authorizationEndpoint: string;
  readonly clientId: string;
  /** Sensitive. */
  readonly clientSecret: string;
  readonly issuer: string;
  readonly onUnauthenticatedRequest?: string;
  readonly scope?: string;
  readonly sessionCookieName?: string;
  readonly sessionTimeout?: number;
  readonly tokenEndpoint: string;
  readonly userInfoEndpoint: string;
}

export interface LbListenerDefaultActionFixedResponse {
  readonly contentType: string;
  readonly messageBody?: string;
  readonly statusCode?: string;
}

export interface LbListenerDefaultActionForward {
  readonly stickiness?: LbListenerDefaultActionForwardStickiness;
  readonly targetGroup: readonly LbListenerDefaultActionForwardTargetGroup[];
}

export interface LbListenerDefaultActionForwardStickiness {
  readonly duration: number;
  readonly enabled?: boolean | IResolvable;
}

export interface LbListenerDefaultActionForwardTargetGroup {
  readonly arn: string;
  readonly weight?: number;
}

export interface LbListenerDefaultActionRedirect {
  readonly host?: string;
  readonly path?: string;
  readonly port?: string;
  readonly protocol?: string;
  readonly query?: string;
  readonly statusCode: string;
}

export interface LbListenerTimeouts {
  readonly read?: string;
}

export class LbListener extends TerraformResource {
  static readonly tfResourceType = 'aws_lb_listener';
  readonly #config: LbListenerConfig;

  constructor(scope: Construct, id: string, config: LbListenerConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'aws_lb_listener',
      terraformGeneratorMetadata: { providerName: 'aws', providerVersion: '3.1.0', providerVersionConstraint: '3.1.0' },
    });
    this.#config = config;
  }

  get arn(): string {
    return this.getStringAttribute('arn');
  }

  get certificateArn(): string {
    return this.getStringAttribute('certificate_arn');
  }

  get id(): string {
    return this.getStringAttribute('id');
  }

  get loadBalancerArn(): string {
    return this.getStringAttribute('load_balancer_arn');
  }

  get port(): number {
    return this.getNumberAttribute('port');
  }

  get protocol(): string {
    return this.getStringAttribute('protocol');
  }

  get sslPolicy(): string {
    return this.getStringAttribute('ssl_policy');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return {
      certificate_arn: this.#config.certificateArn,
      id: this.#config.id,
      load_balancer_arn: this.#config.loadBalancerArn,
      port: this.#config.port,
      protocol: this.#config.protocol,
      ssl_policy: this.#config.sslPolicy,
      default_action: this.#config.defaultAction?.map(writeLbListenerDefaultAction),
      timeouts: this.#config.timeouts && writeLbListenerTimeouts(this.#config.timeouts),
    };
  }
}

function writeLbListenerDefaultAction(from: LbListenerDefaultAction): { [name: string]: unknown } {
  return {
    order: from.order,
    target_group_arn: from.targetGroupArn,
    type: from.type,
    authenticate_cognito: from.authenticateCognito && writeLbListenerDefaultActionAuthenticateCognito(from.authenticateCognito),
    authenticate_oidc: from.authenticateOidc && writeLbListenerDefaultActionAuthenticateOidc(from.authenticateOidc),
    fixed_response: from.fixedResponse && writeLbListenerDefaultActionFixedResponse(from.fixedResponse),
    forward: from.forward && writeLbListenerDefaultActionForward(from.forward),
    redirect: from.redirect && writeLbListenerDefaultActionRedirect(from.redirect),
  };
}

function writeLbListenerDefaultActionAuthenticateCognito(from: LbListenerDefaultActionAuthenticateCognito): { [name: string]: unknown } {
  return {
    authentication_request_extra_params: from.authenticationRequestExtraParams,
    on_unauthenticated_request: from.onUnauthenticatedRequest,
    scope: from.scope,
    session_cookie_name: from.sessionCookieName,
    session_timeout: from.sessionTimeout,
    user_pool_arn: from.userPoolArn,
    user_pool_client_id: from.userPoolClientId,
    user_pool_domain: from.userPoolDomain,
  };
}

function writeLbListenerDefaultActionAuthenticateOidc(from: LbListenerDefaultActionAuthenticateOidc): { [name: string]: unknown } {
  return {
    authentication_request_extra_params: from.authenticationRequestExtraParams,
    authorization_endpoint: from.authorizationEndpoint,
    client_id: from.clientId,
    client_secret: from.clientSecret,
    issuer: from.issuer,
    on_unauthenticated_request: from.onUnauthenticatedRequest,
    scope: from.scope,
    session_cookie_name: from.sessionCookieName,
    session_timeout: from.sessionTimeout,
    token_endpoint: from.tokenEndpoint,
    user_info_endpoint: from.userInfoEndpoint,
  };
}

function writeLbListenerDefaultActionFixedResponse(from: LbListenerDefaultActionFixedResponse): { [name: string]: unknown } {
  return { content_type: from.contentType, message_body: from.messageBody, status_code: from.statusCode };
}

function writeLbListenerDefaultActionForward(from: LbListenerDefaultActionForward): { [name: string]: unknown } {
  return {
    stickiness: from.stickiness && writeLbListenerDefaultActionForwardStickiness(from.stickiness),
    target_group: from.targetGroup?.map(writeLbListenerDefaultActionForwardTargetGroup),
  };
}

function writeLbListenerDefaultActionForwardStickiness(from: LbListenerDefaultActionForwardStickiness): { [name: string]: unknown } {
  return { duration: from.duration, enabled: from.enabled };
}

function writeLbListenerDefaultActionForwardTargetGroup(from: LbListenerDefaultActionForwardTargetGroup): { [name: string]: unknown } {
  return { arn: from.arn, weight: from.weight };
}

function writeLbListenerDefaultActionRedirect(from: LbListenerDefaultActionRedirect): { [name: string]: unknown } {
  return { host: from.host, path: from.path, port: from.port, protocol: from.protocol, query: from.query, status_code: from.statusCode };
}

function writeLbListenerTimeouts(from: LbListenerTimeouts): { [name: string]: unknown } {
  return { read: from.read };
}
