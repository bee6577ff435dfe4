// Written by test/testbed/terraform/bindings.ts from what hashicorp/local 1.4.0 says of itself.
import { type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface FileConfig extends TerraformMetaArguments {
  readonly content?: string;
  readonly contentBase64?: string;
  readonly directoryPermission?: string;
  readonly filePermission?: string;
  readonly filename: string;
  readonly id?: string;
  /** Sensitive. */
  readonly sensitiveContent?: string;
}

export class File extends TerraformResource {
  static readonly tfResourceType = 'local_file';
  readonly #config: FileConfig;

  constructor(scope: Construct, id: string, config: FileConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'local_file',
      terraformGeneratorMetadata: { providerName: 'local', providerVersion: '1.4.0', providerVersionConstraint: '1.4.0' },
    });
    this.#config = config;
  }

  get content(): string {
    return this.getStringAttribute('content');
  }

  get contentBase64(): string {
    return this.getStringAttribute('content_base64');
  }

  get directoryPermission(): string {
    return this.getStringAttribute('directory_permission');
  }

  get filePermission(): string {
    return this.getStringAttribute('file_permission');
  }

  get filename(): string {
    return this.getStringAttribute('filename');
  }

  get id(): string {
    return this.getStringAttribute('id');
  }

  get sensitiveContent(): string {
    return this.getStringAttribute('sensitive_content');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return {
      content: this.#config.content,
      content_base64: this.#config.contentBase64,
      directory_permission: this.#config.directoryPermission,
      file_permission: this.#config.filePermission,
      filename: this.#config.filename,
      id: this.#config.id,
      sensitive_content: this.#config.sensitiveContent,
    };
  }
}
