/** How a write is meant. */
export interface Writing {
  /** Who writes, as managedFields names it. */
  readonly manager: string;
  readonly dryRun?: boolean;
  /** What happens to fields the schema does not know. */
  readonly unknownFields?: 'Ignore' | 'Warn' | 'Strict';
  /** Fields that the body has more than once, of which the last was taken; they are told as unknown ones are. */
  readonly duplicateFields?: readonly string[];
  readonly subresource?: 'status' | 'scale';
  /** Collects what the client should be told beside the answer. */
  readonly warnings?: string[];
}
